"""An API that counts its endpoints apart, as X and LinkedIn do, and a server that keeps to it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Any

from aiohttp import web
from attrs import Factory, define

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import ApiSpec, Operation, Window
from leadgen_core.contracts.lookup import Lookup
from tests.gateway.gateway_kit import SERVER_TIME, json_response, make_spec

__all__ = ["ENDPOINTS", "Counter", "Counting", "endpoints", "find", "read_windows"]

LENGTH = 900.0


def read_windows(headers: Mapping[str, str], _received_at: float) -> Sequence[Window]:
    """``x-rate-limit-*`` as X states it, for the endpoint that was asked and no other."""
    if "x-rate-limit-limit" not in headers:
        return ()
    limit, left, reset = (headers[f"x-rate-limit-{name}"] for name in ("limit", "remaining", "reset"))
    return (Window(int(limit), LENGTH, int(left), float(reset)),)


def endpoints(**changes: Any) -> ApiSpec:
    """An API ``acme`` whose searches and profiles have a quota each; pages and posts share the common one."""
    values: dict[str, Any] = {
        "operations": {
            "search": Operation("data", quota="search"),
            "profile": Operation("data", quota="profile"),
            "page": Operation("data"),
            "post": Operation("data"),
        },
        "windows": (Window(600, LENGTH),),
        "quotas": {"search": (Window(60, LENGTH),), "profile": (Window(300, LENGTH),)},
        "read_windows": read_windows,
        "probe": None,
    }
    return make_spec(**(values | changes))


ENDPOINTS = endpoints()


def find(operation: str, key: str, spec: ApiSpec = ENDPOINTS) -> Lookup:
    """A lookup of one operation: its name is the first segment of the path."""
    return Lookup.get(spec, operation, f"/{operation}/{key}")


@define
class Counter:
    """One endpoint. The first ``refusals`` requests are answered 429, and told to come back in ``back_in`` seconds."""

    limit: int = 600
    used: int = 0
    refusals: int = 0
    back_in: float | None = 600.0
    states: bool = True
    at: list[float] = Factory(list)
    """When it was asked, by the monotonic clock."""


class Counting:
    """Counts by the first segment of the path. Its clock is that of the test, at ``SERVER_TIME`` in the beginning."""

    def __init__(self, clock: Clock, **counters: Counter) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self.counters = counters

    def now(self) -> float:
        return SERVER_TIME + self._clock.monotonic() - self._began

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        counter = self.counters.setdefault(request.path.split("/")[1], Counter())
        counter.at.append(time.monotonic())
        headers = {"Date": formatdate(self.now(), usegmt=True)}
        if counter.refusals > 0:
            counter.refusals -= 1
            if counter.back_in is not None:
                headers["x-retry-at"] = str(self.now() + counter.back_in)
            return json_response({}, 429, **headers)
        good = counter.used < counter.limit
        counter.used += good
        if counter.states:
            headers |= {
                "x-rate-limit-limit": str(counter.limit),
                "x-rate-limit-remaining": str(counter.limit - counter.used),
                "x-rate-limit-reset": str(int(SERVER_TIME + LENGTH)),
            }
        return json_response({"name": "Acme"}, 200 if good else 429, **headers)

    def asked(self, endpoint: str) -> int:
        """How many requests an endpoint had."""
        return len(self.counters[endpoint].at) if endpoint in self.counters else 0
