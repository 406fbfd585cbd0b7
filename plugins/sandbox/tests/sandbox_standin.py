"""A tiny API over a tiny world, so that serving is tested for itself: what a third party could offer."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import web
from attrs import define, field, frozen
from leadgen_sandbox.serving.server import Serving, Settings

from leadgen_core.contracts.world import Presence, SimulatorDesk, World, WorldCompany

__all__ = ["CLOCK", "NUMBERS", "Offer", "Served", "Spec", "TinyWorld", "basic", "served"]

CLOCK = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)
NUMBERS = ("00000001", "00000002", "00000003")


@define
class TinyWorld:
    """Three companies and nobody in them."""

    seed: int = 1
    profile: str = "clean"
    today: date = date(2026, 1, 30)
    numbers: tuple[str, ...] = NUMBERS

    def __len__(self) -> int:
        return len(self.numbers)

    def company(self, number: str) -> WorldCompany | None:
        if number not in self.numbers:
            return None
        return WorldCompany(number=number, name=f"COMPANY {number} LTD", status="active", type="ltd")

    def companies(self) -> Iterator[WorldCompany]:
        return (company for number in self.numbers if (company := self.company(number)) is not None)

    def presences(self, provider: str) -> Iterator[tuple[WorldCompany | None, Presence]]:
        return iter(())

    def facet(self, name: str) -> Mapping[str, Any]:
        return {}


class TinySimulator:
    """``GET /company/NUMBER``: with a key, a quota of 600 and its headers, as the register has them."""

    credentials: Sequence[str] = ("api_key",)

    def application(self, world: World, desk: SimulatorDesk) -> web.Application:
        asked = 0

        async def company(request: web.Request) -> web.Response:
            nonlocal asked
            if request.headers.get("Authorization") != basic(desk.credentials["api_key"]):
                return web.json_response({"error": "Invalid Authorization"}, status=401)
            asked += 1
            quota = {
                "x-ratelimit-limit": "600",
                "x-ratelimit-remain": str(600 - asked),
                "x-ratelimit-reset": str(int(desk.now() + (desk.window or 300.0) - desk.phase)),
            }
            found = world.company(request.match_info["number"])
            if found is None:
                return web.Response(status=404, headers=quota)
            if found.number == "00000003":
                raise KeyError(found.number)
            body = {"company_name": found.name, "company_number": found.number, "sic_codes": ["62012"], "links": {}}
            return web.json_response(body, headers=quota)

        application = web.Application()
        application.router.add_get("/company/{number}", company)
        return application


def basic(key: str) -> str:
    """The header of HTTP Basic with the key as user."""
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


@frozen
class Spec:
    """What the sandbox looks at in a ``SimulatorSpec``."""

    api: str


@frozen
class Offer:
    """What the sandbox looks at in an offer."""

    spec: Spec = Spec("tiny")
    simulator: Any = field(factory=TinySimulator)
    plugin: str = "tiny (guest-tiny 1.0)"

    def make(self) -> Any:
        if isinstance(self.simulator, BaseException):
            raise self.simulator
        return self.simulator


@frozen
class Served:
    """A running sandbox: what it says of its APIs, and what it complained of."""

    apis: Mapping[str, Mapping[str, str]]
    said: list[str]

    def url(self, path: str, api: str = "tiny") -> str:
        return self.apis[api]["base_url"] + path

    def headers(self, api: str = "tiny") -> dict[str, str]:
        return {"Authorization": basic(self.apis[api]["api_key"])}


@asynccontextmanager
async def served(*offers: Offer, world: World | None = None, **settings: Any) -> AsyncIterator[Served]:
    """Serve these (the tiny one unless told otherwise) while it is open."""
    said: list[str] = []
    serving = Serving(Settings(**{"seed": 1, **settings}), said.append)
    try:
        yield Served(await serving.start(offers or (Offer(),), world or TinyWorld()), said)
    finally:
        await serving.aclose()
