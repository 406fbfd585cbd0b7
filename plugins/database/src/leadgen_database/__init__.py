"""database: a cache tier in SQLite (or PostgreSQL)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from attrs import Attribute, field, frozen
from attrs.validators import and_, ge, gt, le, matches_re, optional

from leadgen_core import CacheSpec, Plugin, Secret, UsageError, hookimpl

__all__ = ["PLUGIN", "Config", "leadgen_caches"]

_URL = re.compile(r"(?:sqlite(?:\+aiosqlite)?:///.+|postgres(?:ql(?:\+asyncpg)?)?://.+)")


def _is_url(_config: object, attribute: Attribute[Secret | None], value: Secret | None) -> None:
    """The value is not part of the sentence: it may hold a password."""
    if value is not None and not _URL.fullmatch(value.reveal()):
        raise UsageError(f"database.{attribute.name} must begin with postgresql:// or sqlite:/// and name a database")


@frozen(kw_only=True, repr=False)
class Config:
    """The section ``[database]``.

    - ``path``: the SQLite file; by default ``leadgen.db`` in the user's data directory, so that every run of this user
      shares it.
    - ``url``: a server in its place, ``postgresql://user:password@host/database``; a secret, as it may hold a password.
    - ``schema``: the PostgreSQL schema of our tables; it is made when it is missing.
    - ``timeout``: seconds for connecting, and for each statement.
    - ``flush_items``, ``flush_seconds``: writes are queued and stored together when so many wait, or after so long.
    - ``queue_bytes``: when so much waits, whoever writes waits too.
    - ``max_value_bytes``: a cache entry that is larger is not kept.
    - ``purge_seconds``: how often entries that are past their end are removed.
    """

    path: Path | None = None
    url: Secret | None = field(default=None, validator=_is_url)
    schema: str | None = field(default=None, validator=optional(matches_re(r"[a-z_][a-z0-9_]{0,62}")))
    timeout: float = field(default=5.0, validator=and_(gt(0), le(300)))
    flush_items: int = field(default=200, validator=and_(ge(1), le(100_000)))
    flush_seconds: float = field(default=0.5, validator=and_(gt(0), le(60)))
    queue_bytes: int = field(default=32 << 20, validator=and_(ge(1), le(1 << 30)))
    max_value_bytes: int = field(default=1 << 20, validator=and_(ge(1), le(1 << 28)))
    purge_seconds: float = field(default=600.0, validator=and_(gt(0), le(86_400)))

    def __attrs_post_init__(self) -> None:
        if self.path is not None and self.url is not None:
            raise ValueError("path and url name two databases; set one of them")


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_caches() -> Iterable[CacheSpec]:
    """The cache tier of this plugin."""
    return (CacheSpec(name="database", factory="leadgen_database.cache:DatabaseTier", persistent=True, auto=False),)
