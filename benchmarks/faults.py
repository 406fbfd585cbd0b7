"""What faults of an API cost: 1 % HTTP 500, 1 % reset, 1 % stalled for 2 s, 0.5 % cut off in the middle.

``python benchmarks/faults.py`` writes ``results/faults.md`` and ``.json``. 1,000 companies, 3,000 requests, 20 at a
time, 20 ms latency. *Extra* requests are those beyond 3,000; *needed* are the faults that must be asked again, that is
all but the stalls. Rounds interleave the contestants; the server draws the same faults for each.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bodies import numbers
from contestants import command, environ
from measuring import Server, Spread, run, write_input
from reporting import report, table

COMPANIES = 1_000
REQUESTS = 3 * COMPANIES
LATENCY_MS = 20.0
OURS, THREADS = "leadgen", "requests-threads"
NAMES = (OURS, THREADS, "careful-aiohttp")


def once(name: str, server: Server, folder: Path) -> dict[str, float]:
    """One run: companies that came out, those that came twice, extra requests, faults, seconds."""
    folder.mkdir()
    source = write_input(folder / "in.csv", numbers(COMPANIES))
    output = folder / "out.jsonl"
    server.count()
    server.faults()
    environment = environ(name, server.url, folder)
    done = run(command(name, server.url, source, output), cwd=folder, environ=environment, accept=(0, 1))
    asked, faults = server.count(), server.faults()
    found = Counter(_number(line) for line in output.read_text(encoding="utf-8").splitlines())
    needed = sum(faults.values()) - faults.get("stall", 0)
    return {
        "complete": len(found),
        "twice": sum(count > 1 for count in found.values()),
        "extra": asked - REQUESTS,
        "needed": needed,
        "extra_per_needed": (asked - REQUESTS) / needed,
        "seconds": done.wall,
        "exit": done.code,
    }


def _number(line: str) -> str:
    """The company of a line, only when all that belongs to it was answered."""
    body = json.loads(line)
    if "company" not in body:
        return str(body["number"])
    whole = all(outcome["state"] != "unknown" for outcome in body["outcomes"].values())
    return str(body["company"]["number"]) if whole else ""


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="Names with commas between; no results are written.")
    options = parser.parse_args()
    names = NAMES if options.only is None else tuple(options.only.split(","))
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder, Server(COMPANIES, LATENCY_MS, faults=True) as server:
        for number in range(options.rounds):
            for name in names:
                runs[name].append(once(name, server, Path(folder) / f"{number}-{name}"))
                sys.stderr.write(f"{name}: {runs[name][-1]}\n")
    walls = {name: Spread([each["seconds"] for each in runs[name]]) for name in names}
    threads = walls[THREADS].median if THREADS in walls else float("nan")
    rows = [
        [
            name,
            f"{min(each['complete'] for each in runs[name]):.0f}-{max(each['complete'] for each in runs[name]):.0f}",
            f"{max(each['twice'] for each in runs[name]):.0f}",
            f"{Spread([each['extra'] for each in runs[name]]).median:.0f}",
            f"{Spread([each['needed'] for each in runs[name]]).median:.0f}",
            f"{Spread([each['extra_per_needed'] for each in runs[name]]).median:.2f}",
            f"{walls[name].median:.1f} ({walls[name].least:.1f}-{walls[name].most:.1f})",
            f"{walls[name].median / threads:.2f}x",
        ]
        for name in names
    ]
    head = ["contestant", "complete of 1,000", "twice", "extra", "needed", "extra / needed", "seconds", "/ threads"]
    text = table(head, rows)
    sys.stdout.write(text)
    if options.only is None:
        report("faults", "Faults of an API", __doc__ or "", text, {"runs": runs})


if __name__ == "__main__":
    main()
