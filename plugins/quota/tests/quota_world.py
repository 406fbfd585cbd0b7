"""Servers that keep a quota, clients that use it up, and an event loop whose time is virtual.

The loop's clock jumps to the next timer whenever nobody can run, and the loop fails when there is none: hours pass
in seconds, and a deadlock is an error instead of a hang.
"""

from __future__ import annotations

import asyncio
import math
import random
import selectors
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from attrs import Factory, define, frozen
from leadgen_quota.limiter import ProcessLimiter

from leadgen_core import Clock, Meter, Window

__all__ = [
    "EPOCH",
    "AlignedServer",
    "FixedServer",
    "RoundedServer",
    "Rules",
    "Served",
    "SlidingServer",
    "Traffic",
    "VirtualLoop",
    "drive",
    "full",
    "idle",
    "play",
]

EPOCH = 1_769_778_862.0


class _Jump(selectors.SelectSelector):
    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("deadlock: everybody waits for somebody else")
        if not ready and timeout:
            self.loop.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        selector = _Jump()
        selector.loop = self
        self.now = 1_000.0
        super().__init__(selector)

    def time(self) -> float:
        return self.now


def play(main: Callable[[VirtualLoop], Coroutine[Any, Any, None]]) -> None:
    loop = VirtualLoop()
    try:
        loop.run_until_complete(main(loop))
        assert not asyncio.all_tasks(loop), "something is left running"
    finally:
        loop.close()


@frozen
class Rules:
    """How a server keeps its quota. ``first_end``: a window is open at the start and ends then, with ``used`` gone."""

    limit: int = 600
    length: float = 300.0
    first_end: float | None = None
    used: int = 0
    offset: float = 0.0
    rounding: Callable[[float], float] = math.floor
    states: bool = True
    """Whether answers carry headers."""
    drift: float = 0.0
    """How much faster than ours the server's clock ticks."""


@define
class Served:
    """One window as the server saw it."""

    opened: float
    ends: float
    limit: int
    count: int = 0
    last: float = 0.0


@define
class FixedServer:
    """As the register keeps it (companies-house.md §1.2): a window opens with the first request after the last."""

    rules: Rules
    limit: int = 0
    windows: list[Served] = Factory(list)
    refused: int = 0

    def __attrs_post_init__(self) -> None:
        self.limit = self.rules.limit

    def _ends(self, now: float) -> float:
        return now + self.rules.length

    def handle(self, now: float) -> tuple[bool, list[Window], float]:
        """The answer at this moment: whether it is a 200, what it says of the quota, its Date."""
        rules = self.rules
        now *= 1 + rules.drift
        if not self.windows and rules.first_end is not None:
            self.windows.append(
                Served(now + rules.first_end - rules.length, now + rules.first_end, self.limit, rules.used)
            )
        if not self.windows or now >= self.windows[-1].ends:
            self.windows.append(Served(now, self._ends(now), self.limit))
        window = self.windows[-1]
        window.limit = self.limit
        good = window.count < self.limit
        window.count += good
        self.refused += not good
        window.last = now if good else window.last
        stated = Window(
            self.limit,
            rules.length,
            max(0, self.limit - window.count),
            float(rules.rounding(window.ends + EPOCH + rules.offset)),
        )
        return good, [stated] if rules.states else [], float(math.floor(now + EPOCH + rules.offset))


class RoundedServer(FixedServer):
    """Windows that end with a whole second of the server's clock, up to 1 s later than their length says."""

    def _ends(self, now: float) -> float:
        shift = EPOCH + self.rules.offset
        return math.ceil(now + self.rules.length + shift) - shift


class AlignedServer(FixedServer):
    """Windows back to back, whether anybody asks or not."""

    def _ends(self, now: float) -> float:
        return (math.floor(now / self.rules.length) + 1) * self.rules.length


@define
class SlidingServer(FixedServer):
    """So many requests in any ``length`` seconds. It states when the oldest of them leaves."""

    log: deque[float] = Factory(deque)
    most: int = 0

    def handle(self, now: float) -> tuple[bool, list[Window], float]:
        while self.log and self.log[0] <= now - self.rules.length:
            self.log.popleft()
        good = len(self.log) < self.limit
        if good:
            self.log.append(now)
        self.refused += not good
        self.most = max(self.most, len(self.log))
        resets_at = float(math.floor(self.log[0] + self.rules.length + EPOCH))
        return (
            good,
            [Window(self.limit, self.rules.length, self.limit - len(self.log), resets_at)],
            float(math.floor(now + EPOCH)),
        )


@frozen
class Traffic:
    """How requests travel: seconds there and back, and how often something breaks."""

    workers: int = 20
    there: tuple[float, float] = (0.005, 0.02)
    back: tuple[float, float] = (0.005, 0.02)
    stall: float = 0.0
    """The part of answers that come 2 s later."""
    lost_before: float = 0.0
    """The part of requests that break before the server counts them, and after it has."""
    lost_after: float = 0.0
    cancel: float = 0.0
    seed: int = 0


async def drive(
    loop: VirtualLoop,
    server: FixedServer,
    traffic: Traffic,
    seconds: float,
    *,
    meter: Meter | None = None,
    limiter: ProcessLimiter | None = None,
) -> int:
    """Workers that ask without end for so many seconds; returns how many answers they had."""
    limiter = limiter or ProcessLimiter(clock=Clock(monotonic=loop.time, sleep=asyncio.sleep))
    meter = meter or Meter("api", "key", (Window(server.rules.limit, server.rules.length),))
    rng = random.Random(traffic.seed)
    stop = loop.time() + seconds
    answers = 0

    async def ask() -> None:
        nonlocal answers
        permit = await limiter.acquire(meter)
        try:
            permit.sent()
            await asyncio.sleep(rng.uniform(*traffic.there))
            luck = rng.random()
            if luck < traffic.lost_before:
                return
            good, stated, date = server.handle(loop.time())
            if luck < traffic.lost_before + traffic.lost_after:
                return
            await asyncio.sleep(rng.uniform(*traffic.back) + (2.0 if rng.random() < traffic.stall else 0.0))
            if good:
                permit.answered(stated, date)
                answers += 1
            else:
                permit.refused(stated[0].resets_at if stated else None, stated, date)
        finally:
            permit.give_back()

    async def work() -> None:
        while loop.time() < stop:
            if rng.random() < traffic.cancel:
                # Given up at a random moment: while waiting, on the way, or never.
                with_limit = asyncio.wait_for(ask(), rng.choice([0.001, 0.01, 0.03, server.rules.length]))
                try:
                    await with_limit
                except TimeoutError:
                    await asyncio.sleep(0.001)
            else:
                await ask()

    workers = [loop.create_task(work()) for _ in range(traffic.workers)]
    await asyncio.sleep(seconds)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    for worker in workers:
        if not worker.cancelled() and worker.exception() is not None:
            raise AssertionError("a worker failed") from worker.exception()
    await limiter.aclose()
    return answers


def idle(server: FixedServer) -> list[float]:
    """Seconds between the end of each window and the opening of the next."""
    return [later.opened - earlier.ends for earlier, later in zip(server.windows, server.windows[1:], strict=False)]


def full(server: FixedServer, until: float) -> list[Served]:
    """The windows that were over by then, without the first."""
    return [window for window in server.windows[1:] if window.ends <= until]
