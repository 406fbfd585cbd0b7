"""The shape of records: whether the members of an attrs record have the types and sizes that its class states.

Records are not validated when they are made (that would cost every source), so what a plugin hands over is
looked at once, here. Types that cannot be read from a class (a plugin's own, under ``TYPE_CHECKING``) pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

import attrs

from leadgen_core.model.claims import Provenance
from leadgen_core.model.subjects import CompanyNumber

__all__ = ["LONGEST", "MOST", "flaw"]

LONGEST = 65_536
"""Characters of a text."""
MOST = 10_000
"""Members of a list or mapping."""

Check = Callable[[Any], bool]
Look = Callable[[Any], str | None]
"""The name of the first wrong member of a record of one class."""


def flaw(record: Any) -> str | None:
    """The first member with a wrong value, as ``Class.member``; None when all are right."""
    kind = type(record)
    look = _LOOKS.get(kind) or _unhurried(kind)
    name = look(record)
    return None if name is None else f"{kind.__name__}.{name}"


# --- one function for each class --------------------------------------------------------------------------
#
# Every claim and lead passes here, and nearly all members are of exactly the type that stands in the class. So a
# function is written for each class, as attrs does it for the constructor, that looks for that without a call for
# each member; what is anything else (a subclass, a wrong value) goes through the checks below.

_LOOKS: dict[type, Look] = {}
_WRITTEN: dict[type, Look] = {}
_FEW = 32
"""Records of a class before its function is written: specs, and the answers of a short run, are not worth one."""


def _unhurried(kind: type) -> Look:
    """The same by the checks below alone, for the first few."""
    members = _members(kind)
    seen = 0

    def look(record: Any) -> str | None:
        nonlocal seen
        seen += 1
        if seen > _FEW:
            return _look(kind)(record)
        return next((name for name, _, check in members if not check(getattr(record, name))), None)

    _LOOKS[kind] = look
    return look


_SHARED = frozenset({Provenance, CompanyNumber})
"""Frozen records that all claims of an answer share: the last that was right is known again."""


def _look(kind: type) -> Look:
    if kind in _WRITTEN:
        return _WRITTEN[kind]
    names: dict[str, Any] = {"LONGEST": LONGEST, "MOST": MOST}
    # Found there when a member of the class is of the class itself.
    _WRITTEN[kind] = lambda record: _WRITTEN[kind](record)  # noqa: PLW0108 - what stands there later
    try:
        lines = ["def look(record):"]
        for place, (name, hint, check) in enumerate(_members(kind)):
            names[f"fits{place}"] = check
            wrong = f"if not fits{place}(value): return {name!r}"
            lines.append(f" value = record.{name}")
            if hint in _SHARED:
                names[f"right{place}"] = None
                lines.insert(1, f" global right{place}")
                usual = [f"if {_exactly(hint, 'value', names)}:", f" right{place} = value", f"el{wrong}"]
                lines += [f" if value is not right{place}:", *(f"  {line}" for line in usual)]
            else:
                lines += [f" {line}" for line in _usual(hint, wrong, names)]
        # Written from the names of members alone, which are identifiers.
        exec("\n".join([*lines, " return None"]), names)  # noqa: S102
        look: Look = names["look"]
    except BaseException:
        del _WRITTEN[kind]
        raise
    _LOOKS[kind] = _WRITTEN[kind] = look
    return look


def _usual(hint: Any, wrong: str, names: dict[str, Any]) -> list[str]:
    """Lines that go on to ``wrong`` unless ``value`` is what this type usually has."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        each, kind, over = _exactly(arguments[0], "each", names), "tuple", "each in value"
    elif origin is Mapping and len(arguments) == 2:
        key, item = (_exactly(one, what, names) for one, what in zip(arguments, ("key", "each"), strict=True))
        each = f"{key} and {item}" if key and item else None
        kind, over = "dict", "key, each in value.items()"
    else:
        usual = _exactly(hint, "value", names)
        return [wrong] if usual is None else [f"if not ({usual}):", f" {wrong}"]
    if each is None:
        return [wrong]
    return [
        f"if type(value) is {kind} and len(value) <= MOST:",
        f" for {over}:",
        f"  if not ({each}):",
        f"   {wrong}",
        "   break",
        "else:",
        f" {wrong}",
    ]


def _exactly(hint: Any, value: str, names: dict[str, Any]) -> str | None:
    """An expression that is true for the usual values of a type; None when there is none."""
    arguments = get_args(hint)
    if get_origin(hint) in (Union, UnionType) and len(arguments) == 2 and NoneType in arguments:
        other = _exactly(next(each for each in arguments if each is not NoneType), value, names)
        return None if other is None else f"({value} is None or {other})"
    if not isinstance(hint, type) or get_origin(hint) is not None or hint is NoneType:
        return None
    if hint is str:
        return f"(type({value}) is str and len({value}) <= LONGEST)"
    name = f"kind{len(names)}"
    names[name] = hint
    exact = f"type({value}) is {name}"
    if not attrs.has(hint):
        return f"({exact})"
    names[f"look_{name}"] = _look(hint)
    return f"({exact} and look_{name}({value}) is None)"


# --- any value ----------------------------------------------------------------------------------------------


def _members(kind: type) -> tuple[tuple[str, Any, Check], ...]:
    try:
        hints = get_type_hints(kind)
    except Exception:
        return ()
    found = ((each.name, hint := hints.get(each.name, Any), _check(hint)) for each in attrs.fields(kind))
    return tuple(member for member in found if member[2] is not _anything)


def _anything(_value: object) -> bool:
    return True


@cache
def _check(hint: Any) -> Check:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        others = tuple(_check(each) for each in arguments if each is not NoneType)
        if len(others) < len(arguments) and len(others) == 1:
            return _optional(others[0])
        return _union(tuple(_check(each) for each in arguments))
    if origin is ClassVar or hint is Any:
        return _anything
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _many(_check(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, item = (_check(each) for each in arguments or (Any, Any))
        return _mapping(key, item)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return _many(_check(arguments[0])) if len(arguments) == 1 else _anything
    if hint is None or hint is NoneType:
        return lambda value: value is None
    if not isinstance(hint, type):
        return _anything
    return _plain(hint)


def _plain(kind: type) -> Check:
    if kind is str:
        return lambda value: isinstance(value, str) and len(value) <= LONGEST
    if kind is float:
        return lambda value: isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return lambda value: isinstance(value, int) and not isinstance(value, bool)
    if kind is date:
        return lambda value: isinstance(value, date) and not isinstance(value, datetime)
    if attrs.has(kind):
        return lambda value: isinstance(value, kind) and flaw(value) is None
    return lambda value: isinstance(value, kind)


def _optional(check: Check) -> Check:
    """Most members are this, and most of them None."""
    return lambda value: value is None or check(value)


def _union(checks: tuple[Check, ...]) -> Check:
    return lambda value: any(check(value) for check in checks)


def _many(check: Check) -> Check:
    return lambda value: isinstance(value, tuple | list) and len(value) <= MOST and all(map(check, value))


def _mapping(key: Check, item: Check) -> Check:
    def fits(value: Any) -> bool:
        if not isinstance(value, Mapping) or len(value) > MOST:
            return False
        return all(key(name) and item(each) for name, each in value.items())

    return fits
