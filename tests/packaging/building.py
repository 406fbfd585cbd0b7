"""Wheels of the repository's distributions, and environments to install them in."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.packaging.layout import ROOT, ROOT_PROJECT, Distribution

__all__ = ["SECONDS", "build_wheels", "constraints", "uv"]

SECONDS = 900


def uv(*arguments: str | Path, cwd: Path) -> None:
    """Run uv; its output is the error when it fails."""
    program = os.environ.get("UV") or shutil.which("uv") or "uv"
    done = subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, f"uv {arguments[0]}\n{done.stdout}{done.stderr}"


def build_wheels(folder: Path, contrib: Iterable[Distribution] = ()) -> dict[str, Path]:
    """The wheel of the core and of each plugin, and of these others, newly built, by its name."""
    uv("build", "--quiet", "--all-packages", "--wheel", "--out-dir", folder, cwd=ROOT)
    for each in contrib:
        uv("build", "--quiet", "--wheel", "--out-dir", folder, each.folder, cwd=folder)
    return {file.name.partition("-")[0].replace("_", "-"): file for file in folder.glob("*.whl")}


def constraints(folder: Path) -> Path:
    """A file of the versions that the repository was tested with."""
    file = folder / "constraints.txt"
    file.write_text("\n".join(ROOT_PROJECT["tool"]["uv"]["constraint-dependencies"]))
    return file
