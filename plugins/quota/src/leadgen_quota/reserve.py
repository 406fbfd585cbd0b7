"""A reserved share: places of each window that are kept for one plugin, and let go where it does not want them.

At the beginning of a window the whole share is kept. What its plugin has not taken is released to all evenly in the
course of the window, the last of it after nine tenths, so nothing is idle at the end. Until the end of a window is
known the whole share is kept. (The other way, lending it at once and reclaiming it in the next window, would leave
a plugin that begins late with nothing, and that is what a reserve is for.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from leadgen_quota.window import WindowState

__all__ = ["Reserve"]

_RELEASED = 0.9


class Reserve:
    """``shares``: by plugin the part of a window, less than 1 together."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        self.shares = dict(shares)

    def kept_from(self, plugin: str, window: WindowState, now: float) -> int:
        """How many places of this window are kept for others."""
        return sum(
            self._kept(unused, window, now) for other, unused in self._unused(window) if other != plugin and unused > 0
        )

    def released(self, windows: Sequence[WindowState], now: float) -> Iterator[float]:
        """When the next place of each share is let go."""
        for window in windows:
            if not window.settled or math.isinf(window.end):
                continue
            left, span = self._left(window, now)
            for _, unused in self._unused(window):
                kept = self._kept(unused, window, now) if unused > 0 else 0
                if kept > 0:
                    # A hair later, so that rounding cannot keep it once more.
                    yield now + left - (kept - 1) * span / unused + 1e-6

    def _unused(self, window: WindowState) -> Iterator[tuple[str, int]]:
        for plugin, share in self.shares.items():
            yield plugin, math.floor(share * window.allowed) - window.took.get(plugin, 0)

    def _left(self, window: WindowState, now: float) -> tuple[float, float]:
        """Seconds until all is released, and from the beginning until then."""
        return window.end - window.length * (1 - _RELEASED) - now, window.length * _RELEASED

    def _kept(self, unused: int, window: WindowState, now: float) -> int:
        if not window.settled or math.isinf(window.end):
            return unused
        left, span = self._left(window, now)
        return min(unused, max(0, math.ceil(unused * left / span)))
