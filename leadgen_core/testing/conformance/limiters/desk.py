"""Callers at a limiter, one by one, and what the server says to them."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from leadgen_core.contracts.api import Window
from leadgen_core.contracts.protocols import Meter, Permit, Priority, Wish
from leadgen_core.testing.conformance.check import Broken
from leadgen_core.testing.conformance.stage import Stage

__all__ = ["EPOCH", "SERVER", "Desk"]

EPOCH = 1_769_778_862.0
SERVER = 3_600.0
"""Seconds by which the server's clock is ahead of ours: times of answers are times by the server's clock."""
_AT_ONCE = 0.2
"""Seconds in which somebody who need not wait has his permit."""

Waiter = asyncio.Future[Permit]


class Desk:
    """One meter of one limiter. ``length`` is that of its window in seconds."""

    def __init__(self, stage: Stage, limit: int = 10, cap: int | None = None) -> None:
        self.stage = stage
        self.limiter: Any = stage.make()
        self.limit = limit
        self.length = 300.0 if stage.virtual else 3.0
        self.meter = Meter("api", stage.token, (Window(limit, self.length),), cap)
        self._ends = math.inf

    @property
    def server_time(self) -> float:
        """What ``Date`` says: whole seconds."""
        return float(math.floor(self._exact()))

    def _exact(self) -> float:
        return EPOCH + SERVER + self.stage.clock.monotonic()

    async def ask(
        self, count: int = 1, *, meter: Meter | None = None, priority: Priority = Priority.BULK
    ) -> list[Waiter]:
        """So many more who ask, each after the other; whoever need not wait has his permit then."""
        wish = Wish("conformance", priority)
        waiters = [self.stage.start(self.limiter.acquire(meter or self.meter, wish)) for _ in range(count)]
        await self.stage.advance(_AT_ONCE)
        return waiters

    async def granted(self, waiters: list[Waiter], seconds: float = 0.0) -> list[Permit]:
        """The permits of those who have one within ``seconds``; then the others are still waiting."""
        waited = 0.0
        while waited < seconds and not all(waiter.done() for waiter in waiters):
            step = min(0.5 if self.stage.virtual else 0.1, seconds - waited)
            await self.stage.advance(step)
            waited += step
        return [waiter.result() for waiter in waiters if waiter.done() and not waiter.cancelled()]

    async def one(self, because: str, seconds: float = 0.0) -> Permit:
        """A permit for one who asks now. ``Broken`` when he has none within ``seconds``."""
        permits = await self.granted(await self.ask(), seconds)
        if not permits:
            raise Broken(because)
        return permits[0]

    def says(self, remaining: int, *, limit: int | None = None, ends_in: float | None = None) -> list[Window]:
        """What the server says of its window, which ends ``ends_in`` seconds from now (else: when it was to end)."""
        if ends_in is not None:
            self._ends = self._exact() + ends_in
        return [Window(self.limit if limit is None else limit, self.length, remaining, float(math.floor(self._ends)))]

    async def answer(self, permit: Permit, windows: list[Window]) -> None:
        """The request is sent and answered."""
        permit.sent()
        permit.answered(windows, self.server_time)
        await self.stage.advance(_AT_ONCE)

    async def begin(self, remaining: int, *, limit: int | None = None) -> None:
        """The first request of a window has been answered: so many are left in it."""
        first = await self.one("nobody has asked before, and the first does not get a permit")
        await self.answer(first, self.says(remaining, limit=limit, ends_in=self.length))

    async def over(self) -> None:
        """The window is over, with time enough to see it."""
        await self.stage.advance(1.05 * self.length + (3.0 if self.stage.virtual else 1.5))
