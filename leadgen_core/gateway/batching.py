"""Batch: lookups of one operation whose API takes many keys in one call share that call."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from attrs import evolve, field

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import ApiSpec, Nothing
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Wish
from leadgen_core.gateway.entry import Entry
from leadgen_core.gateway.exchange import BULK, Call, Result, again
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.records import define

__all__ = ["Batch"]


class _Next(Protocol):
    async def call(self, call: Call) -> Result: ...


@define(eq=False)
class _Group:
    """Keys that wait for one call. ``task`` lingers first, then is the call. The first key's wish is the call's."""

    lookup: Lookup
    wish: Wish = BULK
    fallback: bool = True
    waiting: dict[str, asyncio.Future[None]] = field(factory=dict)
    task: asyncio.Task[None] | None = None
    departed: bool = False
    parts: dict[str, Result | BaseException] = field(factory=dict)


class Batch:
    """A batch leaves when it is full or ``linger`` seconds after its first key. A single key passes through.

    When the last who waits for a batch has gone, its call is cancelled. The call's failure is each key's failure.
    """

    def __init__(self, spec: ApiSpec, clock: Clock, following: _Next, *, linger: float = 0.01) -> None:
        self._spec = spec
        self._clock = clock
        self._next = following
        self._linger = linger
        self._open: dict[str, _Group] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, lookup: Lookup, wish: Wish = BULK, old: Entry | None = None) -> Result:
        """The part of the answer that belongs to this lookup's key.

        ``old`` is an answer that stands by. A lookup of one key asks whether it still holds, when it has a
        validator: the status is then 304 and there is no body.
        """
        if lookup.max_keys > 1:
            return await self._together(lookup, wish, old)
        call = Call.of(self._spec, lookup.operation, lookup.build((lookup.key,)), wish)
        if old is not None:
            call.fallback = True
            if lookup.split is None and call.request.method == "GET" and (conditions := old.conditions()):
                call.request = evolve(call.request, headers={**call.request.headers, **conditions})
                call.conditional = True
        result = await self._next.call(call)
        if lookup.split is None:
            return result
        return _unwrap(_split(lookup, result, (lookup.key,))[lookup.key])

    async def _together(self, lookup: Lookup, wish: Wish, old: Entry | None) -> Result:
        group = self._open.get(lookup.operation)
        if group is None or lookup.key in group.waiting:
            group = self._open[lookup.operation] = _Group(lookup, wish)
            self._run(group, self._wait(group))
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        group.waiting[lookup.key] = waiter
        group.fallback = group.fallback and old is not None
        if len(group.waiting) >= lookup.max_keys:
            self._depart(group)
        try:
            await waiter
        finally:
            del group.waiting[lookup.key]
            if not group.waiting and group.task is not None:
                group.task.cancel()  # without effect when it is done
                self._close(group)
        return _unwrap(group.parts[lookup.key])

    async def _wait(self, group: _Group) -> None:
        await self._clock.sleep(self._linger)
        self._depart(group)

    def _depart(self, group: _Group) -> None:
        """From here on nobody joins. Called by the lingering task itself or by the key that fills the batch."""
        if group.departed or not group.waiting:
            return
        group.departed = True
        self._close(group)
        lingering = group.task
        self._run(group, self._travel(group, tuple(group.waiting)))
        if lingering is not None and lingering is not asyncio.current_task():
            lingering.cancel()

    async def _travel(self, group: _Group, keys: tuple[str, ...]) -> None:
        lookup = group.lookup
        try:
            call = Call.of(self._spec, lookup.operation, lookup.build(keys), group.wish)
            call.fallback = group.fallback
            result = await self._next.call(call)
            group.parts = _split(lookup, result, keys)
        except asyncio.CancelledError:
            closed = Unanswered(Cause.FAILED, "the gateway was closed")
            group.parts = dict.fromkeys(keys, closed)
            raise
        except Exception as error:
            group.parts = dict.fromkeys(keys, error)
        finally:
            for waiter in group.waiting.values():
                if not waiter.done():
                    waiter.set_result(None)

    def _run(self, group: _Group, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        group.task = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _close(self, group: _Group) -> None:
        if self._open.get(group.lookup.operation) is group:
            del self._open[group.lookup.operation]

    async def aclose(self) -> None:
        """Cancel what is on its way and wait for it."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


def _split(lookup: Lookup, result: Result, keys: tuple[str, ...]) -> dict[str, Result | BaseException]:
    """Each key's part. A key that the answer passes over has no answer; it is not proven absent."""
    if isinstance(result.meaning, Nothing):
        return dict.fromkeys(keys, result)
    if lookup.split is None:
        raise ValueError(f"{lookup.api.name}.{lookup.operation}: a lookup of several keys needs split")
    try:
        bodies = lookup.split(result.body, keys)
        return {key: result.part(bodies[key]) if key in bodies else _passed_over(lookup) for key in keys}
    except Exception as error:
        # Only the type: the text of an exception may hold personal data.
        failure = Unanswered(Cause.MALFORMED, f"{lookup.operation}: split raised {type(error).__name__}")
        return dict.fromkeys(keys, failure)


def _passed_over(lookup: Lookup) -> Unanswered:
    return Unanswered(Cause.MALFORMED, f"{lookup.operation}: the answer leaves out a key that was asked for")


def _unwrap(part: Result | BaseException) -> Result:
    if isinstance(part, BaseException):
        raise again(part)
    return part
