"""What keeps the code of a plugin from taking the host with it: whose exception it is, and how long it may take.

A plugin may raise what is no ``Exception`` (``SystemExit`` would end the event loop with an exit code of its
choice, a ``CancelledError`` of its own would end the worker that waits for it), and it may swallow the
cancellation that a time-out is. Neither must reach the run.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from leadgen_core.errors import error_name

__all__ = ["EscapedError", "TookTooLong", "abandon", "cause_name", "is_ours", "within"]

T = TypeVar("T")

_GRACE = 1.0
"""Seconds that a plugin gets to end after it was cancelled."""
_abandoned: set[asyncio.Task[Any]] = set()
"""Tasks that do not end: kept, so that nobody reports them as lost."""


class EscapedError(Exception):
    """A plugin raised what would have ended the loop; ``error`` is what it was."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(cause_name(error))
        self.error = error


class TookTooLong(Exception):
    """A plugin took longer than it may."""


def cause_name(error: BaseException) -> str:
    """The type of what a plugin raised."""
    return error_name(error.error if isinstance(error, EscapedError) else error)


def is_ours(error: BaseException) -> bool:
    """Whether this goes on up whoever let it out: our own cancellation, or the operator's Ctrl-C.

    A run handles its signals itself, so a ``KeyboardInterrupt`` inside of it was raised by the plugin; only
    Windows has no such handlers.
    """
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is not None and task.cancelling() > 0
    return isinstance(error, KeyboardInterrupt) and sys.platform == "win32"


async def within(seconds: float, work: Awaitable[T], progress: Callable[[], object] = lambda: None) -> T:
    """What ``work`` gives. Raises :class:`TookTooLong` when it takes longer, whether or not it can be cancelled.

    While ``progress()`` gives something else every ``seconds``, it may go on.
    """
    task = asyncio.ensure_future(_tame(work))
    try:
        reached = progress()
        while True:
            done, _ = await asyncio.wait({task}, timeout=seconds)
            if done or progress() == reached:
                break
            reached = progress()
    except asyncio.CancelledError:
        await abandon([task])
        raise
    if not done:
        await abandon([task])
        raise TookTooLong
    return task.result()


async def abandon(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel these; those that do not end are left to themselves, and nobody waits for them any more."""
    left = {task for task in tasks if not task.done()}
    for task in left:
        task.cancel()
    if left:
        _, left = await asyncio.wait(left, timeout=_GRACE)
    for task in left:
        _abandoned.add(task)
        asyncio.tasks._unregister_task(task)  # asyncio's own end waits for all tasks that it knows, for ever
        with suppress(AttributeError):
            task._log_destroy_pending = False  # type: ignore[attr-defined]


async def _tame(work: Awaitable[T]) -> T:
    try:
        return await work
    except (SystemExit, KeyboardInterrupt) as error:
        if is_ours(error):
            raise
        # In a task these two would be raised out of the loop itself.
        raise EscapedError(error) from error
