"""From redacted answers about companies to claims (companies-house.md §1.6, §1.7, §1.9).

Unknown members are ignored, unknown enumeration values kept as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from leadgen_companies_house.listing import Listing, listing, needed
from leadgen_companies_house.reading import Unreadable, count, day, flag, obj, rows, text
from leadgen_companies_house.redact import ADDRESS, unwrapped
from leadgen_core import Address, BadCompanyNumber, CompanyNumber, CompanyProfile, PreviousName, Provenance, maker

__all__ = ["Hit", "Listed", "has_link", "hits", "listed", "profile"]

_company = maker(CompanyProfile)
_address = maker(Address)


@frozen(repr=False)
class Hit:
    """A company that the search gave. ``snippet`` holds a previous name when that is what matched (§1.6)."""

    number: CompanyNumber
    title: str
    status: str | None = None
    postcode: str | None = None
    snippet: str | None = None


@frozen(repr=False)
class Listed:
    """A company that the advanced search gave."""

    number: CompanyNumber
    name: str
    status: str | None = None
    postcode: str | None = None
    incorporated_on: date | None = None


def profile(body: object, number: CompanyNumber, provenance: Provenance) -> CompanyProfile:
    """The profile (§1.9). ``accounts_type`` is the string ``null`` for a company that never filed any.

    Raises :class:`Unreadable` for what is no profile, or that of another number.
    """
    if not isinstance(body, dict):
        raise Unreadable("the body is no object")
    data = unwrapped(body)
    get = data.get
    stated = text(get("company_number"))
    if stated is None and not isinstance(get("links"), dict):
        raise Unreadable("company_number and links are missing")
    if stated is not None and stated != number.value and _number(stated) != number:
        raise Unreadable("company_number is not the one that was asked for")
    accounts = obj(get("accounts"))
    last = obj(accounts.get("last_accounts"))
    return _company(
        provenance=provenance,
        number=number,
        name=text(get("company_name")),
        status=text(get("company_status")),
        status_detail=text(get("company_status_detail")),
        type=text(get("type")),
        jurisdiction=text(get("jurisdiction")),
        incorporated_on=day(get("date_of_creation")),
        ceased_on=day(get("date_of_cessation")),
        sic_codes=tuple([code for each in rows(get("sic_codes")) if (code := text(each))]),
        address=_office(obj(get("registered_office_address"))),
        previous_names=_previous_names(get("previous_company_names")),
        accounts_type=text(last.get("type")),
        accounts_made_up_to=day(last.get("made_up_to")) or day(last.get("period_end_on")),
        accounts_overdue=_first_flag(accounts, obj(accounts.get("next_accounts"))),
        confirmation_overdue=_first_flag(obj(get("confirmation_statement")), obj(get("annual_return"))),
    )


def has_link(body: object, name: str) -> bool | None:
    """Whether the profile links to this list; None when it does not say (it has no object of links)."""
    links = obj(body).get("links")
    return text(links.get(name)) is not None if isinstance(links, dict) else None


def _office(source: Mapping[str, Any]) -> Address | None:
    parts = [None if (part := source.get(name)) is None else text(part) for name in ADDRESS]
    return _address(*parts) if any(parts) else None


def _previous_names(value: object) -> tuple[PreviousName, ...]:
    return tuple(
        [
            PreviousName(name, day(entry.get("effective_from")), day(entry.get("ceased_on")))
            for entry in map(obj, rows(value))
            if (name := text(entry.get("name")))
        ]
    )


def _first_flag(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool | None:
    value = flag(first.get("overdue"))
    return flag(second.get("overdue")) if value is None else value


def _number(value: object) -> CompanyNumber | None:
    try:
        return CompanyNumber.parse(text(value) or "")
    except BadCompanyNumber:
        return None


def hits(body: object) -> Listing[Hit]:
    """A page of search results (§1.6). Raises :class:`Unreadable` when ``items`` is no list."""
    return listing(body, _hit)


def _hit(item: Mapping[str, Any], _key: str | None) -> Hit:
    return Hit(
        number=_numbered(item),
        title=needed(item, "title"),
        status=text(item.get("company_status")),
        postcode=text(obj(item.get("address")).get("postal_code")),
        snippet=text(item.get("snippet")),
    )


def listed(body: object) -> tuple[int, Sequence[Listed]]:
    """How many hits an advanced search has, and those of this page (§1.7).

    Raises :class:`Unreadable` for what is no such list, and for one item without a number: a list without it would
    pass for a whole one.
    """
    total = count(obj(body).get("hits"))
    if total is None:
        raise Unreadable("hits is no number")
    page = obj(body).get("items")
    if page is None and total == 0:
        page = []
    if not isinstance(page, list):
        raise Unreadable("items is no list")
    return total, [_listed(obj(item), place) for place, item in enumerate(page)]


def _listed(item: Mapping[str, Any], place: int) -> Listed:
    try:
        number = _numbered(item)
    except Unreadable as problem:
        raise Unreadable(f"items[{place}] {problem}") from None
    return Listed(
        number=number,
        name=text(item.get("company_name")) or "",
        status=text(item.get("company_status")),
        postcode=text(obj(item.get("registered_office_address")).get("postal_code")),
        incorporated_on=day(item.get("date_of_creation")),
    )


def _numbered(item: Mapping[str, Any]) -> CompanyNumber:
    number = _number(needed(item, "company_number"))
    if number is None:
        raise Unreadable("has a company_number that is none")
    return number
