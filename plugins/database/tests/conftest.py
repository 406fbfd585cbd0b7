"""A database for each test: each runs on both kinds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from leadgen_database import Config
from leadgen_database.cache import DatabaseTier

from plugins.database.tests.database_kit import ManualClock, dropped, postgres, sqlite


@pytest.fixture(params=["sqlite", "postgresql"])
async def config(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Config]:
    if request.param == "sqlite":
        yield sqlite(tmp_path)
        return
    config = postgres()
    yield config
    await dropped(config)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def cache(config: Config, clock: ManualClock) -> AsyncIterator[DatabaseTier]:
    cache = DatabaseTier(config, clock=clock)
    yield cache
    await cache.aclose()
