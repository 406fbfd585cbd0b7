"""Delivery: input order, exactly once from checkpoints, couriers that do not wait for each other."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from leadgen_core import (
    Company,
    CompanyNumber,
    Delivery,
    Lead,
    RunStamp,
    ScreenSpec,
    Stopped,
    Subject,
    Target,
    UsageError,
)
from leadgen_core.engine.deliver import Courier
from leadgen_core.engine.encode import encode_lead
from leadgen_core.engine.inputs import Row
from leadgen_core.engine.outbox import Outbox, Result, ResultState
from leadgen_core.engine.parts import Part
from leadgen_core.engine.pipeline import duplicate_reject
from leadgen_core.engine.screening import Screening
from leadgen_core.events import Events, PluginBroke
from tests.engine.parts import NOW, OWNER, ListSink, sink_part

COUNT = 8


def number(place: int) -> CompanyNumber:
    return CompanyNumber(f"{place:08d}")


def lead_line(place: int, revision: int = 1) -> bytes:
    return encode_lead(
        Lead(
            company=Company(number=str(number(place)), name=f"REVISION {revision}"),
            provenance=RunStamp(run="r", generated_at=NOW),
        )
    )


def result(place: int, state: ResultState = ResultState.LEAD, revision: int = 1) -> Result:
    body = {ResultState.LEAD: lead_line(place, revision), ResultState.SUPPRESSED: None}.get(state, b'{"r":%d}' % place)
    return Result(ordinal=place, state=state, number=str(number(place)), body=body)


def filled(path: Path | str = ":memory:", count: int = COUNT) -> Outbox:
    outbox = Outbox(Path(path))
    outbox.spool([Row(line=place + 2, subjects=(number(place),), columns={}) for place in range(count)])
    return outbox


def courier(
    sink: Any,
    outbox: Outbox,
    *,
    name: str = "a",
    rejects: bool = False,
    screens: Sequence[Any] = (),
    events: Any = None,
) -> Courier:
    events = events or Events()
    parts = [Part(ScreenSpec(name="screen", factory="x:y"), OWNER, screen) for screen in screens]
    target = Target(path=Path(f"/nowhere/{name}"), run="r")
    return Courier(sink_part(sink), target, outbox, screening=Screening(parts, events), events=events, rejects=rejects)


async def finish(*couriers: Courier, complete: bool = True) -> None:
    for one in couriers:
        await one.open()
    tasks = [asyncio.create_task(one.run()) for one in couriers]
    for one in couriers:
        one.end(complete=complete)
    await asyncio.gather(*tasks)


def names(sink: ListSink) -> list[int]:
    return [int(orjson.loads(line)["company"]["number"]) for line in sink.lines]


@pytest.fixture
def outbox() -> Iterator[Outbox]:
    opened = filled()
    yield opened
    opened.close()


async def test_delivery_keeps_the_input_order_whatever_finished_first(outbox: Outbox) -> None:
    sink = ListSink()
    one = courier(sink, outbox)
    await one.open()
    task = asyncio.create_task(one.run())
    seen = []
    for place in (3, 1, 0, 2, 5):
        outbox.store(result(place), duplicate_reject)
        one.wake()
        await asyncio.sleep(0.001)
        seen.append(names(sink))
    assert seen == [[], [], [0, 1], [0, 1, 2, 3], [0, 1, 2, 3]]
    one.end(complete=False)
    await task


async def test_leads_and_rejects_go_to_their_own_outputs_and_suppressed_ones_to_none(outbox: Outbox) -> None:
    states = [ResultState.LEAD, ResultState.BAD, ResultState.SUPPRESSED, ResultState.LEAD, ResultState.FAILED]
    for place, state in enumerate(states):
        outbox.store(result(place, state), duplicate_reject)
    leads, rejects = ListSink(), ListSink()
    await finish(courier(leads, outbox), courier(rejects, outbox, name="b", rejects=True))
    assert names(leads) == [0, 3]
    assert rejects.lines == [b'{"r":1}', b'{"r":4}']


async def test_a_sink_that_breaks_stops_alone_and_goes_on_next_time(outbox: Outbox) -> None:
    for place in range(COUNT):
        outbox.store(result(place), duplicate_reject)
    events, broke = Events(), list[PluginBroke]()
    events.on(PluginBroke, broke.append)
    bad, good = ListSink(), ListSink()

    def breaks(_deliveries: Sequence[Delivery]) -> None:
        if _deliveries:
            raise RuntimeError("the key is hunter2")

    bad.before_write = breaks
    broken = courier(bad, outbox, events=events)
    await finish(broken, courier(good, outbox, name="b", events=events))
    assert broken.broken
    assert [(event.where, event.error) for event in broke] == [("write", "RuntimeError")]
    assert names(good) == list(range(COUNT))
    bad.before_write = lambda _deliveries: None
    await finish(courier(bad, outbox))
    assert names(bad) == list(range(COUNT))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
async def test_a_full_disk_stops_the_run(outbox: Outbox, code: int) -> None:
    outbox.store(result(0), duplicate_reject)
    sink = ListSink()

    def full(deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            raise OSError(code, "No space left on device")

    sink.before_write = full
    with pytest.raises(Stopped, match=r"^/nowhere/a: No space left on device; .* --resume"):
        await finish(courier(sink, outbox))
    assert outbox.cursor(":/nowhere/a")[0] == 0


async def test_an_output_that_cannot_be_opened_is_wrong_usage(outbox: Outbox) -> None:
    class Locked(ListSink):
        async def open(self, target: Target, checkpoint: str | None) -> None:
            raise OSError(errno.EACCES, "Permission denied")

    with pytest.raises(UsageError, match=r"^/nowhere/a: cannot be written: Permission denied$"):
        await courier(Locked(), outbox).open()


async def test_a_sink_that_breaks_when_it_is_opened_stops_alone(outbox: Outbox) -> None:
    class Broken(ListSink):
        async def open(self, target: Target, checkpoint: str | None) -> None:
            raise RuntimeError

    outbox.store(result(0), duplicate_reject)
    good = ListSink()
    bad = courier(Broken(), outbox, name="b")
    await finish(courier(good, outbox), bad)
    assert bad.broken
    assert names(good) == [0]


async def test_couriers_never_wait_for_each_other(outbox: Outbox) -> None:
    for place in range(COUNT):
        outbox.store(result(place), duplicate_reject)
    gate = asyncio.Event()
    slow, quick = ListSink(), ListSink()

    async def wait(_deliveries: Sequence[Delivery]) -> None:
        if _deliveries:
            await gate.wait()

    slow.before_write = wait
    one, two = courier(slow, outbox), courier(quick, outbox, name="b")
    await one.open()
    await two.open()
    tasks = [asyncio.create_task(each.run()) for each in (one, two)]
    for each in (one, two):
        each.end(complete=True)
    await tasks[1]
    assert names(quick) == list(range(COUNT))
    assert names(slow) == []
    gate.set()
    await tasks[0]
    assert names(slow) == list(range(COUNT))


async def test_an_output_that_is_added_later_is_filled_from_the_outbox(outbox: Outbox) -> None:
    for place in range(COUNT):
        outbox.store(result(place), duplicate_reject)
    await finish(courier(ListSink(), outbox))
    later = ListSink()
    await finish(courier(later, outbox, name="later"))
    assert names(later) == list(range(COUNT))


async def test_revised_leads_are_written_anew_once_everything_is_done(outbox: Outbox) -> None:
    for place in range(COUNT):
        outbox.store(result(place), duplicate_reject)
    sink = ListSink()
    await finish(courier(sink, outbox))
    outbox.rewrite()
    outbox.store(result(2, revision=2), duplicate_reject)
    before = list(sink.lines)
    await finish(courier(sink, outbox), complete=False)
    assert sink.lines == before
    await finish(courier(sink, outbox))
    assert [orjson.loads(line)["company"]["name"] for line in sink.lines][1:4] == [
        "REVISION 1", "REVISION 2", "REVISION 1",
    ]  # fmt: skip
    assert names(sink) == list(range(COUNT))


class Objecting:
    """A screen that releases nothing of company 1."""

    def __init__(self, breaks: bool = False) -> None:
        self.breaks = breaks

    async def admit(self, subject: Subject) -> bool:
        return True

    async def people(self, lead: Lead) -> Lead:
        return lead

    async def release(self, lead: Lead, sink: str) -> Lead | None:
        if self.breaks:
            raise RuntimeError
        return None if lead.company.number == str(number(1)) else lead


async def test_screens_are_asked_once_more_at_delivery(outbox: Outbox) -> None:
    for place in range(3):
        outbox.store(result(place), duplicate_reject)
    sink = ListSink()
    await finish(courier(sink, outbox, screens=[Objecting()]))
    assert sink.lines == [lead_line(0), lead_line(2)]


async def test_a_screen_that_breaks_at_delivery_delivers_nothing(outbox: Outbox) -> None:
    outbox.store(result(0), duplicate_reject)
    sink = ListSink()
    one = courier(sink, outbox, screens=[Objecting(breaks=True)])
    await finish(one)
    assert one.broken
    assert sink.lines == []


class ExactlyOnce(RuleBasedStateMachine):
    """Processes come and go at any moment; every company is in the sink exactly once, in input order (law)."""

    def __init__(self) -> None:
        super().__init__()
        self.outbox = filled()
        self.sink = ListSink()
        self.stored: dict[int, int] = {}
        self.revising = False

    @precondition(lambda self: len(self.stored) < COUNT)
    @rule(data=st.data())
    def store(self, data: Any) -> None:
        place = data.draw(st.sampled_from([place for place in range(COUNT) if place not in self.stored]))
        self.stored[place] = 1
        self.outbox.store(result(place), duplicate_reject)

    @rule(torn=st.sampled_from(["before the sink has it", "before the checkpoint is kept", "not at all"]))
    def deliver(self, torn: str) -> None:
        asyncio.run(self._deliver(torn))

    async def _deliver(self, torn: str) -> None:
        one = courier(self.sink, self.outbox)
        complete = len(self.stored) == COUNT

        def die(_deliveries: Sequence[Delivery]) -> None:
            if _deliveries:
                raise KeyboardInterrupt

        def keep(*_arguments: object) -> None:
            raise KeyboardInterrupt

        self.sink.before_write = die if torn.startswith("before the sink") else lambda _deliveries: None
        advance = self.outbox.advance
        if torn.startswith("before the checkpoint"):
            self.outbox.advance = keep  # type: ignore[method-assign,assignment]
        try:
            await one.open()
            one.end(complete=complete)
            await one.run()
        except KeyboardInterrupt:
            pass
        else:
            if torn == "not at all" and complete:
                self.revising = False
        finally:
            self.outbox.advance = advance  # type: ignore[method-assign]
            self.sink.before_write = lambda _deliveries: None

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def revise(self, data: Any) -> None:
        place = data.draw(st.sampled_from(sorted(self.stored)))
        self.stored[place] += 1
        self.revising = True
        self.outbox.rewrite()
        self.outbox.store(result(place, revision=self.stored[place]), duplicate_reject)

    @invariant()
    def in_order_and_once(self) -> None:
        delivered = names(self.sink)
        assert delivered == list(range(len(delivered)))

    def teardown(self) -> None:
        for place in range(COUNT):
            if place not in self.stored:
                self.stored[place] = 1
                self.outbox.store(result(place), duplicate_reject)
        asyncio.run(self._deliver("not at all"))
        assert self.sink.lines == [lead_line(place, self.stored[place]) for place in range(COUNT)]
        self.outbox.close()


TestExactlyOnce = ExactlyOnce.TestCase
TestExactlyOnce.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
