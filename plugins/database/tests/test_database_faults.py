"""Kills, locks, servers that are away, files that are not ours: what is lost, what is said, what goes on."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from attrs import evolve
from leadgen_database import Config
from leadgen_database.cache import DatabaseTier
from leadgen_database.store import Store
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from leadgen_core import Secret, UsageError
from leadgen_core.testing import VirtualClock
from plugins.database.tests.database_kit import dropped, postgres, sqlite

GONE = (SQLAlchemyError, OSError, TimeoutError)


def rows(path: Path) -> int:
    """How many are stored, as another process sees it."""
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM leadgen_cache").fetchone()[0])
    finally:
        connection.close()


async def test_writes_are_stored_when_enough_wait(tmp_path: Path) -> None:
    cache = DatabaseTier(evolve(sqlite(tmp_path), flush_items=10, flush_seconds=60), clock=VirtualClock())
    await cache._store.open()
    for number in range(9):
        await cache.set(f"k{number}", number)
    await asyncio.sleep(0)
    assert rows(tmp_path / "cache.db") == 0
    await cache.set("k9", 9)
    async with asyncio.timeout(20):
        while len(cache._writer.backlog):
            await cache.get("nothing")
    assert rows(tmp_path / "cache.db") == 10
    await cache.aclose()


async def test_writes_are_stored_after_a_while(tmp_path: Path) -> None:
    clock = VirtualClock()
    cache = DatabaseTier(evolve(sqlite(tmp_path), flush_seconds=2), clock=clock)
    await cache._store.open()
    await cache.set("a", 1)
    await clock.advance(1.9)
    assert len(cache._writer.backlog) == 1
    await clock.advance(0.2)
    async with asyncio.timeout(20):
        while len(cache._writer.backlog):
            await cache.get("nothing")
    assert rows(tmp_path / "cache.db") == 1
    await cache.aclose()


async def test_closing_stores_what_is_left(tmp_path: Path) -> None:
    cache = DatabaseTier(evolve(sqlite(tmp_path), flush_seconds=60))
    await cache.multi_set([(f"k{n}", n) for n in range(150)])
    await cache.aclose()
    assert rows(tmp_path / "cache.db") == 150


async def test_who_writes_waits_while_the_queue_is_full(tmp_path: Path) -> None:
    config = evolve(sqlite(tmp_path), flush_items=100_000, flush_seconds=60, queue_bytes=10_000)
    cache = DatabaseTier(config)
    most = 0
    for number in range(200):
        await cache.set(f"k{number}", "x" * 1_000)
        most = max(most, cache._writer.backlog.bytes)
    assert most <= 11_000
    await cache.set("large", "x" * 20_000)
    assert await cache.get("large") == "x" * 20_000
    await cache.aclose()
    assert rows(tmp_path / "cache.db") == 201


CHILD = """
import asyncio, sys
from pathlib import Path
from leadgen_database import Config
from leadgen_database.cache import DatabaseTier

async def main():
    cache = DatabaseTier(Config(path=Path(sys.argv[1]), timeout=20))
    number = 0
    while True:
        await cache.multi_set([(f"{sys.argv[2]}:{number + n}", {"n": number + n, "x": "x" * 500}) for n in range(50)])
        await cache.flush()
        number += 50
        print(number, flush=True)
        await cache.multi_get([f"{other}:{n}" for other in "ab" for n in range(20)])

asyncio.run(main())
"""


def test_two_processes_on_one_file_and_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    children = {
        name: subprocess.Popen([sys.executable, "-c", CHILD, str(file), name], stdout=subprocess.PIPE) for name in "ab"
    }
    reported: dict[str, int] = {}
    try:
        for name, child in children.items():
            assert child.stdout is not None
            for _ in range(6):
                reported[name] = int(child.stdout.readline())
    finally:
        for child in children.values():
            child.send_signal(signal.SIGKILL)
            child.wait()
            assert child.stdout is not None
            child.stdout.close()

    async def read() -> None:
        cache = DatabaseTier(Config(path=file))
        for name, count in reported.items():
            found = await cache.multi_get([f"{name}:{n}" for n in range(count)])
            assert [each and each["n"] for each in found] == list(range(count))
        await cache.aclose()

    asyncio.run(read())


async def test_a_file_that_somebody_locks_is_waited_for_and_given_up(tmp_path: Path) -> None:
    cache = DatabaseTier(evolve(sqlite(tmp_path), timeout=0.2, flush_seconds=60))
    await cache.set("a", 1)
    await cache.flush()
    other = sqlite3.connect(tmp_path / "cache.db")
    other.execute("BEGIN IMMEDIATE")
    await cache.set("a", 2)
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    beating = asyncio.create_task(beat())
    with pytest.raises(GONE):
        await cache.flush()
    beating.cancel()
    assert beats > 5, "the loop stood still while the driver waited"
    assert await cache.get("a") == 2  # what is promised is kept
    other.rollback()
    other.close()
    await cache.aclose()
    assert rows(tmp_path / "cache.db") == 1


async def test_when_storing_fails_the_next_write_says_so_and_nothing_is_lost(tmp_path: Path) -> None:
    cache = DatabaseTier(evolve(sqlite(tmp_path), timeout=0.05, flush_items=1))
    await cache._store.open()
    other = sqlite3.connect(tmp_path / "cache.db")
    other.execute("BEGIN IMMEDIATE")
    await cache.set("a", 1)

    async def write_on() -> None:
        async with asyncio.timeout(20):
            while True:
                await cache.set("b", 2)
                await asyncio.sleep(0.01)

    with pytest.raises(SQLAlchemyError):
        await write_on()
    other.rollback()
    other.close()
    assert await cache.multi_get(["a", "b"]) == [1, 2]
    await cache.aclose()
    assert rows(tmp_path / "cache.db") == 2


async def test_what_cannot_be_stored_at_the_end_is_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = DatabaseTier(evolve(sqlite(tmp_path), timeout=0.05))
    await cache._store.open()
    other = sqlite3.connect(tmp_path / "cache.db")
    other.execute("BEGIN IMMEDIATE")
    await cache.multi_set([("a", 1), ("b", 2)])
    with caplog.at_level(logging.WARNING):
        await cache.aclose()
    assert "2 cache entries could not be stored" in caplog.text
    other.rollback()
    other.close()


async def test_a_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    cache = DatabaseTier(Config(path=tmp_path / "new" / "cache.db"))
    await cache.set("a", 1)
    await cache.flush()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    for file in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    await cache.aclose()


def test_the_default_is_a_file_in_the_users_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Store(Config()).engine.url.database == str(tmp_path / "leadgen" / "leadgen.db")


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        DatabaseTier(Config(path=tmp_path))
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(UsageError, match="cannot be opened"):
        DatabaseTier(Config(path=tmp_path / "file" / "cache.db"))


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "cache.db").write_bytes(b"something else" * 100)
    cache = DatabaseTier(sqlite(tmp_path))
    with pytest.raises(SQLAlchemyError, match="not a database"):
        await cache.get("a")
    assert (tmp_path / "cache.db").read_bytes() == b"something else" * 100
    await cache.aclose()


@pytest.mark.parametrize(("version", "mend"), [(2, "upgrade leadgen-database"), (0, "drop the table leadgen_cache")])
async def test_a_table_of_another_version_is_not_touched(config: Config, version: int, mend: str) -> None:
    cache = DatabaseTier(config)
    await cache.set("a", 1)
    await cache.flush()
    table = "leadgen_schema" if config.schema is None else f"{config.schema}.leadgen_schema"
    async with cache._store.engine.begin() as connection:
        await connection.execute(text(f"UPDATE {table} SET version = {version}"))
    await cache.aclose()
    for _ in range(2):
        with pytest.raises(UsageError, match=mend):
            await cache.get("a")
    await cache.set("b", 1)
    with pytest.raises(UsageError, match=f"version {version}"):
        await cache.flush()
    await cache.aclose()


@pytest.fixture
async def server() -> AsyncIterator[Config]:
    config = postgres()
    yield config
    await dropped(config)


async def test_connections_that_the_server_has_ended_cost_no_call(server: Config) -> None:
    cache, admin = DatabaseTier(server), Store(server)
    await cache.multi_set([(f"k{n}", n) for n in range(50)])
    await cache.flush()
    assert await cache.get("k1") == 1
    async with AsyncExitStack() as stack:
        pooled = [await stack.enter_async_context(cache._store.engine.connect()) for _ in range(3)]
        pids = [(await each.execute(text("SELECT pg_backend_pid()"))).scalar_one() for each in pooled]
    async with admin.engine.connect() as connection:
        for pid in pids:
            ended = await connection.execute(text(f"SELECT pg_terminate_backend({pid})"))
            assert ended.scalar_one() is True
    assert await cache.multi_get([f"k{n}" for n in range(50)]) == list(range(50))
    await cache.set("k1", 2)
    await cache.flush()
    assert await cache.get("k1") == 2
    await cache.aclose()
    await admin.aclose()


async def test_four_who_open_at_once(config: Config) -> None:
    tiers = [DatabaseTier(config) for _ in range(4)]
    await asyncio.gather(*(tier.set(f"k{n}", n) for n, tier in enumerate(tiers)))
    await asyncio.gather(*(tier.flush() for tier in tiers))
    for tier in tiers:
        assert await tier.multi_get(["k0", "k1", "k2", "k3"]) == [0, 1, 2, 3]
        await tier.aclose()


async def test_a_server_that_is_away_or_silent() -> None:
    # The kernel takes connections for it, and it never says a word: as slow as it gets.
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    config = Config(url=Secret(f"postgresql://leadgen:Zq3-secret@127.0.0.1:{port}/test"), timeout=0.1)
    for closed in (False, True):
        if closed:
            silent.close()
        cache = DatabaseTier(config)
        began = time.monotonic()
        with pytest.raises(GONE) as failure:
            await cache.get("a")
        assert time.monotonic() - began < 10  # some 0.2 s, and the machine may be busy
        assert "Zq3" not in f"{failure.value!r} {failure.value} {cache._store.engine!r} {config!r}"
        await cache.aclose()


@pytest.mark.parametrize(
    ("url", "because"),
    [
        ("mysql://user:Zq3@host/db", "must begin with"),
        ("postgresql://", "must begin with"),
        ("sqlite://", "must begin with"),
        ("sqlite:///:memory:", "path of a file"),
        ("sqlite:///x.db?mode=ro", "path of a file"),
        ("postgresql://user:Zq3@host:port/db", "no URL"),
    ],
)
def test_urls_that_are_none(url: str, because: str) -> None:
    with pytest.raises(UsageError, match=because) as failure:
        DatabaseTier(Config(url=Secret(url)))
    assert "Zq3" not in str(failure.value)


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadgen_database.engine.find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"leadgen-database\[postgresql\]"):
        DatabaseTier(Config(url=Secret("postgresql://127.0.0.1/test")))


def test_the_offer_is_cheap() -> None:
    with pytest.raises(ValueError, match="two databases"):
        Config(path=Path("a"), url=Secret("postgresql://127.0.0.1/test"))
    code = (
        "import sys, leadgen_database; (spec,) = leadgen_database.leadgen_caches(); leadgen_database.Config();"
        "assert (spec.name, spec.persistent, spec.auto) == ('database', True, False);"
        "sys.exit(any(name in sys.modules for name in ('aiocache', 'sqlalchemy', 'aiosqlite', 'aiohttp')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, env=dict(os.environ)).returncode == 0
