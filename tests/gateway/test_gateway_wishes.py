"""What the operator and the asker wish: who asks for a permit and how urgently, how long an attempt may take."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from leadgen_core.contracts.api import Request
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Priority, Wish
from leadgen_core.events import Attempt
from leadgen_core.model.answers import Cause, Unanswered
from tests.gateway.gateway_kit import ACME, FakeLimiter, Recorder, gateway, item, upstream


async def test_a_permit_is_asked_for_in_the_name_of_the_plugin_that_asks() -> None:
    limiter = FakeLimiter()
    async with upstream() as server, gateway(server.base_url, limiter=limiter) as made:
        await made.ask(item("1"), "first.items")
        await made.ask(item("2"), "second-one.items")
        await made.ask(item("3"), "first.others")
        assert limiter.wishes == [Wish("first"), Wish("second-one"), Wish("first")]
        assert limiter.wishes[0] is limiter.wishes[2] or limiter.wishes[0] == limiter.wishes[2]


async def test_a_batch_is_asked_for_by_the_first_of_its_keys() -> None:
    def many(key: str) -> Lookup:
        return Lookup(
            ACME, "item", key, lambda keys: Request(f"/items?ids={','.join(keys)}"), 2,
            lambda body, keys: dict.fromkeys(keys, body),
        )  # fmt: skip

    limiter = FakeLimiter()
    async with upstream() as server, gateway(server.base_url, limiter=limiter) as made:
        await asyncio.gather(made.ask(many("1"), "first.items"), made.ask(many("2"), "second.items"))
    assert limiter.wishes == [Wish("first")]


async def test_somebody_waits_for_a_probe() -> None:
    limiter = FakeLimiter()
    async with upstream() as server, gateway(server.base_url, limiter=limiter) as made:
        await made.probe("acme")
    assert limiter.wishes == [Wish("acme-plugin", Priority.INTERACTIVE)]


async def test_the_operator_bounds_each_attempt() -> None:
    async def hang(_request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    recorder = Recorder()
    async with upstream() as server, gateway(server.base_url, recorder=recorder, at_most=0.05) as made:
        server.answer = hang
        with pytest.raises(Unanswered) as caught:
            await made.ask(item(), "p.q")
        assert (await made.probe("acme")).meaning == "timeout"
    assert (caught.value.cause, caught.value.because) == (Cause.TIMEOUT, "no answer within 0.05 s")
    assert len(recorder.of(Attempt)) == 3
