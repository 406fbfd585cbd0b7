"""What the model of the shared quota knows for certain: a server that counts, and a plain book of what must hold."""

from __future__ import annotations

import math
from typing import Any

from attrs import Factory, define

from leadgen_core import Window

__all__ = ["DATE", "Book", "Counter"]

DATE = 1_769_000_000.0
_DUST = 2e-3
"""Seconds that rounding may cost: times travel as decimal fractions, and the clock in whole microseconds."""


@define
class Counter:
    """A server's quota: a window opens with the first request after the last. Times in seconds of the loop."""

    limit: int
    length: float
    states: bool
    """Whether its answers say how the quota stands."""
    offset: float
    """How far its clock is from everybody else's."""
    believed: int = 0
    """What the processes take for the limit: until the server's word has come, what was configured."""
    opened: float = -math.inf
    ends: float = -math.inf
    count: int = 0
    excused: bool = False
    """Of this window the server or the network made it impossible to keep to the limit."""
    over: int = 0
    """Requests that were one too many, in windows without an excuse."""

    def handle(self, now: float, *, forced: bool) -> tuple[bool, list[Window], float]:
        """Whether it is a 200, what it says of the quota, its Date. ``forced``: 429, whatever is left."""
        if now >= self.ends:
            self.opened, self.ends, self.count, self.excused = now, now + self.length, 0, False
        self.excused |= self.limit < self.believed
        good = not forced and self.count < self.limit
        self.count += good
        self.over += not (good or forced or self.excused)
        stated = Window(
            self.limit,
            self.length,
            max(0, self.limit - self.count),
            float(math.floor(self.ends + DATE + self.offset)),
        )
        return good, [stated] if self.states else [], float(math.floor(now + DATE + self.offset))


@define
class Book:
    """Every step that Redis has run, against the rules. A rule that is broken is an AssertionError."""

    turns: int
    lease: float
    epoch: str = ""
    paused_until: float = -math.inf
    paused_tick: int = 0
    run: int = 0
    """Interactive permits in a row."""
    behind: int = 0
    """The same, while bulk was waiting all the time."""
    waiting: dict[str, tuple[float, int, int]] = Factory(dict)
    """By process: when it was seen, and how many interactive and bulk requests it had left waiting."""
    granted: set[tuple[str, int]] = Factory(set)
    seen: set[tuple[str, int]] = Factory(set)

    def step(self, now: float, window_ends: float, known: float, ask: Any, reply: Any) -> None:
        """One step at ``now``; ``window_ends``: when the server's window does; ``known``: when the last pause does that
        the process which asks has told of itself."""
        if (ask["pid"], ask["seq"]) in self.seen:
            return
        self.seen.add((ask["pid"], ask["seq"]))
        if reply["epoch"] != self.epoch:
            # The state is new. What each process has been told to wait for it tells again.
            self.epoch, self.paused_until, self.paused_tick = reply["epoch"], -math.inf, 0
            self.run = self.behind = 0
            self.waiting.clear()
        self.paused_until = max(self.paused_until, known)
        for event in ask["events"]:
            if event.get("refused"):
                self._refused(now, window_ends, ask, event, reply["tick"])
        grants = reply.get("grants", [])
        if grants:
            assert now >= self.paused_until - _DUST, "somebody may go in the pause"
        for _, number in grants:
            assert (self.epoch, number) not in self.granted, "one permit for two"
            self.granted.add((self.epoch, number))
        self._in_turn(now, ask, [ask["wants"][place - 1][0] for place, _ in grants])

    def _refused(self, now: float, window_ends: float, ask: Any, event: Any, tick: int) -> None:
        at = now - event["age"]
        known = ask.get("epoch") == self.epoch
        if "delay" in event:
            self.paused_until = max(self.paused_until, at + event["delay"])
        elif known and event["granted"] > self.paused_tick:
            # Until the window ends, where that is known, else for a second at least.
            self.paused_until = max(self.paused_until, min(at + 1.0, window_ends))
        self.paused_tick = tick

    def _in_turn(self, now: float, ask: Any, grants: list[int]) -> None:
        wants = [want[0] for want in ask["wants"]]
        left = [wants.count(kind) - grants.count(kind) for kind in (0, 1)]
        others = [
            counts
            for pid, (seen, *counts) in self.waiting.items()
            if pid not in (ask["pid"], ask.get("was")) and now - seen <= self.lease
        ]
        bulk_waits = left[1] + sum(counts[1] for counts in others) > 0
        for kind in grants:
            if kind == 0:
                self.run, self.behind = self.run + 1, self.behind + 1
            else:
                assert not left[0] or self.run >= self.turns, "bulk passes interactive"
                self.run = self.behind = 0
        if not bulk_waits:
            self.behind = 0
        self.waiting.pop(ask.get("was", ""), None)
        self.waiting[ask["pid"]] = (now, left[0], left[1])
