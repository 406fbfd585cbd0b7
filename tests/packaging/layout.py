"""Where things are in the repository, and what their pyproject.toml files say."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import frozen

__all__ = ["CONTRIB", "PLUGINS", "ROOT", "ROOT_PROJECT", "Distribution", "requirement_name"]

ROOT = Path(__file__).resolve().parents[2]


def requirement_name(requirement: str) -> str:
    """The normalised name in ``leadgen-core>=0.1,<0.2``."""
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found is not None else ""


@frozen
class Distribution:
    """A folder of ``plugins/`` or ``contrib/``; its name is the plugin's."""

    folder: Path

    def __str__(self) -> str:
        return self.folder.name

    @property
    def name(self) -> str:
        """``leadgen-companies-house``."""
        return f"leadgen-{self.folder.name}"

    @property
    def package(self) -> str:
        """``leadgen_companies_house``."""
        return self.name.replace("-", "_")

    @property
    def source(self) -> Path:
        """The folder of the package."""
        return self.folder / "src" / self.package

    @cached_property
    def pyproject(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))

    @property
    def requirements(self) -> list[str]:
        """What it needs to run."""
        found: list[str] = self.pyproject["project"]["dependencies"]
        return found

    @property
    def test_requirements(self) -> list[str]:
        """What its tests need besides."""
        found: list[str] = self.pyproject["dependency-groups"]["test"]
        return found


def _distributions(folder: str) -> list[Distribution]:
    return [Distribution(path.parent) for path in sorted((ROOT / folder).glob("*/pyproject.toml"))]


ROOT_PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PLUGINS = _distributions("plugins")
CONTRIB = _distributions("contrib")
