"""A source's own time, kept by one timer: who is late is cancelled, who waits for others is not."""

from __future__ import annotations

import asyncio

import pytest

from leadgen_core.engine.patience import Patience, Stopwatch


async def answer(patience: Patience, watch: Stopwatch, work: object) -> str:
    """As the collector does it."""
    patience.begin(watch)
    late = False
    try:
        try:
            await work  # type: ignore[misc]
        finally:
            late = patience.end(watch)
    except asyncio.CancelledError:
        if not late:
            raise
        return "late"
    return "in time"


async def test_who_is_late_is_cancelled_and_its_task_goes_on() -> None:
    patience = Patience(0.02)
    hanging = answer(patience, Stopwatch(), asyncio.Event().wait())
    assert await asyncio.wait_for(hanging, 5) == "late"
    assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]


async def test_waiting_for_others_does_not_count() -> None:
    patience, watch = Patience(0.02), Stopwatch()

    async def asks() -> None:
        watch.pause()
        watch.pause()
        await asyncio.sleep(0.1)
        watch.resume()
        watch.resume()

    assert await answer(patience, watch, asks()) == "in time"
    assert watch.spent(asyncio.get_running_loop().time()) >= 0


async def test_it_counts_again_afterwards() -> None:
    patience, watch = Patience(0.02), Stopwatch()

    async def asks_and_hangs() -> None:
        watch.pause()
        await asyncio.sleep(0.05)
        watch.resume()
        await asyncio.Event().wait()

    assert await asyncio.wait_for(answer(patience, watch, asks_and_hangs()), 5) == "late"


async def test_one_that_is_late_leaves_the_others_alone() -> None:
    patience = Patience(0.05)
    opened = asyncio.Event()
    late = asyncio.create_task(answer(patience, Stopwatch(), asyncio.Event().wait()))
    waiting = Stopwatch()
    waiting.pause()
    patient = asyncio.create_task(answer(patience, waiting, opened.wait()))
    assert await asyncio.wait_for(late, 5) == "late"
    opened.set()
    # It was begun paused and never resumed, so nothing of its own was spent.
    assert await asyncio.wait_for(patient, 5) == "in time"


async def test_a_cancellation_by_others_is_theirs() -> None:
    patience = Patience(30)
    task = asyncio.create_task(answer(patience, Stopwatch(), asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
