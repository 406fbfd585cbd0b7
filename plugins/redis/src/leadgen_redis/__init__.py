"""redis: a cache tier, leases between processes and the shared quota, in Redis."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from attrs import Attribute, field, frozen
from attrs.validators import and_, ge, gt, le, matches_re

from leadgen_core import CacheSpec, LeaseSpec, Plugin, Secret, UsageError, hookimpl

__all__ = ["PLUGIN", "Config", "leadgen_caches", "leadgen_leases"]

_URL = re.compile(r"(?:rediss?://[^\s]+|unix://[^\s]+)")


def _is_url(_config: object, attribute: Attribute[Secret], value: Secret) -> None:
    """The value is not part of the sentence: it may hold a password."""
    if not _URL.fullmatch(value.reveal()):
        raise UsageError(f"redis.{attribute.name} must begin with redis://, rediss:// (TLS) or unix://")


@frozen(kw_only=True)
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
    """

    url: Secret = field(default=Secret("redis://127.0.0.1:6379/0"), validator=_is_url)
    prefix: str = field(default="leadgen", validator=matches_re(r"[A-Za-z0-9_.-]{1,64}"))
    ca_file: Path | None = None
    connect_timeout: float = field(default=0.4, validator=and_(gt(0), le(60)))
    timeout: float = field(default=0.4, validator=and_(gt(0), le(60)))
    max_connections: int = field(default=16, validator=and_(ge(4), le(1000)))
    max_value_bytes: int = field(default=1 << 20, validator=and_(ge(1), le(1 << 28)))


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_caches() -> Iterable[CacheSpec]:
    """The cache tier of this plugin."""
    return (CacheSpec(name="redis", factory="leadgen_redis.cache:RedisTier", persistent=True, auto=False),)


@hookimpl
def leadgen_leases() -> Iterable[LeaseSpec]:
    """Leases between processes that share the Redis."""
    return (LeaseSpec(name="redis", factory="leadgen_redis.lease:RedisLease", auto=False),)
