"""What became of a permit, as one process knows it and as it tells the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import define

from leadgen_core import Window
from leadgen_redis.quota.permit import Slip

__all__ = ["Event"]

_SECOND = 1.0
"""What a time in whole seconds may hide."""


@define(eq=False)
class Event:
    """A permit has ended: not sent (``back``), sent without an answer (``lost``), answered (``heard``)."""

    slip: Slip
    what: str
    at: float
    """When, by the monotonic clock, in seconds."""
    windows: Sequence[Window] = ()
    server_time: float = 0.0
    refused: bool = False
    delay: float | None = None
    """Seconds for which the server wants to be left alone; None: it has not said."""

    def rest(self, now: float) -> float | None:
        """For how many more seconds a refusal pauses, as far as it says itself."""
        delay = self.delay
        if delay is None:
            resets = [stated.resets_at for stated in self.windows if stated.resets_at is not None]
            if not resets:
                return None
            delay = min(resets) - self.server_time + _SECOND
        return delay - (now - self.at)

    def told(self, epoch: str | None, now: float) -> dict[str, Any]:
        """For the shared state of this epoch. Times are durations: clocks differ."""
        slip = self.slip
        known = slip.epoch == epoch
        told: dict[str, Any] = {"what": self.what, "id": slip.id if known else 0}
        if self.what != "heard":
            return told
        told |= {
            "granted": slip.granted if known else 0,
            "sent": slip.sent_tick if known else 0,
            "age": max(0.0, now - self.at),
            "refused": self.refused,
        }
        if not self.refused:
            told["took"] = max(0.0, self.at - slip.since)
        if self.delay is not None:
            told["delay"] = self.delay
        windows = []
        for stated in self.windows:
            window: dict[str, Any] = {"limit": stated.limit, "length": stated.length}
            if stated.remaining is not None:
                window["remaining"] = stated.remaining
            if stated.resets_at is not None:
                window["reset"] = stated.resets_at
                window["within"] = stated.resets_at - self.server_time
            windows.append(window)
        told["windows"] = windows
        return told
