"""What a key expects, in words for errors and in limits for the schema. Nothing here ever sees a value."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from attrs import field

from leadgen_core.model.records import define
from leadgen_core.secrets import Secret

__all__ = ["Limits", "expectation", "limits", "nearest", "shown", "without_none"]

_LONGEST = 80
_PLAIN: dict[Any, tuple[str, str]] = {
    bool: ("true or false", "true or false"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    str: ("text", "texts"),
    Path: ("a path", "paths"),
    datetime: ("a date with time", "dates with time"),
    date: ("a date", "dates"),
    timedelta: ("a duration (seconds, or text like 5m)", "durations"),
    Secret: ("text or a reference (env:NAME, file:PATH, keyring:SERVICE/NAME)", "texts or references"),
}


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like this one; empty when nothing is known."""
    from difflib import get_close_matches  # nobody has misspelt anything yet

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.0)), "")


def shown(name: str) -> str:
    """A name that somebody typed, fit to stand in a sentence: on one line and not without end."""
    text = name if name.isprintable() else ascii(name)[1:-1]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def without_none(kind: Any) -> tuple[Any, bool]:
    """A type without its ``None``, and whether it had one."""
    if get_origin(kind) not in (Union, types.UnionType):
        return kind, False
    members = [member for member in get_args(kind) if member is not type(None)]
    nullable = len(members) < len(get_args(kind))
    return (members[0] if len(members) == 1 else Union[tuple(members)]), nullable  # noqa: UP007 - built at run time


@define
class Limits:
    """The bounds that attrs validators put on a value."""

    low: float | None = None
    above: float | None = None
    high: float | None = None
    below: float | None = None
    options: tuple[Any, ...] = ()
    pattern: str | None = None
    least: int | None = None
    most: int | None = None
    items: Limits | None = field(default=None)


def limits(validator: Any) -> Limits:
    """Read the validators of ``attrs.validators``; others put no bound that could be named."""
    found = Limits()
    _read(validator, found)
    return found


def _read(validator: Any, into: Limits) -> None:
    # attrs keeps the classes of its validators to itself, so they are known by what they carry.
    if validator is None:
        return
    for part in getattr(validator, "_validators", ()):  # and_
        _read(part, into)
    _read(getattr(validator, "validator", None), into)  # optional
    _read(getattr(validator, "iterable_validator", None), into)  # deep_iterable
    if (members := getattr(validator, "member_validator", None)) is not None:
        into.items = limits(members)
    match getattr(validator, "compare_op", None):  # ge, gt, le, lt
        case ">=":
            into.low = validator.bound
        case ">":
            into.above = validator.bound
        case "<=":
            into.high = validator.bound
        case "<":
            into.below = validator.bound
    if (options := getattr(validator, "options", None)) is not None:  # in_
        into.options = tuple(getattr(validator, "_original_options", options))
    if (pattern := getattr(getattr(validator, "pattern", None), "pattern", None)) is not None:  # matches_re
        into.pattern = pattern
    into.least = getattr(validator, "min_length", into.least)
    into.most = getattr(validator, "max_length", into.most)


def expectation(kind: Any, validator: Any = None) -> str:
    """What a value must be: ``a whole number from 1 to 1000``, ``one of basic, bearer``."""
    kind, _nullable = without_none(kind)
    bounds = limits(validator)
    origin = get_origin(kind)
    if bounds.options:
        return f"one of {_listed(bounds.options)}"
    if origin is Literal:
        return f"one of {_listed(get_args(kind))}"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"one of {_listed(kind)}"
    if kind in _PLAIN:
        return _PLAIN[kind][0] + _range(bounds)
    outer = origin or kind
    if isinstance(outer, type):
        if issubclass(outer, Mapping) or attrs.has(outer):
            return "a table"
        if issubclass(outer, Sequence | Set):
            inner = next(iter(get_args(kind)), str)
            if bounds.items is not None and bounds.items.options:
                return f"a list of {_listed(bounds.items.options)}{_range(bounds)}"
            return f"a list of {_PLAIN.get(inner, ('', 'values'))[1]}{_range(bounds)}"
    return "a value of another type"


def _range(bounds: Limits) -> str:
    words = []
    if bounds.low is not None and bounds.high is not None:
        words.append(f"from {bounds.low} to {bounds.high}")
    else:
        words += [f"of at least {bounds.low}"] if bounds.low is not None else []
        words += [f"of at most {bounds.high}"] if bounds.high is not None else []
    words += [f"above {bounds.above}"] if bounds.above is not None else []
    words += [f"below {bounds.below}"] if bounds.below is not None else []
    words += [f"that matches {bounds.pattern}"] if bounds.pattern is not None else []
    if bounds.least == 1:
        words.append("that is not empty")
    elif bounds.least is not None:
        words.append(f"with a length of at least {bounds.least}")
    words += [f"with a length of at most {bounds.most}"] if bounds.most is not None else []
    return "".join(f" {word}" for word in words)


def _listed(options: Iterable[Any]) -> str:
    return ", ".join(str(option.value if isinstance(option, Enum) else option) for option in options)
