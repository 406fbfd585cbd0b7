"""One process that asks as much as its quota allows: the real gateway, the real limiter, twenty requests at a time.

It reads one JSON object from the command line and writes how many calls were answered, a line for each second, so
that nothing is lost when it is killed. ``wrong`` seconds are added to this process's wall clock.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from typing import Any


def main() -> None:
    given: dict[str, Any] = json.loads(sys.argv[1])
    if given.get("wrong"):
        true = time.time
        time.time = lambda: true() + given["wrong"]
    asyncio.run(work(given))


async def work(given: dict[str, Any]) -> None:
    """Twenty callers, until ``calls`` are made or ``seconds`` are over."""
    from attrs import evolve
    from leadgen_companies_house.api import COMPANIES_HOUSE

    from leadgen_core import Clock, Lookup, Secret, Unanswered
    from leadgen_core.events import Events
    from leadgen_core.gateway.gateway import Binding, Gateway

    limiter: Any
    if given.get("redis"):
        from leadgen_redis import Config as RedisConfig
        from leadgen_redis.quota.gauge import Pace
        from leadgen_redis.quota.limiter import SharedLimiter

        pace = Pace(**given["pace"]) if given.get("pace") else None
        limiter = SharedLimiter(RedisConfig(url=Secret(given["redis"]), prefix=given["prefix"]), pace=pace)
    else:
        from leadgen_quota import PLUGIN
        from leadgen_quota.limiter import ProcessLimiter

        limiter = ProcessLimiter(PLUGIN.config())
    api = evolve(COMPANIES_HOUSE, redact=lambda _operation, body, _keyed: body)
    gateway = Gateway(
        [Binding(api, "companies-house", given["url"], Secret("k"))],
        caches=(),
        limiter=limiter,
        clock=Clock(),
        events=Events(),
        keyed=lambda text: text,
        key_id="bench",
        concurrency=given.get("concurrency", 20),
    )
    numbers = itertools.count()
    stop = time.monotonic() + given["seconds"]
    answered = failed = 0
    causes: dict[str, int] = {}

    async def call() -> None:
        nonlocal answered, failed
        while time.monotonic() < stop:
            number = next(numbers)
            if number >= given.get("calls", 1 << 60):
                return
            try:
                await gateway.ask(Lookup.get(api, "profile", f"/company/{given['name']}-{number}"), "bench.profile")
                answered += 1
            except Unanswered as error:
                failed += 1
                causes[str(error.cause)] = causes.get(str(error.cause), 0) + 1

    async def report() -> None:
        while True:
            say()
            await asyncio.sleep(1)

    def say() -> None:
        sys.stdout.write(json.dumps({"answered": answered, "failed": failed, "causes": causes}) + "\n")
        sys.stdout.flush()

    reporter = asyncio.create_task(report())
    callers = [asyncio.create_task(call()) for _ in range(given.get("concurrency", 20))]
    # With the quota used up they wait for the next window, which this run does not see.
    await asyncio.wait(callers, timeout=max(0.0, stop - time.monotonic()))
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    reporter.cancel()
    say()
    await gateway.aclose()
    await limiter.aclose()


if __name__ == "__main__":
    main()
