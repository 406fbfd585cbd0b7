"""One meter as one process sees it: its permits and waiters, and the steps that it takes in the shared state.

One step is one call of ``gauge.lua``: it carries what became of permits and the queue of those who wait, and brings
back permits. While a step is under way the next one gathers, so a busy process makes few calls and no permit is ever
held in store. Nothing is polled: a step is made when there is news here, when another process made room (pub/sub),
at the next moment at which time alone makes room, and once a second while permits are out or somebody waits.

**The deadline.** The state takes a process that was not seen for ``lease`` seconds for dead, and its permits for
spent. Here they end a little earlier, counted from before the step that was the last to succeed. So a process that
was stopped, whose loop hung or that lost Redis never sends on a permit that others have been told is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import traceback
import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import Factory, define, field, frozen
from loguru import logger

from leadgen_core import Clock, Meter, PermitExpired, Window, Wish
from leadgen_redis.quota.event import Event
from leadgen_redis.quota.link import Link, LinkDown
from leadgen_redis.quota.permit import Slip, State
from leadgen_redis.quota.share import Known, Share

__all__ = ["Pace", "SharedGauge"]

_PATIENCE = 60.0
"""Seconds after which a request that nobody has ended is taken for lost."""
_MOST = 200
"""Waiters named in one step."""


@frozen
class Pace:
    """How the shared quota is kept. Times in seconds.

    ``lease``: so long after its last step a process is taken for dead. ``beat``: between two steps without news.
    ``patience``: after so long without an answer of the pilot another goes. ``join``: after Redis was lost nobody
    asks for so long, until all are back with what they have under way. ``turns``: interactive permits in a row
    while bulk waits. ``reserve``: the part of each window that is kept for a plugin. ``processes``: so many are
    taken to share the quota where Redis has never been there to tell.
    """

    lease: float = 3.0
    beat: float = 1.0
    patience: float = 3.0
    join: float = 1.0
    turns: int = 4
    reserve: Mapping[str, float] = field(factory=dict)
    processes: int = 4


@define(eq=False)
class _Seen:
    """What the state said last; ``at`` by the monotonic clock."""

    epoch: str | None = None
    tick: int = 0
    processes: int = 1
    windows: list[Any] = Factory(list)
    at: float = 0.0


class SharedGauge:
    """Grants permits of one meter."""

    def __init__(self, meter: Meter, name: str, link: Link, pace: Pace, clock: Clock) -> None:
        if meter.cap is not None and meter.cap < 1:
            raise ValueError(f"the cap of {meter.api} must be at least 1 call in a window, not {meter.cap}")
        self._meter = meter
        self._name = name
        self._link = link
        self._pace = pace
        self._clock = clock
        self._pid = uuid.uuid4().hex[:12]
        self._was: str | None = None
        self._steps = 0
        self._lost_at = 0.0
        self._seen = _Seen()
        self._alive_at = -math.inf
        """When the last step that succeeded began."""
        self._paused_until = -math.inf
        """As far as this process has heard; for a state that has lost it."""
        self._owes = False
        """The state is to hear of this process though nobody waits: one has left, or it may have lost a pause."""
        self._live: set[Slip] = set()
        self._waiting: OrderedDict[asyncio.Future[Slip], Wish] = OrderedDict()
        self._events: list[Event] = []
        self._share: Share | None = None
        self._news = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._closed = False
        link.listen(name, self._notified)

    # --- asking ---------------------------------------------------------------------------------------------

    async def acquire(self, wish: Wish) -> Slip:
        """A permit, when it is this caller's turn."""
        if self._closed:
            raise RuntimeError("the rate limiter is closed")
        turn: asyncio.Future[Slip] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = wish
        self._kick()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                turn.result().give_back()
            else:
                self._waiting.pop(turn, None)
                self._owes = True
                self._kick()  # others must not keep a place for who has left
            raise

    def _kick(self) -> None:
        self._news.set()
        if (self._pump is None or self._pump.done()) and not self._closed:
            self._pump = asyncio.get_running_loop().create_task(self._run())

    def _notified(self, pause: float) -> None:
        self._owes = self._owes or self._clock.monotonic() < self._paused_until
        self._pause(pause)
        if self._waiting or self._live or self._events or self._owes:
            self._kick()

    def _pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    # --- what permits report --------------------------------------------------------------------------------

    def sent(self, slip: Slip) -> None:
        """The request is on its way, if its permit is still good."""
        now = self._clock.monotonic()
        last = slip.since if slip.id == 0 else max(slip.since, self._alive_at)
        if now > last + self._pace.lease * 0.95:
            self.given_back(slip)
            raise PermitExpired
        slip.state = State.SENT
        slip.since = now
        slip.sent_tick = self._seen.tick

    def given_back(self, slip: Slip) -> None:
        """Not sent, or sent and without an answer."""
        self._end(slip, Event(slip, "lost" if slip.state is State.SENT else "back", self._clock.monotonic()))

    def answered(self, slip: Slip, stated: Sequence[Window], server_time: float) -> None:
        """An answer: the others are to hear of it."""
        self._end(slip, Event(slip, "heard", self._clock.monotonic(), stated, server_time))

    def refused(self, slip: Slip, retry_at: float | None, stated: Sequence[Window], server_time: float) -> None:
        """429: a pause for everybody."""
        delay = None if retry_at is None else retry_at - server_time
        self._end(slip, Event(slip, "heard", self._clock.monotonic(), stated, server_time, True, delay))

    def _end(self, slip: Slip, event: Event) -> None:
        share = self._share
        if share is not None:
            if slip.id == 0 and slip in self._live:
                share.end(unsent=event.what == "back")
            if event.what == "heard":
                share.hear(event.windows, event.server_time, own=slip.id == 0)
            if event.refused:
                share.pause(event.rest(event.at))
        slip.state = State.LOST if event.what == "lost" else State.ENDED
        self._live.discard(slip)
        self._events.append(event)
        if len(self._events) > 10_000:
            del self._events[:5_000]  # a long time without Redis; the pilot after it will tell
        self._kick()

    # --- the pump -------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        try:
            while self._waiting or self._live or self._events or self._owes:
                self._news.clear()
                wake = math.inf
                if self._link.up:
                    try:
                        wake = await self._step()
                    except LinkDown as down:
                        # A process that was stopped finds its call too late, and Redis as it should be: once more.
                        if self._was is not None:
                            self._link.lost(down)
                            self._fall()
                        self._rename()
                        continue
                elif self._share is None:
                    self._fall()
                if self._share is not None:
                    if not self._waiting and not self._live:
                        break  # what there is to report waits for the next who asks
                    wake = self._serve()
                if wake <= 0:
                    continue
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(wake, self._pace.beat)):
                        await self._news.wait()
        except Exception as error:
            # A fault of ours or an answer that is none: whoever waits is told, and nobody waits for ever.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{frame.name}, line {frame.lineno}"
            whose = f"{self._meter.api} ({self._meter.quota})" if self._meter.quota else self._meter.api
            logger.error("the shared quota of {} failed: {} ({})", whose, type(error).__name__, place)
            for turn in self._waiting:
                if not turn.done():
                    turn.set_exception(RuntimeError(f"the shared quota failed ({type(error).__name__})"))
            self._waiting.clear()
            self._lost_at = self._clock.monotonic()

    async def _step(self) -> float:
        """One step. Returns in how many seconds time alone makes room."""
        now = self._clock.monotonic()
        self._tidy(now)
        seen, joins = self._seen, self._share is not None or self._was is not None
        turns = [turn for turn in self._waiting if not turn.done()][:_MOST]
        events, self._events = self._events, []
        owes, self._owes = self._owes, False
        live = list(self._live) if joins else []
        self._steps += 1
        ask: dict[str, Any] = {
            "pid": self._pid,
            "seq": self._steps,
            "seed": uuid.uuid4().hex[:12],
            "windows": [[window.limit, window.length] for window in self._meter.windows],
            "reserve": dict(self._pace.reserve),
            "lease": self._pace.lease,
            "patience": self._pace.patience,
            "join": self._pace.join,
            "turns": self._pace.turns,
            "wants": [[int(self._waiting[turn].priority), self._waiting[turn].plugin] for turn in turns],
            "events": [event.told(seen.epoch, now) for event in events],
            "adopt": [slip.id if slip.epoch == seen.epoch else 0 for slip in live],
            "recall": [[left, seen.at + ends - now] for _, _, left, ends, _, _, _ in seen.windows] if joins else [],
            "used": 0 if self._share is None else self._share.used,
        }
        if self._meter.cap is not None:
            ask["cap"] = self._meter.cap
        if seen.epoch is not None or joins:
            ask["epoch"] = seen.epoch or ""
        if self._was is not None:
            ask["was"] = self._was
        if self._share is not None:
            ask["blind"] = True
            self._paused_until = max(self._paused_until, self._share.paused_until)
        if joins and self._paused_until > now:
            ask["pause"] = self._paused_until - now
        try:
            reply = await self._link.step(self._name, ask)
            if seen.epoch is not None and reply["epoch"] != seen.epoch and not joins:
                # The state was lost in between, unnoticed here: come in once more, with what is under way.
                self._rename()
                self._events = events + self._events
                self._owes = True
                return 0.0
        except BaseException:
            self._events = events + self._events
            self._owes = self._owes or owes
            raise
        self._alive_at = now
        self._share = self._was = None
        self._pause(reply.get("pause", 0.0))
        for slip, number in zip(live, reply.get("adopted", ()), strict=False):
            if slip.epoch != reply["epoch"] or slip.id == 0:
                slip.granted = slip.sent_tick = 0  # of another count of ticks
            slip.id, slip.epoch = number, reply["epoch"]
        self._seen = _Seen(reply["epoch"], reply["tick"], reply["processes"], reply.get("windows", []), now)
        for place, number in reply.get("grants", ()):
            turn = turns[place - 1]
            slip = Slip(self, number, reply["epoch"], now)
            self._live.add(slip)
            self._waiting.pop(turn, None)
            if turn.done():
                slip.give_back()
            else:
                turn.set_result(slip)
        wake = reply["wake"]
        return math.inf if wake < 0 or not self._waiting else max(wake, 0.0005)

    def _tidy(self, now: float) -> None:
        """Permits that have ended by time: those of before a long silence, and requests that nobody ends."""
        void = now - self._pace.lease * 0.95
        for slip in list(self._live):
            # One that is still good has a step behind it, or is younger than that.
            stale = slip.state is State.OPEN and self._alive_at < void and slip.since < void
            if stale or (slip.state is State.SENT and now - slip.since >= _PATIENCE):
                self.given_back(slip)

    # --- without Redis --------------------------------------------------------------------------------------

    def _rename(self) -> None:
        """A step has failed, or its answer was lost: what else was granted under this name is to be given up."""
        self._was = self._was or self._pid
        self._pid = uuid.uuid4().hex[:12]

    def _fall(self) -> None:
        """Redis is lost: from now on the fair share."""
        if self._share is not None:
            return
        self._rename()
        seen = self._seen
        known = [
            Known(limit, length, left, None if ends < 0 else seen.at + ends, told)
            for limit, length, left, ends, _, _, told in seen.windows
        ] or [Known(window.limit, window.length, 0, None, False) for window in self._meter.windows]
        never = seen.epoch is None
        processes = self._pace.processes if never else seen.processes
        self._share = Share(
            known,
            self._meter.cap,
            processes,
            self._clock,
            self._pace.join,
            blank=never,
            paused_until=self._paused_until,
        )
        self._lost_at = self._clock.monotonic()
        for event in self._events:
            if event.refused:  # nobody has heard of it yet
                self._share.hear(event.windows, event.server_time, own=False)
                self._share.pause(event.rest(self._lost_at))

    def _serve(self) -> float:
        share = self._share
        assert share is not None
        now = self._clock.monotonic()
        self._tidy(now)
        # Interactive first; with so small a share nothing finer is worth its while.
        for turn in sorted(
            (turn for turn in self._waiting if not turn.done()), key=lambda t: self._waiting[t].priority
        ):
            if not share.take():
                break
            slip = Slip(self, 0, "", self._clock.monotonic())
            self._live.add(slip)
            del self._waiting[turn]
            turn.set_result(slip)
        return share.next()

    # --- the rest -------------------------------------------------------------------------------------------

    def status(self) -> Window | None:
        """The tightest window as the shared state told it last; None before the first answer."""
        now = self._clock.monotonic()
        best: Window | None = None
        for limit, length, left, ends, reset, settled, told in self._seen.windows:
            allowed = limit if self._meter.cap is None else min(limit, self._meter.cap)
            over = not settled or ends < 0 or now >= self._seen.at + ends
            if over and not told:
                continue
            window = Window(allowed, length) if over else Window(allowed, length, left, None if reset < 0 else reset)
            if best is None or (window.remaining is not None and left < (best.remaining or math.inf)):
                best = window
        return best

    async def aclose(self) -> None:
        """Give back what was not sent; whoever still waits gets an error."""
        self._closed = True
        waiting, self._waiting = self._waiting, OrderedDict()
        for turn in waiting:
            if not turn.done():
                turn.set_exception(RuntimeError("the rate limiter is closed"))
        if self._pump is not None:
            self._pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pump
        for slip in [slip for slip in self._live if slip.state is State.OPEN]:
            self.given_back(slip)
        if self._link.up and self._events and self._seen.epoch is not None and self._share is None:
            with contextlib.suppress(LinkDown):
                await self._step()
