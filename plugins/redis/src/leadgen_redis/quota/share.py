"""One process without Redis: its fair share of the quota, until Redis is back.

Nobody knows what the others do, so each takes an equal part of what the server allows and no more:

- *The window that was open when Redis was lost.* Its end is known from before. What was granted until then is given
  time to be counted. Then one request goes ahead, if there was room, and of what its answer says is left this process
  takes its part, once: as what is left only falls, the parts together are never more than that. A server that says
  nothing is asked nothing until the end of that window.
- *After that*: in any time of the window's length at most limit / processes requests. Such a share holds whatever the
  phase of the server's windows is, and whether they slide.

Where Redis has never been there (``blank``), nothing was granted before: one request goes ahead at once, and where its
answer says nothing of the quota, the share holds from then on.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from attrs import Factory, define

from leadgen_core import Clock, Window

__all__ = ["Known", "Share"]

_SECOND = 1.0
_LONGEST_PAUSE = 60.0
_MARGIN = 0.1


@define
class Known:
    """What the shared state said of a window last; ``ends`` by the monotonic clock, None: not known."""

    limit: int
    length: float
    left: int
    ends: float | None
    told: bool


@define(eq=False)
class _Part:
    """This process's part of one window."""

    limit: int
    length: float
    fence: float
    """Until then the window may be the one that was open when Redis was lost."""
    pilot: bool
    """Whether one request may go before the fence, to learn how the window stands."""
    left: int | None = None
    """What may still be sent before the fence; None: not known."""
    full_until: float = 0.0
    blank: bool = False
    ended: deque[float] = Factory(deque)


class Share:
    """May this process send now? Times are of the monotonic clock, in seconds."""

    def __init__(
        self,
        known: Sequence[Known],
        cap: int | None,
        processes: int,
        clock: Clock,
        settle: float,
        *,
        blank: bool = False,
        paused_until: float = -math.inf,
    ) -> None:
        now = clock.monotonic()
        self._settled_at = now if blank else now + settle
        self._clock = clock
        self._cap = cap
        self._processes = max(1, processes)
        self._parts = []
        for window in known:
            # Of a window that began since the last word from the others nothing is known.
            fresh = window.ends is not None and window.ends > now
            fence = window.ends if window.ends is not None and fresh else now + window.length
            pilot = blank or (fresh and window.told and window.left >= self._processes)
            self._parts.append(_Part(window.limit, window.length, fence + _MARGIN, pilot, blank=blank))
        self.paused_until = paused_until
        self._strikes = 0
        self.in_flight = 0
        self.used = 0
        """Requests that were granted here, for the shared state to count."""

    def _allowed(self, part: _Part) -> tuple[int, float]:
        """So many requests in so many seconds."""
        limit = part.limit if self._cap is None else min(part.limit, self._cap)
        share = limit // self._processes
        return (share, part.length) if share else (1, part.length * self._processes / max(1, limit))

    def take(self) -> bool:
        """A place, if there is one now."""
        now = self._clock.monotonic()
        if now < self.paused_until or not all(self._free(part, now) for part in self._parts):
            return False
        for part in self._parts:
            if now < part.fence:
                part.pilot = False
                if part.left is not None:
                    part.left -= 1
        self.in_flight += 1
        self.used += 1
        return True

    def _free(self, part: _Part, now: float) -> bool:
        share, length = self._allowed(part)
        while part.ended and part.ended[0] + length + _MARGIN <= now:
            part.ended.popleft()
        if self.in_flight + len(part.ended) >= share or now < part.full_until:
            return False
        if now >= part.fence:
            return True
        return part.pilot and now >= self._settled_at if part.left is None else part.left > 0

    def end(self, *, unsent: bool) -> None:
        """One that was granted here is over. ``unsent``: it was never sent."""
        now = self._clock.monotonic()
        self.in_flight -= 1
        if unsent:
            self.used -= 1
        for part in self._parts:
            if not unsent:
                part.ended.append(now)
            elif now < part.fence and part.left is not None:
                part.left += 1
            elif now < part.fence:
                part.pilot = True

    def hear(self, windows: Sequence[Window], server_time: float, *, own: bool) -> None:
        """What an answer says of the quota. ``own``: its request was granted here, after Redis was lost."""
        now = self._clock.monotonic()
        lengths = {stated.length for stated in windows}
        for unsaid in self._parts:
            if unsaid.blank and own and unsaid.length not in lengths:
                unsaid.fence, unsaid.blank = now, False
        for stated in windows:
            part = next((part for part in self._parts if part.length == stated.length), None)
            if part is None:
                part = _Part(stated.limit, stated.length, now + stated.length + _MARGIN, pilot=False)
                self._parts.append(part)
            part.limit = stated.limit
            ends = math.inf if stated.resets_at is None else now + stated.resets_at - server_time + _SECOND
            part.fence = min(part.fence, ends + _MARGIN) if now < part.fence else part.fence
            if stated.remaining is None:
                continue
            if own and now < part.fence and part.left is None:
                # Less the one that has gone ahead: the others' may not have been counted yet.
                part.left = stated.remaining // self._processes - 1
            if stated.remaining <= 0:
                part.full_until = min(ends, now + stated.length) + _MARGIN
        self._strikes = 0

    def pause(self, seconds: float | None) -> None:
        """A refusal: nothing for so long, or for 1, 2, 4 ... seconds."""
        self._strikes += 1
        growing = min(_LONGEST_PAUSE, 2.0 ** min(self._strikes - 1, 6))
        if seconds is not None:
            growing = seconds if self._strikes == 1 else max(seconds, growing)
        self.paused_until = max(self.paused_until, self._clock.monotonic() + growing)

    def next(self) -> float:
        """Seconds until time alone may make room; infinite if only an answer can."""
        now = self._clock.monotonic()
        moments = [self.paused_until, self._settled_at]
        for part in self._parts:
            moments += [part.fence, part.full_until]
            if part.ended:
                moments.append(part.ended[0] + self._allowed(part)[1] + _MARGIN)
        return min((moment - now for moment in moments if moment > now), default=math.inf)
