"""Flight: concurrent lookups of one key share one flight.

The entry is made before the first ``await``; made after the look-up of the tiers, a second call slips through
(dependencies.md §1.2).
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Wish
from leadgen_core.events import CacheHit, Events
from leadgen_core.gateway.entry import Entry
from leadgen_core.gateway.exchange import BULK, again
from leadgen_core.model.answers import Cause, Unanswered

__all__ = ["Flight"]


class _Next(Protocol):
    async def ask(self, lookup: Lookup, key: str, wish: Wish) -> Entry: ...


class _Shared:
    """One flight: its passengers, and how it ended (neither entry nor error: it was cancelled)."""

    __slots__ = ("entry", "error", "task", "waiters")

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self.waiters: set[asyncio.Future[None]] = set()
        self.entry: Entry | None = None
        self.error: Exception | None = None


class Flight:
    """One task does the work; those who ask wait beside it.

    A waiter that is cancelled leaves the others alone; when the last one has gone the task is cancelled, so that
    its permit comes back. A failure reaches all waiters and is then forgotten. The task leaves its outcome in the
    record and wakes the waiters, who read it there: an exception in a task or a future that nobody reads any more
    would be reported as never retrieved (as it is behind ``asyncio.shield`` in some versions). Made in a running loop.
    """

    def __init__(self, api: str, events: Events, following: _Next) -> None:
        self._loop = asyncio.get_running_loop()
        self._events = events
        self._next = following
        self._joined = CacheHit(api, "flight")
        self._open: dict[str, _Shared] = {}
        self._aborted: set[asyncio.Task[None]] = set()

    async def ask(self, lookup: Lookup, key: str, wish: Wish = BULK) -> Entry:
        """The entry for ``key``, as the first who asks wishes it. Raises ``Unanswered`` as the shared task did."""
        loop = self._loop
        shared = self._open.get(key)
        if shared is None:
            shared = self._open[key] = _Shared()
            shared.task = loop.create_task(self._fly(lookup, key, wish, shared))
        else:
            self._events.emit(self._joined)
        waiter = loop.create_future()
        shared.waiters.add(waiter)
        try:
            await waiter
        finally:
            shared.waiters.discard(waiter)
            if not shared.waiters and self._open.get(key) is shared:
                self._abort(key, shared)
        if shared.entry is not None:
            return shared.entry
        if shared.error is not None:
            raise again(shared.error)
        raise Unanswered(Cause.FAILED, "the gateway was closed")

    async def _fly(self, lookup: Lookup, key: str, wish: Wish, shared: _Shared) -> None:
        try:
            shared.entry = await self._next.ask(lookup, key, wish)
        except Exception as error:
            shared.error = error
        finally:
            if self._open.get(key) is shared:
                del self._open[key]
            _wake(shared)

    def _abort(self, key: str, shared: _Shared) -> None:
        """Nobody waits any more. The key is free at once: who asks now must not join a task that winds up."""
        del self._open[key]
        if shared.task is not None:
            self._aborted.add(shared.task)
            shared.task.add_done_callback(self._aborted.discard)
            shared.task.cancel()

    async def aclose(self) -> None:
        """Cancel what is in the air and wait until it is down."""
        flights = list(self._open.values())
        tasks = [*self._aborted, *(flight.task for flight in flights if flight.task is not None)]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self._open.clear()
        for flight in flights:
            _wake(flight)  # a task that was cancelled before its first step has woken nobody


def _wake(shared: _Shared) -> None:
    for waiter in shared.waiters:
        if not waiter.done():
            waiter.set_result(None)
