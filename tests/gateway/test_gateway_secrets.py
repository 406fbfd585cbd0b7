"""No credential reaches another origin, a log line, an event, a cache key, a cache value, a lease or an exception."""

from __future__ import annotations

import asyncio
import base64
import io
import traceback
from typing import Any

import pytest
from aiohttp import web

from leadgen_core import logs
from leadgen_core.app.eventlog import telling
from leadgen_core.clock import Clock
from leadgen_core.contracts.api import ApiSpec, AuthKind, Credential
from leadgen_core.contracts.protocols import Ending
from leadgen_core.gateway import Tier
from leadgen_core.model.answers import Unanswered
from leadgen_core.secrets import Secret
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import (
    HOUR,
    FakeLimiter,
    ImpatientClock,
    JsonStore,
    Recorder,
    Upstream,
    gateway,
    item,
    json_response,
    make_spec,
    upstream,
)
from tests.gateway.lease_kit import FakeLease, SharedLeases

KEY = "s3cr3t-k3y-0123456789"
FORMS = (KEY, base64.b64encode(f"{KEY}:".encode()).decode(), base64.b64encode(KEY.encode()).decode().rstrip("="))
SPECS = [
    (AuthKind.BASIC, make_spec(hosts=("localhost",))),
    (AuthKind.BEARER, make_spec(hosts=("localhost",))),
    (
        AuthKind.HEADER,
        make_spec(hosts=("localhost",), credential=Credential(kind=AuthKind.HEADER, header="X-Api-Key")),
    ),
]


class WordLease(FakeLease):
    """Remembers all that it was given."""

    def __init__(self, shared: SharedLeases) -> None:
        super().__init__(shared)
        self.said: list[str] = []

    async def take(self, key: str, seconds: float) -> str | None:
        self.said.append(key)
        return await super().take(key, seconds)

    async def release(self, key: str, token: str, ending: Ending) -> None:
        self.said.append(f"{key} {ending!r}")
        await super().release(key, token, ending)


class Journey:
    """Everything that a gateway writes, and where its requests went."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.limiter = FakeLimiter()
        self.stores = [JsonStore(), JsonStore()]
        self.errors: list[str] = []
        self.log = io.StringIO()
        self.said: list[str] = []
        self.home: list[str] = []
        self.elsewhere: list[str] = []

    def written(self) -> str:
        """All that is not the wire."""
        texts = [f"{key} {text}" for store in self.stores for key, text in store.texts.items()]
        meters = [repr(meter) for meter in self.limiter.meters]
        events = [repr(event) for event in self.recorder.all]
        return "\n".join([*events, *texts, *meters, *self.errors, *self.said, self.log.getvalue()])


def troubled(home: Upstream, elsewhere: Upstream) -> Any:
    """By its path, each item meets another trouble; some answers give away what they were sent."""
    away = elsewhere.base_url.replace("127.0.0.1", "localhost")

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        sent = request.headers.get("Authorization") or request.headers.get("X-Api-Key") or ""
        match request.path.rpartition("/")[2]:
            case "away":
                return web.Response(status=302, headers={"Location": f"{away}/file"})
            case "evil":
                return web.Response(status=302, headers={"Location": f"{elsewhere.base_url}/steal"})
            case "home":
                return web.Response(status=302, headers={"Location": "/items/ok"})
            case "refused":
                return json_response({"error": f"wrong key {sent}"}, 403)
            case "broken":
                return web.Response(status=500, text=f"trace: {sent}", headers={"X-Debug": sent})
            case "odd":
                return web.Response(status=418, text=sent)
            case "tagged":
                return json_response({"name": "Acme"}, ETag='"1"')
            case "cut":
                request.transport.close()  # type: ignore[union-attr]
                return web.Response()
        return json_response({"name": "Acme"})

    return answer


async def travelled(kind: AuthKind, spec: ApiSpec) -> Journey:
    journey = Journey()
    clock = VirtualClock()
    shared = SharedLeases(clock)
    lease = WordLease(shared)
    clock.sleep = ImpatientClock().sleep
    tiers = [Tier("memory", journey.stores[0]), Tier("disk", journey.stores[1], True)]
    async with upstream() as home, upstream() as elsewhere:
        home.answer = troubled(home, elsewhere)
        with logs.configure(stream=journey.log), telling(journey.recorder.events, Clock()):
            async with gateway(
                home.base_url, spec=spec, caches=tiers, limiter=journey.limiter, clock=clock, lease=lease,
                recorder=journey.recorder, secret=Secret(KEY), kind=kind,
            ) as made:  # fmt: skip
                for name in ("ok", "tagged", "away", "evil", "home", "refused", "broken", "odd", "cut"):
                    try:
                        await made.ask(item(name), "acme-plugin.items")
                    except Unanswered as error:
                        journey.errors.append("".join(traceback.format_exception(error)))
                await clock.advance(HOUR)
                await made.ask(item("tagged"), "acme-plugin.items")
                await made.probe("acme")
                journey.errors.append(repr(made.signed()) + repr(made.quota()) + repr(made.stuck(["acme"])))
        journey.said = lease.said
        journey.home = [f"{request.path_qs} {dict(request.headers)}" for request in home.asked]
        journey.elsewhere = [f"{request.path_qs} {dict(request.headers)}" for request in elsewhere.asked]
    return journey


@pytest.mark.parametrize(("kind", "spec"), SPECS, ids=[kind.value for kind, _ in SPECS])
async def test_the_credential_goes_home_and_nowhere_else(kind: AuthKind, spec: ApiSpec) -> None:
    journey = await travelled(kind, spec)
    sent = [any(form in request for form in FORMS) for request in journey.home]
    assert all(sent)
    assert len(sent) > 10
    assert [request.split()[0] for request in journey.elsewhere] == ["/file"]
    for request in journey.elsewhere:
        assert "authorization" not in request.lower()
        assert "x-api-key" not in request.lower()
        assert not any(form in request for form in FORMS)
    for request in journey.home:
        assert not any(form in request.split()[0] for form in FORMS)


@pytest.mark.parametrize(("kind", "spec"), SPECS, ids=[kind.value for kind, _ in SPECS])
async def test_nothing_that_is_written_holds_the_credential(kind: AuthKind, spec: ApiSpec) -> None:
    journey = await travelled(kind, spec)
    written = journey.written()
    assert "Acme" in written
    assert "forbidden" in written
    assert len(journey.errors) >= 5
    assert journey.said
    for form in FORMS:
        assert form not in written


async def test_an_exception_of_whatever_breaks_is_told_by_its_type_alone() -> None:
    """A plugin's classify, redact, split, limiter, tier and lease put the key in their errors."""

    def breaks(*_arguments: Any) -> Any:
        raise RuntimeError(f"key={KEY}")

    journey = Journey()
    clock = ImpatientClock()
    shared = SharedLeases(clock)
    shared.error = ConnectionError(f"redis://user:{KEY}@host")
    store = JsonStore()
    store.error = ConnectionError(f"redis://user:{KEY}@host")
    limiter = FakeLimiter()
    async with upstream() as home:
        with logs.configure(stream=journey.log), telling(journey.recorder.events, Clock()):
            for changes in ({"classify": breaks}, {"redact": breaks}, {"read_windows": breaks}):
                async with gateway(
                    home.base_url, spec=make_spec(**changes), caches=[Tier("redis", store, True)], clock=clock,
                    limiter=limiter, recorder=journey.recorder, secret=Secret(KEY), lease=FakeLease(shared),
                ) as made:  # fmt: skip
                    outcomes = await asyncio.gather(made.ask(item(), "p.q"), return_exceptions=True)
                    journey.errors.extend(map(repr, outcomes))
    assert "classify raised RuntimeError" in journey.written()
    assert "ConnectionError" in journey.log.getvalue()
    for form in FORMS:
        assert form not in journey.written()
