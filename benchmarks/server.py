"""A register-like server in a process of its own: it answers at once (or after ``--latency-ms``) and counts.

``python benchmarks/server.py --companies N`` prints its address and serves until standard input ends. Answers are
serialised beforehand; beyond ``_PREPARED`` companies those of an earlier one are sent with the number changed.
``GET /-/count`` says how many requests were answered since it was last asked.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import sys
import time
from pathlib import Path

from aiohttp import web

sys.path.insert(0, str(Path(__file__).parent))

from bodies import FIRST, KINDS, bodies

KEY = "benchmark-key"
_PREPARED = 1_000
_LIMIT = 10_000_000
"""Requests a window: a quota that nobody reaches, so that only its bookkeeping costs."""


class Register:
    """The handler of every request."""

    def __init__(self, companies: int, latency: float) -> None:
        self._companies = companies
        self._latency = latency
        self._sign = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode("ascii")
        self._prepared = [bodies(str(FIRST + place)) for place in range(min(companies, _PREPARED))]
        self._count = 0
        self._used = 0
        self._reset = int(time.time()) + 300

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """One answer."""
        path = request.rel_url.raw_path
        if path == "/-/count":
            count, self._count = self._count, 0
            return web.json_response(count)
        self._count += 1
        if request.headers.get("Authorization") != self._sign:
            return web.json_response({"error": "Invalid Authorization"}, status=401)
        if self._latency:
            await asyncio.sleep(self._latency)
        now = int(time.time())
        if now >= self._reset:
            self._reset, self._used = now + 300, 0
        self._used += 1
        headers = {
            "X-Ratelimit-Limit": str(_LIMIT),
            "X-Ratelimit-Remain": str(_LIMIT - self._used),
            "X-Ratelimit-Reset": str(self._reset),
            "X-Ratelimit-Window": "5m",
        }
        body = self._body(path)
        if body is None:
            return web.json_response({"errors": [{"error": "company-profile-not-found", "type": "ch:service"}]}, status=404)
        return web.Response(body=body, headers=headers, content_type="application/json")

    def _body(self, path: str) -> bytes | None:
        head, _, rest = path[1:].partition("/")
        number, _, tail = rest.partition("/")
        kind = f"/{tail}" if tail else ""
        if head != "company" or kind not in KINDS or not number.isdecimal():
            return None
        place = int(number) - FIRST
        if not 0 <= place < self._companies:
            return None
        body = self._prepared[place % len(self._prepared)][KINDS.index(kind)]
        if place >= len(self._prepared):
            body = body.replace(str(FIRST + place % len(self._prepared)).encode(), number.encode())
        return body


async def _serve(companies: int, latency: float) -> None:
    runner = web.ServerRunner(web.Server(Register(companies, latency).answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--companies", type=int, default=1_000)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    options = parser.parse_args()
    asyncio.run(_serve(options.companies, options.latency_ms / 1000))


if __name__ == "__main__":
    main()
