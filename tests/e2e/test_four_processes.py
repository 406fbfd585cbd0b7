"""Four ``leadgen run`` at once over one Redis: together they ask the register what one of them would have asked."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.kit import CLOCK, LEADGEN, PLUGINS, Home
from tests.replay.running import RegisterThread

pytestmark = pytest.mark.soak

URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
NUMBERS = ["09370755", "00445790", "99000001"]


@pytest.fixture
def shared() -> Iterator[dict[str, str]]:
    """The environment that points a command at Redis, under a prefix that is emptied afterwards."""
    redis = pytest.importorskip("redis")
    client = redis.Redis.from_url(URL, socket_timeout=5)
    try:
        client.ping()
    except redis.RedisError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no Redis answers at TEST_REDIS_URL or 127.0.0.1:6379")
    prefix = f"test-four-{secrets.token_hex(4)}"
    yield {"LEADGEN_REDIS__URL": URL, "LEADGEN_REDIS__PREFIX": prefix}
    for key in client.scan_iter(f"{prefix}:*"):
        client.delete(key)
    client.close()


def test_together_they_ask_what_one_would_have_asked(
    tmp_path: Path, register: RegisterThread, shared: dict[str, str]
) -> None:
    home = Home.at(tmp_path, register)
    home.write(NUMBERS)
    alone = home.run("-o", "alone.jsonl")
    asked = register.control.count()
    running = [
        subprocess.Popen(
            [LEADGEN, "run", "in.csv", "--plugins", f"{PLUGINS},redis", "--clock", CLOCK, "-o", f"{place}.jsonl"],
            cwd=home.path,
            env=home.environ(shared),
            stderr=subprocess.PIPE,
        )
        for place in range(4)
    ]
    said = [process.communicate(timeout=120)[1].decode() for process in running]
    assert [process.returncode for process in running] == [alone.code] * 4, said
    assert register.control.count() == 2 * asked
    leads = [home.leads(f"{place}.jsonl") for place in range(4)]
    assert len(leads[0]) == len(home.leads("alone.jsonl")) > 1
    for each in leads:
        assert [lead["outcomes"] for lead in each] == [lead["outcomes"] for lead in leads[0]]
    assert not any("leases skipped" in text or "cache tier skipped" in text for text in said)
