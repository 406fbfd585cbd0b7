"""Metadata of installed distributions, read as files: the entry points, and whose they are.

``importlib.metadata`` gives the same, but parses every distribution with the standard library's mail parser and is
itself slow to import; with fifty plugins that was a third of ``leadgen --help``. It is used for what is no folder
(a zip file, a finder of somebody else).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from leadgen_core.errors import error_name

if TYPE_CHECKING:
    from importlib.metadata import Distribution

__all__ = ["Metadata", "installed_metadata"]

_ENDINGS = (".dist-info", ".egg-info")
_ENTRY_POINTS = "entry_points.txt"
_LARGEST = 1 << 20
"""Bytes of a file. A METADATA with a long description after its head is only read so far."""
_UNKNOWN = "unknown"


class Metadata(NamedTuple):
    """One distribution. ``place`` is its folder; ``entries`` are (name, value) by group; ``flaws`` are sentences."""

    name: str
    version: str
    place: str
    entries: Mapping[str, list[tuple[str, str]]] = MappingProxyType({})
    flaws: tuple[str, ...] = ()


def installed_metadata(needle: str) -> Iterator[Metadata]:
    """The distributions on ``sys.path`` whose entry points have ``needle`` in them, in the order of the path."""
    for entry in dict.fromkeys(sys.path):
        folder = entry or "."
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - a third of the time of a Path for each
        except NotADirectoryError:
            yield from _elsewhere(folder, needle)
            continue
        except OSError:
            continue
        for name in names:
            if name.endswith(_ENDINGS) or name == "EGG-INFO":
                found = _folder(os.path.join(folder, name), needle)  # noqa: PTH118
                if found is not None:
                    yield found
    yield from _other_finders(needle)


def _folder(place: str, needle: str) -> Metadata | None:
    data = _read(place, _ENTRY_POINTS)
    if data is None or needle.encode() not in data:
        return None
    head = _read(place, "METADATA")
    return _metadata(place, data, _read(place, "PKG-INFO") if head is None else head)


def _read(place: str, name: str) -> bytes | None:
    try:
        with open(f"{place}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - as above
            return file.read(_LARGEST)
    except OSError:
        return None


def _metadata(place: str, data: bytes, head: bytes | None) -> Metadata:
    flaws: list[str] = []
    name, version = _identity(head or b"")
    if not name or not version:
        # The folder has them too: NAME-VERSION.dist-info.
        stem = Path(place).name.rpartition(".")[0]
        from_folder = stem.partition("-")
        flaws.append(f"{place} has no {'METADATA' if head is None else 'name and version in its METADATA'}")
        name, version = name or from_folder[0] or _UNKNOWN, version or from_folder[2] or _UNKNOWN
    entries: dict[str, list[tuple[str, str]]] = {}
    try:
        text = data.decode()
    except UnicodeDecodeError:
        flaws.append(f"{place}/{_ENTRY_POINTS} is no UTF-8 text")
        return Metadata(name, version, place, entries, tuple(flaws))
    group = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
            continue
        key, equals, value = line.partition("=")
        if equals and group:
            # Extras in brackets say what else to install, and are none of ours.
            entries.setdefault(group, []).append((key.strip(), value.partition("[")[0].strip()))
        else:
            flaws.append(f"{place}/{_ENTRY_POINTS}, line {number}: neither a [group] nor NAME = MODULE")
    return Metadata(name, version, place, entries, tuple(flaws))


def _identity(head: bytes) -> tuple[str, str]:
    """Name and version from the head of a METADATA: what a terminal can print of them."""
    found = {"name": "", "version": ""}
    for line in head.split(b"\n"):
        if not line.strip():
            break  # the description follows
        key, colon, value = line.partition(b":")
        key_text = key.decode("ascii", "replace").strip().lower()
        if colon and key_text in found and not found[key_text]:
            found[key_text] = "".join(c for c in value.decode(errors="replace").strip() if c.isprintable())[:100]
    return found["name"], found["version"]


def _elsewhere(path: str, needle: str) -> Iterator[Metadata]:
    """Distributions in what is no folder: a zip file."""
    from importlib.metadata import distributions

    yield from _objects(lambda: distributions(path=[path]), path, needle)


def _other_finders(needle: str) -> Iterator[Metadata]:
    """Distributions of finders that somebody put beside Python's own."""
    from importlib.machinery import PathFinder

    others = [finder for finder in sys.meta_path if finder is not PathFinder and hasattr(finder, "find_distributions")]
    if not others:
        return
    from importlib.metadata import DistributionFinder

    for finder in others:
        yield from _objects(partial(finder.find_distributions, DistributionFinder.Context()), repr(finder), needle)


def _objects(find: Callable[[], Iterable[Distribution]], place: str, needle: str) -> Iterator[Metadata]:
    """Distributions as ``importlib.metadata`` has them; code of others, so what it raises is a flaw."""
    try:
        for each in find():
            text = each.read_text(_ENTRY_POINTS) or ""
            if needle in text:
                head = each.read_text("METADATA") or each.read_text("PKG-INFO")
                yield _metadata(place, text.encode(), None if head is None else head.encode())
    except Exception as error:
        flaw = f"{place}: the metadata cannot be read ({error_name(error)})"
        yield Metadata(place, _UNKNOWN, place, flaws=(flaw,))
