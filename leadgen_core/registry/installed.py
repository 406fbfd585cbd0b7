"""What is installed, from the metadata of distributions: nothing of a plugin is imported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from importlib.metadata import Distribution

__all__ = ["COMMANDS", "PLUGINS", "Command", "Installed", "Scan", "scan"]

PLUGINS = "leadgen.plugins"
COMMANDS = "leadgen.commands"
UNKNOWN = "unknown"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_RESERVED = frozenset({"run", "plugins", "profiles"})  # sections of the configuration that are the core's


@frozen(order=True)
class Installed:
    """A plugin: the name that its entry point gives it, its distribution with version, and its module."""

    name: str
    distribution: str
    version: str
    value: str

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution} {self.version})"


@frozen(order=True)
class Command:
    """A command that a distribution adds; ``value`` is ``module:attribute``, imported when the command is used."""

    name: str
    distribution: str
    version: str
    value: str


@frozen
class Scan:
    """Everything that was found, sorted, whatever the order of installation, and what could not be read."""

    plugins: tuple[Installed, ...] = ()
    commands: tuple[Command, ...] = ()
    notes: tuple[str, ...] = ()


def scan() -> Scan:
    """Read the entry points of every distribution on ``sys.path``. Broken metadata becomes a note."""
    from importlib.metadata import distributions  # most of the cost of start-up, so only when needed

    plugins: list[Installed] = []
    commands: list[Command] = []
    notes: list[str] = []
    seen: set[str] = set()
    for distribution in distributions():
        name = version = UNKNOWN
        try:
            # Parsing metadata is slow; hundreds of distributions have nothing to do with us.
            if "leadgen." not in (distribution.read_text("entry_points.txt") or ""):
                continue
            name, version = _identity(distribution)
            normal = re.sub(r"[-_.]+", "-", name).lower()
            if name != UNKNOWN and normal in seen:  # as in imports, the first on the path counts
                continue
            seen.add(normal)
            for group, entry, value in _entries(distribution):
                if group == COMMANDS:
                    commands.append(Command(entry, name, version, value))
                elif not _NAME.fullmatch(entry) or entry in _RESERVED:
                    notes.append(f"{name} {version} offers a plugin under a name that cannot be used: {entry}")
                else:
                    plugins.append(Installed(entry, name, version, value))
        except Exception as exc:
            notes.append(f"the metadata of {name} {version} cannot be read ({type(exc).__name__})")
    return Scan(tuple(sorted(plugins)), tuple(sorted(commands)), tuple(sorted(notes)))


def _identity(distribution: Distribution) -> tuple[str, str]:
    metadata = distribution.metadata
    return str(metadata["Name"] or UNKNOWN), str(metadata["Version"] or UNKNOWN)


def _entries(distribution: Distribution) -> Iterator[tuple[str, str, str]]:
    entries = distribution.entry_points
    for group in (PLUGINS, COMMANDS):
        for entry in entries.select(group=group):
            yield group, entry.name, entry.value
