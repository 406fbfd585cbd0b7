"""A round of answers: who never ends is left behind, and does not keep the round from those who end after it."""

from __future__ import annotations

import asyncio
from typing import Any

from leadgen_core import Cause, Found, Lookup, Reply, Subject
from leadgen_core.engine.collect import Collector
from leadgen_core.model.answers import State
from leadgen_core.testing import VirtualClock
from tests.engine.parts import NUMBER, profile, source
from tests.engine.test_context import API, Gateway


async def test_one_that_never_ends_beside_one_that_the_gateway_keeps_longer() -> None:
    released = asyncio.Event()
    answered = asyncio.Event()

    async def stubborn(_subject: Any, _ctx: Any) -> Found:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue
        return Found()

    async def patient(_subject: Any, ctx: Any) -> Found:
        await ctx.ask(Lookup.get(API, "get", "/later"))
        return Found([profile()])

    class Slow(Gateway):
        async def ask(self, lookup: Lookup, question: str) -> Reply:
            await asyncio.sleep(1.5)  # longer than a late source gets
            answered.set()
            return await super().ask(lookup, question)

    async def admit(_subject: Subject) -> bool:
        return True

    sources = [source(name, script, api=API)[0] for name, script in (("a", stubborn), ("b", patient))]
    collector = Collector(
        sources, Slow(), VirtualClock(), want=["site"], admit=admit, broke=lambda *_: None, seconds=0.05
    )
    try:
        got = await asyncio.wait_for(collector.collect([NUMBER]), 10)
    finally:
        released.set()
    assert answered.is_set()
    assert got.outcomes["test.a"].cause is Cause.TIMEOUT
    assert got.outcomes["test.b"].state is State.FOUND
