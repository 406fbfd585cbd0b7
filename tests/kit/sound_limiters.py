"""A sound rate limiter of the smallest kind, careful rather than clever. Those that are wrong override one method."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Sequence
from typing import Any

from leadgen_core import Clock, Meter, Priority, Window, Wish

__all__ = ["Gauge", "Slip", "Sound"]

Turn = asyncio.Future["Slip"]


class Slip:
    """A permit."""

    def __init__(self, gauge: Gauge) -> None:
        self.gauge = gauge
        self.was_sent = False

    def sent(self) -> None:
        self.was_sent = True

    def give_back(self) -> None:
        self.gauge.back(spent=self.was_sent)

    def answered(self, windows: Sequence[Window], server_time: float) -> None:
        self.gauge.hear(windows, server_time)

    def refused(self, retry_at: float | None, windows: Sequence[Window], server_time: float) -> None:
        self.gauge.pause(1.0 if retry_at is None else retry_at - server_time)
        self.gauge.hear((), server_time)


class Gauge:
    """One meter. ``left``: what the server has left at most, those in flight still in it; None: not known."""

    def __init__(self, meter: Meter, clock: Clock) -> None:
        self.meter, self.clock = meter, clock
        self.rule = meter.windows[0]
        self.left: int | None = None
        self.limit = self.rule.limit
        self.reset = self.ends = -math.inf
        self.paused_until = -math.inf
        self.flying = self.granted = self.turns = 0
        self.queue: list[tuple[Wish, Turn]] = []
        self.timer: asyncio.Task[None] | None = None

    def now(self) -> float:
        return self.clock.monotonic()

    def free(self) -> int:
        if self.now() < self.paused_until:
            return 0
        if self.left is not None and self.now() >= self.ends:
            self.left, self.granted = None, self.flying
        if self.left is None:
            return 1 - self.flying
        return min(self.left - self.flying, self.capped() - self.granted)

    def capped(self) -> int:
        return self.meter.cap if self.meter.cap is not None else 1_000_000

    def turn(self) -> int:
        """The index of who is next: the most urgent, and every fifth time the first of all."""
        if self.turns % 5 == 4:
            return next((n for n, (wish, _) in enumerate(self.queue) if wish.priority is Priority.BULK), 0)
        return min(range(len(self.queue)), key=lambda n: self.queue[n][0].priority)

    def pump(self) -> None:
        while self.queue and self.free() > 0:
            _, turn = self.queue.pop(self.turn())
            self.turns += 1
            self.flying += 1
            self.granted += 1
            turn.set_result(Slip(self))
        until = max(self.paused_until, self.ends if self.left is not None else -math.inf)
        if self.queue and self.timer is None and until > self.now():
            self.timer = asyncio.create_task(self.sleep(until - self.now()))

    async def sleep(self, seconds: float) -> None:
        await self.clock.sleep(seconds)
        self.timer = None
        self.pump()

    def back(self, *, spent: bool) -> None:
        self.flying -= 1
        if spent:
            self.left = None if self.left is None else self.left - 1
        else:
            self.granted -= 1
        self.pump()

    def take(self, window: Window, server_time: float) -> None:
        """A statement: of a new window, or of this one."""
        self.limit = window.limit
        remaining, reset = window.remaining or 0, window.resets_at or 0.0
        if self.left is None or reset > self.reset + 1:
            self.left, self.reset = remaining, reset
            self.ends = self.now() + reset - server_time + 1.01
        else:
            self.left = min(self.left, remaining)

    def hear(self, windows: Sequence[Window], server_time: float) -> None:
        self.flying -= 1
        for window in windows:
            self.take(window, server_time)
        self.pump()

    def pause(self, seconds: float) -> None:
        self.paused_until = max(self.paused_until, self.now() + seconds)
        self.left = None

    async def wait(self, wish: Wish) -> Slip:
        turn: Turn = asyncio.get_running_loop().create_future()
        self.queue.append((wish, turn))
        self.pump()
        try:
            return await turn
        except asyncio.CancelledError:
            self.leave(wish, turn)
            raise

    def leave(self, wish: Wish, turn: Turn) -> None:
        if turn.done() and not turn.cancelled():
            self.back(spent=False)
        else:
            self.queue.remove((wish, turn))

    def status(self) -> Window | None:
        if self.left is None:
            return None
        return Window(self.limit, self.rule.length, self.left - self.flying, self.reset)

    async def close(self) -> None:
        for _, turn in self.queue:
            turn.set_exception(RuntimeError("closed"))
        self.queue.clear()
        if self.timer is not None:
            self.timer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.timer


class Sound:
    """One gauge for each meter."""

    GAUGE: type[Gauge] = Gauge

    def __init__(self, _config: object, *, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.gauges: dict[Any, Gauge] = {}

    def key(self, meter: Meter) -> object:
        return meter

    async def acquire(self, meter: Meter, wish: Wish = Wish()) -> Slip:  # noqa: B008 - frozen
        key = self.key(meter)
        if key not in self.gauges:
            self.gauges[key] = self.GAUGE(meter, self.clock)
        return await self.gauges[key].wait(wish)

    def status(self, meter: Meter) -> Window | None:
        gauge = self.gauges.get(self.key(meter))
        return gauge.status() if gauge else None

    async def aclose(self) -> None:
        for gauge in self.gauges.values():
            await gauge.close()
