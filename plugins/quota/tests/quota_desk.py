"""Callers at a limiter whose time moves when told, and what a server says."""

from __future__ import annotations

import asyncio

from leadgen_quota import Config
from leadgen_quota.limiter import ProcessLimiter

from leadgen_core import Meter, Permit, Window, Wish
from leadgen_core.testing import VirtualClock

__all__ = ["DATE", "METER", "PATIENT", "Desk", "close", "said"]

DATE = 1_769_778_862.0
PATIENT = Config(pilot_patience=60.0)
METER = Meter("register", "key-1", (Window(10, 300.0),))


def said(remaining: int, resets_in: float = 300.0, limit: int = 10, length: float = 300.0) -> list[Window]:
    return [Window(limit, length, remaining, DATE + resets_in)]


class Desk:
    """Callers in a queue, in the order of :meth:`ask`."""

    def __init__(self, config: Config = PATIENT) -> None:
        self.clock = VirtualClock()
        self.limiter = ProcessLimiter(config, clock=self.clock)
        self.tasks: list[asyncio.Task[Permit]] = []

    async def ask(self, count: int = 1, meter: Meter = METER, wish: Wish = Wish()) -> None:  # noqa: B008 - frozen
        for _ in range(count):
            self.tasks.append(asyncio.create_task(self.limiter.acquire(meter, wish)))
        await self.clock.settle()

    def served(self) -> list[int]:
        """Who has a permit."""
        return [number for number, task in enumerate(self.tasks) if task.done() and not task.cancelled()]

    def permit(self, number: int) -> Permit:
        return self.tasks[number].result()

    async def answer(self, number: int, windows: list[Window], date: float = DATE) -> None:
        self.permit(number).sent()
        self.permit(number).answered(windows, date)
        await self.clock.settle()

    async def begin(self, remaining: int = 9, resets_in: float = 300.0) -> None:
        """The pilot has been answered."""
        await self.ask()
        await self.answer(0, said(remaining, resets_in))


async def close(desk: Desk) -> None:
    """The end of a test: no timer is left."""
    for task in desk.tasks:
        task.cancel()
    await asyncio.gather(*desk.tasks, return_exceptions=True)
    await desk.limiter.aclose()
    assert desk.clock.sleeping == 0, "a timer is left"
