"""The permit of one request, from its grant to its end."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from leadgen_core import Window

if TYPE_CHECKING:
    from leadgen_quota.gauge import Gauge

__all__ = ["Slip", "State"]


class State(Enum):
    """Where a permit stands."""

    OPEN = "open"
    SENT = "sent"
    LOST = "lost"
    """Sent and ended without an answer, or not ended for so long after it that it is taken for that."""
    ENDED = "ended"


class Slip:
    """A :class:`leadgen_core.Permit`.

    ``sent`` is followed by ``answered``, ``refused``, or, when no answer came (broken connection, time-out,
    cancellation), by ``give_back``, which then gives nothing back: the request counts as spent.
    """

    __slots__ = ("_gauge", "granted", "plugin", "sent_tick", "since", "state")

    def __init__(self, gauge: Gauge, tick: int, now: float, plugin: str) -> None:
        self._gauge = gauge
        self.plugin = plugin
        self.granted = tick
        self.sent_tick = tick
        self.since = now
        """When it was granted; from ``sent`` on, when it was sent."""
        self.state = State.OPEN

    def give_back(self) -> None:
        """Not sent: the place is free again. Sent: there will be no answer."""
        if self.state in (State.OPEN, State.SENT):
            self._gauge.given_back(self)

    def sent(self) -> None:
        """The first byte leaves."""
        if self.state is State.OPEN:
            self._gauge.sent(self)

    def answered(self, windows: Sequence[Window], server_time: float) -> None:
        """An answer came, however late."""
        if self.state is not State.ENDED:
            self._gauge.answered(self, windows, server_time)

    def refused(self, retry_at: float | None, windows: Sequence[Window], server_time: float) -> None:
        """The server said 429."""
        if self.state is not State.ENDED:
            self._gauge.refused(self, retry_at, windows, server_time)
