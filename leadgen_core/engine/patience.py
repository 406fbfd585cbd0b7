"""Patience: how long a source may take of its own time, kept for all answers of a run by one timer.

A timer for each answer, stopped and started around each of its questions, would cost more than the questions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

__all__ = ["LATE", "Patience", "Stopwatch"]

LATE = 1.0
"""Seconds that an answer which took too long gets to end by itself."""
_STEP = 0.05
"""Share of the allowed time that an answer may be over it before that is noticed."""


class Stopwatch:
    """One answer's own time, in seconds of the loop's clock. It stands still while :meth:`pause` holds it."""

    __slots__ = ("_asking", "_loop", "_since", "_spent", "cancelling", "expired", "expired_at", "late", "task")

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asking = 0
        self._since = 0.0
        self._spent = 0.0
        self.task: asyncio.Task[object] | None = None
        self.cancelling = 0
        self.expired_at = 0.0
        self.late: Callable[[], object] | None = None
        """Called :data:`LATE` seconds after that: it may not have heeded it."""
        self.expired = False
        """It took too long, and its task was cancelled for that."""

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on time counts."""
        self._loop = loop
        self._since, self._spent = loop.time(), 0.0

    def pause(self) -> None:
        """Others work; may be nested."""
        self._asking += 1
        if self._asking == 1 and self._loop is not None:
            self._spent += self._loop.time() - self._since

    def resume(self) -> None:
        """The end of one :meth:`pause`."""
        self._asking -= 1
        if self._asking == 0 and self._loop is not None:
            self._since = self._loop.time()

    def spent(self, now: float) -> float:
        """Seconds so far."""
        return self._spent if self._asking else self._spent + now - self._since

    def overdue(self, grace: float) -> bool:
        """Whether it was cancelled so many seconds ago and has not heeded it."""
        return self.expired and self._loop is not None and self._loop.time() - self.expired_at >= grace

    @property
    def paused(self) -> bool:
        """Whether time stands still."""
        return self._asking > 0


class Patience:
    """Cancels the task of an answer that has taken more than ``seconds`` of its own time, 5 % late at most.

    Of one event loop.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._watches: set[Stopwatch] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, watch: Stopwatch) -> None:
        """Watch the answer that the current task gives. :meth:`end` must follow."""
        if (loop := self._loop) is None:
            loop = self._loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("an answer is given by a task")
        watch.task = task
        watch.cancelling = task.cancelling()
        watch.start(loop)
        self._watches.add(watch)
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look, loop)

    def end(self, watch: Stopwatch) -> bool:
        """Whether it took too long and nobody else has cancelled its task: the cancellation is then taken back."""
        self._watches.discard(watch)
        task, watch.task = watch.task, None
        return watch.expired and task is not None and task.uncancel() <= watch.cancelling

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._watches:
            self._timer = None
            return
        now = loop.time()
        least = self._seconds
        for watch in list(self._watches):
            left = self._seconds - watch.spent(now)
            if left > 0:
                least = min(least, left)
            elif not watch.paused and not watch.expired and watch.task is not None:
                watch.expired, watch.expired_at = True, now
                self._watches.discard(watch)  # it may never end
                watch.task.cancel()
                if watch.late is not None:
                    loop.call_later(LATE * (1 + _STEP), watch.late)
        # Who is paused may go on at any moment, so what it has left is waited for too.
        self._timer = loop.call_later(max(least, self._seconds * _STEP), self._look, loop)
