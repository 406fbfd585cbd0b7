"""What was committed a moment ago: a courier that stands right behind takes it from here and need not read it back."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from leadgen_core.model.records import frozen

__all__ = ["Recent", "ResultState", "Stored"]

_MOST = 1 << 20
"""Bytes. Couriers follow within some hundred companies of a few kB each; one that lags reads the outbox."""
_RECORD = 256
"""Bytes of one beside its line."""


class ResultState(StrEnum):
    """What a company has become. All but the first and the last are rejects."""

    LEAD = "lead"
    BAD = "bad"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


@frozen
class Stored:
    """A result as it lies in the outbox."""

    ordinal: int
    revision: int
    state: ResultState
    body: bytes | None


class Recent:
    """The last results, bounded: the oldest make room. It never holds what is not committed."""

    def __init__(self, most: int = _MOST) -> None:
        """``most``: bytes."""
        self._most = most
        self._size = 0
        self._held: dict[int, Stored] = {}

    def add(self, results: Sequence[Stored]) -> None:
        """These are committed now, each for the first time."""
        for stored in results:
            self._held[stored.ordinal] = stored
            self._size += _size(stored)
        while self._size > self._most:
            self._size -= _size(self._held.pop(next(iter(self._held))))

    def clear(self) -> None:
        """Hold nothing: what is held was changed."""
        self._held.clear()
        self._size = 0

    def following(self, start: int, limit: int) -> list[Stored]:
        """Those from ``start`` on, up to the first that is not here."""
        found: list[Stored] = []
        while len(found) < limit and (stored := self._held.get(start + len(found))) is not None:
            found.append(stored)
        return found


def _size(stored: Stored) -> int:
    return _RECORD + len(stored.body or b"")
