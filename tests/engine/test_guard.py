"""Guard: whose exception it was, and how long the code of a plugin may take, whether or not it heeds us."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import pytest

from leadgen_core.engine import guard
from leadgen_core.engine.guard import EscapedError, TookTooLong, abandon, cause_name, is_ours, within


class Stubborn:
    """Does not let itself be cancelled before it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.cancelled = 0

    async def work(self) -> str:
        while not self.go.is_set():
            try:
                await self.go.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
        return "late"


@pytest.fixture(autouse=True)
def little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_GRACE", 0.01)


async def asked_while_cancelled(error: BaseException) -> bool:
    """What ``is_ours`` says inside a task that somebody has cancelled."""

    async def catches() -> bool:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return is_ours(error)
        raise AssertionError

    task = asyncio.create_task(catches())
    await asyncio.sleep(0)
    task.cancel()
    return await task


async def test_a_cancellation_is_ours_when_our_task_was_cancelled() -> None:
    assert not is_ours(asyncio.CancelledError())
    assert await asked_while_cancelled(asyncio.CancelledError())
    assert not await asked_while_cancelled(RuntimeError())
    assert not await asked_while_cancelled(SystemExit())


@pytest.mark.parametrize(("platform", "ours"), [("linux", False), ("darwin", False), ("win32", True)])
async def test_an_interrupt_is_the_plugins_where_the_run_handles_signals(
    platform: str, ours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert is_ours(KeyboardInterrupt()) is ours


@pytest.mark.parametrize("error", [SystemExit(0), KeyboardInterrupt()])
async def test_what_would_end_the_loop_comes_out_as_an_error(error: BaseException) -> None:
    async def work() -> None:
        raise error

    with pytest.raises(EscapedError) as caught:
        await within(5, work())
    assert caught.value.error is error
    assert cause_name(caught.value) == type(error).__name__


async def test_other_errors_and_results_come_out_as_they_are() -> None:
    async def fails() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await within(5, fails())
    assert await within(5, asyncio.sleep(0, "done")) == "done"


async def test_who_takes_too_long_is_cancelled() -> None:
    ended = asyncio.Event()

    async def hangs() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(TookTooLong):
        await asyncio.wait_for(within(0.01, hangs()), 5)
    assert ended.is_set()


async def soon(work: Coroutine[Any, Any, Any], stubborn: Stubborn) -> tuple[asyncio.Task[Any], bool, int]:
    """The task that has done this, whether it did in time, and how many tasks are known beside it and this one."""
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait({task}, timeout=5)
    others = len(asyncio.all_tasks() - {task, asyncio.current_task()})
    stubborn.go.set()
    await asyncio.wait({task})
    return task, bool(done), others


async def test_who_does_not_heed_it_is_left_behind_and_known_to_nobody() -> None:
    stubborn = Stubborn()
    task, in_time, others = await soon(within(0.01, stubborn.work()), stubborn)
    assert in_time
    assert isinstance(task.exception(), TookTooLong)
    assert stubborn.cancelled == 1
    assert others == 0  # the end of the loop would wait for it


async def test_who_makes_progress_may_go_on() -> None:
    reached = 0

    def progress() -> int:
        nonlocal reached
        reached += reached < 5
        if reached == 5:
            go.set()
        return reached

    go, never = asyncio.Event(), Stubborn()
    assert await within(0.01, go.wait(), progress) is True
    task, in_time, _ = await soon(within(0.01, never.work(), progress), never)
    assert in_time  # nothing more is reached
    assert isinstance(task.exception(), TookTooLong)


async def test_who_is_cancelled_takes_the_work_along() -> None:
    stubborn = Stubborn()
    waiting = asyncio.create_task(within(60, stubborn.work()))
    for _ in range(3):
        await asyncio.sleep(0)
    waiting.cancel()
    done, _ = await asyncio.wait({waiting}, timeout=5)
    cancelled = stubborn.cancelled
    stubborn.go.set()
    await asyncio.wait({waiting})
    assert done
    assert waiting.cancelled()
    assert cancelled == 1


async def test_what_has_ended_is_not_cancelled() -> None:
    task = asyncio.create_task(asyncio.sleep(0, "done"))
    await task
    await abandon([task])
    assert task.result() == "done"
