"""A second run is answered from the tier that outlived the first; a tier that is away costs nothing but itself."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.kit import CLOCK, Home, Run
from tests.replay.fixtures import MakeRegister
from tests.replay.running import RegisterThread

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
ROWS = ["09370755", *(f"{number:08d}" for number in range(1, 30))]


@pytest.fixture
def register(make_register: MakeRegister) -> RegisterThread:
    return make_register(limit=1_000_000)


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    home = Home.at(tmp_path, register)
    home.write(ROWS)
    return home


def needs(url: str, port: int, what: str) -> None:
    """The service must be there, or the test is skipped; under CI it fails."""
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname or "127.0.0.1", place.port or port), timeout=2).close()
    except OSError:
        if os.environ.get("CI"):
            pytest.fail(f"no {what} listens, and under CI nothing is skipped")
        pytest.skip(f"no {what} listens")


@pytest.fixture(params=["redis", "sqlite", "postgresql"])
def tier(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """The plugin and the variables that configure it; what it stored is removed afterwards."""
    name = f"leadgen-test-{secrets.token_hex(6)}"
    if request.param == "redis":
        needs(REDIS, 6379, "Redis")
        yield "redis", {"LEADGEN_REDIS__URL": REDIS, "LEADGEN_REDIS__PREFIX": name}
        import redis

        with closing(redis.Redis.from_url(REDIS)) as client:
            keys = list(client.scan_iter(f"{name}:*", count=1000))
            if keys:
                client.delete(*keys)
    elif request.param == "sqlite":
        yield "database", {}
    else:
        needs(POSTGRES, 5432, "PostgreSQL")
        schema = name.replace("-", "_")
        yield "database", {"LEADGEN_DATABASE__URL": POSTGRES, "LEADGEN_DATABASE__SCHEMA": schema}
        _drop(schema)


def _drop(schema: str) -> None:
    import asyncio

    import asyncpg  # type: ignore[import-untyped]

    async def drop() -> None:
        connection = await asyncpg.connect(POSTGRES)
        await connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        await connection.close()

    asyncio.run(drop())


def run(home: Home, output: str, tiers: str, env: dict[str, str]) -> Run:
    plugins = f"companies-house,identity,quota,{tiers},files"
    return home.leadgen("run", "in.csv", "--plugins", plugins, "--clock", CLOCK, "-o", output, env=env)


def test_a_second_run_asks_nothing(home: Home, register: RegisterThread, tier: tuple[str, dict[str, str]]) -> None:
    name, env = tier
    cold = run(home, "cold.jsonl", f"memory,{name}", env)
    assert cold.code == 0, cold.err
    asked = register.control.count()
    assert asked >= len(ROWS)
    warm = run(home, "warm.jsonl", f"memory,{name}", env)
    assert warm.code == 0, warm.err
    assert register.control.count() == asked
    assert f"100.0% hits ({name} " in warm.err
    assert (home.path / "warm.jsonl").read_bytes() == (home.path / "cold.jsonl").read_bytes()


@pytest.mark.parametrize("name", ["redis", "database"])
def test_a_tier_that_is_away_is_said_once_and_the_run_goes_on(home: Home, name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        port = taken.getsockname()[1]
        env = {
            "LEADGEN_REDIS__URL": f"redis://worker:Zq3-secret@127.0.0.1:{port}/0",
            "LEADGEN_DATABASE__URL": f"postgresql://worker:Zq3-secret@127.0.0.1:{port}/test",
        }
        done = run(home, "leads.jsonl", f"memory,{name}", env)
    assert done.code == 0, done.err
    assert len(home.leads()) == len(ROWS)
    assert done.err.count(f"the cache tier {name} is skipped") == 1
    assert "Zq3" not in done.err
