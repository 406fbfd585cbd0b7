"""A lease in memory that several gateways share, as processes share a Redis."""

from __future__ import annotations

import asyncio
import itertools

from attrs import define

from leadgen_core.clock import Clock
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Ending, Wish
from leadgen_core.gateway.caching import Cache, Shelf, Tier
from leadgen_core.gateway.entry import Entry
from leadgen_core.gateway.exchange import OK, Result
from leadgen_core.gateway.flight import Flight
from leadgen_core.gateway.lease import Leases
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import JsonStore, Recorder, item, make_spec

__all__ = ["Api", "FakeLease", "Process", "Scene", "SharedLeases"]


@define
class _Holder:
    token: str
    ends: float
    ending: Ending | None = None
    released: bool = False


class SharedLeases:
    """What is common to all processes: who holds what, by the clock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.holders: dict[str, _Holder] = {}
        self.error: Exception | None = None
        self.hangs = False
        self.takes = 0
        self.tokens = itertools.count()

    def held(self, key: str) -> _Holder | None:
        holder = self.holders.get(key)
        if holder is None or holder.released or holder.ends <= self.clock.monotonic():
            return None
        return holder

    @property
    def open(self) -> list[str]:
        """The keys that somebody holds."""
        return [key for key in self.holders if self.held(key)]


class FakeLease:
    """One process's way to them. ``cut`` severs it: the process was killed, its leases end by themselves."""

    def __init__(self, shared: SharedLeases) -> None:
        self.shared = shared
        self.met: dict[str, _Holder] = {}

    async def _suffer(self) -> None:
        await asyncio.sleep(0)
        if self.shared.hangs:
            await asyncio.Event().wait()
        if self.shared.error is not None:
            raise self.shared.error

    async def take(self, key: str, seconds: float) -> str | None:
        await self._suffer()
        self.shared.takes += 1
        holder = self.shared.held(key)
        if holder is not None:
            self.met[key] = holder
            return None
        token = str(next(self.shared.tokens))
        self.shared.holders[key] = _Holder(token, self.shared.clock.monotonic() + seconds)
        return token

    async def extend(self, key: str, token: str, seconds: float) -> bool:
        await self._suffer()
        holder = self.shared.held(key)
        if holder is None or holder.token != token:
            return False
        holder.ends = self.shared.clock.monotonic() + seconds
        return True

    async def release(self, key: str, token: str, ending: Ending) -> None:
        await self._suffer()
        holder = self.shared.held(key)
        if holder is not None and holder.token == token:
            holder.ending, holder.released = ending, True

    async def wait(self, key: str, seconds: float) -> Ending | None:
        holder = self.met.pop(key, None)
        end = self.shared.clock.monotonic() + seconds
        while holder is not None and self.shared.clock.monotonic() < min(end, holder.ends) and not holder.released:
            await self._suffer()
            await self.shared.clock.sleep(0.05)
        return holder.ending if holder is not None else None


class Api:
    """What all processes ask: an answer after ``seconds``, or a failure."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.calls = 0
        self.seconds = 1.0
        self.error: Exception | None = None

    async def ask(self, lookup: Lookup, wish: Wish, old: Entry | None) -> Result:
        self.calls += 1
        await self.clock.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        return Result(OK, {"name": "Acme"}, "https://acme.example/items/1", 200)


class Process:
    """One process: flight, cache and leases of its own over the shared store."""

    def __init__(self, scene: Scene) -> None:
        self.recorder = Recorder()
        self.memory = JsonStore()
        tiers = [Tier("memory", self.memory), Tier("redis", scene.store, True)]
        shelves = [Shelf(tier, scene.clock, self.recorder.events, patience=0.05) for tier in tiers]
        self.lease = FakeLease(scene.shared)
        self.leases = Leases(self.lease, scene.clock, self.recorder.events, patience=0.05)
        self.cache = Cache(make_spec(), shelves, scene.clock, self.recorder.events, scene.api, self.leases)
        self.flight = Flight("acme", self.recorder.events, self.cache)

    def ask(self, key: str = "k", operation: str = "item") -> asyncio.Task[Entry]:
        return asyncio.create_task(self.flight.ask(item("1", operation), key))

    async def aclose(self) -> None:
        await self.flight.aclose()
        await self.cache.aclose()
        await self.leases.aclose()


class Scene:
    def __init__(self, processes: int = 4) -> None:
        self.clock = VirtualClock()
        self.store = JsonStore()
        self.api = Api(self.clock)
        self.shared = SharedLeases(self.clock)
        self.processes = [Process(self) for _ in range(processes)]

    def ask(self, callers: int = 100) -> list[asyncio.Task[Entry]]:
        return [process.ask() for process in self.processes for _ in range(callers)]

    async def aclose(self) -> None:
        await asyncio.gather(*(process.aclose() for process in self.processes))
        assert self.shared.open == []
