"""Patience: every wait ends in its own time, and a cancellation stays one."""

from __future__ import annotations

import asyncio

import pytest

from leadgen_core.gateway.patience import Patience


async def _wait(patience: Patience, seconds: float) -> str:
    try:
        with patience.within(seconds):
            await asyncio.Event().wait()
    except TimeoutError:
        return "time-out"
    raise AssertionError


async def test_each_wait_ends_in_its_own_time_whatever_their_order() -> None:
    patience = Patience()
    ended: list[float] = []

    async def one(seconds: float) -> None:
        assert await _wait(patience, seconds) == "time-out"
        ended.append(seconds)

    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(one(seconds) for seconds in (0.06, 0.02, 0.04, 0.0)))
    assert ended == [0.0, 0.02, 0.04, 0.06]
    assert 0.06 <= asyncio.get_running_loop().time() - began < 2
    assert not patience._waits
    assert patience._timer is None


async def test_what_is_over_in_time_is_left_alone_and_costs_no_timer_of_its_own() -> None:
    patience = Patience()
    with patience.within(0.02):
        await asyncio.sleep(0)
    timer = patience._timer
    for _ in range(3):
        with patience.within(5):
            await asyncio.sleep(0)
    assert patience._timer is timer
    with patience.within(5):
        await asyncio.sleep(0.05)  # past the first one's moment


async def test_a_cancellation_is_no_time_out() -> None:
    patience = Patience()
    task = asyncio.get_running_loop().create_task(_wait(patience, 5))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not patience._waits


async def test_who_is_cancelled_when_the_time_is_over_is_cancelled() -> None:
    patience = Patience()
    task = asyncio.get_running_loop().create_task(_wait(patience, 5))
    await asyncio.sleep(0)
    next(iter(patience._waits)).end()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_task_goes_on_after_a_time_out() -> None:
    patience = Patience()
    assert await _wait(patience, 0.01) == "time-out"
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)


async def test_an_error_of_its_own_passes() -> None:
    patience = Patience()
    with pytest.raises(KeyError), patience.within(5):
        raise KeyError
    assert not patience._waits


def test_outside_of_a_task_there_is_nothing_to_wait_for() -> None:
    async def patience() -> Patience:
        return Patience()

    loop = asyncio.new_event_loop()
    try:
        made = loop.run_until_complete(patience())
        errors: list[str] = []

        def enter() -> None:
            try:
                made.within(1).__enter__()
            except RuntimeError as error:
                errors.append(str(error))
            loop.stop()

        loop.call_soon(enter)
        loop.run_forever()
    finally:
        loop.close()
    assert errors == ["nothing can be waited for outside of a task"]
