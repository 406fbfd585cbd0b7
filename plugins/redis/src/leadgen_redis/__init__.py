"""redis: a cache tier, leases between processes and the shared quota, in Redis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import Attribute, field, frozen
from attrs.validators import and_, ge, gt, le, matches_re

from leadgen_core import CacheSpec, LeaseSpec, Plugin, RateLimiterSpec, Secret, UsageError, hookimpl

__all__ = ["PLUGIN", "Config", "leadgen_caches", "leadgen_leases", "leadgen_rate_limiters"]

_URL = re.compile(r"(?:rediss?://[^\s]+|unix://[^\s]+)")


def _is_url(_config: object, attribute: Attribute[Secret], value: Secret) -> None:
    """The value is not part of the sentence: it may hold a password."""
    if not _URL.fullmatch(value.reveal()):
        raise UsageError(f"redis.{attribute.name} must begin with redis://, rediss:// (TLS) or unix://")


def _are_shares(_config: object, attribute: Attribute[Mapping[str, float]], value: Mapping[str, float]) -> None:
    if not all(0 < share < 1 for share in value.values()) or sum(value.values()) >= 1:
        raise UsageError(f"redis.{attribute.name}: shares lie between 0 and 1 and are less than 1 together")


@frozen(kw_only=True, repr=False)
class Config:
    """The section ``[redis]``.

    - ``url``: ``redis[s]://[user:password@]host[:port][/database]`` or ``unix://path``; a secret, as it may hold a
      password.
    - ``prefix`` begins every key, so that others may use the same database.
    - ``ca_file``: the certificate authority of a ``rediss://`` server (PEM) when it is none that this machine knows.
    - ``connect_timeout`` and ``timeout``: seconds for connecting and for each answer. The gateway waits 0.5 s for a
      cache tier, so more helps leases and the quota only.
    - ``max_connections`` of one process. A request that finds none free waits ``timeout`` seconds for one.
    - ``max_value_bytes``: a cache entry that is larger is not kept.
    - ``quota_reserve``: the part of each quota window that is kept for a plugin (``{companies-house = 0.2}``);
      what it does not use is released evenly in the course of the window.
    - ``quota_interactive_turns``: so many interactive requests in a row pass those in bulk.
    - ``quota_pilot_patience``: seconds after which a second request opens a window when the first hangs.
    - ``quota_processes``: so many processes are taken to share each quota while Redis has never been reached.
    """

    url: Secret = field(default=Secret("redis://127.0.0.1:6379/0"), validator=_is_url)
    prefix: str = field(default="leadgen", validator=matches_re(r"[A-Za-z0-9_.-]{1,64}"))
    ca_file: Path | None = None
    connect_timeout: float = field(default=0.4, validator=and_(gt(0), le(60)))
    timeout: float = field(default=0.4, validator=and_(gt(0), le(60)))
    max_connections: int = field(default=16, validator=and_(ge(4), le(1000)))
    max_value_bytes: int = field(default=1 << 20, validator=and_(ge(1), le(1 << 28)))
    quota_reserve: Mapping[str, float] = field(factory=dict, validator=_are_shares, eq=False)
    quota_interactive_turns: int = field(default=4, validator=and_(ge(1), le(1000)))
    quota_pilot_patience: float = field(default=3.0, validator=and_(gt(0), le(60)))
    quota_processes: int = field(default=4, validator=and_(ge(1), le(1000)))


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_caches() -> Iterable[CacheSpec]:
    """The cache tier of this plugin."""
    return (CacheSpec(name="redis", factory="leadgen_redis.cache:RedisTier", persistent=True, auto=False),)


@hookimpl
def leadgen_leases() -> Iterable[LeaseSpec]:
    """Leases between processes that share the Redis."""
    return (LeaseSpec(name="redis", factory="leadgen_redis.lease:RedisLease", auto=False),)


@hookimpl
def leadgen_rate_limiters() -> Iterable[RateLimiterSpec]:
    """The quota that processes share."""
    return (RateLimiterSpec(name="redis", factory="leadgen_redis.quota.limiter:shared", shared=True, auto=False),)
