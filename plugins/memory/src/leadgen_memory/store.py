"""The store: values, each with an end and a weight, bounded by their weight together.

``cachetools.TLRUCache`` does the same and is slower: a comparison in its heap of ends is a method in Python, and there
are two dozen of them in each ``set`` of a full cache; it also keeps four tables and three objects for each item where
two and two are enough (900 bytes for each item against 450). ``cachebox`` takes no clock.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from typing import Any

__all__ = ["Key", "Store"]

Key = tuple[str | None, Any]
"""Namespace and key side by side: no two namespaces can meet, whatever their names are."""

_End = tuple[float, int, Key]
"""When an item ends, a number that tells equal ends apart, and the item's key."""
_NEVER: _End = (math.inf, 0, (None, None))


class Store:
    """Items by key. What has ended leaves before what lives, and of that what is used least recently leaves first.

    No item is given after its end. Ends run on ``timer`` and are looked at on access.
    """

    def __init__(self, most: float, timer: Callable[[], float]) -> None:
        """``most``: the weight of all items together, at most."""
        self.timer = timer
        self.most = most
        self._items: OrderedDict[Key, tuple[Any, _End, int]] = OrderedDict()
        """Value, end and weight; what is used least recently stands first."""
        self._ends: list[_End] = []
        """A heap; an entry is stale unless its item has this very object."""
        self._serial = 0
        self._weight = 0

    def __contains__(self, key: Key) -> bool:
        item = self._items.get(key)
        return item is not None and self.timer() < item[1][0]

    def __len__(self) -> int:
        self._expire(self.timer())
        return len(self._items)

    def __iter__(self) -> Iterator[Key]:
        self._expire(self.timer())
        return iter(self._items)

    @property
    def weight(self) -> int:
        """Of all items together."""
        self._expire(self.timer())
        return self._weight

    def get(self, key: Key) -> tuple[Any, float] | None:
        """The value and its end, infinite without one; None when there is none. It is now used most recently."""
        item = self._items.get(key)
        if item is None:
            return None
        value, end, _ = item
        if end is not _NEVER and self.timer() >= end[0]:
            return None
        self._items.move_to_end(key)
        return value, end[0]

    def put(self, key: Key, value: Any, expires: float, weight: int) -> None:
        """Keep a value in place of the one before it; its weight is at most ``most``."""
        now = self.timer()
        if self._ends and self._ends[0][0] <= now:
            self._expire(now)
        items = self._items
        if key in items:
            self._drop(key)
        if expires <= now:
            return
        while self._weight + weight > self.most:
            self._drop(next(iter(items)))
        end = _NEVER
        if expires < math.inf:
            self._serial += 1
            end = (expires, self._serial, key)
            heappush(self._ends, end)
            if len(self._ends) > 2 * len(items) + 2:
                self._ends = [each for each in self._ends if each is end or self._stands(each)]
                heapify(self._ends)
        items[key] = (value, end, weight)
        self._weight += weight

    def pop(self, key: Key) -> bool:
        """Whether it was there."""
        lived = key in self
        if key in self._items:
            self._drop(key)
        return lived

    def clear(self) -> None:
        """Forget everything."""
        self._items.clear()
        self._ends.clear()
        self._weight = 0

    def _drop(self, key: Key) -> None:
        _, end, weight = self._items.pop(key)
        self._weight -= weight
        if self._ends and self._ends[0] is end:
            heappop(self._ends)  # the usual case: what is used least recently ends first

    def _stands(self, end: _End) -> bool:
        item = self._items.get(end[2])
        return item is not None and item[1] is end

    def _expire(self, now: float) -> None:
        ends = self._ends
        while ends and ends[0][0] <= now:
            end = heappop(ends)
            if self._stands(end):
                self._weight -= self._items.pop(end[2])[2]
