"""What is asked of a discoverer: each company once, always in one order, and never a short list for a whole one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from datetime import date
from typing import Any

from aiohttp import web
from attrs import define, evolve

from leadgen_core.contracts.protocols import DiscoveryQuery
from leadgen_core.errors import UsageError
from leadgen_core.model.answers import Unanswered
from leadgen_core.model.claims import Candidate
from leadgen_core.testing import faults
from leadgen_core.testing.conformance.bench import Bench, Endless, api_of, bench
from leadgen_core.testing.conformance.borders import border
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.hearing import hearing
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.traces import forms_of_secret, left_by, sent_by
from leadgen_core.testing.faults import Fault, answering
from leadgen_core.testing.serving import first_pages

_HOOK = "leadgen_discoverers"
_LONG = 20.0
"""Seconds that a list over a dozen companies may take."""
_MOST = 100_000
"""Companies beyond which a list never ends."""
_QUERIES = (DiscoveryQuery(), DiscoveryQuery(statuses=("active",)), DiscoveryQuery(sic_codes=("62012",)))
_IMPOSSIBLE = (
    DiscoveryQuery(statuses=("no-such-status-xq",)),
    DiscoveryQuery(types=("no-such-type-xq",)),
    DiscoveryQuery(location="no such place xq"),
    DiscoveryQuery(sic_codes=("00001",)),
    DiscoveryQuery(incorporated_to=date(1700, 1, 1)),
    DiscoveryQuery(incorporated_from=date(2999, 1, 1)),
)
"""No world has a company for these."""
_FAILURES = (
    answering("429", 429, b"{}", retry_after="7", content_type="application/json"),
    answering("500", 500),
    answering("200 with {}", 200, b"{}", content_type="application/json"),
    faults.HTML,
    faults.CUT,
    faults.FOREIGN,
)


@define
class Listing:
    """How a list ended: with its companies, or with what it raised on the way."""

    query: DiscoveryQuery
    companies: list[Candidate]
    raised: BaseException | None = None
    endless: bool = False
    requests: int = 0

    @property
    def numbers(self) -> list[str]:
        return [str(company.number) for company in self.companies]

    @property
    def ended(self) -> str:
        if self.endless:
            return f"it went on for more than {_LONG:g} s or without end"
        if self.raised is not None:
            return f"it raised {type(self.raised).__name__}"
        return f"it gave {len(self.companies)} companies"


async def _listed(stand: Bench, query: DiscoveryQuery) -> Listing:
    """List to the end. Raises nothing but cancellation."""
    listing = Listing(query, [])
    before = len(stand.asked)
    try:
        async with asyncio.timeout(_LONG) as timer, aclosing(stand.made.discover(query, stand.context())) as stream:
            async for company in stream:
                listing.companies.append(company)
                if len(listing.companies) > _MOST:
                    raise Endless
    except Endless:
        listing.endless = True
    except TimeoutError as error:
        listing.endless, listing.raised = timer.expired(), error
    except (Exception, SystemExit) as error:
        listing.raised = error
    listing.requests = len(stand.asked) - before
    return listing


async def _whole(specimen: Specimen) -> Listing:
    """The first query that gives two companies at least; remembered for the other checks."""
    known = specimen.memo.get("listing")
    if known is None:
        for query in specimen.samples.queries or _QUERIES:
            async with bench(specimen) as stand:
                listing = await _listed(stand, query)
            if not isinstance(listing.raised, UsageError) and (known is None or len(listing.companies) > 1):
                known = listing
            if known is not None and len(known.companies) > 1:
                break
        specimen.memo["listing"] = known
    if known is None:
        raise NotChecked("it refuses every query that was tried: give Samples(queries=(DiscoveryQuery(...),))")
    return known


async def _some(specimen: Specimen) -> Listing:
    whole = await _whole(specimen)
    if len(whole.companies) < 2:
        raise NotChecked("it lists no two companies: give Samples(queries=...) of which its API knows some")
    return whole


@check(
    _HOOK,
    "discoverer.lists",
    says="it lists the companies of its API and comes to an end",
    mend="yield Candidate records and return after the last page; make the simulator serve the world's companies",
)
async def lists(specimen: Specimen) -> None:
    """All of a dozen, or those of the author's query."""
    whole = await _whole(specimen)
    require(
        whole.raised is None and not whole.endless and whole.companies,
        f"asked for {_asked(whole.query)}, {whole.ended}",
    )
    if not specimen.samples.queries:
        require(len(whole.companies) > 1, f"asked for {_asked(whole.query)}, {whole.ended} of a world of a dozen")
    for company in whole.companies:
        require(isinstance(company, Candidate), f"it gave a {type(company).__name__}, not a Candidate")


@check(
    _HOOK,
    "discoverer.each-once",
    says="it lists each company once",
    mend="remember the numbers that were given: a page can repeat what moved over its edge",
)
async def each_once(specimen: Specimen) -> None:
    """By number."""
    whole = await _some(specimen)
    twice = [number for number, times in Counter(whole.numbers).items() if times > 1]
    require(not twice, f"{len(twice)} companies came more than once")


@check(
    _HOOK,
    "discoverer.order",
    says="it lists in the same order every time",
    mend="sort what the API does not promise to keep in order",
)
async def order(specimen: Specimen) -> None:
    """By another object, over another server; what repeats is another check's business."""
    whole = await _some(specimen)
    async with bench(specimen) as stand:
        again = await _listed(stand, whole.query)
    first, second = list(dict.fromkeys(whole.numbers)), list(dict.fromkeys(again.numbers))
    require(first == second, "asked twice, it gave another order or other companies")


@check(
    _HOOK,
    "discoverer.limit",
    says="with a limit it lists the first so many, and no more",
    mend="count what is given and return at query.limit",
)
async def limit(specimen: Specimen) -> None:
    """One, one less than all, and more than there are."""
    whole = await _some(specimen)
    size = len(whole.companies)
    async with bench(specimen) as stand:
        everything = (await _listed(stand, whole.query)).numbers
        for most in sorted({1, size - 1, size + 5}):
            part = await _listed(stand, evolve(whole.query, limit=most))
            require(part.raised is None and not part.endless, f"with a limit of {most}, {part.ended}")
            require(len(part.companies) == min(most, size), f"with a limit of {most} of {size}, {part.ended}")
            require(part.numbers == everything[:most], f"with a limit of {most}, it gave others than the first {most}")


@check(
    _HOOK,
    "discoverer.no-short-list",
    says="when a page does not come it raises Unanswered: a short list never passes for a whole one",
    mend="let Unanswered out of discover(), and raise it where the rest of the list cannot be had",
)
async def no_short_list(specimen: Specimen) -> None:
    """The first page fails, or the last; or pages repeat, so that the rest never comes."""
    whole = await _some(specimen)
    again = await _repeating(specimen)
    short = again.raised is None and not again.endless and set(again.numbers) < set(whole.numbers)
    require(not short, f"with a first page for every page, {again.ended} and came to an end")
    for place in sorted({0, whole.requests - 1}):
        for fault in _FAILURES:
            async with bench(specimen, fault=_from(place, fault)) as stand:
                part = await _listed(stand, whole.query)
            require(isinstance(part.raised, Unanswered), f"with {fault.name} from request {place + 1} on, {part.ended}")


@check(
    _HOOK,
    "discoverer.ends",
    says="a list whose pages repeat without end comes to an end",
    mend="go over pages with ctx.pages(), which ends after 200; a loop of your own needs a bound of its own",
)
async def ends(specimen: Specimen) -> None:
    """Every further page is answered with the first one."""
    again = await _repeating(specimen)
    require(not again.endless, f"with a first page for every page, {again.ended}")


async def _repeating(specimen: Specimen) -> Listing:
    """With a first page for every page; remembered, since two checks look at it."""
    known: Listing | None = specimen.memo.get("repeating")
    if known is None:
        whole = await _some(specimen)
        async with bench(specimen) as stand:
            await _listed(stand, whole.query)
            firsts = first_pages(stand.asked)
        async with bench(specimen, fault=lambda _place, request: firsts.get(request.path)) as stand:
            known = specimen.memo["repeating"] = await _listed(stand, whole.query)
    return known


def _from(place: int, fault: Fault) -> Any:
    def rule(here: int, _request: web.Request) -> Fault | None:
        return fault if here >= place else None

    return rule


@check(
    _HOOK,
    "discoverer.filters",
    says="it lists no company that does not fit the query",
    mend="hand every member of the query to the API, filter yourself, or raise UsageError for one that you cannot take",
)
async def filters(specimen: Specimen) -> None:
    """Queries that fit no company; refusing one is as good as an empty list."""
    for listing in await _impossible(specimen):
        refused = isinstance(listing.raised, UsageError | Unanswered)
        require(refused or not listing.companies, f"asked for {_asked(listing.query)}, {listing.ended}")
        require(refused or listing.raised is None, f"asked for {_asked(listing.query)}, {listing.ended}")


@check(
    _HOOK,
    "discoverer.refuses-first",
    says="it refuses a query that it cannot take before it asks anything",
    mend="look at the whole query and raise UsageError before the first ctx.ask()",
)
async def refuses_first(specimen: Specimen) -> None:
    """Of the queries that fit no company, those that it refuses."""
    for listing in await _impossible(specimen):
        if isinstance(listing.raised, UsageError):
            require(
                not listing.requests, f"asked for {_asked(listing.query)}, it refused after {listing.requests} requests"
            )


async def _impossible(specimen: Specimen) -> Sequence[Listing]:
    known = specimen.memo.get("impossible")
    if known is None:
        async with bench(specimen) as stand:
            known = [await _listed(stand, query) for query in _IMPOSSIBLE]
        specimen.memo["impossible"] = known
    return known


def _asked(query: DiscoveryQuery) -> str:
    plain = DiscoveryQuery()
    names = ("sic_codes", "location", "incorporated_from", "incorporated_to", "statuses", "types")
    given = " ".join(f"{name}={getattr(query, name)}" for name in names if getattr(query, name) != getattr(plain, name))
    return given.replace("datetime.date", "") or "everything"


@check(
    _HOOK,
    "discoverer.no-secret",
    says="its credential stands in the header that signs and nowhere else",
    mend="never call reveal(): declare the credential in the ApiSpec, and the gateway signs",
)
async def no_secret(specimen: Specimen) -> None:
    """Not in logs, errors, events, cache or addresses."""
    query = (await _whole(specimen)).query
    for fault in (None, answering("401", 401), answering("500", 500)):
        with hearing() as heard:
            async with bench(specimen, fault=lambda _place, _request, fault=fault: fault) as stand:  # type: ignore[misc]
                listing = await _listed(stand, query)
        said = ("what it gave or raised", f"{listing.companies!r} {listing.raised!r}")
        for where, text in (said, *left_by(stand, (), heard), *sent_by(stand, api_of(specimen))):
            for form in forms_of_secret():
                require(form not in text, f"the credential stands in {where}")


@check(
    _HOOK,
    "discoverer.hosts",
    says="it opens no connection of its own",
    mend="ask with ctx.ask(): the gateway alone opens connections, to the API's base_url and its hosts",
)
async def hosts(specimen: Specimen) -> None:
    """Whatever is not the API's own port is refused here and counted."""
    query = (await _whole(specimen)).query
    async with bench(specimen) as stand:
        with border(stand.ports) as watch:
            await _listed(stand, query)
    require(not watch.crossed, f"it tried to reach {', '.join(watch.crossed)}")
