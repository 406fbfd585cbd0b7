"""A server that keeps a quota in fixed windows, and callers who never have enough."""

from __future__ import annotations

import asyncio
import itertools
import math
from typing import Any

from attrs import Factory, define

from leadgen_core.contracts.api import Window
from leadgen_core.contracts.protocols import Meter, Priority, Wish
from leadgen_core.testing.conformance.limiters.desk import EPOCH
from leadgen_core.testing.conformance.stage import Stage

__all__ = ["Quota", "crew", "hammer"]


@define
class Served:
    """One window as the server saw it, in monotonic seconds."""

    opened: float
    ends: float
    count: int = 0


@define
class Quota:
    """A window opens with the first request after the end of the last one (companies-house.md §1.2).

    ``phase``: at the beginning one is open, ends in so many seconds, and ``used`` requests of it are gone;
    ``offset``: how far the server's clock is from ours. It states times in whole seconds, cut off.
    """

    limit: int
    length: float
    phase: float | None = None
    used: int = 0
    offset: float = 0.0
    windows: list[Served] = Factory(list)
    refused: int = 0

    def handle(self, now: float) -> tuple[bool, list[Window], float]:
        """Whether it is a 200, what the answer says of the quota, its ``Date``."""
        if not self.windows and self.phase is not None:
            self.windows.append(Served(now + self.phase - self.length, now + self.phase, self.used))
        if not self.windows or now >= self.windows[-1].ends:
            self.windows.append(Served(now, now + self.length))
        window = self.windows[-1]
        good = window.count < self.limit
        window.count += good
        self.refused += not good
        shift = EPOCH + self.offset
        stated = Window(self.limit, self.length, self.limit - window.count, float(math.floor(window.ends + shift)))
        return good, [stated], float(math.floor(now + shift))

    def share(self) -> float:
        """Of what it would have answered from the second window to the last, how much was asked for."""
        whole = self.windows[1:-1]
        seconds = self.windows[-1].opened - whole[0].opened
        return sum(window.count for window in whole) / (self.limit * seconds / self.length)


@define
class Crew:
    """Workers who ask until they are dismissed, each again when it has its answer. ``answers`` of each so far."""

    answers: list[int]
    tasks: list[asyncio.Future[None]]

    async def dismiss(self) -> None:
        """Raises what the limiter raised."""
        for task in self.tasks:
            if task.done():
                task.result()
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def crew(
    stage: Stage,
    limiter: Any,
    quota: Quota,
    *,
    workers: int = 20,
    priority: Priority = Priority.BULK,
    cap: int | None = None,
    way: float = 0.01,
) -> Crew:
    """Let so many work. ``way``: seconds there and seconds back."""
    meter = Meter("api", stage.token, (Window(quota.limit, quota.length),), cap)
    answers = [0] * workers

    async def work(worker: int) -> None:
        for turn in itertools.count():
            permit = await limiter.acquire(meter, Wish("conformance", priority))
            permit.sent()
            # Some ways are longer, so that answers overtake each other.
            await stage.clock.sleep(way * (1 + turn % 3))
            good, windows, date = quota.handle(stage.clock.monotonic())
            await stage.clock.sleep(way * (1 + worker % 2))
            if good:
                permit.answered(windows, date)
                answers[worker] += 1
            else:
                permit.refused(windows[0].resets_at, windows, date)

    return Crew(answers, [stage.start(work(worker)) for worker in range(workers)])


async def hammer(stage: Stage, limiter: Any, quota: Quota, seconds: float, *, cap: int | None = None) -> None:
    """Twenty who never have enough, for so long."""
    workers = crew(stage, limiter, quota, cap=cap)
    await stage.advance(seconds)
    await workers.dismiss()
