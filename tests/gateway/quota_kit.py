"""A quota above a stage that waits when told, by a clock that only moves when told."""

from __future__ import annotations

import asyncio

from leadgen_core.contracts.api import ApiSpec, Request
from leadgen_core.contracts.protocols import Meter
from leadgen_core.gateway.adaptive import Door
from leadgen_core.gateway.address import Home
from leadgen_core.gateway.exchange import OK, Call, Result, Ticket
from leadgen_core.gateway.quota import Quota
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import (
    ACME,
    SERVER_TIME,
    FakeLimiter,
    Recorder,
)

__all__ = ["CALL", "Scene", "Wire"]


CALL = Call.of(ACME, "item", Request("/items/1"))


class Wire:
    """The stages below: counts who is on the wire, sends when the gate is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.open = self.most = self.calls = 0
        self.urls: list[tuple[str, bool]] = []
        self.results: list[Result] = [Result(OK, {}, status=200, received_at=SERVER_TIME)]
        self.sends = True

    async def send(self, call: Call, url: str, at_home: bool, ticket: Ticket) -> Result:
        self.calls += 1
        self.urls.append((url, at_home))
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            await self.gate.wait()
            if self.sends:
                ticket.sent()
            return self.results.pop(0) if len(self.results) > 1 else self.results[0]
        finally:
            self.open -= 1


class Scene:
    def __init__(self, concurrency: int = 20) -> None:
        self.clock = VirtualClock()
        self.recorder = Recorder()
        self.slots = Door(concurrency)
        self.concurrency = concurrency
        self.limiter = FakeLimiter()
        self.wire = Wire()
        self.quota = self.make(ACME, self.limiter)

    def make(self, spec: ApiSpec, limiter: FakeLimiter | None, wire: Wire | None = None) -> Quota:
        home = Home("https://acme.example", ("files.example",), "acme")
        meter = Meter(spec.name, "cred", tuple(spec.windows), 500)
        return Quota(
            spec,
            home,
            meter,
            limiter,
            self.slots,
            Door(self.concurrency),
            self.clock,
            self.recorder.events,
            wire or self.wire,
        )

    def ask(self, quota: Quota | None = None) -> asyncio.Task[Result]:
        return asyncio.create_task((quota or self.quota).attempt(CALL))
