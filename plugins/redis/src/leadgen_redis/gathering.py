"""Gathering: what is asked for in one turn of the event loop, or while an answer is awaited, is asked for together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

__all__ = ["Gatherer"]

T = TypeVar("T")
R = TypeVar("R")


class Gatherer(Generic[T, R]):
    """Calls ``together`` with up to ``limit`` items at a time; it returns a result, or an exception, for each.

    Calls follow each other, so nothing overtakes: the first of two writes stays the first. A caller that is cancelled
    leaves the others alone, and the call that it was part of runs on. Nothing is kept between calls.
    """

    def __init__(
        self, together: Callable[[Sequence[T]], Awaitable[Sequence[R | BaseException]]], *, limit: int
    ) -> None:
        self._together = together
        self._limit = limit
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, item: T) -> R:
        """The result for this item. Raises what ``together`` raised or gave for it."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None:
            # A task begins in the next turn: whoever else asks in this one is part of its first call.
            self._task = asyncio.get_running_loop().create_task(self._work())
        return await future

    async def aclose(self) -> None:
        """Wait for what is under way."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(self._limit, len(self._waiting)))]
                await self._one([each for each in batch if not each[1].done()])
        finally:
            self._task = None
            while self._waiting:  # only when this task was cancelled
                self._waiting.popleft()[1].cancel()

    async def _one(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        if not batch:
            return
        results: Sequence[R | BaseException]
        try:
            results = await self._together([item for item, _ in batch])
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        except Exception as error:
            results = [error] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():
                continue
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)
