"""One meter: its windows, the permits that are out, and who may go."""

from __future__ import annotations

import asyncio
import contextlib
from bisect import bisect_right
from collections.abc import Sequence

from leadgen_core import Clock, Meter, Window, Wish
from leadgen_quota.permit import Slip, State
from leadgen_quota.queue import Queue
from leadgen_quota.reserve import Reserve
from leadgen_quota.window import Heard, WindowState

__all__ = ["Gauge"]

_PATIENCE = 60.0
"""Seconds after which a request that nobody has ended is taken for lost: it cannot block the others for ever."""
_LONGEST_PAUSE = 60.0
_SHORTEST_SLEEP = 0.001


class Gauge:
    """Grants permits in the order of the queue, each at the moment when it becomes possible.

    A pilot that has told nothing for ``patience`` seconds is no longer waited for: another goes.

    Nothing here waits or locks: a permit is granted by :meth:`take` at once, or by the event that makes room
    (an answer, a permit given back, the end of a window), which hands it to the first in the queue.
    """

    def __init__(self, meter: Meter, clock: Clock, *, patience: float, turns: int, reserve: Reserve) -> None:
        if meter.cap is not None and meter.cap < 1:
            raise ValueError(f"the cap of {meter.api} must be at least 1 call in a window, not {meter.cap}")
        self._clock = clock
        self._patience = patience
        self._reserve = reserve
        self._cap = meter.cap
        self._windows = [WindowState(window.limit, window.length, meter.cap) for window in meter.windows]
        self._live: set[Slip] = set()
        self._sent: dict[Slip, None] = {}  # those of them that were sent, the oldest first
        self._waiting = Queue(turns)
        self._tick = 0
        self._losses: list[int] = []
        self._pilot: Slip | None = None
        # After a pause, and for a cap whose window is not known, one request goes ahead of the others.
        self._probing = meter.cap is not None
        self._paused_until = float("-inf")
        self._paused_tick = 0
        self._strikes = 0
        self._timer: asyncio.Task[None] | None = None
        self._timer_at = 0.0

    # --- asking -------------------------------------------------------------------------------------------

    def take(self, wish: Wish) -> Slip | None:
        """A permit, if one is free and nobody was here before."""
        if self._waiting:
            return None
        now = self._clock.monotonic()
        return self._grant(wish.plugin, now) if self._may(wish.plugin, now) else None

    async def wait(self, wish: Wish) -> Slip:
        """A permit, when it is this caller's turn."""
        turn: asyncio.Future[Slip] = asyncio.get_running_loop().create_future()
        self._waiting.add(turn, wish)
        # It may pass those who wait: it is more urgent, or a place is kept for its plugin.
        self._pump(self._clock.monotonic())
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                turn.result().give_back()  # granted in the same moment: the next one has it
            else:
                self._waiting.discard(turn)
                self._arm(self._clock.monotonic())
            raise

    def _may(self, plugin: str, now: float) -> bool:
        self._tidy(now)
        if now < self._paused_until or (self._pilot is not None and self._needs_pilot()):
            return False
        reserve = self._reserve
        for window in self._windows:
            places = self._places(window)
            if places <= 0 or (reserve.shares and places <= reserve.kept_from(plugin, window, now)):
                return False
        return True

    def _needs_pilot(self) -> bool:
        if self._probing:
            return True
        for window in self._windows:  # noqa: SIM110 - asked twice for each request
            if not window.settled:
                return True
        return False

    def _places(self, window: WindowState) -> int:
        lost = len(self._losses) - bisect_right(self._losses, window.mark) if self._losses else 0
        return window.places(len(self._live), lost)

    def _grant(self, plugin: str, now: float) -> Slip:
        self._tick += 1
        slip = Slip(self, self._tick, now, plugin)
        self._live.add(slip)
        for window in self._windows:
            window.spent += 1
            if self._reserve.shares:
                window.took[plugin] = window.took.get(plugin, 0) + 1
        if self._needs_pilot():
            self._pilot = slip
        return slip

    def _tidy(self, now: float) -> None:
        """What time alone has changed: permits that nobody ended, windows that are over."""
        while self._sent and now - (oldest := next(iter(self._sent))).since >= _PATIENCE:
            self._lose(oldest, now)
        if self._pilot is not None and now - self._pilot.since >= self._patience:
            self._pilot = None
        for window in self._windows:
            if now < window.end:
                continue
            if not self._needs_pilot():
                self._pilot = None  # the one of the period before may still be under way
            window.roll(self._tick, len(self._live))
            if window.silent and any(other.told and not other.silent for other in self._windows):
                # The server states other windows now, and has stopped to state this one.
                self._windows = [other for other in self._windows if other is not window]

    def _lose(self, slip: Slip, now: float) -> None:
        self._forget(slip)
        slip.state = State.LOST
        self._tick += 1
        self._losses.append(self._tick)
        if len(self._losses) > 1000:
            # Only those after the oldest mark are ever counted.
            del self._losses[: bisect_right(self._losses, min((w.mark for w in self._windows), default=self._tick))]
        for window in self._windows:
            window.unclear(now)

    def _forget(self, slip: Slip) -> None:
        self._live.discard(slip)
        self._sent.pop(slip, None)
        if self._pilot is slip:
            self._pilot = None

    # --- what permits report ------------------------------------------------------------------------------

    def given_back(self, slip: Slip) -> None:
        """Not sent: the place is free. Sent after all, but ended without an answer: spent."""
        now = self._clock.monotonic()
        if slip.state is State.SENT:
            self._lose(slip, now)
        else:
            self._forget(slip)
            slip.state = State.ENDED
            for window in self._windows:
                window.spent -= 1
                if slip.granted > window.opened and slip.plugin in window.took:
                    window.took[slip.plugin] -= 1
        self._pump(now)

    def sent(self, slip: Slip) -> None:
        """The request is on its way."""
        self._tick += 1
        slip.sent_tick = self._tick
        slip.since = self._clock.monotonic()
        slip.state = State.SENT
        self._sent[slip] = None

    def answered(self, slip: Slip, stated: Sequence[Window], server_time: float) -> None:
        """An answer: take in what it says and let go whoever may go now."""
        now = self._clock.monotonic()
        self._hear(slip, stated, server_time, now, refused=False)
        if slip.granted > self._paused_tick:
            self._strikes = 0
            self._probing = False
        self._pump(now)

    def refused(self, slip: Slip, retry_at: float | None, stated: Sequence[Window], server_time: float) -> None:
        """429: a pause for everybody at this meter, then a pilot."""
        now = self._clock.monotonic()
        self._hear(slip, stated, server_time, now, refused=True)
        first = slip.granted > self._paused_tick
        if first:
            self._strikes += 1
        until = self._known_end(now) if retry_at is None else now + (retry_at - server_time)
        if first and (until is None or self._strikes > 1):
            # Nothing was said of when, or what was said has proved too early: 1, 2, 4 ... seconds.
            growing = now + min(_LONGEST_PAUSE, 2.0 ** min(self._strikes - 1, 6))
            until = growing if until is None else max(until, growing)
        if until is not None:
            self._paused_until = max(self._paused_until, until)
        self._paused_tick = self._tick
        self._probing = True
        self._pump(now)

    def _known_end(self, now: float) -> float | None:
        """When the first window ends, as far as that is known; one that is known to be full blocks longer anyway."""
        return min((window.end for window in self._windows if window.settled and now < window.end), default=None)

    def _hear(self, slip: Slip, stated: Sequence[Window], server_time: float, now: float, *, refused: bool) -> None:
        live = slip in self._live
        self._forget(slip)
        slip.state = State.ENDED
        self._tidy(now)
        heard = Heard(slip.granted, slip.sent_tick, now, self._tick, server_time, len(self._live), refused, live)
        spoken: list[WindowState] = []
        for statement in stated:
            window = self._window(statement, stated)
            if not refused and slip.sent_tick > slip.granted:
                window.note(slip.since, now)
            window.tell(statement, heard)
            spoken.append(window)
        for window in self._windows:
            if not refused and window not in spoken:
                window.hush(heard)
            window.unclear(now)

    def _window(self, statement: Window, stated: Sequence[Window]) -> WindowState:
        """The state that a statement is about: of the same length, or a configured one that nobody ever stated."""
        for window in self._windows:
            if window.length == statement.length:
                return window
        lengths = {other.length for other in stated}
        for window in self._windows:
            if not window.told and window.length not in lengths:
                window.length = statement.length
                return window
        new = WindowState(statement.limit, statement.length, self._cap, spent=len(self._live) + 1)
        self._windows.append(new)
        return new

    # --- waking -------------------------------------------------------------------------------------------

    def _pump(self, now: float) -> None:
        if self._waiting:
            while (found := self._waiting.next(lambda plugin: self._may(plugin, now))) is not None:
                turn, plugin = found
                turn.set_result(self._grant(plugin, now))
        elif self._timer is None:
            return  # nobody waits, as nearly always
        self._arm(now)

    def _arm(self, now: float) -> None:
        """Be woken at the next moment at which time alone may make room; not at all when nobody waits."""
        at = self._next(now) if self._waiting else None
        if self._timer is not None:
            if at is not None and self._timer_at <= at:
                return
            self._timer.cancel()
            self._timer = None
        if at is not None:
            self._timer_at = at
            self._timer = asyncio.get_running_loop().create_task(self._sleep(max(at - now, _SHORTEST_SLEEP)))

    def _next(self, now: float) -> float | None:
        if now < self._paused_until:
            return self._paused_until
        moments = [window.end for window in self._windows if now < window.end < float("inf")]
        if self._sent:
            moments.append(next(iter(self._sent)).since + _PATIENCE)
        if self._pilot is not None:
            moments.append(self._pilot.since + self._patience)
        if self._reserve.shares:
            moments += self._reserve.released(self._windows, now)
        return min(moments, default=None)

    async def _sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._timer = None
        self._pump(self._clock.monotonic())

    # --- the rest -----------------------------------------------------------------------------------------

    def status(self) -> Window | None:
        """The tightest window as it stands; None before the first answer."""
        now = self._clock.monotonic()
        best: tuple[float, Window] | None = None
        for window in self._windows:
            if window.end <= now or not window.settled:
                if window.told:
                    best = best or (float("inf"), Window(window.allowed, window.length))
                continue
            left = max(0, self._places(window))
            if best is None or left < best[0]:
                best = (left, Window(window.allowed, window.length, left, window.reset))
        return best[1] if best else None

    async def aclose(self) -> None:
        """End the timer; whoever still waits gets an error."""
        for turn in self._waiting.clear():
            turn.set_exception(RuntimeError("the rate limiter is closed"))
        if self._timer is not None:
            timer, self._timer = self._timer, None
            timer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await timer
