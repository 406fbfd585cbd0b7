# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp==3.14.5"]
# ///
"""The limit of what is possible: gather and a semaphore, no retry, no pacing, no state."""

import asyncio
import json

import aiohttp
from job import PATHS, SIGNED, job, record


async def main() -> None:
    task = job()
    slots = asyncio.Semaphore(task.concurrency)
    with task.output.open("w", encoding="utf-8") as out:
        async with aiohttp.ClientSession(
            headers=SIGNED, connector=aiohttp.TCPConnector(limit=task.concurrency)
        ) as session:

            async def fetch(path: str) -> dict:
                async with slots, session.get(task.base_url + path) as answer:
                    answer.raise_for_status()
                    return json.loads(await answer.read())

            async def company(number: str) -> None:
                parts = await asyncio.gather(*(fetch(path.format(number)) for path in PATHS))
                out.write(json.dumps(record(*parts)) + "\n")

            await asyncio.gather(*map(company, task.numbers))


asyncio.run(main())
