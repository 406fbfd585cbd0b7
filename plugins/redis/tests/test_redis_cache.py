"""The Redis tier by example: lifetimes, namespaces, what is not ours, and what travels together."""

from __future__ import annotations

import asyncio
import math
import pickle
from collections.abc import Sequence
from enum import Enum
from typing import Any

import pytest
from aiocache.lock import OptimisticLock, OptimisticLockError, RedLock  # type: ignore[import-untyped]
from attrs import evolve
from leadgen_redis import Config
from leadgen_redis.cache import RedisTier
from leadgen_redis.connection import Connection

from plugins.redis.tests.redis_kit import soon

BODY = {"v": 1, "body": {"name": "Ünïcode & Söhne", "items": [1, 2.5, None, True]}, "at": 1769778862.0}


async def ended(cache: RedisTier, key: str) -> bool:
    return not await cache.exists(key)


async def test_what_was_set_is_got_until_its_end(cache: RedisTier) -> None:
    assert await cache.set("a", BODY, ttl=1000) is True
    assert await cache.set("b", BODY) is True
    assert await cache.get("a") == await cache.get("b") == BODY
    assert await cache.exists("a")
    raw = cache.client
    assert 999_000 < await raw.pttl(cache.build_key("a")) <= 1_000_000
    assert await raw.pttl(cache.build_key("b")) == -1
    await cache.set("a", BODY, ttl=0.001)
    await soon(lambda: ended(cache, "a"))
    assert await cache.get("a") is None
    assert await cache.get("a", default="nothing") == "nothing"


@pytest.mark.parametrize("ttl", [0, -1, -0.5, math.nan, math.inf, "5", 0.0])
async def test_a_lifetime_is_greater_than_nothing(cache: RedisTier, config: Config, ttl: Any) -> None:
    for call in (cache.set("a", 1, ttl=ttl), cache.add("b", 1, ttl=ttl), cache.multi_set([("c", 1)], ttl=ttl)):
        with pytest.raises(ValueError, match="lifetime"):
            await call
    with pytest.raises(ValueError, match="lifetime"):
        RedisTier(config, ttl=ttl)
    assert await cache.multi_get(["a", "b", "c"]) == [None] * 3


async def test_a_lifetime_as_long_as_a_float_goes_is_kept(cache: RedisTier) -> None:
    await cache.set("a", 1, ttl=1e300)
    assert await cache.get("a") == 1


async def test_expire_sets_and_takes_off_an_end(cache: RedisTier) -> None:
    await cache.set("a", 1)
    assert await cache.expire("a", 10)
    assert await cache.client.pttl(cache.build_key("a")) > 9_000
    assert await cache.expire("a", 0)
    assert await cache.client.pttl(cache.build_key("a")) == -1
    assert await cache.expire("a", 0)
    assert not await cache.expire("nobody", 10)
    assert not await cache.expire("nobody", 0)


async def test_namespaces_never_meet(cache: RedisTier, config: Config) -> None:
    names = [None, "", "a", "ab", "a:", "a:b", "*", "a*", "[ab]", "=", "%3A"]
    for name in names:
        await cache.set("b:c", str(name), namespace=name)
    for name in names:
        assert await cache.get("b:c", namespace=name) == str(name)
    for name in names[1:]:
        await cache.clear(namespace=name)
        left = [each for each in names if await cache.get("b:c", namespace=each) is not None]
        assert left == [None, *names[names.index(name) + 1 :]]
    own = RedisTier(config, namespace="a")
    await own.set("x", 1)
    await cache.set("x", 2)
    await own.clear()
    assert (await own.get("x"), await cache.get("x")) == (None, 2)
    await own.aclose()


async def test_clear_leaves_whatever_is_not_this_cache(cache: RedisTier, config: Config) -> None:
    raw = cache.client
    others = [
        f"{config.prefix}:lease:a",
        f"{config.prefix}:quota:a",
        f"{config.prefix}x:cache::a",
        "leadgen-test-of-nobody",
    ]
    for other in others:
        await raw.set(other, 1, ex=60)
    await cache.multi_set([(f"k{n}", n) for n in range(1_500)])
    await cache.set("k", 1, namespace="other")
    await cache.clear()
    assert [key async for key in raw.scan_iter(match=f"{config.prefix}:cache:*", count=1000)] == []
    assert await raw.exists(*others) == len(others)
    await raw.unlink(*others)


async def test_what_is_not_ours_is_a_miss(cache: RedisTier) -> None:
    raw, key = cache.client, cache.build_key("a")
    for foreign in (
        b"",
        b"{}",
        b'{"v": 1}',
        pickle.dumps(BODY),
        b"lg2\n{}",
        b"lg1\n",
        b"lg1\n{",
        b"lg1\n" + b"[" * 100_000,
        b"lg1\n\xff",
        b"lg1\nnull",
        b"12x",
        b"9" * 30,
    ):
        await raw.set(key, foreign)
        assert await cache.get("a") is None, foreign[:20]
        assert await cache.multi_get(["a", "b"]) == [None, None]
    await raw.delete(key)
    await raw.lpush(key, "a")
    await cache.set("b", 1)
    assert await cache.multi_get(["a", "b"]) == [None, 1]
    await cache.set("a", BODY)
    assert await cache.get("a") == BODY


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes", 1 << 64, {1: 2}])
async def test_what_is_no_json_is_not_kept(cache: RedisTier, value: Any) -> None:
    with pytest.raises(TypeError):
        await cache.set("a", value)
    assert await cache.get("a") is None


async def test_a_value_that_is_too_large_is_not_kept_nor_read(config: Config) -> None:
    small = RedisTier(evolve(config, max_value_bytes=100))
    large = RedisTier(config)
    assert await small.set("a", "old")
    assert await small.set("a", "x" * 100) is False
    assert await large.get("a") is None
    assert await small.add("a", "x" * 100) is True  # as aiocache has it: add does not say
    assert await large.get("a") is None
    await large.set("a", "x" * 100)
    assert await small.get("a") is None
    assert await large.get("a") == "x" * 100
    await small.aclose()
    await large.aclose()


class Name(Enum):
    A = "a"


async def test_the_rest_of_aiocache(cache: RedisTier) -> None:
    await cache.set(Name.A, 1)
    assert await cache.get("a") == 1
    assert await cache.increment("a", 4) == 5
    assert await cache.increment("new") == 1
    await cache.set("text", "five")
    with pytest.raises(TypeError, match="integer"):
        await cache.increment("text")
    with pytest.raises(ValueError, match="exists") as failure:
        await cache.add("text", 1)
    assert "text" not in str(failure.value)
    assert await cache.add("new-too", 1, ttl=100)
    assert await cache.delete("text") == 1
    assert await cache.delete("text") == 0
    assert await cache.multi_get([]) == []
    async with OptimisticLock(cache, "a") as lock:
        await lock.cas(43, ttl=100)
    async with OptimisticLock(cache, "a") as lock:
        await cache.set("a", 44)
        with pytest.raises(OptimisticLockError):
            await lock.cas(45)
    assert await cache.get("a") == 44
    async with RedLock(cache, "a", lease=10):
        assert await cache.exists("a-lock")
    assert not await cache.exists("a-lock")


async def test_what_is_asked_in_one_turn_travels_together(cache: RedisTier, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    writes: list[int] = []
    read, write = cache._read._together, cache._write._together

    async def reading(keys: Sequence[str]) -> Sequence[Any]:
        reads.append(len(keys))
        return await read(keys)

    async def writing(commands: Sequence[Any]) -> Sequence[Any]:
        writes.append(len(commands))
        return await write(commands)

    monkeypatch.setattr(cache._read, "_together", reading)
    monkeypatch.setattr(cache._write, "_together", writing)
    await asyncio.gather(*(cache.set(f"k{n}", n) for n in range(150)))
    assert writes == [64, 64, 22]
    assert await asyncio.gather(*(cache.get(f"k{n}") for n in range(40))) == list(range(40))
    assert reads == [40]
    assert await cache.multi_get([f"k{n}" for n in range(200)]) == [*range(150), *[None] * 50]
    assert reads == [40, 64, 64, 64, 8]


async def test_who_is_cancelled_hurts_nobody(cache: RedisTier) -> None:
    await cache.multi_set([(f"k{n}", n) for n in range(10)])
    tasks = [asyncio.create_task(cache.get(f"k{n}")) for n in range(10)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert done[1::2] == [1, 3, 5, 7, 9]
    assert all(isinstance(each, asyncio.CancelledError) for each in done[::2])
    assert await cache.get("k0") == 0


async def test_the_last_to_close_closes_the_client(config: Config) -> None:
    first, second = RedisTier(config), RedisTier(config)
    assert first.client.connection_pool is second.client.connection_pool
    await first.set("a", 1)
    await first.aclose()
    await first.aclose()
    assert await second.get("a") == 1
    await second.close()
    connection = Connection(config)
    assert connection.client.connection_pool is not second.client.connection_pool
    await connection.aclose()
