"""A register-like server in a process of its own: it answers at once (or after ``--latency-ms``) and counts.

``python benchmarks/server.py --companies N`` prints its address and serves until standard input ends. Answers are
serialised beforehand; beyond ``_PREPARED`` companies those of an earlier one are sent with the number changed.
``GET /-/count`` says how many requests were answered since it was last asked, ``/-/first`` when the first of them came
(seconds of the system's monotonic clock, which all processes share).

``--faults`` does to each request what ``FAULTS`` says, by a draw from its path and from how often it was asked, so
that every contestant meets the same. ``GET /-/faults`` counts them since it was last asked. ``GET /-/down`` closes
the port and all connections, for so many seconds as its query says.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import math
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

from aiohttp import web

sys.path.insert(0, str(Path(__file__).parent))

from bodies import FIRST, KINDS, bodies

KEY = "benchmark-key"
_PREPARED = 1_000
_LIMIT = 10_000_000
"""Requests a window: a quota that nobody reaches, so that only its bookkeeping costs."""
FAULTS = {"500": 0.01, "reset": 0.01, "stall": 0.01, "truncated": 0.005}
"""Share of the requests that each befalls."""
_STALL = 2.0
"""Seconds until a stalled answer comes after all."""


class Register:
    """The handler of every request."""

    def __init__(self, companies: int, latency: float, *, faults: bool = False) -> None:
        self._companies = companies
        self._latency = latency
        self._faulty = faults
        self._asked: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._sign = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode("ascii")
        self._prepared = [bodies(str(FIRST + place)) for place in range(min(companies, _PREPARED))]
        self._count = 0
        self._first: float | None = None
        self._used = 0
        self._reset = int(time.time()) + 300
        self.outage: asyncio.Queue[float] = asyncio.Queue()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """One answer."""
        path = request.rel_url.raw_path
        if path == "/-/count":
            count, self._count = self._count, 0
            return web.json_response(count)
        if path == "/-/first":
            first, self._first = self._first, None
            return web.json_response(first)
        if path == "/-/faults":
            faults, self._faults = self._faults, Counter()
            self._asked.clear()
            return web.json_response(faults)
        if path == "/-/down":
            self.outage.put_nowait(float(request.query_string))
            return web.json_response(True)
        self._count += 1
        if self._first is None:
            self._first = time.monotonic()
        if request.headers.get("Authorization") != self._sign:
            return web.json_response({"error": "Invalid Authorization"}, status=401)
        if self._latency:
            await (asyncio.Event().wait() if math.isinf(self._latency) else asyncio.sleep(self._latency))
        fault = self._fault(path) if self._faulty else None
        if fault == "500":
            return web.json_response({"error": "internal server error"}, status=500)
        if fault == "reset":
            return _broken(request)
        if fault == "stall":
            await asyncio.sleep(_STALL)
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
            return web.json_response(
                {"errors": [{"error": "company-profile-not-found", "type": "ch:service"}]}, status=404
            )
        if fault == "truncated":
            return await _truncated(request, body, headers)
        return web.Response(body=body, headers=headers, content_type="application/json")

    def _fault(self, path: str) -> str | None:
        """What befalls this request."""
        self._asked[path] += 1
        drawn = random.Random(f"{path} {self._asked[path]}").random()
        for fault, share in FAULTS.items():
            if drawn < share:
                self._faults[fault] += 1
                return fault
            drawn -= share
        return None

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


def _broken(request: web.BaseRequest) -> web.StreamResponse:
    """The connection is reset without an answer."""
    transport = request.transport
    if transport is not None:
        transport.abort()
    return web.Response()  # which nobody gets


async def _truncated(request: web.BaseRequest, body: bytes, headers: dict[str, str]) -> web.StreamResponse:
    """Half of the body, then the end of the connection."""
    answer = web.StreamResponse(headers=headers)
    answer.content_type = "application/json"
    answer.content_length = len(body)
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    return _broken(request)


async def _serve(companies: int, latency: float, *, faults: bool) -> None:
    register = Register(companies, latency, faults=faults)
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    port = 0
    while not ended.done():
        runner = web.ServerRunner(web.Server(register.answer), shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        if not port:
            port = runner.addresses[0][1]
            sys.stdout.write(f"http://127.0.0.1:{port}\n")
            sys.stdout.flush()
        down = asyncio.create_task(register.outage.get())
        await asyncio.wait([ended, down], return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            os._exit(0)  # there may be requests that it never answers
        await runner.cleanup()
        if down.done():
            await asyncio.sleep(down.result())
        down.cancel()


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--companies", type=int, default=1_000)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    asyncio.run(_serve(options.companies, options.latency_ms / 1000, faults=options.faults))


if __name__ == "__main__":
    main()
