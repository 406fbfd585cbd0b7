"""Start: from the start of the process to its first request, and the help page, with all plugins from wheels.

``python benchmarks/startup.py`` makes an environment of wheels (``environment.py``), then runs leadgen and the
raw aiohttp program by turns over one company; the server notes when the first request came. Of ``leadgen --help``
and ``python -c pass`` the CPU of the process is measured. Medians.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import environment
from bodies import numbers
from contestants import command, environ, interpreter, leadgen
from measuring import Server, Spread, run, write_input
from reporting import report, table


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--here", action="store_true", help="The leadgen of this environment; no results are written.")
    options = parser.parse_args()
    if not options.here:
        os.environ["BENCHMARK_LEADGEN"] = str(environment.make())
    first: dict[str, list[float]] = {"raw-aiohttp": [], "leadgen": []}
    cpu: dict[str, list[float]] = {"python -c pass": [], "leadgen --help": []}
    with tempfile.TemporaryDirectory() as place, Server(1) as server:
        folder = Path(place)
        source = write_input(folder / "in.csv", numbers(1))
        python = str(Path(leadgen()).with_name("python"))
        commands = {"python -c pass": [python, "-c", "pass"], "leadgen --help": [leadgen(), "--help"]}
        interpreter("raw-aiohttp")
        for turn in range(options.rounds + 1):
            for name, values in first.items():
                home = folder / f"{turn}-{name}"
                home.mkdir()
                line = command(name, server.url, source, home / "out.jsonl")
                done = run(line, cwd=home, environ=environ(name, server.url, folder))
                values.append((server.first() - done.began) * 1e3)
            for name, values in cpu.items():
                values.append(run(commands[name], cwd=folder, environ=environ("leadgen", server.url, folder)).cpu * 1e3)
    # The first round compiles and fills the system's caches.
    spreads = {name: Spread(values[1:]) for name, values in {**first, **cpu}.items()}
    ratios = {
        "leadgen": spreads["leadgen"].median / spreads["raw-aiohttp"].median,
        "leadgen --help": spreads["leadgen --help"].median / spreads["python -c pass"].median,
    }
    reach = {"leadgen": "1.7x", "leadgen --help": "8x"}
    units = {"raw-aiohttp": "to first request, ms", "leadgen": "to first request, ms"}
    text = table(
        ["what", "measured", "median (least-most)", "ratio", "reach"],
        [
            [
                name,
                units.get(name, "CPU, ms"),
                f"{spread.median:.0f} ({spread.least:.0f}-{spread.most:.0f})",
                f"{ratios[name]:.2f}x" if name in ratios else "1x",
                reach.get(name, ""),
            ]
            for name, spread in spreads.items()
        ],
    )
    sys.stdout.write(text)
    if not options.here:
        data = {"ms": {name: spread.json() for name, spread in spreads.items()}, "ratios": ratios}
        report("startup", "Start: time to the first request", __doc__ or "", text, data)


if __name__ == "__main__":
    main()
