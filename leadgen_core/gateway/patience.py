"""Patience: the time-outs of many waits on one timer.

``asyncio.timeout`` makes and cancels a timer for each wait. Here a wait notes when it must be over; the one timer
stands at the earliest such moment that was known when it was set, and is set anew only for an earlier one.
"""

from __future__ import annotations

import asyncio
from types import TracebackType

__all__ = ["Patience"]


class Patience:
    """Of one event loop. ``with patience.within(seconds)`` raises ``TimeoutError`` as ``asyncio.timeout`` does."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._waits: dict[_Wait, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0

    def within(self, seconds: float) -> _Wait:
        """A context in which one task awaits."""
        return _Wait(self, self.loop.time() + seconds)

    def add(self, wait: _Wait) -> None:
        """It begins."""
        self._waits[wait] = None
        if self._timer is None or wait.until < self._timer_at:
            self._set(wait.until)

    def discard(self, wait: _Wait) -> None:
        """It is over."""
        self._waits.pop(wait, None)

    def _set(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self.loop.call_at(at, self._look)

    def _look(self) -> None:
        """End what is overdue, and be woken again for the next that will be."""
        self._timer = None
        now = max(self.loop.time(), self._timer_at)
        for wait in [wait for wait in self._waits if wait.until <= now]:
            del self._waits[wait]
            wait.end()
        if self._waits:
            self._set(min(wait.until for wait in self._waits))


class _Wait:
    """One wait; used once."""

    __slots__ = ("_cancelling", "_expired", "_patience", "_task", "until")

    def __init__(self, patience: Patience, until: float) -> None:
        self._patience = patience
        self.until = until
        """When it must be over, by the loop's time."""
        self._expired = False

    def __enter__(self) -> None:
        task = asyncio.current_task(self._patience.loop)
        if task is None:
            raise RuntimeError("nothing can be waited for outside of a task")
        self._task = task
        self._cancelling = task.cancelling()
        self._patience.add(self)

    def end(self) -> None:
        """The time is over."""
        self._expired = True
        self._task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patience.discard(self)
        # Somebody else may have cancelled the task too; then it is cancelled, whatever the time is.
        if self._expired and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
