"""Values as they lie in the store: dicts and lists packed, everything else as it is.

A body of JSON as Python objects takes five times the memory of its bytes, and the collector of garbage walks through
every one of them again and again. ``marshal`` gives back exactly what it was given (tuples, NaN and bytes too), keeps
equal keys once, and refuses what is not plain data. Its bytes never leave this process and none come from outside,
so what makes it unfit for files does not matter here.
"""

from __future__ import annotations

import marshal
from typing import Any

__all__ = ["Packed", "pack", "unpack"]


class Packed(bytes):
    """A packed value; a type of its own, for bytes are values too."""

    __slots__ = ()


def pack(value: Any) -> Any:
    """What to store for ``value``."""
    if type(value) is dict or type(value) is list:
        try:
            return Packed(marshal.dumps(value))
        except ValueError:
            return value  # something in it is no plain data, or it is nested very deeply
    return value


def unpack(stored: Any) -> Any:
    """The value of what :func:`pack` gave: equal, and an object of its own."""
    return marshal.loads(stored) if type(stored) is Packed else stored  # noqa: S302 - packed by this process
