"""Names: when two are equal, which of several companies is meant, and that nothing is ever guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadgen_companies_house import Config
from leadgen_companies_house.names import CompanyName, cleaned, normal_postcode
from leadgen_companies_house.sources import Search

from leadgen_core import (
    Absent,
    Answer,
    Cause,
    Found,
    NameMatch,
    NameQuery,
    RawReply,
    Request,
    Unanswered,
    Unknown,
)
from leadgen_core.testing import ScriptedContext, scripted_reply


def _hit(number: int, title: str, status: str | None = "active", postcode: str | None = None, snippet: str = "") -> Any:
    address = {} if postcode is None else {"postal_code": postcode}
    hit = {"company_number": f"{number:08}", "title": title, "address": address, "snippet": snippet}
    return hit if status is None else {**hit, "company_status": status}


def _pages(*pages: object, total: object = None) -> Callable[[Request], RawReply]:
    """The pages by their start; without ``total`` the number of all hits."""
    count = total if total is not None else sum(len(page) for page in pages if isinstance(page, list))

    def answer(request: Request) -> RawReply:
        page = pages[int(request.params["start_index"]) // 100]
        if isinstance(page, RawReply):
            return page
        return scripted_reply(200, {"items": page, "total_results": count} if isinstance(page, list) else page)

    return answer


async def _ask(query: NameQuery, *hits: Any) -> Answer:
    return await Search(Config()).answer(query, ScriptedContext(_pages(list(hits))))


def _number(answer: Answer) -> str:
    assert isinstance(answer, Found), answer
    (claim,) = answer.claims
    assert isinstance(claim, NameMatch)
    assert claim.puts_forward() == (claim.number,)
    assert claim.because
    return claim.number.value.lstrip("0")


def _candidates(answer: Answer) -> list[str]:
    assert isinstance(answer, Unknown), answer
    assert answer.cause is Cause.AMBIGUOUS
    assert answer.because
    return [candidate.number.value.lstrip("0") for candidate in answer.candidates]


# --- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Bramble Ltd", "BRAMBLE LIMITED"),
        ("bramble limited", "BRAMBLE LTD."),
        ("Bramble", "BRAMBLE LIMITED"),
        ("Bramble", "BRAMBLE"),
        ("Bramble & Thicket Ltd", "BRAMBLE AND THICKET LIMITED"),
        ("Bramble&Thicket", "BRAMBLE AND THICKET LLP"),
        ("Bramble + Thicket", "BRAMBLE PLUS THICKET LTD"),
        ("O’Bramble's", "O'BRAMBLES LIMITED"),
        ("B.R.A. Plc", "BRA P.L.C."),
        ("Bramble public limited company", "BRAMBLE PLC"),
        ("Bramble-Thicket  Ltd", "BRAMBLE THICKET LTD"),
        ("Bramble (Neasden) Ltd", "BRAMBLE (NEASDEN ) LIMITED"),
        ("Bramble Limited Liability Partnership", "BRAMBLE LLP"),
        ("Mieri Cyf", "MIERI CYFYNGEDIG"),
        ("Mieri Ltd", "MIERI CYF"),
        ("Mieri CCC", "MIERI PLC"),
        ("Bramble C.I.C.", "BRAMBLE COMMUNITY INTEREST COMPANY"),
        ("Café Bramble", "CAFE BRAMBLE LTD"),
        ("The Limited", "THE LIMITED"),
        ("Limited", "LIMITED"),
    ],
)
def test_equal_names(query: str, title: str) -> None:
    assert CompanyName.of(query).asks_for(CompanyName.of(title))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Bramble Ltd", "BRAMBLE PLC"),
        ("Bramble Ltd", "BRAMBLE LLP"),
        ("Bramble Ltd", "BRAMBLE"),
        ("Bramble Ltd", "BRAMBLES LTD"),
        ("Bramble Ltd", "THE BRAMBLE LTD"),
        ("Bramble", "BRAMBLE HOLDINGS LIMITED"),
        ("Bramble Limited Holdings", "BRAMBLE HOLDINGS"),
        ("100% Bramble", "100 BRAMBLE LTD"),
        ("Home PC", "HOME LP"),
        ("!!!", "???"),
        ("", ""),
    ],
)
def test_names_that_differ(query: str, title: str) -> None:
    assert not CompanyName.of(query).asks_for(CompanyName.of(title))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters()))
def test_every_text_is_a_name_and_can_be_sent(name: str) -> None:
    parsed = CompanyName.of(name)
    assert parsed.asks_for(parsed) == bool(parsed.words)
    query = cleaned(name)
    assert len(query) <= 160
    assert query == " ".join(query.split())
    query.encode()


def test_the_query_is_cleaned() -> None:
    assert cleaned("  Bramble \t\n &\x00Thicket\u200b ") == "Bramble & Thicket"
    assert cleaned("ab " * 100) == ("ab " * 53 + "a")
    assert (normal_postcode("xx1  1xx"), normal_postcode(None), normal_postcode("--")) == ("XX11XX", "", "")


# --- one of several ---------------------------------------------------------------------------------------


async def test_the_one_company_of_a_name() -> None:
    hits = [_hit(1, "BRAMBLE LIMITED"), _hit(2, "BRAMBLE HOLDINGS LIMITED"), _hit(3, "BRAMBLES LTD")]

    answer = await _ask(NameQuery("Bramble Ltd"), *hits)

    assert _number(answer) == "1"
    assert isinstance(answer, Found)
    claim = answer.claims[0]
    assert isinstance(claim, NameMatch)
    assert (claim.query, claim.name) == ("Bramble Ltd", "BRAMBLE LIMITED")
    assert claim.because == "the only company of this name among 3 hits"
    assert claim.provenance.url.endswith("/search/companies")


async def test_no_hit_at_all_is_absent() -> None:
    answer = await _ask(NameQuery("Bramble Ltd"))

    assert isinstance(answer, Absent)
    assert answer.because


async def test_only_similar_names_are_candidates() -> None:
    hits = [_hit(number, f"BRAMBLE {number} LIMITED", "active", "XX1 1XX") for number in range(1, 15)]

    answer = await _ask(NameQuery("Bramble Ltd"), *hits)

    assert _candidates(answer) == [str(number) for number in range(1, 11)]
    assert isinstance(answer, Unknown)
    assert answer.candidates[0].name == "BRAMBLE 1 LIMITED"
    assert (answer.candidates[0].status, answer.candidates[0].postcode) == ("active", "XX1 1XX")
    assert "Bramble" not in answer.because


@pytest.mark.parametrize("ended", ["dissolved", "converted-closed", "closed", "removed"])
async def test_one_that_still_exists_is_preferred(ended: str) -> None:
    hits = [_hit(1, "BRAMBLE LTD", ended), _hit(2, "BRAMBLE LIMITED", "liquidation"), _hit(3, "BRAMBLE LTD", ended)]

    answer = await _ask(NameQuery("Bramble"), *hits)

    assert _number(answer) == "2"


async def test_several_that_exist_are_candidates_with_the_equal_ones_first() -> None:
    hits = [_hit(1, "BRAMBLE BUSH LTD"), _hit(2, "BRAMBLE LTD"), _hit(3, "BRAMBLE PLC", None), _hit(4, "BRAMBLE & CO")]

    assert _candidates(await _ask(NameQuery("Bramble"), *hits)) == ["2", "3", "1", "4"]
    assert _number(await _ask(NameQuery("Bramble plc"), *hits)) == "3"


async def test_one_that_is_dissolved_is_found_when_it_is_the_only_one() -> None:
    assert _number(await _ask(NameQuery("Bramble"), _hit(1, "BRAMBLE LTD", "dissolved"))) == "1"
    twice = [_hit(1, "BRAMBLE LTD", "dissolved"), _hit(2, "BRAMBLE LTD", "dissolved")]
    assert _candidates(await _ask(NameQuery("Bramble"), *twice)) == ["1", "2"]


async def test_a_previous_name_in_the_snippet() -> None:
    renamed = _hit(1, "THICKET LTD", "active", None, "BRAMBLE LIMITED")

    assert _number(await _ask(NameQuery("Bramble Ltd"), renamed)) == "1"
    assert _candidates(await _ask(NameQuery("Bramble Ltd"), _hit(1, "THICKET LTD", snippet="BRAMBLE BUSH LTD"))) == [
        "1"
    ]
    # The name is now another company's.
    assert _number(await _ask(NameQuery("Bramble Ltd"), renamed, _hit(2, "BRAMBLE LTD"))) == "2"
    # A company that exists under another name is not the dissolved one of this name.
    assert _candidates(await _ask(NameQuery("Bramble"), renamed, _hit(2, "BRAMBLE LTD", "dissolved"))) == ["2", "1"]
    # Two bore it: the one that still exists.
    gone = _hit(3, "HEDGE LTD", "dissolved", None, "BRAMBLE LTD")
    assert _number(await _ask(NameQuery("Bramble"), gone, renamed)) == "1"
    assert _candidates(await _ask(NameQuery("Bramble"), gone, renamed, _hit(4, "OAK LTD", snippet="BRAMBLE"))) == [
        "3", "1", "4",
    ]  # fmt: skip


async def test_the_postcode_decides() -> None:
    here, there = _hit(1, "BRAMBLE LTD", "active", "XX1 1XX"), _hit(2, "BRAMBLE LTD", "active", "YY2 2YY")
    nowhere = _hit(3, "BRAMBLE LLP", "active", None)

    assert _number(await _ask(NameQuery("Bramble", "xx11xx"), here, there)) == "1"
    assert _number(await _ask(NameQuery("Bramble", "yy2 2yy"), here, there, nowhere)) == "2"
    # It contradicts the only one: no match.
    answer = await _ask(NameQuery("Bramble", "ZZ9 9ZZ"), here)
    assert _candidates(answer) == ["1"]
    assert isinstance(answer, Unknown)
    assert "postcode" in answer.because
    # It says nothing about one without address.
    assert _number(await _ask(NameQuery("Bramble", "ZZ9 9ZZ"), here, nowhere)) == "3"
    # A postcode that is none is no postcode.
    assert _number(await _ask(NameQuery("Bramble", "-"), here)) == "1"
    # It picks a dissolved one before a living one elsewhere.
    gone = _hit(4, "BRAMBLE LTD", "dissolved", "ZZ9 9ZZ")
    assert _number(await _ask(NameQuery("Bramble", "ZZ9 9ZZ"), here, gone)) == "4"


async def test_a_name_that_is_empty_is_not_asked_for() -> None:
    ctx = ScriptedContext(_pages([]))

    answer = await Search(Config()).answer(NameQuery(" \t\x00"), ctx)

    assert _candidates(answer) == []
    assert ctx.asked == []


async def test_a_name_without_a_word_matches_nobody() -> None:
    assert _candidates(await _ask(NameQuery("!!!"), _hit(1, "???"))) == ["1"]


# --- pages ------------------------------------------------------------------------------------------------


def _similar(first: int, end: int) -> list[Any]:
    return [_hit(number, f"BRAMBLE {number} LTD") for number in range(first, end)]


def _starts(ctx: ScriptedContext) -> list[str]:
    return [request.params["start_index"] for request in ctx.asked]


async def test_one_page_is_enough_when_the_name_is_on_it() -> None:
    ctx = ScriptedContext(_pages([_hit(1, "BRAMBLE LTD"), *_similar(2, 101)], total=6580))

    answer = await Search(Config()).answer(NameQuery("Bramble"), ctx)

    assert _number(answer) == "1"
    assert isinstance(answer, Found)
    assert "among the first 100 of 6580 hits" in repr(answer.claims)
    assert _starts(ctx) == ["0"]
    assert dict(ctx.asked[0].params) == {"q": "Bramble", "items_per_page": "100", "start_index": "0"}


async def test_the_next_pages_are_read_while_the_name_may_be_there() -> None:
    ctx = ScriptedContext(_pages(_similar(1, 101), _similar(101, 201), [*_similar(201, 300), _hit(300, "BRAMBLE LTD")]))
    assert _number(await Search(Config()).answer(NameQuery("Bramble"), ctx)) == "300"
    assert _starts(ctx) == ["0", "100", "200"]

    # The run of equal names goes over the page's edge: the second is not missed.
    ctx = ScriptedContext(_pages([*_similar(1, 100), _hit(100, "BRAMBLE LTD")], [_hit(101, "BRAMBLE LTD")]))
    assert _candidates(await Search(Config()).answer(NameQuery("Bramble"), ctx))[:2] == ["100", "101"]


async def test_what_was_not_read_is_never_called_absent() -> None:
    ctx = ScriptedContext(_pages(*(_similar(start, start + 100) for start in (1, 101, 201)), total=10_000))

    answer = await Search(Config()).answer(NameQuery("Bramble"), ctx)

    assert len(_candidates(answer)) == 10
    assert isinstance(answer, Unknown)
    assert "first 300 of 10000 hits" in answer.because
    assert "not read" in answer.because
    assert _starts(ctx) == ["0", "100", "200"]


@pytest.mark.parametrize("total", ["many", [], -1])
async def test_a_total_that_is_unreadable_ends_at_the_empty_page(total: object) -> None:
    ctx = ScriptedContext(_pages(_similar(1, 3), [], total=total))

    answer = await Search(Config()).answer(NameQuery("Bramble"), ctx)

    assert _candidates(answer) == ["1", "2"]
    assert isinstance(answer, Unknown)
    assert "not read" not in answer.because
    assert _starts(ctx) == ["0", "100"]


async def test_one_company_on_two_pages_is_one_company() -> None:
    page = [*_similar(2, 101), _hit(1, "BRAMBLE LTD")]

    answer = await Search(Config()).answer(NameQuery("Bramble"), ScriptedContext(_pages(page, page)))

    assert _number(answer) == "1"


async def test_an_empty_page_of_a_search_with_hits_proves_nothing() -> None:
    answer = await Search(Config()).answer(NameQuery("Bramble"), ScriptedContext(_pages([], total=7)))

    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.MALFORMED


async def test_an_unreadable_hit_could_be_the_one_so_nothing_is_chosen() -> None:
    hits = [_hit(1, "BRAMBLE LTD"), {"company_number": "00000002", "title": {"text": "BRAMBLE LTD"}}]

    answer = await _ask(NameQuery("Bramble"), *hits)

    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.MALFORMED
    assert answer.because == "/search/companies: items[1] has no readable title"
    assert [candidate.number.value for candidate in answer.candidates] == ["00000001"]
    assert answer.claims == ()


@pytest.mark.parametrize("body", [{}, {"items": "x"}, {"errors": []}])
async def test_a_body_without_hits_is_malformed(body: object) -> None:
    answer = await Search(Config()).answer(NameQuery("Bramble"), ScriptedContext(_pages(body)))

    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.MALFORMED


async def test_a_later_page_that_fails_ends_the_answer() -> None:
    ctx = ScriptedContext(_pages(_similar(1, 101), scripted_reply(502, b""), total=300))

    with pytest.raises(Unanswered) as unanswered:
        await Search(Config()).answer(NameQuery("Bramble"), ctx)

    assert unanswered.value.cause is Cause.FAILED


@settings(max_examples=60, deadline=None)
@given(
    titles=st.lists(
        st.tuples(
            st.sampled_from(["BRAMBLE LTD", "BRAMBLE PLC", "BRAMBLE", "THICKET LTD"]),
            st.sampled_from(["active", "dissolved", None]),
            st.sampled_from(["XX1 1XX", "YY2 2YY", None]),
            st.sampled_from(["", "BRAMBLE LIMITED"]),
        ),
        max_size=5,
    ),
    postcode=st.sampled_from([None, "XX11XX"]),
)
async def test_the_order_of_the_hits_decides_nothing(titles: list[Any], postcode: str | None) -> None:
    hits = [_hit(number, *title) for number, title in enumerate(titles, 1)]
    query = NameQuery("Bramble Ltd", postcode)

    there, back = await _ask(query, *hits), await _ask(query, *reversed(hits))

    assert type(there) is type(back)
    if isinstance(there, Found) and isinstance(back, Found):
        assert there.claims[0].puts_forward() == back.claims[0].puts_forward()
        assert isinstance(there.claims[0], NameMatch)
        assert there.claims[0].name != "BRAMBLE PLC" or any(hit["snippet"] for hit in hits)
