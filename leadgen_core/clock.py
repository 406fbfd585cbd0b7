"""Time and chance, injected wherever something waits, stamps or draws, so that tests take milliseconds."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

__all__ = ["Clock"]


class Clock:
    """The run's time.

    ``now`` is what goes into stamps and lifetimes (``--clock`` fixes it); ``monotonic`` and ``sleep`` are what
    quota windows, time-outs and back-off run on, so a fixed ``now`` never stops a wait.
    """

    def __init__(
        self,
        *,
        fixed: datetime | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        rng: random.Random | None = None,
    ) -> None:
        self._fixed = fixed
        self._second = (0, datetime.fromtimestamp(0, UTC))
        """The last second that was asked for: stamps are read many times in each."""
        self._stamp = (self._second[1], 0.0)
        self.monotonic = monotonic
        self.sleep = sleep
        self.rng = rng or random.Random()  # noqa: S311 - jitter, no secret

    def now(self) -> datetime:
        """UTC, to the second: as precise as a stamp needs to be."""
        if self._fixed is not None:
            return self._fixed
        second = int(time.time())
        if second != self._second[0]:
            self._second = (second, datetime.fromtimestamp(second, UTC))
        return self._second[1]

    def epoch(self) -> float:
        """:meth:`now` as epoch seconds."""
        now = self.now()
        if now is not self._stamp[0]:
            self._stamp = (now, now.timestamp())
        return self._stamp[1]
