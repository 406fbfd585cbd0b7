# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx==0.28.1", "httpx-aiohttp==0.2.0", "aiohttp==3.14.5"]
# ///
"""httpx over aiohttp's transport: the best general client by cost."""

import asyncio
import json

import httpx
import httpx_aiohttp
from job import PATHS, SIGNED, job, record


async def main() -> None:
    task = job()
    slots = asyncio.Semaphore(task.concurrency)
    with task.output.open("w", encoding="utf-8") as out:
        async with httpx_aiohttp.HttpxAiohttpClient(
            headers=SIGNED, limits=httpx.Limits(max_connections=task.concurrency), timeout=20
        ) as client:

            async def fetch(path: str) -> dict:
                async with slots:
                    answer = await client.get(task.base_url + path)
                answer.raise_for_status()
                return json.loads(answer.content)

            async def company(number: str) -> None:
                parts = await asyncio.gather(*(fetch(path.format(number)) for path in PATHS))
                out.write(json.dumps(record(*parts)) + "\n")

            await asyncio.gather(*map(company, task.numbers))


asyncio.run(main())
