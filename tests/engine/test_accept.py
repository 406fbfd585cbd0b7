"""Each claim of an answer is looked at, however much it shares with the one before it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from leadgen_core import (
    Claim,
    CompanyNumber,
    CompanyProfile,
    Found,
    Lookup,
    OfficerAppointment,
    Provenance,
    SourceSpec,
    Unknown,
)
from leadgen_core.engine.accept import Accepted, GarbageError, accept, salvage
from leadgen_core.model.answers import Cause
from leadgen_core.testing import ScriptedContext, scripted_reply
from tests.engine.parts import NUMBER, director
from tests.engine.test_context import API

SPEC = SourceSpec(name="people", factory="x:y", asks=CompanyNumber, yields=(OfficerAppointment,), api=API)
QUESTION = "test.people"


@pytest.fixture
async def ctx() -> ScriptedContext:
    return ScriptedContext(lambda _request: scripted_reply(200, {}), question=QUESTION)


@pytest.fixture
async def stamp(ctx: ScriptedContext) -> Provenance:
    """That of a reply; contexts that are not an engine's keep no account, so this one is told."""
    reply = await ctx.ask(Lookup.get(API, "get", "/1"))
    ctx._stamps[id(reply.provenance)] = reply.provenance
    return reply.provenance


def claim(stamp: Any, **changes: Any) -> OfficerAppointment:
    return attrs.evolve(director(), provenance=stamp, **changes)


def looked_at(ctx: ScriptedContext, *claims: Claim) -> Accepted:
    return accept(QUESTION, SPEC, NUMBER, Found(claims), ctx)


async def test_claims_that_share_what_they_may_share_are_taken(ctx: ScriptedContext, stamp: Provenance) -> None:
    claims = [claim(stamp), claim(stamp, company=CompanyNumber(NUMBER.value)), claim(attrs.evolve(stamp))]

    accepted = looked_at(ctx, *claims)

    assert accepted.answer == Found(claims)
    assert accepted.aims == {"executives"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"company": CompanyNumber("07654321")}, "of another company"),
        ({"company": "01234567"}, "OfficerAppointment.company"),
        ({"company": None}, "OfficerAppointment.company"),
        ({"name": None}, "OfficerAppointment.name"),
        ({"provenance": None}, "OfficerAppointment.provenance"),
        ({"provenance": {"question": "test.other"}}, "of another source"),
        ({"provenance": {"url": "https://elsewhere.example"}}, "no reply it was given"),
        ({"provenance": {"url": 5}}, "OfficerAppointment.provenance"),
    ],
)
async def test_what_is_wrong_in_a_later_claim_is_seen(
    ctx: ScriptedContext, stamp: Provenance, changes: dict[str, Any], said: str
) -> None:
    if isinstance(told := changes.get("provenance"), dict):
        changes = {"provenance": attrs.evolve(stamp, **told)}
    good, bad = claim(stamp), attrs.evolve(claim(stamp), **changes)

    for claims in ((good, good, bad), (bad, good), (good, bad, bad)):
        with pytest.raises(GarbageError, match=said):
            looked_at(ctx, *claims)
    ctx.keep([good, bad, good])
    unknown = salvage(QUESTION, SPEC, NUMBER, Unknown(Cause.FAILED), ctx).answer
    assert unknown.claims == [good, good]


async def test_what_was_kept_stands_once_whether_it_is_handed_over_again_or_not(
    ctx: ScriptedContext, stamp: Provenance
) -> None:
    one, two, three = claim(stamp), claim(stamp), claim(stamp, name="ROE, John")
    ctx.keep([one, two])

    def names(*claims: Claim) -> list[int]:
        known = {id(one): 1, id(two): 2, id(three): 3}
        return [known[id(each)] for each in looked_at(ctx, *claims).answer.claims]

    assert names(one, two) == [1, 2]
    assert names(two, one) == [1, 2]
    assert names(one, three) == [1, 2, 3]
    assert names(three, one, two) == [1, 2, 3]
    assert names() == [1, 2]


async def test_a_type_that_the_spec_does_not_name_is_refused(ctx: ScriptedContext, stamp: Provenance) -> None:
    with pytest.raises(GarbageError, match="which its spec does not name"):
        looked_at(ctx, claim(stamp), CompanyProfile(provenance=stamp, number=NUMBER))
