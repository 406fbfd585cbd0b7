"""What exactly is left while all processes are with Redis and the server states its one window in each answer.

Nothing here is taken from the limiter: it counts what the callers did, by the rules of the plugin's README.
"""

from __future__ import annotations

import math

from attrs import define

__all__ = ["Ledger"]

_ROUNDED = 2.2
"""Seconds by which the end of a window that somebody else has opened may be known too late: two times in whole seconds,
and the margin."""
_LONGEST_PAUSE = 60.0


@define
class Ledger:
    """Times in seconds of the loop. Grants are numbered, so that it is known which came after a refusal."""

    limit: int
    told: int | None = None
    """What the server said it has counted in this window; None: one request alone is to ask."""
    lost: int = 0
    """Sent without an answer since: the server may have counted them, too."""
    ends: tuple[float, float] = (-math.inf, -math.inf)
    """Between these the window ends."""
    paused_until: tuple[float, float] = (-math.inf, -math.inf)
    """Between these the pause ends."""
    paused_at: int = 0
    """How many permits were granted before the last refusal."""
    strikes: int = 0
    probing: bool = False
    """After a refusal one request alone goes ahead, until it has an answer."""
    placed: bool = False
    """A window was told of since the state began, so it can be said of an old answer what it is about."""
    unclear_at: float = math.inf
    """Until then, when none was told of yet: when a request first told nothing. A length later the window is over."""
    blind: bool = False
    """Whether an answer was taken for one about this window or an earlier one cannot be known from outside."""

    def turns(self, now: float) -> bool:
        """Whether the window may or may not be over."""
        return self.told is not None and self.ends[0] <= now <= self.ends[1]

    def over(self, now: float) -> bool:
        """Whether the window is over for certain."""
        return self.told is not None and now > self.ends[1]

    def roll(self) -> None:
        """One request is to open the next window. What was lost may have been so in this one already."""
        self.told = None

    def alone(self, now: float) -> bool | None:
        """Whether who is granted a permit now goes ahead alone; None: that cannot be said."""
        if self.blind:
            return None
        if self.probing or self.told is None or self.over(now):
            return True
        return None if self.turns(now) else False

    def free(self, out: int) -> int:
        """Places, when so many permits are out."""
        return self.limit - (self.told or 0) - self.lost - out

    def heard(self, now: float, age: float, count: int, window_ends: float, length: float, *, adopted: bool) -> None:
        """An answer, and the age of its permit. ``adopted``: that is older than the state."""
        if adopted and not self.placed:
            self.lose(now)  # of which window it tells nobody knows any more
            return
        self.blind = not self.placed and now >= self.unclear_at + length and age > 0
        if self.blind:
            return
        self.placed, self.told, self.lost = True, count, 0
        self.ends = (window_ends, window_ends + _ROUNDED)

    def lose(self, now: float, count: int = 1) -> None:
        """Sent, and nothing was told."""
        self.lost += count
        self.unclear_at = min(self.unclear_at, now)

    def answered(self, number: int) -> None:
        """It was let through."""
        if number > self.paused_at:
            self.strikes, self.probing = 0, False

    def refused(self, now: float, number: int, granted: int, retry_after: float | None) -> None:
        """429: until the server wants to hear of us again, or the window ends; if that fails for longer each time."""
        first = number > self.paused_at
        self.strikes += first
        till = self.ends if retry_after is None else (now + retry_after, now + retry_after)
        unknown = retry_after is None and (self.told is None or now >= self.ends[1])
        if first and (unknown or self.strikes > 1):
            growing = now + min(_LONGEST_PAUSE, 2.0 ** min(self.strikes - 1, 6))
            till = (growing, growing) if unknown else (max(till[0], growing), max(till[1], growing))
        elif unknown:
            till = self.paused_until
        if self.blind and retry_after is None:
            till = (-math.inf, now + _LONGEST_PAUSE)
        self.paused_until = (max(self.paused_until[0], till[0]), max(self.paused_until[1], till[1]))
        self.paused_at, self.probing = granted, True

    def forgotten(self, now: float, granted: int) -> None:
        """The state is gone. What is known of the pause is not."""
        self.roll()
        self.lost, self.unclear_at, self.blind = 0, now, False
        self.placed, self.strikes, self.paused_at, self.probing = False, 0, granted, False
