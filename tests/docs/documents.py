"""The documents, and the code blocks in them with what the lines around a block say of it."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import frozen

from tests.packaging.layout import CONTRIB, PLUGINS, ROOT

__all__ = ["DOCUMENTS", "READMES", "Block", "blocks", "place"]

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "plugins" / "sandbox" / "FAULTS.md",
]
READMES = [each.folder / "README.md" for each in (*PLUGINS, *CONTRIB)]
_BLOCK = re.compile(
    r"(?:<!-- (?P<relation>file|part of|writes): (?P<path>\S+) -->\n+)?"
    r"^```(?P<language>\w*)\n(?P<text>.*?)^```$"
    r"(?:\n<!-- (?P<remark>exit: \d+|not run: [^>]+) -->)?",
    re.MULTILINE | re.DOTALL,
)


@frozen
class Block:
    """A code block.

    ``relation`` and ``path``: ``file`` and ``part of`` a file of the repository, or ``writes`` one that the reader
    makes. ``remark``: ``exit: 1`` when its last command ends so, ``not run: why`` for one that cannot be tried here.
    """

    relation: str | None
    path: str | None
    language: str
    text: str
    remark: str | None

    @property
    def exit_code(self) -> int:
        """Of the last command."""
        return int(self.remark.removeprefix("exit: ")) if self.remark and self.remark.startswith("exit: ") else 0

    @property
    def runs(self) -> bool:
        """Whether its commands can be run in a test."""
        return self.language in ("", "sh") and not (self.remark or "").startswith("not run: ")


def blocks(document: Path) -> list[Block]:
    """The code blocks in their order."""
    return [Block(**found.groupdict()) for found in _BLOCK.finditer(document.read_text(encoding="utf-8"))]


def place(path: Path) -> str:
    """Where it is in the repository."""
    return path.relative_to(ROOT).as_posix()
