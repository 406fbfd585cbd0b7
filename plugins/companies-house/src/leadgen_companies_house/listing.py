"""A page of a list: the readable items, and what is wrong with each of the others.

The only error raised is :class:`Unreadable`, when the list itself cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from attrs import frozen

from leadgen_companies_house.reading import Unreadable, count, obj, rows, text

__all__ = ["Listing", "Row", "items", "listing", "needed", "self_link", "total"]

T = TypeVar("T")


@frozen(eq=False, repr=False)
class Row(Generic[T]):
    """One item: ``key`` (its ``links.self``) tells whether another page had it already."""

    key: str | None
    value: T


@frozen(eq=False, repr=False)
class Listing(Generic[T]):
    """One page of a list: what its readable items say, and the key of each of them, in two lists.

    ``unreadable`` says of each item that was lost which member is at fault; ``links`` are the keys of all items.
    """

    values: Sequence[T] = ()
    keys: Sequence[str | None] = ()
    unreadable: Sequence[str] = ()
    links: Sequence[str | None] = ()

    @property
    def rows(self) -> tuple[Row[T], ...]:
        """The readable items."""
        return tuple(map(Row, self.keys, self.values))


def total(body: object) -> int | None:
    """How many items the whole list has, as it says; None where it does not."""
    return count(obj(body).get("total_results"))


def items(body: object) -> list[object]:
    """The items of a page as they stand; none where there is no list."""
    return rows(obj(body).get("items"))


def self_link(item: Any) -> str | None:
    """The item's ``links.self``, None where it has none."""
    try:
        return text(item["links"]["self"])
    except (KeyError, TypeError, IndexError):  # nearly all have it, so that nothing is looked at before
        return None


def listing(body: object, read: Callable[[Mapping[str, Any], str | None], T]) -> Listing[T]:
    """Every item through ``read``, with its key. Raises :class:`Unreadable` when ``items`` is no list."""
    page = obj(body).get("items")
    if page is None and total(body) == 0:
        page = []  # an absent list is an empty one only where the answer says so
    if not isinstance(page, list):
        raise Unreadable("items is no list")
    values: list[T] = []
    links: list[str | None] = []
    lost: dict[int, str] = {}
    for item in page:
        key = self_link(item)
        links.append(key)
        try:
            if not isinstance(item, dict):
                raise Unreadable("is no object")
            values.append(read(item, key))
        except Unreadable as problem:
            place = len(links) - 1
            lost[place] = f"items[{place}] {problem}"
    keys = [key for place, key in enumerate(links) if place not in lost] if lost else links
    return Listing(values, keys, tuple(lost.values()), links)


def needed(item: Mapping[str, Any], name: str) -> str:
    """The text of a member without which the item is no claim, else :class:`Unreadable`."""
    value = text(item.get(name))
    if value is None:
        raise Unreadable(f"has no readable {name}")
    return value
