"""Cache: tiers from the fastest to the slowest, refilled upwards, and stale values while an API is down."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from attrs import frozen

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import ApiSpec, Nothing
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.events import CacheHit, CacheMiss, Events, TierDown
from leadgen_core.gateway.entry import Entry, read_entry
from leadgen_core.gateway.exchange import Result
from leadgen_core.model.answers import Cause, Unanswered

__all__ = ["Cache", "Shelf", "Store", "Tier"]

_LONGEST = 3650 * 86400.0
"""Seconds. A lifetime without end is written as ten years, so that every stamp is a date."""
_STALE_FOR = frozenset({Cause.FAILED, Cause.TIMEOUT, Cause.BREAKER_OPEN, Cause.THROTTLED})
"""The causes for which an old answer is better than none."""
_NEVER_KEPT = frozenset({401, 403, 429})


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
        self._clock = clock
        self._events = events
        self._patience = patience
        self._pause = pause
        self._rests_until: float | None = None

    async def get(self, key: str) -> Any:
        """The value, or None when there is none, it cannot be read, or the tier is skipped."""
        if self._resting():
            return None
        trial = self._rests_until is not None
        try:
            if self.persistent:
                async with asyncio.timeout(self._patience):
                    value = await self._cache.get(key)
            else:
                value = await self._cache.get(key)
        except (ValueError, RecursionError):
            return None  # the serializer cannot read this one entry: a miss, the tier is well
        except Exception as error:
            self._failed(error)
            return None
        if trial:
            self._rests_until = None
        return value

    async def put(self, key: str, value: dict[str, Any], ttl: int) -> None:
        """Store ``value`` for ``ttl`` seconds, if the tier is well."""
        if self._resting():
            return
        trial = self._rests_until is not None
        try:
            if self.persistent:
                async with asyncio.timeout(self._patience):
                    await self._cache.set(key, value, ttl=ttl)
            else:
                await self._cache.set(key, value, ttl=ttl)
        except (TypeError, ValueError, RecursionError):
            return  # a body that is no JSON cannot be written; the tier is well
        except Exception as error:
            self._failed(error)
            return
        if trial:
            self._rests_until = None

    def _resting(self) -> bool:
        if self._rests_until is None:
            return False
        now = self._clock.monotonic()
        if now < self._rests_until:
            return True
        self._rests_until = now + self._pause  # this caller tries; the others wait for what it finds
        return False

    def _failed(self, error: Exception) -> None:
        known = self._rests_until is not None
        self._rests_until = self._clock.monotonic() + self._pause
        if not known:
            why = f"no answer within {self._patience:g} s" if isinstance(error, TimeoutError) else type(error).__name__
            self._events.emit(TierDown(self.name, why))


class _Next(Protocol):
    async def ask(self, lookup: Lookup) -> Result: ...


@frozen
class _Terms:
    """The lifetime of an operation's answers in seconds, and the shelves that may hold them."""

    soft: float
    hard: float
    shelves: tuple[Shelf, ...]


class Cache:
    """Answers, also negative ones, for as long as their class may live.

    Past the soft end the API is asked again; when it cannot answer, the old value is served and marked. Past the
    hard end nothing is served. What may not persist is neither written to nor looked for in a persistent tier.
    """

    def __init__(self, spec: ApiSpec, shelves: Sequence[Shelf], clock: Clock, events: Events, following: _Next) -> None:
        self._clock = clock
        self._events = events
        self._next = following
        self._api = spec.name
        self._terms: dict[str, _Terms] = {}
        for name, operation in spec.operations.items():
            lifetime = spec.lifetimes[operation.lifetime]
            hard = max(0.0, min(lifetime.hard.total_seconds(), _LONGEST))
            soft = max(0.0, min(lifetime.soft.total_seconds(), hard))
            usable = tuple(shelf for shelf in shelves if lifetime.persist or not shelf.persistent)
            self._terms[name] = _Terms(soft, hard, usable if hard > 0 else ())

    async def ask(self, lookup: Lookup, key: str) -> Entry:
        """The entry from the first tier that has it fresh, else from the API."""
        terms = self._terms[lookup.operation]
        old: Entry | None = None
        old_from = ""
        if terms.shelves:
            now = self._clock.now().timestamp()
            above: list[Shelf] = []
            for shelf in terms.shelves:
                value = await shelf.get(key)
                entry = read_entry(value, now, terms.soft, terms.hard) if value is not None else None
                if entry is None:
                    above.append(shelf)
                    continue
                if now < entry.soft:
                    self._events.emit(CacheHit(self._api, shelf.name))
                    if above:
                        await self._keep(key, entry, above, now)
                    return entry
                above.append(shelf)
                if old is None or entry.at > old.at:
                    old, old_from = entry, shelf.name
        self._events.emit(CacheMiss(self._api))
        try:
            result = await self._next.ask(lookup)
        except Unanswered as error:
            if old is None or error.cause not in _STALE_FOR or old.hard <= self._clock.now().timestamp():
                raise
            old.stale = True
            self._events.emit(CacheHit(self._api, old_from, stale=True))
            return old
        at = self._clock.now().timestamp()
        entry = Entry(
            result.body, isinstance(result.meaning, Nothing), result.url, at, at + terms.soft, at + terms.hard
        )
        if terms.shelves and _may_keep(result.status):
            await self._keep(key, entry, terms.shelves, at)
        return entry

    async def _keep(self, key: str, entry: Entry, shelves: Sequence[Shelf], now: float) -> None:
        """Store it for what is left of its life: a copy must not outlive its original.

        Whole seconds (memcached and ``SETEX`` take no others), rounded down; 0 would mean "for ever" to some
        backends and is an error to others (dependencies.md §1.3).
        """
        ttl = int(entry.hard - now)
        if ttl > 0:
            envelope = entry.envelope()
            for shelf in shelves:
                await shelf.put(key, envelope, ttl)


def _may_keep(status: int | None) -> bool:
    """Refusals and failures are never kept, whatever an ApiSpec makes of them."""
    return status is None or (status < 500 and status not in _NEVER_KEPT)
