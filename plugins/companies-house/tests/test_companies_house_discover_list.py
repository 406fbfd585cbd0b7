"""The discoverer against a scripted register: the list is the whole list, or there is none."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadgen_companies_house import Config, api
from leadgen_companies_house.discover import EARLIEST, Discovery

from leadgen_core import Candidate, Cause, CompanyNumber, DiscoveryQuery, RawReply, Request, Unanswered
from leadgen_core.testing import ScriptedContext, scripted_reply

NOW = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)


TODAY = NOW.date()


QUOTA = {"x-ratelimit-limit": "600", "x-ratelimit-remain": "488"}


NOTHING = scripted_reply(404, b"", {"content-length": "0", **QUOTA})


class Small(Discovery):
    """The same with a window of ten hits, five a page."""

    sizes = (5, 4, 3)
    reach = 10


class Register:
    """The advanced search over companies that are given by the day of their incorporation (§1.7).

    Beyond ``reach`` it fails as the real one; ``beyond`` counts how often it was asked to. ``order`` permutes the hits
    of an answer, otherwise they come by day.
    """

    def __init__(
        self, days: Iterable[date | None], *, page: int = 5_000, reach: int = 10_000, order: random.Random | None = None
    ) -> None:
        ordered = sorted((day or date.max, place) for place, day in enumerate(days))
        self.keys = [day for day, _ in ordered]
        self.items = [_item(place, day) for day, place in ordered]
        self.page = page
        self.reach = reach
        self.order = order
        self.beyond = 0
        self.spans: Counter[tuple[str | None, str | None]] = Counter()

    def __call__(self, request: Request) -> RawReply:
        params = request.params
        start, size = int(params["start_index"]), int(params["size"])
        if not 1 <= size <= self.page:
            return scripted_reply(422, b"size must be from 1 to 5000", QUOTA)
        if start + size > self.reach:
            self.beyond += 1
            return scripted_reply(500, b"", QUOTA)
        span = params.get("incorporated_from"), params.get("incorporated_to")
        self.spans[span] += 1
        first = 0 if span[0] is None else bisect_left(self.keys, date.fromisoformat(span[0]))
        last = len(self.keys) if span == (None, None) else bisect_left(self.keys, date.max)
        if span[1] is not None:
            last = bisect_right(self.keys, date.fromisoformat(span[1]))
        found = self.items[first:last]
        if not found[start : start + size]:
            return NOTHING
        if self.order is not None:
            self.order.shuffle(found)
        return page(len(found), found[start : start + size])

    def numbers(self, wanted: Callable[[date], bool] = lambda _day: True) -> list[str]:
        """All that a query for such days should give, in our order; undated companies count as of the last day."""
        pairs = zip(self.keys, self.items, strict=True)
        found = [(day, str(item["company_number"])) for day, item in pairs if wanted(day)]
        return [number for _, number in sorted(found)]


def _item(place: int, day: date) -> dict[str, Any]:
    item = {
        "company_name": f"COMPANY {place} LTD",
        "company_number": f"{place:08d}",
        "company_status": "active",
        "company_type": "ltd",
        "kind": "search-results#company",
        "links": {"company_profile": f"/company/{place:08d}"},
        "date_of_creation": day.isoformat(),
        "registered_office_address": {"address_line_1": "1 High Street", "locality": "Leeds", "postal_code": "LS1 1AA"},
        "sic_codes": ["62012"],
    }
    if day == date.max:
        del item["date_of_creation"]
    return item


def page(hits: int, items: list[dict[str, Any]]) -> RawReply:
    body = {"etag": "x", "kind": "search#advanced-search", "hits": hits, "top_hit": items[0] if items else {}}
    return scripted_reply(200, {**body, "items": items}, QUOTA)


async def discovered(
    script: Callable[[Request], RawReply],
    query: DiscoveryQuery | None = None,
    *,
    discoverer: type[Discovery] = Discovery,
    now: datetime = NOW,
) -> tuple[list[Candidate], ScriptedContext]:
    ctx = ScriptedContext(script, question="companies-house.discovery", now=now)
    found = [candidate async for candidate in discoverer(Config()).discover(query or DiscoveryQuery(), ctx)]
    return found, ctx


def numbers(found: Iterable[Candidate]) -> list[str]:
    return [candidate.number.value for candidate in found]


ONE_DAY = DiscoveryQuery(incorporated_from=date(2020, 1, 1), incorporated_to=date(2020, 1, 1))


def spread(count: int, *, seed: int = 1, years: int = 40) -> list[date | None]:
    rng = random.Random(seed)
    return [TODAY - timedelta(days=int(rng.expovariate(1 / (365 * years / 4)))) for _ in range(count)]


# --- the whole list ---------------------------------------------------------------------------------------


async def test_a_short_list_is_one_call_and_holds_what_is_known() -> None:
    register = Register([date(2015, 6, 1), date(2011, 3, 1), None, date(2011, 3, 1)])
    found, ctx = await discovered(register)

    assert numbers(found) == ["00000001", "00000003", "00000000", "00000002"]  # by day, then number; undated last
    assert found[0] == Candidate(CompanyNumber("00000001"), "COMPANY 1 LTD", "active", "LS1 1AA")
    assert [dict(request.params) for request in ctx.asked] == [{"start_index": "0", "size": "5000"}]


async def test_nothing_is_an_empty_list() -> None:
    found, ctx = await discovered(lambda _: NOTHING)
    assert found == []
    assert len(ctx.asked) == 1
    found, _ = await discovered(lambda _: scripted_reply(200, {"hits": 0, "kind": "search#advanced-search"}))
    assert found == []


async def test_a_register_of_25000_companies_is_listed_whole_in_few_calls() -> None:
    days = spread(25_000)
    days[17] = date(1670, 5, 2)
    register = Register(days, order=random.Random(2))
    found, ctx = await discovered(register)

    assert numbers(found) == register.numbers()
    assert len(found) == len(set(numbers(found))) == 25_000
    assert register.beyond == 0
    assert len(ctx.asked) <= 20
    assert all(request.params["start_index"] == "0" for request in ctx.asked)  # no part was read in pages


async def test_a_range_of_days_is_kept_to_the_day() -> None:
    register = Register([*spread(12_000), None, None])
    first, last = date(2000, 2, 29), date(2020, 12, 31)
    for asked in (
        DiscoveryQuery(incorporated_from=first, incorporated_to=last),
        DiscoveryQuery(incorporated_from=first),
        DiscoveryQuery(incorporated_to=last),
    ):
        low, high = asked.incorporated_from or date.min, asked.incorporated_to or TODAY
        found, _ = await discovered(register, asked)
        assert numbers(found) == register.numbers(lambda day, low=low, high=high: low <= day <= high)  # type: ignore[misc]
    assert register.beyond == 0


async def test_companies_of_tomorrow_by_our_clock_are_reached() -> None:
    """In summer the register's day begins an hour before that of UTC."""
    register = Register([*spread(10_000), TODAY + timedelta(days=1)])
    found, _ = await discovered(register)
    assert numbers(found) == register.numbers()


async def test_one_day_of_more_than_a_page_is_read_in_pages_to_the_edge() -> None:
    day = date(2014, 12, 31)
    register = Register([*[day] * 10_000, *spread(3_000)])
    found, ctx = await discovered(register)

    assert numbers(found) == register.numbers()
    assert register.beyond == 0
    assert [request.params["start_index"] for request in ctx.asked].count("5000") == 1


async def test_the_same_query_asks_the_same_whatever_its_order() -> None:
    register = Register(spread(10))
    one = DiscoveryQuery(
        sic_codes=("62020", "62012"), statuses=("open", "ACTIVE"), types=("llp", "Ltd"), location=" a  b "
    )
    other = DiscoveryQuery(
        sic_codes=("62012", "62020", "62012"), statuses=("active", "open"), types=("ltd", "llp"), location="a b"
    )
    _, first = await discovered(register, one)
    _, second = await discovered(register, other)

    assert dict(first.asked[0].params) == dict(second.asked[0].params)
    assert dict(first.asked[0].params) == {
        "company_status": "active,open",
        "company_type": "llp,ltd",
        "location": "a b",
        "sic_codes": "62012,62020",
        "start_index": "0",
        "size": "5000",
    }


@given(
    st.lists(st.tuples(st.dates(EARLIEST, TODAY) | st.dates(date(2026, 1, 1), TODAY), st.integers(1, 10)), max_size=12),
    st.integers(0, 12),
    st.integers(0, 2**16),
)
async def test_whatever_the_days_the_list_is_exact_or_there_is_none(
    groups: list[tuple[date, int]], undated: int, seed: int
) -> None:
    days: list[date | None] = [day for day, count in groups for _ in range(count)]
    days += [None] * undated
    # Odd seeds: an order that never changes, so that pages can be relied on.
    register = Register(days, page=5, reach=10, order=None if seed % 2 else random.Random(seed))
    crowded = max(Counter(day for day in days if day is not None).values(), default=0)
    impossible = crowded > 10 or (undated and len(days) > 10)
    needs_pages = crowded > 5 or (undated and len(days) > 5)
    ctx = ScriptedContext(register, now=NOW)
    found: list[Candidate] = []
    cause = None
    try:
        found = [candidate async for candidate in Small(Config()).discover(DiscoveryQuery(), ctx)]
    except Unanswered as none:
        cause = none.cause

    assert register.beyond == 0
    if impossible or cause is not None:
        assert cause is Cause.FAILED
        assert impossible or (needs_pages and register.order is not None)
    else:
        assert numbers(found) == register.numbers()
        assert len(ctx.asked) <= 40 * len(groups) + 10


# --- the first so many ------------------------------------------------------------------------------------


async def test_a_limit_gives_the_first_of_the_list_and_asks_no_further() -> None:
    register = Register([*spread(25_000), *[None] * 5])
    found, ctx = await discovered(register, DiscoveryQuery(limit=7))
    assert numbers(found) == register.numbers()[:7]
    dated = [number for number in register.numbers() if int(number) < 25_000]
    everything, all_asked = await discovered(register, DiscoveryQuery(limit=25_000))
    assert numbers(everything) == dated
    assert len(ctx.asked) < len(all_asked.asked)
    found, _ = await discovered(Register(spread(3)), DiscoveryQuery(limit=7))
    assert len(found) == 3


# --- what cannot be reached -------------------------------------------------------------------------------


async def test_undated_companies_beyond_the_window_are_said_and_not_left_out() -> None:
    register = Register([*spread(10_001), None, None, None])
    with pytest.raises(Unanswered, match="3 of 10004 companies have no date of incorporation") as none:
        await discovered(register)
    assert none.value.cause is Cause.FAILED
    assert register.spans.total() == 2  # told before the long work begins
    with pytest.raises(Unanswered, match="3 of 10004"):
        await discovered(register, DiscoveryQuery(limit=10_002))

    found, _ = await discovered(register, DiscoveryQuery(incorporated_from=EARLIEST))
    assert len(found) == 10_001


async def test_undated_companies_inside_the_window_are_listed() -> None:
    register = Register([*spread(6_000), *[None] * 20])
    found, ctx = await discovered(register)
    assert numbers(found) == register.numbers()
    assert [request.params["start_index"] for request in ctx.asked] == ["0", "0", "5000"]


async def test_a_day_beyond_the_window_ends_in_a_sentence() -> None:
    register = Register([*[date(2014, 12, 31)] * 10_001, *spread(20)])
    with pytest.raises(Unanswered, match="10001 companies of the query were incorporated on 2014-12-31") as none:
        await discovered(register)
    assert none.value.cause is Cause.FAILED
    assert register.beyond == 0


async def test_a_company_that_moved_to_a_later_day_comes_once() -> None:
    register = Register(spread(12), page=5, reach=10)
    asked = 0

    def script(request: Request) -> RawReply:
        nonlocal asked
        asked += 1
        reply = register(request)
        if asked > 3 and reply.status == 200 and request.params["incorporated_to"] >= TODAY.isoformat():
            body = reply.body
            moved = {**register.items[0], "date_of_creation": TODAY.isoformat()}
            return page(body["hits"] + 1, [*body["items"], moved])
        return reply

    found, _ = await discovered(script, discoverer=Small)
    assert sorted(numbers(found)) == sorted(register.numbers())


def _bad(**changes: Any) -> RawReply:
    return page(1, [{key: value for key, value in {**_item(1, date(2020, 1, 1)), **changes}.items() if value != "-"}])


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (scripted_reply(200, {"items": []}, QUOTA), "hits is no number"),
        (scripted_reply(200, {"hits": "many", "items": []}, QUOTA), "hits is no number"),
        (scripted_reply(200, {"hits": 3}, QUOTA), "items is no list"),
        (scripted_reply(200, {"hits": 1, "items": [7]}, QUOTA), r"items\[0\] has no readable company_number"),
        (_bad(company_number="-"), r"items\[0\] has no readable company_number"),
        (_bad(company_number="12?45"), r"items\[0\] has a company_number that is none"),
        (_bad(date_of_creation="2020-01-02"), "a company is not of the days"),
        (_bad(date_of_creation="-"), "a company is not of the days"),
        (scripted_reply(400, b"Invalid company_status", QUOTA), "upgrade leadgen-companies-house"),
        (scripted_reply(422, b"size must be at most 500", QUOTA), "upgrade leadgen-companies-house"),
    ],
)
async def test_an_answer_that_is_none_is_malformed(reply: RawReply, says: str) -> None:
    with pytest.raises(Unanswered, match=says) as none:
        await discovered(lambda _: reply, ONE_DAY)
    assert none.value.cause is Cause.MALFORMED


async def test_a_server_that_ignores_the_days_ends_at_once() -> None:
    register = Register(spread(12), page=5, reach=10)

    def deaf(request: Request) -> RawReply:
        without: Mapping[str, str] = {
            name: value for name, value in request.params.items() if not name.startswith("incorporated")
        }
        return register(Request(request.path, without))

    with pytest.raises(Unanswered, match="a company is not of the days"):
        await discovered(deaf, discoverer=Small)
    assert register.spans.total() <= 3


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (scripted_reply(500, b"", QUOTA), Cause.FAILED),
        (scripted_reply(502, b"<html><h1>502 Bad Gateway</h1></html>", {"content-type": "text/html"}), Cause.FAILED),
        (scripted_reply(429, b"", QUOTA), Cause.THROTTLED),
        (scripted_reply(401, {"error": "Invalid Authorization", "type": "ch:service"}), Cause.FORBIDDEN),
        (scripted_reply(404, b"", {"content-length": "0"}), Cause.MALFORMED),
        (scripted_reply(404, {"error": "Not Found", "path": api.ADVANCED}, QUOTA), Cause.MALFORMED),
    ],
)
async def test_a_failure_on_the_way_is_no_shorter_list(reply: RawReply, cause: Cause) -> None:
    register = Register(spread(60), page=5, reach=10)
    given: list[Candidate] = []

    def script(request: Request) -> RawReply:
        return reply if register.spans.total() == 9 else register(request)

    async def read() -> None:
        async for candidate in Small(Config()).discover(DiscoveryQuery(), ScriptedContext(script, now=NOW)):
            given.append(candidate)

    with pytest.raises(Unanswered) as none:
        await read()
    assert none.value.cause is cause
    assert 0 < len(given) < 60


async def test_members_that_are_missing_or_odd_lose_no_company() -> None:
    odd = {"company_number": 1234567, "date_of_creation": "2020-01-01T00:00:00Z", "company_name": None}
    found, _ = await discovered(lambda _: page(1, [odd]), ONE_DAY)
    assert found == [Candidate(CompanyNumber("01234567"), "", None, None)]
