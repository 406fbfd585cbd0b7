"""A scorer, a screen, a resolver, a sink, a cache tier and a limiter that break; ``HOSTILE_PART`` is KIND:HOW."""
# ruff: noqa: ARG002

import asyncio
import os
import sys
from typing import Any

from aiocache import BaseCache  # type: ignore[import-untyped]
from attrs import evolve

from leadgen_core import (
    CacheSpec,
    Company,
    Plugin,
    RateLimiterSpec,
    ResolverSpec,
    Score,
    ScorerSpec,
    ScreenSpec,
    SinkSpec,
    hookimpl,
)

PLUGIN = Plugin(api_version=1)


def _kind() -> str:
    return os.environ.get("HOSTILE_PART", "").partition(":")[0]


def _how() -> str:
    return os.environ.get("HOSTILE_PART", "").partition(":")[2]


def _bad(name: str) -> str:
    return f"{__name__}:{name}"


@hookimpl
def leadgen_scorers() -> list[ScorerSpec]:
    return [ScorerSpec(name="scorer", factory=_bad("Scorer"), scores=("bad",))] if _kind() == "scorer" else []


@hookimpl
def leadgen_screens() -> list[ScreenSpec]:
    return [ScreenSpec(name="screen", factory=_bad("Screen"))] if _kind() == "screen" else []


@hookimpl
def leadgen_resolvers() -> list[ResolverSpec]:
    return [ResolverSpec(name="resolver", factory=_bad("Resolver"))] if _kind() == "resolver" else []


@hookimpl
def leadgen_sinks() -> list[SinkSpec]:
    return [SinkSpec(name="sink", factory=_bad("Sink"), endings=(".bad",))] if _kind() == "sink" else []


@hookimpl
def leadgen_caches() -> list[CacheSpec]:
    return [CacheSpec(name="cache", factory=_bad("Cache"))] if _kind() == "cache" else []


@hookimpl
def leadgen_rate_limiters() -> list[RateLimiterSpec]:
    return [RateLimiterSpec(name="limiter", factory=_bad("Limiter"))] if _kind() == "limiter" else []


def _act() -> None:
    if _how() == "error":
        raise RuntimeError("hunter2-hunter2")
    if _how() == "exit":
        sys.exit(0)


async def _await() -> None:
    _act()
    while _how() in {"hang", "swallow"}:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if _how() == "hang":
                raise


class _Part:
    def __init__(self, config: Any) -> None:
        pass

    async def aclose(self) -> None:
        if _how() == "close-error":
            raise RuntimeError("hunter2-hunter2")
        while _how() == "close-hang":
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue


class Scorer(_Part):
    """Gives no scores."""

    def score(self, lead: Any, _now: Any) -> Any:
        _act()
        if _how() == "mutate":
            lead.outcomes.clear()
            return {"bad": Score(value=1)}
        return {"text": "ninety", "number": {"bad": 90}, "close-error": {}}.get(_how())


class Screen(_Part):
    """Lets pass what it should not, or nothing."""

    async def admit(self, _subject: Any) -> Any:
        return "perhaps" if _how() == "admit" else True

    async def people(self, lead: Any) -> Any:
        await _await()
        if _how() == "swap":
            return evolve(lead, company=Company(number="99999999"))
        return None if _how() == "nothing" else lead

    async def release(self, lead: Any, _sink: str) -> Any:
        if _how() == "release":
            raise RuntimeError("hunter2-hunter2")
        return lead


class Resolver(_Part):
    """Gives no lead, or another company's."""

    def resolve(self, _case: Any, draft: Any) -> Any:
        _act()
        if _how() == "swap":
            return evolve(draft, company=Company(number="99999999"))
        if _how() == "people":
            return evolve(draft, executives=("Jane",))
        return None if _how() == "nothing" else draft


class Sink(_Part):
    """Does not write."""

    async def open(self, target: Any, _checkpoint: str | None) -> None:
        target.path.touch()

    async def write(self, deliveries: Any) -> Any:
        if deliveries:
            await _await()
        return {"checkpoint": 42}.get(_how(), "0")

    async def replace(self, _target: Any, _deliveries: Any) -> Any:
        await _await()
        return "0"


class Cache(BaseCache):  # type: ignore[misc]
    """Loses, or gives rubbish."""

    def __init__(self, config: Any) -> None:
        super().__init__(timeout=0.2)

    async def get(self, key: Any, *_more: Any, **_options: Any) -> Any:
        await _await()
        return {"rubbish": {"body": object(), "at": "never"}, "text": "rubbish"}.get(_how())

    async def set(self, key: Any, value: Any, *_more: Any, **_options: Any) -> Any:
        await _await()
        return True


class Limiter(_Part):
    """Gives no permits."""

    async def acquire(self, *_arguments: Any) -> Any:
        await _await()
        return None

    def status(self, _meter: Any) -> Any:
        return None
