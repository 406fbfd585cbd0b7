"""Door: how many requests of one API are under way, and for an API whose quota nobody knows, how many it can take.

The rule is additive increase, multiplicative decrease, on errors and on latency. One *round* is as many answers as
may be under way (at least five). A round's fastest answer stands for it, since a queue delays even that one, while
slow answers come from anything. When it takes twice as long as the fastest of the last rounds, there is a queue.
"""

from __future__ import annotations

import asyncio
from heapq import heapify, heappop, heappush

from leadgen_core.gateway.order import place

__all__ = ["Door", "OutageError"]

_FIRST = 1
"""Requests under way at first: the best latency is that of an API which does nothing else."""
_LEAST_ROUND = 5
_QUEUED = 2.0
"""A round this many times slower than the best has waited in a queue."""
_NOISE = 0.005
"""Seconds by which a round may be slower on any machine."""
_BACK = 0.45
"""What remains after a queue was seen: less than half, so that it drains and the best latency shows again."""
_HALF = 0.5
"""What remains after an error."""
_PACE, _WARY = 1.0, 0.25
"""More requests in each round; and after an error, for it costs the API more than a queue does."""


class OutageError(Exception):
    """The breaker opened while a request waited at the door."""


class Door:
    """At most ``most`` requests at a time; the oldest company's go in first, and of one company who comes first.

    - ``adapts``: the number follows what the API can take, from 1 to ``most``, and begins small.
    - After an outage (:meth:`outage`) every API begins with one request and grows with each answer.

    Only while :attr:`watching` does it need to hear how requests ended.
    """

    def __init__(self, most: int, *, adapts: bool = False) -> None:
        self._most = most
        self._adapts = adapts
        self._limit = float(min(_FIRST, most) if adapts else most)
        self._starting = True
        """Slow start: one more with each answer, so twice as many in each round."""
        self._pace = _PACE
        self.watching = adapts
        self._inside = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        """A heap: the company's place in the order, a number in the order of coming."""
        self._came = 0
        self._cut_at = float("-inf")
        self._used = False
        """Whether so many were under way in this round as may be; without that its latency says nothing of more."""
        self._round: list[float] = []
        self._round_size = _LEAST_ROUND
        self._best: list[float] = []
        """The fastest of the last rounds, two generations of them, so that an API may become slower for good."""
        self._answers = 0

    @property
    def width(self) -> int:
        """Requests that may be under way now."""
        return int(self._limit)

    @property
    def inside(self) -> int:
        """Requests that are under way."""
        return self._inside

    def try_enter(self) -> bool:
        """Go in if there is room and nobody waits."""
        if self._inside >= int(self._limit) or self._queue:
            self._used = True
            return False
        self._inside += 1
        return True

    def slip_in(self) -> None:
        """Go in past everybody."""
        self._inside += 1

    async def enter(self) -> None:
        """Wait for the turn. Raises ``OutageError`` when the breaker opens meanwhile."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = self._loop.create_future()
        self._came += 1
        waiting = (place(), self._came, turn)
        heappush(self._queue, waiting)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.leave()  # we were let in, and went away
            elif waiting in self._queue:
                self._queue.remove(waiting)
                heapify(self._queue)
            raise

    def leave(self) -> None:
        """Make room."""
        self._inside -= 1
        if self._queue:
            self._admit()

    def _admit(self) -> None:
        while self._queue and self._inside < int(self._limit):
            _, _, turn = heappop(self._queue)
            if not turn.done():
                self._inside += 1
                turn.set_result(None)

    # --- how wide -----------------------------------------------------------------------------------------

    def quota_known(self) -> None:
        """The API states its quota: the limiter keeps to that, and nothing has to be found out."""
        if self._adapts:
            self._adapts = False
            self._open_wide()

    def outage(self, now: float) -> None:
        """The breaker has opened. Whoever waits is sent home; none may fall upon the API together when it is back."""
        self._limit = 1.0
        self._starting = True
        self._pace = _PACE
        self._cut_at = now
        self.watching = True
        self._begin_round()
        while self._queue:
            _, _, turn = heappop(self._queue)
            if not turn.done():
                turn.set_exception(OutageError())

    def answered(self, began: float, now: float, *, failed: bool) -> None:
        """A request that began at ``began`` (seconds of the monotonic clock) has ended ``now``."""
        if not self._adapts:
            if not failed:
                self._limit += 1
                if self._limit >= self._most:
                    self._open_wide()
                self._admit()
            return
        if failed:
            if began > self._cut_at:  # those that were under way together fail together: one cut for all
                self._pace = _WARY
                self._cut(now, _HALF)
            return
        if began <= self._cut_at:
            return  # it still stood in the queue for which the limit was cut
        if self._used or self._inside >= self.width:
            self._used = True
            self._limit = min(self._most, self._limit + (1.0 if self._starting else self._pace / self._limit))
        self._round.append(now - began)
        if len(self._round) >= self._round_size:
            self._judge(now)
            self._begin_round()
        self._admit()

    def _judge(self, now: float) -> None:
        """A round is over."""
        fastest = min(self._round)
        self._answers += len(self._round)
        if self._best and fastest > _QUEUED * min(self._best) + _NOISE:
            self._cut(now, _BACK)
            return
        if not self._best:
            self._best = [fastest]
        self._best[-1] = min(self._best[-1], fastest)
        # A generation outlasts the climb from one cut to the next, or a queue would become the new best.
        if self._answers > max(200, 2 * self.width**2):
            self._answers = 0
            self._best = [self._best[-1], fastest]

    def _cut(self, now: float, share: float) -> None:
        self._cut_at = now
        self._starting = False
        self._limit = max(1.0, self._limit * share)
        self._begin_round()

    def _begin_round(self) -> None:
        self._round.clear()
        self._round_size = max(_LEAST_ROUND, self.width)
        self._used = False

    def _open_wide(self) -> None:
        self._limit = float(self._most)
        self._starting = self.watching = False
        self._admit()
