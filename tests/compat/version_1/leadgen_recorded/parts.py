"""A cache tier, a limiter, a scorer and a sink."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from aiocache import SimpleMemoryCache

from leadgen_core import Delivery, Lead, Meter, NoConfig, Permit, Priority, Reason, Score, Target, Window, Wish
from leadgen_recorded import Config


class Cache(SimpleMemoryCache):
    """aiocache's own, as it is."""

    def __init__(self, config: Config) -> None:
        super().__init__()


class Limiter:
    """Counts and lets pass. It must be given a wish or none."""

    def __init__(self, config: Config) -> None:
        self.taken = 0

    async def acquire(self, meter: Meter, wish: Wish = Wish()) -> Permit:  # noqa: B008 - a frozen record
        assert meter.api == "recorded"
        assert wish.priority in set(Priority)
        self.taken += 1
        return _Permit()

    def status(self, meter: Meter) -> Window | None:
        return Window(1000, 60.0, remaining=1000 - self.taken)


class _Permit:
    def sent(self) -> None: ...

    def give_back(self) -> None: ...

    def answered(self, windows: Sequence[Window], server_time: float) -> None: ...

    def refused(self, retry_at: float | None, windows: Sequence[Window], server_time: float) -> None: ...


class Scorer:
    """Ten points a person."""

    def __init__(self, config: Config | NoConfig) -> None: ...

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        points = min(100, 10 * len(lead.executives))
        return {"people": Score(value=points, reasons=(Reason(points=points, because="people were found"),))}


class Sink:
    """One line a lead: its number and name. The checkpoint is the length of the file."""

    def __init__(self, config: Config) -> None:
        self._path = Path()

    async def open(self, target: Target, checkpoint: str | None) -> None:
        self._path = target.path
        if checkpoint is None:
            self._path.write_bytes(b"")
        else:
            os.truncate(self._path, int(checkpoint))

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        with self._path.open("ab") as file:
            file.write(b"".join(map(_line, deliveries)))
            file.flush()
            os.fsync(file.fileno())
            return str(file.tell())

    async def replace(self, target: Target, deliveries: AsyncIterator[Delivery]) -> str:
        await self.open(target, None)
        return await self.write([delivery async for delivery in deliveries])


def _line(delivery: Delivery) -> bytes:
    company: Any = delivery.body["company"]
    return f"{delivery.ordinal} {company['number']} {company['name']}\n".encode()
