"""The sources that ask about a company number. ``Search`` is here too, for the factories stand in one module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import ClassVar, Generic, TypeVar

from attrs import frozen

from leadgen_companies_house import Config, api, companies, people
from leadgen_companies_house.listing import Listing, items, self_link, total
from leadgen_companies_house.reading import Unreadable
from leadgen_companies_house.search import Search
from leadgen_core import (
    Absent,
    Answer,
    Cause,
    Claim,
    CompanyNumber,
    Context,
    Found,
    Lookup,
    OfficerAppointment,
    Provenance,
    Reply,
    SignificantControl,
    Unanswered,
    Unknown,
)

__all__ = ["Officers", "Profile", "Psc", "Search"]

C = TypeVar("C", bound=Claim)

_NO_COMPANY = "the register knows no company of this number"


class Profile:
    """``companies-house.profile``: the company as the register describes it. A 404 is proof that there is none."""

    def __init__(self, _config: Config) -> None:
        pass

    async def answer(self, subject: CompanyNumber, ctx: Context) -> Answer:
        reply = await ctx.ask(api.profile(subject))
        if reply.nothing:
            return Absent(because=_NO_COMPANY)
        try:
            return Found((companies.profile(reply.body, subject, reply.provenance),))
        except Unreadable as problem:
            return Unknown(Cause.MALFORMED, because=f"/company/{{number}}: {problem}")


@frozen(eq=False, repr=False)
class _List(Generic[C]):
    """A list of a company's people: where it is, which link of the profile promises it, how a page is read."""

    endpoint: str
    link: str
    nobody: str
    page: Callable[[CompanyNumber, int], Lookup]
    read: Callable[[object, CompanyNumber, Provenance, date], Listing[C]]

    async def answer(self, number: CompanyNumber, ctx: Context) -> Answer:
        if because := await self._missing(number, ctx):
            return Absent(because=because)
        progress = _Progress(lambda start: self.page(number, start))
        found: list[C] = []
        seen: set[str | None] = set()
        problems: list[str] = []
        async for reply in ctx.pages(self.page(number, 0), progress.following):
            if reply.nothing:
                continue
            try:
                listing = self.read(reply.body, number, reply.provenance, ctx.now().date())
            except Unreadable as problem:
                problems.append(str(problem))
                continue
            progress.links = listing.links
            # An item that moved over the page's edge between two calls comes twice; within a page nothing is dropped.
            fresh = listing.values
            if seen:
                pairs = zip(listing.keys, listing.values, strict=True)
                fresh = [value for key, value in pairs if key is None or key not in seen]
            seen.update(listing.keys)
            ctx.keep(fresh)
            found.extend(fresh)
            problems.extend(listing.unreadable)
        if problems:
            return self._malformed(problems, found)
        if found:
            return Found(found, complete=progress.complete)
        if progress.total:
            return self._malformed(["items is empty while total_results is not 0"], found)
        return Absent(because=self.nobody)

    async def _missing(self, number: CompanyNumber, ctx: Context) -> str | None:
        """Why there is nothing to ask for, as the profile knows it (no further call: another source asks it too)."""
        try:
            reply = await ctx.ask(api.profile(number))
        except Unanswered:
            return None  # a profile that fails must not hide the people
        if reply.nothing:
            return _NO_COMPANY
        return self.nobody if companies.has_link(reply.body, self.link) is False else None

    def _malformed(self, problems: list[str], found: list[C]) -> Unknown:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Unknown(Cause.MALFORMED, found, because=f"{self.endpoint}: {problems[0]}{more}")


class _Progress:
    """Pages to the end of a list: on by the number of items received, until an empty page or the stated total.

    A total that was overrun is wrong and stops nothing. A page that only repeats ends the list: a server that
    ignores ``start_index`` would never end it.
    """

    def __init__(self, page: Callable[[int], Lookup]) -> None:
        self._page = page
        self._received = 0
        self._distinct = 0
        self._seen: set[str | None] = set()
        self._last: list[object] = []
        self._doubtful = False
        self.total: int | None = None
        """As last stated."""
        self.links: Sequence[str | None] | None = None
        """Those of the page that was read last, where it was: looked up once for each item."""

    def following(self, reply: Reply) -> Lookup | None:
        """The lookup of the next page, or None at the end."""
        page, stated = items(reply.body), total(reply.body)
        links, self.links = self.links, None
        if links is None:
            links = list(map(self_link, page))
        if stated is not None:
            # Of a list that shrank on the way, one item may have moved to a page that was already read.
            self._doubtful |= self.total is not None and stated < self.total
            self.total = stated
        fresh = [] if page == self._last else [key for key in links if key is None or key not in self._seen]
        self._received += len(page)
        self._distinct += len(fresh)
        if self._received == stated:
            return None
        self._last = page
        self._seen.update(fresh)
        self._doubtful |= bool(page) and not fresh
        return self._page(self._received) if fresh else None

    @property
    def complete(self) -> bool:
        """Whether all that the list announced has come."""
        return not self._doubtful and (self.total is None or self._distinct >= self.total)


class Officers:
    """``companies-house.officers``: everybody who is or was an officer, corporate officers too.

    Absent without a call when the company does not exist or its profile links to no officers.
    """

    _list: ClassVar[_List[OfficerAppointment]] = _List(
        endpoint="/company/{number}/officers",
        link="officers",
        nobody="the register lists no officers of this company",
        page=api.officers,
        read=people.officers,
    )

    def __init__(self, _config: Config) -> None:
        pass

    async def answer(self, subject: CompanyNumber, ctx: Context) -> Answer:
        return await self._list.answer(subject, ctx)


class Psc:
    """``companies-house.psc``: everybody who has or had significant control, bodies and super-secure entries too.

    Absent without a call when the company does not exist or its profile links to no PSCs: then it has statements
    only, or is exempt (§1.9, §1.11).
    """

    _list: ClassVar[_List[SignificantControl]] = _List(
        endpoint="/company/{number}/persons-with-significant-control",
        link="persons_with_significant_control",
        nobody="the register lists no person with significant control of this company",
        page=api.psc,
        read=people.psc,
    )

    def __init__(self, _config: Config) -> None:
        pass

    async def answer(self, subject: CompanyNumber, ctx: Context) -> Answer:
        return await self._list.answer(subject, ctx)
