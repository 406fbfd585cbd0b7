"""The cache class. Everything that subclasses aiocache stands here, so that a new aiocache touches one file."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from aiocache.base import BaseCache  # type: ignore[import-untyped]
from aiocache.serializers import BaseSerializer  # type: ignore[import-untyped]

from leadgen_core import Clock
from leadgen_database import Config
from leadgen_database.backlog import Item
from leadgen_database.places import Place, area, place
from leadgen_database.reader import Reader
from leadgen_database.store import Store
from leadgen_database.writer import Writer

__all__ = ["DatabaseTier"]

_PURGED = 500
"""Rows of one transaction."""
_PURGED_AT_MOST = 20_000
"""Rows of one round in the background."""
_LOG = logging.getLogger(__name__)


class Json(BaseSerializer):  # type: ignore[misc]
    """JSON and no pickle. What is none is a miss."""

    DEFAULT_ENCODING = None

    def dumps(self, value: Any) -> bytes:
        """Raises TypeError for what is no JSON."""
        return orjson.dumps(value)

    def loads(self, value: object) -> Any:
        """The value, None for what is no JSON. Never raises."""
        if not isinstance(value, bytes):
            return None
        try:
            return orjson.loads(value)
        except (ValueError, RecursionError):
            return None


class DatabaseTier(BaseCache):  # type: ignore[misc]
    """An ``aiocache.BaseCache`` over one table (dependencies.md §1.3, §1.4 and §7), SQLite's or PostgreSQL's.

    - ``set`` and ``multi_set`` return when the value is queued; it is stored with others, soon, and a kill loses what
      is not. Reads see what is queued. Everything else is stored when it returns.
    - Reads of one turn of the loop, and those that come while a statement runs, are one statement.
    - A lifetime (``ttl``, seconds) is greater than 0 or None (no end). ``expire`` alone takes 0: no end.
    - ``clear(namespace)`` empties exactly this one; without a name and with none of its own the whole table.
    - A value of more than ``max_value_bytes`` is not kept, nor the one that it should have replaced; ``set`` then
      returns False.
    - Nothing connects before the first use. The first call that fails to open raises UsageError when the table is of
      another version, else SQLAlchemy's errors or TimeoutError.

    ``clock``: lifetimes and pauses are by it; without one, lifetimes are by the machine's clock.
    """

    NAME = "database"

    def __init__(
        self,
        config: Config | None = None,
        *,
        clock: Clock | None = None,
        namespace: str | None = None,
        ttl: float | None = None,
        plugins: Sequence[Any] = (),
    ) -> None:
        config = config or Config()
        _check(ttl)
        # timeout=0: no wait_for around each call; statements are bounded by themselves.
        super().__init__(serializer=Json(), namespace=namespace, ttl=ttl, timeout=0, plugins=list(plugins))
        self._now = time.time if clock is None else lambda: clock.now().timestamp()
        self._clock = clock or Clock()
        self._longest = config.max_value_bytes
        self._every = config.purge_seconds
        self._store = Store(config)
        self._reader = Reader(self._store.read)
        self._writer = Writer(config, self._store, self._clock)
        self._purging: asyncio.Task[None] | None = None

    def _build_key(self, key: Any, namespace: str | None = None) -> Place:
        return place(self.namespace if namespace is None else namespace, key)

    def _item(self, value: bytes | str, ttl: float | None) -> Item:
        _check(ttl)
        # aiocache's locks put text in below the serializer.
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        return Item(data, None if ttl is None else self._now() + ttl)

    def _begin(self) -> None:
        if self._purging is None:
            self._purging = asyncio.get_running_loop().create_task(self._purge_now_and_then())

    async def flush(self) -> None:
        """Store what is queued."""
        await self._writer.flush()

    async def purge(self, limit: int | None = None) -> int:
        """Remove items that are past their end, ``limit`` at most; how many were removed."""
        total = 0
        while limit is None or total < limit:
            count = _PURGED if limit is None else min(_PURGED, limit - total)
            async with self._writer.turn():
                removed = await self._store.purge(self._now(), count)
            total += removed
            if removed < count:
                break
        return total

    async def _purge_now_and_then(self) -> None:
        while True:
            try:
                await self.purge(_PURGED_AT_MOST)
            except Exception as error:
                _LOG.debug("purging the cache failed: %s", type(error).__name__)
            await self._clock.sleep(self._every)

    # --- reading ------------------------------------------------------------------------------------------

    async def _find(self, places: Iterable[Place]) -> list[bytes | None]:
        self._begin()
        found: dict[Place, Item | None] = {}
        asked: dict[Place, asyncio.Future[Item | None]] = {}
        wanted = list(places)
        for each in wanted:
            if each not in asked and (item := self._writer.backlog.get(each)) is not None:
                found[each] = item
            elif each not in asked:
                asked[each] = self._reader.want(each)
        found |= zip(asked, await asyncio.gather(*asked.values()), strict=True)
        now = self._now()
        return [item.value if (item := found[each]) is not None and item.live(now) else None for each in wanted]

    async def _get(self, key: Place, encoding: object = None, _conn: object = None) -> bytes | None:  # noqa: ARG002
        self._begin()
        item = self._writer.backlog.get(key)
        if item is None:
            item = await self._reader.want(key)
        return item.value if item is not None and item.live(self._now()) else None

    async def _gets(self, key: Place, encoding: object = None, _conn: object = None) -> bytes | None:  # noqa: ARG002
        return await self._get(key)

    async def _multi_get(
        self,
        keys: Iterable[Place],
        encoding: object = None,  # noqa: ARG002
        _conn: object = None,
    ) -> list[bytes | None]:
        return await self._find(keys)

    async def _exists(self, key: Place, _conn: object = None) -> bool:
        return await self._get(key) is not None

    # --- writing ------------------------------------------------------------------------------------------

    async def _set(
        self, key: Place, value: bytes, ttl: float | None = None, _cas_token: Any = None, _conn: object = None
    ) -> bool:
        item = self._item(value, ttl)
        self._begin()
        if len(item.value) > self._longest:
            await self._delete(key)
            return False
        if _cas_token is not None:
            async with self._writer.turn(key):
                return await self._store.swap(key, _cas_token, item, self._now())
        await self._writer.put(key, item)
        return True

    async def _multi_set(
        self, pairs: Iterable[tuple[Place, bytes]], ttl: float | None = None, _conn: object = None
    ) -> bool:
        _check(ttl)
        for key, value in pairs:
            await self._set(key, value, ttl)
        return True

    async def _add(self, key: Place, value: bytes, ttl: float | None = None, _conn: object = None) -> bool:
        item = self._item(value, ttl)
        if len(item.value) > self._longest:
            return False
        async with self._writer.turn(key):
            if not await self._store.add(key, item, self._now()):
                # The key is not printed: it may name a company or a person.
                raise ValueError("the key exists already; use set to replace its value")
        return True

    async def _increment(self, key: Place, delta: int, _conn: object = None) -> int:
        def add(old: bytes) -> bytes:
            value = self.serializer.loads(old)
            if type(value) is not int:
                raise TypeError("the value is no integer")
            return orjson.dumps(value + delta)

        async with self._writer.turn(key):
            total: int = orjson.loads(await self._store.change(key, self._now(), orjson.dumps(delta), add))
        return total

    async def _expire(self, key: Place, ttl: float | None, _conn: object = None) -> bool:
        _check(ttl or None)
        now = self._now()
        async with self._writer.turn(key):
            return await self._store.expire(key, now + ttl if ttl else None, now)

    async def _delete(self, key: Place, _conn: object = None) -> int:
        async with self._writer.turn(key):
            return int(await self._store.delete(key, self._now()))

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        namespace = self.namespace if namespace is None else namespace
        name = None if namespace is None else area(namespace)
        async with self._writer.turn():
            self._writer.backlog.drop(name)
            await self._store.clear(name)
        return True

    async def _raw(self, command: str, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("the database cache has no raw commands")

    async def _redlock_release(self, key: Place, value: str) -> int:
        async with self._writer.turn(key):
            return int(await self._store.delete(key, self._now(), value.encode()))

    async def _close(self, *_args: Any, _conn: object = None, **_options: Any) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Store what is queued and close the connections. Twice does nothing; a later use opens them again."""
        purging, self._purging = self._purging, None
        if purging is not None:
            purging.cancel()
            await asyncio.gather(purging, return_exceptions=True)
        await self._writer.aclose()
        await self._reader.aclose()
        await self._store.aclose()


def _check(ttl: float | None) -> None:
    if ttl is not None and not (isinstance(ttl, int | float) and 0 < ttl < math.inf):
        raise ValueError(f"a lifetime must be greater than 0 seconds, or None for no end, not {ttl!r}")
