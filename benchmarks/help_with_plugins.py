"""How much longer ``leadgen --help`` takes with 50 plugins installed than with 5.

Builds small wheels, each with a plugin and a command, installs the core and so many of them into two fresh
environments, and takes the CPU time of ``leadgen --help`` in both by turns, so that a busy machine disturbs both
alike. Prints the ratio of the medians.

    python benchmarks/help_with_plugins.py [--runs N] [--write]
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["FEW", "MANY", "measure"]

ROOT = Path(__file__).resolve().parents[1]
FEW, MANY = 5, 50
RESULTS = ROOT / "benchmarks" / "results"
_MODULE = '''
import click
from leadgen_core import CompanyNumber, CompanyProfile, Plugin, SourceSpec, hookimpl

PLUGIN = Plugin(api_version=1)


@hookimpl
def leadgen_sources():
    return [SourceSpec(name="facts", factory=f"{__name__}:Facts", asks=CompanyNumber, yields=(CompanyProfile,))]


@click.command()
def command():
    """Of this plugin."""
'''


def wheel(folder: Path, number: int) -> Path:
    """A wheel of a tiny plugin with a command, as a build would make it."""
    name = f"leadgen_bench_{number:02}"
    info = f"{name}-1.0.dist-info"
    description = "A description, as every METADATA has one.\n" * 100
    files = {
        f"{name}/__init__.py": _MODULE,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n\n{description}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[leadgen.plugins]\nbench-{number:02} = {name}\n\n"
        f"[leadgen.commands]\nbench-{number:02} = {name}:command\n",
    }
    record = "".join(f"{path},{_digest(text)},{len(text.encode())}\n" for path, text in files.items())
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(file, text)
    return path


def _digest(text: str) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def environment(folder: Path, core: Path, wheels: Sequence[Path]) -> Path:
    """A fresh environment with the core and these; gives its ``leadgen``."""
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    _call(uv, "venv", "--quiet", "--python", sys.executable, folder)
    _call(uv, "pip", "install", "--quiet", "--python", scripts / "python", "--compile-bytecode", core, *wheels)
    return scripts / "leadgen"


def _call(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr}")


def seconds(leadgen: Path, plugins: int, cwd: Path) -> float:
    """CPU seconds of one ``leadgen --help``, which must list every command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([leadgen, "--help"], capture_output=True, text=True, check=True, timeout=60, cwd=cwd)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.stdout.count("(command of leadgen-bench-") != plugins:
        raise SystemExit(f"leadgen --help does not list {plugins} commands:\n{done.stdout}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder: Path, runs: int) -> dict[str, float]:
    """Medians (milliseconds of CPU) with few and with many plugins, and their ratio."""
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    _call(uv, "build", "--quiet", "--wheel", "--out-dir", folder / "core", ROOT)
    (core,) = (folder / "core").glob("*.whl")
    wheels = [wheel(folder, number) for number in range(MANY)]
    few = environment(folder / "few", core, wheels[:FEW])
    many = environment(folder / "many", core, wheels)
    taken: dict[int, list[float]] = {FEW: [], MANY: []}
    for turn in range(runs + 2):
        for count, leadgen in ((FEW, few), (MANY, many)):
            took = seconds(leadgen, count, folder)
            if turn >= 2:  # the first ones read from the disk
                taken[count].append(took)
    medians = {count: statistics.median(values) for count, values in taken.items()}
    return {
        f"ms_with_{FEW}": round(medians[FEW] * 1000, 1),
        f"ms_with_{MANY}": round(medians[MANY] * 1000, 1),
        "ratio": round(medians[MANY] / medians[FEW], 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=41)
    parser.add_argument("--write", action="store_true", help="Keep the figures in benchmarks/results.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leadgen-help-") as folder:
        figures = measure(Path(folder), arguments.runs)
    result = {
        **figures, "runs": arguments.runs, "python": platform.python_version(), "machine": platform.machine(),
        "cpus": os.cpu_count(),
    }  # fmt: skip
    sys.stdout.write(json.dumps(result) + "\n")
    if arguments.write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "help-with-plugins.json").write_text(json.dumps(result, indent=2) + "\n")
        (RESULTS / "help-with-plugins.md").write_text(
            "# `leadgen --help` with many plugins\n\n"
            f"CPU time of the process, median of {arguments.runs} runs by turns, plugins with one command each,\n"
            f"installed from wheels; Python {result['python']}, {result['cpus']} CPUs.\n\n"
            "| plugins | ms |\n|---|---|\n"
            f"| {FEW} | {figures[f'ms_with_{FEW}']} |\n| {MANY} | {figures[f'ms_with_{MANY}']} |\n\n"
            f"Ratio {figures['ratio']} (at most 1.3 is wanted). Print it again:\n"
            "`python benchmarks/help_with_plugins.py`.\n"
        )


if __name__ == "__main__":
    main()
