"""One process of several: it waits for a line, asks one question by many callers, prints how each ended as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

from leadgen_redis import Config
from leadgen_redis.cache import RedisTier
from leadgen_redis.lease import RedisLease

from leadgen_core import Secret
from leadgen_core.clock import Clock
from leadgen_core.events import LeaseDown
from leadgen_core.gateway import Binding, Gateway, Tier
from leadgen_core.model.answers import Unanswered
from tests.gateway.gateway_kit import ACME, Recorder, item


async def play(base_url: str, redis_url: str, prefix: str, callers: int) -> None:
    recorder = Recorder()
    config = Config(url=Secret(redis_url), prefix=prefix)
    cache, lease = RedisTier(config), RedisLease(config)
    gateway = Gateway(
        [Binding(ACME, "acme-plugin", base_url, Secret("k3y"))],
        caches=[Tier("redis", cache, True)],
        limiter=None,
        clock=Clock(),
        events=recorder.events,
        keyed=lambda text: text,
        key_id="key1",
        lease=lease,
    )

    async def ask() -> str:
        try:
            return str((await gateway.ask(item("cold"), "acme-plugin.test")).body)
        except Unanswered as error:
            return f"{error.cause}: {error.because}"

    await cache.get("warm")
    print("ready", flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.readline)
    outcomes = Counter(await asyncio.gather(*(ask() for _ in range(callers))))
    await gateway.aclose()
    await cache.aclose()
    await lease.aclose()
    print(json.dumps({"outcomes": outcomes, "down": len(recorder.of(LeaseDown))}), flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(play(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
