"""What the contract asks of caches, as everybody's are asked: on both kinds of database."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from leadgen_database import Config
from leadgen_database.store import Store
from sqlalchemy import text

from leadgen_core import Secret
from leadgen_core.testing import Samples, conformance
from plugins.database.tests.database_kit import URL, dropped, missing, reachable

_FOLDER = tempfile.TemporaryDirectory()
_SQLITE = Config(path=Path(_FOLDER.name) / "cache.db")
_POSTGRES = Config(url=Secret(URL), schema=f"leadgen_test_{secrets.token_hex(6)}")


def _stranger(config: Config) -> Callable[[], AbstractAsyncContextManager[Callable[[], Awaitable[bool]]]]:
    @asynccontextmanager
    async def stranger() -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """A table of somebody else beside ours."""
        store = Store(config)
        await store.open()
        name = "strangers" if config.schema is None else f"{config.schema}.strangers"
        async with store.engine.begin() as connection:
            await connection.execute(text(f"CREATE TABLE IF NOT EXISTS {name} (x INTEGER)"))
            await connection.execute(text(f"INSERT INTO {name} VALUES (1)"))

        async def there() -> bool:
            async with store.engine.connect() as connection:
                return bool((await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one())

        yield there
        await store.aclose()

    return stranger


@pytest.fixture(autouse=True, scope="module")
def left_nothing() -> Iterator[None]:
    yield
    _FOLDER.cleanup()
    if reachable():
        asyncio.run(dropped(_POSTGRES))


@pytest.fixture(autouse=True)
def listening(request: pytest.FixtureRequest) -> None:
    if request.cls is TestPostgres and not reachable():
        missing("no PostgreSQL listens at TEST_POSTGRES_URL, nor at 127.0.0.1:5432")


TestSqlite = conformance("database", Samples(config={"path": _SQLITE.path}, stranger=_stranger(_SQLITE)))
TestPostgres = conformance(
    "database", Samples(config={"url": _POSTGRES.url, "schema": _POSTGRES.schema}, stranger=_stranger(_POSTGRES))
)
