"""Who waits, and who is next: interactive before bulk, but not for ever."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from leadgen_core import Priority, Wish
from leadgen_quota.permit import Slip

__all__ = ["Queue"]

Turn = asyncio.Future[Slip]


class Queue:
    """Two queues, each in the order of asking. After ``turns`` interactive ones in a row one in bulk goes."""

    def __init__(self, turns: int) -> None:
        self._turns = turns
        self._run = 0
        self._interactive: OrderedDict[Turn, str] = OrderedDict()
        self._bulk: OrderedDict[Turn, str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._interactive) + len(self._bulk)

    def add(self, turn: Turn, wish: Wish) -> None:
        """At the end of its queue."""
        queue = self._interactive if wish.priority is Priority.INTERACTIVE else self._bulk
        queue[turn] = wish.plugin

    def discard(self, turn: Turn) -> None:
        """Waits no longer."""
        self._interactive.pop(turn, None)
        self._bulk.pop(turn, None)

    def next(self, may: Callable[[str], bool]) -> tuple[Turn, str] | None:
        """Take out the first who may go, None when nobody may. ``may`` is asked once for each plugin.

        A place that is kept for a plugin passes by all others: it would be idle otherwise.
        """
        if not self._interactive and not self._bulk:
            return None
        verdicts: dict[str, bool] = {}
        first, second = self._interactive, self._bulk
        if self._run >= self._turns and second:
            first, second = second, first
        for queue in (first, second):
            for turn, plugin in queue.items():
                if turn.done():
                    continue
                if plugin not in verdicts:
                    verdicts[plugin] = may(plugin)
                if verdicts[plugin]:
                    del queue[turn]
                    self._run = self._run + 1 if queue is self._interactive and self._bulk else 0
                    return turn, plugin
        return None

    def clear(self) -> list[Turn]:
        """Those who still wait; nobody does any more."""
        waiting = [turn for turn in (*self._interactive, *self._bulk) if not turn.done()]
        self._interactive.clear()
        self._bulk.clear()
        return waiting
