"""The stage of a check: what the factory makes, closed at the end, and time that moves.

How an object gets its time: a factory that takes a keyword ``clock`` gets a :class:`leadgen_core.Clock`, one that
takes ``timer`` a function that gives monotonic seconds. Time then moves when a check says so, and hours cost nothing.
Whoever takes one promises that all of its time is by it. With neither, or with ``Samples.real_time``, checks wait for
real, and those that would need more than seconds are not made.
"""

from __future__ import annotations

import asyncio
import heapq
import inspect
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, TypeVar
from uuid import uuid4

from leadgen_core.clock import Clock
from leadgen_core.testing.clock import VirtualClock
from leadgen_core.testing.conformance.specimen import Specimen

__all__ = ["Stage", "staged"]

_T = TypeVar("_T")
_STEP = 0.05
"""Seconds between two looks at whether something has happened."""


class _Together(VirtualClock):
    """Wakes all who sleep until the same moment at once: simulations of hours with many callers need it."""

    async def advance(self, seconds: float) -> None:
        end = self._time + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._time = max(self._time, self._sleepers[0][0])
            while self._sleepers and self._sleepers[0][0] <= self._time:
                future = heapq.heappop(self._sleepers)[2]
                if not future.done():
                    future.set_result(None)
            await self.settle()
        self._time = end
        await self.settle()


class Stage:
    """Objects that the specimen's factory makes, all on one clock. ``token`` is new each time, for keys."""

    def __init__(self, specimen: Specimen) -> None:
        if specimen.spec is None:
            raise ValueError("a plugin as a whole has no factory")
        module, _, attribute = specimen.spec.factory.partition(":")
        self._specimen = specimen
        self._factory = getattr(import_module(module), attribute)
        self._made: list[Any] = []
        self._tasks: list[asyncio.Future[Any]] = []
        self.token = uuid4().hex
        self._takes = _parameters(self._factory)
        self._time = next((name for name in ("clock", "timer") if name in self._takes), None)
        self.virtual = self._time is not None and not specimen.samples.real_time
        self.clock: Clock = _Together() if self.virtual else Clock()

    def make(self, **changes: Any) -> Any:
        """Another object of the factory, on the stage's clock. It is closed when the check ends."""
        if not self.virtual:
            made = self._specimen.make(**changes)
        else:
            time = {str(self._time): self.clock if self._time == "clock" else self.clock.monotonic}
            takes_config = next(iter(self._takes)) != self._time
            made = self._factory(*([self._specimen.config(**changes)] if takes_config else []), **time)
        self._made.append(made)
        return made

    async def close(self, made: Any) -> None:
        """Close it now, as the engine does: once."""
        self._made = [other for other in self._made if other is not made]
        if hasattr(made, "aclose"):
            await made.aclose()

    async def advance(self, seconds: float) -> None:
        """Let so much time pass."""
        if isinstance(self.clock, VirtualClock):
            await self.clock.advance(seconds)
        else:
            await asyncio.sleep(seconds)

    async def outcome(self, task: asyncio.Future[_T], seconds: float) -> tuple[_T, float] | None:
        """What the task gives and after how many seconds, None if it is not done within ``seconds``."""
        began = self.clock.monotonic()
        await self.advance(0)
        while not task.done():
            if self.clock.monotonic() - began >= seconds:
                return None
            await self.advance(_STEP)
        return task.result(), self.clock.monotonic() - began

    def start(self, work: Awaitable[_T]) -> asyncio.Future[_T]:
        """Let it run; it is cancelled when the check ends."""
        task = asyncio.ensure_future(work)
        self._tasks.append(task)
        return task

    async def aclose(self) -> None:
        """End what runs, then close what was made, the last first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for made in reversed(list(self._made)):
            await self.close(made)


@asynccontextmanager
async def staged(specimen: Specimen) -> AsyncIterator[Stage]:
    """A stage for one check."""
    stage = Stage(specimen)
    try:
        yield stage
    finally:
        await stage.aclose()


def _parameters(factory: Any) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(factory).parameters)
    except (TypeError, ValueError):  # a builtin that does not say
        return ()
