"""Peak memory of ``leadgen run`` at 1,000 and at 100,000 companies (0 ms latency).

``python benchmarks/memory.py`` takes some minutes; ``--most 10000`` makes the long run shorter.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bodies import numbers
from contestants import command, environ
from measuring import Server, run, write_input
from reporting import report, table

_PEAK = re.compile(r"peak memory ([0-9.]+) MB")


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--no-results", action="store_true", help="Print only.")
    options = parser.parse_args()
    peaks: dict[int, float] = {}
    cpu: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as place, Server(options.most) as server:
        folder = Path(place)
        for count in (1_000, options.most):
            home = folder / str(count)
            home.mkdir()
            source = write_input(home / "in.csv", numbers(count))
            line = command("leadgen", server.url, source, home / "out.jsonl")
            server.count()
            done = run(line, cwd=home, environ=environ("leadgen", server.url, home))
            if (asked := server.count()) != 3 * count:
                raise SystemExit(f"{asked} requests for {count} companies")
            told = _PEAK.search(done.errors)
            # The kernel's figure for a child begins with its parent's, so the run's own is taken where it says one.
            peaks[count] = float(told[1]) if told else done.peak_mb
            cpu[count] = done.cpu / count / 3 * 1e6
    grown = peaks[options.most] - peaks[1_000]
    rows = [[f"{count:,}", f"{peak:.0f}", f"{cpu[count]:.0f}"] for count, peak in peaks.items()]
    text = table(["companies", "peak RSS, MB", "us CPU/request, start included"], rows)
    text += f"\nGrowth {grown:+.1f} MB (reach: 70 MB at 1,000 and not 5 MB more at 100,000).\n"
    sys.stdout.write(text)
    if not options.no_results:
        data = {
            "peak_mb": {str(k): v for k, v in peaks.items()},
            "us_cpu_per_request": {str(k): v for k, v in cpu.items()},
        }
        report("memory", "Peak memory", __doc__ or "", text, data)


if __name__ == "__main__":
    main()
