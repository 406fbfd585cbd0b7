"""What goes in comes out."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import orjson

from leadgen_core.gateway.entry import Entry
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.drawing import drawn, json_values
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import staged

__all__ = ["MINUTE"]

MINUTE = 60
"""Lifetime in seconds of what checks leave in a store."""
_FALSY: tuple[Any, ...] = (0, 0.0, False, "", [], {})
_BODIES: tuple[Any, ...] = (
    None,
    {"company_number": "01234567", "items": [{"name": "DOE, Jané", "since": None}], "ratio": 0.1},
    {"text": "snowman \u2603, fox \U0001f98a, nul \x00, quote ' \" \\, line\nend", "deep": [[[[[[[[]]]]]]]]},
    b"\x00\xff not JSON",
    [{"n": number, "text": "x" * 50} for number in range(2_000)],
)
"""Bodies as answers have them: the last is some 150 kB."""


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 is neither 1.0 nor true."""
    try:
        return orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(other, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return False


@check(
    "leadgen_caches",
    "cache.values",
    says="a JSON value that is set is got as it was, also one that is false in Python, and an unknown key is None",
    mend="serialize with JSON; compare with `is None`, never by truth",
)
async def values(specimen: Specimen) -> None:
    """Drawn values and the falsy ones; then the key goes."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"
        require(await cache.get(key) is None, "a key that nobody has set has a value")
        require(await cache.get(key, default="d") == "d", "the default is not given for a key that nobody has set")
        for value in (*_FALSY, *(value for value in drawn(json_values()) if value is not None)):
            await cache.set(key, value, ttl=MINUTE)
            seen = await cache.get(key)
            require(_same(seen, value), f"{value!r} came back as {seen!r}")
        require(await cache.exists(key), "a key that is set does not exist")
        await cache.delete(key)
        require(await cache.get(key) is None, "a key that was deleted has a value")


@check(
    "leadgen_caches",
    "cache.envelopes",
    says="what the gateway writes of an answer (text, null bytes in it, base64, 150 kB) is read as it was",
    mend="keep the whole value, whatever its size and characters; text or bytes can, jsonb cannot",
)
async def envelopes(specimen: Specimen) -> None:
    """Entries of the gateway's own making."""
    async with staged(specimen) as stage:
        cache = stage.make()
        for number, body in enumerate(_BODIES):
            key = f"leadgen:api:get:credential:{stage.token}:={number}"
            envelope = Entry(body, body is None, "https://api.example/x", 1.769e9, 1.77e9 + 0.25, 1.78e9).envelope()
            await cache.set(key, envelope, ttl=MINUTE)
            seen = await cache.get(key)
            require(_same(seen, envelope), f"the envelope of {str(body)[:60]!r} is not what was written")
            await cache.delete(key)


@check(
    "leadgen_caches",
    "cache.many",
    says="multi_set and multi_get agree with set and get: in the order of the keys, None where there is none",
    mend="give one value for each key that was asked for, in that order, duplicates included",
)
async def many(specimen: Specimen) -> None:
    """Both directions, and no keys at all."""
    async with staged(specimen) as stage:
        cache = stage.make()
        keys = [f"conformance:{stage.token}:{number}" for number in range(5)]
        await cache.multi_set([(keys[3], {"n": 3}), (keys[0], "zero")], ttl=MINUTE)
        await cache.set(keys[1], [1], ttl=MINUTE)
        seen = await cache.multi_get([keys[1], keys[2], keys[3], keys[0], keys[1]])
        require(seen == [[1], None, {"n": 3}, "zero", [1]], f"multi_get gave {seen!r}")
        require(await cache.get(keys[3]) == {"n": 3}, "what multi_set has set, get does not give")
        require(await cache.multi_get([]) == [], "multi_get of no keys is not an empty list")
        for key in keys:
            await cache.delete(key)


@check(
    "leadgen_caches",
    "cache.add",
    says="add sets what is not there; else it raises ValueError without the key in it, and changes nothing",
    mend="set only if it does not exist, in one step; a key may name a company or a person, so do not print it",
)
async def add(specimen: Specimen) -> None:
    """Twice, then five at once."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}:secret-name"
        await cache.add(key, 1, ttl=MINUTE)
        try:
            await cache.add(key, 2, ttl=MINUTE)
        except ValueError as error:
            require("secret-name" not in str(error), "the error prints the key")
        else:
            require(False, "add of a key that exists raised nothing")
        require(await cache.get(key) == 1, "add has replaced a value")
        await cache.delete(key)
        tries = await asyncio.gather(*(cache.add(key, n, ttl=MINUTE) for n in range(5)), return_exceptions=True)
        done = sum(not isinstance(each, BaseException) for each in tries)
        require(done == 1, f"of five that add at once, {done} did")
        await cache.delete(key)


@check(
    "leadgen_caches",
    "cache.apart",
    says="what is handed in is not changed, and what a persistent tier hands out is nobody else's",
    mend="serialize on set and parse on get; put your own members beside the value, not into it",
)
async def apart(specimen: Specimen) -> None:
    """A tier in memory may hand out the object itself: whoever gets it treats it as read-only."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"
        value = {"body": {"items": [1, 2]}, "v": 1}
        before = copy.deepcopy(value)
        await cache.set(key, value, ttl=MINUTE)
        await cache.get(key)
        require(value == before, f"the value that was handed in is now {value!r}")
        if getattr(specimen.spec, "persistent", False):
            value["v"] = 2
            (await cache.get(key))["body"]["items"].append(3)
            require(await cache.get(key) == before, "who changes a value that he set or got changes the cache")
        await cache.delete(key)


@check(
    "leadgen_caches",
    "cache.at-once",
    says="a hundred tasks set and get at once, each its own key, and each gets what it set",
    mend="no state between two awaits may belong to one caller; take a connection for each call, bounded in number",
)
async def at_once(specimen: Specimen) -> None:
    """Also in one key: the last value is one of those that were set."""
    async with staged(specimen) as stage:
        cache, key = stage.make(), f"conformance:{stage.token}"

        async def one(number: int) -> Any:
            await cache.set(f"{key}:{number}", {"n": number}, ttl=MINUTE)
            await cache.set(key, {"n": number}, ttl=MINUTE)
            seen = await cache.get(f"{key}:{number}")
            await cache.delete(f"{key}:{number}")
            return seen

        seen = await asyncio.gather(*(one(number) for number in range(100)))
        wrong = [number for number, value in enumerate(seen) if value != {"n": number}]
        require(not wrong, f"{len(wrong)} of 100 got what they had not set")
        last = await cache.get(key)
        require(last in [{"n": number} for number in range(100)], f"of a hundred writers remains {last!r}")
        await cache.delete(key)
