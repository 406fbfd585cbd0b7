"""The register's quota: a fixed window per credential that the first call after the last reset opens (§1.2)."""

from __future__ import annotations

import math
from collections.abc import Callable

from attrs import define, frozen

__all__ = ["Quota", "Standing"]


@frozen
class Standing:
    """Where a credential stands after one call. ``reset``: epoch seconds; ``over``: the call was one too many."""

    limit: int
    remain: int
    reset: int
    over: bool


@define
class _Window:
    end: float = -math.inf
    used: int = 0


class Quota:
    """Counts calls. ``length`` is in seconds of ``now``.

    Whole lengths end on a whole second, as recorded (first call 11:04:52, reset 11:09:52). A fraction ends when
    it ends and its ``reset`` is rounded up: who waits until ``reset`` is in the next window.
    """

    def __init__(self, limit: int, length: float, now: Callable[[], float]) -> None:
        self.limit = limit
        self.length = length
        self.refused = 0
        self._now = now
        self._windows: dict[str, _Window] = {}

    def spend(self, credential: str) -> Standing:
        """Count one call. A refused call is not counted: the window is full already."""
        now = self._now()
        window = self._windows.setdefault(credential, _Window())
        if now >= window.end:
            whole = self.length == int(self.length)
            window.end = math.floor(now) + self.length if whole else now + self.length
            window.used = 0
        over = window.used >= self.limit
        if over:
            self.refused += 1
        else:
            window.used += 1
        return Standing(self.limit, max(0, self.limit - window.used), math.ceil(window.end), over)

    def used(self, credential: str) -> int:
        """Calls counted in the window that is open now, 0 when none is."""
        window = self._windows.get(credential)
        return window.used if window is not None and self._now() < window.end else 0

    def forget(self) -> None:
        """As if nobody had called yet."""
        self._windows.clear()
        self.refused = 0

    @property
    def label(self) -> str:
        """``x-ratelimit-window``: ``5m``."""
        return f"{int(self.length // 60)}m" if self.length and self.length % 60 == 0 else f"{self.length:g}s"
