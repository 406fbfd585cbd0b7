"""The discoverer: every company that the advanced search has for a query, however many (companies-house.md §1.7).

The search reaches the first 10,000 hits of a query, 5,000 in one answer; it states exactly how many there are, and
does not promise an order that is the same for two pages. So the days of incorporation are halved until the hits
come in one answer, and only one single day that has more is read in pages. A list that is not of the stated length,
or has a company twice, is asked for again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar

from attrs import frozen

from leadgen_companies_house import Config, api
from leadgen_companies_house.companies import Listed, listed
from leadgen_companies_house.query import filters
from leadgen_companies_house.reading import Unreadable
from leadgen_core import Candidate, Cause, Context, DiscoveryQuery, Unanswered

__all__ = ["EARLIEST", "Discovery"]

EARLIEST = date(1000, 1, 1)
"""Before every incorporation: royal charters are centuries older than the Companies Acts."""
_DAY = timedelta(days=1)


class Discovery:
    """``companies-house.discovery``: companies by the day of their incorporation, then by number, each once.

    Companies without a day of incorporation (some charities and societies) come last, and only without a range of
    days and among 10,000 hits at most: beyond, they cannot be reached, and then the answer is ``Unanswered`` and
    not the rest of the list. With a range of days they are no part of the query.

    ``Unanswered(failed)`` too when one day has more than 10,000 hits, and when a list changes whenever it is read;
    ``Unanswered(malformed)`` for a list that cannot be read, or has companies of other days than those asked for.
    """

    sizes: ClassVar[tuple[int, ...]] = (api.ADVANCED_PAGE, 4_000, 3_000)
    """Hits a page, of the first reading and of those after it: another size is another request, which no cache has."""
    reach: ClassVar[int] = api.ADVANCED_REACH

    def __init__(self, _config: Config) -> None:
        pass

    async def discover(self, query: DiscoveryQuery, ctx: Context) -> AsyncIterator[Candidate]:
        survey = _Survey(ctx, filters(query), self.sizes, self.reach)
        given: set[str] = set()
        async for companies in survey.parts(_Days(query.incorporated_from, query.incorporated_to), query.limit):
            for company in sorted(companies, key=lambda each: (each.incorporated_on or date.max, each.number)):
                if company.number.value in given:
                    continue  # incorporated on another day since an earlier part was read
                given.add(company.number.value)
                yield Candidate(company.number, company.name, company.status, company.postcode)
                if len(given) == query.limit:
                    return


@frozen
class _Days:
    """Days of incorporation, both inclusive; None is open."""

    first: date | None
    last: date | None

    def closed(self, today: date) -> _Days:
        """Where open, as far as there can be companies: a day more than ours, for the register's may have begun."""
        return _Days(self.first or EARLIEST, self.last or max(today + _DAY, self.first or EARLIEST))

    @property
    def halves(self) -> tuple[_Days, _Days] | None:
        """The earlier and the later half; None of a single day and of open ones."""
        if self.first is None or self.last is None or self.first >= self.last:
            return None
        middle = self.first + (self.last - self.first) // 2
        return _Days(self.first, middle), _Days(middle + _DAY, self.last)

    @property
    def params(self) -> dict[str, str]:
        bounds = {"incorporated_from": self.first, "incorporated_to": self.last}
        return {name: day.isoformat() for name, day in bounds.items() if day is not None}

    def fit(self, day: date | None) -> bool:
        """Whether a company of this day can be an answer."""
        if day is None:
            return self.first is None and self.last is None
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@frozen
class _Page:
    """One answer: how many hits the query has, and those of this page."""

    hits: int
    companies: Sequence[Listed] = ()


class _Survey:
    """One query, cut into parts that can be read."""

    def __init__(self, ctx: Context, filters: Mapping[str, str], sizes: Sequence[int], reach: int) -> None:
        self._ctx = ctx
        self._filters = filters
        self._sizes = sizes
        self._reach = reach

    async def parts(self, asked: _Days, limit: int | None) -> AsyncIterator[Sequence[Listed]]:
        """All companies, in parts that follow each other in time."""
        whole = await self._page(asked)
        if whole.hits <= self._sizes[0]:
            yield await self._read(asked, whole)
            return
        days = asked.closed(self._ctx.now().date())
        dated = whole if days == asked else await self._page(days)
        if dated.hits >= whole.hits or (limit is not None and limit <= dated.hits):
            async for companies in self._halved(days, dated):
                yield companies
        elif whole.hits <= self._reach:
            yield await self._read(asked, whole)
        else:
            raise Unanswered(
                Cause.FAILED,
                f"{whole.hits - dated.hits} of {whole.hits} companies have no date of incorporation from {days.first} "
                f"to {days.last}, and more than {self._reach} can only be listed by that date: give such a "
                "range to leave them out, or narrow the query",
            )

    async def _halved(self, days: _Days, page: _Page) -> AsyncIterator[Sequence[Listed]]:
        """The earliest days first. Days that are known to have too many hits are halved without being asked about."""
        left: list[tuple[_Days, int, _Page | None]] = [(days, page.hits, page)]
        while left:
            days, hits, known = left.pop()
            halves = days.halves
            if known is None and (hits <= self._sizes[0] or halves is None):
                known = await self._page(days)
                hits = known.hits
            if known is not None and (hits <= self._sizes[0] or halves is None):
                yield await self._read(days, known)
            elif halves is not None:
                early = await self._page(halves[0])
                left.append((halves[1], max(0, hits - early.hits), None))
                left.append((halves[0], early.hits, early))

    async def _read(self, days: _Days, first: _Page) -> Sequence[Listed]:
        """All companies of these days, of which ``first`` is the first page."""
        if first.hits > self._reach:
            raise Unanswered(
                Cause.FAILED,
                f"{first.hits} companies of the query were incorporated on {days.first}, and the register lists at "
                f"most {self._reach} of one day: narrow the query",
            )
        for size in self._sizes:
            page = first if size == self._sizes[0] else await self._page(days, 0, size)
            if page.hits > self._reach:
                continue
            pages = [page]
            for start in range(size, page.hits, size):
                pages.append(await self._page(days, start, min(size, self._reach - start)))
            found = {company.number: company for each in pages for company in each.companies}
            if len(found) == page.hits and all(each.hits == page.hits for each in pages):
                return list(found.values())
        raise Unanswered(
            Cause.FAILED, f"{api.ADVANCED}: the list was another each of the {len(self._sizes)} times it was read"
        )

    async def _page(self, days: _Days, start: int = 0, size: int | None = None) -> _Page:
        params = {**self._filters, **days.params}
        reply = await self._ctx.ask(api.advanced_search(params, start, size or self._sizes[0]))
        if reply.nothing:
            return _Page(0)
        try:
            hits, companies = listed(reply.body)
        except Unreadable as problem:
            raise Unanswered(Cause.MALFORMED, f"{api.ADVANCED}: {problem}") from None
        if not all(days.fit(company.incorporated_on) for company in companies):
            # As from a server that ignores the range: halving it would never end.
            raise Unanswered(Cause.MALFORMED, f"{api.ADVANCED}: a company is not of the days that were asked for")
        return _Page(hits, companies)
