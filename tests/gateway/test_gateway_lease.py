"""Lease: of several processes one asks, the others wait, hear how it ended, and take over when it leaves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from leadgen_core.events import CacheHit, CacheMiss, LeaseWaited
from leadgen_core.gateway.entry import Entry
from leadgen_core.model.answers import Cause, Unanswered
from tests.gateway.gateway_kit import HOUR, until
from tests.gateway.lease_kit import Process, Scene


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
