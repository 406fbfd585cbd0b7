"""``/advanced-search/companies`` (companies-house.md §1.7): an invented index of 25,003 companies and the recorded one.

The companies from 60000000 on are incorporated on some day from 1990 to 2025; every second has the SIC code 62012,
every thousandth 43210 too; every tenth is a plc, every seventh in liquidation, every hundredth in Leeds. Three more
are charities (CE900001 and on) that have neither a SIC code nor a day of incorporation. The profiles follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from attrs import frozen

from tests.replay.companies import company_name
from tests.replay.recorded import Recorded

__all__ = ["ADVANCED", "Advanced", "Refusal"]

ADVANCED = 25_000
"""Companies of the invented index that have a day of incorporation."""

_FIRST = 60_000_000
_UNDATED = 3
_LARGEST = 5_000
_REACH = 10_000
_STATUSES = frozenset(
    (
        "active", "dissolved", "open", "closed", "removed", "converted-closed", "receivership", "administration",
        "liquidation", "insolvency-proceedings", "voluntary-arrangement",
    )
)  # fmt: skip
_TYPES = frozenset({"ltd", "plc", "llp", "charitable-incorporated-organisation"})
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Item = dict[str, Any]


@frozen
class Refusal:
    """What is answered instead of a list."""

    status: int
    text: str = ""


class Advanced:
    """Answers queries. ``listed``: as of a search, what the profile of an invented company follows."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def listed(self, number: str) -> Mapping[str, Any] | None:
        """The company in the members of a search hit, None for one that is not of the invented index."""
        if not number.isdigit() or not _FIRST <= int(number) < _FIRST + ADVANCED:
            return None
        item = self._item(int(number) - _FIRST)
        same = ("company_status", "company_type", "date_of_creation")
        address = item["registered_office_address"]
        return {"title": item["company_name"], "address": address, **{key: item[key] for key in same}}

    def page(self, query: Mapping[str, str]) -> Item | Refusal:
        """One page, or why there is none."""
        start, size = max(0, _integer(query, "start_index", 0)), _integer(query, "size", 20)
        if not 1 <= size <= _LARGEST:
            return Refusal(422, f"size must be greater than 0 and not exceed {_LARGEST}")
        tests: list[Callable[[Item], bool]] = []
        for name, read in _FILTERS.items():
            if name in query:
                test = read(query[name])
                if isinstance(test, Refusal):
                    return test
                tests.append(test)
        if start + size > _REACH:
            return Refusal(500)
        found = [item for item in self._items if all(test(item) for test in tests)]
        if not found[start : start + size]:
            return Refusal(404)
        return {
            "etag": uuid4().hex,
            "kind": "search#advanced-search",
            "hits": len(found),
            "top_hit": found[0],
            "items": found[start : start + size],
        }

    @cached_property
    def _items(self) -> Sequence[Item]:
        invented = [self._item(place) for place in range(ADVANCED)]
        return [*invented, *(_charity(place) for place in range(_UNDATED)), self._real()]

    def _item(self, place: int) -> Item:
        number = str(_FIRST + place)
        codes = ["62012"] * (place % 2 == 0) + ["43210"] * (place % 1000 == 3)
        return {
            "company_name": company_name(number),
            "company_number": number,
            "company_status": "liquidation" if place % 7 == 6 else "active",
            "company_type": "plc" if place % 10 == 9 else "ltd",
            "kind": "search-results#company",
            "links": {"company_profile": f"/company/{number}"},
            "date_of_creation": (date(1990, 1, 1) + timedelta(days=place * 7919 % 13_000)).isoformat(),
            "registered_office_address": {
                "premises": str(place % 90 + 1),
                "address_line_1": "Bath Road",
                "locality": "Leeds" if place % 100 == 0 else "York",
                "postal_code": f"YO{place % 30 + 1} 1AA",
            },
            "sic_codes": codes or ["70229"],
        }

    def _real(self) -> Item:
        profile = self._recorded.profile
        same = ("company_name", "company_number", "company_status", "date_of_creation", "sic_codes")
        return {
            **{key: profile[key] for key in same},
            "company_type": profile["type"],
            "kind": "search-results#company",
            "links": {"company_profile": f"/company/{profile['company_number']}"},
            "registered_office_address": profile["registered_office_address"],
        }


def _charity(place: int) -> Item:
    number = f"CE9{place + 1:05d}"
    return {
        "company_name": company_name(number),
        "company_number": number,
        "company_status": "active",
        "company_type": "charitable-incorporated-organisation",
        "kind": "search-results#company",
        "links": {"company_profile": f"/company/{number}"},
    }


def _integer(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    return int(text) if _INTEGER.fullmatch(text) else default


# --- filters ----------------------------------------------------------------------------------------------

Test = Callable[[Item], bool]


def _member(name: str, known: frozenset[str]) -> Callable[[str], Test | Refusal]:
    def read(text: str) -> Test | Refusal:
        wanted = {value.lower() for value in text.split(",")}
        if not wanted <= known:
            return Refusal(400, f"Invalid {name}: a value is none of the list")
        return lambda item: item[name] in wanted

    return read


def _day(earliest: bool) -> Callable[[str], Test | Refusal]:
    def read(text: str) -> Test | Refusal:
        try:
            date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            return Refusal(400, "Date provided is either invalid, empty or in the wrong format")
        if earliest:
            return lambda item: item.get("date_of_creation", "") >= text
        return lambda item: "date_of_creation" in item and item["date_of_creation"] <= text

    return read


def _codes(text: str) -> Test:
    wanted = set(text.split(","))
    return lambda item: not wanted.isdisjoint(item.get("sic_codes", ()))


def _location(text: str) -> Test:
    wanted = set(text.lower().split())
    return lambda item: (
        wanted <= set(re.split(r"[^a-z0-9]+", " ".join(item.get("registered_office_address", {}).values()).lower()))
    )


_FILTERS: dict[str, Callable[[str], Test | Refusal]] = {
    "company_status": _member("company_status", _STATUSES),
    "company_type": _member("company_type", _TYPES),
    "incorporated_from": _day(earliest=True),
    "incorporated_to": _day(earliest=False),
    "location": _location,
    "sic_codes": _codes,
}
