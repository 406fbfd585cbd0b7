"""Lifetimes: an item is there until its end, and not after it."""

from __future__ import annotations

import math
from typing import Any

from leadgen_core.testing.conformance.caches.values import MINUTE
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import staged

_SLACK = 0.3
"""Seconds after its end by which an item of a store with a clock of its own is gone."""
_YEARS = 1e9
_BAD: tuple[Any, ...] = (0, 0.0, -1, -0.5, math.nan)


@check(
    "leadgen_caches",
    "cache.expires",
    says="an item with a lifetime is gone when it is over, whether it was set alone or with others",
    mend="store the end beside the value and look at it on every get",
)
async def expires(specimen: Specimen) -> None:
    """Just before the end where time is ours, and just after it."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"
        for name, set_it in (("a", cache.set(f"{key}:a", 1, ttl=1)), ("b", cache.multi_set([(f"{key}:b", 1)], ttl=1))):
            await set_it
            require(await cache.get(f"{key}:{name}") == 1, "an item with a lifetime of 1 s is not there at once")
        if stage.virtual:
            await stage.advance(0.9)
            require(await cache.multi_get([f"{key}:a", f"{key}:b"]) == [1, 1], "of 1 s, an item was gone after 0.9 s")
            await stage.advance(0.2)
        else:
            await stage.advance(1 + _SLACK)
        for name in ("a", "b"):
            require(await cache.get(f"{key}:{name}") is None, "an item with a lifetime of 1 s is there after it")
            require(not await cache.exists(f"{key}:{name}"), "an item that is past its lifetime still exists")
        require(await cache.multi_get([f"{key}:a"]) == [None], "multi_get gives an item that is past its lifetime")


@check(
    "leadgen_caches",
    "cache.renewed",
    says="a new value has a new lifetime: no old timer takes it away, and without a lifetime it has no end",
    mend="drop the old end when a key is set again; None is no end, not a default of yours",
)
async def renewed(specimen: Specimen) -> None:
    """Set again with a longer lifetime, and with none."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"
        for name in ("longer", "none", "cleared"):
            await cache.set(f"{key}:{name}", 1, ttl=1)
        await cache.delete(f"{key}:cleared")
        await cache.set(f"{key}:longer", 2, ttl=MINUTE)
        await cache.set(f"{key}:none", 2, ttl=None)
        await cache.set(f"{key}:cleared", 2, ttl=MINUTE)
        await stage.advance(1 + _SLACK)
        for name in ("longer", "none", "cleared"):
            seen = await cache.get(f"{key}:{name}")
            require(seen == 2, f"set again ({name}), an item has gone when the lifetime of the old one was over")
        if stage.virtual:
            await stage.advance(_YEARS)
            require(await cache.get(f"{key}:none") == 2, "an item without a lifetime has gone by itself")
            require(await cache.get(f"{key}:longer") is None, "a minute's lifetime never ends")
        for name in ("longer", "none", "cleared"):
            await cache.delete(f"{key}:{name}")


@check(
    "leadgen_caches",
    "cache.lifetime-refused",
    says="a lifetime that is not greater than 0 raises ValueError, for backends disagree on what 0 means",
    mend="check ttl in set, multi_set and add: greater than 0, or None",
)
async def lifetime_refused(specimen: Specimen) -> None:
    """And nothing is stored."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"
        for ttl in _BAD:
            for name in ("set", "add", "multi_set"):
                call = (
                    cache.multi_set([(key, 1)], ttl=ttl)
                    if name == "multi_set"
                    else getattr(cache, name)(key, 1, ttl=ttl)
                )
                try:
                    await call
                except ValueError:
                    pass
                else:
                    await cache.delete(key)
                    require(False, f"{name} took a lifetime of {ttl}")
                require(await cache.get(key) is None, f"{name} refused a lifetime of {ttl}, and stored the value")
