"""A desk for each test, which must leave nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from plugins.quota.tests.quota_desk import Desk, close


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await close(desk)
