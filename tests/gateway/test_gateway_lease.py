"""Lease: of several processes one asks, the others wait, hear how it ended, and take over when it vanishes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Ending, Wish
from leadgen_core.events import CacheHit, CacheMiss, LeaseDown, LeaseWaited
from leadgen_core.gateway.caching import Cache, Shelf, Tier
from leadgen_core.gateway.entry import Entry
from leadgen_core.gateway.exchange import OK, Result
from leadgen_core.gateway.flight import Flight
from leadgen_core.gateway.lease import Leases
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import HOUR, JsonStore, Recorder, item, make_spec, until
from tests.gateway.lease_kit import FakeLease, SharedLeases


class Api:
    """What all processes ask: an answer after ``seconds``, or a failure."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.calls = 0
        self.seconds = 1.0
        self.error: Exception | None = None

    async def ask(self, lookup: Lookup, wish: Wish, old: Entry | None) -> Result:
        self.calls += 1
        await self.clock.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        return Result(OK, {"name": "Acme"}, "https://acme.example/items/1", 200)


class Process:
    """One process: flight, cache and leases of its own over the shared store."""

    def __init__(self, scene: Scene) -> None:
        self.recorder = Recorder()
        self.memory = JsonStore()
        tiers = [Tier("memory", self.memory), Tier("redis", scene.store, True)]
        shelves = [Shelf(tier, scene.clock, self.recorder.events, patience=0.05) for tier in tiers]
        self.lease = FakeLease(scene.shared)
        self.leases = Leases(self.lease, scene.clock, self.recorder.events, patience=0.05)
        self.cache = Cache(make_spec(), shelves, scene.clock, self.recorder.events, scene.api, self.leases)
        self.flight = Flight("acme", self.recorder.events, self.cache)

    def ask(self, key: str = "k", operation: str = "item") -> asyncio.Task[Entry]:
        return asyncio.create_task(self.flight.ask(item("1", operation), key))

    async def aclose(self) -> None:
        await self.flight.aclose()
        await self.cache.aclose()
        await self.leases.aclose()


class Scene:
    def __init__(self, processes: int = 4) -> None:
        self.clock = VirtualClock()
        self.store = JsonStore()
        self.api = Api(self.clock)
        self.shared = SharedLeases(self.clock)
        self.processes = [Process(self) for _ in range(processes)]

    def ask(self, callers: int = 100) -> list[asyncio.Task[Entry]]:
        return [process.ask() for process in self.processes for _ in range(callers)]

    async def aclose(self) -> None:
        await asyncio.gather(*(process.aclose() for process in self.processes))
        assert self.shared.open == []


async def gathered(tasks: list[asyncio.Task[Entry]]) -> list[Any]:
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_hundred_callers_in_four_processes_make_one_call() -> None:
    scene = Scene()
    tasks = scene.ask()
    await scene.clock.advance(2)
    assert {str((await task).body) for task in tasks} == {"{'name': 'Acme'}"}
    assert scene.api.calls == 1
    misses = [process.recorder.of(CacheMiss) for process in scene.processes]
    assert sorted(map(len, misses)) == [0, 0, 0, 1]
    waits = [wait for process in scene.processes for wait in process.recorder.of(LeaseWaited)]
    assert len(waits) == 3
    assert all(0.9 < wait.seconds < 1.2 for wait in waits)
    hits = [CacheHit("acme", "redis") in process.recorder.of(CacheHit) for process in scene.processes]
    assert sum(hits) == 3
    assert all(process.memory.texts for process in scene.processes)
    await scene.aclose()


async def test_a_refusal_for_good_reaches_all_after_one_call() -> None:
    scene = Scene()
    until = scene.clock.now() + timedelta(minutes=5)
    scene.api.error = Unanswered(Cause.FORBIDDEN, "set the api_key", until)
    tasks = scene.ask()
    await scene.clock.advance(2)
    errors = await gathered(tasks)
    assert {(error.cause, error.because, error.until) for error in errors} == {
        (Cause.FORBIDDEN, "set the api_key", until)
    }
    assert scene.api.calls == 1
    await scene.aclose()


async def test_a_failure_is_forgotten_with_those_who_waited_for_it() -> None:
    scene = Scene(2)
    scene.api.error = Unanswered(Cause.FAILED, "the server answered 500")
    tasks = scene.ask(3)
    await scene.clock.advance(2)
    assert all(isinstance(error, Unanswered) for error in await gathered(tasks))
    scene.api.error = None
    again = scene.processes[1].ask()
    await scene.clock.advance(2)
    assert (await again).body == {"name": "Acme"}
    assert scene.api.calls == 2
    await scene.aclose()


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


async def test_a_holder_that_works_for_minutes_keeps_its_lease() -> None:
    scene = Scene()
    scene.api.seconds = 60  # it waits for its quota
    tasks = scene.ask(2)
    await scene.clock.advance(61)
    assert len({str((await task).body) for task in tasks}) == 1
    assert scene.api.calls == 1
    await scene.aclose()


async def test_when_nobody_waits_in_the_holders_process_another_takes_over() -> None:
    scene = Scene(2)
    first, second = scene.processes
    leaving = first.ask()
    await scene.clock.advance(0.2)
    staying = second.ask()
    await scene.clock.advance(0.2)
    leaving.cancel()
    await scene.clock.advance(0.2)
    assert scene.api.calls == 2
    await scene.clock.advance(2)
    assert (await staying).body == {"name": "Acme"}
    await scene.aclose()


async def test_who_leaves_while_taking_a_lease_leaves_none_behind() -> None:
    scene = Scene(2)
    first, second = scene.processes
    task = first.ask()
    await until(lambda: scene.shared.takes == 1)  # the flight is in the middle of taking
    task.cancel()
    staying = second.ask()
    await scene.clock.advance(1.5)
    assert (await staying).body == {"name": "Acme"}
    await scene.aclose()


async def test_a_lease_that_arrives_when_nobody_wants_it_any_more_is_let_go() -> None:
    scene = Scene(1)
    process, take = scene.processes[0], scene.processes[0].lease.take

    async def slow(key: str, seconds: float) -> str | None:
        token = await take(key, seconds)
        await scene.clock.sleep(1)  # Redis has given it, its answer is on its way
        return token

    process.lease.take = slow  # type: ignore[method-assign]
    process.leases._health.patience = 60
    task = process.ask()
    await scene.clock.advance(0.5)
    assert scene.shared.open == ["k"]
    task.cancel()
    await scene.clock.advance(1)
    assert scene.shared.open == []
    await process.aclose()


async def test_who_leaves_while_looking_again_gives_up_the_lease() -> None:
    scene = Scene(1)
    process = scene.processes[0]

    async def look() -> Entry | None:
        await asyncio.Event().wait()
        return None

    task = asyncio.create_task(process.leases.turn("acme", "k", look))
    await scene.clock.advance(0.1)
    assert scene.shared.open == ["k"]
    task.cancel()
    await scene.clock.advance(0.1)
    assert scene.shared.open == []
    await process.aclose()


async def test_who_takes_a_lease_looks_first_whether_somebody_has_stored_it_just_now() -> None:
    scene = Scene(2)
    first, second = scene.processes
    take = second.lease.take

    async def late(key: str, seconds: float) -> str | None:
        await scene.clock.sleep(5)  # between its look at the tiers and its lease, the other has asked and stored
        return await take(key, seconds)

    second.lease.take = late  # type: ignore[method-assign]
    second.leases._health.patience = 60
    tasks = [first.ask(), second.ask()]
    await scene.clock.advance(10)
    await asyncio.gather(*tasks)
    assert scene.api.calls == 1
    assert second.recorder.of(CacheHit) == [CacheHit("acme", "redis")]
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


async def test_no_lease_where_no_other_process_could_find_the_answer() -> None:
    scene = Scene(2)
    tasks = [process.ask("s", "secret") for process in scene.processes]
    await scene.clock.advance(2)
    await asyncio.gather(*tasks)
    assert (scene.api.calls, scene.shared.takes) == (2, 0)
    scene.store.error = ConnectionError()
    tasks = [process.ask() for process in scene.processes]
    await scene.clock.advance(2)
    await asyncio.gather(*tasks)
    assert (scene.api.calls, scene.shared.takes) == (4, 0)


async def test_the_answer_is_stored_before_the_lease_is_given_up() -> None:
    scene = Scene(2)
    put = scene.store.set

    async def slow(key: str, value: Any, ttl: int) -> Any:
        await asyncio.sleep(0.02)
        assert scene.shared.open == ["k"]
        return await put(key, value, ttl)

    scene.store.set = slow  # type: ignore[method-assign]
    first, second = (process.ask() for process in scene.processes)
    await scene.clock.advance(1)
    assert first.done() or second.done()  # whoever asked has its answer before it is written
    await scene.processes[0].cache.flush()
    await scene.processes[1].cache.flush()
    await scene.clock.advance(1)
    assert (await first).body == (await second).body
    assert scene.api.calls == 1
    await scene.aclose()


async def test_who_has_nothing_waits_for_the_quota_that_the_holder_with_an_old_answer_does_not_wait_for() -> None:
    scene = Scene(1)
    process = scene.processes[0]
    first = process.ask()
    await scene.clock.advance(2)
    await first
    await process.cache.flush()
    await scene.clock.advance(HOUR)
    scene.api.error = Unanswered(Cause.THROTTLED, "the quota is used up")
    stale = process.ask()
    await scene.clock.advance(0.5)
    scene.store.texts.clear()
    other = Process(scene)
    waiting = other.ask()
    await scene.clock.advance(0.6)
    assert (await stale).stale
    scene.api.error = None
    await scene.clock.advance(3)
    assert (await waiting).body == {"name": "Acme"}
    await other.aclose()
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
