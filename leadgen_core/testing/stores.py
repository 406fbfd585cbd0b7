"""A limiter that counts and a cache that keeps text: for looking at what a source leaves behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from leadgen_core.contracts.api import Window
from leadgen_core.contracts.protocols import Meter, Wish

__all__ = ["CountingLimiter", "CountingPermit", "TextStore"]


class CountingPermit:
    """One request's place. ``ended`` says how it ended: ``given back``, ``answered``, ``refused``, or None."""

    def __init__(self) -> None:
        self.was_sent = False
        self.ended: str | None = None

    def sent(self) -> None:
        self.was_sent = True

    def give_back(self) -> None:
        self._end("given back")

    def answered(self, windows: Sequence[Window], server_time: float) -> None:  # noqa: ARG002 - the contract's
        self._end("answered")

    def refused(self, retry_at: float | None, windows: Sequence[Window], server_time: float) -> None:  # noqa: ARG002
        self._end("refused")

    def _end(self, how: str) -> None:
        if self.ended is not None:
            raise RuntimeError(f"a permit that was {self.ended} cannot be {how}")
        self.ended = how


class CountingLimiter:
    """Gives every permit at once, or none while :attr:`closed`, and remembers all of them."""

    def __init__(self) -> None:
        self.permits: list[CountingPermit] = []
        self.waiting = 0
        self.closed = False
        self._opened = asyncio.Event()

    async def acquire(self, meter: Meter, wish: Wish = Wish()) -> CountingPermit:  # noqa: ARG002, B008 - immutable
        while self.closed:
            self.waiting += 1
            try:
                await self._opened.wait()
            finally:
                self.waiting -= 1
        permit = CountingPermit()
        self.permits.append(permit)
        return permit

    def open(self) -> None:
        """Let those in who wait."""
        self.closed = False
        self._opened.set()

    def status(self, meter: Meter) -> Window | None:  # noqa: ARG002 - the contract's
        return None

    @property
    def outstanding(self) -> int:
        """Permits that nothing has ended."""
        return sum(permit.ended is None for permit in self.permits)


class TextStore:
    """A cache that keeps its values as JSON text, as a store in another process does."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    async def get(self, key: str) -> Any:
        text = self.texts.get(key)
        return None if text is None else json.loads(text)

    async def set(self, key: str, value: Any, ttl: int) -> bool:  # noqa: ARG002 - the tests' time stands still
        self.texts[key] = json.dumps(value, ensure_ascii=False)
        return True
