"""The Guild's sources against what its API says, without a gateway; and that they stay short."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import leadgen_guild_register
import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadgen_guild_register.api import GUILD
from leadgen_guild_register.source import members, search

from leadgen_core import (
    Absent,
    Cause,
    CompanyNumber,
    CompanyProfile,
    Failed,
    Found,
    Malformed,
    NameMatch,
    NameQuery,
    Nothing,
    OfficerAppointment,
    Ok,
    RawReply,
    Refused,
    Request,
    RetryAt,
    Unanswered,
    Unknown,
    Unreadable,
)
from leadgen_core.testing import ScriptedContext, conformance, scripted_reply

TestConformance = conformance("guild-register", module=leadgen_guild_register)

NUMBER = CompanyNumber("01234567")
MEMBER = {"name": " EXAMPLE LTD ", "founded": "2014-12-30", "motto": "Secret"}
NO_MEMBER = {"error": "no such member"}
ACCOUNTS = {"made_up_to": "2025-03-31", "overdue": False}


def officer(surname: str = "Smith", office: str = "master", born: str | None = "1970-05") -> dict[str, Any]:
    return {
        "id": f"id-{surname}",
        "surname": surname,
        "forenames": "Jane Q.",
        "office": office,
        "since": "2015-06-01",
        "born": born,
        "home": "1 Secret Lane",
    }


def script(answers: Mapping[str, RawReply]) -> Callable[[Request], RawReply]:
    def answer(request: Request) -> RawReply:
        page = request.params.get("page", "")
        return answers[f"{request.path}{page and '?' + page}"]

    return answer


def whole(**changes: RawReply) -> dict[str, RawReply]:
    """A member with two pages of officers."""
    more = [officer("Jones", "clerk", None), officer("Hay", "beadle")]
    answers = {
        "member": scripted_reply(200, MEMBER),
        "first": scripted_reply(200, {"officers": [officer()], "next": 2}),
        "second": scripted_reply(200, {"officers": more, "next": None}),
        "accounts": scripted_reply(200, ACCOUNTS),
    } | changes
    places = {"member": "", "first": "/officers", "second": "/officers?2", "accounts": "/accounts"}
    return {f"/members/01234567{places[name]}": reply for name, reply in answers.items()}


async def test_a_member_with_two_pages_of_officers() -> None:
    ctx = ScriptedContext(script(whole()), question="guild-register.members")
    assert await members(NUMBER, ctx) == Found()
    profile, smith, jones, hay, accounts = ctx.kept
    assert isinstance(profile, CompanyProfile)
    assert (profile.number, profile.name, profile.incorporated_on) == (NUMBER, "EXAMPLE LTD", date(2014, 12, 30))
    assert isinstance(smith, OfficerAppointment)
    assert isinstance(jones, OfficerAppointment)
    assert isinstance(hay, OfficerAppointment)
    assert [(each.company, each.name, each.role) for each in (smith, jones, hay)] == [
        (NUMBER, "SMITH, Jane Q.", "director"),
        (NUMBER, "JONES, Jane Q.", "secretary"),
        (NUMBER, "HAY, Jane Q.", "beadle"),
    ]
    assert (smith.appointed_on, smith.officer_id) == (date(2015, 6, 1), "id-Smith")
    assert jones.birth_key is None
    assert smith.birth_key is not None
    assert smith.birth_key == hay.birth_key
    assert isinstance(accounts, CompanyProfile)
    assert (accounts.accounts_made_up_to, accounts.accounts_overdue) == (date(2025, 3, 31), False)
    assert {claim.provenance.url for claim in ctx.kept} == {
        f"https://api.guild-register.example/members/01234567{place}" for place in ("", "/officers", "/accounts")
    }


async def test_no_member_is_proof_and_costs_one_call() -> None:
    ctx = ScriptedContext(script({"/members/01234567": scripted_reply(404, NO_MEMBER)}))
    assert await members(NUMBER, ctx) == Absent(because="the Guild has no member of this number")
    assert len(ctx.asked) == 1


async def test_a_member_without_accounts() -> None:
    ctx = ScriptedContext(script(whole(accounts=scripted_reply(404, {"error": "no accounts"}))))
    assert await members(NUMBER, ctx) == Found()
    assert len(ctx.kept) == 4


async def test_what_was_read_survives_a_page_that_does_not_come() -> None:
    ctx = ScriptedContext(script(whole(second=scripted_reply(429, {}, {"retry-after": "7"}))))
    with pytest.raises(Unanswered) as caught:
        await members(NUMBER, ctx)
    assert caught.value.cause is Cause.THROTTLED
    assert [type(claim) for claim in ctx.kept] == [CompanyProfile, OfficerAppointment]


def hits(*names: str) -> ScriptedContext:
    rows = [{"number": str(place), "name": name, "postcode": None} for place, name in enumerate(names, start=1)]
    return ScriptedContext(lambda _request: scripted_reply(200, {"members": rows}))


async def test_a_search() -> None:
    ctx = hits("EXAMPLE LTD", "EXAMPLES LTD")
    answer = await search(NameQuery("Example Limited"), ctx)
    assert isinstance(answer, Found)
    (match,) = answer.claims
    assert isinstance(match, NameMatch)
    assert (match.query, match.number) == ("Example Limited", CompanyNumber("00000001"))
    assert dict(ctx.asked[0].params) == {"name": "Example Limited"}
    assert isinstance(await search(NameQuery("Example"), hits()), Absent)
    several = await search(NameQuery("Example Ltd"), hits("EXAMPLE LTD", "EXAMPLE LIMITED"))
    assert isinstance(several, Unknown)
    assert len(several.candidates) == 2


@pytest.mark.parametrize(
    ("operation", "reply", "meaning"),
    [
        ("member", scripted_reply(200, MEMBER), Ok()),
        ("member", scripted_reply(200, b"<html>"), Malformed("The Guild answered 200 without JSON")),
        ("member", scripted_reply(404, NO_MEMBER), Nothing()),
        ("member", scripted_reply(404, b"<html>"), Malformed("The Guild answered 404")),
        ("officers", scripted_reply(404, NO_MEMBER), Malformed("The Guild answered 404")),
        ("accounts", scripted_reply(404, {"error": "no accounts"}), Nothing()),
        ("member", scripted_reply(429, {}, {"retry-after": "7"}, received_at=1000.0), RetryAt(1007.0)),
        ("member", scripted_reply(503, b""), Failed("The Guild answered 503")),
        ("member", scripted_reply(401, {}), Refused("The Guild does not accept the credential (401): check api_key")),
    ],
)
def test_what_an_answer_means(operation: str, reply: RawReply, meaning: object) -> None:
    assert GUILD.classify(operation, reply) == meaning


def test_redaction_keeps_no_date_of_birth_and_no_home() -> None:
    kept = GUILD.redact("officers", {"officers": [officer()], "next": None}, lambda _text: "keyed")
    assert kept["officers"][0]["born"] == "keyed"
    assert "1970" not in str(kept)
    assert "Secret" not in str(kept)


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2015-06-01")
_JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
_ROWS = st.fixed_dictionaries(dict.fromkeys(officer(), _LEAVES))
_PAGES = st.fixed_dictionaries({"officers": st.lists(_ROWS | st.builds(officer)), "next": st.none()}) | _JSON
_HITS = st.fixed_dictionaries({"number": st.integers(0, 10**9), "name": st.text(), "postcode": st.none() | st.text()})


@given(_JSON | st.fixed_dictionaries({"name": _LEAVES}), _PAGES, st.fixed_dictionaries({"members": st.lists(_HITS)}))
async def test_whatever_passes_the_redaction_can_be_read(member: Any, page: Any, found: Any) -> None:
    answers = whole(member=scripted_reply(200, member), first=scripted_reply(200, page))
    answers["/search"] = scripted_reply(200, found)
    ctx = ScriptedContext(script(answers))
    bodies = {"member": member, "officers": page, "search": found}
    readable = {name for name, body in bodies.items() if _readable(name, body)}
    if {"member", "officers"} <= readable:
        assert await members(NUMBER, ctx) == Found()
    if "search" in readable:
        await search(NameQuery("Example Ltd"), ctx)


def _readable(operation: str, body: Any) -> bool:
    try:
        GUILD.redact(operation, body, lambda text: text.upper())
    except Unreadable:
        return False  # which the gateway calls malformed
    return True


def test_the_plugin_has_fewer_than_100_lines() -> None:
    """All that its author writes but the simulator: imports and docstrings count, blank lines and comments do not."""
    files = [file for file in Path(leadgen_guild_register.__file__).parent.glob("*.py") if file.stem != "simulator"]
    code = [line for file in files for line in file.read_text().splitlines() if re.match(r"\s*[^\s#]", line)]
    assert len(files) == 3
    assert 50 < len(code) < 100
