"""Which of the hits of a search is the company that a name means: exactly one, or candidates. Never a guess.

1. A hit matches when its name is equal (:meth:`CompanyName.asks_for`), or a previous name in its snippet is.
2. A postcode in the question rules out every hit that shows another; if some hits show the same, they alone count.
3. One that bears the name now and is not dissolved, converted, closed or removed is the answer, even if others bore
   the name before or bore it until they were dissolved.
4. Otherwise a single match is the answer; of several that bore the name only before, the single one that still
   exists. A company that exists under another name does not win against a dissolved one of this name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from leadgen_companies_house.companies import Hit
from leadgen_companies_house.names import CompanyName, normal_postcode
from leadgen_core import Candidate, NameQuery

__all__ = ["Choice", "bears", "choose"]

CANDIDATES = 10
_ENDED = frozenset({"dissolved", "converted-closed", "closed", "removed"})


@frozen(eq=False, repr=False)
class Choice:
    """The one hit, or None; ``because`` in a few words; ``matches`` counts those that have or had the name and that
    the postcode leaves; ``candidates``, those with an equal name first."""

    hit: Hit | None
    because: str
    matches: int = 0
    candidates: tuple[Candidate, ...] = ()


def bears(query: NameQuery, hit: Hit) -> bool:
    """Whether this is the hit's current name."""
    return CompanyName.of(query.name).asks_for(CompanyName.of(hit.title))


def choose(query: NameQuery, hits: Sequence[Hit]) -> Choice:
    """The company among ``hits`` (each company once), by the rules above."""
    asked, postcode = CompanyName.of(query.name), normal_postcode(query.postcode)
    now = [hit for hit in hits if bears(query, hit)]
    before = [hit for hit in hits if hit not in now and hit.snippet and asked.asks_for(CompanyName.of(hit.snippet))]
    similar = [hit for hit in hits if hit not in now and hit not in before]
    candidates = tuple(map(_candidate, [*now, *before, *similar][:CANDIDATES]))
    if not now and not before:
        return Choice(None, "no company has exactly this name", 0, candidates)
    where = ""
    if postcode:
        now, before, where = _at(postcode, now, before)
    matches = len(now) + len(before)
    if not matches:
        return Choice(None, "no company of this name has this postcode", 0, candidates)
    hit, because = _single(now, before)
    return Choice(hit, because.format(where=where, several=matches), matches, candidates)


def _single(now: list[Hit], before: list[Hit]) -> tuple[Hit | None, str]:
    """Rules 3 and 4, and why in words."""
    living, living_before = ([hit for hit in some if hit.status not in _ENDED] for some in (now, before))
    if len(living) == 1:
        return living[0], "the only company of this name{where}" + (" that still exists" if len(now) > 1 else "")
    if not before and len(now) == 1:
        return now[0], "the only company of this name{where}"
    if not now and len(before) == 1:
        return before[0], "the only company that once had this name{where}"
    if not now and len(living_before) == 1:
        return living_before[0], "the only company that once had this name{where} and still exists"
    return None, "{several} companies have or had this name{where}"


def _at(postcode: str, now: list[Hit], before: list[Hit]) -> tuple[list[Hit], list[Hit], str]:
    """The hits that the postcode leaves: those that show it, else those that show none."""

    def where(hits: Iterable[Hit], shown: str) -> list[Hit]:
        return [hit for hit in hits if normal_postcode(hit.postcode) == shown]

    confirmed = where(now, postcode), where(before, postcode)
    if any(confirmed):
        return *confirmed, " at this postcode"
    return where(now, ""), where(before, ""), ""


def _candidate(hit: Hit) -> Candidate:
    return Candidate(number=hit.number, name=hit.title, status=hit.status, postcode=hit.postcode)
