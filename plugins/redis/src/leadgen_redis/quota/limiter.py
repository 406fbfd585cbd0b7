"""The limiter that several processes share."""

from __future__ import annotations

from leadgen_core import Clock, Meter, Permit, Window, Wish
from leadgen_redis import Config
from leadgen_redis.quota.gauge import Pace, SharedGauge
from leadgen_redis.quota.link import Link

__all__ = ["SharedLimiter", "shared"]


class SharedLimiter:
    """A :class:`leadgen_core.RateLimiter` for all processes that use one Redis and one prefix.

    Quotas are kept by (API, credential, quota's name). The windows and the cap of a meter are those it was first asked
    with.
    """

    def __init__(self, config: Config | None = None, *, clock: Clock | None = None, pace: Pace | None = None) -> None:
        config = config or Config()
        self._clock = clock or Clock()
        self._pace = pace or Pace(
            patience=config.quota_pilot_patience,
            turns=config.quota_interactive_turns,
            reserve=config.quota_reserve,
            processes=config.quota_processes,
        )
        self._link = Link(config, self._clock)
        self._gauges: dict[Meter, SharedGauge] = {}

    async def acquire(self, meter: Meter, wish: Wish = Wish()) -> Permit:  # noqa: B008 - frozen
        """Wait until a request may be sent."""
        gauge = self._gauges.get(meter)
        if gauge is None:
            gauge = SharedGauge(meter, _name(meter), self._link, self._pace, self._clock)
            self._gauges[meter] = gauge
        return await gauge.acquire(wish)

    def status(self, meter: Meter) -> Window | None:
        """The tightest window as it was at the last step."""
        gauge = self._gauges.get(meter)
        return gauge.status() if gauge else None

    async def aclose(self) -> None:
        """Give back what was not sent, and the connection."""
        for gauge in self._gauges.values():
            await gauge.aclose()
        await self._link.aclose()


def _name(meter: Meter) -> str:
    """What keys end with. Names of APIs and quotas have neither a slash nor a colon, so no two meters share one."""
    quota = f"/{meter.quota}" if meter.quota else ""
    return f"{meter.api}{quota}:{meter.credential}"


def shared(config: Config) -> SharedLimiter:
    """The limiter as it is offered: its time is Redis's and goes on whatever a clock of ours says."""
    return SharedLimiter(config)
