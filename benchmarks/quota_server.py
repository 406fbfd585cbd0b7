"""A server that counts like the register (companies-house.md §1.2), in a process of its own.

Headers ``X-Ratelimit-*`` on every answer, the reset in whole epoch seconds, 429 beyond the limit. Three ways of
counting:

- ``opened``: fixed windows; one opens with the first request after the end of the last.
- ``aligned``: fixed windows back to back, whether anybody asks or not; the first is under way already.
- ``sliding``: so many requests in any so many seconds; the reset is when the oldest of them leaves.

``used`` requests of somebody else fall into the window that is open when the first request comes; ``phase`` seconds
of it are left then. ``/_stats`` says what was counted, by window from the first request on; nothing else is kept.

The first line on standard output is the port.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
import time
from collections import deque

from aiohttp import web
from attrs import Factory, define


@define
class Meter:
    """The quota. Times are of the monotonic clock, in seconds."""

    kind: str
    limit: int
    length: float
    phase: float
    used: int
    first: float | None = None
    """The first request."""
    last: float = 0.0
    ends: float = 0.0
    taken: int = 0
    log: deque[float] = Factory(deque)
    windows: list[dict[str, float]] = Factory(list)
    refused: int = 0
    idle: list[float] = Factory(list)
    """Seconds between the end of a window and the first request after it."""

    def count(self) -> tuple[bool, int, float]:
        """One request: whether it is let through, how many are left, when the window ends."""
        now = time.monotonic()
        if self.first is None:
            self._begin(now)
        assert self.first is not None
        self.last = now
        if self.kind == "sliding":
            while self.log and self.log[0] <= now - self.length:
                self.log.popleft()
            good = len(self.log) < self.limit
            if good:
                self.log.append(now)
            place = int((now - self.first) // self.length)
            while len(self.windows) <= place:
                self.windows.append({"allowed": self.limit, "answered": 0})
            left, ends = self.limit - len(self.log), self.log[0] + self.length
        else:
            if now >= self.ends:
                self.idle.append(now - self.ends)
                if self.kind == "aligned":
                    self.ends += self.length * math.ceil((now - self.ends) / self.length or 1)
                else:
                    self.ends = now + self.length
                self.taken = 0
                self.windows.append({"allowed": self.limit, "answered": 0})
            good = self.taken < self.limit
            self.taken += good
            left, ends = self.limit - self.taken, self.ends
        self.windows[-1]["answered"] += good
        self.windows[-1]["last"] = now - self.first
        self.refused += not good
        return good, left, ends

    def _begin(self, now: float) -> None:
        self.first = now
        if self.kind == "sliding":
            # Somebody else's, evenly over the time before.
            self.log.extend(now - self.length * (1 - place / self.used) for place in range(self.used))
        else:
            self.ends = now + self.phase
            self.taken = self.used
            self.windows.append({"allowed": self.limit - self.used, "answered": 0})


def application(meter: Meter, latency: float) -> web.Application:
    """``/_stats``, and every other path a company."""
    rng = random.Random(1)

    async def answer(_request: web.Request) -> web.Response:
        good, left, ends = meter.count()
        reset = math.floor(time.time() + ends - time.monotonic())
        span = f"{int(meter.length // 60)}m" if meter.length % 60 == 0 else f"{int(meter.length)}s"
        headers = {
            "X-Ratelimit-Limit": str(meter.limit),
            "X-Ratelimit-Remain": str(left),
            "X-Ratelimit-Reset": str(reset),
            "X-Ratelimit-Window": span,
        }
        await asyncio.sleep(latency * rng.uniform(0.5, 1.5))
        if not good:
            return web.Response(status=429, headers=headers)
        return web.json_response({"company_number": "01234567"}, headers=headers)

    async def stats(_request: web.Request) -> web.Response:
        first = meter.first or 0.0
        return web.json_response(
            {
                "windows": meter.windows,
                "refused": meter.refused,
                "idle": meter.idle,
                "ran": meter.last - first,
                "ends_in": meter.ends - time.monotonic() if meter.ends else None,
            }
        )

    app = web.Application()
    app.router.add_get("/_stats", stats)
    app.router.add_get("/{path:.*}", answer)
    return app


async def serve(meter: Meter, latency: float) -> None:
    """Until it is ended."""
    runner = web.AppRunner(application(meter, latency), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A server that counts like the register.")
    parser.add_argument("--kind", choices=["opened", "aligned", "sliding"], default="opened")
    parser.add_argument("--limit", type=int, default=600)
    parser.add_argument("--length", type=float, default=300.0)
    parser.add_argument("--phase", type=float, default=None)
    parser.add_argument("--used", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.03)
    given = parser.parse_args()
    left = given.length if given.phase is None else given.phase
    asyncio.run(serve(Meter(given.kind, given.limit, given.length, left, given.used), given.latency))
