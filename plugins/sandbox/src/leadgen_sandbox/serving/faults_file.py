"""The faults file: TOML or JSON, checked to the last key before anything is served. FAULTS.md describes it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from leadgen_core import UsageError
from leadgen_sandbox.serving.faults import PARAMETERS, ApiFaults, Fault, Kind, Parameter, Script

__all__ = ["EVERY", "read_faults", "realistic"]

EVERY = "*"
"""The section of all APIs that have none of their own."""
_MOST = 4 * 1024 * 1024
_SECTION = ("rates", "script", "window_phase")
_SCRIPT = ("path", "nth", "count", "fault")
_SHOWN = 80
_COUNT = 1_000_000_000


def read_faults(path: Path, apis: Sequence[str]) -> dict[str, ApiFaults]:
    """The faults of each of ``apis``, as the file says. Raises UsageError: one sentence with file and place."""
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(_MOST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError(f"--faults {name}: cannot be read: {why}") from None
    if len(content) > _MOST:
        raise UsageError(f"--faults {name}: is longer than {_MOST} bytes")
    return _checked(_parsed(content, name, is_json=path.suffix.lower() == ".json"), name, apis)


def realistic(apis: Sequence[str]) -> dict[str, ApiFaults]:
    """The faults of the world ``realistic``: the file ``realistic.toml`` beside this module."""
    content = files(__package__).joinpath("realistic.toml").read_bytes()
    return _checked(_parsed(content, "realistic.toml", is_json=False), "realistic.toml", apis)


def _parsed(content: bytes, name: str, *, is_json: bool) -> Mapping[str, Any]:
    try:
        text = content.decode("utf-8-sig")
        raw = json.loads(text) if is_json else tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"--faults {name}: line {line}: is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"--faults {name}: line {error.lineno}, column {error.colno}: is not valid JSON") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at (line \d+, column \d+|end of document)\)", str(error))
        raise UsageError(f"--faults {name}: {place[1] if place else 'it'}: is not valid TOML") from None
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets nested without end
        raise UsageError(f"--faults {name}: is not valid {'JSON' if is_json else 'TOML'}") from None
    if not isinstance(raw, dict):
        raise UsageError(f"--faults {name}: is no object of APIs")
    return raw


def _checked(raw: Mapping[str, Any], name: str, apis: Sequence[str]) -> dict[str, ApiFaults]:
    sections = {}
    for api, section in raw.items():
        place = f"--faults {name}: [{_shown(api)}]"
        if api not in (*apis, EVERY):
            _unknown(place, "no API of this name is simulated", api, [*apis, EVERY])
        sections[api] = _section(section, place)
    every = sections.get(EVERY, ApiFaults())
    return {api: sections.get(api, every) for api in apis}


def _section(raw: Any, place: str) -> ApiFaults:
    _table(raw, place, _SECTION)
    phase = raw.get("window_phase", 0.0)
    if not _within(phase, 0.0, 86_400.0):
        raise UsageError(f"{place} window_phase: must be a number of seconds from 0 to 86400")
    scripts = raw.get("script", [])
    if not isinstance(scripts, list):
        raise UsageError(f"{place} script: must be a list of tables")
    return ApiFaults(
        rates=_rates(raw.get("rates", {}), f"{place} rates"),
        scripts=[_script(each, f"{place} script {number}") for number, each in enumerate(scripts, 1)],
        window_phase=float(phase),
    )


def _rates(raw: Any, place: str) -> list[tuple[Fault, float]]:
    _table(raw, place, list(Kind))
    rates = []
    for name, value in raw.items():
        where = f"{place}.{name}"
        kind = Kind(name)
        given = dict(value) if isinstance(value, dict) else {"rate": value}
        _table(given, where, ["rate", *PARAMETERS[kind]])
        rate = given.pop("rate", None)
        if not _within(rate, 0.0, 1.0):
            raise UsageError(f"{where}: the rate must be a number from 0 to 1")
        rates.append((_fault(kind, given, where), float(rate)))
    if sum(rate for _, rate in rates) > 1.0 + 1e-9:
        raise UsageError(f"{place}: the rates are more than 1 together, and a request meets one fault")
    return sorted(rates, key=lambda each: list(Kind).index(each[0].kind))


def _script(raw: Any, place: str) -> Script:
    if not isinstance(raw, dict):
        raise UsageError(f"{place}: must be a table")
    name = raw.get("fault")
    if not isinstance(name, str) or name not in list(Kind):
        if not isinstance(name, str):
            raise UsageError(f"{place}: needs a fault: one of {', '.join(Kind)}")
        _unknown(f"{place} fault", f"there is no fault {_shown(name)}", name, list(Kind))
    kind = Kind(name)
    _table(raw, place, [*_SCRIPT, *PARAMETERS[kind]])
    path, numbers = raw.get("path", ""), {key: raw.get(key, 1) for key in ("nth", "count")}
    for key, value in numbers.items():
        if type(value) is not int or not 1 <= value <= _COUNT:
            raise UsageError(f"{place} {key}: must be a whole number of at least 1")
    try:
        re.compile(path)
    except (re.error, TypeError, RecursionError, OverflowError):
        raise UsageError(f"{place} path: must be a regular expression") from None
    given = {key: value for key, value in raw.items() if key not in _SCRIPT}
    return Script(fault=_fault(kind, given, place), path=path, **numbers)


def _fault(kind: Kind, given: Mapping[str, Any], place: str) -> Fault:
    for name, value in given.items():
        known: Parameter = PARAMETERS[kind][name]
        if known.choices and value not in known.choices:
            raise UsageError(f"{place} {name}: must be one of {', '.join(known.choices)}")
        if not known.choices and not _within(value, known.low, known.high):
            raise UsageError(f"{place} {name}: must be a number from {known.low:g} to {known.high:g}")
    return Fault(kind, dict(given))


def _table(raw: Any, place: str, known: Sequence[str]) -> None:
    if not isinstance(raw, dict):
        raise UsageError(f"{place}: must be a table")
    for key in raw:
        if key not in known:
            _unknown(place, f"there is no key {_shown(key)}", key, known)


def _within(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _unknown(place: str, what: str, word: str, known: Iterable[str]) -> NoReturn:
    close = get_close_matches(word[:_SHOWN], list(known), n=1, cutoff=0.0)
    raise UsageError(f"{place}: {what}" + (f"; the nearest is {close[0]}" if close else ""))


def _shown(text: str) -> str:
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
