"""Shelf: a cache tier that cannot hurt, and the writer that fills the persistent ones behind the answer's back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from leadgen_core.clock import Clock
from leadgen_core.events import Events, TierDown
from leadgen_core.gateway.health import Health
from leadgen_core.model.records import frozen

__all__ = ["Shelf", "Store", "Tier", "Writer"]

_WAITING = 1000
"""Entries that may wait to be written; beyond that, answers wait for their writing."""


class Store(Protocol):
    """What is used of an ``aiocache.BaseCache``."""

    async def get(self, key: str) -> Any: ...

    async def set(self, key: str, value: Any, ttl: int) -> Any: ...


@frozen
class Tier:
    """One cache tier, in the order of look-up. ``persistent``: as its ``CacheSpec`` says, it outlives the process."""

    name: str
    cache: Store
    persistent: bool = False


class Shelf:
    """A tier that cannot hurt: one that raises or is slow is skipped, reported once, tried again after a pause.

    Only persistent tiers are bounded in time (``patience``, seconds), since a timer costs more than a get from
    memory; after ``pause`` seconds one caller tries the tier, the others go on skipping it.
    """

    def __init__(self, tier: Tier, clock: Clock, events: Events, *, patience: float = 0.5, pause: float = 30.0) -> None:
        self.name = tier.name
        self.persistent = tier.persistent
        self._cache = tier.cache
        self._events = events
        self._health = Health(clock, patience=patience, pause=pause)

    @property
    def ill(self) -> bool:
        """Whether the last that was heard of it is a failure."""
        return self._health.ill

    async def get(self, key: str) -> Any:
        """The value, or None when there is none, it cannot be read, or the tier is skipped."""
        health = self._health
        if health.resting():
            return None
        try:
            if self.persistent:
                async with asyncio.timeout(health.patience):
                    value = await self._cache.get(key)
            else:
                value = await self._cache.get(key)
        except (ValueError, RecursionError):
            return None  # the serializer cannot read this one entry: a miss, the tier is well
        except Exception as error:
            self._failed(error)
            return None
        if health.ill:
            health.well()
        return value

    async def put(self, key: str, value: dict[str, Any], ttl: int) -> None:
        """Store ``value`` for ``ttl`` seconds, if the tier is well."""
        health = self._health
        if health.resting():
            return
        try:
            if self.persistent:
                async with asyncio.timeout(health.patience):
                    await self._cache.set(key, value, ttl=ttl)
            else:
                await self._cache.set(key, value, ttl=ttl)
        except (TypeError, ValueError, RecursionError):
            return  # a body that is no JSON cannot be written; the tier is well
        except Exception as error:
            self._failed(error)
            return
        if health.ill:
            health.well()

    def _failed(self, error: Exception) -> None:
        if (why := self._health.failed(error)) is not None:
            self._events.emit(TierDown(self.name, why))


class Writer:
    """Writes to persistent tiers in the background, so that no answer waits for them.

    What waits to be written can be read here, so a key is found from the moment it is handed over.
    """

    def __init__(self) -> None:
        self.waiting: dict[str, dict[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def write(
        self,
        key: str,
        envelope: dict[str, Any],
        ttl: int,
        shelves: Sequence[Shelf],
        then: Callable[[], None] | None = None,
    ) -> None:
        """Hand it over; ``then`` is called when it is written, or when it cannot be. Waits when too many wait."""
        task = asyncio.get_running_loop().create_task(self._work(key, envelope, ttl, shelves, then))
        self.waiting[key] = envelope
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if len(self._tasks) > _WAITING:
            await asyncio.shield(task)

    async def _work(
        self,
        key: str,
        envelope: dict[str, Any],
        ttl: int,
        shelves: Sequence[Shelf],
        then: Callable[[], None] | None,
    ) -> None:
        try:
            for shelf in shelves:
                if self.waiting.get(key) is envelope:  # else a younger one has taken its place
                    await shelf.put(key, envelope, ttl)
        finally:
            if self.waiting.get(key) is envelope:
                del self.waiting[key]
            if then is not None:
                then()

    async def flush(self) -> None:
        """Wait until all is written; each write is bounded by its tier's patience."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))
