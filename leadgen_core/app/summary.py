"""The summary: what happened in a run, counted from its events as they come, in little memory."""

from __future__ import annotations

import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import Factory, field

from leadgen_core.contracts.api import Window
from leadgen_core.events import (
    Attempt,
    BreakerMoved,
    CacheHit,
    CacheMiss,
    CompanyDone,
    Events,
    LeaseDown,
    LeaseWaited,
    PluginBroke,
    Throttled,
    TierDown,
)
from leadgen_core.model.records import define

__all__ = ["ApiTally", "Summary", "Timings", "used"]

_ANSWERED = {"ok", "nothing"}
_SAMPLES = 10_000
_NOT_MODIFIED = 304


class Timings:
    """Mean and quantiles of many numbers; past 10,000 from a fair sample of them."""

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self._sample = array("d")
        self._rng = random.Random(0)  # noqa: S311 - a sample, no secret

    def add(self, value: float) -> None:
        """Count one number."""
        self.count += 1
        self.total += value
        if len(self._sample) < _SAMPLES:
            self._sample.append(value)
        elif (place := self._rng.randrange(self.count)) < _SAMPLES:
            self._sample[place] = value

    @property
    def mean(self) -> float | None:
        """None before the first."""
        return self.total / self.count if self.count else None

    def quantile(self, share: float) -> float | None:
        """The value below which this share lies."""
        if not self._sample:
            return None
        return sorted(self._sample)[min(len(self._sample) - 1, int(share * len(self._sample)))]


def used(window: Window) -> int | None:
    """Calls of a window that are used up; None when the server or the operator states none."""
    return None if window.remaining is None else max(0, window.limit - window.remaining)


def _window(window: Window) -> dict[str, Any]:
    return {
        "limit": window.limit,
        "used": used(window),
        "window_seconds": window.length,
        "resets_at": window.resets_at,
    }


@define
class ApiTally:
    """What was asked of one API.

    ``calls`` is how many were made, ``attempts`` how many requests they took; ``answered`` counts 404 too, and what
    was ``revalidated`` (304). Seconds are summed over all waiters. ``quota`` is the window as it stood in the end, of
    several quotas the one with the fewest calls left; ``quotas`` are all of which something is known, by name, where
    the API has several.
    """

    calls: int = 0
    attempts: int = 0
    answered: int = 0
    refused: int = 0
    hits: Counter[str] = Factory(Counter)
    stale: int = 0
    misses: int = 0
    revalidated: int = 0
    throttled: float = 0.0
    lease_waits: int = 0
    lease_seconds: float = 0.0
    breaker: Counter[str] = Factory(Counter)
    quota: Window | None = None
    quotas: Mapping[str, Window] = Factory(dict)

    @property
    def success(self) -> float | None:
        """Answered of asked; None when nothing was asked."""
        return self.answered / self.attempts if self.attempts else None

    @property
    def quota_used(self) -> int | None:
        """Calls of the present window that are used up; None when the server or the operator states none."""
        return None if self.quota is None else used(self.quota)


@define
class Summary:
    """Counts of one run. ``states`` and ``unreached`` are of all rows, also of those of an earlier part."""

    apis: defaultdict[str, ApiTally] = field(factory=lambda: defaultdict(ApiTally))
    seconds: Timings = Factory(Timings)
    done: int = 0
    broken: Counter[str] = Factory(Counter)
    tiers_down: Counter[str] = Factory(Counter)
    leases_down: Counter[str] = Factory(Counter)
    states: Mapping[str, int] = Factory(dict)
    executives: int = 0
    unreached: Mapping[str, int] = Factory(dict)
    unanswered: Counter[str] = Factory(Counter)
    peak_mb: float = 0.0
    wall: float = 0.0
    interrupted: bool = False
    stopped: str | None = None
    sinks_broken: bool = False

    @contextmanager
    def listening(self, events: Events) -> Iterator[None]:
        """Count what happens inside."""
        listeners: list[tuple[type[Any], Callable[[Any], None]]] = [
            (Attempt, self._attempt),
            (CacheHit, self._hit),
            (CacheMiss, self._miss),
            (Throttled, self._throttled),
            (LeaseWaited, self._lease_waited),
            (LeaseDown, self._lease_down),
            (BreakerMoved, self._breaker),
            (PluginBroke, self._broke),
            (TierDown, self._tier),
            (CompanyDone, self._company),
        ]
        for kind, listener in listeners:
            events.on(kind, listener)
        try:
            yield
        finally:
            for kind, listener in listeners:
                events.off(kind, listener)

    def take_stock(
        self,
        calls: Mapping[str, int],
        quota: Mapping[str, Window | None],
        quotas: Mapping[str, Mapping[str, Window | None]] | None = None,
    ) -> None:
        """Of each API that was asked: how many calls were made, how its quota stands, and how each of several."""
        for api, tally in self.apis.items():
            tally.calls, tally.quota = calls.get(api, 0), quota.get(api)
            several = (quotas or {}).get(api, {})
            if len(several) > 1:
                tally.quotas = {name: window for name, window in several.items() if window is not None}

    def _miss(self, event: CacheMiss) -> None:
        self.apis[event.api].misses += 1

    def _throttled(self, event: Throttled) -> None:
        self.apis[event.api].throttled += event.seconds

    def _lease_waited(self, event: LeaseWaited) -> None:
        tally = self.apis[event.api]
        tally.lease_waits += 1
        tally.lease_seconds += event.seconds

    def _lease_down(self, event: LeaseDown) -> None:
        self.leases_down[event.error] += 1

    def _breaker(self, event: BreakerMoved) -> None:
        self.apis[event.api].breaker[event.state] += 1

    def _tier(self, event: TierDown) -> None:
        self.tiers_down[event.tier] += 1

    def _attempt(self, event: Attempt) -> None:
        tally = self.apis[event.api]
        tally.attempts += 1
        tally.answered += event.meaning in _ANSWERED
        tally.refused += event.meaning == "retryat"
        tally.revalidated += event.status == _NOT_MODIFIED

    def _hit(self, event: CacheHit) -> None:
        tally = self.apis[event.api]
        tally.hits[event.tier] += 1
        tally.stale += event.stale

    def _broke(self, event: PluginBroke) -> None:
        self.broken[f"{event.plugin} ({event.distribution} {event.version}) {event.where}: {event.error}"] += 1

    def _company(self, event: CompanyDone) -> None:
        self.done += 1
        if event.unanswered:
            self.unanswered.update(event.unanswered)
        self.seconds.add(event.seconds)

    def exit_code(self) -> int:
        """0 all reached the goal, 1 some did not or a plugin's output is missing, 3 stopped, 130 interrupted."""
        if self.stopped is not None:
            return 3
        if self.interrupted:
            return 130
        return 1 if self.unreached or self.sinks_broken else 0

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "states": dict(self.states),
            "executives": self.executives,
            "unreached": dict(self.unreached),
            "unanswered": dict(self.unanswered),
            "apis": {
                name: {
                    "calls": tally.calls,
                    "attempts": tally.attempts,
                    "answered": tally.answered,
                    "success": tally.success,
                    "refused_by_quota": tally.refused,
                    "cache_hits": dict(tally.hits),
                    "stale_served": tally.stale,
                    "revalidated": tally.revalidated,
                    "cache_misses": tally.misses,
                    "throttled_seconds": round(tally.throttled, 3),
                    "lease_waits": tally.lease_waits,
                    "lease_wait_seconds": round(tally.lease_seconds, 3),
                    "breaker": dict(tally.breaker),
                    "quota": None if tally.quota is None else _window(tally.quota),
                }
                # Only where an API has several: the object is what it always was for all others.
                | ({"quotas": {name: _window(each) for name, each in tally.quotas.items()}} if tally.quotas else {})
                for name, tally in sorted(self.apis.items())
            },
            "company_seconds": {
                "mean": self.seconds.mean,
                "p50": self.seconds.quantile(0.5),
                "p95": self.seconds.quantile(0.95),
            },
            "broken": dict(self.broken),
            "tiers_down": dict(self.tiers_down),
            "leases_down": dict(self.leases_down),
            "peak_mb": round(self.peak_mb, 1),
            "wall_seconds": round(self.wall, 3),
        }
