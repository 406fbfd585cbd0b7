"""The memory tier by example: lifetimes, namespaces, bounds, locks."""

from __future__ import annotations

import asyncio
import math
import subprocess
import sys
from enum import Enum
from typing import Any

import pytest
from aiocache.lock import OptimisticLock, OptimisticLockError, RedLock  # type: ignore[import-untyped]
from attrs import frozen
from leadgen_memory import PLUGIN, Config, leadgen_caches
from leadgen_memory.cache import MemoryCache
from leadgen_memory.size import about_bytes


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def cache(time: Time) -> MemoryCache:
    return MemoryCache(timer=time)


async def test_an_item_lives_exactly_its_lifetime(cache: MemoryCache, time: Time) -> None:
    await cache.set("a", 1, ttl=5)
    await cache.set("b", 2)
    time.now += 4.999
    assert await cache.get("a") == 1
    time.now += 0.001
    assert await cache.get("a") is None
    assert not await cache.exists("a")
    assert await cache.delete("a") == 0
    time.now += 1e9
    assert await cache.get("b") == 2


async def test_a_new_value_has_a_new_lifetime(cache: MemoryCache, time: Time) -> None:
    await cache.set("a", 1, ttl=5)
    time.now += 4
    await cache.set("a", 2, ttl=5)
    time.now += 4
    assert await cache.get("a") == 2
    await cache.clear()
    await cache.set("a", 3)
    time.now += 100
    assert await cache.get("a") == 3


@pytest.mark.parametrize("ttl", [0, -1, -0.5, math.nan, "5", 0.0])
async def test_a_lifetime_is_greater_than_nothing(cache: MemoryCache, ttl: Any) -> None:
    for call in (cache.set("a", 1, ttl=ttl), cache.add("b", 1, ttl=ttl), cache.multi_set([("c", 1)], ttl=ttl)):
        with pytest.raises(ValueError, match="lifetime"):
            await call
    with pytest.raises(ValueError, match="lifetime"):
        MemoryCache(ttl=ttl)
    assert len(cache) == 0


async def test_a_lifetime_too_short_to_measure_leaves_no_old_value(cache: MemoryCache, time: Time) -> None:
    time.now = 1e9
    await cache.set("a", "old")
    await cache.set("a", "new", ttl=1e-12)
    assert await cache.get("a") is None


async def test_expire_sets_and_takes_off_an_end(cache: MemoryCache, time: Time) -> None:
    assert not await cache.expire("a", 5)
    await cache.set("a", 1)
    assert await cache.expire("a", 5)
    time.now += 4
    assert await cache.expire("a", 0)
    time.now += 100
    assert await cache.get("a") == 1
    with pytest.raises(ValueError, match="lifetime"):
        await cache.expire("a", -1)


async def test_the_default_lifetime_is_the_caches(time: Time) -> None:
    cache = MemoryCache(timer=time, ttl=2)
    await cache.set("a", 1)
    await cache.set("b", 1, ttl=None)
    time.now += 2
    assert await cache.multi_get(["a", "b"]) == [None, 1]


async def test_add_refuses_what_is_alive_only(cache: MemoryCache, time: Time) -> None:
    await cache.add("a", 1, ttl=5)
    with pytest.raises(ValueError, match="exists already"):
        await cache.add("a", 2)
    time.now += 5
    await cache.add("a", 3)
    assert await cache.get("a") == 3


async def test_increment_keeps_the_lifetime(cache: MemoryCache, time: Time) -> None:
    assert await cache.increment("n", 3) == 3
    await cache.set("a", 5, ttl=10)
    time.now += 9
    assert await cache.increment("a") == 6
    assert await cache.increment("a", -10) == -4
    time.now += 1
    assert await cache.increment("a", 2) == 2
    await cache.set("text", "5")
    with pytest.raises(TypeError):
        await cache.increment("text")


async def test_namespaces_never_meet(cache: MemoryCache) -> None:
    for namespace in ("a", "ab", "a:", None):
        await cache.set("bc", namespace, namespace=namespace)
    await cache.set("abc", "plain")
    await cache.clear(namespace="a")
    found = [await cache.get("bc", namespace=namespace) for namespace in ("a", "ab", "a:")]
    assert found == [None, "ab", "a:"]
    assert await cache.get("abc") == "plain"


async def test_clear_without_a_namespace_empties_the_caches_own(time: Time) -> None:
    cache = MemoryCache(timer=time, namespace="own")
    await cache.set("a", 1)
    await cache.set("a", 2, namespace="other")
    await cache.clear()
    assert await cache.get("a") is None
    assert await cache.get("a", namespace="other") == 2


async def test_a_body_comes_back_equal_and_to_each_reader_an_object_of_its_own(cache: MemoryCache) -> None:
    value = {"a": [1, 2.5, "é", None, True, (1, b"x")], 7: {"deep": [10**30]}}
    await cache.set("a", value)
    value["a"] = "changed by its owner"
    expected = {"a": [1, 2.5, "é", None, True, (1, b"x")], 7: {"deep": [10**30]}}
    found = await cache.get("a")
    assert found == expected
    assert isinstance(found["a"][5], tuple)
    found["a"].clear()
    assert await cache.get("a") == expected
    assert await cache.multi_get(["a"]) == [expected]


async def test_what_is_no_plain_data_is_stored_as_it_is(cache: MemoryCache) -> None:
    value = {"a": object()}
    await cache.set("a", value)
    assert await cache.get("a") is value
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    await cache.set("deep", deep)
    assert await cache.get("deep") is deep
    await cache.set("bytes", b"as they are")
    assert await cache.get("bytes") == b"as they are"
    await cache.set("nothing", None)
    assert await cache.exists("nothing")


async def test_keys_may_be_enumerations(cache: MemoryCache) -> None:
    class Key(Enum):
        A = "a"

    await cache.set(Key.A, 1)
    assert await cache.get("a") == 1


async def test_what_is_used_least_recently_leaves_first(time: Time) -> None:
    cache = MemoryCache(Config(max_items=2), timer=time)
    await cache.set("a", 1)
    await cache.set("b", 2)
    await cache.get("a")
    await cache.set("c", 3)
    assert await cache.multi_get(["a", "b", "c"]) == [1, None, 3]


async def test_bytes_are_bounded_too(time: Time) -> None:
    cache = MemoryCache(Config(max_items=1_000, max_bytes=10_000), timer=time)
    for number in range(100):
        await cache.set(number, b"x" * 1_000)
        assert cache.weight <= 10_000
    assert 8 <= len(cache) <= 10
    assert await cache.set("a", b"small") is True
    assert await cache.set("a", b"x" * 20_000) is False
    assert await cache.get("a") is None, "neither the value that is too large nor the one before it"
    few = MemoryCache(Config(max_items=50, max_bytes=10_001), timer=time)
    for number in range(200):
        await few.set(number, None)
    assert 45 <= len(few) <= 50


async def test_rewriting_one_key_does_not_grow(cache: MemoryCache) -> None:
    for _ in range(10_000):
        await cache.set("a", 1, ttl=3600)
    assert len(cache._items._ends) <= 4, "the heap of ends, where those of replaced values wait"


async def test_lifetimes_start_no_timers(cache: MemoryCache) -> None:
    loop = asyncio.get_running_loop()
    before = len(loop._scheduled)  # type: ignore[attr-defined]
    for number in range(100):
        await cache.set(number, number, ttl=60)
    assert len(loop._scheduled) == before  # type: ignore[attr-defined]


async def test_the_locks_of_aiocache_work(cache: MemoryCache) -> None:
    calls = 0

    async def fetch() -> int:
        nonlocal calls
        async with RedLock(cache, "key", lease=2):
            if (value := await cache.get("key")) is None:
                calls += 1
                await asyncio.sleep(0)
                value = 42
                await cache.set("key", value)
        return int(value)

    assert await asyncio.gather(*(fetch() for _ in range(100))) == [42] * 100
    assert calls == 1

    async with OptimisticLock(cache, "key") as lock:
        await lock.cas(43)
    async with OptimisticLock(cache, "key") as lock:
        await cache.set("key", 44)
        with pytest.raises(OptimisticLockError):
            await lock.cas(45)
    assert await cache.get("key") == 44


async def test_closing_forgets(cache: MemoryCache) -> None:
    await cache.set("a", 1)
    await cache.aclose()
    assert len(cache) == 0


def test_size_is_about_what_the_value_holds() -> None:
    @frozen
    class Slotted:
        body: bytes

    class Plain:
        def __init__(self) -> None:
            self.body = b"x" * 1_000
            self.me = self

    shared = b"x" * 1_000
    assert 1_000 < about_bytes(shared) < 1_100
    assert 1_000 < about_bytes([shared, shared]) < 1_300
    assert 2_000 < about_bytes({"a": {b"y" * 1_000: (shared,)}}) < 3_000
    assert 1_000 < about_bytes(Slotted(shared)) < 1_300
    assert 1_000 < about_bytes(Plain()) < 1_500


def test_the_offer_is_cheap() -> None:
    (spec,) = leadgen_caches()
    assert (spec.name, spec.persistent, spec.auto) == ("memory", False, True)
    assert PLUGIN.config is Config
    with pytest.raises(ValueError, match="max_items"):
        Config(max_items=0)
    code = (
        "import sys, leadgen_memory; list(leadgen_memory.leadgen_caches());"
        "sys.exit(any(name in sys.modules for name in ('aiocache', 'aiohttp')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
