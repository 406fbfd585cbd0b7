"""A small world: a dozen invented companies for simulators, sources and discoverers to be tested on.

What must not be kept of a person is the same easily found text for everybody: see :data:`PERSONAL`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from attrs import field, frozen

from leadgen_core.contracts.world import (
    AccountsState,
    Appointment,
    Body,
    Control,
    Human,
    Place,
    Presence,
    WorldCompany,
)

__all__ = ["MANY", "PERSONAL", "SmallWorld", "small_world"]

MANY = 120
"""Officers of the company ``07000008``: more than fit on a page of a hundred."""

PERSONAL: Mapping[str, re.Pattern[str]] = {
    "the nationality": re.compile("zanquorian", re.IGNORECASE),
    "the country of residence": re.compile("zanquoria(?!n)", re.IGNORECASE),
    "the address of a person": re.compile("zanquor (?:house|lane|heights)", re.IGNORECASE),
    "the postcode of a person": re.compile(r"zq7[\s+]*(?:%20)?7zq", re.IGNORECASE),
    "the year of birth": re.compile(r"(?<![0-9a-z])1907(?![0-9a-z])", re.IGNORECASE),
}
"""What no cache, claim or log may hold of anybody in this world, in words, and how it is recognised.

Digests are hexadecimal, so a year counts only where it stands alone.
"""

_HOME = Place(
    premises="Zanquor House",
    address_line_1="Zanquor Lane",
    address_line_2="Zanquor Heights",
    locality="Ashby",
    country="Zanquoria",
    postal_code="ZQ7 7ZQ",
)
_OFFICE = Place(
    premises="Unit 4", address_line_1="Kiln Yard", locality="Ashby", country="England", postal_code="LE65 9ZX"
)
_BEGAN = date(2010, 3, 1)


@frozen
class SmallWorld:
    """A :class:`leadgen_core.contracts.world.World` of these companies, on 30 January 2026."""

    _companies: Mapping[str, WorldCompany]
    facets: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    seed: int = 7
    profile: str = "clean"
    today: date = date(2026, 1, 30)

    def __len__(self) -> int:
        return len(self._companies)

    def company(self, number: str) -> WorldCompany | None:
        return self._companies.get(number)

    def companies(self) -> Iterator[WorldCompany]:
        yield from self._companies.values()

    def presences(self, provider: str) -> Iterator[tuple[WorldCompany | None, Presence]]:
        for company in self._companies.values():
            for presence in company.presences:
                if presence.provider == provider:
                    yield company, presence

    def facet(self, name: str) -> Mapping[str, Any]:
        return self.facets.get(name, {})


def small_world(
    companies: Iterable[WorldCompany] | None = None, *, facets: Mapping[str, Mapping[str, Any]] | None = None
) -> SmallWorld:
    """The dozen, or these companies instead; ``facets`` are what plugins add to a world, by their names."""
    chosen = _kept() if companies is None else companies
    return SmallWorld({company.number: company for company in chosen}, facets or {})


def _human(surname: str, forename: str, month: int = 4, **rest: Any) -> Human:
    known: dict[str, Any] = {
        "person": f"{forename} {surname}",
        "title": "Mx",
        "born": (1907, month),
        "nationality": "Zanquorian",
        "residence": "Zanquoria",
        "occupation": "Engineer",
        "address": _HOME,
    }
    return Human(surname=surname, forename=forename, **(known | rest))


def _post(key: str, who: Human | Body, role: str = "director", **rest: Any) -> Appointment:
    known = {"id": f"app-{key}", "officer": f"off-{key}", "role": role, "who": who, "appointed_on": _BEGAN}
    return Appointment(**(known | rest))


def _control(key: str, who: Human | Body | None, **rest: Any) -> Control:
    form = "super-secure" if who is None else "corporate-entity" if isinstance(who, Body) else "individual"
    known: dict[str, Any] = {
        "id": f"psc-{key}",
        "kind": f"{form}-person-with-significant-control",
        "who": who,
        "natures": ("ownership-of-shares-75-to-100-percent",) if who else (),
        "notified_on": date(2016, 4, 6) if who else None,
    }
    return Control(**(known | rest))


def _company(number: str, name: str, *posts: Appointment, **rest: Any) -> WorldCompany:
    slug = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
    known: dict[str, Any] = {
        "status": "active",
        "type": "ltd",
        "incorporated_on": _BEGAN,
        "sic_codes": ("62012",),
        "address": _OFFICE,
        "appointments": posts,
        "accounts": AccountsState(type="micro-entity", made_up_to=date(2025, 3, 31), next_due=date(2026, 12, 31)),
        "presences": (
            Presence(provider="website", handle=f"{slug}.example", owner=number),
            Presence(provider="x", handle=slug.replace("-", "_"), owner=number),
            Presence(provider="linkedin", handle=slug, owner=number),
        ),
    }
    return WorldCompany(number=number, name=name, **(known | rest))


@cache
def _kept() -> tuple[WorldCompany, ...]:
    return tuple(_dozen())


def _dozen() -> Iterator[WorldCompany]:
    ada, bell = _human("Quill", "Ada"), _human("Bell", "Ivy", 9)
    firm = Body(
        name="ARGOSY NOMINEES LIMITED",
        registration="Sc095000",
        legal_form="Private Limited Company",
        legal_authority="Companies Act 2006",
        place_registered="Companies House",
        country_registered="Scotland",
        address=_OFFICE,
    )
    yield _company("09370001", "BRAMBLE TEXTILES LTD", _post("ada", ada), controls=(_control("ada", ada),))
    yield _company(
        "SC095002",
        "HEATHER QUAY LIMITED",
        _post("iona", _human("Mac Leod", "Iona", 7, middle="Mary")),
        _post("argosy", firm, "corporate-director"),
        _post("ivy", bell, "secretary"),
        jurisdiction="scotland",
        controls=(_control("argosy", firm), _control("past", bell, ceased_on=date(2019, 3, 31))),
        previous_names=(
            ("APPLEGARTH LEISURE LIMITED", _BEGAN, date(2015, 6, 1)),
            ("HEATHER LOOM LTD", date(2015, 6, 1), date(2020, 1, 27)),
        ),
    )
    yield _company(
        "OC300003",
        "THORNE & MERE LLP",
        _post("mara", _human("Thorne", "Mara", 1), "llp-designated-member"),
        _post("olek", _human("Thorne", "Olek", 2), "llp-designated-member"),
        type="llp",
        sic_codes=(),
        controls=(_control("mara", _human("Thorne", "Mara", 1)),),
    )
    yield _company(
        "01000004",
        "OLD LANTERN WORKS LIMITED",
        _post("late", ada, resigned_on=date(2012, 5, 5)),
        status="dissolved",
        ceased_on=date(2021, 11, 30),
        accounts=AccountsState(),
        presences=(),
    )
    yield _company("01000005", "NOBODY HOME LTD", presences=())
    yield _company(
        "01000006",
        "PIKE AND DAUGHTERS LTD",
        _post("noel", _human("Pike", "Noel", 5), resigned_on=date(2018, 5, 5)),
        _post("june", _human("Pike", "June", 6)),
        controls=(_control("june", _human("Pike", "June", 6)),),
    )
    yield _company("01000007", "SEALED LTD", _post("seal", bell), controls=(_control("sealed", None),))
    crowd = [_human(f"Crowd{place:03d}", "Kit", 1 + place % 12) for place in range(MANY)]
    yield _company(
        "07000008",
        "CROWD OWNED LIMITED",
        *(_post(f"c{place}", who) for place, who in enumerate(crowd)),
        controls=tuple(_control(f"c{place}", who) for place, who in enumerate(crowd)),
        incorporated_on=date(2012, 7, 8),
    )
    yield _company(
        "00500009",
        "OLD FORGE LIMITED",
        _post("jem", _human("Rook", "Jem", 3), appointed_on=None, appointed_before=date(1991, 8, 14)),
        incorporated_on=date(1948, 2, 29),
        status_detail="active-proposal-to-strike-off",
        accounts=AccountsState(type="full", made_up_to=date(2022, 2, 28), next_due=date(2023, 11, 30), overdue=True),
        confirmation_overdue=True,
    )
    yield _company("01000010", "OAK QUAY LTD", _post("oak", ada), status="liquidation")
    yield _company("01000011", "BRAMBLE HOLDINGS LIMITED", _post("ada-h", ada), incorporated_on=date(2019, 7, 1))
    yield _company("01000012", "MARSH GROWERS LTD", _post("wen", _human("Marsh", "Wen", 8)), sic_codes=("01130",))
