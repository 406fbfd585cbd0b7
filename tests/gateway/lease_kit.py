"""A lease in memory that several gateways share, as processes share a Redis."""

from __future__ import annotations

import asyncio
import itertools

from attrs import define

from leadgen_core.clock import Clock
from leadgen_core.contracts.protocols import Ending

__all__ = ["FakeLease", "SharedLeases"]


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
