"""Committing: results that are finished within a moment share one transaction of the outbox.

A transaction costs more than what is written in it. A company counts as stored once it is committed, and only then
is anybody told; a process that is killed before has its last companies asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from leadgen_core.engine.outbox import Entry, Outbox, Result

__all__ = ["Committer"]

_MOST = 32
"""Results in one transaction."""
_LINGER = 0.05
"""Seconds after its first result at which a transaction is committed, full or not."""


class Committer:
    """Takes results one by one and commits them in groups, in the order in which they came."""

    def __init__(
        self,
        outbox: Outbox,
        duplicate: Callable[[Entry, Entry], bytes],
        committed: Callable[[Sequence[tuple[Result, float]]], None],
    ) -> None:
        """``committed`` is told what each result became, with the seconds that were handed over with it."""
        self._outbox = outbox
        self._duplicate = duplicate
        self._committed = committed
        self._gathered: list[tuple[Result, float]] = []
        self._timer: asyncio.TimerHandle | None = None
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Raises what a commit raised that nobody stood by for."""

    def add(self, result: Result, seconds: float) -> None:
        """Take a result. Raises what the outbox raises when it is the one that fills the group."""
        self._gathered.append((result, seconds))
        if len(self._gathered) >= _MOST:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LINGER, self._due)

    def flush(self) -> None:
        """Commit what is gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        gathered, self._gathered = self._gathered, []
        if gathered:
            became = self._outbox.store_all([result for result, _ in gathered], self._duplicate)
            self._committed([(result, seconds) for result, (_, seconds) in zip(became, gathered, strict=True)])

    def close(self) -> None:
        """Commit the last ones. Raises what an earlier commit raised, for its results are lost."""
        if self.failed.done():
            self.failed.result()
        self.failed.cancel()
        self.flush()

    def _due(self) -> None:
        self._timer = None
        try:
            self.flush()
        except Exception as error:
            if not self.failed.done():
                self.failed.set_exception(error)
