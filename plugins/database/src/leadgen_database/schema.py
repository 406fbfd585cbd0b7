"""The tables, and their version. Values are opaque bytes; what they mean is the tier's."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable

from leadgen_core import UsageError

__all__ = ["CACHE", "VERSION", "prepare"]

VERSION = 1
"""Of the cache's table. One of another version is not touched."""

_PART = "cache"
_LOCK = 0x6C656164
"""Of PostgreSQL's advisory lock: two processes that make the tables at a time would meet in its catalogue."""

_METADATA = MetaData()
VERSIONS = Table(
    "leadgen_schema", _METADATA, Column("part", Text, primary_key=True), Column("version", Integer, nullable=False)
)
CACHE = Table(
    "leadgen_cache",
    _METADATA,
    Column("namespace", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("expires_at", Double, nullable=True),
    PrimaryKeyConstraint("namespace", "key"),
)
_BY_END = Index("leadgen_cache_expires_at", CACHE.c.expires_at)


async def prepare(engine: AsyncEngine, schema: str | None) -> None:
    """Make what is missing. Raises UsageError when the table is of another version of this plugin."""
    async with engine.begin() as connection:
        postgres = connection.dialect.name == "postgresql"
        if postgres:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if schema is not None and not await _has_schema(connection, schema):
                await connection.execute(CreateSchema(schema, if_not_exists=True))
        await connection.execute(CreateTable(VERSIONS, if_not_exists=True))
        insert = (postgresql if postgres else sqlite).insert(VERSIONS)
        await connection.execute(insert.values(part=_PART, version=VERSION).on_conflict_do_nothing())
        found = (await connection.execute(select(VERSIONS.c.version).where(VERSIONS.c.part == _PART))).scalar_one()
        if found != VERSION:
            raise UsageError(
                f"the database's cache has version {found} and this leadgen-database knows {VERSION}: "
                + (
                    "upgrade leadgen-database"
                    if found > VERSION
                    else "drop the table leadgen_cache and its version row"
                )
            )
        await connection.execute(CreateTable(CACHE, if_not_exists=True))
        await connection.execute(CreateIndex(_BY_END, if_not_exists=True))


async def _has_schema(connection: AsyncConnection, schema: str) -> bool:
    """Whoever may not make schemas may use one that is there."""
    found = await connection.execute(
        text("SELECT 1 FROM information_schema.schemata WHERE schema_name = :schema"), {"schema": schema}
    )
    return found.first() is not None
