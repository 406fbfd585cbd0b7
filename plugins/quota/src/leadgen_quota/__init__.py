"""quota: the rate limiter of one process. Never over what the server allows, never idle while it allows more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import Attribute, field, frozen
from attrs.validators import and_, ge, gt, le

from leadgen_core import Plugin, RateLimiterSpec, UsageError, hookimpl

__all__ = ["PLUGIN", "Config", "leadgen_rate_limiters"]


def _are_shares(_config: object, attribute: Attribute[Mapping[str, float]], value: Mapping[str, float]) -> None:
    if not all(0 < share < 1 for share in value.values()) or sum(value.values()) >= 1:
        raise UsageError(f"quota.{attribute.name}: shares lie between 0 and 1 and are less than 1 together")


@frozen(kw_only=True, repr=False)
class Config:
    """The section ``[quota]``.

    - ``reserve``: the part of each quota window that is kept for a plugin (``{companies-house = 0.2}``); what it does
      not use is released evenly in the course of the window.
    - ``interactive_turns``: so many interactive requests in a row pass those in bulk, then one of these goes.
    - ``pilot_patience``: seconds after which a second request opens a window when the first hangs.
    """

    reserve: Mapping[str, float] = field(factory=dict, validator=_are_shares)
    interactive_turns: int = field(default=4, validator=and_(ge(1), le(1000)))
    pilot_patience: float = field(default=3.0, validator=and_(gt(0), le(60)))


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_rate_limiters() -> Iterable[RateLimiterSpec]:
    """The limiter of this plugin."""
    return (RateLimiterSpec(name="quota", factory="leadgen_quota.limiter:ProcessLimiter", shared=False),)
