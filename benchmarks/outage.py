"""One of two APIs is down for 60 s of a run: what the other one notices, and what fills the gaps.

``python benchmarks/outage.py`` writes ``results/outage.md`` and ``.json``. Two register-like servers, 50 ms latency,
20 requests at a time; each company asks the first three questions and the second one. The second closes its port for
60 s. Requests a second are counted by the servers, in the seconds before the outage (the first five left out) and
during it. Then ``--resume --retry unknown`` with a cache that outlives the process (SQLite): it may ask the second API
as many questions as there are gaps, and the first none.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from bodies import numbers
from contestants import environ, leadgen
from measuring import HERE, Server, Spread, write_input
from reporting import report, table

LATENCY_MS = 50.0
BEFORE = 15
"""Seconds."""


def install(folder: Path) -> str:
    """A folder for PYTHONPATH that makes the second plugin an installed one."""
    metadata = folder / "leadgen_second-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: leadgen-second\nVersion: 0.1.0\n")
    (metadata / "entry_points.txt").write_text("[leadgen.plugins]\nsecond = leadgen_second\n")
    return f"{folder}{os.pathsep}{HERE / 'second' / 'src'}"


def second_outcomes(output: Path) -> Counter[str]:
    """How the second API's question ended, over all leads."""
    found: Counter[str] = Counter()
    for line in output.read_text(encoding="utf-8").splitlines():
        outcome = json.loads(line)["outcomes"]["second.profile"]
        found[outcome["cause"] or outcome["state"]] += 1
    return found


def watch(process: subprocess.Popen[bytes], first: Server, second: Server, outage: int) -> dict[str, Any]:
    """Requests in each second of both APIs, until the run ends; the outage is made on the way."""
    ticks: list[tuple[float, int, int]] = []
    began = time.monotonic()
    down_at = 0.0
    first.count()
    second.count()
    while process.poll() is None:
        time.sleep(1.0)
        now = time.monotonic() - began
        quiet = down_at and now < down_at + outage + 1
        ticks.append((now, first.count(), 0 if quiet else second.count()))
        if not down_at and now > BEFORE:
            second.down(outage)
            down_at = now
    spans = [later[0] - earlier[0] for earlier, later in pairwise(ticks)]
    rates = [(tick[0], tick[1] / span) for tick, span in zip(ticks[1:], spans, strict=True)]
    before = [rate for at, rate in rates if 5 < at < down_at]
    during = [rate for at, rate in rates if down_at + 1 < at < down_at + outage]
    return {
        "before": Spread(before).median,
        "during": Spread(during).median,
        "seconds": time.monotonic() - began,
        "outage_ended": down_at + outage,
    }


def once(companies: int, outage: int, folder: Path) -> dict[str, Any]:
    """One run with the outage, then the one that fills the gaps."""
    source, output = write_input(folder / "in.csv", numbers(companies)), folder / "out.jsonl"
    with Server(companies, LATENCY_MS) as first, Server(companies, LATENCY_MS) as second:
        environment = {
            **environ("leadgen", first.url, folder),
            "PYTHONPATH": install(folder),
            "LEADGEN_SECOND__BASE_URL": second.url,
            "LEADGEN_SECOND__API_KEY": "benchmark-key",
            "LEADGEN_DATABASE__URL": f"sqlite+aiosqlite:///{folder / 'cache.db'}",
        }
        names = "companies-house,second,identity,quota,memory,database,files"
        command = [leadgen(), "run", str(source), "--plugins", names, "-o", str(output)]
        process = _start(command, folder, environment)
        found = watch(process, first, second, outage)
        found["exit"] = process.wait()
        gaps = second_outcomes(output)
        first.count()
        second.count()
        again = _start([*command, "--resume", "--retry", "unknown"], folder, environment)
        found["exit_again"] = again.wait()
        found["calls_again"] = {"first": first.count(), "second": second.count()}
        found["outcomes"], found["outcomes_again"] = dict(gaps), dict(second_outcomes(output))
        found["summary"] = (folder / "stderr.txt").read_text(encoding="utf-8", errors="replace")[-1500:]
    return found


def _start(command: list[str], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    with (folder / "stderr.txt").open("wb") as errors:
        return subprocess.Popen(command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stderr=errors)


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=14_000)
    parser.add_argument("--outage", type=int, default=60, help="Seconds; results are written for 60 only.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = once(options.companies, options.outage, Path(folder))
    sys.stderr.write(found.pop("summary"))
    gaps = sum(count for outcome, count in found["outcomes"].items() if outcome != "found")
    rows = [
        ["first API, requests/s before the outage", f"{found['before']:.0f}"],
        ["first API, requests/s during it", f"{found['during']:.0f} ({found['during'] / found['before']:.2f}x)"],
        ["run ended after, outage after", f"{found['seconds']:.0f} s, {found['outage_ended']:.0f} s"],
        ["outcomes of the second API's question", _words(found["outcomes"])],
        ["gaps", str(gaps)],
        ["asked again by --resume --retry unknown", _words(found["calls_again"])],
        ["outcomes then", _words(found["outcomes_again"])],
        ["exit codes", f"{found['exit']}, {found['exit_again']}"],
    ]
    text = table(["what", "figure"], rows)
    sys.stdout.write(text)
    if options.outage == 60:
        report("outage", "One of two APIs is down for 60 s", __doc__ or "", text, found)


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


if __name__ == "__main__":
    main()
