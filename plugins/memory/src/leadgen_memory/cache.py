"""The cache class. Everything that subclasses aiocache stands here, so that a new aiocache touches one file."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any

from leadgen_memory import Config
from leadgen_memory.aiocache_base import SENTINEL, BaseCache, NullSerializer
from leadgen_memory.packing import pack, unpack
from leadgen_memory.size import about_bytes
from leadgen_memory.store import Key, Store

__all__ = ["MemoryCache"]


class MemoryCache(BaseCache):  # type: ignore[misc]
    """An ``aiocache.BaseCache`` over :class:`~leadgen_memory.store.Store` (dependencies.md §1.3).

    - Dicts and lists are stored packed and unpacked for each reader (``packing.py``); other values are stored as they
      are given and handed out as they are: treat them as read-only.
    - A lifetime (``ttl``, seconds) is greater than 0 or None (no end); anything else raises ``ValueError``, for
      backends disagree on 0. ``expire`` alone takes 0 as aiocache defines it: the item's end is taken off.
    - Lifetimes run on ``timer`` and are looked at on access; there are no timers in the event loop.
    - ``clear(namespace)`` empties exactly this namespace; without one the cache's own, and a cache that has none
      is emptied as a whole.
    - ``max_items`` always holds. With ``max_bytes``, each item weighs its estimated size, but at least
      ``max_bytes / max_items``, and the sum of weights stays within ``max_bytes``. A value that weighs more than
      that is not kept, nor the one that it should have replaced; ``set`` then returns False.
    - One event loop; no locks, since no method awaits anything.
    - ``get`` and ``set`` of a cache without aiocache plugins go straight to the store: aiocache's decorators (time-out,
      plugins, the switch ``AIOCACHE_DISABLE``, which is read here once) cost five times what the store does.
    """

    NAME = "memory"

    def __init__(
        self,
        config: Config | None = None,
        *,
        timer: Callable[[], float] = time.monotonic,
        namespace: str | None = None,
        ttl: float | None = None,
        plugins: Sequence[Any] = (),
    ) -> None:
        config = config or Config()
        _check(ttl)
        # timeout=0: no wait_for around each call, which would be 80 % of its cost (performance-anchors.md §4).
        super().__init__(serializer=NullSerializer(), namespace=namespace, ttl=ttl, timeout=0, plugins=list(plugins))
        self._least = 1 if config.max_bytes is None else max(1, math.ceil(config.max_bytes / config.max_items))
        self._measure = config.max_bytes is not None
        self._items = Store(config.max_items if config.max_bytes is None else config.max_bytes, timer)
        self._direct = not self.plugins and os.environ.get("AIOCACHE_DISABLE") != "1"

    async def get(self, key: Any, default: Any = None, **options: Any) -> Any:
        """The value, ``default`` when there is none; the options are aiocache's."""
        if options or not self._direct:
            return await super().get(key, default, **options)
        item = self._items.get(self._build_key(key))
        return default if item is None or item[0] is None else unpack(item[0])

    async def set(self, key: Any, value: Any, ttl: float | object | None = SENTINEL, **options: Any) -> bool:
        """Whether it was kept; the options are aiocache's."""
        if options or not self._direct:
            return bool(await super().set(key, value, ttl, **options))
        lifetime: Any = self.ttl if ttl is SENTINEL else ttl
        _check(lifetime)
        return self._put(self._build_key(key), pack(value), self._ends(lifetime))

    def __len__(self) -> int:
        return len(self._items)

    @property
    def weight(self) -> int:
        """Estimated bytes held; the number of items when ``max_bytes`` is not set."""
        return self._items.weight

    def _build_key(self, key: Any, namespace: str | None = None) -> Key:
        return (self.namespace if namespace is None else namespace, key.value if isinstance(key, Enum) else key)

    def _put(self, key: Key, value: Any, expires: float) -> bool:
        weight = 1
        if self._measure:
            weight = max(self._least, about_bytes(value))
            if weight > self._items.most:
                self._items.pop(key)
                return False
        self._items.put(key, value, expires, weight)
        return True

    def _ends(self, ttl: float | None) -> float:
        return math.inf if ttl is None else self._items.timer() + ttl

    # aiocache passes these two by keyword; there is nothing to decode and no connection.
    async def _get(self, key: Key, encoding: object = None, _conn: object = None) -> Any:  # noqa: ARG002
        item = self._items.get(key)
        return None if item is None else unpack(item[0])

    async def _gets(self, key: Key, encoding: object = None, _conn: object = None) -> Any:  # noqa: ARG002
        return await self._get(key)

    async def _multi_get(
        self,
        keys: Iterable[Key],
        encoding: object = None,  # noqa: ARG002
        _conn: object = None,
    ) -> list[Any]:
        return [await self._get(key) for key in keys]

    async def _set(
        self, key: Key, value: Any, ttl: float | None = None, _cas_token: Any = None, _conn: object = None
    ) -> bool:
        _check(ttl)
        if _cas_token is not None and _cas_token != await self._get(key):
            return False
        return self._put(key, pack(value), self._ends(ttl))

    async def _multi_set(
        self, pairs: Iterable[tuple[Key, Any]], ttl: float | None = None, _conn: object = None
    ) -> bool:
        _check(ttl)
        for key, value in pairs:
            self._put(key, pack(value), self._ends(ttl))
        return True

    async def _add(self, key: Key, value: Any, ttl: float | None = None, _conn: object = None) -> bool:
        _check(ttl)
        if key in self._items:
            # The key is not printed: it may name a company or a person.
            raise ValueError("the key exists already; use set to replace its value")
        return self._put(key, pack(value), self._ends(ttl))

    async def _exists(self, key: Key, _conn: object = None) -> bool:
        return key in self._items

    async def _increment(self, key: Key, delta: int, _conn: object = None) -> int:
        item = self._items.get(key)
        if item is None:
            self._put(key, delta, math.inf)
            return delta
        value, expires = item
        if not isinstance(value, int):
            raise TypeError("the value is no integer")
        total = value + delta
        self._put(key, total, expires)
        return total

    async def _expire(self, key: Key, ttl: float | None, _conn: object = None) -> bool:
        ttl = None if ttl == 0 else ttl
        _check(ttl)
        item = self._items.get(key)
        if item is None:
            return False
        return self._put(key, item[0], self._ends(ttl))

    async def _delete(self, key: Key, _conn: object = None) -> int:
        return int(self._items.pop(key))

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        namespace = self.namespace if namespace is None else namespace
        if namespace is None:
            self._items.clear()
        else:
            for key in [key for key in self._items if key[0] == namespace]:
                self._items.pop(key)
        return True

    async def _raw(self, command: str, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("the memory cache has no raw commands")

    async def _redlock_release(self, key: Key, value: Any) -> int:
        item = self._items.get(key)
        return await self._delete(key) if item is not None and unpack(item[0]) == value else 0

    async def aclose(self) -> None:
        """Forget everything."""
        self._items.clear()


def _check(ttl: float | None) -> None:
    if ttl is not None and not (isinstance(ttl, int | float) and ttl > 0):
        raise ValueError(f"a lifetime must be greater than 0 seconds, or None for no end, not {ttl!r}")
