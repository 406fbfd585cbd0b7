"""A clock that moves when it is told to."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from datetime import UTC, datetime, timedelta

from leadgen_core.clock import Clock

__all__ = ["QuickClock", "VirtualClock"]

_TURNS = 50
"""Turns of the event loop that are given to tasks before time moves on: enough for any chain of awaits here."""


class VirtualClock(Clock):
    """``sleep`` waits for :meth:`advance`; ``monotonic`` and ``now`` move together from ``start``."""

    def __init__(self, start: datetime | None = None, seed: int = 0) -> None:
        self._start = start or datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)
        self._time = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        super().__init__(monotonic=lambda: self._time, sleep=self._sleep, rng=random.Random(seed))  # noqa: S311

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._time)

    @property
    def sleeping(self) -> int:
        """How many are asleep now."""
        return sum(not future.done() for _, _, future in self._sleepers)

    async def _sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._time + seconds, next(self._order), future))
        await future

    async def settle(self) -> None:
        """Let every task run until it waits for time or for another task."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Move time on by ``seconds``, waking each sleeper at its moment."""
        end = self._time + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            moment, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self._time = max(self._time, moment)
            future.set_result(None)
            await self.settle()
        self._time = end
        await self.settle()


class QuickClock(VirtualClock):
    """Nobody waits: a ``sleep`` moves the time on by itself. For one thing that happens after the other.

    :meth:`advance` moves the time too. ``waits`` lists what was slept, in seconds.
    """

    def __init__(self, start: datetime | None = None, seed: int = 0) -> None:
        super().__init__(start, seed)
        self.waits: list[float] = []

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._time += max(0.0, seconds)
        await asyncio.sleep(0)
