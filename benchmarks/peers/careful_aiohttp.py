# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp==3.14.5", "aiolimiter==1.3.0"]
# ///
"""What a careful developer writes by hand: a limiter, bounded workers, retry with back-off and the server's reset."""

import asyncio
import json
import random
import time

import aiohttp
from aiolimiter import AsyncLimiter
from job import PATHS, SIGNED, job, record

TRIES = 5
RETRIED = {429, 500, 502, 503, 504}


async def main() -> None:
    task = job()
    limiter = AsyncLimiter(10_000_000, 300)
    numbers = iter(task.numbers)
    with task.output.open("w", encoding="utf-8") as out:
        async with aiohttp.ClientSession(
            headers=SIGNED,
            connector=aiohttp.TCPConnector(limit=task.concurrency),
            timeout=aiohttp.ClientTimeout(total=20),
        ) as session:

            async def fetch(path: str) -> dict:
                for attempt in range(TRIES):
                    await limiter.acquire()
                    wait = random.uniform(0, 0.5 * 2**attempt)
                    try:
                        async with session.get(task.base_url + path) as answer:
                            if answer.status not in RETRIED:
                                answer.raise_for_status()
                                return json.loads(await answer.read())
                            if answer.status == 429:
                                reset = float(answer.headers.get("X-Ratelimit-Reset", 0))
                                wait = max(wait, reset - time.time())
                    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError):
                        if attempt == TRIES - 1:
                            raise
                    await asyncio.sleep(wait)
                raise RuntimeError("no answer")

            async def worker() -> None:
                for number in numbers:
                    parts = await asyncio.gather(*(fetch(path.format(number)) for path in PATHS))
                    out.write(json.dumps(record(*parts)) + "\n")

            # Three requests a company, so a few more than a third of the open requests keep them all busy.
            await asyncio.gather(*(worker() for _ in range(task.concurrency // 3 + 2)))


asyncio.run(main())
