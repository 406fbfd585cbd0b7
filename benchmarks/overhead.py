"""CPU per request of ``leadgen run`` beside what a Python developer would use instead (0 ms latency).

``python benchmarks/overhead.py`` writes ``results/overhead.md`` and ``.json``. CPU per request of a contestant =
(CPU of a run over 1,000 companies less that of a run over one) / 2,997: user and system time of the whole process
and its children. Rounds interleave the contestants; the figures are medians over the rounds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bodies import numbers
from contestants import PEERS, command, environ, version
from measuring import HERE, Server, Spread, run, write_input
from reporting import report, table

COMPANIES = 1_000
REQUESTS = 3 * COMPANIES
EXTRA = 3 * (COMPANIES - 1)
RAW, OURS, RESOLVE = "raw-aiohttp", "leadgen", "resolve"
SLOW = {"scrapy", "dlt", "singer-sdk", "airbyte-cdk"}


class Rounds:
    """The runs of all contestants, one after the other, round by round."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._sources = {count: write_input(folder / f"{count}.csv", numbers(count)) for count in (1, COMPANIES)}
        self._runs = 0
        self.per_request: dict[str, list[float]] = {}
        self.start_cpu: dict[str, list[float]] = {}
        self.per_second: dict[str, list[float]] = {}

    def once(self, name: str, count: int) -> tuple[float, float]:
        """CPU and wall seconds of one run; what the server counted and what was written must be right."""
        self._runs += 1
        folder = self._folder / f"{self._runs:05}-{name}"
        folder.mkdir()
        output = folder / "out.jsonl"
        if name == RESOLVE:
            told = folder / "cpu"
            steps = [sys.executable, str(HERE / "resolving.py"), "--resolve", str(count), "--cpu", str(told)]
            done = run(steps, cwd=folder, environ={})
            return float(told.read_text(encoding="utf-8")), done.wall
        environment = environ(name, self._server.url, folder)
        self._server.count()
        done = run(command(name, self._server.url, self._sources[count], output), cwd=folder, environ=environment)
        asked = self._server.count()
        if asked != 3 * count:
            raise SystemExit(f"{name} made {asked} requests for {count} companies")
        lines = sum(
            len(path.read_bytes().splitlines()) for path in folder.glob("out*.jsonl") if "rejects" not in path.name
        )
        if lines != count:
            raise SystemExit(f"{name} wrote {lines} lines for {count} companies")
        return done.cpu, done.wall

    def round(self, names: list[str]) -> None:
        """One run of each size of each contestant."""
        for name in names:
            one, _ = self.once(name, 1)
            many, wall = self.once(name, COMPANIES)
            self.start_cpu.setdefault(name, []).append(one * 1e3)
            self.per_request.setdefault(name, []).append((many - one) / EXTRA * 1e6)
            self.per_second.setdefault(name, []).append(COMPANIES / wall)
            sys.stderr.write(f"{name:18}{self.per_request[name][-1]:9.1f} us/request  start {one * 1e3:7.1f} ms\n")


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", help="Names with commas between, as the table has them; no results are written.")
    options = parser.parse_args()
    everyone = [RAW, OURS, RESOLVE, *(name for name in PEERS if name != RAW)]
    names = everyone if options.only is None else [*options.only.split(","), RESOLVE]
    if OURS not in names:
        names.remove(RESOLVE)
    with tempfile.TemporaryDirectory() as folder, Server(COMPANIES) as server:
        rounds = Rounds(server, Path(folder))
        for name in names:
            rounds.once(name, 1)  # environments, compiled files, the server's own first time
        for number in range(options.rounds):
            sys.stderr.write(f"round {number + 1}\n")
            # The slow frameworks take minutes a round; five are enough for their spread.
            rounds.round([name for name in names if number < 5 or name not in SLOW])
    text, data = _tell(rounds, names)
    sys.stdout.write(text)
    if options.only is None:
        report("overhead", "Overhead: CPU per request at 0 ms", __doc__ or "", text, data)


def _tell(rounds: Rounds, names: list[str]) -> tuple[str, dict[str, object]]:
    spreads = {name: Spread(rounds.per_request[name]) for name in names}
    raw = spreads[RAW].median if RAW in spreads else 1.0
    rows = []
    ratios: dict[str, float] = {}
    if OURS in names:
        # The steps that judge are no part of fetching: measured alone, in the same rounds, and taken off.
        rest = Spread([a - b for a, b in zip(rounds.per_request[OURS], rounds.per_request[RESOLVE], strict=True)])
        spreads = {"leadgen without resolve and score": rest, **spreads}
    for name, spread in sorted(spreads.items(), key=lambda item: item[1].median):
        ratios[name] = spread.median / raw
        start = rounds.start_cpu.get(name)
        speed = rounds.per_second.get(name)
        rows.append(
            [
                name,
                f"{spread.median:.0f} ({spread.least:.0f}-{spread.most:.0f})",
                f"{ratios[name]:.2f}x",
                f"{Spread(start).median:.0f}" if start else "",
                f"{Spread(speed).median:.0f}" if speed and name != RESOLVE else "",
                version(name) if name in PEERS else "",
            ]
        )
    text = table(["contestant", "us CPU/request", "ratio", "CPU of 1 company, ms", "companies/s", "versions"], rows)
    data: dict[str, object] = {
        "requests": REQUESTS,
        "us_cpu_per_request": {name: spread.json() for name, spread in spreads.items()},
        "ratio_to_raw_aiohttp": ratios,
        "cpu_ms_of_one_company": {name: Spread(values).json() for name, values in rounds.start_cpu.items()},
        "companies_per_second": {name: Spread(values).json() for name, values in rounds.per_second.items()},
    }
    return text, data


if __name__ == "__main__":
    main()
