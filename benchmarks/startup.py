"""Start: from the start of the process to its first request, and the help page, with all plugins from wheels.

``python benchmarks/startup.py`` makes an environment of wheels (``environment.py``), then starts leadgen and the
raw aiohttp program by turns; the server notes when the first request came, and the process is killed there. Its CPU
up to there is the figure that other jobs of the machine disturb least; the wall time stands beside it. Of
``leadgen --help`` and ``python -c pass`` the CPU of the process is measured. Medians.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import environment
from bodies import numbers
from contestants import command, environ, interpreter, leadgen
from measuring import Server, Spread, run, run_to, write_input
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
    wall: dict[str, list[float]] = {name: [] for name in first}
    cpu: dict[str, list[float]] = {"python -c pass": [], "leadgen --help": []}
    with tempfile.TemporaryDirectory() as place, Server(1, math.inf) as server:
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
                spent = run_to(line, cwd=home, environ=environ(name, server.url, folder), moment=server.first)
                wall[name].append(spent[0] * 1e3)
                values.append(spent[1] * 1e3)
            for name, values in cpu.items():
                values.append(run(commands[name], cwd=folder, environ=environ("leadgen", server.url, folder)).cpu * 1e3)
    # The first round compiles and fills the system's caches.
    spreads = {name: Spread(values[1:]) for name, values in {**first, **cpu}.items()}
    ratios = {
        "leadgen": spreads["leadgen"].median / spreads["raw-aiohttp"].median,
        "leadgen --help": spreads["leadgen --help"].median / spreads["python -c pass"].median,
    }
    reach = {"leadgen": "1.7x", "leadgen --help": "8x"}
    walls = {name: Spread(values[1:]).median for name, values in wall.items()}
    text = table(
        ["what", "CPU, ms: median (least-most)", "ratio", "reach", "wall, ms"],
        [
            [
                f"{name}, to the first request" if name in wall else name,
                f"{spread.median:.0f} ({spread.least:.0f}-{spread.most:.0f})",
                f"{ratios[name]:.2f}x" if name in ratios else "1x",
                reach.get(name, ""),
                f"{walls[name]:.0f}" if name in walls else "",
            ]
            for name, spread in spreads.items()
        ],
    )
    sys.stdout.write(text)
    if not options.here:
        data = {"cpu_ms": {name: spread.json() for name, spread in spreads.items()}, "ratios": ratios, "wall_ms": walls}
        report("startup", "Start: time to the first request", __doc__ or "", text, data)


if __name__ == "__main__":
    main()
