"""The database tier by example, on SQLite and on PostgreSQL: lifetimes, namespaces, the queue, purging."""

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
from leadgen_database import Config
from leadgen_database.backlog import Item
from leadgen_database.cache import DatabaseTier
from leadgen_database.places import Place, place
from sqlalchemy import text

from plugins.database.tests.database_kit import ManualClock

BODY = {"v": 1, "body": {"name": "Ünïcode & Söhne\0", "items": [1, 2.5, None, True]}, "at": 1769778862.0}


async def stored(cache: DatabaseTier) -> int:
    """Rows of the table, of whatever age."""
    store = cache._store
    await store.open()
    name = "leadgen_cache" if store._schema is None else f"{store._schema}.leadgen_cache"
    async with store.engine.connect() as connection:
        return int((await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one())


async def test_an_item_lives_exactly_its_lifetime(cache: DatabaseTier, clock: ManualClock) -> None:
    await cache.set("a", BODY, ttl=5)
    await cache.set("b", BODY)
    for flushed in (False, True):
        if flushed:
            await cache.flush()
        assert await cache.multi_get(["a", "b", "c"]) == [BODY, BODY, None]
    clock.move(4.999)
    assert await cache.get("a") == BODY
    clock.move(0.002)
    assert await cache.get("a") is None
    assert not await cache.exists("a")
    assert await cache.delete("a") == 0
    clock.move(1e9)
    assert await cache.get("b") == BODY


@pytest.mark.parametrize("ttl", [0, -1, math.nan, math.inf, "5"])
async def test_a_lifetime_is_greater_than_nothing(cache: DatabaseTier, config: Config, ttl: Any) -> None:
    for call in (cache.set("a", 1, ttl=ttl), cache.add("b", 1, ttl=ttl), cache.multi_set([("c", 1)], ttl=ttl)):
        with pytest.raises(ValueError, match="lifetime"):
            await call
    with pytest.raises(ValueError, match="lifetime"):
        DatabaseTier(config, ttl=ttl)
    assert await cache.multi_get(["a", "b", "c"]) == [None] * 3


async def test_expire_sets_and_takes_off_an_end(cache: DatabaseTier, clock: ManualClock) -> None:
    await cache.set("a", 1)
    assert await cache.expire("a", 10)
    clock.move(9)
    assert await cache.expire("a", 0)
    clock.move(100)
    assert await cache.get("a") == 1
    assert await cache.expire("a", 10)
    clock.move(10.5)
    assert not await cache.expire("a", 10)
    assert not await cache.expire("nobody", 0)


async def test_namespaces_never_meet(cache: DatabaseTier, config: Config) -> None:
    names = [None, "", "a", "ab", "a:", "%", "a_", "A", "=", "#"]
    for name in names:
        await cache.set("b:c", str(name), namespace=name)
        await cache.set("flushed", str(name), namespace=name)
    await cache.flush()
    for name in names:
        await cache.set("b:c", f"{name} again", namespace=name)
    for name in names[1:]:
        await cache.clear(namespace=name)
        for key in ("b:c", "flushed"):
            left = [each for each in names if await cache.get(key, namespace=each) is not None]
            assert left == [None, *names[names.index(name) + 1 :]]
    own = DatabaseTier(config, namespace="a")
    await own.set("x", 1)
    await cache.set("x", 2)
    await own.clear()
    assert (await own.get("x"), await cache.get("x")) == (None, 2)
    await own.aclose()
    await cache.clear()
    assert await stored(cache) == 0


async def test_what_is_no_json_is_not_kept(cache: DatabaseTier) -> None:
    for value in ({1, 2}, object(), b"bytes", 1 << 64, {1: 2}):
        with pytest.raises(TypeError):
            await cache.set("a", value)
    assert await cache.get("a") is None


async def test_what_is_not_ours_is_a_miss(cache: DatabaseTier) -> None:
    for foreign in (b"", b"{", pickle.dumps(BODY), b"[" * 100_000, b"\xff"):
        await cache._store.write([(place(None, "a"), Item(foreign, None))])
        assert await cache.get("a") is None
    await cache.set("a", BODY)
    assert await cache.get("a") == BODY


async def test_a_value_that_is_too_large_is_not_kept_nor_read(config: Config) -> None:
    small, large = DatabaseTier(evolve(config, max_value_bytes=100)), DatabaseTier(config)
    assert await small.set("a", "old")
    assert await small.set("a", "x" * 100) is False
    assert await small.get("a") is None
    assert await small.add("b", "x" * 100)  # aiocache has no other answer for it
    assert await large.multi_get(["a", "b"]) == [None, None]
    await large.set("a", "x" * 100)
    await large.flush()
    assert await small.get("a") is None
    assert await large.get("a") == "x" * 100
    await small.aclose()
    await large.aclose()


class Name(Enum):
    A = "a"


@pytest.mark.parametrize("flushed", [False, True])
async def test_the_rest_of_aiocache(cache: DatabaseTier, clock: ManualClock, flushed: bool) -> None:
    async def maybe() -> None:
        if flushed:
            await cache.flush()

    await cache.set(Name.A, 1, ttl=10)
    await maybe()
    assert await cache.increment("a", 4) == 5
    await cache.set("text", "five")
    await maybe()
    with pytest.raises(TypeError, match="integer"):
        await cache.increment("text")
    with pytest.raises(ValueError, match="exists") as failure:
        await cache.add("text", 1)
    assert "text" not in str(failure.value)
    clock.move(11)
    assert await cache.increment("a") == 1
    assert await cache.increment("new") == 1
    assert await cache.add("b", 1, ttl=10)
    clock.move(11)
    assert await cache.add("b", 2)
    assert await cache.delete("text") == 1
    assert await cache.delete("text") == 0
    await maybe()
    async with OptimisticLock(cache, "a") as lock:
        await lock.cas(43, ttl=100)
    async with OptimisticLock(cache, "a") as lock:
        await cache.set("a", 44)
        await maybe()
        with pytest.raises(OptimisticLockError):
            await lock.cas(45)
    assert await cache.get("a") == 44
    with pytest.raises(NotImplementedError):
        await cache.raw("select")


async def test_one_of_many_calls_upstream_under_a_red_lock(cache: DatabaseTier) -> None:
    calls = 0

    async def fetch() -> Any:
        nonlocal calls
        async with RedLock(cache, "key", lease=30):
            value = await cache.get("key")
            if value is None:
                calls += 1
                value = 42
                await cache.set("key", value)
        return value

    assert await asyncio.gather(*(fetch() for _ in range(50))) == [42] * 50
    assert calls == 1


async def test_what_is_asked_in_one_turn_is_one_statement(cache: DatabaseTier, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[int] = []
    read = cache._reader._read

    async def reading(places: Sequence[Place]) -> dict[Place, Item]:
        statements.append(len(places))
        return await read(places)

    monkeypatch.setattr(cache._reader, "_read", reading)
    await cache.multi_set([(f"k{n}", n) for n in range(150)])
    await cache.flush()
    assert await asyncio.gather(*(cache.get(f"k{n % 40}") for n in range(80))) == [*range(40)] * 2
    assert statements == [40]
    assert await cache.multi_get([f"k{n}" for n in range(250)]) == [*range(150), *[None] * 100]
    assert statements == [40, 100, 100, 50]


async def test_who_is_cancelled_hurts_nobody(cache: DatabaseTier) -> None:
    await cache.multi_set([(f"k{n}", n) for n in range(10)])
    await cache.flush()
    tasks = [asyncio.create_task(cache.get(f"k{n}")) for n in range(10)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert done[1::2] == [1, 3, 5, 7, 9]
    assert all(isinstance(each, asyncio.CancelledError) for each in done[::2])
    assert await cache.get("k0") == 0


async def test_purge_removes_what_is_past_its_end(cache: DatabaseTier, clock: ManualClock) -> None:
    await cache.multi_set([(f"k{n}", n) for n in range(1_200)], ttl=10)
    await cache.multi_set([(f"l{n}", n) for n in range(100)], ttl=30)
    await cache.set("m", 1)
    await cache.flush()
    assert await cache.purge() == 0
    clock.move(20)
    assert await cache.purge(700) == 700
    assert await cache.purge() == 500
    assert await stored(cache) == 101
    assert await cache.get("l5") == 5


async def test_old_entries_go_in_the_background(config: Config, clock: ManualClock) -> None:
    first = DatabaseTier(config, clock=clock)
    await first.multi_set([(f"k{n}", n) for n in range(10)], ttl=10)
    await first.aclose()
    clock.move(20)
    second = DatabaseTier(config, clock=clock)
    async with asyncio.timeout(20):
        while await stored(second):
            await second.get("nothing")
    await second.aclose()


async def test_it_can_be_used_after_it_was_closed(config: Config) -> None:
    cache = DatabaseTier(config)
    await cache.aclose()
    await cache.set("a", 1)
    await cache.close()
    assert await cache.get("a") == 1
    await cache.aclose()
    await cache.aclose()


def test_places() -> None:
    assert place(None, "a") == ("", "=a")
    assert place("", Name.A) == ("=", "=a")
    assert place("n", "#x") == ("=n", "=#x")
    odd = ["x" * 501, "x" * 502, "é" * 300, "nul\0", "\ud800"]
    assert len({place(None, text).key for text in odd}) == len(odd)
    assert all(place(None, text).key.startswith("#") for text in odd)
    assert place("n" * 900, "a").namespace != place("n" * 901, "a").namespace
