"""Keys and namespaces: nobody meets anybody else, nobody wipes what is not his, and bounds hold."""

from __future__ import annotations

from itertools import product

from attrs import fields

from leadgen_core.testing.conformance.caches.values import MINUTE
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import Stage, staged

_NAMES = ("a", "ab", "a:", "a*", "a?", "a[b]", "a%", "a_", "A")
"""Beginnings of each other, and what patterns of Redis and of SQL would take for each other."""
_KEYS = ("b", "bc", ":b", "*")
_ODD = (
    "a blank",
    "tab\tand line\nend",
    "quotes ' \" ` \\",
    "percent % under_ star * [x] {y}",
    "caf\u00e9",
    "cafe\u0301",
    "\U0001f98a",
    "A",
    "a",
    "a ",
    "../../etc/passwd",
    "0",
    "x" * 4_000 + "1",
    "x" * 4_000 + "2",
)
_FEW = 8


def _places(stage: Stage) -> list[tuple[str, str]]:
    return [(f"{stage.token}{name}", key) for name, key in product(_NAMES, _KEYS)]


@check(
    "leadgen_caches",
    "cache.namespaces",
    says="the same key in two namespaces is two items, whatever the names (a and ab, a and a:)",
    mend="join namespace and key so that no two pairs give the same text: escape the sign between them",
)
async def namespaces(specimen: Specimen) -> None:
    """Each place its own value."""
    async with staged(specimen) as stage:
        cache, places = stage.make(), _places(stage)
        for number, (namespace, key) in enumerate(places):
            await cache.set(key, number + 1, ttl=MINUTE, namespace=namespace)
        for number, (namespace, key) in enumerate(places):
            seen = await cache.get(key, namespace=namespace)
            name = namespace.removeprefix(stage.token)
            require(seen == number + 1, f"the key {key!r} in the namespace {name!r} has the value of another place")
        for namespace, key in places:
            await cache.delete(key, namespace=namespace)


@check(
    "leadgen_caches",
    "cache.clear-namespace",
    says="clear(namespace) empties this namespace and no other",
    mend="no bare prefix and no pattern: `a` is not `ab`, and `*`, `%`, `_` in a name are letters",
)
async def clear_namespace(specimen: Specimen) -> None:
    """One after the other; what was not cleared is looked at after each."""
    async with staged(specimen) as stage:
        cache = stage.make()
        names = [f"{stage.token}{name}" for name in _NAMES]
        for name in names:
            await cache.set("b", 1, ttl=MINUTE, namespace=name)
        # From the shortest on, for those are the beginnings of the others.
        for done, name in enumerate(names):
            await cache.clear(namespace=name)
            require(await cache.get("b", namespace=name) is None, f"{_NAMES[done]!r} was cleared, and an item is left")
            for other, left in enumerate(names[done + 1 :], done + 1):
                gone = await cache.get("b", namespace=left) is None
                require(not gone, f"clearing the namespace {_NAMES[done]!r} has emptied {_NAMES[other]!r}")


@check(
    "leadgen_caches",
    "cache.clear-own",
    says="clear without a namespace leaves everything alone that is not of this cache",
    mend="delete by your own prefix or table; never FLUSHDB, never a state that all objects of a class share",
)
async def clear_own(specimen: Specimen) -> None:
    """A persistent store: a stranger's key, which ``Samples.stranger`` puts there. In memory: another object."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"
        if not getattr(specimen.spec, "persistent", False):
            other = stage.make()
            await other.set(key, 1, ttl=MINUTE)
            await cache.clear()
            require(await other.get(key) == 1, "clear of one object has emptied another")
            return
        if specimen.samples.stranger is None:
            raise NotChecked("Samples.stranger is not given: something of somebody else's in the same store")
        async with specimen.samples.stranger() as still_there:
            await cache.set(key, 1, ttl=MINUTE)
            await cache.clear()
            require(await still_there(), "clear has wiped what somebody else keeps in the same store")
            require(await cache.get(key) is None, "clear has left an item of its own")


@check(
    "leadgen_caches",
    "cache.keys",
    says="keys with blanks, quotes, signs of patterns, other scripts, and of 4,000 characters are keys like any other",
    mend="pass keys as parameters, never as part of a statement; hash what is too long for the store, never cut it",
)
async def keys(specimen: Specimen) -> None:
    """All there at once, so that two that are taken for one are seen."""
    async with staged(specimen) as stage:
        cache = stage.make()
        odd = [f"conformance:{stage.token}:{key}" for key in _ODD]
        for number, key in enumerate(odd):
            await cache.set(key, number + 1, ttl=MINUTE)
        for number, key in enumerate(odd):
            seen = await cache.get(key)
            require(seen == number + 1, f"the key {_ODD[number][-40:]!r} has {seen!r} and not its own value")
        for key in odd:
            await cache.delete(key)


@check(
    "leadgen_caches",
    "cache.bounded",
    says="a cache that is told `max_items` never holds more, and keeps what was set last",
    mend="throw out the least recently used when it is full",
)
async def bounded(specimen: Specimen) -> None:
    """Ten times as many as it may hold, set alone and together."""
    if "max_items" not in {each.name for each in fields(specimen.opened.plugin.config)}:
        raise NotChecked("its config states no `max_items`: the store is bounded elsewhere")
    async with staged(specimen) as stage:
        cache = stage.make(max_items=_FEW)
        keys = [f"conformance:{stage.token}:{number}" for number in range(10 * _FEW)]
        half = len(keys) // 2
        for key in keys[:half]:
            await cache.set(key, 1, ttl=MINUTE)
        require(await cache.get(keys[half - 1]) == 1, "what was set last is not there")
        await cache.multi_set([(key, 1) for key in keys[half:]], ttl=MINUTE)
        held = sum([await cache.exists(key) for key in keys])
        require(held <= _FEW, f"told to hold {_FEW} items, it holds {held}")
        require(held, "full, it has thrown out everything")
        for key in keys:
            await cache.delete(key)
