"""Four real processes on one database, writing and purging the same rows: nobody fails, nothing is torn or lost."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import orjson
import pytest
from leadgen_database import Config
from leadgen_database.cache import DatabaseTier

CHILD = """
import asyncio, json, random, sys
from pathlib import Path
from leadgen_core import Secret
from leadgen_database import Config
from leadgen_database.cache import DatabaseTier

async def main():
    given = json.loads(sys.argv[1])
    config = Config(
        path=given["path"] and Path(given["path"]), url=given["url"] and Secret(given["url"]),
        schema=given["schema"], timeout=30, flush_items=20, flush_seconds=0.01,
    )
    cache, torn = DatabaseTier(config), 0
    async def worker(name):
        nonlocal torn
        for turn in range(100):
            key = f"k{random.randrange(40)}"
            await cache.set(key, {"by": name, "again": name, "x": name * 100}, ttl=random.choice((0.01, 60)))
            for seen in await cache.multi_get([f"k{n}" for n in range(40)]):
                torn += seen is not None and not seen["by"] == seen["again"] == seen["x"][:len(name)]
            await cache.increment("counter")
            if turn % 10 == 0:
                await cache.purge()
    await asyncio.gather(*(worker(f"{sys.argv[2]}.{n}") for n in range(5)))
    await cache.set(sys.argv[2], "done")
    await cache.aclose()
    print(json.dumps({"torn": torn}), flush=True)

asyncio.run(main())
"""


@pytest.mark.soak
async def test_four_processes(config: Config) -> None:
    given = orjson.dumps(
        {
            "path": config.path and str(config.path),
            "url": config.url and config.url.reveal(),
            "schema": config.schema,
        }
    ).decode()
    commands = [[sys.executable, "-c", CHILD, given, f"p{n}"] for n in range(4)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE) for command in commands]  # noqa: ASYNC220 - at once
    for child in children:
        out, _ = await asyncio.to_thread(child.communicate, timeout=240)
        assert child.returncode == 0
        assert orjson.loads(out) == {"torn": 0}
    cache = DatabaseTier(config)
    assert await cache.get("counter") == 4 * 5 * 100
    assert await cache.multi_get([f"p{n}" for n in range(4)]) == ["done"] * 4
    await cache.aclose()
