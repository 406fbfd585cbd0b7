"""``/search/companies`` (companies-house.md §1.6): which companies a query finds, in which order, and their items.

A company is found when a word of the query is a word, or the beginning of one, in its name or in a previous name;
words of legal forms count only when there are no others. Exact names come first, names that begin with the query next,
then by the words that match, rare ones weighing more; equals stand in alphabetical order, as recorded.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from leadgen_companies_house.simulator.answers import Json, etag
from leadgen_companies_house.simulator.text import (
    address,
    address_snippet,
    day,
    present,
    search_key,
    words,
    written_out,
)
from leadgen_companies_house.simulator.vocabulary import CLOSED_TO_SEARCH, INSOLVENT
from leadgen_core.contracts.world import WorldCompany

__all__ = ["Names", "item"]

_COMMON = frozenset({
    "LIMITED", "LTD", "PLC", "LLP", "LP", "CIC", "CYF", "CYFYNGEDIG", "CCC", "COMPANY", "AND", "THE", "OF", "UK",
})  # fmt: skip
_SHORTEST_BEGINNING = 3
_EXACT, _EXACT_BEFORE, _BEGINS = 1 << 40, 1 << 39, 1 << 38
_NUMBER = re.compile(r"([A-Z]{0,2})(\d{1,8})")
_RESTRICTIONS = ("active-companies", "legally-equivalent-company-name")
_UNKNOWN = "Unknown"
_NULL_REGIONS = 200
"""In one address of so many ``region`` is null instead of absent; that it happens is known, how often is [I]."""

_FORMED = {
    "limited-partnership": "registered-on",
    "uk-establishment": "opened-on",
    "registered-overseas-entity": "registered",
}
_CEASED = {
    "dissolved": "dissolved-on",
    "converted-closed": "converted-closed-on",
    "closed": "closed-on",
    "removed": "removed",
}
_TOLD = {
    "incorporated-on": "Incorporated on",
    "registered-on": "Registered on",
    "opened-on": "Opened on",
    "registered": "Registered on",
    "dissolved-on": "Dissolved on",
    "converted-closed-on": "Converted/Closed on",
    "closed-on": "Closed on",
    "removed": "Removed on",
    "liquidation": "Liquidation",
    "receivership": "Receiver Action",
    "administration": "In Administration",
    "voluntary-arrangement": "Voluntary Arrangement",
    "insolvency-proceedings": "Insolvency Proceedings",
}


class Names:
    """The index of all names. Built once for a world; positions are those of ``companies``."""

    def __init__(self, companies: Sequence[WorldCompany]) -> None:
        self._companies = companies
        self._numbers = {company.number: place for place, company in enumerate(companies)}
        found_by: dict[str, set[int]] = defaultdict(set)
        exact: dict[str, list[int]] = defaultdict(list)
        before: dict[str, list[int]] = defaultdict(list)
        keys: list[tuple[str, str, int]] = []
        self._former: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for place, company in enumerate(companies):
            parts = words(company.name)
            key = search_key(parts)
            exact[key].append(place)
            keys.append((key, company.number, place))
            for word in parts:
                found_by[word].add(place)
            for name, _, _ in company.previous_names:
                parts = words(name)
                self._former.setdefault(company.number, []).append((name, parts))
                before[search_key(parts)].append(place)
                for word in parts:
                    found_by[word].add(place)
        keys.sort()
        self._found_by: Mapping[str, set[int]] = found_by
        self._vocabulary = sorted(found_by)
        self._exact: Mapping[str, list[int]] = exact
        self._before: Mapping[str, list[int]] = before
        self._keys = [key for key, _, _ in keys]
        self._by_rank = [place for _, _, place in keys]
        self._rank = [0] * len(keys)
        for rank, place in enumerate(self._by_rank):
            self._rank[place] = rank

    def find(self, query: str, restrictions: str | None = None) -> list[WorldCompany]:
        """All companies that the query finds, the best first.

        ``restrictions``: the one documented pair, ``active-companies legally-equivalent-company-name``.
        """
        parts = words(query)
        scores = self._scores(parts)
        key = search_key(parts)
        size = len(self._companies)
        # One integer orders by score, then by the alphabet.
        best = sorted([(score + 1) * size - self._rank[place] for place, score in scores.items()], reverse=True)
        hits = [self._companies[self._by_rank[-value % size]] for value in best]
        if restrictions is not None and all(word in restrictions.split() for word in _RESTRICTIONS):
            return [hit for hit in hits if hit.status == "active" and search_key(words(hit.name)) == key]
        return hits

    def snippets(self, query: str) -> Callable[[WorldCompany], str]:
        """What each hit of the query shows: the previous name that a word of it matches, whatever else matches."""
        asked = _telling(words(query))

        def told(company: WorldCompany) -> str:
            for name, parts in self._former.get(company.number, ()):
                if any(word.startswith(asked) for word in parts):
                    return name
            return ""

        return told

    def _scores(self, parts: Sequence[str]) -> dict[int, int]:
        scores: dict[int, int] = defaultdict(int)
        for word in dict.fromkeys(_telling(parts)):
            near = self._near(word)
            if near:
                # The rarer the word, the more it says; a whole word says twice as much as the beginning of one.
                weight = 1 + int(16 * math.log2((len(self._companies) + 1) / len(near)))
                _add(scores, near, weight)
                _add(scores, self._found_by.get(word, ()), weight)
        key = search_key(parts)
        if key:
            for rank in range(bisect_left(self._keys, key), bisect_left(self._keys, key + "\uffff")):
                scores[self._by_rank[rank]] += _BEGINS
            _add(scores, self._exact.get(key, ()), _EXACT)
            _add(scores, self._before.get(key, ()), _EXACT_BEFORE)
        if (numbered := self._numbered(parts)) is not None:
            scores[numbered] += _EXACT
        return scores

    def _near(self, word: str) -> set[int]:
        """Companies with a word that begins with this one; of short ones only those with the word itself."""
        if len(word) < _SHORTEST_BEGINNING:
            return self._found_by.get(word, set())
        start, end = bisect_left(self._vocabulary, word), bisect_left(self._vocabulary, word + "\uffff")
        return set().union(*(self._found_by[known] for known in self._vocabulary[start:end]))

    def _numbered(self, parts: Sequence[str]) -> int | None:
        match = _NUMBER.fullmatch("".join(parts))
        if match is None:
            return None
        prefix, digits = match.groups()
        return self._numbers.get(prefix + digits.zfill(8 - len(prefix)))


def _telling(parts: Sequence[str]) -> tuple[str, ...]:
    """The words that say something, all of them when none does."""
    return tuple(word for word in parts if word not in _COMMON) or tuple(parts)


def _add(scores: dict[int, int], places: Iterable[int], bonus: int) -> None:
    for place in places:
        scores[place] += bonus


# --- items --------------------------------------------------------------------------------------------------


def item(company: WorldCompany, told: str) -> Json:
    """One hit; ``told`` is its snippet. A company of which the world has no address has an empty one."""
    number = company.number
    place = address(company.address) or {}
    identifiers = _identifiers(company)
    ceased = None
    if company.status in CLOSED_TO_SEARCH:
        ceased = day(company.ceased_on) or _UNKNOWN
    body = present(
        kind="searchresults#company",
        company_number=number,
        title=company.name,
        company_type=company.type,
        company_status=company.status or None,
        date_of_creation=day(company.incorporated_on),
        date_of_cessation=ceased,
        description=" - ".join([number, *_described(company, identifiers)]),
        address=place,
        address_snippet=address_snippet(place) or None,
        external_registration_number="N/A" if company.type == "registered-overseas-entity" else None,
        links={"self": f"/company/{number}"},
        matches={"snippet": []},
        snippet=told,
    )
    if place and "region" not in place and int(etag("region", number)[:8], 16) % _NULL_REGIONS == 0:
        body["address"] = {**place, "region": None}
    body["description_identifier"] = identifiers
    return body


def _identifiers(company: WorldCompany) -> list[str | None]:
    """What the description is made of; null for a type that the register has no words for."""
    if company.status in _CEASED:
        return [_CEASED[company.status]]
    if company.incorporated_on is None:
        return [None]
    if company.status == "registered":
        return [None, "registered"]
    first: list[str | None] = [_FORMED.get(company.type, "incorporated-on")]
    return [*first, company.status] if company.status in INSOLVENT else first


def _described(company: WorldCompany, identifiers: Sequence[str | None]) -> list[str]:
    told = []
    for identifier in filter(None, identifiers):
        words_for = _TOLD[identifier]
        if not words_for.endswith(" on"):
            told.append(words_for)
            continue
        when = company.ceased_on if company.status in _CEASED else company.incorporated_on
        told.append(f"{words_for} {_UNKNOWN if when is None else written_out(when)}")
    return told
