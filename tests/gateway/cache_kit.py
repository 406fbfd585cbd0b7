"""A cache between two tiers that can be hurt and an API that answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from leadgen_core.contracts.api import Meaning
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Wish
from leadgen_core.events import CacheHit
from leadgen_core.gateway.caching import Cache, Shelf, Tier
from leadgen_core.gateway.entry import Entry
from leadgen_core.gateway.exchange import OK, Result
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import JsonStore, Recorder, item, make_spec

__all__ = ["Below", "Scene"]


class Below:
    """The API: one body for every question, or a failure."""

    def __init__(self) -> None:
        self.calls = 0
        self.body: Any = {"name": "Acme"}
        self.meaning: Meaning = OK
        self.status = 200
        self.error: Exception | None = None
        self.headers: dict[str, str] = {}
        self.gate: asyncio.Event | None = None
        self.old: Entry | None = None

    async def ask(self, lookup: Lookup, wish: Wish, old: Entry | None) -> Result:
        self.calls += 1
        self.old = old
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Result(self.meaning, self.body, f"https://acme.example{lookup.key}", self.status, self.headers)


class Scene:
    def __init__(self, tiers: Sequence[Tier] | None = None, **spec: Any) -> None:
        self.clock = VirtualClock()
        self.recorder = Recorder()
        self.below = Below()
        self.memory, self.disk = JsonStore(), JsonStore()
        self.tiers = [Tier("memory", self.memory), Tier("disk", self.disk, True)] if tiers is None else tiers
        shelves = [Shelf(tier, self.clock, self.recorder.events, patience=0.02) for tier in self.tiers]
        self.cache = Cache(make_spec(**spec), shelves, self.clock, self.recorder.events, self.below)

    async def ask(self, operation: str = "item", key: str = "k") -> Entry:
        """Asked, and written to every tier."""
        try:
            return await self.cache.ask(item("1", operation), key)
        finally:
            await self.cache.flush()

    def hits(self) -> list[CacheHit]:
        return self.recorder.of(CacheHit)
