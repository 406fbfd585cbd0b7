"""leadgen.toml as nested dicts of sections, or one sentence that says where it is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from leadgen_core.errors import UsageError
from leadgen_core.settings.expect import shown

__all__ = ["Sections", "read_toml"]

Sections = dict[str, dict[str, Any]]

_MAX_BYTES = 4 * 1024 * 1024
_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path, name: str) -> tuple[Sections, dict[str, Sections]]:
    """The sections of the file and those of each of its profiles. ``name`` is what errors call the file.

    Raises :class:`~leadgen_core.UsageError` with file, line and column; nothing of the content is echoed,
    since it may be a secret.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"{name}: there is no such file") from None
    except (OSError, ValueError) as exc:
        raise UsageError(f"{name} cannot be read ({getattr(exc, 'strerror', None) or type(exc).__name__})") from None
    if len(content) > _MAX_BYTES:
        raise UsageError(f"{name} is too long for a configuration")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise UsageError(f"{name}, line {line}: byte {exc.start} of the file is not UTF-8") from None
    return _sections(_parse(text, name), name)


def _parse(text: str, name: str) -> dict[str, Any]:
    import tomllib  # many have no file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        # Only the place is taken: the rest of the message may quote the content.
        place = _PLACE.search(str(exc))
        if place is None:
            where = ""
        elif place[1] is None:
            lines = text.split("\n")
            where = f", line {len(lines)}, column {len(lines[-1]) + 1}"
        else:
            where = f", line {place[1]}, column {place[2]}"
        raise UsageError(f"{name}{where}: this is not valid TOML") from None
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets nested without end
        raise UsageError(f"{name} is not valid TOML") from None


def _sections(raw: dict[str, Any], name: str) -> tuple[Sections, dict[str, Sections]]:
    profiles: dict[str, Sections] = {}
    for profile, sections in _table(raw.pop("profiles", {}), name, "profiles").items():
        title = f"profiles.{profile}"
        inner = _table(sections, name, title)
        profiles[profile] = {key: _table(value, name, f"{title}.{key}") for key, value in inner.items()}
    return {key: _table(value, name, key) for key, value in raw.items()}, profiles


def _table(value: Any, name: str, title: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        title = shown(title)
        raise UsageError(f"{name}: {title} must be a section, [{title}]")
    return value
