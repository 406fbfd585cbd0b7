"""quota: the rate limiter of one process. Never over what the server allows, never idle while it allows more."""

from __future__ import annotations

from collections.abc import Iterable

from leadgen_core import NoConfig, Plugin, RateLimiterSpec, hookimpl

__all__ = ["PLUGIN", "leadgen_rate_limiters"]

PLUGIN = Plugin(api_version=1, config=NoConfig)


@hookimpl
def leadgen_rate_limiters() -> Iterable[RateLimiterSpec]:
    """The limiter of this plugin."""
    return (RateLimiterSpec(name="quota", factory="leadgen_quota.limiter:ProcessLimiter", shared=False),)
