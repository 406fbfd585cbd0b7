"""A sound cache tier of the smallest kind: a dict of texts. Those that are wrong override one method."""

from __future__ import annotations

import json
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from aiocache.base import BaseCache  # type: ignore[import-untyped]
from aiocache.serializers import JsonSerializer  # type: ignore[import-untyped]
from attrs import frozen

__all__ = ["Bounded", "Config", "Persistent", "Serializer", "stranger"]

Key = tuple[str, str | None, str]
"""Whose it is, the namespace, the key."""


@frozen
class Config:
    max_items: int = 1_000


class Serializer(JsonSerializer):  # type: ignore[misc]
    """JSON; what is none raises ValueError."""

    def loads(self, value: Any) -> Any:
        return None if value is None else json.loads(value)


class Bounded(BaseCache):  # type: ignore[misc]
    """In memory: each object has its own items, and no more than it was told."""

    NAME = "sound"
    SERIALIZER: type[Any] = Serializer

    def __init__(self, config: Config, *, timer: Callable[[], float] = time.monotonic) -> None:
        super().__init__(serializer=self.SERIALIZER(), timeout=0)
        self.timer = timer
        self.most = config.max_items
        self.items: OrderedDict[Key, tuple[Any, float]] = OrderedDict()

    def _build_key(self, key: str, namespace: str | None = None) -> Key:
        return "kit", namespace, key

    def alive(self, key: Key) -> Any:
        value, end = self.items.get(key, (None, math.inf))
        return value if self.timer() < end else None

    def end(self, ttl: float | None) -> float:
        if ttl is not None and not ttl > 0:
            raise ValueError("a lifetime is greater than 0")
        return math.inf if ttl is None else self.timer() + ttl

    def put(self, key: Key, value: Any, end: float) -> None:
        self.items.pop(key, None)
        self.items[key] = value, end
        while len(self.items) > self.most:
            self.items.popitem(last=False)

    async def _get(self, key: Key, encoding: object = None, _conn: object = None) -> Any:
        return self.alive(key)

    async def _multi_get(self, keys: Iterable[Key], encoding: object = None, _conn: object = None) -> list[Any]:
        return [self.alive(key) for key in keys]

    async def _set(
        self, key: Key, value: Any, ttl: float | None = None, _cas_token: object = None, _conn: object = None
    ) -> bool:
        self.put(key, value, self.end(ttl))
        return True

    async def _multi_set(
        self, pairs: Iterable[tuple[Key, Any]], ttl: float | None = None, _conn: object = None
    ) -> bool:
        end = self.end(ttl)
        for key, value in pairs:
            self.put(key, value, end)
        return True

    async def _add(self, key: Key, value: Any, ttl: float | None = None, _conn: object = None) -> bool:
        end = self.end(ttl)
        if self.alive(key) is not None:
            raise ValueError("the key exists")
        self.put(key, value, end)
        return True

    async def _exists(self, key: Key, _conn: object = None) -> bool:
        return self.alive(key) is not None

    async def _delete(self, key: Key, _conn: object = None) -> int:
        return 0 if self.items.pop(key, None) is None else 1

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        for key in [key for key in self.items if key[0] == "kit" and namespace in (None, key[1])]:
            del self.items[key]
        return True

    async def aclose(self) -> None:
        pass


class Persistent(Bounded):
    """One store for all objects, in which somebody else keeps things too."""

    STORE: ClassVar[OrderedDict[Key, tuple[Any, float]]] = OrderedDict()

    def __init__(self, config: Config, *, timer: Callable[[], float] = time.monotonic) -> None:
        super().__init__(config, timer=timer)
        self.items = self.STORE


@asynccontextmanager
async def stranger() -> Any:
    """Something of somebody else's in the store of :class:`Persistent`."""
    theirs = ("theirs", None, "key")
    Persistent.STORE[theirs] = "value", math.inf

    async def still_there() -> bool:
        return theirs in Persistent.STORE

    yield still_there
    Persistent.STORE.pop(theirs, None)
