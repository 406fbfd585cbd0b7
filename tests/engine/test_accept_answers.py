"""What a source hands over: what is no answer is refused, what is too long is cut, and what is not its own is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from leadgen_core import (
    Absent,
    Candidate,
    Cause,
    Claim,
    CompanyNumber,
    CompanyProfile,
    Found,
    Host,
    Lookup,
    NameMatch,
    OfficerAppointment,
    SignificantControl,
    SourceSpec,
    Subject,
    Unknown,
)
from leadgen_core.engine.accept import MAX_CLAIMS, Accepted, GarbageError, accept, salvage
from leadgen_core.engine.context import SourceContext
from leadgen_core.testing import VirtualClock
from tests.engine.parts import NOW, NUMBER, director, profile, provenance
from tests.engine.test_context import API, Gateway

QUESTION = "test.source"
OTHER = CompanyNumber("07654321")
YIELDS = (CompanyProfile, OfficerAppointment, SignificantControl, NameMatch)


class Sites(NameMatch):
    """Puts forward so many hosts, named by the letters of its query."""

    def puts_forward(self) -> tuple[Subject, ...]:
        return tuple(Host(f"{letter}.example") for letter in self.query)


class Odd(NameMatch):
    """Puts forward what has the type of a subject but not its value."""

    def puts_forward(self) -> tuple[Subject, ...]:
        return (Host(42),)  # type: ignore[arg-type]


class Many(NameMatch):
    """Puts forward more hosts than are followed."""

    def puts_forward(self) -> tuple[Subject, ...]:
        return tuple(Host(f"{place}.example") for place in range(MAX_CLAIMS + 1))


def named(kind: type[NameMatch], query: str = "Acme") -> NameMatch:
    return kind(provenance=provenance(), query=query, number=NUMBER, name="ACME LTD")


def control(company: CompanyNumber) -> SignificantControl:
    kind = "individual-person-with-significant-control"
    return SignificantControl(provenance=provenance(), company=company, name="Jane Doe", control_kind=kind)


def context(*kept: Claim, api: bool = False) -> SourceContext:
    made = SourceContext(QUESTION, Gateway(), VirtualClock(), {}, api=API.name if api else None)
    made.keep(kept)
    return made


def spec(api: bool = False) -> SourceSpec:
    return SourceSpec(name="source", factory="x:y", asks=CompanyNumber, yields=YIELDS, api=API if api else None)


def accepted(answer: Any, *kept: Claim) -> Accepted:
    return accept(QUESTION, spec(), NUMBER, answer, context(*kept))


def unknown(claims: Sequence[Claim] = (), because: str = "", until: datetime | None = None) -> Unknown:
    """As a record of ours."""
    return Unknown(Cause.FAILED, list(claims), because, until, [])


def refused(answer: Any, *kept: Claim) -> str:
    with pytest.raises(GarbageError) as caught:
        accepted(answer, *kept)
    return str(caught.value)


# --- the claims -------------------------------------------------------------------------------------------


def test_what_was_kept_counts_towards_the_bound() -> None:
    kept, given = profile(), profile()
    assert len(accepted(Found([given] * (MAX_CLAIMS - 1)), kept).answer.claims) == MAX_CLAIMS
    assert refused(Found([given] * MAX_CLAIMS), kept) == f"{QUESTION} returned more than {MAX_CLAIMS} claims"


def test_a_claim_with_the_provenance_of_another_source() -> None:
    forged = evolve(profile(), provenance=provenance("test.another"))
    assert refused(Found([forged])) == f"{QUESTION} returned a claim with the provenance of another source"


async def test_a_source_with_an_api_gives_what_its_replies_say_and_nothing_else() -> None:
    ctx = context(api=True)
    reply = await ctx.ask(Lookup.get(API, "get", "/first"))
    good = evolve(profile(), provenance=reply.provenance)
    assert accept(QUESTION, spec(api=True), NUMBER, Found([good]), ctx).answer == Found([good])
    later = evolve(reply.provenance, retrieved_at=NOW + timedelta(days=1))
    with pytest.raises(GarbageError, match="provenance is that of no reply it was given"):
        accept(QUESTION, spec(api=True), NUMBER, Found([evolve(good, provenance=later)]), ctx)


@pytest.mark.parametrize("claim", [profile(OTHER), director(number=OTHER), control(OTHER)])
def test_a_claim_about_another_company(claim: Claim) -> None:
    told = f"returned a {type(claim).__name__} of another company than it was asked about"
    assert refused(Found([claim])) == f"{QUESTION} {told}"
    # Asked about a site, it may tell whose that is.
    assert accept(QUESTION, spec(), Host("a.example"), Found([claim]), context()).answer == Found([claim])


def test_what_is_put_forward_is_bounded_and_of_the_right_shape() -> None:
    assert refused(Found([named(Odd)])) == f"{QUESTION} put forward a Host, which is no subject"
    assert refused(Found([named(Many)])) == f"{QUESTION} put forward more than {MAX_CLAIMS} subjects"


def test_what_is_put_forward_comes_in_one_order() -> None:
    answers = [accepted(Found([named(Sites, letters)])).subjects for letters in ("abcdefgh", "hgfedcba")]
    assert answers == [[Host(f"{letter}.example") for letter in "abcdefgh"]] * 2


def test_an_aim_is_reached_by_a_claim_that_fulfils_it_alone() -> None:
    resigned = evolve(director(), resigned_on=NOW.date())
    assert not resigned.fulfils()
    assert accepted(Found([resigned])).aims == frozenset()
    assert accepted(Found([resigned, director()])).aims == {"executives"}
    assert accepted(Found([profile()])).aims == frozenset()


# --- the answer -------------------------------------------------------------------------------------------


def test_a_reason_is_one_line_of_bounded_length() -> None:
    said = "it\nis \x1d so"
    assert accepted(Absent([profile()], said)).answer == Absent([profile()], "it is so")
    assert accepted(Unknown(Cause.FAILED, [profile()], said)).answer == unknown([profile()], "it is so")
    assert accepted(Absent(because="x" * 501)).answer == Absent([], "x" * 500)


def test_candidates_are_bounded_and_looked_at() -> None:
    one = Candidate(NUMBER, "ACME LTD")
    many = accepted(Unknown(Cause.AMBIGUOUS, candidates=[one] * 1001)).answer
    assert isinstance(many, Unknown)
    assert many.candidates == [one] * 1000
    for bad in ("ACME", Candidate(NUMBER, 42)):  # type: ignore[arg-type]
        answer = Unknown(Cause.AMBIGUOUS, candidates=[one, bad])  # type: ignore[list-item]
        assert refused(answer) == f"{QUESTION} gave candidates that are none"


def test_a_cause_and_a_time_are_what_they_should_be() -> None:
    assert accepted(Unknown(Cause.FAILED, until=NOW)).answer == unknown(until=NOW)
    for answer in (Unknown("failed"), Unknown(Cause.FAILED, until="never")):  # type: ignore[arg-type]
        assert refused(answer) == f"{QUESTION} gave a cause or a time that is none"


def test_an_answer_of_a_class_of_the_plugins_own_becomes_ours() -> None:
    class Theirs(Found):
        """May change its mind."""

    answer = accepted(Theirs([profile()], complete="no")).answer  # type: ignore[arg-type]
    assert type(answer) is Found
    assert answer.complete is True


# --- when the rest of it broke ----------------------------------------------------------------------------


def test_what_is_sound_of_the_kept_is_saved_with_what_it_says() -> None:
    bad = evolve(profile(), name=42)  # type: ignore[arg-type]
    half = evolve(director(), provenance=provenance("test.another"))
    late = Unknown(Cause.TIMEOUT, (), "too long", NOW)
    ctx = context(bad, named(Sites, "ba"), half, profile())
    saved = salvage(QUESTION, spec(), NUMBER, late, ctx)
    assert saved.answer == evolve(late, claims=[named(Sites, "ba"), profile()])
    assert saved.subjects == [Host("a.example"), Host("b.example")]
    assert saved.aims == frozenset()
    assert salvage(QUESTION, spec(), NUMBER, late, context(director())).aims == {"executives"}
