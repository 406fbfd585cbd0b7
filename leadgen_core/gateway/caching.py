"""Cache: tiers from the fastest to the slowest, refilled upwards, and stale values while an API is down or asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import ApiSpec, Nothing
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Wish
from leadgen_core.events import CacheHit, CacheMiss, Events
from leadgen_core.gateway.entry import Entry, read_entry, validators
from leadgen_core.gateway.exchange import BULK, Result, again
from leadgen_core.gateway.lease import Held, Leases
from leadgen_core.gateway.shelf import Shelf, Store, Tier, Writer
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.records import frozen

__all__ = ["Cache", "Shelf", "Store", "Tier"]

_LONGEST = 3650 * 86400.0
"""Seconds. A lifetime without end is written as ten years, so that every stamp is a date."""
_STALE_FOR = frozenset({Cause.FAILED, Cause.TIMEOUT, Cause.BREAKER_OPEN, Cause.THROTTLED})
"""The causes for which an old answer is better than none."""
_NEVER_KEPT = frozenset({401, 403, 429})
_NOT_MODIFIED = 304
_REFRESHING = 100
"""Values of one API that are refreshed in the background at a time; beyond that, who asks waits."""


class _Next(Protocol):
    async def ask(self, lookup: Lookup, wish: Wish, old: Entry | None) -> Result: ...


@frozen
class _Terms:
    """The lifetime of an operation's answers in seconds, and the shelves that may hold them."""

    soft: float
    hard: float
    revalidate: float
    """Seconds past ``soft`` in which an old value is served at once."""
    shelves: tuple[Shelf, ...]
    shared: tuple[Shelf, ...]
    """Those of them that other processes may see."""


class Cache:
    """Answers, also negative ones, for as long as their class may live.

    Past the soft end the API is asked again (with the validator that it gave, so that it may say "not modified");
    when it cannot answer, the old value is served and marked. Past the hard end nothing is served. What may not
    persist is neither written to nor looked for in a persistent tier.

    With ``leases`` a key that no tier has is asked by one process; persistent tiers are written in the background.
    """

    def __init__(
        self,
        spec: ApiSpec,
        shelves: Sequence[Shelf],
        clock: Clock,
        events: Events,
        following: _Next,
        leases: Leases | None = None,
    ) -> None:
        self._clock = clock
        self._events = events
        self._next = following
        self._leases = leases
        self._api = spec.name
        self._missed = CacheMiss(spec.name)
        self._writer = Writer()
        self._unwritten = self._writer.waiting
        self._refreshing: dict[str, asyncio.Task[Entry | Exception]] = {}
        self._terms: dict[str, _Terms] = {}
        for name, operation in spec.operations.items():
            lifetime = spec.lifetimes[operation.lifetime]
            hard = max(0.0, min(lifetime.hard.total_seconds(), _LONGEST))
            soft = max(0.0, min(lifetime.soft.total_seconds(), hard))
            usable = tuple(shelf for shelf in shelves if lifetime.persist or not shelf.persistent) if hard > 0 else ()
            shared = tuple(shelf for shelf in usable if shelf.persistent)
            self._terms[name] = _Terms(soft, hard, lifetime.stale_while_revalidate.total_seconds(), usable, shared)

    async def ask(self, lookup: Lookup, key: str, wish: Wish = BULK, *, refreshing: bool = False) -> Entry:
        """The entry from the first tier that has it fresh, else from the API.

        ``refreshing``: an old entry is no answer, somebody has it already.
        """
        terms = self._terms[lookup.operation]
        old: Entry | None = None
        old_from = ""
        if terms.shelves:
            now = self._clock.epoch()
            above: list[Shelf] = []
            for shelf in terms.shelves:
                value = self._unwritten.get(key) if shelf.persistent and self._unwritten else None
                if value is None:
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
            if old is not None and not refreshing and now < old.soft + terms.revalidate:
                begun = self._refresh(lookup, key, wish)
                if begun:
                    return self._stale(old, old_from)
        held: Held | None = None
        try:
            if self._refreshing and not refreshing and (task := self._refreshing.get(key)) is not None:
                return _outcome(await asyncio.shield(task))
            if self._leases is not None and not all(shelf.ill for shelf in terms.shared):
                turn = await self._leases.turn(self._api, key, lambda: self._look_again(key, terms))
                if isinstance(turn, Entry):
                    return turn
                held = turn
            self._events.emit(self._missed)
            result = await self._next.ask(lookup, wish, old)
            at = self._clock.epoch()
            entry = _entry(result, old, terms, at)
            if terms.shelves and _may_keep(result.status):
                await self._keep(key, entry, terms.shelves, at, held)
            elif held is not None:
                held.done()
        except BaseException as error:
            if held is not None:
                # Who has something old does not wait for a quota; who has nothing does.
                spared = old is not None and isinstance(error, Unanswered) and error.cause is Cause.THROTTLED
                held.failed(error, ours=spared)
            if not isinstance(error, Unanswered) or error.cause not in _STALE_FOR or old is None or refreshing:
                raise
            if old.hard <= self._clock.epoch():
                raise
            entry = self._stale(old, old_from)
        return entry

    def _stale(self, old: Entry, tier: str) -> Entry:
        old.stale = True
        self._events.emit(CacheHit(self._api, tier, stale=True))
        return old

    async def _look_again(self, key: str, terms: _Terms) -> Entry | None:
        """What another process may have stored in the shared tiers meanwhile, if it is fresh."""
        now = self._clock.epoch()
        for shelf in terms.shared:
            entry = read_entry(await shelf.get(key), now, terms.soft, terms.hard)
            if entry is not None and now < entry.soft:
                self._events.emit(CacheHit(self._api, shelf.name))
                await self._keep(key, entry, terms.shelves[: terms.shelves.index(shelf)], now)
                return entry
        return None

    # --- refreshing in the background ---------------------------------------------------------------------

    def _refresh(self, lookup: Lookup, key: str, wish: Wish) -> bool:
        """Ask in the background, once for each key; False when too many are being asked."""
        if key in self._refreshing:
            return True
        if len(self._refreshing) >= _REFRESHING:
            return False
        task = asyncio.get_running_loop().create_task(self._refreshed(lookup, key, wish))
        self._refreshing[key] = task
        task.add_done_callback(lambda _task: self._refreshing.pop(key, None))
        return True

    async def _refreshed(self, lookup: Lookup, key: str, wish: Wish) -> Entry | Exception:
        try:
            return await self.ask(lookup, key, wish, refreshing=True)
        except Exception as error:
            return error  # who served the old value has no use for it; who waits here raises it

    # --- storing ------------------------------------------------------------------------------------------

    async def _keep(
        self, key: str, entry: Entry, shelves: Sequence[Shelf], now: float, held: Held | None = None
    ) -> None:
        """Store it for what is left of its life: a copy must not outlive its original.

        Whole seconds (memcached and ``SETEX`` take no others), rounded down; 0 would mean "for ever" to some
        backends and is an error to others (dependencies.md §1.3).
        """
        ttl = int(entry.hard - now)
        slow: list[Shelf] = []
        if ttl > 0:
            envelope = entry.envelope()
            for shelf in shelves:
                if shelf.persistent:
                    slow.append(shelf)
                else:
                    await shelf.put(key, envelope, ttl)
            if slow:
                await self._writer.write(key, envelope, ttl, slow, None if held is None else held.done)
        if held is not None and not slow:
            held.done()

    async def flush(self) -> None:
        """Wait until what was answered is written to every tier."""
        await self._writer.flush()

    async def aclose(self) -> None:
        """Cancel what is refreshed in the background; wait until what was answered is written."""
        tasks = list(self._refreshing.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self.flush()


def _entry(result: Result, old: Entry | None, terms: _Terms, at: float) -> Entry:
    """The answer as an entry; "not modified" gives the old one a new life."""
    etag, modified = validators(result.headers.get("etag"), result.headers.get("last-modified"))
    soft, hard = at + terms.soft, at + terms.hard
    if result.status == _NOT_MODIFIED and old is not None:
        return Entry(
            old.body, old.nothing, result.url, at, soft, hard, False, etag or old.etag, modified or old.modified
        )
    return Entry(result.body, isinstance(result.meaning, Nothing), result.url, at, soft, hard, False, etag, modified)


def _outcome(outcome: Entry | Exception) -> Entry:
    if isinstance(outcome, Exception):
        raise again(outcome)
    return outcome


def _may_keep(status: int | None) -> bool:
    """Refusals and failures are never kept, whatever an ApiSpec makes of them."""
    return status is None or (status < 500 and status not in _NEVER_KEPT)
