"""Latency hidden: a server that takes 50 ms for each answer, 20 open requests.

``python benchmarks/latency.py`` compares leadgen with the raw aiohttp program by turns: requests/s from the first
request to the end, companies/s of the whole process, and leadgen one request at a time. Medians.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bodies import numbers
from contestants import command, environ
from measuring import Server, Spread, run, write_input
from reporting import report, table

LATENCY_MS = 50
COMPANIES = 300
SEQUENTIAL = 10
"""Companies of the run that has one open request: three requests each, 50 ms each."""


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-results", action="store_true", help="Print only.")
    options = parser.parse_args()
    per_second: dict[str, list[float]] = {}
    companies: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as place, Server(COMPANIES, LATENCY_MS) as server:
        folder = Path(place)
        plans = {"raw-aiohttp": (COMPANIES, 20), "leadgen": (COMPANIES, 20), "leadgen one by one": (SEQUENTIAL, 1)}
        sources = {count: write_input(folder / f"{count}.csv", numbers(count)) for count in (COMPANIES, SEQUENTIAL)}
        for turn in range(options.rounds):
            for name, (count, concurrency) in plans.items():
                home = folder / f"{turn}-{name}"
                home.mkdir()
                server.count()
                line = command(name, server.url, sources[count], home / "out.jsonl", concurrency)
                done = run(line, cwd=home, environ=environ(name, server.url, folder))
                asked, first = server.count(), server.first()
                if asked != 3 * count or first is None:
                    raise SystemExit(f"{name} made {asked} requests for {count} companies")
                per_second.setdefault(name, []).append(asked / (done.began + done.wall - first))
                companies.setdefault(name, []).append(count / done.wall)
    requests = {name: Spread(values) for name, values in per_second.items()}
    whole = {name: Spread(values) for name, values in companies.items()}
    raw, ours, alone = requests["raw-aiohttp"], requests["leadgen"], requests["leadgen one by one"]
    ratios = {
        "requests/s to raw aiohttp": ours.median / raw.median,
        "companies/s to raw aiohttp": whole["leadgen"].median / whole["raw-aiohttp"].median,
        "requests/s to one by one": ours.median / alone.median,
    }
    rows = [
        [name, f"{requests[name].median:.0f}", f"{spread.median:.1f} ({spread.least:.1f}-{spread.most:.1f})"]
        for name, spread in whole.items()
    ]
    reach = {
        "requests/s to raw aiohttp": "0.97",
        "companies/s to raw aiohttp": "0.95",
        "requests/s to one by one": "15",
    }
    text = table(["contestant", "requests/s", "companies/s of the whole process"], rows)
    text += "\n" + table(
        ["ratio of leadgen", "measured", "reach"], [[k, f"{v:.2f}", reach[k]] for k, v in ratios.items()]
    )
    sys.stdout.write(text)
    if not options.no_results:
        data = {
            "requests_per_second": {name: spread.json() for name, spread in requests.items()},
            "companies_per_second": {name: spread.json() for name, spread in whole.items()},
            "ratios": ratios,
        }
        report("latency", "Latency hidden: 50 ms a request", __doc__ or "", text, data)


if __name__ == "__main__":
    main()
