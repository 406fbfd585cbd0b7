"""The runner of one process: many companies at once, bounded; it drains on SIGINT and SIGTERM.

At most ``in_flight`` companies are in memory, however long the input. A stalled company holds only its own
place; what is finished waits in the outbox for its turn. A sink that is slower than the sources slows them.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from leadgen_core import logs
from leadgen_core.clock import Clock
from leadgen_core.engine.committing import Committer
from leadgen_core.engine.deliver import Courier
from leadgen_core.engine.outbox import Entry, Outbox, Result
from leadgen_core.engine.pipeline import Pipeline, duplicate_reject
from leadgen_core.errors import Stopped
from leadgen_core.events import CompanyDone, Events
from leadgen_core.gateway.order import company_place

__all__ = ["Ending", "Runner"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_WAKE = 0.2
"""Seconds from a commit to its delivery: each delivery costs a file's fsync, so some companies share it."""
_ENOUGH = 256
"""Companies that are delivered without waiting for more."""


class Ending(StrEnum):
    """How the run ended."""

    DONE = "done"
    INTERRUPTED = "interrupted"


class Runner:
    """Runs the pipeline over all pending companies and delivers what comes out."""

    def __init__(
        self,
        pipeline: Pipeline,
        outbox: Outbox,
        couriers: Sequence[Courier],
        *,
        clock: Clock,
        events: Events,
        in_flight: int,
        drain_seconds: float,
        stuck: Callable[[], str | None] = lambda: None,
    ) -> None:
        """``stuck()`` says why no source can go on, None while one can."""
        self._pipeline = pipeline
        self._outbox = outbox
        self._couriers = couriers
        self._clock = clock
        self._events = events
        self._in_flight = in_flight
        self._drain_seconds = drain_seconds
        self._stuck = stuck
        self._draining = asyncio.Event()
        self._interrupts = 0
        self._left_over: str | None = None
        self._hurry: Callable[[], object] = lambda: None
        self._waking: asyncio.TimerHandle | None = None
        self._untold = 0
        """Companies that were committed since the couriers were last woken."""

    async def run(self, *, retry: str | None = None, limit: int | None = None) -> Ending:
        """Until everything is done or the run is interrupted. Raises Stopped when it cannot go on."""
        for courier in self._couriers:
            await courier.open()
        deliveries = [asyncio.create_task(courier.run()) for courier in self._couriers]
        for courier in self._couriers:
            courier.wake()
        try:
            with self._signals():
                await self._companies(self._outbox.pending(retry), limit, deliveries)
            complete = not self._interrupts and self._left_over is None
            if self._waking is not None:
                self._waking.cancel()
            for courier in self._couriers:
                courier.end(complete=complete)
            await asyncio.gather(*deliveries)
        finally:
            for task in deliveries:
                task.cancel()
            await asyncio.gather(*deliveries, return_exceptions=True)
        if self._left_over is not None:
            raise Stopped(self._left_over)
        return Ending.INTERRUPTED if self._interrupts else Ending.DONE

    async def _companies(
        self, feed: Iterator[Entry], limit: int | None, deliveries: Sequence[asyncio.Task[None]]
    ) -> None:
        committer = Committer(self._outbox, duplicate_reject, self._committed)
        workers = [asyncio.create_task(self._work(feed, limit, committer)) for _ in range(self._in_flight)]
        draining = asyncio.create_task(self._draining.wait())
        self._hurry = lambda: [worker.cancel() for worker in workers]
        left: set[asyncio.Future[Any]] = set(workers)
        watched: set[asyncio.Future[Any]] = {*workers, *deliveries, draining, committer.failed}
        try:
            await _news(workers, (*deliveries, committer.failed), draining)
            while left:
                seconds = self._drain_seconds if self._draining.is_set() else None
                done, watched = await asyncio.wait(watched, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    return
                for task in done:
                    if not task.cancelled():
                        task.result()
                left -= done
        finally:
            for task in (*workers, draining):
                task.cancel()
            await asyncio.gather(*workers, draining, return_exceptions=True)
            committer.close()  # also of a run that is stopped: what is finished is not asked again

    async def _work(self, feed: Iterator[Entry], limit: int | None, committer: Committer) -> None:
        while not self._draining.is_set():
            if (self._left_over or (reason := self._stuck())) is not None:
                self._left_over = self._left_over or (reason if next(feed, None) is not None else None)
                return
            if any(courier.full for courier in self._couriers):
                await asyncio.gather(*(courier.room() for courier in self._couriers))
                continue
            entry = next(feed, None)
            if entry is None or (limit is not None and entry.ordinal >= limit):
                return
            company_place(entry.ordinal)
            began = self._clock.monotonic()
            with logs.company_scope(entry.ordinal):
                # Under no name: each worker would keep its last line until it has the next.
                committer.add(await self._pipeline.company(entry), self._clock.monotonic() - began)

    def _committed(self, results: Sequence[tuple[Result, float]]) -> None:
        for result, seconds in results:
            self._events.emit(
                CompanyDone(result.ordinal, str(result.state), result.executives, seconds, result.unanswered)
            )
        for courier in self._couriers:
            courier.finished(len(results))
        self._untold += len(results)
        if self._untold >= _ENOUGH:
            self._wake()
        elif self._waking is None:
            self._waking = asyncio.get_running_loop().call_later(_WAKE, self._wake)

    def _wake(self) -> None:
        if self._waking is not None:
            self._waking.cancel()
        self._waking, self._untold = None, 0
        for courier in self._couriers:
            courier.wake()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """The first signal drains, the second stops at once."""
        loop = asyncio.get_running_loop()

        def interrupt() -> None:
            self._interrupts += 1
            if self._interrupts > 1:
                self._hurry()
            else:
                _say_draining()
            self._draining.set()

        installed = []
        for number in _SIGNALS:
            try:
                loop.add_signal_handler(number, interrupt)
                installed.append(number)
            except (NotImplementedError, RuntimeError, ValueError):
                # Not the main thread, or a platform without: whoever embeds us cancels the task instead.
                continue
        try:
            yield
        finally:
            for number in installed:
                loop.remove_signal_handler(number)


async def _news(
    workers: Sequence[asyncio.Future[Any]], others: Sequence[asyncio.Future[Any]], draining: asyncio.Future[Any]
) -> None:
    """Until all workers have ended, one of all these has failed, or the run drains.

    ``asyncio.wait`` goes over all of them for each that ends: at the end of a run, for each of the last companies.
    """
    news = asyncio.get_running_loop().create_future()
    left = len(workers)

    def tell() -> None:
        if not news.done():
            news.set_result(None)

    def look(task: asyncio.Future[Any]) -> None:
        if not task.cancelled() and task.exception() is not None:
            tell()

    def ended(task: asyncio.Future[Any]) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            tell()
        look(task)

    for worker in workers:
        worker.add_done_callback(ended)
    for other in others:
        other.add_done_callback(look)
    draining.add_done_callback(lambda _task: tell())
    await news


def _say_draining() -> None:
    from loguru import logger

    logger.warning("interrupted: companies in flight are finished and delivered; interrupt again to stop at once")
