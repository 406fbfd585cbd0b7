"""A Redis for each test, which leaves nothing behind in it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from leadgen_redis import Config
from leadgen_redis.cache import RedisTier
from leadgen_redis.lease import RedisLease

from leadgen_core import Secret
from plugins.redis.tests.redis_kit import URL, Server, missing, reachable, swept


@pytest.fixture
async def config() -> AsyncIterator[Config]:
    """The shared Redis, under a prefix of this test's own."""
    if not reachable():
        missing("no Redis listens at TEST_REDIS_URL, nor at 127.0.0.1:6379")
    config = Config(url=Secret(URL), prefix=f"leadgen-test-{secrets.token_hex(6)}", connect_timeout=10, timeout=10)
    yield config
    await swept(config)


@pytest.fixture
async def cache(config: Config) -> AsyncIterator[RedisTier]:
    cache = RedisTier(config)
    yield cache
    await cache.aclose()


@pytest.fixture
async def lease(config: Config) -> AsyncIterator[RedisLease]:
    lease = RedisLease(config)
    yield lease
    await lease.aclose()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A Redis of this test's own, to be killed, stopped and restarted."""
    server = Server(tmp_path)
    server.start()
    yield server
    server.kill()
