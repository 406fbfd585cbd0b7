"""The quota: a fixed window that the first call after the last one's end opens (companies-house.md §1.2)."""

from __future__ import annotations

import math
from collections.abc import Callable

from attrs import frozen

__all__ = ["FixedWindow", "Standing"]


@frozen
class Standing:
    """Where the key stands after a call. ``reset`` is in epoch seconds; ``over``: this call was one too many."""

    remain: int
    reset: int
    over: bool


class FixedWindow:
    """``limit`` calls in ``length`` seconds; of the first window ``phase`` seconds are over when its first call comes.

    A window ends on the whole second that its headers state, never later: recorded are a first call at 11:04:52 and
    a reset at 11:09:52. So a window of 2.5 s lasts 1.5 to 2.5 s, and none ends in the second in which it began.
    """

    def __init__(
        self, limit: int, length: float, *, phase: float, now: Callable[[], float], monotonic: Callable[[], float]
    ) -> None:
        self.limit = limit
        self.label = _label(length)
        self._length = length
        self._over_already = phase
        self._now = now
        self._monotonic = monotonic
        self._ends = -math.inf
        self._reset = -math.inf
        self._used = 0

    def spend(self) -> Standing:
        """Count one call. One that is refused uses nothing up: there is nothing left.

        The window is measured on the monotonic clock, but who waits for the stated reset by the server's own clock is
        never refused, even where the two clocks drift apart.
        """
        now, instant = self._now(), self._monotonic()
        if instant >= self._ends or now >= self._reset:
            self._reset = max(math.floor(now) + 1, math.floor(now + self._length - self._over_already))
            self._over_already = 0.0
            self._ends = instant + (self._reset - now)
            self._used = 0
        over = self._used >= self.limit
        if not over:
            self._used += 1
        return Standing(self.limit - self._used, int(self._reset), over)


def _label(length: float) -> str:
    """``x-ratelimit-window``: ``5m`` as recorded; shortened windows in whole seconds."""
    seconds = max(1, math.ceil(length))
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"
