"""The discoverer against lists that change while they are read: it reads again, or there is no list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from leadgen_companies_house import Config
from leadgen_companies_house.discover import Discovery

from leadgen_core import Cause, DiscoveryQuery, RawReply, Request, Unanswered
from leadgen_core.testing import ScriptedContext, scripted_reply

DAY = date(2020, 1, 1)
NOW = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)


class Small(Discovery):
    """Discovery with a window of ten hits, five a page."""

    sizes = (5, 4, 3)
    reach = 10


def _pages(*answers: tuple[int, range]) -> Callable[[Request], RawReply]:
    """These (hits, places of companies of one day) one after the other."""
    left = list(answers)

    def script(_request: Request) -> RawReply:
        hits, places = left.pop(0)
        items = [{"company_number": f"{place:08d}", "date_of_creation": DAY.isoformat()} for place in places]
        return scripted_reply(200, {"hits": hits, "items": items}, {"x-ratelimit-limit": "600"})

    return script


async def listed(*answers: tuple[int, range]) -> tuple[list[str], ScriptedContext]:
    """The numbers that these answers give for one day."""
    ctx = ScriptedContext(_pages(*answers), question="companies-house.discovery", now=NOW)
    query = DiscoveryQuery(incorporated_from=DAY, incorporated_to=DAY)
    return [candidate.number.value async for candidate in Small(Config()).discover(query, ctx)], ctx


async def test_a_list_that_changes_between_two_pages_is_read_again() -> None:
    found, ctx = await listed((7, range(5)), (8, range(5, 8)), (8, range(4)), (8, range(4, 8)))
    assert found == [f"{place:08d}" for place in range(8)]
    sizes = [(request.params["start_index"], request.params["size"]) for request in ctx.asked]
    assert sizes == [("0", "5"), ("5", "5"), ("0", "4"), ("4", "4")]


async def test_a_company_on_two_pages_hides_another_so_the_list_is_read_again() -> None:
    found, _ = await listed((7, range(5)), (7, range(4, 6)), (7, range(4)), (7, range(4, 7)))
    assert len(found) == 7


async def test_a_page_of_fewer_hits_than_it_states_is_read_again() -> None:
    found, _ = await listed((3, range(2)), (3, range(3)))
    assert len(found) == 3


async def test_a_list_that_never_settles_is_no_list() -> None:
    with pytest.raises(Unanswered, match="another each of the 3 times") as none:
        await listed(*[(3, range(2))] * 3)
    assert none.value.cause is Cause.FAILED


async def test_a_list_that_outgrows_the_window_while_it_is_read_is_no_list() -> None:
    with pytest.raises(Unanswered, match="another each of the 3 times"):
        await listed((10, range(5)), (11, range(5, 10)), (11, range(4)), (11, range(3)))
