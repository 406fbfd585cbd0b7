"""A store that others can write to, objects that are closed twice, processes that come and go."""

from __future__ import annotations

import contextlib
import pickle
from typing import Any

from leadgen_core.testing.conformance.caches.values import MINUTE
from leadgen_core.testing.conformance.check import Broken, NotChecked, check, require
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import staged

_GARBAGE = (b"", b"{", b"\xff\xfe\x00", b'{"v": 1', b"[" * 100_000, b"NaN", b"'", b"null null", b"1" * 5_000)
_RAN: list[str] = []


def _run(text: str) -> None:
    """What a hostile entry would have run."""
    _RAN.append(text)


class _Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return _run, ("pickle",)


async def _read(cache: Any, key: str, raw: bytes | str) -> int:
    """Read an entry that somebody else wrote, from the store and by the serializer; how often it could be read."""
    ways = 0
    place = cache.build_key(key, namespace=None)
    with contextlib.suppress(Exception):  # a store that does not even take it
        await cache._set(place, raw, ttl=MINUTE)
        ways += 1
    try:
        await cache.get(key)
        if cache.serializer is not None:
            ways += 1
            cache.serializer.loads(raw)
    except (ValueError, RecursionError):
        pass  # what the gateway takes for a miss
    except Exception as error:
        raise Broken(f"reading {raw[:20]!r} raised {type(error).__name__}, which is no ValueError") from error
    finally:
        await cache.delete(key)
    return ways


@check(
    "leadgen_caches",
    "cache.garbage",
    says="an entry that is garbage is a miss or a ValueError, and the next good one is read",
    mend="only ValueError out of the serializer: the gateway takes it for a miss, all else for a sick tier",
)
async def garbage(specimen: Specimen) -> None:
    """Bytes and text that are no JSON, put in below the serializer."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"
        ways = 0
        for raw in _GARBAGE:
            ways += await _read(cache, key, raw)
            ways += await _read(cache, key, raw.decode("latin-1"))
        if not ways:
            raise NotChecked("nothing could be put into its store by BaseCache._set, and it has no serializer")
        await cache.set(key, {"good": True}, ttl=MINUTE)
        require(await cache.get(key) == {"good": True}, "after garbage, a good entry is not read")
        await cache.delete(key)


@check(
    "leadgen_caches",
    "cache.no-code",
    says="an entry is data: reading one runs nothing, whoever wrote it",
    mend="JSON or MessagePack, never pickle: whoever can write to the store would run code here",
)
async def no_code(specimen: Specimen) -> None:
    """Pickles of every protocol that call a function of ours."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"
        _RAN.clear()
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            raw = pickle.dumps(_Hostile(), protocol=protocol)
            for form in (raw, raw.decode("latin-1")):
                with contextlib.suppress(Broken):  # another check's finding
                    await _read(cache, key, form)
        require(not _RAN, "reading an entry that somebody had written to the store ran a function of theirs")


@check(
    "leadgen_caches",
    "cache.closes",
    says="aclose may be called twice, also when the cache was never used",
    mend="remember that it is closed, and return",
)
async def closes(specimen: Specimen) -> None:
    """Made and closed; used and closed; each twice."""
    for used in (False, True):
        cache = specimen.make()
        if used:
            await cache.get("conformance:nothing")
        close = getattr(cache, "aclose", None)
        if close is None:
            return
        await close()
        await close()


@check(
    "leadgen_caches",
    "cache.persistent",
    says="a tier that says it is persistent has its items when it is opened again",
    mend="write before set returns (or in aclose at the latest), or say persistent=False",
)
async def persistent(specimen: Specimen) -> None:
    """Set, close, make another."""
    if not getattr(specimen.spec, "persistent", False):
        raise NotChecked("it does not say that it is persistent")
    async with staged(specimen) as stage:
        key = f"conformance:{stage.token}"
        first = stage.make()
        await first.set(key, {"n": 1}, ttl=MINUTE)
        await stage.close(first)
        second = stage.make()
        require(await second.get(key) == {"n": 1}, "what was set before it was closed is not there afterwards")
        await second.delete(key)
