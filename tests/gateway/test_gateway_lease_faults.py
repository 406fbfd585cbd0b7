"""Lease: holders that vanish, leases that fail, sentences that make no sense, and any order of all that."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_core.contracts.protocols import Ending
from leadgen_core.events import LeaseDown
from leadgen_core.gateway.entry import Entry
from leadgen_core.model.answers import Cause, Unanswered
from tests.gateway.gateway_kit import until
from tests.gateway.lease_kit import Scene


async def test_when_the_holder_is_killed_one_of_the_others_asks_in_its_place() -> None:
    scene = Scene()
    scene.api.seconds = 30
    dead = scene.processes[0]
    dying = dead.ask()
    await scene.clock.advance(0.5)
    others = [process.ask() for process in scene.processes[1:] for _ in range(100)]
    await scene.clock.advance(0.5)
    assert scene.api.calls == 1
    dead.leases._held.clear()  # killed: it renews nothing and says nothing
    scene.api.seconds = 1
    await scene.clock.advance(9)
    assert {str((await task).body) for task in others} == {"{'name': 'Acme'}"}
    assert scene.api.calls == 2
    dying.cancel()
    await scene.aclose()


@pytest.mark.parametrize("hangs", [False, True])
async def test_without_leases_the_run_goes_on_and_says_so_once(hangs: bool) -> None:
    scene = Scene(1)
    process = scene.processes[0]
    scene.shared.hangs, scene.shared.error = hangs, None if hangs else ConnectionError("redis://user:password@host")
    tasks = [process.ask(str(number)) for number in range(5)]
    await until(lambda: bool(process.recorder.of(LeaseDown)))
    await scene.clock.advance(2)
    assert all([(await task).body for task in tasks])
    assert process.recorder.of(LeaseDown) == [LeaseDown("no answer within 0.05 s" if hangs else "ConnectionError")]
    scene.shared.hangs, scene.shared.error = False, None
    await scene.clock.advance(31)
    assert scene.shared.takes == 0
    again = process.ask("later")
    await scene.clock.advance(2)
    assert (await again).body
    assert scene.shared.takes == 1
    await process.aclose()


async def test_those_who_wait_ask_themselves_when_the_lease_dies() -> None:
    scene = Scene(3)
    scene.api.seconds = 2
    tasks = scene.ask(5)
    await scene.clock.advance(1)
    scene.shared.error = ConnectionError()
    await scene.clock.advance(5)
    assert all([(await task).body for task in tasks])
    assert scene.api.calls == 3
    assert all(len(process.recorder.of(LeaseDown)) == 1 for process in scene.processes)


async def test_a_lost_lease_is_told_and_the_holder_goes_on() -> None:
    scene = Scene(1)
    scene.api.seconds = 10
    task = scene.processes[0].ask()
    await scene.clock.advance(1)
    scene.shared.holders.clear()  # Redis was emptied
    await scene.clock.advance(12)
    assert (await task).body
    assert scene.processes[0].recorder.of(LeaseDown) == [LeaseDown("a lease was lost while its holder worked")]
    await scene.aclose()


ENDINGS: list[Any] = [
    {"cause": "failed"}, {"cause": 7, "because": ""}, {"cause": "plugin error", "because": "", "until": None},
    {"cause": "no cause", "because": "", "until": None}, [], "failed", 0,
]  # fmt: skip


@pytest.mark.parametrize("failure", ENDINGS)
async def test_an_ending_that_makes_no_sense_is_none(failure: Any) -> None:
    scene = Scene(2)
    first = scene.processes[0].ask()
    await scene.clock.advance(0.2)
    second = scene.processes[1].ask()
    await scene.clock.advance(0.2)
    holder = scene.shared.holders["k"]
    holder.ending, holder.released = Ending(failure), True
    await scene.clock.advance(3)
    assert (await first).body == (await second).body
    assert scene.api.calls == 2


async def test_a_sentence_of_another_process_is_cut_and_plain() -> None:
    scene = Scene(2)
    scene.processes[0].ask()
    await scene.clock.advance(0.2)
    second = scene.processes[1].ask()
    await scene.clock.advance(0.2)
    holder = scene.shared.holders["k"]
    holder.ending = Ending({"cause": "failed", "because": "x" * 1000, "until": 1e300})
    holder.released = True
    await scene.clock.advance(0.2)
    with pytest.raises(Unanswered) as caught:
        await second
    assert (len(caught.value.because), caught.value.until) == (300, None)


# --- any order of things ----------------------------------------------------------------------------------

STEP = st.one_of(
    st.tuples(st.just("ask"), st.integers(0, 2)),
    st.tuples(st.just("leave"), st.integers(0, 2)),
    st.tuples(st.just("kill"), st.integers(0, 2)),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 7])),
    st.tuples(st.sampled_from(["fail", "mend", "lease down", "lease up", "forget"]), st.just(0)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_any_order_of_coming_going_and_failing(steps: list[tuple[str, int]]) -> None:
    """Whoever stays gets an outcome; nothing is held in the end; with leases, each kill costs one call more at most."""

    async def play() -> None:
        scene = Scene(3)
        tasks: list[tuple[int, asyncio.Task[Entry]]] = []
        for what, number in steps:
            process = scene.processes[number % 3]
            if what == "ask":
                tasks.append((number, process.ask()))
            elif what == "leave":
                for owner, task in tasks:
                    if owner == number:
                        task.cancel()
            elif what == "kill":
                process.leases._held.clear()
                for owner, task in tasks:
                    if owner == number:
                        task.cancel()
            elif what == "wait":
                await scene.clock.advance(number)
            elif what in ("fail", "mend"):
                scene.api.error = Unanswered(Cause.FAILED, "down") if what == "fail" else None
            elif what in ("lease down", "lease up"):
                scene.shared.error = ConnectionError() if what == "lease down" else None
            else:
                scene.store.texts.clear()
        await scene.clock.advance(30)
        for _, task in tasks:
            assert task.done()
            if not task.cancelled() and (error := task.exception()) is not None:
                assert isinstance(error, Unanswered)
                assert error.cause is Cause.FAILED
        scene.shared.error = None
        await scene.clock.advance(10)
        await asyncio.gather(*(process.aclose() for process in scene.processes))
        await scene.clock.advance(10)
        assert scene.shared.open == []

    asyncio.run(play())
