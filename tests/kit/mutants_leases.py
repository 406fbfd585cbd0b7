"""Leases that are wrong in one way."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any, ClassVar
from uuid import uuid4

from leadgen_core import Clock, Ending, LeaseSpec
from tests.kit.mutants import Mutants, SoundPlugins, plugin

_LOOK = 0.05


class Sound:
    """Leases in a store that all objects share."""

    HELD: ClassVar[dict[str, tuple[str, float]]] = {}
    ENDINGS: ClassVar[OrderedDict[tuple[str, str], Ending]] = OrderedDict()

    def __init__(self, _config: object, *, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()

    def holder(self, key: str) -> str | None:
        token, end = self.HELD.get(key, (None, 0.0))
        return token if self.clock.monotonic() < end else None

    async def take(self, key: str, seconds: float) -> str | None:
        if self.holder(key) is not None:
            return None
        token = uuid4().hex
        self.HELD[key] = token, self.clock.monotonic() + seconds
        return token

    async def extend(self, key: str, token: str, seconds: float) -> bool:
        if self.holder(key) != token:
            return False
        self.HELD[key] = token, self.clock.monotonic() + seconds
        return True

    async def release(self, key: str, token: str, ending: Ending) -> None:
        if self.holder(key) == token:
            del self.HELD[key]
            self.say(key, token, ending)

    def say(self, key: str, token: str, ending: Ending) -> None:
        self.ENDINGS[key, token] = ending
        while len(self.ENDINGS) > 1_000:
            self.ENDINGS.popitem(last=False)

    def said(self, key: str, token: str) -> Ending | None:
        return self.ENDINGS.get((key, token))

    async def wait(self, key: str, seconds: float) -> Ending | None:
        token = self.holder(key)
        until = self.clock.monotonic() + seconds
        while token is not None and self.clock.monotonic() < until:
            ending = self.said(key, token)
            if ending is not None or self.holder(key) != token:
                return ending
            await self.clock.sleep(_LOOK)
        return None

    async def aclose(self) -> None:
        pass


class Racing(Sound):
    """Looks, and then writes."""

    async def take(self, key: str, seconds: float) -> str | None:
        if self.holder(key) is not None:
            return None
        await asyncio.sleep(0)
        self.HELD.pop(key, None)
        return await super().take(key, seconds)


class Cooling(Sound):
    """Keeps a lease for another second after its release."""

    async def release(self, key: str, token: str, ending: Ending) -> None:
        if self.holder(key) == token:
            await super().release(key, token, ending)
            self.HELD[key] = "nobody", self.clock.monotonic() + 1


class First(Sound):
    """Tells the first who waits, and no other."""

    def said(self, key: str, token: str) -> Ending | None:
        return self.ENDINGS.pop((key, token), None)


class Eternal(Sound):
    """Never gives away a lease that was not released."""

    async def take(self, key: str, seconds: float) -> str | None:
        return None if key in self.HELD else await super().take(key, seconds)


class Patient(Sound):
    """Waits for a holder that has vanished."""

    async def wait(self, key: str, seconds: float) -> Ending | None:
        token = self.holder(key)
        until = self.clock.monotonic() + seconds
        while token is not None and self.clock.monotonic() < until:
            ending = self.said(key, token)
            if ending is not None or self.holder(key) not in (None, token):
                return ending
            await self.clock.sleep(_LOOK)
        return None


class Early(Sound):
    """Waits for somebody to take the lease."""

    async def wait(self, key: str, seconds: float) -> Ending | None:
        until = self.clock.monotonic() + seconds
        while self.holder(key) is None and self.clock.monotonic() < until:
            await self.clock.sleep(_LOOK)
        return await super().wait(key, seconds)


class Endless(Sound):
    """Waits as long as the lease is held."""

    async def wait(self, key: str, seconds: float) -> Ending | None:
        return await super().wait(key, 1e9)


class Pretending(Sound):
    """Says that it has extended."""

    async def extend(self, key: str, token: str, seconds: float) -> bool:
        return self.holder(key) == token


class Careless(Sound):
    """Releases whoever holds it."""

    async def release(self, key: str, token: str, ending: Ending) -> None:
        await super().release(key, self.holder(key) or token, ending)


class Remembering(Sound):
    """Gives the last word that was said of a key."""

    def say(self, key: str, token: str, ending: Ending) -> None:
        super().say(key, "", ending)

    def said(self, key: str, token: str) -> Ending | None:
        return super().said(key, "")


class Lower(Sound):
    """Knows no capitals."""

    def holder(self, key: str) -> str | None:
        return super().holder(key.lower())

    async def take(self, key: str, seconds: float) -> str | None:
        return await super().take(key.lower(), seconds)

    async def extend(self, key: str, token: str, seconds: float) -> bool:
        return await super().extend(key.lower(), token, seconds)

    async def release(self, key: str, token: str, ending: Ending) -> None:
        await super().release(key.lower(), token, ending)

    async def wait(self, key: str, seconds: float) -> Ending | None:
        return await super().wait(key.lower(), seconds)


class Swallowing(Sound):
    """Takes a cancellation for the end."""

    async def wait(self, key: str, seconds: float) -> Ending | None:
        try:
            return await super().wait(key, seconds)
        except asyncio.CancelledError:
            return None


class Once(Sound):
    """Closes once."""

    closed = False

    async def aclose(self) -> None:
        if self.closed:
            raise RuntimeError("it is closed")
        self.closed = True


def _made(kind: type[Sound]) -> tuple[Any, None]:
    return plugin(leases=[LeaseSpec(name="lease", factory=f"{__name__}:{kind.__name__}")]), None


MUTANTS: Mutants = {
    "lease.cancelled": _made(Swallowing),
    "lease.closes": _made(Once),
    "lease.ends": _made(Eternal),
    "lease.extend": _made(Pretending),
    "lease.freed": _made(Cooling),
    "lease.keys-apart": _made(Lower),
    "lease.lost": _made(Careless),
    "lease.nobody": _made(Early),
    "lease.old-word": _made(Remembering),
    "lease.one-holder": _made(Racing),
    "lease.patience": _made(Endless),
    "lease.vanished": _made(Patient),
    "lease.word": _made(First),
}
SOUND_PLUGINS: SoundPlugins = {"lease": _made(Sound)}
