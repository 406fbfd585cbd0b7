"""The plugin as a whole: what it offers, what it refuses, what it does not import, what it does not tell."""

from __future__ import annotations

import subprocess
import sys

import pytest
from leadgen_redis import PLUGIN, Config, leadgen_caches, leadgen_leases
from leadgen_redis.connection import Connection

from leadgen_core import Secret, UsageError


def test_nothing_of_it_is_taken_unless_it_is_asked_for() -> None:
    (cache,), (lease,) = leadgen_caches(), leadgen_leases()
    assert (cache.auto, cache.persistent, lease.auto) == (False, True, False)
    assert PLUGIN.config is Config


@pytest.mark.parametrize("url", ["http://host/", "redis:/host", "redis://", "", "localhost:6379", "redis://a b"])
def test_a_url_that_is_none_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(UsageError, match=r"redis\.url must begin with") as refused:
        Config(url=Secret(url))
    assert url in {"", "redis://"} or url not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "redis://host",
        "rediss://user:p%40ss@host:6380/3",
        "unix:///run/redis.sock?db=2",
        "redis://[::1]:6379/0?protocol=3",
    ],
)
async def test_a_url_is_redis_own(url: str) -> None:
    connection = Connection(Config(url=Secret(url)))
    assert connection.client.connection_pool is not None
    await connection.aclose()


@pytest.mark.parametrize("prefix", ["", "a:b", "a*", "a b", "x" * 65, "ü"])
def test_a_prefix_is_plain(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        Config(prefix=prefix)


async def test_what_prints_a_connection_prints_no_password() -> None:
    config = Config(url=Secret("redis://user:Zq3-secret@127.0.0.1:6379/0"))
    connection = Connection(config)
    printed = f"{config!r} {connection.client!r} {connection.client.connection_pool!r} {vars(connection)!r}"
    assert "Zq3" not in printed
    await connection.aclose()


def test_the_offer_is_cheap() -> None:
    code = (
        "import sys, leadgen_redis; leadgen_redis.Config();"
        "list(leadgen_redis.leadgen_caches()), list(leadgen_redis.leadgen_leases());"
        "sys.exit(any(name in sys.modules for name in ('aiocache', 'redis', 'aiohttp', 'orjson')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_connection_imports_redis_when_it_is_used() -> None:
    code = "import sys, leadgen_redis.connection, leadgen_redis.lease; sys.exit('redis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
