"""How much of a quota is used, and what it costs to ask for too much: ``uv run python benchmarks/quota_use.py``.

Each case is a server of its own (``quota_server.py``) and one process or four (``quota_worker.py``: the real gateway
with the real limiter, twenty requests at a time each). The server counts; what the clients say is only checked
against it. All cases run at the same time, for they mostly wait; it takes six minutes.

- *fixed*: 600 calls in 60 s, windows back to back at a random phase, some of the first already used by somebody.
- *sliding*: 600 calls in any 60 s, some used by somebody before.
- *published*: 600 in 300 s, a window opens with the first request; 300 companies with 3 calls each, then the end.

``used``: calls let through in windows 2 to 4 as a share of what was allowed; ``first``: the same of the window that was
under way. A process with a wrong clock is 90 s fast or slow. Four processes share the quota through Redis
(``TEST_REDIS_URL``, else the standard port), under keys of this run's own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from attrs import frozen

HERE = Path(__file__).parent
RESULTS = HERE / "results"
LIMIT, CONCURRENCY, LATENCY = 600, 20, 0.03


@frozen
class Case:
    """``wrong``: seconds by which the last process's clock is off."""

    name: str
    kind: str
    processes: int
    wrong: float = 0.0
    length: float = 60.0
    calls: int | None = None


CASES = [
    Case("fixed, 1 process", "aligned", 1),
    Case("fixed, 4 processes", "aligned", 4),
    Case("fixed, 4 processes, one clock 90 s fast", "aligned", 4, 90.0),
    Case("fixed, 4 processes, one clock 90 s slow", "aligned", 4, -90.0),
    Case("sliding, 1 process", "sliding", 1),
    Case("sliding, 4 processes", "sliding", 4),
    Case("sliding, 4 processes, one clock 90 s fast", "sliding", 4, 90.0),
    Case("published, 1 process", "opened", 1, length=300.0, calls=900),
    Case("published, 4 processes", "opened", 4, length=300.0, calls=900),
]


async def play(case: Case, redis: str, rng: random.Random) -> dict[str, Any]:
    """One case; what the server counted, and what is to be said of it."""
    phase = round(rng.uniform(0.2, 1.0) * case.length, 2) if case.kind == "aligned" else case.length
    used = 0 if case.calls else rng.randrange(LIMIT // 2)
    seconds = 345.0 if case.calls else phase + 3 * case.length + 0.5
    await asyncio.sleep(rng.uniform(0, 5))  # so that not all of them start at once
    server = await asyncio.create_subprocess_exec(
        sys.executable, str(HERE / "quota_server.py"), "--kind", case.kind, "--limit", str(LIMIT), "--length",
        str(case.length), "--phase", str(phase), "--used", str(used), "--latency", str(LATENCY),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    url = f"http://127.0.0.1:{int(await server.stdout.readline())}"
    prefix = f"bench-{uuid.uuid4().hex[:8]}"
    try:
        workers = []
        for number in range(case.processes):
            given = {"url": url, "name": f"p{number}", "seconds": seconds, "concurrency": CONCURRENCY}
            if case.processes > 1:
                given |= {"redis": redis, "prefix": prefix}
            if case.calls is not None:
                given["calls"] = case.calls // case.processes
            if number == case.processes - 1:
                given["wrong"] = case.wrong
            workers.append(
                await asyncio.create_subprocess_exec(
                    sys.executable, str(HERE / "quota_worker.py"), json.dumps(given), stdout=asyncio.subprocess.PIPE
                )
            )
        said = [await worker.communicate() for worker in workers]
        counted = json.loads(await asyncio.to_thread(lambda: urlopen(url + "/_stats").read()))
    finally:
        server.terminate()
        await server.wait()
    clients = [json.loads(output.splitlines()[-1]) for output, _ in said]
    return judge(case, counted, clients) | {"phase": phase, "used_before": used}


def judge(case: Case, counted: dict[str, Any], clients: list[dict[str, Any]]) -> dict[str, Any]:
    """What is measured, and whether the goal is reached."""
    windows = counted["windows"]
    result: dict[str, Any] = {
        "case": case.name,
        "refused": counted["refused"],
        "answered": sum(client["answered"] for client in clients),
        "failed": sum(client["failed"] for client in clients),
        "windows": [[int(window["answered"]), int(window["allowed"])] for window in windows],
        "seconds_of_use": [round(window.get("last", 0.0), 2) for window in windows],
    }
    if case.calls is not None:
        result["seconds"] = round(counted["ran"], 2)
        result["after_reset"] = round(counted["ran"] - case.length, 2)
        result["reached"] = (
            result["answered"] == case.calls
            and not result["refused"]
            and result["after_reset"] <= 5
            and len(windows) == 2
        )
        return result
    later = windows[1:4]
    result["first"] = windows[0]["answered"] / windows[0]["allowed"]
    result["used"] = sum(window["answered"] for window in later) / sum(window["allowed"] for window in later)
    result["reached"] = (
        result["used"] >= 0.99 and result["first"] >= 0.98 and not result["refused"] and len(windows) >= 4
    )
    return result


def table(results: list[dict[str, Any]], meta: dict[str, Any]) -> str:
    """The results as Markdown."""
    lines = [
        "# Quota use",
        "",
        f"{meta['date']}, {meta['cpus']} CPUs, Python {meta['python']}, seed {meta['seed']}. `{meta['command']}`",
        "",
        "600 calls in 60 s; windows 2 to 4 counted. 20 requests at a time in each process, about 30 ms each. The server"
        " counts, and states its reset in whole seconds.",
        "",
        "| case | windows 2-4 used | first window used | 429 | answered | reached |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        if "used" in result:
            lines.append(
                f"| {result['case']} | {result['used']:.1%} | {result['first']:.1%} | {result['refused']} |"
                f" {result['answered']} | {'yes' if result['reached'] else 'no'} |"
            )
    lines += [
        "",
        "600 calls in 300 s, 300 companies of 3 calls: ended so many seconds after the first request, and after the"
        " reset that allowed the last 300.",
        "",
        "| case | answered | 429 | seconds | after the reset | reached |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        if "seconds" in result:
            lines.append(
                f"| {result['case']} | {result['answered']} of 900 | {result['refused']} | {result['seconds']:.1f} |"
                f" {result['after_reset']:.1f} | {'yes' if result['reached'] else 'no'} |"
            )
    return "\n".join(lines) + "\n"


async def main() -> int:
    parser = argparse.ArgumentParser(description="How much of a quota is used.")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--redis", default=os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    cases = [case for case in CASES if given.only in case.name]
    results = await asyncio.gather(
        *(play(case, given.redis, random.Random(given.seed * 100 + number)) for number, case in enumerate(cases))
    )
    meta = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "seed": given.seed,
        "command": " ".join(["uv run python benchmarks/quota_use.py", *sys.argv[1:]]),
    }
    given.out.mkdir(parents=True, exist_ok=True)
    text = table(results, meta)
    (given.out / "quota-use.md").write_text(text, "utf-8")
    (given.out / "quota-use.json").write_text(json.dumps({**meta, "cases": results}, indent=1) + "\n", "utf-8")
    sys.stdout.write(text)
    return 0 if all(result["reached"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
