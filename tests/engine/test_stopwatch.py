"""A source's own time to the moment: on a loop whose clock moves only when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from leadgen_core.engine.patience import Patience, Stopwatch
from tests.engine.test_patience import answer

SECONDS = 1.0
Advance = Callable[[float], Awaitable[None]]


@pytest.fixture
async def advance(monkeypatch: pytest.MonkeyPatch) -> Advance:
    """Moves the loop's clock on and lets run whatever is due then."""
    loop = asyncio.get_running_loop()
    now = loop.time()

    async def advance(seconds: float) -> None:
        nonlocal now
        now += seconds
        for _ in range(5):
            await asyncio.sleep(0)

    monkeypatch.setattr(loop, "time", lambda: now)
    return advance


async def forever() -> None:
    await asyncio.Event().wait()


async def begun(patience: Patience, watch: Stopwatch, work: Awaitable[None]) -> asyncio.Task[str]:
    task = asyncio.create_task(answer(patience, watch, work))
    await asyncio.sleep(0)
    return task


def paused_after(watch: Stopwatch) -> tuple[bool, float]:
    return watch.paused, round(watch.spent(asyncio.get_running_loop().time()), 6)


def told(task: asyncio.Task[str]) -> str:
    assert task.done()
    return task.result()


async def ended(task: asyncio.Task[str]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_time_stands_still_from_the_first_pause_to_the_last_resume(advance: Advance) -> None:
    loop, watch = asyncio.get_running_loop(), Stopwatch()
    watch.start(loop)
    await advance(1)
    watch.pause()
    await advance(2)
    watch.pause()
    await advance(4)
    watch.resume()
    assert paused_after(watch) == (True, 1)
    await advance(8)
    watch.resume()
    await advance(16)
    assert paused_after(watch) == (False, 17)
    watch.start(loop)
    assert watch.spent(loop.time()) == 0


async def test_who_begins_later_has_as_long_and_five_percent_at_most(advance: Advance) -> None:
    patience = Patience(SECONDS)
    first = await begun(patience, Stopwatch(), forever())
    await advance(0.5)
    second = await begun(patience, Stopwatch(), forever())
    await advance(0.51)
    assert (first.done(), second.done()) == (True, False)
    await advance(0.54)
    assert told(second) == "late"


async def test_a_rest_in_between_changes_nothing(advance: Advance) -> None:
    patience = Patience(SECONDS)
    await ended(await begun(patience, Stopwatch(), forever()))
    await advance(3)
    late = await begun(patience, Stopwatch(), forever())
    await advance(1.05)
    assert told(late) == "late"


async def test_who_is_over_its_time_but_waits_for_others_is_left_alone(advance: Advance) -> None:
    patience, watch, go = Patience(SECONDS), Stopwatch(), asyncio.Event()
    task = await begun(patience, watch, _until(go))
    watch._spent += 5  # it kept the loop busy, and asked before anybody could look
    watch.pause()
    await advance(10)
    assert not watch.expired
    go.set()
    await advance(0)
    assert told(task) == "in time"


async def _until(go: asyncio.Event) -> None:
    await go.wait()


async def test_who_does_not_heed_it_is_overdue_after_its_grace(advance: Advance) -> None:
    patience, watch, go = Patience(SECONDS), Stopwatch(), asyncio.Event()

    async def stubborn() -> None:
        while not go.is_set():
            try:
                await go.wait()
            except asyncio.CancelledError:
                continue

    task = await begun(patience, watch, stubborn())
    await advance(1.05)
    expired = watch.expired
    await advance(0.9)
    before = watch.overdue(1.0)
    await advance(0.2)
    after = watch.overdue(1.0)
    go.set()
    await advance(0)
    assert told(task) == "in time"
    assert (expired, before, after) == (True, False, True)
    assert not Stopwatch().overdue(0.0)


async def test_who_is_late_and_cancelled_by_others_is_cancelled(advance: Advance) -> None:
    watch, heeded = Stopwatch(), asyncio.Event()

    async def work() -> None:
        try:
            await forever()
        finally:
            heeded.set()
            await forever()

    task = await begun(Patience(SECONDS), watch, work())
    await advance(1.05)
    assert heeded.is_set()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_of_before_is_not_counted(advance: Advance) -> None:
    async def cancelled_before() -> str:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            said = await answer(Patience(SECONDS), Stopwatch(), forever())
        assert task.cancelling() == 1
        return said

    task = asyncio.create_task(cancelled_before())
    await advance(0)
    await advance(1.05)
    assert told(task) == "late"
