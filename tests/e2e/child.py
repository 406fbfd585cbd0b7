"""``leadgen`` that stops at one point and waits to be killed: ``STOP_AT=kind:count`` in the environment.

Kinds: ``answer`` (an upstream answer has arrived), ``commit`` (a company is in the outbox,
it and those of its group; no sink has them),
``write`` (a sink has written, its checkpoint is not kept).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

from leadgen_core.cli import main
from leadgen_core.engine import committing, runner
from leadgen_core.engine.outbox import Outbox
from leadgen_core.events import Attempt, Events


class Point:
    """Counts down to the moment, then says so and stands still."""

    def __init__(self, kind: str, count: int) -> None:
        self._kind = kind
        self._left = count

    def passed(self, kind: str) -> None:
        if kind != self._kind:
            return
        self._left -= 1
        if self._left == 0:
            os.write(1, b"stopped\n")  # sys.stdout belongs to plugins while a run goes on
            while True:
                signal.pause()


def patch(point: Point) -> None:
    """Put the point into the three places."""
    emit, store, advance = Events.emit, Outbox.store_all, Outbox.advance

    def emitting(self: Events, event: object) -> None:
        emit(self, event)
        if isinstance(event, Attempt):
            point.passed("answer")

    def storing(self: Outbox, results: Sequence[Any], *arguments: Any) -> Any:
        became = store(self, results, *arguments)
        for _ in results:
            point.passed("commit")
        return became

    def advancing(self: Outbox, sink: str, following: int, checkpoint: str) -> None:
        if following:
            point.passed("write")
        advance(self, sink, following, checkpoint)

    # Few at a time and at once, so that a run of some hundred companies has many commits and deliveries.
    committing._MOST, runner._WAKE = 4, 0.0
    patches: list[tuple[type, str, Callable[..., Any]]] = [
        (Events, "emit", emitting),
        (Outbox, "store_all", storing),
        (Outbox, "advance", advancing),
    ]
    for owner, name, function in patches:
        setattr(owner, name, function)


if __name__ == "__main__":
    kind, _, count = os.environ["STOP_AT"].partition(":")
    patch(Point(kind, int(count)))
    main()
