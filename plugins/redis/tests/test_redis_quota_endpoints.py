"""Quotas with a name at one Redis: each has a state of its own, which all processes share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from attrs import evolve
from leadgen_redis import Config
from leadgen_redis.connection import Connection
from leadgen_redis.quota.gauge import Pace
from leadgen_redis.quota.limiter import SharedLimiter

from leadgen_core import Meter, Permit, Window

DATE = 1_769_778_862.0
RULE = (Window(10, 300.0),)
SEARCH, PROFILE, COMMON = (Meter("x", "key-1", RULE, quota=name) for name in ("search", "profile", ""))


@pytest.fixture
async def limiters(config: Config) -> AsyncIterator[tuple[SharedLimiter, SharedLimiter]]:
    """Two of one prefix; a configuration of its own has connections of its own, as another process would."""
    made = tuple(SharedLimiter(evolve(config, max_connections=4 + more), pace=Pace()) for more in range(2))
    yield made[0], made[1]
    for limiter in made:
        await limiter.aclose()


async def soon(limiter: SharedLimiter, meter: Meter) -> Permit:
    async with asyncio.timeout(10):
        return await limiter.acquire(meter)


def answer(permit: Permit, remaining: int) -> None:
    permit.sent()
    permit.answered([Window(10, 300.0, remaining, DATE + 300)], DATE)


async def test_each_has_a_key_and_the_common_one_keeps_that_of_before(
    config: Config, limiters: tuple[SharedLimiter, SharedLimiter]
) -> None:
    for meter in (SEARCH, PROFILE, COMMON):
        answer(await soon(limiters[0], meter), 9)
    connection = Connection(config)
    keys = {key.decode() async for key in connection.client.scan_iter(match=f"{config.prefix}:*")}
    await connection.aclose()
    assert keys == {f"{config.prefix}:quota:{name}" for name in ("x/search:key-1", "x/profile:key-1", "x:key-1")}


async def test_a_refusal_pauses_that_quota_for_all_and_no_other(
    limiters: tuple[SharedLimiter, SharedLimiter],
) -> None:
    first, second = limiters
    permit = await soon(first, SEARCH)
    permit.sent()
    permit.refused(DATE + 600, [], DATE)
    for limiter in limiters:
        for meter in (PROFILE, COMMON):
            answer(await soon(limiter, meter), 5)
    waiting = [asyncio.create_task(limiter.acquire(SEARCH)) for limiter in limiters]
    # Both have taken part in the state of the others since, over the same connections.
    for limiter in limiters:
        answer(await soon(limiter, PROFILE), 4)
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert second.status(SEARCH) != second.status(PROFILE)


async def test_what_is_left_of_one_is_not_taken_by_another(limiters: tuple[SharedLimiter, SharedLimiter]) -> None:
    first, second = limiters
    answer(await soon(first, SEARCH), 0)
    answer(await soon(second, PROFILE), 7)
    permits = [await soon(limiter, PROFILE) for limiter in limiters for _ in range(3)]
    assert len(permits) == 6
    assert first.status(SEARCH) == Window(10, 300.0, 0, DATE + 300)


async def test_a_rule_that_no_answer_states_but_its_end_holds_for_all(
    limiters: tuple[SharedLimiter, SharedLimiter],
) -> None:
    """A day on the clock (``ApiSpec.quotas``): answers tell the limit and when it ends, never what is left."""
    first, second = limiters
    told = [Window(10, 300.0, None, DATE + 300)]
    permit = await soon(first, SEARCH)
    permit.sent()
    permit.answered(told, DATE)
    for limiter in (first, second, first, second, first, second, first, second, first):
        permit = await soon(limiter, SEARCH)
        permit.sent()
        permit.answered(told, DATE)
    waiting = [asyncio.create_task(limiter.acquire(SEARCH)) for limiter in limiters]
    for limiter in limiters:
        answer(await soon(limiter, PROFILE), 4)
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    window = second.status(SEARCH)
    assert window is not None
    assert (window.limit, window.remaining) == (10, 0)
