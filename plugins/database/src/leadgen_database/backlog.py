"""The backlog: writes that are promised and not yet stored. A structure without I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from attrs import frozen

from leadgen_database.places import Place

__all__ = ["Backlog", "Item"]

_ROW = 200
"""Bytes that an item takes beside its value, about."""


@frozen(eq=False)
class Item:
    """A value and its end in epoch seconds, None for no end."""

    value: bytes
    expires_at: float | None

    def live(self, now: float) -> bool:
        """Whether it is not past its end."""
        return self.expires_at is None or now < self.expires_at


class Backlog:
    """The latest item of each place, in the order in which places were first written to."""

    def __init__(self) -> None:
        self._items: dict[Place, Item] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._items)

    def get(self, place: Place) -> Item | None:
        """What will be stored there."""
        return self._items.get(place)

    def put(self, place: Place, item: Item) -> None:
        """Promise it; an older promise for the place is dropped."""
        old = self._items.get(place)
        if old is not None:
            self.bytes -= len(old.value) + _ROW
        self._items[place] = item
        self.bytes += len(item.value) + _ROW

    def first(self, count: int) -> list[tuple[Place, Item]]:
        """The oldest so many."""
        return list(islice(self._items.items(), count))

    def done(self, stored: Sequence[tuple[Place, Item]]) -> None:
        """These are stored, and no longer promised, except where a newer item has come since."""
        self._remove(place for place, item in stored if self._items.get(place) is item)

    def drop(self, namespace: str | None) -> None:
        """Forget what is promised for this namespace, or for all."""
        self._remove([place for place in self._items if namespace is None or place.namespace == namespace])

    def _remove(self, places: Iterable[Place]) -> None:
        for place in places:
            self.bytes -= len(self._items.pop(place).value) + _ROW
