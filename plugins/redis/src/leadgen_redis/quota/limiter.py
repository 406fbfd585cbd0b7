"""The limiter that several processes share."""

from __future__ import annotations

from typing import Any

from leadgen_core import Clock, Meter, Permit, Window, Wish
from leadgen_redis.quota.gauge import Pace, SharedGauge
from leadgen_redis.quota.link import Link

__all__ = ["SharedLimiter"]

_TIMEOUT = 1.0
"""Seconds that Redis may take for one step before it counts as lost; below the lease, so permits outlive it."""


class SharedLimiter:
    """A :class:`leadgen_core.RateLimiter` for all processes that use one Redis and one prefix.

    Quotas are kept by (API, credential). The windows and the cap of a meter are those it was first asked with.
    """

    def __init__(self, config: Any, *, clock: Clock | None = None, pace: Pace | None = None) -> None:
        self._clock = clock or Clock()
        self._config = config
        self._pace = pace or Pace(
            reserve=dict(config.reserve), patience=config.pilot_patience, turns=config.interactive_turns
        )
        self._link: Link | None = None
        self._gauges: dict[Meter, SharedGauge] = {}

    def _open(self) -> Link:
        if self._link is None:
            self._link = Link(
                connect(self._config.url), f"{self._config.prefix}quota:", self._clock, timeout=_TIMEOUT
            )
        return self._link

    async def acquire(self, meter: Meter, wish: Wish = Wish()) -> Permit:  # noqa: B008 - frozen
        """Wait until a request may be sent."""
        gauge = self._gauges.get(meter)
        if gauge is None:
            gauge = SharedGauge(meter, f"{meter.api}:{meter.credential}", self._open(), self._pace, self._clock)
            self._gauges[meter] = gauge
        return await gauge.acquire(wish)

    def status(self, meter: Meter) -> Window | None:
        """The tightest window as it was at the last step."""
        gauge = self._gauges.get(meter)
        return gauge.status() if gauge else None

    async def aclose(self) -> None:
        """Give back what was not sent, and close the connections."""
        for gauge in self._gauges.values():
            await gauge.aclose()
        if self._link is not None:
            await self._link.aclose()


def connect(url: str) -> Any:
    """A client with no retries of its own: whether Redis is lost is decided here."""
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    return Redis.from_url(
        url, retry=Retry(NoBackoff(), 0), socket_timeout=None, socket_connect_timeout=1.0, max_connections=8
    )
