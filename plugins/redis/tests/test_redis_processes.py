"""Four real processes on one Redis: never two holders, whoever is killed; every waiter hears; no entry is torn."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import orjson
import pytest
from leadgen_redis.cache import RedisTier

from plugins.redis.tests.redis_kit import Server

# Each process takes the lease of one of three keys again and again. While it holds one it must be alone: the first
# to enter finds 1. Then it writes an entry that is whole only if one process wrote it.
CHILD = """
import asyncio, json, random, sys
from leadgen_core import Ending, Secret
from leadgen_redis import Config
from leadgen_redis.cache import RedisTier
from leadgen_redis.lease import RedisLease

async def worker(name, config, counts):
    lease, cache = RedisLease(config), RedisTier(config)
    raw = cache.client
    for turn in range(60):
        key = f"k{random.randrange(3)}"
        token = await lease.take(key, 2.0)
        if token is None:
            ending = await lease.wait(key, 30)
            counts["heard" if ending is not None else "vanished"] += 1
            continue
        inside = await raw.set(f"inside:{token}", 1, ex=60)
        others = await raw.incr(f"alone:{key}:{token}")
        holder = (await raw.get(f"test:lease:{key}")).decode()
        counts["held"] += 1
        counts["met"] += holder != token or others != 1
        await cache.set(key, {"by": name, "again": name, "x": name * 200}, ttl=60)
        seen = await cache.get(key)
        counts["torn"] += seen is not None and not seen["by"] == seen["again"] == seen["x"][:len(name)]
        counts["stolen"] += not await lease.extend(key, token, 2.0)
        await lease.release(key, token, Ending())
    await lease.aclose()
    await cache.aclose()

async def main():
    config = Config(url=Secret(sys.argv[1]), prefix="test", connect_timeout=20, timeout=20)
    counts = dict.fromkeys(("held", "heard", "vanished", "met", "torn", "stolen"), 0)
    print("ready", flush=True)
    await asyncio.gather(*(worker(f"{sys.argv[2]}.{n}", config, counts) for n in range(8)))
    print(json.dumps(counts), flush=True)

asyncio.run(main())
"""


@pytest.mark.soak
def test_four_processes_and_a_kill(server: Server) -> None:
    url = server.config.url.reveal()
    children = [subprocess.Popen([sys.executable, "-c", CHILD, url, f"p{n}"], stdout=subprocess.PIPE) for n in range(4)]
    counts = []
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
        children[0].kill()
        for child in children[1:]:
            out, _ = child.communicate(timeout=120)
            assert child.returncode == 0
            counts.append(orjson.loads(out))
    finally:
        for child in children:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
    assert all(count["met"] == count["torn"] == count["stolen"] == 0 for count in counts), counts
    assert sum(count["held"] for count in counts) > 50
    assert sum(count["heard"] for count in counts) > 50

    async def look() -> None:
        cache = RedisTier(server.config)
        for entry in await cache.multi_get(["k0", "k1", "k2"]):
            assert entry["by"] == entry["again"]
        await cache.aclose()

    asyncio.run(look())
