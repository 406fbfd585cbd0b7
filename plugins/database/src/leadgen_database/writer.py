"""The writer: writes are promised at once and stored together, later (write-behind)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from leadgen_core import Clock
from leadgen_database import Config
from leadgen_database.backlog import Backlog, Item
from leadgen_database.places import Place
from leadgen_database.store import Store

__all__ = ["Writer"]

_TOGETHER = 500
"""Rows of one transaction."""
_LONGEST_PAUSE = 30.0
"""Seconds between two tries while the database is away."""
_LOG = logging.getLogger(__name__)


class Writer:
    """Stores what is promised when ``flush_items`` wait, after ``flush_seconds``, and when it is closed.

    What is promised and not stored is lost with the process. When storing fails, the next promise raises that error;
    what was promised before is kept, within ``queue_bytes``, and tried again.
    """

    def __init__(self, config: Config, store: Store, clock: Clock) -> None:
        self.backlog = Backlog()
        self._store = store
        self._clock = clock
        self._count = config.flush_items
        self._seconds = config.flush_seconds
        self._room = config.queue_bytes
        self._busy = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._due = asyncio.Event()
        self._tried = asyncio.Event()
        self._error: Exception | None = None
        self._closing = False

    async def put(self, place: Place, item: Item) -> None:
        """Promise it; wait while there is no room. Raises what made storing fail."""
        self._complain()
        while self.backlog and self.backlog.bytes + len(item.value) > self._room:
            self._due.set()
            await self._tried.wait()
            self._complain()
        self.backlog.put(place, item)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work())
        if len(self.backlog) >= self._count:
            self._due.set()

    def _complain(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    @asynccontextmanager
    async def turn(self, *places: Place) -> AsyncIterator[None]:
        """The store to oneself, with what is promised for these places stored."""
        async with self._busy:
            promised = [(place, item) for place in places if (item := self.backlog.get(place)) is not None]
            if promised:
                await self._write(promised)
            yield

    async def flush(self) -> None:
        """Store what is promised now."""
        async with self._busy:
            left = len(self.backlog)
            while left > 0 and self.backlog:
                batch = self.backlog.first(min(left, _TOGETHER))
                await self._write(batch)
                left -= len(batch)

    async def aclose(self) -> None:
        """Store what is left. What cannot be stored is lost, and the log says how much."""
        self._closing = True
        self._due.set()
        while self._task is not None:
            await asyncio.wait([self._task])
        try:
            await self.flush()
        except Exception as error:
            _LOG.warning("%d cache entries could not be stored: %s", len(self.backlog), type(error).__name__)
            self.backlog.drop(None)
        self._closing = False

    async def _write(self, batch: list[tuple[Place, Item]]) -> None:
        await self._store.write(batch)
        self.backlog.done(batch)
        self._tell()

    def _tell(self) -> None:
        """Wake who waits for room, or for the news that there will be none."""
        self._tried.set()
        self._tried = asyncio.Event()

    async def _work(self) -> None:
        pause, away = self._seconds, False
        try:
            while self.backlog and not self._closing:
                await self._wait(pause, early=not away)
                try:
                    await self.flush()
                except Exception as error:
                    self._error = error
                    pause, away = min(pause * 2, _LONGEST_PAUSE), True
                    self._tell()
                else:
                    self._error = None
                    pause, away = self._seconds, False
        finally:
            self._task = None

    async def _wait(self, seconds: float, *, early: bool) -> None:
        """So long, or until it is due; while the database is away only the end of it all is reason to hurry."""
        sleep = asyncio.ensure_future(self._clock.sleep(seconds))
        while not sleep.done():
            due = asyncio.ensure_future(self._due.wait())
            await asyncio.wait((sleep, due), return_when=asyncio.FIRST_COMPLETED)
            due.cancel()
            self._due.clear()
            if early or self._closing:
                break
        sleep.cancel()
