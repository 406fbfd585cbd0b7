"""Cache tiers that are wrong in one way."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Callable, Iterable
from typing import Any

from aiocache.serializers import NullSerializer  # type: ignore[import-untyped]

from leadgen_core import CacheSpec
from leadgen_core.testing import Samples
from tests.kit.mutants import Mutants, SoundPlugins, plugin
from tests.kit.sound_caches import Bounded, Config, Key, Persistent, Serializer, stranger


class Truthful(Bounded):
    """Takes what is false for what is not there."""

    async def get(self, key: str, default: Any = None, **options: Any) -> Any:
        return await super().get(key, **options) or default


class Small(Bounded):
    """Cuts long values."""

    def put(self, key: Key, value: Any, end: float) -> None:
        super().put(key, value if len(value) < 65_536 else '"cut"', end)


class Sorted(Bounded):
    """Gives values in an order of its own."""

    async def _multi_get(self, keys: Iterable[Key], encoding: object = None, _conn: object = None) -> list[Any]:
        return [self.alive(key) for key in sorted(keys)]


class Adding(Bounded):
    """Adds over what is there."""

    async def _add(self, key: Key, value: Any, ttl: float | None = None, _conn: object = None) -> bool:
        return await self._set(key, value, ttl)


class Lending(Persistent):
    """Keeps the objects themselves."""

    SERIALIZER = NullSerializer


class Shared(Bounded):
    """Its state between two awaits is of one caller only."""

    async def _set(self, key: Key, value: Any, ttl: float | None = None, *_: object, **__: object) -> bool:
        self.pending = value
        await asyncio.sleep(0)
        return await super()._set(key, self.pending, ttl)


class Lasting(Bounded):
    """Forgets the lifetime of what is set with others."""

    async def _multi_set(
        self, pairs: Iterable[tuple[Key, Any]], ttl: float | None = None, _conn: object = None
    ) -> bool:
        self.end(ttl)
        return await super()._multi_set(pairs)


class Timers(Bounded):
    """The old end of a key holds for the new value."""

    def put(self, key: Key, value: Any, end: float) -> None:
        super().put(key, value, min(end, self.items.get(key, (None, end))[1]))


class Zero(Bounded):
    """Takes any lifetime."""

    def end(self, ttl: float | None) -> float:
        return super().end(None if ttl is None or not ttl > 0 else ttl)


class Joining(Bounded):
    """Joins namespace and key with a sign that may stand in both."""

    def _build_key(self, key: str, namespace: str | None = None) -> Key:
        return "kit", None if namespace is None else f"{namespace}:{key}", key if namespace is None else ""

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        for key in [key for key in self.items if namespace is None or key[1] in (f"{namespace}:b", f"{namespace}:c")]:
            del self.items[key]
        return True


class Prefixes(Bounded):
    """Clears by the beginning of the name."""

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        for key in [key for key in self.items if (key[1] or "").startswith(namespace or "")]:
            del self.items[key]
        return True


class Sealing(Bounded):
    """A namespace that was cleared takes nothing more."""

    def __init__(self, config: Config, *, timer: Callable[[], float] = time.monotonic) -> None:
        super().__init__(config, timer=timer)
        self.sealed: set[str] = set()

    def put(self, key: Key, value: Any, end: float) -> None:
        if key[1] not in self.sealed:
            super().put(key, value, end)

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        self.sealed.update([namespace] if namespace else [])
        return await super()._clear(namespace)


class Flushing(Persistent):
    """Empties the whole store."""

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        if namespace is None:
            self.items.clear()
        return await super()._clear(namespace)


class Cutting(Bounded):
    """Cuts long keys."""

    def _build_key(self, key: str, namespace: str | None = None) -> Key:
        return "kit", namespace, key[:1_000]


class Growing(Bounded):
    """Knows no bound when several are set."""

    async def _multi_set(
        self, pairs: Iterable[tuple[Key, Any]], ttl: float | None = None, _conn: object = None
    ) -> bool:
        self.most = 1_000_000
        return await super()._multi_set(pairs, ttl)


class _Crashing(Serializer):
    def loads(self, value: Any) -> Any:
        try:
            return super().loads(value)
        except ValueError as error:
            raise KeyError("value") from error


class Crashing(Bounded):
    """Any error comes out of its serializer."""

    SERIALIZER = _Crashing


class _Pickling(Serializer):
    def loads(self, value: Any) -> Any:
        try:
            return super().loads(value)
        except ValueError:
            try:
                return pickle.loads(value if isinstance(value, bytes) else value.encode("latin-1"))
            except Exception as error:
                raise ValueError("no value") from error


class Pickling(Bounded):
    """Reads pickles, too."""

    SERIALIZER = _Pickling


class Once(Bounded):
    """Closes once."""

    closed = False

    async def aclose(self) -> None:
        if self.closed:
            raise RuntimeError("it is closed")
        self.closed = True


class Losing(Persistent):
    """Takes its items with it."""

    async def aclose(self) -> None:
        await self.clear()


def _made(kind: type[Bounded]) -> tuple[object, Samples | None]:
    lasting = issubclass(kind, Persistent)
    spec = CacheSpec(name="tier", factory=f"{kind.__module__}:{kind.__name__}", persistent=lasting)
    return plugin(config=Config, caches=[spec]), Samples(stranger=stranger) if lasting else None


MUTANTS: Mutants = {
    "cache.add": _made(Adding),
    "cache.apart": _made(Lending),
    "cache.at-once": _made(Shared),
    "cache.bounded": _made(Growing),
    "cache.clear-namespace": _made(Prefixes),
    "cache.clear-own": _made(Flushing),
    "cache.closes": _made(Once),
    "cache.envelopes": _made(Small),
    "cache.expires": _made(Lasting),
    "cache.garbage": _made(Crashing),
    "cache.histories": _made(Sealing),
    "cache.keys": _made(Cutting),
    "cache.lifetime-refused": _made(Zero),
    "cache.many": _made(Sorted),
    "cache.namespaces": _made(Joining),
    "cache.no-code": _made(Pickling),
    "cache.persistent": _made(Losing),
    "cache.renewed": _made(Timers),
    "cache.values": _made(Truthful),
}
SOUND_PLUGINS: SoundPlugins = {
    "bounded cache": _made(Bounded),
    "persistent cache": _made(Persistent),
    "cache with a clock of its own": (_made(Bounded)[0], Samples(real_time=True)),
}
