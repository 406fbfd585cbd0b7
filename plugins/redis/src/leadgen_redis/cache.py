"""The cache class. Everything that subclasses aiocache's Redis stands here, so that a new aiocache touches one file."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterable, Sequence
from enum import Enum
from typing import Any
from urllib.parse import quote

from aiocache.backends.redis import RedisBackend  # type: ignore[import-untyped]

from leadgen_redis import Config
from leadgen_redis.connection import Connection, Script, deadline
from leadgen_redis.frame import Frame
from leadgen_redis.gathering import Gatherer

__all__ = ["RedisTier"]

_TOGETHER = 64
"""Keys of one read, writes of one pipeline: with ``max_value_bytes`` it bounds what is in memory at a time."""
_SCAN = 500
_LONGEST = 1 << 53
"""Milliseconds: what is longer is as good as for ever, and Redis takes no more."""

# What another party wrote may be of any size; it must not leave Redis. A key of another type is nil to MGET.
_READ = """
local found = redis.call('MGET', unpack(KEYS))
local longest = tonumber(ARGV[1])
for i = 1, #found do
  if found[i] and #found[i] > longest then found[i] = false end
end
return found
"""

Write = tuple[str | bytes | int, ...]


class RedisTier(RedisBackend):  # type: ignore[misc]
    """An ``aiocache.BaseCache`` in Redis (dependencies.md §1.1 and §1.3), over the client that this process shares.

    - Values are JSON with a mark in front; an entry of another origin or version is a miss. There is no pickle.
    - Keys are ``<prefix>:cache:<namespace>:<key>`` with the namespace quoted, so no two namespaces can meet.
      ``clear`` removes exactly one, or without a name and with none of its own all of this prefix's cache, by SCAN.
    - Reads and writes of one turn of the loop travel together; a caller that is cancelled does not hurt the others.
    - A lifetime (``ttl``, seconds) is greater than 0 or None (no end). ``expire`` alone takes 0: no end.
    - A value of more than ``max_value_bytes`` is not kept, nor the one that it should have replaced; ``set`` then
      returns False. Nor is a larger one read that somebody else wrote.
    - Raises redis-py's errors, or TimeoutError, within ``connect_timeout + timeout`` seconds.
    """

    NAME = "redis"

    def __init__(
        self,
        config: Config | None = None,
        *,
        namespace: str | None = None,
        ttl: float | None = None,
        plugins: Sequence[Any] = (),
    ) -> None:
        config = config or Config()
        _check(ttl)
        self._connection = Connection(config)
        pool = self._connection.client.connection_pool
        # timeout=0: no wait_for around each call; time is bounded below, once for all that travel together.
        super().__init__(
            serializer=Frame(),
            namespace=namespace,
            ttl=ttl,
            timeout=0,
            plugins=list(plugins),
            connection_pool_class=lambda **_: pool,
        )
        self._prefix = f"{config.prefix}:cache:"
        self._longest = config.max_value_bytes
        self._deadline = deadline(config)
        self._script = Script(self._connection, _READ)
        self._read: Gatherer[str, bytes | None] = Gatherer(self._read_together, limit=_TOGETHER)
        self._write: Gatherer[Write, Any] = Gatherer(self._write_together, limit=_TOGETHER)

    def _build_key(self, key: Any, namespace: str | None = None) -> str:
        plain = key.value if isinstance(key, Enum) else key
        return f"{self._area(self.namespace if namespace is None else namespace)}{plain}"

    def _area(self, namespace: str | None) -> str:
        """What the keys of a namespace begin with; nothing else does."""
        return f"{self._prefix}:" if namespace is None else f"{self._prefix}={quote(namespace, safe='')}:"

    async def _read_together(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        found: list[bytes | None] = await self._script.alone(keys, (self._longest,))
        return found

    async def _write_together(self, writes: Sequence[Write]) -> Sequence[Any]:
        async with asyncio.timeout(self._deadline):
            pipeline: Any = self.client.pipeline(transaction=False)
            for write in writes:
                pipeline.execute_command(*write)
            results: list[Any] = await pipeline.execute(raise_on_error=False)
        return results

    async def _get(self, key: str, encoding: object = None, _conn: object = None) -> bytes | None:  # noqa: ARG002
        return await self._read(key)

    async def _multi_get(
        self,
        keys: Iterable[str],
        encoding: object = None,  # noqa: ARG002
        _conn: object = None,
    ) -> list[bytes | None]:
        return list(await asyncio.gather(*(self._read(key) for key in keys)))

    def _setting(self, key: str, value: bytes, ttl: float | None, *options: str) -> Write:
        _check(ttl)
        # aiocache's own setex and psetex are deprecated in redis-py 8.
        end = () if ttl is None else ("PX", _milliseconds(ttl))
        return ("SET", key, value, *end, *options)

    async def _set(
        self, key: str, value: bytes, ttl: float | None = None, _cas_token: Any = None, _conn: object = None
    ) -> bool:
        write = self._setting(key, value, ttl)
        if len(value) > self._longest:
            await self._write(("UNLINK", key))
            return False
        if _cas_token is not None:
            end = () if ttl is None else ("PX", _milliseconds(ttl))
            return bool(await self._write(("EVAL", self.CAS_SCRIPT, 1, key, value, _cas_token, *end)))
        return bool(await self._write(write))

    async def _multi_set(
        self, pairs: Iterable[tuple[str, bytes]], ttl: float | None = None, _conn: object = None
    ) -> bool:
        _check(ttl)
        await asyncio.gather(*(self._set(key, value, ttl) for key, value in pairs))
        return True

    async def _add(self, key: str, value: bytes, ttl: float | None = None, _conn: object = None) -> bool:
        write = self._setting(key, value, ttl, "NX")
        if len(value) > self._longest:
            return False
        if not await self._write(write):
            # The key is not printed: it may name a company or a person.
            raise ValueError("the key exists already; use set to replace its value")
        return True

    async def _exists(self, key: str, _conn: object = None) -> bool:
        return bool(await self._write(("EXISTS", key)))

    async def _increment(self, key: str, delta: int, _conn: object = None) -> int:
        from redis.exceptions import ResponseError

        try:
            total: int = await self._write(("INCRBY", key, delta))
        except ResponseError:
            raise TypeError("the value is no integer") from None
        return total

    async def _expire(self, key: str, ttl: float | None, _conn: object = None) -> bool:
        if not ttl:
            # PERSIST says 0 also of a key that had no end.
            _, known = await asyncio.gather(self._write(("PERSIST", key)), self._write(("EXISTS", key)))
            return bool(known)
        _check(ttl)
        return bool(await self._write(("PEXPIRE", key, _milliseconds(ttl))))

    async def _delete(self, key: str, _conn: object = None) -> int:
        return int(await self._write(("UNLINK", key)))

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        namespace = self.namespace if namespace is None else namespace
        area = self._prefix if namespace is None else self._area(namespace)
        async for keys in self._scan(area):
            await self._write(("UNLINK", *keys))
        return True

    async def _scan(self, area: str) -> AsyncIterator[list[bytes]]:
        pattern = "".join(f"\\{char}" if char in "\\*?[]^-" else char for char in area) + "*"
        cursor: bytes | int = 0
        while True:
            cursor, keys = await self._write(("SCAN", cursor, "MATCH", pattern, "COUNT", _SCAN))
            if keys:
                yield keys
            if int(cursor) == 0:
                return

    async def _redlock_release(self, key: str, value: Any) -> int:
        return int(await self._write(("EVAL", self.RELEASE_SCRIPT, 1, key, value)))

    async def _close(self, *_args: Any, _conn: object = None, **_options: Any) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Wait for what is under way, then give the connection back."""
        await self._read.aclose()
        await self._write.aclose()
        await self._connection.aclose()


def _check(ttl: float | None) -> None:
    if ttl is not None and not (isinstance(ttl, int | float) and 0 < ttl < math.inf):
        raise ValueError(f"a lifetime must be greater than 0 seconds, or None for no end, not {ttl!r}")


def _milliseconds(ttl: float) -> int:
    return max(1, min(int(ttl * 1000), _LONGEST))
