"""Tolerant reading of JSON members: whatever stands there, these give a value of one type or None.

The register sends missing members where others send null, dates as date-times, numbers as strings, ``"0"`` for
false and the word ``Unknown`` for a date (companies-house.md §1.6, §1.9-1.11); absences and nulls are alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

__all__ = ["DAYS", "Unreadable", "count", "day", "flag", "given", "last_segment", "obj", "rows", "text"]

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?", re.DOTALL)
_COUNT = re.compile(r"[0-9]{1,9}")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_LARGEST = 10**15
_LONGEST_DAY = 256
"""Characters: nothing longer is a date with a time."""
_SHORT = 32
"""Characters of a text of which the day is kept at hand."""
_AT_HAND = 4096


class Unreadable(ValueError):
    """A body, or an item of it, is not of the documented shape. The message names the member, never its value."""


def text(value: object) -> str | None:
    """Text without outer blanks; an integer as its digits; None for what is empty or anything else."""
    if type(value) is str or isinstance(value, str):
        return value.strip() or None
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST:
        return str(value)
    return None


def day(value: object) -> date | None:
    """The day of ``2023-11-20`` or ``2023-11-20T08:47:45.378Z``; None for the word Unknown and all that is no day."""
    if type(value) is str:
        return DAYS[value]
    return _day(value) if isinstance(value, str) else None


class _Days(dict[str, "date | None"]):
    """The days of texts: the same come again and again. A dict, for a hit is then no call."""

    def __missing__(self, value: str) -> date | None:
        found = _day(value)
        if len(value) <= _SHORT:
            if len(self) >= _AT_HAND:
                self.clear()
            self[value] = found
        return found


DAYS = _Days()
"""By texts, what :func:`day` gives: for who has a text in hand, and cannot wait for a call."""


def _day(value: str) -> date | None:
    if len(value) > _LONGEST_DAY:
        return None
    value = value.strip()
    # The usual form is read in one step; the hyphens tell it from the weeks and the short forms of ISO 8601.
    plain = len(value) == 10 and value[4] == value[7] == "-"
    match = None if plain else _DAY.fullmatch(value)
    if match is None and not plain:
        return None
    try:
        return date.fromisoformat(value if match is None else match[1])
    except ValueError:
        return None


def flag(value: object) -> bool | None:
    """A truth value as JSON, as ``"0"``/``"1"`` or in words; None for anything else."""
    if value is None or isinstance(value, bool):
        return value
    return _FLAGS.get((text(value) or "").lower())


def count(value: object) -> int | None:
    """A number of things, from 0, also as a string of digits; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < _LARGEST else None
    if isinstance(value, str) and _COUNT.fullmatch(value.strip()):
        return int(value)
    return None


def given(value: object) -> bool:
    """Whether anything stands there: neither null nor an empty text."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def obj(value: object) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def last_segment(link: object) -> str | None:
    """The id at the end of a link such as ``/company/01234567/appointments/<id>``."""
    path = text(link)
    return None if path is None else path.rstrip("/").rpartition("/")[2] or None
