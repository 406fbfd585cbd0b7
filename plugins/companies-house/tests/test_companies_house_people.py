"""Officers and PSCs as sources: what the profile saves, paging to the end, three-way answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from leadgen_companies_house import Config
from leadgen_companies_house.sources import Officers, Profile, Psc

from leadgen_core import (
    Absent,
    Cause,
    CompanyNumber,
    Found,
    OfficerAppointment,
    RawReply,
    Request,
    SignificantControl,
    Source,
    Unanswered,
    Unknown,
)
from leadgen_core.testing import ScriptedContext, scripted_reply

NUMBER = CompanyNumber("01234567")
OFFICERS = "/company/01234567/officers"
PSCS = "/company/01234567/persons-with-significant-control"
GONE = scripted_reply(404, {"errors": [{"type": "ch:service", "error": "company-profile-not-found"}]})
BROKEN = scripted_reply(502, b"<html>")
PROFILE = {
    "company_number": "01234567",
    "company_name": "BRAMBLE LIMITED",
    "links": {"officers": OFFICERS, "persons_with_significant_control": PSCS},
}
SOURCES: list[tuple[Source, str]] = [(Officers(Config()), OFFICERS), (Psc(Config()), PSCS)]
both = pytest.mark.parametrize(("source", "path"), SOURCES, ids=["officers", "psc"])


def _person(key: str | None, **members: Any) -> dict[str, Any]:
    """An item that is right in both lists."""
    links = {} if key is None else {"links": {"self": f"/company/01234567/x/{key}"}}
    kind = "individual-person-with-significant-control"
    return {"name": f"PERSON, {key}", "officer_role": "director", "kind": kind, **links, **members}


def _people(first: int, end: int) -> list[dict[str, Any]]:
    return [_person(str(place)) for place in range(first, end)]


def _script(*pages: object, profile: object = PROFILE) -> Callable[[Request], RawReply]:
    """The profile, then the pages in the order in which they are asked for."""
    rest = list(pages)

    def answer(request: Request) -> RawReply:
        said = profile if request.path == "/company/01234567" else rest.pop(0)
        return said if isinstance(said, RawReply) else scripted_reply(200, said)

    return answer


def _page(items: Sequence[object], total: object) -> dict[str, object]:
    return {"items": items, "total_results": total, "items_per_page": 100}


def _asked(ctx: ScriptedContext, path: str) -> list[int]:
    return [int(request.params["start_index"]) for request in ctx.asked if request.path == path]


def _names(claims: Sequence[object]) -> list[str | None]:
    return [claim.name for claim in claims if isinstance(claim, OfficerAppointment | SignificantControl)]


# --- what the profile saves -------------------------------------------------------------------------------


async def test_the_three_sources_of_a_company_make_one_call_for_its_profile() -> None:
    ctx = ScriptedContext(_script(_page([_person("a")], 1), _page([_person("a")], 1)))

    sources: list[Source] = [Profile(Config()), *(source for source, _ in SOURCES)]
    for source in sources:
        assert isinstance(await source.answer(NUMBER, ctx), Found)

    assert [request.path for request in ctx.asked] == ["/company/01234567", OFFICERS, PSCS]


@both
async def test_an_unknown_company_has_nobody_and_costs_no_further_call(source: Source, path: str) -> None:
    ctx = ScriptedContext(_script(profile=GONE))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Absent)
    assert "no company" in answer.because
    assert _asked(ctx, path) == []


@both
@pytest.mark.parametrize("links", [{}, {"officers": None, "persons_with_significant_control": None}])
async def test_without_a_link_there_is_nobody_and_no_call(source: Source, path: str, links: object) -> None:
    ctx = ScriptedContext(_script(profile={**PROFILE, "links": links}))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Absent)
    assert "lists no" in answer.because
    assert _asked(ctx, path) == []


@both
@pytest.mark.parametrize("profile", [BROKEN, scripted_reply(200, []), {"company_number": "01234567"}, {}])
async def test_a_profile_that_does_not_say_hides_nobody(source: Source, path: str, profile: object) -> None:
    ctx = ScriptedContext(_script(_page([_person("a")], 1), profile=profile))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert _names(answer.claims) == ["PERSON, a"]


# --- paging -----------------------------------------------------------------------------------------------


@both
async def test_a_list_is_read_to_its_end(source: Source, path: str) -> None:
    pages = [_page(_people(0, 100), 250), _page(_people(100, 200), 250), _page(_people(200, 250), 250)]
    ctx = ScriptedContext(_script(*pages))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert answer.complete
    assert len(set(_names(answer.claims))) == len(answer.claims) == 250
    assert list(answer.claims) == ctx.kept
    assert _asked(ctx, path) == [0, 100, 200]
    assert all(request.params["items_per_page"] == "100" for request in ctx.asked[1:])
    assert all("filter" not in request.params for request in ctx.asked)


@both
async def test_the_next_page_begins_after_what_was_received(source: Source, path: str) -> None:
    ctx = ScriptedContext(_script(_page(_people(0, 35), 50), _page(_people(35, 50), 50)))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert len(answer.claims) == 50
    assert _asked(ctx, path) == [0, 35]


@both
async def test_items_that_move_over_the_page_s_edge_are_taken_once(source: Source, path: str) -> None:
    # Somebody new came first between the two calls: the last of page 1 is the first of page 2.
    ctx = ScriptedContext(_script(_page(_people(0, 100), 110), _page(_people(99, 110), 111)))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert len(_names(answer.claims)) == len(set(_names(answer.claims))) == 110
    assert not answer.complete  # the new one was not seen
    assert list(answer.claims) == ctx.kept


@both
async def test_a_list_that_shrinks_on_the_way_is_not_called_complete(source: Source, path: str) -> None:
    ctx = ScriptedContext(_script(_page(_people(0, 100), 150), _page(_people(101, 150), 149)))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert not answer.complete


@both
@pytest.mark.parametrize("total", [None, "many", -1, [], 10, 119])
async def test_a_total_that_is_missing_or_wrong_stops_nothing(source: Source, path: str, total: object) -> None:
    ctx = ScriptedContext(_script(*(_page(page, total) for page in (_people(0, 100), _people(100, 120), []))))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert len(answer.claims) == 120
    assert answer.complete
    assert _asked(ctx, path) == [0, 100, 120]


@both
async def test_a_total_above_what_there_is_ends_at_the_empty_page(source: Source, path: str) -> None:
    ctx = ScriptedContext(_script(_page(_people(0, 3), "5"), _page([], 5)))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert len(answer.claims) == 3
    assert not answer.complete


@both
@pytest.mark.parametrize("key", ["a", None])
async def test_a_server_that_ignores_the_start_does_not_go_round_for_ever(
    source: Source, path: str, key: str | None
) -> None:
    page = _page([_person(key)], None)
    ctx = ScriptedContext(_script(page, page))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert not answer.complete
    assert _asked(ctx, path) == [0, 1]


@both
async def test_an_endless_list_ends(source: Source, path: str) -> None:
    places = iter(range(10_000))
    ctx = ScriptedContext(
        lambda request: scripted_reply(
            200, PROFILE if request.path == "/company/01234567" else _page([_person(str(next(places)))], None)
        )
    )

    with pytest.raises(Unanswered) as unanswered:
        await source.answer(NUMBER, ctx)

    assert unanswered.value.cause is Cause.MALFORMED
    assert len(ctx.kept) == 200


@both
@pytest.mark.parametrize("failing", [BROKEN, scripted_reply(429, b""), scripted_reply(416, b"")])
async def test_a_page_that_fails_keeps_those_before_it(source: Source, path: str, failing: RawReply) -> None:
    ctx = ScriptedContext(_script(_page(_people(0, 100), 150), failing))

    with pytest.raises(Unanswered):
        await source.answer(NUMBER, ctx)

    assert len(_names(ctx.kept)) == 100


@both
async def test_a_404_after_the_first_page_is_an_end(source: Source, path: str) -> None:
    ctx = ScriptedContext(_script(_page(_people(0, 100), None), GONE))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Found)
    assert len(answer.claims) == 100


# --- three-way answers ------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("page", [_page([], 0), _page([], None), {"total_results": 0, "etag": "", "items": []}, GONE])
async def test_nobody_is_absent(source: Source, path: str, page: object) -> None:
    answer = await source.answer(NUMBER, ScriptedContext(_script(page)))

    assert isinstance(answer, Absent)
    assert "lists no" in answer.because


@both
async def test_an_empty_page_of_a_list_with_people_proves_nothing(source: Source, path: str) -> None:
    answer = await source.answer(NUMBER, ScriptedContext(_script(_page([], 5))))

    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.MALFORMED


@both
@pytest.mark.parametrize("body", [{}, {"items": "PERSON, a"}, {"errors": [{"type": "ch:service"}]}])
async def test_a_body_without_a_list_is_malformed(source: Source, path: str, body: object) -> None:
    answer = await source.answer(NUMBER, ScriptedContext(_script(body)))

    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.MALFORMED
    assert path.rpartition("/")[2] in answer.because
    assert "items" in answer.because


@both
async def test_one_unreadable_item_keeps_the_others_and_says_so(source: Source, path: str) -> None:
    spoilt = _person("SECRET NAME", name={"first": "SECRET NAME"})
    pages = [_page([*_people(0, 50), spoilt, *_people(51, 100)], 103), _page([None, *_people(101, 103)], 103)]
    ctx = ScriptedContext(_script(*pages))

    answer = await source.answer(NUMBER, ctx)

    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.MALFORMED
    assert len(_names(answer.claims)) == 101
    assert list(answer.claims) == ctx.kept
    assert "items[50] has no readable name (and 1 more)" in answer.because
    assert "SECRET" not in answer.because


@both
async def test_a_later_page_without_a_list_keeps_the_first(source: Source, path: str) -> None:
    answer = await source.answer(NUMBER, ScriptedContext(_script(_page(_people(0, 100), 150), {"items": 5})))

    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.MALFORMED
    assert len(_names(answer.claims)) == 100


async def test_a_profile_of_another_company_is_malformed() -> None:
    answer = await Profile(Config()).answer(NUMBER, ScriptedContext(_script(profile={"company_number": "07654321"})))

    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.MALFORMED
    assert "company_number" in answer.because
    assert "07654321" not in answer.because


async def test_everybody_becomes_a_claim() -> None:
    officers = [
        _person("1"),
        _person("2", resigned_on="2019-01-25"),
        _person("3", name="THICKET NOMINEES LIMITED", officer_role="corporate-secretary"),
        _person("4", name="THICKET DIRECTORS LIMITED", identification={"registration_number": "Sc095000"}),
    ]
    controls = [
        _person("5"),
        _person("6", ceased=True),
        _person("7", name="THICKET HOLDINGS LIMITED", kind="corporate-entity-person-with-significant-control"),
        {"kind": "super-secure-person-with-significant-control", "ceased": False},
    ]
    for (source, _), items in zip(SOURCES, (officers, controls), strict=True):
        answer = await source.answer(NUMBER, ScriptedContext(_script(_page(items, 4))))
        assert isinstance(answer, Found)
        assert len(answer.claims) == 4
        assert [claim.fulfils() for claim in answer.claims] == [True, False, False, False]
        assert all(claim.puts_forward() == () for claim in answer.claims)
