"""``/advanced-search/companies`` (companies-house.md §1.7): filters, all of which must hold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import frozen

from leadgen_companies_house.simulator.answers import BadParameter, Json, Query, refused
from leadgen_companies_house.simulator.text import address, day, present, words
from leadgen_companies_house.simulator.vocabulary import (
    CLOSED_TO_SEARCH,
    COMPANY_TYPES,
    SEARCH_STATUSES,
    SEARCH_SUBTYPES,
)
from leadgen_core.contracts.world import WorldCompany

__all__ = ["Filters", "Table", "item"]

_DEFAULT_SIZE = 20
_LARGEST_SIZE = 5000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The service's own sentences.
_WRONG_DATE = (
    "Date provided is either invalid, empty or in the incorrect format, "
    "please use the format of 'yyyy-mm-dd' e.g '2000-12-20'"
)
_WRONG_VALUE = (
    "Error attempting to map request parameter values, please check the values of fields "
    "'company_status' or 'company_type' or 'company_subtype' contain accurate values"
)
_WRONG_SIZE = f"Invalid size parameter, size must be greater than zero and not greater than {_LARGEST_SIZE}"
_PLACE = ("address_line_1", "address_line_2", "locality", "region", "country", "postal_code", "premises")


@frozen
class Filters:
    """What is asked for; None: no such filter. Hashable, so that pages of one question share its result."""

    includes: tuple[str, ...] | None
    excludes: tuple[str, ...] | None
    location: tuple[str, ...] | None
    statuses: frozenset[str] | None
    types: frozenset[str] | None
    subtypes: frozenset[str] | None
    sic_codes: frozenset[str] | None
    incorporated: tuple[date | None, date | None]
    dissolved: tuple[date | None, date | None]

    @classmethod
    def read(cls, query: Query) -> tuple[Filters, int, int]:
        """Filters, start and size. Raises :class:`BadParameter`: 400 for a wrong value or day, 422 for a wrong size."""
        size = query.integer("size", _DEFAULT_SIZE)
        if not 1 <= size <= _LARGEST_SIZE:
            raise BadParameter(refused(422, _WRONG_SIZE))
        filters = cls(
            includes=_words(query.text("company_name_includes")),
            excludes=_words(query.text("company_name_excludes")),
            location=_words(query.text("location")),
            statuses=_closed_list(query, "company_status", SEARCH_STATUSES),
            types=_closed_list(query, "company_type", COMPANY_TYPES, any_case=True),
            subtypes=_closed_list(query, "company_subtype", SEARCH_SUBTYPES),
            sic_codes=None if (codes := query.texts("sic_codes")) is None else frozenset(codes),
            incorporated=(_day(query, "incorporated_from"), _day(query, "incorporated_to")),
            dissolved=(_day(query, "dissolved_from"), _day(query, "dissolved_to")),
        )
        return filters, max(0, query.integer("start_index", 0)), size


def _words(text: str | None) -> tuple[str, ...] | None:
    return None if not text else words(text) or None


def _closed_list(query: Query, name: str, known: frozenset[str], *, any_case: bool = False) -> frozenset[str] | None:
    values = query.texts(name)
    if values is None:
        return None
    chosen = frozenset(value.lower() for value in values) if any_case else frozenset(values)
    if not chosen <= known:
        raise BadParameter(refused(400, _WRONG_VALUE))
    return chosen


def _day(query: Query, name: str) -> date | None:
    text = query.text(name)
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text) and text.isascii():
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadParameter(refused(400, _WRONG_DATE))


class Table:
    """All companies, found by the words and codes that filters ask for. In the order of the world."""

    def __init__(self, companies: Sequence[WorldCompany]) -> None:
        self._companies = companies
        names: dict[str, set[int]] = defaultdict(set)
        places: dict[str, set[int]] = defaultdict(set)
        codes: dict[str, set[int]] = defaultdict(set)
        for row, company in enumerate(companies):
            for word in words(company.name):
                names[word].add(row)
            for value in _office(company).values():
                for word in words(value):
                    places[word].add(row)
            for code in company.sic_codes:
                codes[code].add(row)
        self._names: Mapping[str, set[int]] = names
        self._places: Mapping[str, set[int]] = places
        self._codes: Mapping[str, set[int]] = codes

    def find(self, filters: Filters) -> list[WorldCompany]:
        """Every company that passes all filters."""
        rows: set[int] | None = None
        for wanted, index in ((filters.includes, self._names), (filters.location, self._places)):
            for word in wanted or ():
                rows = _narrowed(rows, index.get(word, set()))
        if filters.sic_codes is not None:
            rows = _narrowed(rows, set().union(*(self._codes.get(code, ()) for code in filters.sic_codes)))
        chosen: Iterable[int] = range(len(self._companies)) if rows is None else sorted(rows)
        if filters.excludes is not None:
            banned = set().union(*(self._names.get(word, ()) for word in filters.excludes))
            chosen = [row for row in chosen if row not in banned]
        return [company for row in chosen if _passes(company := self._companies[row], filters)]


def _narrowed(rows: set[int] | None, more: set[int]) -> set[int]:
    return more if rows is None else rows & more


def _passes(company: WorldCompany, filters: Filters) -> bool:
    return (
        (filters.statuses is None or company.status in filters.statuses)
        and (filters.types is None or company.type in filters.types)
        and (filters.subtypes is None or company.subtype in filters.subtypes)
        and _between(company.incorporated_on, filters.incorporated)
        and _between(company.ceased_on if company.status in CLOSED_TO_SEARCH else None, filters.dissolved)
    )


def _between(value: date | None, bounds: tuple[date | None, date | None]) -> bool:
    """Inclusive at both ends; who has no day passes only where no day is asked for."""
    since, until = bounds
    if since is None and until is None:
        return True
    return value is not None and (since is None or since <= value) and (until is None or value <= until)


def _office(company: WorldCompany) -> Json:
    place = address(company.address) or {}
    return {name: place[name] for name in _PLACE if name in place}


def item(company: WorldCompany) -> Json:
    """One hit. Members are absent, never null; the address keeps its premises apart."""
    return present(
        company_name=company.name,
        company_number=company.number,
        company_status=company.status or None,
        company_type=company.type,
        company_subtype=company.subtype,
        kind="search-results#company",
        links={"company_profile": f"/company/{company.number}"},
        date_of_creation=day(company.incorporated_on),
        date_of_cessation=day(company.ceased_on) if company.status in CLOSED_TO_SEARCH else None,
        registered_office_address=_office(company) or None,
        sic_codes=list(company.sic_codes) or None,
    )
