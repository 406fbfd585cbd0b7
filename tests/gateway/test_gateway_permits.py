"""A permit that is void when the request is to leave."""

from __future__ import annotations

from aiohttp import web

from leadgen_core.contracts.protocols import Meter, PermitExpired
from leadgen_core.events import Attempt
from tests.gateway.gateway_kit import (
    FakeLimiter,
    FakePermit,
    Recorder,
    gateway,
    item,
    json_response,
    upstream,
)


class Void(FakePermit):
    """Others have had its place."""

    def sent(self) -> None:
        self.calls.append("sent")
        raise PermitExpired


class Slow(FakeLimiter):
    """Its first two permits are void."""

    async def acquire(self, meter: Meter, wish: object = None) -> FakePermit:
        permit = await super().acquire(meter, wish)
        if len(self.permits) < 3:
            self.permits[-1] = permit = Void(self)
        return permit


async def test_nothing_is_sent_on_a_void_permit_and_another_is_asked_for() -> None:
    received = 0

    async def answer(_request: web.BaseRequest) -> web.StreamResponse:
        nonlocal received
        received += 1
        return json_response({})

    async with upstream() as server:
        server.answer = answer
        limiter = Slow()
        recorder = Recorder()
        async with gateway(server.base_url, limiter=limiter, recorder=recorder) as made:
            await made.ask(item(), "q")
            assert list(made.signed().values()) == [1]
        assert received == 1
        assert limiter.ends == [["sent", "give_back"], ["sent", "give_back"], ["sent", "answered"]]
        assert len(recorder.of(Attempt)) == 1, "no attempt was made of it"
