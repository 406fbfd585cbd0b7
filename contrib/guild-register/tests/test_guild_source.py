"""The Guild's source against what its API says, without a gateway; and that it stays short."""

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
from leadgen_guild_register import Config
from leadgen_guild_register.source import GUILD, Members

from leadgen_core import (
    Absent,
    Cause,
    CompanyNumber,
    CompanyProfile,
    Failed,
    Found,
    Malformed,
    Nothing,
    OfficerAppointment,
    Ok,
    RawReply,
    Refused,
    Request,
    RetryAt,
    Source,
    Unanswered,
)
from leadgen_core.testing import ScriptedContext, scripted_reply

NUMBER = CompanyNumber("01234567")
MEMBER = {"name": " EXAMPLE LTD ", "founded": "2014-12-30"}
NO_MEMBER = {"error": "no such member"}


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


def source() -> Source:
    return Members(Config())


async def test_a_member_with_two_pages_of_officers() -> None:
    ctx = ScriptedContext(
        script(
            {
                "/members/01234567": scripted_reply(200, MEMBER),
                "/members/01234567/officers?1": scripted_reply(200, {"officers": [officer()], "next": 2}),
                "/members/01234567/officers?2": scripted_reply(
                    200, {"officers": [officer("Jones", "clerk", None), officer("Hay", "beadle")], "next": None}
                ),
            }
        ),
        question="guild-register.members",
    )
    answer = await source().answer(NUMBER, ctx)
    assert isinstance(answer, Found)
    assert answer.complete
    profile, *officers = answer.claims
    assert isinstance(profile, CompanyProfile)
    assert (profile.number, profile.name) == (NUMBER, "EXAMPLE LTD")
    assert all(isinstance(claim, OfficerAppointment) and claim.company == NUMBER for claim in officers)
    assert [(claim.name, claim.role) for claim in officers if isinstance(claim, OfficerAppointment)] == [
        ("SMITH, Jane Q.", "director"),
        ("JONES, Jane Q.", "secretary"),
        ("HAY, Jane Q.", "beadle"),
    ]
    smith, jones, hay = (claim for claim in officers if isinstance(claim, OfficerAppointment))
    assert (smith.appointed_on, smith.officer_id) == (date(2015, 6, 1), "id-Smith")
    assert jones.birth_key is None
    assert smith.birth_key is not None
    assert smith.birth_key == hay.birth_key
    assert ctx.kept == list(answer.claims)
    assert [(request.path, dict(request.params)) for request in ctx.asked] == [
        ("/members/01234567", {}),
        ("/members/01234567/officers", {"page": "1"}),
        ("/members/01234567/officers", {"page": "2"}),
    ]


async def test_no_member_is_proof_and_costs_one_call() -> None:
    ctx = ScriptedContext(script({"/members/01234567": scripted_reply(404, NO_MEMBER)}))
    assert await source().answer(NUMBER, ctx) == Absent(because="the Guild has no member of this number")
    assert len(ctx.asked) == 1


async def test_what_was_read_survives_a_page_that_does_not_come() -> None:
    ctx = ScriptedContext(
        script(
            {
                "/members/01234567": scripted_reply(200, MEMBER),
                "/members/01234567/officers?1": scripted_reply(200, {"officers": [officer()], "next": 2}),
                "/members/01234567/officers?2": scripted_reply(429, {}, {"retry-after": "7"}),
            }
        )
    )
    with pytest.raises(Unanswered) as caught:
        await source().answer(NUMBER, ctx)
    assert caught.value.cause is Cause.THROTTLED
    assert [type(claim) for claim in ctx.kept] == [CompanyProfile, OfficerAppointment]


@pytest.mark.parametrize(
    ("operation", "reply", "meaning"),
    [
        ("member", scripted_reply(200, MEMBER), Ok()),
        ("member", scripted_reply(200, b"<html>"), Malformed("the Guild answered 200")),
        ("member", scripted_reply(404, NO_MEMBER), Nothing()),
        ("member", scripted_reply(404, b"<html>"), Malformed("the Guild answered 404")),
        ("member", scripted_reply(404, {"error": "no such page"}), Malformed("the Guild answered 404")),
        ("officers", scripted_reply(404, NO_MEMBER), Malformed("the Guild answered 404")),
        ("member", scripted_reply(429, {}, {"retry-after": "7"}, received_at=1000.0), RetryAt(1007.0)),
        ("member", scripted_reply(429, {}), RetryAt(None)),
        ("member", scripted_reply(429, {}, {"retry-after": "Fri, 30 Jan 2026 13:14:22 GMT"}), RetryAt(None)),
        ("member", scripted_reply(503, b""), Failed("the Guild answered 503")),
        ("member", scripted_reply(302, b""), Malformed("the Guild answered 302")),
    ],
)
def test_what_an_answer_means(operation: str, reply: RawReply, meaning: object) -> None:
    assert GUILD.classify(operation, reply) == meaning


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_names_the_setting(status: int) -> None:
    meaning = GUILD.classify("member", scripted_reply(status, {}))
    assert isinstance(meaning, Refused)
    assert "guild-register.api_key" in meaning.mend


def test_redaction_keeps_no_date_of_birth_and_no_home() -> None:
    kept = GUILD.redact("officers", {"officers": [officer()], "next": None}, lambda _text: "keyed")
    assert kept["officers"][0]["birth_key"] == "keyed"
    assert "1970" not in str(kept)
    assert "Secret" not in str(kept)


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2015-06-01")
_JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
_ROWS = st.fixed_dictionaries(dict.fromkeys(officer(), _LEAVES))
_PAGES = st.fixed_dictionaries({"officers": st.lists(_ROWS | st.builds(officer)), "next": st.none()}) | _JSON


@given(_JSON | st.fixed_dictionaries({"name": _LEAVES}), _PAGES)
async def test_whatever_passes_the_redaction_can_be_read(member: Any, page: Any) -> None:
    answers = {
        "/members/01234567": scripted_reply(200, member),
        "/members/01234567/officers?1": scripted_reply(200, page),
    }
    try:
        for operation, body in (("member", member), ("officers", page)):
            GUILD.redact(operation, body, lambda text: text.upper())
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return  # which the gateway calls malformed
    assert isinstance(await source().answer(NUMBER, ScriptedContext(script(answers))), Found)


def test_the_plugin_has_fewer_than_100_lines() -> None:
    folder = Path(leadgen_guild_register.__file__).parent
    code = [
        line for file in folder.rglob("*.py") for line in file.read_text().splitlines() if re.match(r"\s*[^\s#]", line)
    ]
    assert 50 < len(code) < 100
