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

__all__ = ["LONGEST", "MOST", "flaw"]

LONGEST = 65_536
"""Characters of a text."""
MOST = 10_000
"""Members of a list or mapping."""

Check = Callable[[Any], bool]


def flaw(record: Any) -> str | None:
    """The first member with a wrong value, as ``Class.member``; None when all are right."""
    for name, fits in _members(type(record)):  # type: ignore[arg-type]
        if not fits(getattr(record, name)):
            return f"{type(record).__name__}.{name}"
    return None


@cache
def _members(kind: type) -> tuple[tuple[str, Check], ...]:
    try:
        hints = get_type_hints(kind)
    except Exception:
        return ()
    found = ((each.name, _check(hints.get(each.name, Any))) for each in attrs.fields(kind))
    return tuple((name, check) for name, check in found if check is not _anything)


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
