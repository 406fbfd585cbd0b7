"""Caches, limiters, leases of plugins as the gateway gets them: they raise and give what their contract allows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from leadgen_core.contracts.protocols import Ending, Lease, Meter, Permit, RateLimiter, Wish
from leadgen_core.contracts.specs import CacheSpec, LeaseSpec, RateLimiterSpec
from leadgen_core.engine.guard import EscapedError, is_ours
from leadgen_core.engine.parts import Part, report
from leadgen_core.events import Events
from leadgen_core.gateway.stepping import rest

T = TypeVar("T")

__all__ = ["NoPermit", "TameCache", "TameLease", "TameLimiter"]

_PATIENCE = 5.0
"""Seconds that a cache may take for one answer; the gateway gives persistent tiers less."""
_PERMIT = ("sent", "give_back", "answered", "refused")


class NoPermit(TypeError):
    """A limiter gave what is no permit: without one, a request would go out that nobody counts."""


class TameCache:
    """A cache tier that lets out exceptions only. ``serializer`` is the cache's own, which the gateway looks at."""

    def __init__(self, part: Part[CacheSpec, Any]) -> None:
        self._made = part.made
        self.serializer = getattr(part.made, "serializer", None)

    async def get(self, key: str) -> Any:
        try:
            work = self._made.get(key)
            try:
                first = work.send(None)
            except StopIteration as done:
                return done.value
            return await _soon(work, first)
        except BaseException as error:
            raise _tamed(error) from error

    async def set(self, key: str, value: Any, ttl: int) -> Any:
        try:
            work = self._made.set(key, value, ttl=ttl)
            try:
                first = work.send(None)
            except StopIteration as done:
                return done.value
            return await _soon(work, first)
        except BaseException as error:
            raise _tamed(error) from error


class TameLimiter:
    """A limiter that gives permits or raises an exception, and is named when it does."""

    def __init__(self, part: Part[RateLimiterSpec, RateLimiter], events: Events) -> None:
        self._part = part
        self._events = events
        self._permits: set[type] = set()
        """Classes that have what a permit needs, so that not each of their objects is looked at."""

    def _look_at(self, permit: object) -> None:
        if all(callable(getattr(type(permit), name, None)) for name in _PERMIT):
            self._permits.add(type(permit))
        elif not all(callable(getattr(permit, name, None)) for name in _PERMIT):
            raise NoPermit

    async def acquire(self, meter: Meter, *wish: Wish) -> Permit:
        try:
            permit = await self._part.made.acquire(meter, *wish)
            if type(permit) not in self._permits:
                self._look_at(permit)
        except BaseException as error:
            tamed = _tamed(error)
            if tamed is not error or not is_ours(error):
                report(self._events, self._part, "acquire", error)
            raise tamed from error
        return permit

    def status(self, meter: Meter) -> Any:
        try:
            return self._part.made.status(meter)
        except BaseException as error:
            raise _tamed(error) from error


class TameLease:
    """Leases that give what their contract says or raise an exception; the gateway bounds the time of each call."""

    def __init__(self, part: Part[LeaseSpec, Lease]) -> None:
        self._made = part.made

    async def take(self, key: str, seconds: float) -> str | None:
        token: str | None = await _given(self._made.take(key, seconds), str | None)
        return token

    async def extend(self, key: str, token: str, seconds: float) -> bool:
        return bool(await _given(self._made.extend(key, token, seconds), object))

    async def release(self, key: str, token: str, ending: Ending) -> None:
        await _given(self._made.release(key, token, ending), object)

    async def wait(self, key: str, seconds: float) -> Ending | None:
        ending: Ending | None = await _given(self._made.wait(key, seconds), Ending | None)
        return ending


async def _given(work: Awaitable[Any], kind: Any) -> Any:
    try:
        given = await work
    except BaseException as error:
        raise _tamed(error) from error
    if not isinstance(given, kind):
        raise TypeError(f"a lease gave a {type(given).__name__}")
    return given


def _tamed(error: BaseException) -> BaseException:
    return error if isinstance(error, Exception) or is_ours(error) else EscapedError(error)


async def _soon(work: Coroutine[Any, Any, T], first: Any) -> T:
    """What ``work`` gives, within :data:`_PATIENCE`. What needs no waiting (a cache in memory) costs no timer."""
    async with asyncio.timeout(_PATIENCE):
        return await rest(work, first)
