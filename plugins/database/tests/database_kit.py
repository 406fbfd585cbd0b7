"""Real databases for tests: a SQLite file, and a PostgreSQL schema of the test's own."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from leadgen_database import Config
from leadgen_database.store import Store
from sqlalchemy import text

from leadgen_core import Clock, Secret

__all__ = ["URL", "ManualClock", "dropped", "missing", "postgres", "reachable", "sqlite"]

URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")


class ManualClock(Clock):
    """Its ``now`` moves when it is told to; it sleeps in real time."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = datetime(2026, 1, 30, 13, 14, 22, 250_000, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        """Let so much time pass."""
        self.moment += timedelta(seconds=seconds)


def missing(what: str) -> NoReturn:
    """Skip with a reason; where everything must be there, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and under CI nothing is skipped")
    pytest.skip(what)


def reachable() -> bool:
    """Whether somebody listens where the tests' PostgreSQL should be."""
    place = urlsplit(URL)
    try:
        socket.create_connection((place.hostname or "127.0.0.1", place.port or 5432), timeout=2).close()
    except OSError:
        return False
    return True


def sqlite(folder: Path) -> Config:
    """A file in this folder."""
    return Config(path=folder / "cache.db", timeout=20)


def postgres() -> Config:
    """A schema of the test's own, which :func:`dropped` removes."""
    if not reachable():
        missing("no PostgreSQL listens at TEST_POSTGRES_URL, nor at 127.0.0.1:5432")
    return Config(url=Secret(URL), schema=f"leadgen_test_{secrets.token_hex(6)}", timeout=20)


async def dropped(config: Config) -> None:
    """Remove the schema and all that is in it."""
    store = Store(config)
    async with store.engine.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {config.schema} CASCADE"))
    await store.aclose()
