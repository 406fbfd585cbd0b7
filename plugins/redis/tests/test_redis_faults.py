"""Redis dies, is slow, forgets, refuses: calls end within their time, and all is well when it is back."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from leadgen_redis import Config
from leadgen_redis.cache import RedisTier
from leadgen_redis.connection import Connection, Script
from leadgen_redis.lease import RedisLease
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError
from redis.exceptions import ConnectionError as Lost

from leadgen_core import Ending, Secret
from plugins.redis.tests.redis_kit import Server, free_port, soon

GONE = (RedisError, TimeoutError)


async def test_nobody_listens() -> None:
    config = Config(url=Secret(f"redis://127.0.0.1:{free_port()}/0"))
    cache, lease = RedisTier(config), RedisLease(config)
    for call in (cache.get("a"), cache.set("a", 1, ttl=5), lease.take("a", 5), lease.wait("a", 5)):
        with pytest.raises(Lost):
            await call
    await cache.aclose()
    await lease.aclose()


async def test_a_restart_costs_no_call(server: Server) -> None:
    cache, lease = RedisTier(server.config), RedisLease(server.config)
    await cache.multi_set([(f"k{n}", n) for n in range(300)])
    token = await lease.take("a", 60)
    assert token
    server.restart()
    # Every pooled connection is stale now, and no script is known.
    assert await asyncio.gather(*(cache.get(f"k{n}") for n in range(300))) == [None] * 300
    assert await cache.set("a", 1, ttl=5)
    assert not await lease.extend("a", token, 60)
    await lease.release("a", token, Ending())
    assert await lease.wait("a", 60) is None
    assert await lease.take("a", 60)
    await cache.aclose()
    await lease.aclose()


async def test_forgotten_scripts_are_sent_again(server: Server) -> None:
    cache, lease = RedisTier(server.config), RedisLease(server.config)
    connection = Connection(server.config)
    await cache.set("a", 1)
    for _ in range(3):
        await connection.client.script_flush()
        assert await cache.get("a") == 1
        token = await lease.take("b", 60)
        assert token
        await lease.release("b", token, Ending())
    many = [Script(connection, f"return {n}") for n in range(100)]
    assert await asyncio.gather(*(script([]) for script in many * 2)) == list(range(100)) * 2
    for each in (cache, lease, connection):
        await each.aclose()


async def test_it_dies_and_comes_back(server: Server) -> None:
    cache = RedisTier(server.config)
    assert await cache.set("a", 1)
    server.kill()
    for _ in range(3):
        with pytest.raises(GONE):
            await cache.get("a")
        with pytest.raises(GONE):
            await cache.set("a", 1, ttl=5)
    server.start()
    assert await cache.set("a", 2, ttl=5)
    assert await cache.get("a") == 2
    await cache.aclose()


async def test_a_stopped_redis_holds_nobody_up(server: Server) -> None:
    cache, lease = RedisTier(server.faster(0.1)), RedisLease(server.faster(0.1))
    assert await cache.set("a", 1)
    assert await lease.take("a", 60)
    server.signal(signal.SIGSTOP)
    began = time.monotonic()
    calls = (cache.get("a"), cache.set("a", 1), cache.get("b"), lease.take("b", 5), lease.wait("a", 5))
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(each, GONE) for each in results), results
    assert time.monotonic() - began < 2  # 0.2 s, and the machine may be busy
    server.signal(signal.SIGCONT)
    assert await cache.get("a") == 1  # the late answers of before are not taken for this one's
    assert await cache.get("b") is None
    await cache.aclose()
    await lease.aclose()


async def test_a_pause_of_clients_is_waited_for_within_the_time_allowed(server: Server) -> None:
    patient, hasty = RedisTier(server.faster(20)), RedisTier(server.faster(0.05))
    assert await patient.set("a", 1)
    await patient.client.execute_command("CLIENT", "PAUSE", 300, "ALL")
    with pytest.raises(GONE):
        await hasty.get("a")
    assert await patient.get("a") == 1
    assert await hasty.get("a") == 1
    await patient.aclose()
    await hasty.aclose()


async def test_a_connection_that_breaks_under_a_call_costs_no_call(server: Server) -> None:
    cache, lease, admin = RedisTier(server.faster(20)), RedisLease(server.faster(20)), Connection(server.config)
    run: Any = admin.client.execute_command
    assert await cache.set("a", 1)
    await run("CLIENT", "PAUSE", 20_000, "WRITE")
    calls = [asyncio.create_task(cache.set("a", 2)), asyncio.create_task(lease.take("a", 60))]
    await soon(lambda: blocked(admin, 2))
    await run("CLIENT", "KILL", "SKIPME", "yes", "TYPE", "normal")
    await run("CLIENT", "UNPAUSE")
    changed, token = await asyncio.gather(*calls)
    assert changed
    assert token
    assert await cache.get("a") == 2
    for each in (cache, lease, admin):
        await each.aclose()


async def blocked(admin: Connection, count: int) -> bool:
    found = await admin.client.info("clients")
    return bool(found["blocked_clients"] >= count)


async def test_callers_who_lost_patience_leave_nothing_behind(server: Server) -> None:
    cache = RedisTier(server.faster(20))
    await cache.multi_set([(f"k{n}", n) for n in range(50)])
    server.signal(signal.SIGSTOP)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await cache.get("k0")
    server.signal(signal.SIGCONT)
    assert await cache.multi_get([f"k{n}" for n in range(50)]) == list(range(50))
    await cache.aclose()


async def test_a_full_redis_refuses_and_says_so(server: Server) -> None:
    cache = RedisTier(server.config)
    await cache.client.config_set("maxmemory", 1)
    with pytest.raises(RedisError):
        await cache.set("a", 1, ttl=5)
    assert await cache.get("a") is None
    await cache.aclose()


RIGHTS = "-@all +eval +evalsha +get +mget +set +del +unlink +exists +scan +incrby +pttl +pexpire +persist"
"""As the README has it."""


async def test_a_user_with_few_rights_is_enough(server: Server) -> None:
    admin = Connection(server.config)
    # As the README says; the password needs quoting in a URL.
    await admin.client.execute_command("ACL", "SETUSER", "worker", "on", ">p@ss:w0rd/?", "~test:*", *RIGHTS.split())  # type: ignore[no-untyped-call]
    worker = evolve(
        server.config, url=Secret(f"redis://worker:p%40ss%3Aw0rd%2F%3F@127.0.0.1:{server.port}/0"), prefix="test"
    )
    cache, lease = RedisTier(worker), RedisLease(worker)
    assert await cache.set("a", 1, ttl=5)
    assert await cache.multi_get(["a", "b"]) == [1, None]
    assert await cache.increment("a") == 2
    assert await cache.expire("a", 0)
    assert await cache.delete("a")
    await cache.clear()
    token = await lease.take("a", 5)
    assert token
    assert await lease.extend("a", token, 5)
    await lease.release("a", token, Ending())
    elsewhere = RedisTier(evolve(worker, prefix="other"))
    with pytest.raises(NoPermissionError):
        await elsewhere.set("a", 1)
    wrong = RedisTier(evolve(worker, url=Secret(f"redis://worker:wrong-Zq3@127.0.0.1:{server.port}/0")))
    with pytest.raises(AuthenticationError) as refused:
        await wrong.get("a")
    assert "Zq3" not in f"{refused.value!r} {refused.value.__cause__!r} {wrong.client!r} {wrong!r}"
    for each in (cache, lease, elsewhere, wrong, admin):
        await each.aclose()


def certificates(folder: Path) -> None:
    """An authority and a server's certificate for 127.0.0.1, by openssl, as strict as Python 3.13 and later ask."""
    days = ["-days", "2", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    authority = ["-subj", "/CN=test authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    for command in (
        ["req", "-x509", *days, "-keyout", "ca.key", "-out", "ca.crt", *authority],
        ["req", "-new", *days[2:], "-keyout", "redis.key", "-out", "redis.csr", "-subj", "/CN=redis"],
        ["x509", "-req", "-in", "redis.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
         "-out", "redis.crt", "-extfile", "names"],
    ):  # fmt: skip
        (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nauthorityKeyIdentifier=keyid\n", encoding="ascii")
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)


async def test_tls(tmp_path: Path) -> None:
    certificates(tmp_path)
    options = (
        "--port",
        "0",
        "--tls-cert-file",
        "redis.crt",
        "--tls-key-file",
        "redis.key",
        "--tls-ca-cert-file",
        "ca.crt",
    )
    server = Server(tmp_path, *options, "--tls-auth-clients", "no", port_option="--tls-port")
    server.start()
    trusted = Config(url=Secret(f"rediss://127.0.0.1:{server.port}/0"), ca_file=tmp_path / "ca.crt", connect_timeout=10)
    try:
        cache = RedisTier(trusted)
        assert await cache.set("a", 1, ttl=5)
        assert await cache.get("a") == 1
        stranger = RedisTier(evolve(trusted, ca_file=None))
        misnamed = RedisTier(evolve(trusted, url=Secret(f"rediss://localhost:{server.port}/0")))
        plain = RedisTier(evolve(trusted, url=Secret(f"redis://127.0.0.1:{server.port}/0"), ca_file=None))
        for each in (stranger, misnamed, plain):
            with pytest.raises(GONE):
                await each.get("a")
            await each.aclose()
        await cache.aclose()
    finally:
        server.kill()


async def test_waiting_through_a_restart(server: Server) -> None:
    lease, other = RedisLease(server.config), RedisLease(evolve(server.config, max_connections=5))
    assert await lease.take("a", 60)
    waiting = asyncio.create_task(other.wait("a", 60))
    await asyncio.wait([waiting], timeout=0.05)
    server.restart()

    # Redis has forgotten the lease; a look that falls into the gap may fail, one after it sees that nobody holds it.
    (seen,) = await asyncio.gather(waiting, return_exceptions=True)
    assert seen is None or isinstance(seen, GONE)
    assert await other.take("a", 60)
    await lease.aclose()
    await other.aclose()
