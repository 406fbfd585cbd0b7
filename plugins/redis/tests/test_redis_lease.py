"""Leases by example: one holds, the others wait, and hear how it ended however late they look."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from leadgen_redis import Config
from leadgen_redis.lease import RedisLease

from leadgen_core import Clock, Ending
from plugins.redis.tests.redis_kit import soon

FAILURE = {"cause": "forbidden", "because": "the API does not accept the key"}


async def test_one_holds_it_and_the_others_do_not(lease: RedisLease, config: Config) -> None:
    other = RedisLease(config)
    token = await lease.take("k", 10)
    assert token
    assert await other.take("k", 10) is None
    assert await lease.take("k", 10) is None
    assert await other.take("another", 10)
    await lease.release("k", token, Ending())
    assert await other.take("k", 10) not in {None, token}
    await other.aclose()


async def test_all_who_wait_hear_how_it_ended(lease: RedisLease, config: Config) -> None:
    other = RedisLease(config)
    token = await lease.take("k", 10)
    assert token
    waiting = [asyncio.create_task(each.wait("k", 30)) for each in (lease, other) * 100]
    done, _ = await asyncio.wait(waiting, timeout=0.05)
    assert not done
    await lease.release("k", token, Ending(FAILURE))
    assert await asyncio.gather(*waiting) == [Ending(FAILURE)] * 200
    await other.aclose()


async def test_success_is_heard_as_such(lease: RedisLease) -> None:
    token = await lease.take("k", 10)
    assert token
    waiting = asyncio.create_task(lease.wait("k", 30))
    await asyncio.sleep(0)
    await lease.release("k", token, Ending())
    assert await waiting == Ending(None)


async def test_who_was_refused_hears_the_ending_though_it_looks_late(lease: RedisLease, config: Config) -> None:
    other = RedisLease(config)
    token = await lease.take("k", 10)
    assert token
    assert await other.take("k", 10) is None
    await lease.release("k", token, Ending(FAILURE))
    await lease._connection.client.delete(f"{config.prefix}:failed:k")  # as after two seconds
    again = await lease.take("k", 10)
    assert again
    assert await other.wait("k", 10) == Ending(FAILURE)
    await lease.release("k", again, Ending())
    await other.aclose()


async def test_a_failure_is_shared_for_two_seconds_with_who_comes_after_it(lease: RedisLease, config: Config) -> None:
    other = RedisLease(config)
    token = await lease.take("k", 10)
    assert token
    await lease.release("k", token, Ending(FAILURE))
    assert await other.wait("k", 10) == Ending(FAILURE)
    assert await other.take("k", 10) is None
    assert await other.wait("k", 10) == Ending(FAILURE)
    raw = lease._connection.client
    assert 0 < await raw.pttl(f"{config.prefix}:failed:k") <= 2_000
    assert 25_000 < await raw.pttl(f"{config.prefix}:ending:{token}") <= 30_000
    await raw.pexpire(f"{config.prefix}:failed:k", 1)
    await soon(lambda: free(other))
    await other.aclose()


async def free(lease: RedisLease) -> bool:
    return await lease.take("k", 10) is not None


async def test_a_success_is_not_remembered_by_key(lease: RedisLease) -> None:
    token = await lease.take("k", 10)
    assert token
    await lease.release("k", token, Ending())
    assert await lease.wait("k", 10) is None
    assert await lease.take("k", 10)


async def test_a_holder_that_vanished_is_noticed_when_its_lease_ends(lease: RedisLease, config: Config) -> None:
    other = RedisLease(config)
    token = await other.take("k", 0.05)
    assert token
    assert await lease.wait("k", 10) is None
    mine = await lease.take("k", 10)
    assert mine
    assert not await other.extend("k", token, 10)
    await other.release("k", token, Ending(FAILURE))
    assert await lease.extend("k", mine, 10)
    assert await other.take("k", 10) is None
    await other.aclose()


async def test_extending_goes_from_now(lease: RedisLease, config: Config) -> None:
    token = await lease.take("k", 10)
    assert token
    raw = lease._connection.client
    for seconds in (20.0, 0.5):
        assert await lease.extend("k", token, seconds)
        assert seconds * 900 < await raw.pttl(f"{config.prefix}:lease:k") <= seconds * 1000
    assert not await lease.extend("k", "somebody's", 10)


async def test_nobody_holds_it_nobody_waits(lease: RedisLease) -> None:
    assert await lease.wait("k", 10) is None


class Leaping(Clock):
    """A clock that is at once where a sleeper wants to be."""

    def __init__(self) -> None:
        self.time = 0.0
        self.pauses: list[float] = []
        super().__init__(monotonic=lambda: self.time, sleep=self._leap, rng=random.Random(1))

    async def _leap(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds


async def test_who_waits_looks_less_often_the_longer_it_waits_and_then_gives_up(config: Config) -> None:
    clock = Leaping()
    lease = RedisLease(config, pace=clock)
    assert await lease.take("k", 1000)
    assert await lease.wait("k", 7) is None
    assert 7 <= clock.time < 7.001
    assert all(0.004 <= pause <= 0.12 for pause in clock.pauses[:-1])
    assert clock.pauses[0] < 0.01 < 0.08 < clock.pauses[-2]
    assert len(clock.pauses) < 150
    await lease.aclose()


async def test_a_waiter_never_sleeps_past_the_end_of_the_lease(config: Config) -> None:
    clock = Leaping()
    lease = RedisLease(config, pace=clock)
    assert await lease.take("k", 0.2)
    assert await lease.wait("k", 1e9) is None
    assert min(clock.pauses) < 0.05
    await lease.aclose()


@pytest.mark.parametrize("word", [b"", b"{", b"[]", b"{}", b'{"v":2,"failure":null}', b'{"v":1,"failure":3}', b"5"])
async def test_a_word_of_an_unknown_form_is_none(lease: RedisLease, config: Config, word: bytes) -> None:
    token = await lease.take("k", 10)
    await lease._connection.client.set(f"{config.prefix}:ending:{token}", word, px=60_000)
    assert await lease.wait("k", 10) is None


@pytest.mark.parametrize("failure", [{"because": "x" * 20_000}, {"because": {1, 2}}])
async def test_a_failure_is_small_and_json(lease: RedisLease, failure: Any) -> None:
    token = await lease.take("k", 10)
    assert token
    with pytest.raises(ValueError, match="failure of a lease"):
        await lease.release("k", token, Ending(failure))


@pytest.mark.parametrize("seconds", [0, -1, 86_400, float("nan")])
async def test_a_lease_has_an_end(lease: RedisLease, seconds: float) -> None:
    with pytest.raises(ValueError, match="a lease lasts"):
        await lease.take("k", seconds)
    with pytest.raises(ValueError, match="a lease lasts"):
        await lease.extend("k", "t", seconds)


async def test_a_call_that_was_sent_twice_does_no_harm(lease: RedisLease, config: Config) -> None:
    keys = (f"{config.prefix}:lease:k", f"{config.prefix}:failed:k")
    assert await lease._take(keys, ("token", 10_000)) == b"token"
    assert await lease._take(keys, ("token", 10_000)) == b"token"
    await lease.release("k", "token", Ending(FAILURE))
    await lease.release("k", "token", Ending())
    assert await lease.wait("k", 10) == Ending(FAILURE)


async def test_a_thousand_waiters_need_one_connection(config: Config) -> None:
    lease = RedisLease(config)
    token = await lease.take("k", 30)
    assert token
    pool: Any = lease._connection.client.connection_pool
    before = len(pool._available_connections) + len(pool._in_use_connections)
    waiting = [asyncio.create_task(lease.wait("k", 30)) for _ in range(1000)]
    await asyncio.wait(waiting, timeout=0.2)
    await lease.release("k", token, Ending())
    assert await asyncio.gather(*waiting) == [Ending()] * 1000
    assert len(pool._available_connections) + len(pool._in_use_connections) == before == 1
    await lease.aclose()
