"""What may be kept of a JSON body, written down as a shape: each member that is named, and its type.

A shape is a dict (an object with these members), a list of one shape (a list of such), or a type:

- ``str``: text without outer blanks, never empty; a whole number becomes its digits;
- ``int``: a whole number, or its digits as text; ``float``: a number; ``bool``: ``true`` or ``false``;
- ``date``: ``2015-06-01``, also in front of a time; kept as this text, which :func:`day` reads;
- ``CompanyNumber``: as people write it, kept as its eight characters;
- ``BirthKey``: ``1970-05``, ``1970-05-12`` or ``{"year": 1970, "month": 5}``, kept as a keyed hash;
- ``PostcodeKey``: a person's postcode, kept as a keyed hash.

``X | None``, or ``Maybe(shape)`` for a dict or a list: it may be missing, null or an empty text, and is null then.
Members that the shape does not name are dropped, so that what an API adds tomorrow is dropped too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from types import NoneType, UnionType
from typing import Any, get_args

from leadgen_core.model.records import frozen
from leadgen_core.model.subjects import CompanyNumber

__all__ = ["BirthKey", "Keyed", "Maybe", "PostcodeKey", "Shape", "Unreadable", "day", "keeper"]

Keyed = Callable[[str], str]
"""The HMAC of a text under the installation's key: equal for equal texts, useless without the key."""

Shape = Any
"""A dict, a list of one, or a type, as the module says."""

_Reader = Callable[[Any, Keyed], Any]
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?", re.DOTALL)
_MONTH = re.compile(r"([1-9][0-9]{3}-(?:0[1-9]|1[0-2]))(?:-[0-9]{2}(?:[T ].*)?)?", re.DOTALL)
_DIGITS = re.compile(r"-?[0-9]{1,15}")
_NOT_POSTCODE = re.compile(r"[^A-Z0-9]")
_LARGEST = 10**15


class BirthKey:
    """In a shape: month and year of birth, kept as the keyed hash of ``YYYY-MM`` only.

    Every register that keeps it like this gives one person one key, so that resolvers can compare; nobody can read it.
    """


class PostcodeKey:
    """In a shape: a person's postcode, kept as the keyed hash of its letters and digits in capitals only."""


@frozen
class Maybe:
    """In a shape: an object or a list that may be missing or null."""

    shape: Shape


class Unreadable(ValueError):
    """A body is not of its shape. The text names the member (``officers[3].since``), never what stood there."""

    def __init__(self, place: str, wanted: str) -> None:
        super().__init__(f"{place or 'the body'} is no {wanted}")
        self.place = place
        self.wanted = wanted

    def inside(self, name: str) -> Unreadable:
        """The same, seen from one level further out."""
        joined = name + ("." if self.place and not self.place.startswith("[") else "") + self.place
        return Unreadable(joined, self.wanted)


def keeper(shape: Shape) -> _Reader:
    """A function from a body to what is kept of it. Raises ``TypeError`` for a shape that is none.

    The function raises :class:`Unreadable` for a body that is not of the shape.
    """
    if isinstance(shape, Maybe):
        return _optional(keeper(shape.shape))
    if isinstance(shape, dict):
        return _object({str(name): keeper(inner) for name, inner in shape.items()})
    if isinstance(shape, list) and len(shape) == 1:
        return _list(keeper(shape[0]))
    if isinstance(shape, UnionType):
        inner = [each for each in get_args(shape) if each is not NoneType]
        if len(inner) == 1 and NoneType in get_args(shape):
            return _optional(keeper(inner[0]))
    elif isinstance(shape, type) and shape in _LEAVES:
        return _LEAVES[shape]
    raise TypeError(f"{shape!r} is no shape: dict, [shape], Maybe(shape) or one of {_NAMES}, also with | None")


def day(text: str | None) -> date | None:
    """The day that a shape kept as text; None for None. Raises ``ValueError`` for anything else."""
    return None if text is None else date.fromisoformat(text)


def _object(members: dict[str, _Reader]) -> _Reader:
    pairs = tuple(members.items())

    def read(value: Any, keyed: Keyed) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Unreadable("", "object")
        kept, name = {}, ""
        try:
            for name, reader in pairs:
                kept[name] = reader(value.get(name), keyed)
        except Unreadable as inner:
            raise inner.inside(name) from None
        return kept

    return read


def _list(item: _Reader) -> _Reader:
    def read(value: Any, keyed: Keyed) -> list[Any]:
        if not isinstance(value, list):
            raise Unreadable("", "list")
        kept: list[Any] = []
        try:
            for each in value:
                kept.append(item(each, keyed))
        except Unreadable as inner:
            raise inner.inside(f"[{len(kept)}]") from None
        return kept

    return read


def _optional(reader: _Reader) -> _Reader:
    def read(value: Any, keyed: Keyed) -> Any:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return reader(value, keyed)

    return read


def _text(value: Any, _keyed: Keyed) -> str:
    if isinstance(value, str) and (stripped := value.strip()):
        return stripped
    if type(value) is int and abs(value) < _LARGEST:
        return str(value)
    raise Unreadable("", "text")


def _company(value: Any, keyed: Keyed) -> str:
    try:
        return CompanyNumber.parse(_text(value, keyed)).value
    except ValueError:
        raise Unreadable("", "company number") from None


def _whole(value: Any, _keyed: Keyed) -> int:
    if type(value) is int and abs(value) < _LARGEST:
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return int(value)
    raise Unreadable("", "whole number")


def _number(value: Any, _keyed: Keyed) -> float:
    if type(value) in (int, float) and abs(value) < _LARGEST and math.isfinite(value):
        return float(value)
    raise Unreadable("", "number")


def _flag(value: Any, _keyed: Keyed) -> bool:
    if isinstance(value, bool):
        return value
    raise Unreadable("", "truth value")


def _day(value: Any, _keyed: Keyed) -> str:
    match = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        date.fromisoformat(text := match[1] if match else "")
    except ValueError:
        raise Unreadable("", "date") from None
    return text


def _birth(value: Any, keyed: Keyed) -> str:
    text = value
    if isinstance(value, dict):
        try:
            text = f"{_whole(value.get('year'), keyed):04}-{_whole(value.get('month'), keyed):02}"
        except Unreadable:
            text = None
    match = _MONTH.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise Unreadable("", "month and year")
    return keyed(match[1])


def _postcode(value: Any, keyed: Keyed) -> str:
    letters = _NOT_POSTCODE.sub("", value.upper()) if isinstance(value, str) else ""
    if not letters:
        raise Unreadable("", "postcode")
    return keyed(letters)


_LEAVES: dict[type, _Reader] = {
    str: _text,
    CompanyNumber: _company,
    int: _whole,
    float: _number,
    bool: _flag,
    date: _day,
    BirthKey: _birth,
    PostcodeKey: _postcode,
}
_NAMES = ", ".join(leaf.__name__ for leaf in _LEAVES)
