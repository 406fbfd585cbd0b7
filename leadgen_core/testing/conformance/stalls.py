"""How long the event loop stood still while something was tried."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from attrs import define

__all__ = ["Stall", "watching"]

_BEAT = 0.01


@define
class Stall:
    """``longest``: seconds between two turns of the loop that should have been a hundredth apart."""

    longest: float = 0.0


@asynccontextmanager
async def watching() -> AsyncIterator[Stall]:
    """Watch the loop inside the block."""
    stall = Stall()

    async def beat() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(_BEAT)
            stall.longest = max(stall.longest, time.monotonic() - before - _BEAT)

    task = asyncio.create_task(beat())
    await asyncio.sleep(0)
    try:
        yield stall
        await asyncio.sleep(2 * _BEAT)  # for the beat that was due while the loop stood
    finally:
        task.cancel()
