"""Flight: one upstream call for all who ask the same, and nobody's leaving hurts the others."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_core.contracts.lookup import Lookup
from leadgen_core.events import CacheHit
from leadgen_core.gateway.entry import Entry
from leadgen_core.gateway.flight import Flight
from leadgen_core.model.answers import Cause, Unanswered
from tests.gateway.gateway_kit import Recorder, item


class Below:
    """The next stage: each call waits for its future."""

    def __init__(self) -> None:
        self.calls: list[asyncio.Future[Entry]] = []
        self.keys: list[str] = []
        self.cancelled: list[int] = []
        self.winding_up = asyncio.Event()
        self.winding_up.set()

    async def ask(self, lookup: Lookup, key: str, wish: object) -> Entry:
        number = len(self.calls)
        self.calls.append(asyncio.get_running_loop().create_future())
        self.keys.append(key)
        try:
            return await self.calls[number]
        except asyncio.CancelledError:
            self.cancelled.append(number)
            await self.winding_up.wait()
            raise


def entry(name: str = "x") -> Entry:
    return Entry({"name": name}, False, "u", 0.0, 1.0, 2.0)


async def turns(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


class Scene:
    def __init__(self) -> None:
        self.recorder = Recorder()
        self.below = Below()
        self.flight = Flight("acme", self.recorder.events, self.below)
        self.complaints: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: self.complaints.append(context))

    def ask(self, key: str = "k") -> asyncio.Task[Entry]:
        return asyncio.get_running_loop().create_task(self.flight.ask(item(), key))


async def test_a_hundred_who_ask_at_once_make_one_call() -> None:
    scene = Scene()
    tasks = [scene.ask() for _ in range(100)]
    await turns()
    assert len(scene.below.calls) == 1
    scene.below.calls[0].set_result(entry())
    assert all(found is tasks[0].result() for found in await asyncio.gather(*tasks))
    assert scene.recorder.of(CacheHit) == [CacheHit("acme", "flight")] * 99


async def test_other_keys_and_later_questions_are_asked_themselves() -> None:
    scene = Scene()
    one, two = scene.ask("1"), scene.ask("2")
    await turns()
    for number, call in enumerate(scene.below.calls):
        call.set_result(entry(str(number)))
    assert ((await one).body, (await two).body) == ({"name": "0"}, {"name": "1"})
    three = scene.ask("1")
    await turns()
    assert scene.below.keys == ["1", "2", "1"]
    scene.below.calls[2].set_result(entry("late"))
    assert (await three).body == {"name": "late"}


async def test_who_asks_when_it_has_just_landed_does_not_board_it() -> None:
    scene = Scene()
    first = scene.ask()
    await turns()
    scene.below.calls[0].set_result(entry("old"))
    newcomer = scene.ask()  # its turn comes after the flight's, before the first waiter's
    await turns()
    assert (first.done(), len(scene.below.calls)) == (True, 2)
    scene.below.calls[1].set_result(entry("new"))
    assert (await newcomer).body == {"name": "new"}


@pytest.mark.parametrize("leaver", [0, 1])
async def test_a_waiter_that_is_cancelled_leaves_the_others_alone(leaver: int) -> None:
    scene = Scene()
    tasks = [scene.ask(), scene.ask()]
    await turns()
    tasks[leaver].cancel()
    await turns()
    assert tasks[leaver].cancelled()
    assert scene.below.cancelled == []
    scene.below.calls[0].set_result(entry())
    assert (await tasks[1 - leaver]).body == {"name": "x"}


async def test_when_all_have_gone_the_flight_is_cancelled_and_the_key_is_free_at_once() -> None:
    scene = Scene()
    scene.below.winding_up.clear()
    tasks = [scene.ask(), scene.ask()]
    await turns()
    for task in tasks:
        task.cancel()
    await turns()
    assert scene.below.cancelled == [0]
    newcomer = scene.ask()  # while the cancelled call still winds up
    await turns()
    assert len(scene.below.calls) == 2
    scene.below.winding_up.set()
    scene.below.calls[1].set_result(entry("new"))
    assert (await newcomer).body == {"name": "new"}


async def test_a_failure_is_shared_by_all_and_then_forgotten() -> None:
    scene = Scene()
    tasks = [scene.ask() for _ in range(3)]
    await turns()
    scene.below.calls[0].set_exception(Unanswered(Cause.FORBIDDEN, "set the key"))
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    assert [(error.cause, error.because) for error in errors if isinstance(error, Unanswered)] == [
        (Cause.FORBIDDEN, "set the key")
    ] * 3
    assert len({id(error) for error in errors}) == 3  # one instance would collect everybody's traceback
    later = scene.ask()
    await turns()
    scene.below.calls[1].set_result(entry())
    assert (await later).body == {"name": "x"}


async def test_nobody_is_told_of_a_failure_that_nobody_waits_for() -> None:
    scene = Scene()
    tasks = [scene.ask(), scene.ask()]
    await turns()
    scene.below.calls[0].set_exception(ValueError("x"))
    tasks[0].cancel()  # between the failure and its arrival
    await turns()
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    del tasks
    gc.collect()
    await turns()
    assert scene.complaints == []


async def test_closing_ends_everybodys_waiting() -> None:
    scene = Scene()
    in_the_air = scene.ask("1")
    await turns()
    not_begun = scene.ask("2")
    await asyncio.sleep(0)
    await scene.flight.aclose()
    for task in (in_the_air, not_begun):
        with pytest.raises(Unanswered, match="closed"):
            await task
    assert scene.below.cancelled == [0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.just("ask"), st.integers(0, 2))
        | st.tuples(st.just("cancel"), st.integers(0, 15))
        | st.tuples(st.just("answer"), st.integers(0, 15))
        | st.tuples(st.just("fail"), st.integers(0, 15)),
        max_size=25,
    )
)
def test_any_order_of_coming_and_going(steps: list[tuple[str, int]]) -> None:
    """Model: per key the open call's number and who waits for it."""

    async def play() -> None:
        scene = Scene()
        calls = 0
        open_calls: dict[str, int] = {}
        waits: dict[int, list[asyncio.Task[Entry]]] = {}
        ended: set[int] = set()
        outcomes: list[tuple[asyncio.Task[Entry], str, int]] = []
        for what, number in steps:
            if what == "ask":
                key = str(number)
                task = scene.ask(key)
                if key not in open_calls:
                    open_calls[key] = calls
                    waits[calls] = []
                    calls += 1
                waits[open_calls[key]].append(task)
            elif what == "cancel":
                tasks = [task for waiting in waits.values() for task in waiting]
                if not tasks:
                    continue
                task = tasks[number % len(tasks)]
                task.cancel()
                for call, waiting in list(waits.items()):
                    if task in waiting:
                        waiting.remove(task)
                        outcomes.append((task, "cancelled", call))
                        if not waiting:
                            ended.add(call)
                            del waits[call]
                            open_calls = {key: each for key, each in open_calls.items() if each != call}
            else:
                if not waits:
                    continue
                call = sorted(waits)[number % len(waits)]
                if what == "answer":
                    scene.below.calls[call].set_result(entry(str(call)))
                else:
                    scene.below.calls[call].set_exception(Unanswered(Cause.FAILED, str(call)))
                outcomes.extend((task, what, call) for task in waits.pop(call))
                open_calls = {key: each for key, each in open_calls.items() if each != call}
            await turns()
            assert len(scene.below.calls) == calls
            assert sorted(scene.below.cancelled) == sorted(ended)
        for task, what, call in outcomes:
            assert task.done()
            if what == "cancelled":
                assert task.cancelled()
            elif what == "answer":
                assert task.result().body == {"name": str(call)}
            else:
                error = task.exception()
                assert isinstance(error, Unanswered)
                assert error.because == str(call)
        await scene.flight.aclose()
        await asyncio.gather(*(task for waiting in waits.values() for task in waiting), return_exceptions=True)
        assert scene.complaints == []

    asyncio.run(play())
