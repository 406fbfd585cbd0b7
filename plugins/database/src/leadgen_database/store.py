"""The statements. Each method is one transaction that writes first, so SQLite never has to upgrade a lock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from leadgen_database import Config
from leadgen_database.backlog import Item
from leadgen_database.engine import make_engine
from leadgen_database.places import Place
from leadgen_database.schema import CACHE, prepare

__all__ = ["Store"]

_TRIES = 5
"""To open: two processes that switch a new file to WAL at a time meet in a lock that SQLite does not wait for."""


def _live(now: float) -> Any:
    return CACHE.c.expires_at.is_(None) | (CACHE.c.expires_at > now)


def _at(place: Place) -> Any:
    return (CACHE.c.namespace == place.namespace) & (CACHE.c.key == place.key)


class Store:
    """The table of one database. Opens itself at the first use; :meth:`aclose` gives the connections back."""

    def __init__(self, config: Config) -> None:
        self._schema = config.schema
        self._timeout = config.timeout
        self.engine: AsyncEngine = make_engine(config)
        self._longest = config.max_value_bytes
        dialect: Any = postgresql if self.engine.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(CACHE)
        new = insert.excluded
        self._insert = insert
        self._upsert = insert.on_conflict_do_update(
            index_elements=["namespace", "key"], set_={"value": new.value, "expires_at": new.expires_at}
        )
        # What another party wrote may be of any size; it must not leave the database.
        self._select: Select[Any] = select(CACHE.c.key, CACHE.c.value, CACHE.c.expires_at).where(
            CACHE.c.namespace == bindparam("namespace"),
            CACHE.c.key.in_(bindparam("keys", expanding=True)),
            func.length(CACHE.c.value) <= bindparam("longest"),
        )
        self._ready = False
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """Make the table when it is missing. Raises UsageError when it is of an unknown version."""
        if self._ready:
            return
        async with self._opening:
            for left in range(_TRIES, 0, -1):
                if self._ready:
                    return
                try:
                    async with asyncio.timeout(self._timeout * 2):
                        await prepare(self.engine, self._schema)
                except OperationalError:
                    if left == 1:
                        raise
                    await asyncio.sleep(0.05 * (_TRIES - left + 1))
                else:
                    self._ready = True

    async def read(self, places: Sequence[Place]) -> dict[Place, Item]:
        """What is stored at these places, live or not."""
        await self.open()
        by_namespace: dict[str, list[str]] = {}
        for place in places:
            by_namespace.setdefault(place.namespace, []).append(place.key)
        found: dict[Place, Item] = {}
        async with asyncio.timeout(self._timeout), self.engine.connect() as connection:
            for namespace, keys in by_namespace.items():
                rows = await connection.execute(
                    self._select, {"namespace": namespace, "keys": keys, "longest": self._longest}
                )
                found |= {Place(namespace, key): Item(bytes(value), end) for key, value, end in rows}
        return found

    async def write(self, items: Sequence[tuple[Place, Item]]) -> None:
        """Store all of them or, when it raises, none."""
        # In one order everywhere: two processes that write the same rows never wait for each other in a ring.
        rows = [_row(place, item) for place, item in sorted(items, key=lambda each: each[0])]

        async def upsert(connection: AsyncConnection) -> None:
            await connection.execute(self._upsert, rows)

        await self._transact(upsert)

    async def add(self, place: Place, item: Item, now: float) -> bool:
        """Store it where nothing is. False: something is there."""

        async def insert(connection: AsyncConnection) -> bool:
            await connection.execute(delete(CACHE).where(_at(place), ~_live(now)))
            done = await connection.execute(self._insert.values(**_row(place, item)).on_conflict_do_nothing())
            return bool(done.rowcount == 1)

        return bool(await self._transact(insert))

    async def change(self, place: Place, now: float, first: bytes, next_value: Callable[[bytes], bytes]) -> bytes:
        """Store what ``next_value`` makes of the live value, or ``first`` without an end; gives what is stored."""

        async def replace(connection: AsyncConnection) -> bytes:
            await connection.execute(delete(CACHE).where(_at(place), ~_live(now)))
            row = _row(place, Item(first, None))
            done = await connection.execute(self._insert.values(**row).on_conflict_do_nothing())
            if done.rowcount == 1:
                return first
            old = await connection.execute(select(CACHE.c.value).where(_at(place)).with_for_update())
            value = next_value(bytes(old.scalar_one()))
            await connection.execute(update(CACHE).where(_at(place)).values(value=value))
            return value

        return bytes(await self._transact(replace))

    async def swap(self, place: Place, old: bytes, item: Item, now: float) -> bool:
        """Store it if the live value is ``old``."""

        async def replace(connection: AsyncConnection) -> bool:
            done = await connection.execute(
                update(CACHE)
                .where(_at(place), _live(now), CACHE.c.value == old)
                .values(value=item.value, expires_at=item.expires_at)
            )
            return bool(done.rowcount == 1)

        return bool(await self._transact(replace))

    async def expire(self, place: Place, expires_at: float | None, now: float) -> bool:
        """Give the live item another end. False: there is none."""

        async def end(connection: AsyncConnection) -> bool:
            done = await connection.execute(update(CACHE).where(_at(place), _live(now)).values(expires_at=expires_at))
            return bool(done.rowcount == 1)

        return bool(await self._transact(end))

    async def delete(self, place: Place, now: float, value: bytes | None = None) -> bool:
        """Remove the item (only if it has this value). Whether a live one was removed."""

        async def remove(connection: AsyncConnection) -> bool:
            wanted = _at(place) if value is None else _at(place) & (CACHE.c.value == value)
            rows = await connection.execute(delete(CACHE).where(wanted).returning(CACHE.c.expires_at))
            return any(end is None or now < end for (end,) in rows)

        return bool(await self._transact(remove))

    async def clear(self, namespace: str | None) -> None:
        """Remove the items of this namespace, or all."""

        async def remove(connection: AsyncConnection) -> None:
            await connection.execute(
                delete(CACHE) if namespace is None else delete(CACHE).where(CACHE.c.namespace == namespace)
            )

        await self._transact(remove)

    async def purge(self, now: float, limit: int) -> int:
        """Remove up to ``limit`` items that are past their end; how many there were."""
        past = select(CACHE.c.namespace, CACHE.c.key).where(CACHE.c.expires_at <= now).limit(limit)

        async def remove(connection: AsyncConnection) -> int:
            done = await connection.execute(
                delete(CACHE).where(tuple_(CACHE.c.namespace, CACHE.c.key).in_(past), CACHE.c.expires_at <= now)
            )
            return int(done.rowcount)

        return int(await self._transact(remove))

    async def aclose(self) -> None:
        """Close all connections."""
        self._ready = False
        await self.engine.dispose()

    async def _transact(self, work: Callable[[AsyncConnection], Any]) -> Any:
        await self.open()
        # SQLite may wait for another process as long as busy_timeout says, and that ends first.
        async with asyncio.timeout(self._timeout * 1.5), self.engine.begin() as connection:
            return await work(connection)


def _row(place: Place, item: Item) -> dict[str, Any]:
    return {
        "namespace": place.namespace,
        "key": place.key,
        "value": item.value,
        "expires_at": item.expires_at,
    }
