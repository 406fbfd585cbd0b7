"""The source that finds the company of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadgen_companies_house import Config, api
from leadgen_companies_house.companies import Hit, hits
from leadgen_companies_house.listing import Listing, total
from leadgen_companies_house.reading import Unreadable
from leadgen_core import Absent, Answer, Cause, Context, Found, NameMatch, NameQuery, Provenance, Reply, Unknown

if TYPE_CHECKING:
    from leadgen_companies_house.matching import Choice

__all__ = ["Search"]

PAGES = 3
"""Pages read at most, of the ten that can be reached (§1.6): equal names come first, later ones are only similar."""


class Search:
    """``companies-house.search``: the one company of a name, or the candidates; it never guesses.

    - ``Found``: exactly one company by the rules of :mod:`~leadgen_companies_house.matching`.
    - ``Absent``: the search has no hit at all.
    - ``Unknown(ambiguous)``: several have the name, or none but there are similar ones. Up to ten candidates.

    Pages are read until a company of this name is found and the run of equal names has ended, at most
    :data:`PAGES`.
    """

    def __init__(self, _config: Config) -> None:
        pass

    async def answer(self, subject: NameQuery, ctx: Context) -> Answer:
        from leadgen_companies_house.names import cleaned  # a run of numbers asks no names

        query = cleaned(subject.name)
        if not query:
            return Unknown(Cause.AMBIGUOUS, because="the name is empty")
        reading = _Reading(subject)
        for start in range(0, PAGES * api.PAGE, api.PAGE):
            if not reading.goes_on(await ctx.ask(api.search(query, start))):
                break
        return reading.answer()


class _Reading:
    """What the pages so far say of the name."""

    def __init__(self, query: NameQuery) -> None:
        self._query = query
        self._hits: dict[str, Hit] = {}
        self._from: dict[str, Provenance] = {}
        self._received = 0
        self._total: int | None = None
        self._all_read = False
        self._problems: list[str] = []

    def goes_on(self, reply: Reply) -> bool:
        """Take in one page; whether the next could change the answer."""
        try:
            page = Listing[Hit]() if reply.nothing else hits(reply.body)
        except Unreadable as problem:
            self._problems.append(str(problem))
            return False
        self._problems.extend(page.unreadable)
        for hit in page.values:
            number = hit.number.value
            self._hits.setdefault(number, hit)
            self._from.setdefault(number, reply.provenance)
        received = len(page.links)
        self._received += received
        self._total = total(reply.body) if total(reply.body) is not None else self._total
        self._all_read = not received or (self._total is not None and self._received >= self._total)
        if self._all_read:
            return False
        from leadgen_companies_house.matching import bears

        run_ended = not page.values or not bears(self._query, page.values[-1])
        return not (self._choice().matches and run_ended)

    def answer(self) -> Answer:
        """The answer to what was read."""
        choice = self._choice()
        if self._problems:
            because = f"/search/companies: {self._problems[0]}"
            return Unknown(Cause.MALFORMED, because=because, candidates=choice.candidates)
        if not self._received:
            if self._total:
                return Unknown(
                    Cause.MALFORMED, because="/search/companies: items is empty while total_results is not 0"
                )
            return Absent(because="the register's search has no company for this name")
        hit = choice.hit
        if hit is None:
            rest = "" if self._all_read or choice.matches else "; the rest was not read, so it may be there"
            because = f"{choice.because} {self._extent()}{rest}"
            return Unknown(Cause.AMBIGUOUS, because=because, candidates=choice.candidates)
        match = NameMatch(
            provenance=self._from[hit.number.value],
            query=self._query.name,
            number=hit.number,
            name=hit.title,
            because=f"{choice.because} {self._extent()}",
        )
        return Found((match,))

    def _choice(self) -> Choice:
        from leadgen_companies_house.matching import choose

        return choose(self._query, list(self._hits.values()))

    def _extent(self) -> str:
        of = "" if self._all_read or self._total is None else f" of {self._total}"
        return f"among the first {self._received}{of} hits" if of else f"among {self._received} hits"
