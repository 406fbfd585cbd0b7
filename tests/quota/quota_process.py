"""One of several processes: the real gateway and the shared limiter, ten requests at a time, until it is ended.

One line of JSON on the command line: ``url``, ``redis``, ``prefix``, ``pace``, ``name``; ``rule``: the quota known
beforehand, as [calls, seconds].
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from leadgen_redis import Config
from leadgen_redis.quota.gauge import Pace
from leadgen_redis.quota.limiter import SharedLimiter

from leadgen_core import (
    ApiSpec,
    Clock,
    Lifetime,
    Lookup,
    Meaning,
    Ok,
    Operation,
    RawReply,
    RetryAt,
    Secret,
    Unanswered,
    Window,
)
from leadgen_core.events import Events
from leadgen_core.gateway.gateway import Binding, Gateway


def read_windows(headers: Mapping[str, str], _at: float) -> Sequence[Window]:
    if "x-limit" not in headers:
        return ()
    limit, length, remaining, reset = re.split(",", headers["x-limit"])
    return (Window(int(limit), float(length), int(remaining), float(reset)),)


def classify(_operation: str, reply: RawReply) -> Meaning:
    return RetryAt(None) if reply.status == 429 else Ok()


async def main() -> None:
    given: dict[str, Any] = json.loads(sys.argv[1])
    spec = ApiSpec(
        name="register",
        controller="C",
        base_url=given["url"],
        operations={"get": Operation(lifetime="all", timeout=5.0)},
        classify=classify,
        redact=lambda _operation, body, _keyed: body,
        lifetimes={"all": Lifetime(timedelta(days=1), timedelta(days=1))},
        windows=(Window(*given["rule"]),),
        read_windows=read_windows,
    )
    limiter = SharedLimiter(Config(url=Secret(given["redis"]), prefix=given["prefix"]), pace=Pace(**given["pace"]))
    gateway = Gateway(
        [Binding(spec, "redis", given["url"])],
        caches=(),
        limiter=limiter,
        clock=Clock(),
        events=Events(),
        keyed=str,
        key_id="k",
        concurrency=10,
    )
    numbers = itertools.count()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)

    async def work() -> None:
        while True:
            try:
                await gateway.ask(Lookup.get(spec, "get", f"/{given['name']}/{next(numbers)}"), "redis.test")
            except Unanswered:
                await asyncio.sleep(0.05)

    await asyncio.gather(*(work() for _ in range(10)))


if __name__ == "__main__":
    asyncio.run(main())
