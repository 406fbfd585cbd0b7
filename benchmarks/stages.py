"""What each stage costs: CPU per request of ever more of the way from a socket to a line of the output.

``python benchmarks/stages.py`` writes ``results/stages.md`` and ``.json``. Each step asks the register-like server
for the same three answers of each company through one stage more than the step before, in one process, 0 ms latency;
what a stage costs is the difference. The last step is a whole ``leadgen run`` in a process of its own, as in
``overhead.py``. Rounds interleave the steps; the figures are medians over the rounds, in which garbage collection is
set as in a run. A difference of a few us is noise.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import aiohttp
from bodies import FIRST, KINDS, numbers
from contestants import command, environ
from measuring import Server, Spread, run, write_input
from reporting import report, table

from leadgen_core import CompanyNumber, Lookup
from leadgen_core.app.workspace import Options, Workspace, open_workspace
from leadgen_core.cli import collector
from leadgen_core.engine.outbox import Entry
from leadgen_core.gateway.exchange import Call, Ticket
from leadgen_core.model.lead import InputRows

API = "companies-house"
OPERATIONS = ("profile", "officers", "psc")
IN_FLIGHT = 256
"""Companies at once, as in a run; single requests are asked 20 at a time."""
CONCURRENCY = 20

ADDS = {
    "session": "aiohttp's session and json, for comparison: no part of a run",
    "wire": "connection, HTTP, parsing; classify, redact; the attempt's event",
    "auth": "signature and its audit",
    "quota": "door, permit, slot, the server's windows; redirects",
    "retry": "breaker, retry",
    "batch": "the request built of the lookup, batching",
    "cache": "a miss in the memory tier, storing the answer",
    "gateway": "keys, single flight, the reply's stamp",
    "collect": "sources: questions, claims, the host's checks",
    "company": "resolve, screens, scores, the line as JSON",
    "run": "input, outbox, commit, delivery, summary; the process itself",
}
"""What each step has more than the one before."""

Step = Callable[[int], Awaitable[object]]
"""Asks whatever a step asks about the company of this place."""


class Ladder:
    """The steps over one open workspace, by name, in their order."""

    def __init__(self, workspace: Workspace, session: aiohttp.ClientSession, url: str) -> None:
        assembly = workspace._assembled()
        self._gateway = assembly.gateway
        self._chain = self._gateway._open(API)
        self._spec = next(b.spec for b in assembly.bindings if b.spec.name == API)
        self._pipeline = assembly.pipeline("benchmark")
        self._session = session
        self._url = url
        self.steps: dict[str, Step] = {
            "session": self._by_session,
            "wire": self._wire,
            "auth": self._auth,
            "quota": self._quota,
            "retry": self._retry,
            "batch": self._batch,
            "cache": self._cache,
            "gateway": self._ask,
            "collect": self._collect,
            "company": self._company,
        }

    async def _by_session(self, place: int) -> None:
        headers = self._signed()
        for kind in KINDS:
            url = f"{self._url}/company/{FIRST + place}{kind}"
            async with self._session.get(url, headers=headers) as answer:
                json.loads(await answer.read())

    def _signed(self) -> dict[str, str]:
        return dict(self._chain.auth._headers)

    def _lookups(self, place: int) -> list[Lookup]:
        number = FIRST + place
        return [
            Lookup.get(self._spec, OPERATIONS[0], f"/company/{number}"),
            Lookup.get(self._spec, OPERATIONS[1], f"/company/{number}/officers", {"items_per_page": 100}),
            Lookup.get(
                self._spec,
                OPERATIONS[2],
                f"/company/{number}/persons-with-significant-control",
                {"items_per_page": 100},
            ),
        ]

    def _calls(self, place: int) -> list[Call]:
        return [Call.of(self._spec, each.operation, each.build((each.key,))) for each in self._lookups(place)]

    async def _wire(self, place: int) -> None:
        for call in self._calls(place):
            url = self._chain.quota._home.url(call.request)
            await self._chain.wire.send(call, url, self._chain.auth._headers, Ticket())

    async def _auth(self, place: int) -> None:
        for call in self._calls(place):
            await self._chain.auth.send(call, self._chain.quota._home.url(call.request), True, Ticket())

    async def _quota(self, place: int) -> None:
        for call in self._calls(place):
            await self._chain.quota.attempt(call)

    async def _retry(self, place: int) -> None:
        for call in self._calls(place):
            await self._chain.retry.call(call)

    async def _batch(self, place: int) -> None:
        for lookup in self._lookups(place):
            await self._chain.batch.ask(lookup)

    async def _cache(self, place: int) -> None:
        for lookup in self._lookups(place):
            await self._chain.cache.ask(lookup, self._chain.keys.of(lookup.operation, lookup.key))

    async def _ask(self, place: int) -> None:
        for lookup in self._lookups(place):
            await self._gateway.ask(lookup, f"{API}.{lookup.operation}")

    async def _collect(self, place: int) -> None:
        await self._pipeline._collector.collect([CompanyNumber(str(FIRST + place))])

    async def _company(self, place: int) -> None:
        given = {"company_number": str(FIRST + place)}
        rows = InputRows(rows=(place + 2,))
        entry = Entry(ordinal=place, subjects=(CompanyNumber(str(FIRST + place)),), input=rows, given=given)
        await self._pipeline.company(entry)


@asynccontextmanager
async def _ladder(url: str, folder: Path) -> AsyncIterator[Ladder]:
    environment = dict(environ("leadgen", url, folder))
    workspace = open_workspace(Options(environ=environment, cwd=folder, concurrency=CONCURRENCY))
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector) as session:
        try:
            yield Ladder(workspace, session, url)
        finally:
            await workspace.aclose()


async def _cpu(step: Step, places: Sequence[int], workers: int) -> float:
    """CPU microseconds per request of asking about all these companies."""
    feed = iter(places)

    async def work() -> None:
        for place in feed:
            await step(place)

    began = time.process_time()
    await asyncio.gather(*(work() for _ in range(workers)))
    return (time.process_time() - began) / len(places) / len(KINDS) * 1e6


async def _rounds(server: Server, folder: Path, rounds: int, companies: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    async with _ladder(server.url, folder) as ladder:
        collector.begin()
        for step in ladder.steps.values():
            await _cpu(step, range(20), 1)  # connections, compiled files, the first of everything
        collector.settle()
        fresh = 20
        for number in range(rounds):
            for name, step in ladder.steps.items():
                # Each step its own companies: what one has cached, the next must ask all the same.
                places = range(fresh, fresh + companies)
                fresh += companies
                workers = IN_FLIGHT if name in ("collect", "company") else CONCURRENCY
                found.setdefault(name, []).append(await _cpu(step, places, workers))
            sys.stderr.write(f"round {number + 1}: {' '.join(f'{k} {v[-1]:.0f}' for k, v in found.items())}\n")
    return found


def _whole(server: Server, folder: Path, rounds: int, companies: int) -> list[float]:
    sources = {count: write_input(folder / f"{count}.csv", numbers(count)) for count in (1, companies)}
    found = []
    for number in range(rounds):
        cpu = {}
        for count, source in sources.items():
            home = folder / f"{number}-{count}"
            home.mkdir()
            line = command("leadgen", server.url, source, home / "out.jsonl", CONCURRENCY)
            cpu[count] = run(line, cwd=home, environ=environ("leadgen", server.url, home)).cpu
        found.append((cpu[companies] - cpu[1]) / (companies - 1) / len(KINDS) * 1e6)
    return found


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--companies", type=int, default=500)
    parser.add_argument("--no-report", action="store_true", help="Print only.")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        Server(options.companies * len(ADDS) * (options.rounds + 1) + 1_000) as server,
    ):
        folder = Path(name)
        found = asyncio.run(_rounds(server, folder, options.rounds, options.companies))
        found["run"] = _whole(server, folder, options.rounds, 1_000)
    _tell(found, report_it=not options.no_report)


def _tell(found: dict[str, list[float]], *, report_it: bool) -> None:
    rows: list[list[str]] = []
    before = 0.0
    data: dict[str, Any] = {}
    for name, values in found.items():
        spread = Spread(values)
        own = "" if name == "session" else f"{spread.median - before:.0f}"
        rows.append([name, ADDS[name], f"{spread.median:.0f} ({spread.least:.0f}-{spread.most:.0f})", own])
        data[name] = spread.json()
        before = 0.0 if name == "session" else spread.median
    text = table(["up to", "what is added", "us CPU/request so far", "of it this stage"], rows)
    sys.stdout.write(text)
    if report_it:
        report("stages", "What each stage costs", __doc__ or "", text, {"us_cpu_per_request_up_to": data})


if __name__ == "__main__":
    main()
