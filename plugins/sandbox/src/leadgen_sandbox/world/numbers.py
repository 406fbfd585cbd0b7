"""Company numbers: each generated company has one that no other has, however many there are.

Number and date of incorporation go together as in the register, and the number's last six digits tell the
company's place in the world, so one company can be made without the others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from leadgen_sandbox.world.draw import Draw, Table

__all__ = ["MAX_COMPANIES", "REFERENCE", "Numbering", "day_of_number", "day_since"]

MAX_COMPANIES = 900_000
REFERENCE = date(2026, 1, 30)
"""The day for which the tables of dates were written; with another ``today`` all dates move along."""

_TAILS = 1_000_000
_HALF, _ROUNDS = 1_000, 4
_SPARE = 100
"""So many places above MAX_COMPANIES stand in for each taken tail: enough for a thousand taken ones."""

# First number of a day, England and Wales; chosen after the recorded pairs (09370755 is of 2014-12-31).
_MARKS = (
    (0, date(1908, 1, 1)), (500_000, date(1952, 1, 1)), (1_000_000, date(1971, 1, 1)),
    (2_000_000, date(1986, 3, 1)), (3_000_000, date(1994, 11, 1)), (4_000_000, date(2000, 5, 22)),
    (5_000_000, date(2003, 12, 17)), (6_000_000, date(2006, 11, 16)), (7_000_000, date(2009, 8, 24)),
    (8_000_000, date(2012, 3, 21)), (9_000_000, date(2014, 4, 17)), (10_000_000, date(2016, 2, 10)),
    (11_000_000, date(2017, 10, 9)), (12_000_000, date(2019, 5, 16)), (13_000_000, date(2020, 11, 6)),
    (14_000_000, date(2022, 3, 24)), (15_000_000, date(2023, 7, 13)), (16_000_000, date(2024, 10, 4)),
    (17_000_000, REFERENCE),
)  # fmt: skip
_FIRSTS = tuple(first for first, _ in _MARKS)

MILLIONS: Table[int] = Table(
    zip(range(17), (1.5, 1.5, 2, 3, 4, 4.5, 5, 6, 7, 8, 9, 10, 10.5, 10.5, 10, 9, 8), strict=True)
)
"""Leading digits of the numbers of England and Wales by how many of the register have them (chosen)."""


def day_of_number(value: int, today: date) -> date:
    """When the company of this number of England and Wales was incorporated; never after ``today``."""
    at = min(bisect_right(_FIRSTS, value), len(_MARKS) - 1)
    (low, begin), (high, end) = _MARKS[at - 1], _MARKS[at]
    days = (end - begin).days * (value - low) // (high - low)
    return _moved(begin.toordinal() + days, today)


def day_since(year: int, tail: int, today: date) -> date:
    """When the company of this tail was entered in a series that began in ``year``; never after ``today``."""
    begin = date(year, 1, 1).toordinal()
    return _moved(begin + (REFERENCE.toordinal() - begin) * tail // _TAILS, today)


def _moved(ordinal: int, today: date) -> date:
    return date.fromordinal(min(ordinal + today.toordinal() - REFERENCE.toordinal(), today.toordinal()))


class Numbering:
    """Places in the world to six-digit tails and back. ``taken``: numbers of companies designed by hand.

    A Feistel network over two halves of three digits: every tail once, and in no order that shows.
    """

    def __init__(self, seed: int, taken: Iterable[str]) -> None:
        draw = Draw(seed, "numbering")
        self._rounds = tuple(tuple(draw.below(_HALF) for _ in range(_HALF)) for _ in range(_ROUNDS))
        self._taken = sorted({int(number[2:]) for number in taken if number[2:].isdigit()})
        self._rank = {tail: rank for rank, tail in enumerate(self._taken)}

    def tail(self, place: int) -> int:
        """The last six digits of the number of the company at this place."""
        if not 0 <= place < MAX_COMPANIES:
            raise IndexError(f"a world has at most {MAX_COMPANIES:,} companies")
        tail = self._mixed(place)
        if tail not in self._rank:
            return tail
        spare = MAX_COMPANIES + self._rank[tail] * _SPARE
        return next(other for step in range(_SPARE) if (other := self._mixed(spare + step)) not in self._rank)

    def place(self, tail: int) -> int | None:
        """Where the company with this tail would stand; None when there can be none."""
        if tail in self._rank:
            return None
        place = self._unmixed(tail)
        if place < MAX_COMPANIES:
            return place
        rank = (place - MAX_COMPANIES) // _SPARE
        if rank >= len(self._taken):
            return None
        stood_in = self._unmixed(self._taken[rank])
        return stood_in if stood_in < MAX_COMPANIES and self.tail(stood_in) == tail else None

    def _mixed(self, place: int) -> int:
        left, right = divmod(place, _HALF)
        for table in self._rounds:
            left, right = right, (left + table[right]) % _HALF
        return left * _HALF + right

    def _unmixed(self, tail: int) -> int:
        left, right = divmod(tail, _HALF)
        for table in reversed(self._rounds):
            left, right = (right - table[left]) % _HALF, left
        return left * _HALF + right
