"""The reader: places that are asked for in one turn of the loop, or while a statement runs, share the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice

from leadgen_database.backlog import Item
from leadgen_database.places import Place

__all__ = ["Reader"]

_TOGETHER = 100
"""Keys of one statement: with ``max_value_bytes`` it bounds what is in memory at a time."""

Found = asyncio.Future[Item | None]


class Reader:
    """Calls ``read`` for many at a time, one call after the other. Whoever is cancelled hurts nobody else."""

    def __init__(self, read: Callable[[Sequence[Place]], Awaitable[dict[Place, Item]]]) -> None:
        self._read = read
        self._wanted: dict[Place, list[Found]] = {}
        self._task: asyncio.Task[None] | None = None

    def want(self, place: Place) -> Found:
        """What is there, None for nothing; with the exception that ``read`` raised."""
        loop = asyncio.get_running_loop()
        future: Found = loop.create_future()
        self._wanted.setdefault(place, []).append(future)
        if self._task is None:
            self._task = loop.create_task(self._work())
        return future

    async def aclose(self) -> None:
        """Wait for what is under way."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        try:
            while self._wanted:
                places = list(islice(self._wanted, _TOGETHER))
                waiting = {place: self._wanted.pop(place) for place in places}
                try:
                    found = await self._read(places)
                except Exception as error:
                    for future in _open(waiting.values()):
                        future.set_exception(error)
                except BaseException:
                    for future in _open(waiting.values()):
                        future.cancel()
                    raise
                else:
                    for place, futures in waiting.items():
                        for future in _open([futures]):
                            future.set_result(found.get(place))
        finally:
            self._task = None
            for future in _open(self._wanted.values()):  # only when this task was cancelled
                future.cancel()
            self._wanted.clear()


def _open(groups: Iterable[list[Found]]) -> list[Found]:
    return [future for futures in groups for future in futures if not future.done()]
