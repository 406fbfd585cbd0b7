"""An environment of its own for leadgen: the core and every plugin installed from wheels, with the tested versions.

``python benchmarks/environment.py`` makes it anew and prints its ``leadgen``. Benchmarks of start-up use it, because a
development environment has a hundred distributions more, which every start looks through.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

__all__ = ["ROOT", "make"]

ROOT = Path(__file__).parent.parent
_FOLDER = ROOT / "benchmarks" / ".environment"
_SKIPPED = re.compile(r"leadgen[-_](?:guild|example)")


def make() -> Path:
    """The console script ``leadgen`` of the new environment. Raises ``CalledProcessError`` when uv cannot make it."""
    wheels = _FOLDER / "wheels"
    pins = _FOLDER / "pins.txt"
    _FOLDER.mkdir(exist_ok=True)
    for old in wheels.glob("*.whl"):
        old.unlink()
    _run("uv", "build", "--quiet", "--all-packages", "--wheel", "--out-dir", str(wheels))
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
    pins.write_text("\n".join(tool["constraint-dependencies"]) + "\n", encoding="utf-8")
    venv = _FOLDER / "venv"
    _run("uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(venv))
    python = venv / "bin" / "python"
    made = [str(wheel) for wheel in sorted(wheels.glob("*.whl")) if not _SKIPPED.match(wheel.name)]
    install = ["uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
    _run(*install, "--constraints", str(pins), *made)
    return venv / "bin" / "leadgen"


def _run(*command: str) -> None:
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    sys.stdout.write(f"{make()}\n")
