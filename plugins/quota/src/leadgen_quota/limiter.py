"""The limiter: one gauge for each meter."""

from __future__ import annotations

from leadgen_core import Clock, Meter, Permit, Window, Wish
from leadgen_quota import Config
from leadgen_quota.gauge import Gauge
from leadgen_quota.reserve import Reserve

__all__ = ["ProcessLimiter"]


class ProcessLimiter:
    """A :class:`leadgen_core.RateLimiter` for the requests of one process on one event loop.

    The windows and the cap of a meter are those it was first asked with. A meter with neither is not limited
    until an answer states a window. A cap holds in each window of its meter.
    """

    def __init__(self, config: Config | None = None, *, clock: Clock | None = None) -> None:
        self._config = config or Config()
        self._clock = clock or Clock()
        self._reserve = Reserve(self._config.reserve)
        self._gauges: dict[Meter, Gauge] = {}

    async def acquire(self, meter: Meter, wish: Wish = Wish()) -> Permit:  # noqa: B008 - frozen
        """Wait until a request may be sent; at once, without giving up the turn, when a place is free."""
        gauge = self._gauges.get(meter)
        if gauge is None:
            gauge = self._gauges[meter] = Gauge(
                meter,
                self._clock,
                patience=self._config.pilot_patience,
                turns=self._config.interactive_turns,
                reserve=self._reserve,
            )
        return gauge.take(wish) or await gauge.wait(wish)

    def status(self, meter: Meter) -> Window | None:
        """The tightest window: its limit under the cap, and how many requests may still be sent in it."""
        gauge = self._gauges.get(meter)
        return gauge.status() if gauge else None

    async def aclose(self) -> None:
        """End all timers."""
        for gauge in self._gauges.values():
            await gauge.aclose()
