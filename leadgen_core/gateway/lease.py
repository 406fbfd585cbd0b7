"""Lease: on a cold key one process asks upstream, the others wait until it has, and hear how it ended.

aiocache's RedLock does not do it: its waiters wait for an event of their own process (dependencies.md §1.2).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from leadgen_core.clock import Clock
from leadgen_core.contracts.protocols import Ending, Lease
from leadgen_core.events import Events, LeaseDown, LeaseWaited
from leadgen_core.gateway.entry import Entry
from leadgen_core.gateway.exchange import moment
from leadgen_core.gateway.health import Health
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.records import define

__all__ = ["Held", "Leases"]

_SHARED = {
    cause.value: cause
    for cause in (
        Cause.THROTTLED, Cause.FORBIDDEN, Cause.BREAKER_OPEN, Cause.TIMEOUT, Cause.FAILED, Cause.MALFORMED
    )
}  # fmt: skip
"""The failures that any other process would meet as well."""
_AT_ONCE = 0.001
"""Seconds for which a lease is held on that is to end without a word."""
_LONGEST = 300
"""Characters of a sentence that another process wrote."""
_YIELD = 0.05
"""Seconds; those who find that a holder has vanished come back at random within this."""


@define(eq=False)
class Held:
    """A lease that is ours, until :meth:`done` or :meth:`failed`; the first counts. Others hear it a little later."""

    key: str
    token: str
    _leases: Leases

    def done(self) -> None:
        """The answer is in the shared tiers, or could not be put there."""
        self._leases.give_up(self, Ending())

    def failed(self, error: BaseException, *, ours: bool = False) -> None:
        """There is no answer. ``ours``: others might get one, so one of them asks in our place."""
        self._leases.give_up(self, None if ours else _ending(error))


class Leases:
    """The leases of one run, over a :class:`~leadgen_core.Lease` that may fail: then the run goes on without.

    ``seconds`` is how long a lease lasts without being renewed, so how long others wait for a holder that was
    killed. It is renewed three times as often while the holder works, for a quota can hold it for minutes.
    """

    def __init__(
        self,
        lease: Lease,
        clock: Clock,
        events: Events,
        *,
        seconds: float = 6.0,
        patience: float = 0.5,
        pause: float = 30.0,
    ) -> None:
        self._lease = lease
        self._clock = clock
        self._events = events
        self._seconds = seconds
        self._health = Health(clock, patience=patience, pause=pause)
        self._held: dict[str, Held] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def turn(self, api: str, key: str, look: Callable[[], Awaitable[Entry | None]]) -> Held | Entry | None:
        """A lease to ask under, or what somebody else's asking has put where ``look`` finds it.

        None: ask without a lease. Raises ``Unanswered`` as the holder that we waited for.
        """
        began: float | None = None
        try:
            while not self._health.resting():
                token = await self._take(key)
                if token is not None:
                    return await self._looked(Held(key, token, self), look)
                if self._health.ill:
                    return None
                if began is None:
                    began = self._clock.monotonic()
                ending = await self._wait(key)
                if ending is not None and ending.failure is None:
                    # It could not be stored, or not where we look: waiting for the next one would find no more.
                    return await look()
                if ending is not None and (error := _failure(ending)) is not None:
                    raise error
                if not self._health.ill:
                    await self._clock.sleep(self._clock.rng.uniform(0, _YIELD))
            return None
        finally:
            if began is not None:
                self._events.emit(LeaseWaited(api, self._clock.monotonic() - began))

    async def _take(self, key: str) -> str | None:
        taking = asyncio.ensure_future(self._lease.take(key, self._seconds))
        try:
            async with asyncio.timeout(self._health.patience):
                token = await asyncio.shield(taking)
        except Exception as error:
            self._later(self._unwanted(key, taking))
            self._failed(error)
            return None
        except asyncio.CancelledError:
            self._later(self._unwanted(key, taking))
            raise
        self._health.well()
        return token

    async def _unwanted(self, key: str, taking: asyncio.Future[str | None]) -> None:
        """Nobody waits for this lease any more; should it be ours, it must not keep others waiting."""
        try:
            async with asyncio.timeout(self._health.patience):
                token = await taking
                if token is not None:
                    await self._lease.extend(key, token, _AT_ONCE)
        except Exception as error:
            self._failed(error)

    async def _wait(self, key: str) -> Ending | None:
        try:
            async with asyncio.timeout(self._seconds + self._health.patience):
                return await self._lease.wait(key, self._seconds)
        except Exception as error:
            self._failed(error)
            return None

    async def _looked(self, held: Held, look: Callable[[], Awaitable[Entry | None]]) -> Held | Entry:
        """Ours. Somebody may have stored the answer between our look and our taking the lease."""
        self._held[held.key] = held
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.get_running_loop().create_task(self._renew())
        try:
            entry = await look()
        except BaseException as error:
            held.failed(error)
            raise
        if entry is None:
            return held
        held.done()
        return entry

    async def _renew(self) -> None:
        """Hold on to all that are held, until none is."""
        while self._held:
            await self._clock.sleep(self._seconds / 3)
            if not self._health.ill:
                await asyncio.gather(*(self._extend(held) for held in list(self._held.values())))

    async def _extend(self, held: Held) -> None:
        try:
            async with asyncio.timeout(self._health.patience):
                kept = await self._lease.extend(held.key, held.token, self._seconds)
        except Exception as error:
            self._failed(error)
            return
        if not kept and self._held.get(held.key) is held:
            del self._held[held.key]
            self._events.emit(LeaseDown("a lease was lost while its holder worked"))

    def give_up(self, held: Held, ending: Ending | None) -> None:
        """Release it and tell those who wait, in the background. Without effect when it is not held any more.

        None: without a word, as if we had vanished, since no ending says "ask yourself".
        """
        if self._held.get(held.key) is held:
            del self._held[held.key]
            if not self._health.ill:
                self._later(self._release(held.key, held.token, ending))

    async def _release(self, key: str, token: str, ending: Ending | None) -> None:
        try:
            async with asyncio.timeout(self._health.patience):
                if ending is None:
                    await self._lease.extend(key, token, _AT_ONCE)
                else:
                    await self._lease.release(key, token, ending)
        except Exception as error:
            self._failed(error)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _failed(self, error: Exception) -> None:
        if (why := self._health.failed(error)) is not None:
            self._events.emit(LeaseDown(why))

    async def aclose(self) -> None:
        """Give up what is still held. The lease itself belongs to who made it."""
        for held in list(self._held.values()):
            self.give_up(held, None)
        while self._tasks:
            await asyncio.wait(list(self._tasks))
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.wait([self._renewing])


def _ending(error: BaseException) -> Ending | None:
    """What those who wait shall hear. A cancelled or broken holder is nobody else's failure."""
    if not isinstance(error, Unanswered) or error.cause.value not in _SHARED:
        return None
    until = None if error.until is None else error.until.timestamp()
    return Ending({"cause": error.cause.value, "because": error.because[:_LONGEST], "until": until})


def _failure(ending: Ending) -> Unanswered | None:
    """The failure in an ending that anybody may have written, None when there is none to share."""
    failure: Any = ending.failure
    if not isinstance(failure, dict) or not isinstance(failure.get("cause"), str):
        return None
    cause = _SHARED.get(failure["cause"])
    because, until = failure.get("because"), failure.get("until")
    if cause is None or not isinstance(because, str):
        return None
    known = moment(until) if isinstance(until, int | float) and math.isfinite(until) else None
    return Unanswered(cause, because[:_LONGEST] if because.isprintable() else "", known)
