"""Leases between real processes over a real Redis: how many upstream calls a cold key costs, counted by the server."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator

import pytest
from aiohttp import web

from tests.gateway.gateway_kit import Upstream, json_response, until, upstream

pytestmark = pytest.mark.soak

URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
CALLERS = 100


@pytest.fixture
def prefix() -> Iterator[str]:
    """A prefix of this test's own in Redis, emptied afterwards."""
    redis = pytest.importorskip("redis")
    client = redis.Redis.from_url(URL, socket_timeout=5)
    try:
        client.ping()
    except redis.RedisError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no Redis answers at TEST_REDIS_URL or 127.0.0.1:6379")
    name = f"test-lease-{secrets.token_hex(4)}"
    yield name
    for key in client.scan_iter(f"{name}:*"):
        client.delete(key)
    client.close()


async def started(server: Upstream, prefix: str, count: int = 4, url: str = URL) -> list[Process]:
    """Processes that are connected and wait for the word."""
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.gateway.lease_child", server.base_url, url, prefix, str(CALLERS),
            stdin=PIPE, stdout=PIPE,
        )
        for _ in range(count)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 60) == b"ready\n"
    return processes


def go(*processes: Process) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")


async def ended(processes: list[Process]) -> tuple[Counter[str], int]:
    """How all their callers' questions ended, and how often a lease was said to be down."""
    outcomes: Counter[str] = Counter()
    down = 0
    for process in processes:
        out, _ = await asyncio.wait_for(process.communicate(), 90)
        said = json.loads(out)
        outcomes.update(said["outcomes"])
        down += said["down"]
    return outcomes, down


def after(
    seconds: float, then: Callable[[], web.StreamResponse]
) -> Callable[[web.BaseRequest], Awaitable[web.Response]]:
    async def answer(_request: web.BaseRequest) -> web.Response:
        await asyncio.sleep(seconds)
        return then()  # type: ignore[return-value]

    return answer


async def test_a_cold_key_costs_one_call(prefix: str) -> None:
    async with upstream() as server:
        server.answer = after(0.5, lambda: json_response({"name": "Acme"}))
        processes = await started(server, prefix)
        go(*processes)
        assert await ended(processes) == ({"{'name': 'Acme'}": 4 * CALLERS}, 0)
        assert len(server.asked) == 1


async def test_a_refusal_for_good_costs_one_call_and_reaches_all(prefix: str) -> None:
    async with upstream() as server:
        server.answer = after(0.5, lambda: json_response({}, 403))
        processes = await started(server, prefix)
        go(*processes)
        assert await ended(processes) == ({"forbidden: set the api_key": 4 * CALLERS}, 0)
        assert len(server.asked) == 1


async def test_a_server_that_only_fails_is_asked_as_often_as_by_one_caller(prefix: str) -> None:
    async with upstream() as server:
        server.answer = after(0.1, lambda: json_response({}, 500))
        processes = await started(server, prefix)
        go(*processes)
        assert await ended(processes) == ({"failed: the server answered 500": 4 * CALLERS}, 0)
        assert len(server.asked) == 4


async def test_a_holder_that_is_killed_after_sending_costs_one_call_more(prefix: str) -> None:
    async with upstream() as server:
        server.answer = after(30, lambda: json_response({"name": "late"}))
        first, *others = await started(server, prefix)
        go(first)
        await until(lambda: len(server.asked) == 1, 20)
        go(*others)
        await asyncio.sleep(0.5)
        assert len(server.asked) == 1
        server.answer = after(0.3, lambda: json_response({"name": "Acme"}))
        first.send_signal(signal.SIGKILL)
        assert await ended(others) == ({"{'name': 'Acme'}": 3 * CALLERS}, 0)
        assert len(server.asked) == 2
        await first.wait()


async def test_a_holder_that_was_stopped_and_wakes_finds_its_lease_lost_and_harms_nobody(prefix: str) -> None:
    async with upstream() as server:
        server.answer = after(2, lambda: json_response({"name": "Acme"}))
        first, *others = await started(server, prefix)
        go(first)
        await until(lambda: len(server.asked) == 1, 20)
        first.send_signal(signal.SIGSTOP)
        try:
            go(*others)
            assert await ended(others) == ({"{'name': 'Acme'}": 3 * CALLERS}, 0)
            assert len(server.asked) == 2
        finally:
            first.send_signal(signal.SIGCONT)
        outcomes, _ = await ended([first])
        assert outcomes == {"{'name': 'Acme'}": CALLERS}
        assert len(server.asked) == 2


async def test_when_redis_dies_everybody_asks_and_says_so_once() -> None:
    if (binary := shutil.which("redis-server")) is None:
        pytest.skip("no redis-server is installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    redis = await asyncio.create_subprocess_exec(
        binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", stdout=DEVNULL
    )
    try:
        async with upstream() as server:
            server.answer = after(3, lambda: json_response({"name": "Acme"}))
            processes = await started(server, "test", url=f"redis://127.0.0.1:{port}/0")
            go(*processes)
            await until(lambda: len(server.asked) == 1, 20)
            redis.kill()
            outcomes, down = await ended(processes)
            assert outcomes == {"{'name': 'Acme'}": 4 * CALLERS}
            assert len(server.asked) == 4
            assert 1 <= down <= 4  # who had not begun to wait sees that its tier is dead, and takes no lease
    finally:
        if redis.returncode is None:
            redis.kill()
        await redis.wait()
