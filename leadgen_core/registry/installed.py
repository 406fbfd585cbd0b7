"""What is installed, from the metadata of distributions: nothing of a plugin is imported.

Named tuples and not attrs classes: the help page waits for them, and importing attrs is a sixth of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from leadgen_core.registry.metadata import Metadata, installed_metadata

__all__ = ["COMMANDS", "PLUGINS", "Command", "Installed", "Scan", "printable", "scan"]

PLUGINS = "leadgen.plugins"
COMMANDS = "leadgen.commands"
_LONGEST = 64
"""Characters of a plugin's name."""
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_COMMAND = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*(?::[^\W\d][\w.]*)?")
_RESERVED = frozenset({"run", "plugins", "profiles"})  # sections of the configuration that are the core's


class Installed(NamedTuple):
    """A plugin: the name that its entry point gives it, its distribution with version, and its module."""

    name: str
    distribution: str
    version: str
    value: str

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution} {self.version})"


class Command(NamedTuple):
    """A command that a distribution adds; ``value`` is ``module:attribute``, imported when the command is used."""

    name: str
    distribution: str
    version: str
    value: str


class Scan(NamedTuple):
    """Everything that was found, sorted, whatever the order of installation, and what could not be read.

    ``unusable`` has the sentences about plugins whose entry point cannot be used, by the name that it has.
    """

    plugins: tuple[Installed, ...] = ()
    commands: tuple[Command, ...] = ()
    notes: tuple[str, ...] = ()
    unusable: tuple[tuple[str, str], ...] = ()


def scan() -> Scan:
    """Read the entry points of every distribution on ``sys.path``. What is broken becomes a note with its place."""
    plugins: list[Installed] = []
    commands: list[Command] = []
    notes: list[str] = []
    unusable: list[tuple[str, str]] = []
    seen: set[str] = set()
    for found in installed_metadata(needle="leadgen."):
        normal = re.sub(r"[-_.]+", "-", found.name).lower()
        if normal in seen:  # as in imports, the first on the path counts
            continue
        seen.add(normal)
        notes += found.flaws
        for group, name, value in _entries(found):
            if (flaw := _flaw(group, name, value)) is not None:
                what = "plugin" if group == PLUGINS else "command"
                sentence = f"{found.name} {found.version} offers a {what} {flaw} ({found.place})"
                notes.append(sentence)
                if group == PLUGINS:
                    unusable.append((name, sentence))
            elif group == COMMANDS:
                commands.append(Command(name, found.name, found.version, value))
            else:
                plugins.append(Installed(name, found.name, found.version, value))
    return Scan(tuple(sorted(plugins)), tuple(sorted(commands)), tuple(sorted(notes)), tuple(unusable))


def _entries(found: Metadata) -> Iterator[tuple[str, str, str]]:
    for group in (PLUGINS, COMMANDS):
        for name, value in found.entries.get(group, ()):
            yield group, name, value


def _flaw(group: str, name: str, value: str) -> str | None:
    """What is wrong with an entry point, in words that can stand in a terminal."""
    shown = printable(name)
    pattern = _NAME if group == PLUGINS else _COMMAND
    if len(name) > _LONGEST or not pattern.fullmatch(name) or (group == PLUGINS and name in _RESERVED):
        return f"under a name that cannot be used: {shown}; lower-case letters, digits and single dashes make one"
    if len(value) > 4 * _LONGEST or not _MODULE.fullmatch(value):
        return f"{shown} whose entry point is no module: {printable(value)}"
    return None


def printable(text: str) -> str:
    """Of a text that anybody may have written, so much as a line of a terminal can hold."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:_LONGEST])
    return f"{shown}..." if len(text) > _LONGEST else shown
