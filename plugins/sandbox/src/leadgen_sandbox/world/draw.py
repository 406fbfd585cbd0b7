"""Chance that comes out the same on every machine, in every process and under every version of Python.

Only ``Random.random`` is used of the standard library: its sequence for a whole-number seed is what Python's
documentation promises to keep; ``choice``, ``shuffle`` and the like it does not. Nothing here depends on
``hash()`` or on the order of a set.
"""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

__all__ = ["Draw", "Table", "stamp"]

T = TypeVar("T")


def _digest(key: tuple[object, ...], size: int) -> bytes:
    return blake2b("\x1f".join(map(str, key)).encode(), digest_size=size).digest()


def stamp(*key: object) -> str:
    """An identifier in the register's form: 27 characters that may stand in a URL (companies-house.md §1.10)."""
    return base64.urlsafe_b64encode(_digest(key, 20)).decode().rstrip("=")


class Table(Generic[T]):
    """Things with weights, to draw from."""

    __slots__ = ("_bounds", "_total", "items")

    def __init__(self, weighted: Iterable[tuple[T, float]]) -> None:
        pairs = tuple(weighted)
        self.items: tuple[T, ...] = tuple(item for item, _ in pairs)
        self._bounds = tuple(accumulate(weight for _, weight in pairs))
        self._total = self._bounds[-1]

    def at(self, unit: float) -> T:
        """The thing at this place of [0, 1)."""
        return self.items[min(bisect_right(self._bounds, unit * self._total), len(self.items) - 1)]


class Draw:
    """A stream of chance of its own for each key."""

    __slots__ = ("unit",)

    def __init__(self, *key: object) -> None:
        self.unit = Random(int.from_bytes(_digest(key, 8), "big")).random  # noqa: S311 - a world, not a secret
        """The next number in [0, 1)."""

    def chance(self, rate: float) -> bool:
        """True in ``rate`` of all cases."""
        return self.unit() < rate

    def below(self, count: int) -> int:
        """0 to count - 1."""
        return int(self.unit() * count)

    def between(self, low: int, high: int) -> int:
        """low to high, both possible; low when high is below it."""
        return low if high <= low else low + int(self.unit() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of them, all alike."""
        return things[int(self.unit() * len(things))]

    def of(self, table: Table[T]) -> T:
        """One of them by weight."""
        return table.at(self.unit())
