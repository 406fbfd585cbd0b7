"""One window of one quota: how many places are left in it, and when it is over.

The register (companies-house.md §1.2) keeps fixed windows: one opens with the first request after the end of the
previous, and lasts ``length`` seconds. Each answer says how many requests are left and when the window ends.

**Places.** What the server has counted is known from the answer that told the least remaining. Requests of ours
that it may not have counted when it said so are those in flight, and those that were lost (sent, never answered)
since that answer's request was sent; all others have been counted. So

    places = limit - counted - in flight - lost since

never lets one request too many go, whatever the order of answers, and it needs no guess about others who use the
same key: they are in ``counted``. Where the server says nothing, our own count stands for it.

**End.** The true end is not known, but bounded from above by each of these:

- *own clock*: the first answer that told of this window arrived at ``a``; the window was open by then, so it ends
  by ``a + length``. Late by the answer's way back where we opened the window ourselves.
- *the server's*: an answer that arrives at ``a`` with ``Date`` D and reset R: the window ends by ``a + (R - D)``,
  plus the second that truncating R may hide (truncating D only makes this later). Late by up to 2 s at first, but
  with the least ``a - D`` over many answers late by 1 s at most.

The end is taken as the lesser of the two. Should the first request after it find the old window still open (the
server then repeats the old reset), the rule is not what it says, such as windows rounded up to whole seconds: the old
window is counted on, and from then on the later of the two is taken.
"""

from __future__ import annotations

import math
from collections import deque

from attrs import Factory, define, field

from leadgen_core import Window

__all__ = ["Heard", "WindowState"]

_SECOND = 1.0
"""What a time in whole seconds may hide."""
_DRIFT = 1e-4
"""How much faster than ours a server's clock may tick."""
_BUCKETS = 400
"""Parts of a window in which the times of our own answers are kept."""
_TOPS = 256
_SILENCE = 3
"""After so many answers without a statement, a server that used to make one is taken to have stopped."""


@define(eq=False, repr=False)
class Heard:
    """An answer, as far as the quota goes. Ticks count grants, sends and losses of one meter."""

    granted: int
    """The tick at which its permit was granted."""
    sent: int
    """The tick at which the request was sent."""
    now: float
    """When the answer came, in seconds of the monotonic clock."""
    tick: int
    server_time: float
    """The answer's ``Date``."""
    in_flight: int
    """Permits that are out now, without this one."""
    refused: bool = False
    live: bool = True
    """Its permit was out until now; not so when it had been given up as lost."""


@define(eq=False, repr=False)
class WindowState:
    """What is known of one window and of the rule behind it. Times are of the monotonic clock, in seconds."""

    limit: int
    length: float
    cap: int | None = None
    told: bool = False
    """The server has stated this window at least once."""
    settled: bool = False
    """An answer has told how the current period stands; until then one request alone, the pilot, may ask."""
    counted: int | None = None
    """The most that the server said it had counted in this period; None: it said nothing."""
    mark: int = 0
    """The tick at which the request that told ``counted`` was sent."""
    spent: int = 0
    """Our own requests that may have been counted in this period, those in flight included."""
    opened: int = 0
    """The tick at which this period began."""
    end: float = math.inf
    """When the period is over; infinite while that is not known."""
    reset: float | None = None
    """The latest stated end, by the server's clock."""
    silent: int = 0
    """Answers in a row that said nothing of this window."""
    sliding: bool = False
    """Places came back before the end of a period."""
    took: dict[str, int] = Factory(dict)
    """Permits of this period by plugin."""
    _careful: bool = field(default=False, init=False)
    _bounded: bool = field(default=False, init=False)
    _own: float = field(default=math.inf, init=False)
    _stated_end: float = field(default=math.inf, init=False)
    _limit_tick: int = field(default=0, init=False)
    _before: int | None = field(default=None, init=False)
    """``counted`` of the period before."""
    _skew: float = field(default=math.inf, init=False)
    """How far our clock is ahead of theirs, at most: from the answer that came soonest after its ``Date``."""
    _skew_at: float = field(default=0.0, init=False)
    _heard: int = field(default=0, init=False)
    """The tick at which ``counted`` was heard."""
    _tops: deque[tuple[int, int, float | None]] = field(factory=deque, init=False)
    """What answers told: (tick at which it was heard, count, reset), each count less than the one before it."""
    _log: deque[tuple[float, float]] = field(factory=deque, init=False)
    """Of our own requests when they were sent and answered: they were counted in between."""

    @property
    def allowed(self) -> int:
        """Calls in a window: the server's limit under the operator's cap."""
        return self.limit if self.cap is None else min(self.limit, self.cap)

    def places(self, in_flight: int, lost_since_mark: int) -> int:
        """How many more requests may be sent in this period; 0 or less: none."""
        if not self.settled:
            return max(1, self.allowed) - self.spent
        if self.counted is None:
            return self.allowed - self.spent
        free = self.limit - self.counted - in_flight - lost_since_mark
        return free if self.cap is None else min(free, self.cap - self.spent)

    def roll(self, tick: int, in_flight: int) -> None:
        """Begin a new period. What is in flight may be counted in it."""
        self._before = self.counted
        self.settled = self._bounded = False
        self.counted = None
        self.spent = in_flight
        self.opened = tick
        self.end = math.inf
        self.took.clear()

    def unclear(self, now: float) -> None:
        """A request has ended and the period may still not be settled. It ends all the same: else, with every
        place spent on requests that told nothing, nobody could ever ask again."""
        if not self.settled:
            self.end = min(self.end, now + self.length + self._margin())

    def hush(self, heard: Heard) -> None:
        """An answer said nothing of this window: the rule and our own clock are all there is."""
        if self.told:
            # A proxy's error page, most likely. The next request may hear more, so nobody else goes yet.
            self.silent += 1
            if self.silent < _SILENCE:
                return
        if not self.settled and heard.granted > self.opened:
            self.settled = True
            self.end = heard.now + self.length + self._margin()

    def tell(self, stated: Window, heard: Heard) -> None:
        """Take in what an answer said of this window."""
        self._top(stated, heard)
        step = None if stated.resets_at is None or self.reset is None else stated.resets_at - self.reset
        half = self.length / 2
        fresh = heard.granted > self.opened
        still_open = False
        if step is None:
            if not fresh:
                return  # it cannot be said which period this answer is from
        elif step >= half:
            if self.settled:
                self.roll(heard.tick, heard.in_flight + 1)
        elif step <= -half or not (self.settled or fresh):
            if heard.live and not fresh:
                self.spent -= 1  # it was counted in the period before
            return
        elif not self.settled:
            # The first request after our end of the period, and the server is still in it: we were early.
            if self._before is not None and stated.remaining is not None:
                # A request that was let through is one more; where it is not, places have come back.
                least = self._before if heard.refused else self._before + 1
                if stated.limit - stated.remaining < least:
                    self._slide(heard)
            still_open = abs(step) <= _SECOND and not self.sliding
        self.told = True
        self.settled = True
        self.silent = 0
        self._count(stated, heard)
        self._bound(stated, heard, still_open)

    def _count(self, stated: Window, heard: Heard) -> None:
        changed = stated.limit != self.limit
        if changed and stated.limit > self.limit and heard.sent <= self._limit_tick:
            return  # sent before the lower limit was heard of: old news
        if changed:
            self.limit = stated.limit
            self._limit_tick = heard.tick
        if stated.remaining is None:
            return
        count = _told(stated.remaining, stated.limit)
        known = self.counted
        since: tuple[int, int, float | None] = (heard.tick, count, None)
        if self._tops and self._tops[0][1] > count:
            # What was heard since this request was sent may be newer than what it tells.
            since = next((top for top in self._tops if top[0] >= heard.sent and top[1] > count), since)
        fell = known is not None and since[1] < known and heard.sent > self._heard
        if fell and not changed:
            self._slide(heard)
        if known is None or fell:
            self._heard, self.counted, _ = since
            self.mark = heard.sent
        elif changed or count > known or (count == known and heard.sent > self.mark):
            self.counted = count
            self.mark = heard.sent
            self._heard = heard.tick

    def _top(self, stated: Window, heard: Heard) -> None:
        """Remember what is told. Of two periods only the later counts."""
        if stated.remaining is None:
            return
        tops, reset, count = self._tops, stated.resets_at, _told(stated.remaining, stated.limit)
        if tops and reset is not None and (last := tops[-1][2]) is not None and last != reset:
            if reset - last >= self.length / 2:
                tops.clear()
            elif last - reset >= self.length / 2:
                return
        while tops and tops[-1][1] <= count:
            tops.pop()
        tops.append((heard.tick, count, reset))
        if len(tops) > _TOPS:
            tops.popleft()

    def _slide(self, heard: Heard) -> None:
        """The reset is not over, and places have come back."""
        if self._careful:
            self._own = heard.now + self.length  # the one that is known is of an earlier period
        self.sliding, self._careful = True, False

    def note(self, sent_at: float, now: float) -> None:
        """One of our own requests was counted between these, and leaves a sliding window a length later."""
        log = self._log
        if not log or sent_at - log[-1][0] >= self.length / _BUCKETS:
            log.append((sent_at, now))
        while log and log[0][0] + self.length <= now:
            log.popleft()

    def _bound(self, stated: Window, heard: Heard, still_open: bool) -> None:
        first = not self._bounded
        if first:
            self._bounded = True
            if still_open:
                self._careful = True
            else:
                self._own = heard.now + self.length
            self._stated_end = math.inf
        if stated.resets_at is not None:
            drift = (heard.now - self._skew_at) * _DRIFT
            self._skew = min(heard.now - heard.server_time, self._skew + drift)
            self._skew_at = heard.now
            end = self._skew + stated.resets_at + _SECOND
            if first or self.reset is None or stated.resets_at > self.reset:
                # A later reset is the newer word: where windows slide, the place of the earlier is taken again.
                self.reset, self._stated_end = stated.resets_at, end
            elif stated.resets_at == self.reset:
                self._stated_end = min(self._stated_end, end)
        end = min(self._own, self._stated_end)
        if self._careful and self._own - 2 * _SECOND < self._stated_end < math.inf:
            # Rounding makes the two differ by a second or two; a reset much sooner is of a window that others opened.
            end = max(self._own, self._stated_end)
        if self.sliding and self._log:
            # The first that had not left yet when this answer came (the others are gone from the log).
            end = min(end, self._log[0][1] + self.length)
        self.end = end + self._margin()

    def _margin(self) -> float:
        """For two clocks that do not tick alike: 100 parts in a million, and 10 ms."""
        return min(0.1, 0.01 + self.length * 1e-4)


def _told(remaining: int, limit: int) -> int:
    """What the server has counted, as it says."""
    return limit - remaining if 0 <= remaining <= limit else limit if remaining < 0 else 0
