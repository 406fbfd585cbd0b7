"""Quota: one permit for each request, given back when no answer comes, and what the server says passed on.

**Where the open requests are capped.** Two gates stand here, both as wide as ``concurrency``. The *door* belongs
to one quota and is passed before the permit is asked for; the *slots* belong to the run and are held only while a
request is on the wire. So a call that waits for its quota holds no slot, and no other API or quota can be starved
by it. And a permit is asked for only by so many calls of a quota as could be on the wire together: with one quota a
permit finds its slot free, with several at most ``concurrency`` permits of each wait, and only while the slots are
all busy. Nothing is idle: whoever stands at a full door would stand in front of a used-up quota or of full slots.
The door is narrower for an API whose quota nobody knows, and after an outage (``adaptive``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from attrs import evolve

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import ApiSpec, Exhausted, Failed, Malformed, RetryAt, Window
from leadgen_core.contracts.protocols import Meter, Permit, PermitExpired, Priority, RateLimiter
from leadgen_core.events import Events, Throttled
from leadgen_core.gateway.adaptive import Door
from leadgen_core.gateway.address import Home
from leadgen_core.gateway.exchange import Call, Result, Ticket, moment
from leadgen_core.gateway.stepping import rest
from leadgen_core.model.answers import Cause, Unanswered

__all__ = ["Quota"]

_REDIRECTS = 3
_NOTICED = 0.05
"""Seconds; a shorter wait for a permit is no throttling."""
_TOO_LONG = 3600.0
"""Seconds. A refusal, or a used-up window, for longer than this is one that the run cannot outwait."""
_ONLY_REFUSED = (5, 600.0)
"""So many refusals, over so many seconds without one answer between them, are a quota that this run does not get."""


class _Next(Protocol):
    async def send(self, call: Call, url: str, at_home: bool, ticket: Ticket) -> Result: ...


class Quota:
    """One quota of one API and credential. Without a limiter there is nothing to wait for."""

    def __init__(
        self,
        spec: ApiSpec,
        home: Home,
        meter: Meter,
        limiter: RateLimiter | None,
        slots: Door,
        door: Door,
        clock: Clock,
        events: Events,
        following: _Next,
    ) -> None:
        self._api = spec.name
        self._read_windows = spec.read_windows
        self._home = home
        self._meter = meter
        self._named = f"the quota {meter.quota}" if meter.quota else "the quota"
        self._asked = f"{spec.name} ({meter.quota})" if meter.quota else spec.name
        self._limiter = limiter
        self._slots = slots
        self._door = door
        self._clock = clock
        self._events = events
        self._next = following
        self._waiting: set[asyncio.Timeout] = set()
        self._long = any(rule.length > _TOO_LONG for rule in meter.windows)
        self._heard: tuple[float, float] | None = None
        """Of a quota with a long rule when its last answer came: by the server's epoch and by ``clock.monotonic``."""
        self._spent: tuple[float, float] | None = None
        """Until when the quota is used up for good: by ``clock.monotonic`` and by the server's epoch."""
        self._broken: str | None = None
        self._refusals = 0
        self._refused_since = 0.0

    async def attempt(self, call: Call) -> Result:
        """One request, and one more for each redirect: each with a permit of its own, for each is counted.

        Raises ``Unanswered`` when nothing was sent and nothing will be.
        """
        url, at_home = self._home.url(call.request), True
        asked = url
        for _ in range(1 + _REDIRECTS):
            result = await self._send(call, url, at_home)
            if result.location is None:
                break
            try:
                url, at_home = self._home.follow(url, result.location)
            except ValueError as error:
                result.meaning = Malformed(str(error))
                break
            if at_home:
                asked = url
        else:
            result.meaning = Malformed(f"more than {_REDIRECTS} redirects")
        # Provenance names the API's own address: the one that it redirects to is often signed and soon void.
        result.url = asked
        return result

    async def _send(self, call: Call, url: str, at_home: bool) -> Result:
        while True:
            try:
                return await self._once(call, url, at_home)
            except PermitExpired:
                continue  # nothing was sent: stand in the queue again

    async def _once(self, call: Call, url: str, at_home: bool) -> Result:
        door = self._door
        if not door.try_enter():
            if call.wish.priority is Priority.INTERACTIVE:
                door.slip_in()  # those at the door may wait for the quota, in which this one goes first
            else:
                await door.enter()
        try:
            # A host that is only redirected to counts by rules that nobody declared: no permit, no windows.
            ticket = Ticket(await self._permit(call) if at_home else None)
            result: Result | None = None
            began = 0.0
            try:
                if not self._slots.try_enter():
                    await self._slots.enter()
                try:
                    if door.watching:
                        began = self._clock.monotonic()
                    result = await self._next.send(call, url, at_home, ticket)
                finally:
                    self._slots.leave()
            finally:
                if result is None or result.status is None:
                    ticket.give_back()  # no answer will come; whether it was sent, the limiter knows
                elif at_home:
                    self._settle(ticket, result)
                if ticket.broken is not None:
                    self._broken = ticket.broken
                if door.watching and result is not None:
                    failed = isinstance(result.meaning, (Failed, RetryAt, Exhausted))
                    door.answered(began, self._clock.monotonic(), failed=failed)
            return result
        finally:
            door.leave()

    async def _permit(self, call: Call) -> Permit | None:
        """A permit, None without a limiter. Raises ``Unanswered`` when there will be none."""
        self._check()
        if self._limiter is None:
            return None
        if call.fallback:
            self._check_spent()
        limiter = self._limiter
        started: float | None = None
        while True:
            waiting: asyncio.Timeout | None = None
            try:
                work = limiter.acquire(self._meter, call.wish)
                try:
                    first = work.send(None)
                except StopIteration as granted:
                    permit: Permit = granted.value  # at once, as nearly always
                    break
                if started is None:
                    started = self._clock.monotonic()
                # Without an end of its own; _exhaust sets one, for no limiter knows that waiting has become useless.
                async with asyncio.timeout(None) as waiting:
                    self._waiting.add(waiting)
                    try:
                        if self._long:
                            # Later: who was granted a permit just now has to leave the queue first.
                            asyncio.get_running_loop().call_soon(self._look_ahead)
                        permit = await rest(work, first)
                    finally:
                        self._waiting.discard(waiting)
            except Exception as error:
                if waiting is None or not waiting.expired():
                    self._broken = type(error).__name__
                self._check()
            else:
                break
        try:
            self._check()
        except Unanswered:
            Ticket(permit).give_back()
            raise
        if started is not None and (waited := self._clock.monotonic() - started) > _NOTICED:
            self._events.emit(Throttled(self._api, waited, self._meter.quota))
        return permit

    def _check(self) -> None:
        """Raise ``Unanswered`` when no further request may go under this quota."""
        if self._broken is not None:
            raise Unanswered(
                Cause.PLUGIN_ERROR, f"the rate limiter failed ({self._broken}); {self._asked} is asked nothing more"
            )
        if self._spent is not None and self._clock.monotonic() < self._spent[0]:
            raise Unanswered(Cause.THROTTLED, f"{self._named} is used up for this run", moment(self._spent[1]))

    def _check_spent(self) -> None:
        """Raise ``Unanswered`` when the call would wait for its window to end, though something old would do."""
        try:
            window = None if self._limiter is None else self._limiter.status(self._meter)
        except Exception:
            return  # acquire will fail too, and says so
        if isinstance(window, Window) and window.remaining == 0:
            raise Unanswered(Cause.THROTTLED, f"{self._named} is used up", moment(window.resets_at))

    @property
    def dead(self) -> str | None:
        """Why no request may go under this quota any more, None while one may."""
        try:
            self._check()
        except Unanswered as unanswered:
            return unanswered.because
        return None

    def _settle(self, ticket: Ticket, result: Result) -> None:
        """Tell the limiter what the answer says; it ends the permit."""
        meaning = result.meaning
        result.windows = windows = self._windows(result)
        if windows:
            self._door.quota_known()
        if isinstance(meaning, RetryAt) and meaning.at is not None and meaning.at - result.received_at > _TOO_LONG:
            result.meaning = meaning = Exhausted(meaning.at)
        if isinstance(meaning, RetryAt) and self._only_refused():
            result.meaning = meaning = Exhausted(meaning.at or result.received_at + _ONLY_REFUSED[1])
        if isinstance(meaning, RetryAt):
            ticket.refused(meaning.at, windows, result.received_at)
        elif isinstance(meaning, Exhausted):
            self._exhaust(meaning.until, result.received_at)
            ticket.refused(meaning.until, windows, result.received_at)
        else:
            self._refusals = 0
            ticket.answered(windows, result.received_at)
        if self._long:
            self._heard = (result.received_at, self._clock.monotonic())
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._look_ahead)

    def _only_refused(self) -> bool:
        """Whether the API has only refused for so long that waiting on would never end a run."""
        now = self._clock.monotonic()
        if self._refusals == 0:
            self._refused_since = now
        self._refusals += 1
        return self._refusals >= _ONLY_REFUSED[0] and now - self._refused_since >= _ONLY_REFUSED[1]

    def _windows(self, result: Result) -> Sequence[Window]:
        if self._read_windows is None:
            return ()
        try:
            windows = self._read_windows(result.headers, result.received_at)
            if "date" not in result.headers:
                # Our own clock stood in for the server's, and it may be wrong by minutes: no time of theirs can be
                # placed by it. Windows are then timed from the arrival of their first answer.
                windows = [evolve(window, resets_at=None) for window in windows]
        except Exception:
            return ()  # headers that are none say nothing; the rules known before go on to hold
        return windows

    def _look_ahead(self) -> None:
        """Take a window that is used up for longer than a run waits (a day's) as a refusal until its end.

        The server need not have said so: it is the rule that is used up, and the limiter would wait for its end.
        """
        if self._heard is None or not self._waiting:
            return  # without an answer nobody knows what time it is there
        try:
            window = None if self._limiter is None else self._limiter.status(self._meter)
        except Exception:
            return  # acquire fails too, and says so
        if isinstance(window, Window) and window.remaining == 0 and window.resets_at is not None:
            received_at, heard = self._heard
            server_time = received_at + self._clock.monotonic() - heard
            if window.resets_at - server_time > _TOO_LONG:
                self._exhaust(window.resets_at, server_time)

    def _exhaust(self, until: float, server_time: float) -> None:
        """Remember it, and send home at once those who wait for a permit: the limiter would hold them until then."""
        self._spent = (self._clock.monotonic() + max(0.0, until - server_time), until)
        now = asyncio.get_running_loop().time()
        for waiting in self._waiting:
            if not waiting.expired():  # else it is on its way home already
                waiting.reschedule(now)
