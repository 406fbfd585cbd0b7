"""Where an item is: namespace and key as the table holds them."""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import Any, NamedTuple

__all__ = ["Place", "area", "place"]

_LONGEST = 500
"""Bytes; PostgreSQL's index takes no more than some 2,700 for both together."""


class Place(NamedTuple):
    """A row's primary key. Compared as a whole, so no two namespaces can meet."""

    namespace: str
    key: str


def place(namespace: str | None, key: Any) -> Place:
    """Where the item of this key is."""
    return Place(area(namespace), _short(str(key.value if isinstance(key, Enum) else key)))


def area(namespace: str | None) -> str:
    """A namespace; none at all is not the empty one."""
    return "" if namespace is None else _short(namespace)


def _short(text: str) -> str:
    """The text behind ``=``, or its digest behind ``#``: so no text can pose as another's digest.

    What is long, and what PostgreSQL's text cannot hold (a null character, half a surrogate pair), is digested.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= _LONGEST and "\0" not in text and not any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        return f"={text}"
    return f"#{hashlib.blake2b(data, digest_size=20).hexdigest()}"
