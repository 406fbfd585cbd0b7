"""The permit of one request in one of several processes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from leadgen_core import PermitExpired, Window

if TYPE_CHECKING:
    from leadgen_redis.quota.gauge import SharedGauge

__all__ = ["Slip", "State"]


class State(Enum):
    """Where a permit stands."""

    OPEN = "open"
    SENT = "sent"
    LOST = "lost"
    ENDED = "ended"


class Slip:
    """A :class:`leadgen_core.Permit` with an end: not sent by its deadline, it is void and ``sent`` raises.

    A process that was stopped may wake in another window, and others have had its places by then.
    """

    __slots__ = ("epoch", "gauge", "granted", "id", "sent_tick", "since", "state")

    def __init__(self, gauge: SharedGauge, number: int, epoch: str, now: float) -> None:
        self.gauge = gauge
        self.id = number
        """As the shared state knows it; 0 for a permit of this process's own share."""
        self.granted = number
        self.epoch = epoch
        self.sent_tick = 0
        self.since = now
        self.state = State.OPEN

    def give_back(self) -> None:
        """Not sent: the place is free again. Sent: there will be no answer."""
        if self.state in (State.OPEN, State.SENT):
            self.gauge.given_back(self)

    def sent(self) -> None:
        """The first byte leaves. Raises :class:`~leadgen_core.PermitExpired` when it must not any more."""
        if self.state is State.ENDED:
            raise PermitExpired
        if self.state is State.OPEN:
            self.gauge.sent(self)

    def answered(self, windows: Sequence[Window], server_time: float) -> None:
        """An answer came, however late."""
        if self.state is not State.ENDED:
            self.gauge.answered(self, windows, server_time)

    def refused(self, retry_at: float | None, windows: Sequence[Window], server_time: float) -> None:
        """The server said 429."""
        if self.state is not State.ENDED:
            self.gauge.refused(self, retry_at, windows, server_time)
