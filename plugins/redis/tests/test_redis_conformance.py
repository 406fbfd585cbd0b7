"""What the contract asks of caches and leases, as everybody's are asked."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from leadgen_redis import Config
from leadgen_redis.connection import Connection

from leadgen_core import Secret
from leadgen_core.testing import Samples, conformance
from plugins.redis.tests.redis_kit import URL, missing, reachable

_CONFIG = Config(url=Secret(URL), prefix=f"leadgen-test-{secrets.token_hex(6)}", connect_timeout=10, timeout=10)


@pytest.fixture(autouse=True, scope="module")
def listening() -> None:
    if not reachable():
        missing("no Redis listens at TEST_REDIS_URL, nor at 127.0.0.1:6379")


@asynccontextmanager
async def stranger() -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Keys of somebody else beside ours."""
    connection = Connection(_CONFIG)
    keys = [f"{_CONFIG.prefix}{rest}" for rest in ("", "x", ":lease:a", "-other:cache::a")]
    for key in keys:
        await connection.client.set(key, 1, ex=60)

    async def there() -> bool:
        return bool(await connection.client.exists(*keys) == len(keys))

    yield there
    await connection.client.unlink(*keys)
    await connection.aclose()


TestConformance = conformance(
    "redis",
    Samples(
        config={"url": _CONFIG.url, "prefix": _CONFIG.prefix, "connect_timeout": 10.0, "timeout": 10.0},
        stranger=stranger,
    ),
)
