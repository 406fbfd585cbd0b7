"""Breaker: an API that fails most of the time is left alone for a while, then asked once to see.

No library does it right: three of the known ones let 50 of 50 calls through when half-open (dependencies.md §4).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import Failed
from leadgen_core.events import BreakerMoved, Events
from leadgen_core.gateway.adaptive import OutageError
from leadgen_core.gateway.exchange import Call, Result, moment
from leadgen_core.model.answers import Cause, Unanswered

__all__ = ["CLOSED", "HALF_OPEN", "OPEN", "Breaker", "Circuit"]

CLOSED = "closed"
OPEN = "open"
HALF_OPEN = "half-open"

_SLOTS = 10
"""Parts of the window: old calls leave it in steps of a tenth, and memory is flat however many calls there are."""


class Circuit:
    """The state machine. Times are seconds of ``clock.monotonic``.

    Closed, it opens when of at least ``least`` calls in ``window`` seconds the share ``rate`` failed. Open, it
    admits nobody for ``pause`` seconds. Then it is half-open and admits exactly one call, the probe: its failure
    opens it again for twice as long (at most ``longest``), anything else closes it.

    ``admit`` gives a pass, and each pass ends once, in ``record`` or ``give_back``. A pass from before the last
    change of state counts for nothing.
    """

    def __init__(
        self,
        api: str,
        clock: Clock,
        events: Events,
        *,
        window: float = 30.0,
        least: int = 10,
        rate: float = 0.5,
        pause: float = 30.0,
        longest: float = 300.0,
        opened: Callable[[float], None] = lambda _now: None,
    ) -> None:
        """``opened`` is called with the time, each time it opens."""
        self.state = CLOSED
        self._api = api
        self._clock = clock
        self._events = events
        self._width = window / _SLOTS
        self._least = least
        self._rate = rate
        self._first_pause = self._pause = pause
        self._longest = longest
        self._opened = opened
        self._opened_at = 0.0
        self._probing = False
        self._era = 0
        self._slots: deque[list[int]] = deque()
        """Of each part of the window: its number, its calls, its failures."""
        self._calls = 0
        self._failures = 0

    def admit(self) -> int | None:
        """A pass, or None: not now."""
        if self.state == CLOSED:
            return self._era
        if self.state == OPEN:
            if self.remaining() > 0:
                return None
            self._move(HALF_OPEN)
        if self._probing:
            return None
        self._probing = True
        return self._era

    def record(self, admission: int, *, failed: bool) -> None:
        """The admitted call has ended with an answer or a failure."""
        if admission != self._era:
            return
        if self.state == HALF_OPEN:
            if failed:
                self._pause = min(self._longest, self._pause * 2)
                self._open()
            else:
                self._pause = self._first_pause
                self._move(CLOSED)
            return
        self._count(failed)
        if failed and self._calls >= self._least and self._failures >= self._rate * self._calls:
            self._open()

    def give_back(self, admission: int) -> None:
        """The admitted call ended without a verdict (cancelled, not sent): the next one may be the probe."""
        if admission == self._era:
            self._probing = False

    def remaining(self) -> float:
        """Seconds until the next probe; 0 unless open."""
        if self.state != OPEN:
            return 0.0
        return max(0.0, self._opened_at + self._pause - self._clock.monotonic())

    def _open(self) -> None:
        self._opened_at = self._clock.monotonic()
        self._move(OPEN)
        self._opened(self._opened_at)

    def _move(self, state: str) -> None:
        self.state = state
        self._era += 1
        self._probing = False
        self._slots.clear()
        self._calls = self._failures = 0
        self._events.emit(BreakerMoved(self._api, state))

    def _count(self, failed: bool) -> None:
        number = int(self._clock.monotonic() // self._width)
        slots = self._slots
        if not slots or slots[-1][0] != number:
            while slots and slots[0][0] <= number - _SLOTS:
                _, calls, failures = slots.popleft()
                self._calls -= calls
                self._failures -= failures
            slots.append([number, 0, 0])
        slots[-1][1] += 1
        slots[-1][2] += failed
        self._calls += 1
        self._failures += failed


class _Next(Protocol):
    async def attempt(self, call: Call) -> Result: ...


class Breaker:
    """The stage: one circuit for one API and credential. Failed answers and time-outs count, 429 and 4xx do not."""

    def __init__(self, api: str, clock: Clock, circuit: Circuit, following: _Next) -> None:
        self._api = api
        self._clock = clock
        self._circuit = circuit
        self._next = following

    async def attempt(self, call: Call) -> Result:
        """One attempt. Raises ``Unanswered(breaker open)`` at once while the circuit is open."""
        admission = self._circuit.admit()
        if admission is None:
            raise self._refusal()
        try:
            result = await self._next.attempt(call)
        except OutageError:
            self._circuit.give_back(admission)
            raise self._refusal() from None
        except BaseException:
            self._circuit.give_back(admission)
            raise
        self._circuit.record(admission, failed=isinstance(result.meaning, Failed))
        return result

    def _refusal(self) -> Unanswered:
        until = moment(self._clock.now().timestamp() + self._circuit.remaining())
        return Unanswered(Cause.BREAKER_OPEN, f"{self._api} failed too often and is left alone", until)
