"""One layer of one section: where its values stand, and what each place is called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field

from leadgen_core.model.records import frozen
from leadgen_core.settings.expect import shown

__all__ = ["CORE", "TIER", "Layer", "Placed", "env_name"]

TIER = "tier"
CORE = ("run", "plugins")
"""The sections that are no plugin's, and so have no tiers."""


def env_name(section: str, path: str = "") -> str:
    """The variable of a key: ``LEADGEN_COMPANIES_HOUSE__API_KEY``; without a key, its beginning."""
    return f"LEADGEN_{section.replace('-', '_')}__{path.replace('.', '__').replace('-', '_')}".upper()


@frozen
class Placed:
    """A raw value, never printed, with the words for its place.

    ``text``: it was typed as text, so numbers and lists are read from it. ``open``: it may be a plain secret,
    not only a reference. Relative paths in it start at ``base``.
    """

    raw: Any = field(repr=False)
    where: str
    text: bool
    open: bool
    base: Path


@frozen
class Layer:
    """The values that one origin (file, profile, environment, ``--set``) has for one section.

    File layers are nested as TOML is; the others are flat, ``{"tier.officers": "2"}``.
    """

    section: str
    origin: str
    """``environment``, ``--set``, or the file and section in words."""
    values: Mapping[str, Any] = field(repr=False)
    base: Path

    @property
    def in_file(self) -> bool:
        return self.origin not in ("environment", "--set")

    def where(self, path: str) -> str:
        """The key in words, to begin a sentence with."""
        path = shown(path)
        if self.origin == "environment":
            return env_name(self.section, path)
        if self.origin == "--set":
            return f"--set {self.section}.{path}"
        return f"{self.origin} {path}"

    def place(self, path: str, raw: Any) -> Placed:
        return Placed(raw, self.where(path), not self.in_file, self.origin != "--set", self.base)

    def items(self, known: Collection[str]) -> Iterator[tuple[str, Any]]:
        """Every key but the tiers, as dotted path, with its raw value; tables are opened unless they are known."""
        values = self.values
        if self.section not in CORE:
            values = {path: raw for path, raw in values.items() if path.partition(".")[0] != TIER}
        yield from _flat(values, "", known) if self.in_file else values.items()

    def tiers(self) -> Mapping[str, Any] | None:
        """The tiers by source as they are written; None where ``tier`` is no table."""
        if self.in_file:
            found = self.values.get(TIER, {})
            return found if isinstance(found, dict) else None
        if TIER in self.values:
            return None
        return {path.removeprefix(f"{TIER}."): raw for path, raw in self.values.items() if path.startswith(f"{TIER}.")}


def _flat(table: Mapping[str, Any], prefix: str, known: Collection[str]) -> Iterator[tuple[str, Any]]:
    for key, raw in table.items():
        path = f"{prefix}{key}"
        opens = isinstance(raw, dict) and path not in known and any(name.startswith(f"{path}.") for name in known)
        if opens:
            yield from _flat(raw, f"{path}.", known)
        else:
            yield path, raw
