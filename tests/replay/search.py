"""``/search/companies`` (companies-house.md §1.6): the recorded search, and answers built from its items.

The reserved words are in the package's docstring.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

from attrs import frozen

from tests.replay.companies import company_name
from tests.replay.recorded import Recorded
from tests.replay.shapes import Shape, shape_of

__all__ = ["CROWD", "Search"]

CROWD = 1500
"""Hits of a query with the word CROWD; its one exact hit stands at :data:`CROWD_PLACE`."""
CROWD_PLACE = 130

_ENDINGS = ("LIMITED", "LTD", "LLP", "PLC", "L.T.D.", "CIC")
_NUMBER = re.compile(r"(?:[A-Z]{2}\d{6}|\d{8})")
_KEPT = 4096

Item = dict[str, Any]


@frozen
class _Hits:
    total: int
    at: Callable[[int], Item]


class Search:
    """Answers queries. ``listed``: the hits by number, which the profiles of those companies follow."""

    def __init__(self, recorded: Recorded, known: Callable[[str], bool]) -> None:
        self._recorded = recorded
        self._known = known
        self._items: list[Item] = recorded.search["items"]
        # The register's default address names another company's number; a built hit must not.
        self._models = [
            item for item in self._items if item["company_type"] == "ltd" and "po_box" not in item["address"]
        ]
        self.recorded_listing: Mapping[str, Item] = {item["company_number"]: item for item in self._items}
        self._built: dict[str, Item] = {}

    def listed(self, number: str) -> Item | None:
        """The hit that gave this number, if one did."""
        return self.recorded_listing.get(number) or self._built.get(number)

    def page(self, query: str, start: int, size: int) -> dict[str, Any]:
        """One page; ``size`` is the clamped one."""
        hits = self._hits(query)
        end = min(start + size, hits.total)
        return {
            "items": [hits.at(index) for index in range(start, end)],
            "items_per_page": size,
            "kind": "search#companies",
            "page_number": start // size + 1,
            "start_index": start,
            "total_results": hits.total,
        }

    # --- which hits -----------------------------------------------------------------------------------------

    def _hits(self, query: str) -> _Hits:
        if query.casefold() == self._recorded.query.casefold():
            return _Hits(self._recorded.search["total_results"], self._recorded_at)
        upper = " ".join(query.upper().split())
        words = set(re.split(r"[^A-Z0-9]+", upper))
        if "NOHIT" in words or not upper:
            return _Hits(0, self._recorded_at)
        for word in words:
            if _NUMBER.fullmatch(word) and self._known(word) and shape_of(word) is not Shape.STUB:
                return self._listed_hits([self._of_number(word)])
        title = upper if upper.endswith(_ENDINGS) else f"{upper} LIMITED"
        if "CROWD" in words:
            return _Hits(CROWD, lambda index: self._crowd(title, index))
        for word, build in _WORDS.items():
            if word in words:
                return self._listed_hits(build(self, title))
        return self._listed_hits(self._one(title))

    def _recorded_at(self, index: int) -> Item:
        """Beyond the recorded hundred: renumbered copies, so that a pager meets full pages."""
        item = self._items[index % len(self._items)]
        return item if index < len(self._items) else self._like(item, f"{item['title']} ({index})", f"more {index}")

    def _listed_hits(self, items: list[Item]) -> _Hits:
        return _Hits(len(items), items.__getitem__)

    # --- building -------------------------------------------------------------------------------------------

    def _like(self, item: Item, title: str, place: str) -> Item:
        return _renumbered(item, title, _number(title, place))

    def _item(
        self, title: str, place: str, *, created: str = "2012-05-09", ceased: str | None = None, **changes: Any
    ) -> Item:
        number = _number(title, place)
        model = self._models[int(number) % len(self._models)]
        item = _renumbered(model, title, number, created=created, ceased=ceased) | changes
        if len(self._built) >= _KEPT:
            self._built.pop(next(iter(self._built)))
        self._built[number] = item
        return item

    def _of_number(self, number: str) -> Item:
        """A company that can be had without a search: its hit says what its profile says."""
        profile = self._recorded.profile
        real = number == self._recorded.number
        office = profile["registered_office_address"]
        premises, _, line = office["address_line_1"].rpartition(", ")
        shape = shape_of(number)
        dissolved = shape is Shape.DISSOLVED
        item = _renumbered(
            self._models[0],
            profile["company_name"] if real else company_name(number),
            number,
            created="1975-05-02" if shape is Shape.PRE_1992 else profile["date_of_creation"],
            ceased="2021-11-30" if dissolved else None,
        )
        item["address"] = {**office, "address_line_1": line, "premises": premises}
        item["address_snippet"] = ", ".join(
            office[key] for key in ("address_line_1", "locality", "country", "postal_code") if key in office
        )
        if shape is Shape.LIQUIDATION:
            item |= {"company_status": "liquidation", "description_identifier": ["incorporated-on", "liquidation"]}
        if shape is Shape.LLP:
            item["company_type"] = "llp"
        return item

    def _near(self, title: str) -> list[Item]:
        stem = title.rsplit(" ", 1)[0]
        return [self._item(f"{stem} HOLDINGS LTD", "near 1"), self._item(f"{stem} GROUP SERVICES LIMITED", "near 2")]

    def _one(self, title: str) -> list[Item]:
        return [self._item(title, "exact"), *self._near(title)]

    def _twins(self, title: str) -> list[Item]:
        return [*(self._item(title, f"twin {place}") for place in range(3)), *self._near(title)]

    def _last_one(self, title: str) -> list[Item]:
        dead = [self._item(title, f"dead {place}", ceased=f"201{place}-04-23") for place in range(2)]
        return [dead[0], self._item(title, "alive"), dead[1], *self._near(title)]

    def _gone(self, title: str) -> list[Item]:
        return [self._item(title, "dead", ceased="2019-04-23")]

    def _formerly(self, title: str) -> list[Item]:
        return [self._item("NOW CALLED OTHERWISE LIMITED", f"formerly {title}", snippet=title)]

    def _sparse(self, title: str) -> list[Item]:
        """Members missing as in the recordings: status, creation, address; "Unknown", null, "N/A" (§1.6)."""
        exact = self._item(title, "sparse", company_type="charitable-incorporated-organisation")
        for key in ("company_status", "date_of_creation", "address_snippet"):
            del exact[key]
        exact |= {"address": {}, "description_identifier": [None], "matches": {"title": [1, 5], "snippet": []}}
        odd, other = self._near(title)
        odd |= {"date_of_cessation": "Unknown", "company_status": "dissolved", "external_registration_number": "N/A"}
        other |= {"description_identifier": [None, "registered"], "company_status": "registered"}
        return [exact, odd, other]

    def _crowd(self, title: str, index: int) -> Item:
        if index == CROWD_PLACE:
            return self._item(title, "exact")
        stem = title.rsplit(" ", 1)[0]
        return self._like(self._models[index % len(self._models)], f"{stem} ({index}) LTD", str(index))


_WORDS: dict[str, Callable[[Search, str], list[Item]]] = {
    "TWINS": Search._twins,
    "LASTONE": Search._last_one,
    "GONE": Search._gone,
    "FORMERLY": Search._formerly,
    "SPARSE": Search._sparse,
}


def _number(title: str, place: str) -> str:
    """A number of the range that search hits have: it begins with 7."""
    digest = blake2b(f"{title}|{place}".encode(), digest_size=8).digest()
    return f"7{int.from_bytes(digest) % 10**7:07d}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def _renumbered(item: Item, title: str, number: str, *, created: str | None = None, ceased: str | None = None) -> Item:
    """A copy of an item for another company. Without dates it keeps its own and its state."""
    copy = {**item, "company_number": number, "links": {"self": f"/company/{number}"}, "title": title}
    if created is None:
        copy["description"] = item["description"].replace(item["company_number"], number)
        return copy
    copy["date_of_creation"] = created
    copy.pop("date_of_cessation", None)
    if ceased is None:
        return copy | {
            "company_status": "active",
            "description": f"{number} - Incorporated on {_day(created)}",
            "description_identifier": ["incorporated-on"],
        }
    return copy | {
        "company_status": "dissolved",
        "date_of_cessation": ceased,
        "description": f"{number} - Dissolved on {_day(ceased)}",
        "description_identifier": ["dissolved-on"],
    }
