"""Two processes, each with a gateway and a limiter of its own at one Redis, and an API that counts endpoints apart."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from attrs import define
from leadgen_redis import Config
from leadgen_redis.connection import Connection
from leadgen_redis.quota.limiter import SharedLimiter
from redis.exceptions import RedisError

from leadgen_core.clock import Clock
from leadgen_core.gateway import Gateway
from leadgen_core.secrets import Secret
from tests.gateway.endpoints_kit import ENDPOINTS, Counter, Counting, find
from tests.gateway.gateway_kit import Upstream, gateway, together, until, upstream

URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
MANY = 25
"""More than may be on the wire together."""
PAUSE = 1.5
"""Seconds of a refusal, by Redis's clock."""


@define
class Office:
    server: Upstream
    gateways: tuple[Gateway, Gateway]

    def serve(self, **counters: Counter) -> Counting:
        counting = Counting(Clock(), **counters)
        self.server.answer = counting.answer
        return counting


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    config = Config(url=Secret(URL), prefix=f"test-quotas-{secrets.token_hex(4)}", connect_timeout=10, timeout=10)
    connection = Connection(config)
    try:
        await connection.run("PING")
    except (RedisError, OSError):
        await connection.aclose()
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no Redis answers at TEST_REDIS_URL or 127.0.0.1:6379")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(connection.aclose)
        stack.push_async_callback(_sweep, connection, config.prefix)
        server = await stack.enter_async_context(upstream())
        made = []
        for _ in range(2):
            limiter = SharedLimiter(config)
            stack.push_async_callback(limiter.aclose)
            made.append(await stack.enter_async_context(gateway(server.base_url, spec=ENDPOINTS, limiter=limiter)))
        yield Office(server, (made[0], made[1]))


async def _sweep(connection: Connection, prefix: str) -> None:
    async for key in connection.client.scan_iter(match=f"{prefix}:*"):
        await connection.client.unlink(key)


async def test_a_refusal_of_one_endpoint_stops_it_in_all_processes_and_nothing_else(office: Office) -> None:
    one, two = office.gateways
    counting = office.serve(search=Counter(refusals=1, back_in=PAUSE))
    refused = asyncio.create_task(one.ask(find("search", "refused"), "q"))
    await until(lambda: counting.asked("search") == 1)
    searches = [
        asyncio.create_task(made.ask(find("search", f"{number}"), "q")) for number in range(MANY) for made in (one, two)
    ]
    others = [
        made.ask(find(name, f"{number}"), "q")
        for name in ("profile", "page")
        for number in range(MANY)
        for made in (one, two)
    ]
    await together(others)
    await together([refused, *searches])
    first, *later = counting.counters["search"].at
    # Its date is in whole seconds, so a time that is told by it is up to one of them longer.
    assert min(later) - first >= PAUSE - 0.05
    assert max(at for name in ("profile", "page") for at in counting.counters[name].at) < min(later)
    assert len(later) == 1 + 2 * MANY


async def test_a_used_up_window_of_one_endpoint_stops_it_in_all_processes_and_nothing_else(office: Office) -> None:
    one, two = office.gateways
    counting = office.serve(search=Counter(limit=5))
    await one.ask(find("search", "first"), "q")
    searches = [
        asyncio.create_task(made.ask(find("search", f"{number}"), "q")) for number in range(MANY) for made in (one, two)
    ]
    await until(lambda: counting.asked("search") == 5)
    others = [
        made.ask(find(name, f"{number}"), "q")
        for name in ("profile", "page")
        for number in range(MANY)
        for made in (one, two)
    ]
    await together(others)
    assert counting.asked("search") == 5
    for made in (one, two):
        window = made.quotas()["acme"]["search"]
        assert window is not None
        assert (window.limit, window.remaining) == (5, 0)
    for task in searches:
        task.cancel()
    await asyncio.gather(*searches, return_exceptions=True)
