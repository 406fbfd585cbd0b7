"""The pins in pyproject.toml: which version of everything this repository was last tested with.

``python -m tests.packaging.pins`` writes those of the environment that it runs in; with ``--clear`` it takes
them all out, so that a newer version can be installed at all. CONTRIBUTING.md has the three commands.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import distributions

from tests.packaging.layout import ROOT

__all__ = ["installed", "with_pins"]

_BLOCK = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
_OURS = re.compile(r"leadgen-.+")
_INSTALLERS = frozenset({"pip", "setuptools", "uv", "wheel"})
"""What makes environments is no part of one."""


def installed() -> dict[str, str]:
    """The version of every distribution of others in this environment, by normalised name."""
    found = {re.sub(r"[-_.]+", "-", each.name).lower(): each.version for each in distributions()}
    return {
        name: version
        for name, version in sorted(found.items())
        if name not in _INSTALLERS and not _OURS.fullmatch(name)
    }


def with_pins(pyproject: str, pins: dict[str, str]) -> str:
    """The text of pyproject.toml with these pins in place of its own."""
    lines = "".join(f'  "{name}=={version}",\n' for name, version in pins.items())
    changed, count = _BLOCK.subn(f"constraint-dependencies = [\n{lines}]\n", pyproject)
    if count != 1:
        raise ValueError("pyproject.toml has no table of constraint-dependencies, or two")
    return changed


def main(arguments: list[str]) -> int:
    """The program."""
    if arguments not in ([], ["--clear"]):
        sys.stderr.write("usage: python -m tests.packaging.pins [--clear]\n")
        return 2
    path = ROOT / "pyproject.toml"
    pins = {} if arguments else installed()
    path.write_text(with_pins(path.read_text(encoding="utf-8"), pins), encoding="utf-8")
    sys.stdout.write(f"{len(pins)} pins\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
