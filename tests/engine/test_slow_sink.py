"""Back-pressure: a slow sink slows the sources; a company that is late does not."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Sequence
from typing import Any

import pytest

from leadgen_core import Delivery
from leadgen_core.engine import committing, deliver, runner
from leadgen_core.engine.deliver import Courier
from leadgen_core.engine.outbox import Entry, Outbox, Result
from leadgen_core.engine.runner import Ending, Runner
from leadgen_core.events import Events
from leadgen_core.gateway.order import place
from leadgen_core.testing import VirtualClock
from tests.engine.parts import ListSink
from tests.engine.test_deliver import courier, filled, names, result

COUNT = 200
IN_FLIGHT = 8


class Companies:
    """A pipeline whose companies are done at once, but for those that are held back."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.places: list[int] = []
        self.held: dict[int, asyncio.Event] = {}

    async def company(self, entry: Entry) -> Result:
        self.begun.append(entry.ordinal)
        self.places.append(place())
        await asyncio.sleep(0)
        if entry.ordinal in self.held:
            await self.held[entry.ordinal].wait()
        return result(entry.ordinal)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "_BEHIND", 16)
    # Each company is committed and told by itself; groups and their milliseconds would be on top of the bound.
    monkeypatch.setattr(committing, "_MOST", 1)
    monkeypatch.setattr(runner, "_WAKE", 0.0)


def run(companies: Any, outbox: Outbox, *couriers: Courier) -> asyncio.Task[Ending]:
    running = Runner(
        companies, outbox, couriers, clock=VirtualClock(), events=Events(), in_flight=IN_FLIGHT, drain_seconds=1
    )
    return asyncio.create_task(running.run())


async def turns() -> None:
    for _ in range(2000):
        await asyncio.sleep(0)


async def test_a_slow_sink_slows_the_sources_and_gets_everything() -> None:
    outbox, companies, gate = filled(count=COUNT), Companies(), asyncio.Event()
    slow, quick = ListSink(), ListSink()

    async def wait(deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            await gate.wait()

    slow.before_write = wait
    running = run(companies, outbox, courier(slow, outbox), courier(quick, outbox, name="b"))
    await turns()
    assert 16 <= len(companies.begun) <= 16 + 2 * IN_FLIGHT + 2
    assert len(names(quick)) == len(companies.begun)
    gate.set()
    assert await running is Ending.DONE
    assert names(slow) == names(quick) == list(range(COUNT))
    outbox.close()


async def test_a_company_that_is_late_holds_up_nobody_else() -> None:
    outbox, companies, sink = filled(count=COUNT), Companies(), ListSink()
    companies.held[3] = asyncio.Event()
    running = run(companies, outbox, courier(sink, outbox))
    await turns()
    assert len(companies.begun) == COUNT
    assert companies.places == companies.begun, "each asks in its own place"
    assert names(sink) == [0, 1, 2]
    companies.held[3].set()
    await running
    assert names(sink) == list(range(COUNT))
    outbox.close()


async def test_a_slow_sink_that_breaks_holds_up_nobody() -> None:
    outbox, companies, gate = filled(count=COUNT), Companies(), asyncio.Event()
    slow = ListSink()

    async def fail(deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            await gate.wait()
            raise RuntimeError

    slow.before_write = fail
    running = run(companies, outbox, courier(slow, outbox))
    await turns()
    assert len(companies.begun) < COUNT
    gate.set()
    assert await running is Ending.DONE
    assert len(companies.begun) == COUNT
    outbox.close()


async def test_what_is_handed_over_is_kept_by_no_worker() -> None:
    """A line for each company in flight is some megabytes of a long run."""
    kept: list[weakref.ref[Result]] = []

    class Watched(Companies):
        async def company(self, entry: Entry) -> Result:
            if entry.ordinal < IN_FLIGHT:
                made = result(entry.ordinal)
                kept.append(weakref.ref(made))
                return made
            return await super().company(entry)

    outbox, companies, sink = filled(count=COUNT), Watched(), ListSink()
    companies.held = {ordinal: asyncio.Event() for ordinal in range(IN_FLIGHT, COUNT)}
    running = run(companies, outbox, courier(sink, outbox))
    await turns()
    assert len(companies.begun) == IN_FLIGHT, "every worker waits in its second company"
    assert [ref() for ref in kept] == [None] * IN_FLIGHT
    for held in companies.held.values():
        held.set()
    assert await running is Ending.DONE
    outbox.close()
