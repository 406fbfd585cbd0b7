"""The company part of the lead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

from attrs import evolve
from leadgen_identity.company import company_of

from leadgen_core import (
    Address,
    Case,
    Claim,
    Company,
    CompanyNumber,
    CompanyProfile,
    PreviousName,
    Provenance,
    Strength,
)

NUMBER = CompanyNumber("09990001")
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def profile(question: str, **more: Any) -> CompanyProfile:
    stamp = Provenance(question=question, url=f"https://{question}.example", retrieved_at=NOW)
    return evolve(CompanyProfile(provenance=stamp, number=NUMBER), **more)


def company(*claims: Claim, number: CompanyNumber | None = NUMBER) -> Company:
    results = [company_of(Case(number=number, claims=order, outcomes={}, now=NOW)) for order in permutations(claims)]
    assert all(result == results[0] for result in results)
    return results[0]


def test_a_profile_becomes_the_company() -> None:
    office = Address(address_line_1="1 Quill Street", locality="Ely")
    former = PreviousName(name="OLD QUILL LTD", ceased_on=date(2020, 1, 1))
    result = company(
        profile(
            "b.profile",
            name="QUILLFEATHER LTD",
            status="active",
            type="ltd",
            sic_codes=("62012",),
            incorporated_on=date(2014, 1, 2),
            address=office,
            previous_names=(former,),
        )
    )
    assert result == Company(
        number="09990001",
        name="QUILLFEATHER LTD",
        status="active",
        type="ltd",
        sic_codes=("62012",),
        incorporated_on=date(2014, 1, 2),
        address=office,
        previous_names=(former,),
        evidence=result.evidence,
    )
    (link,) = result.evidence
    assert (link.claim, link.source, link.url) == ("is-registered-company", "b.profile", "https://b.profile.example")
    assert (link.strength, link.retrieved_at, link.good_until) == (Strength.AUTHORITATIVE, NOW, None)


def test_without_a_profile_there_is_the_number_only() -> None:
    assert company() == Company(number="09990001")
    assert company(number=None) == Company(number=None)
    assert company(profile("a.profile", name="X"), number=None) == Company(number=None)


def test_another_companys_profile_says_nothing() -> None:
    assert company(profile("a.profile", name="OTHER LTD", number=CompanyNumber("09990002"))) == Company(
        number="09990001"
    )


def test_several_sources_fill_each_other_by_the_name_of_the_question() -> None:
    first = profile("a.profile", name="A LTD", status="active")
    second = profile("b.profile", name="B LTD", sic_codes=("62012",), type="ltd")
    result = company(second, first, first)
    assert (result.name, result.status, result.type, result.sic_codes) == ("A LTD", "active", "ltd", ("62012",))
    assert [link.source for link in result.evidence] == ["a.profile", "b.profile"]


def test_a_fresh_answer_stands_before_a_stale_one_and_a_new_before_an_old() -> None:
    old = profile("a.profile", name="STALE LTD")
    stale = evolve(old, provenance=evolve(old.provenance, stale_since=NOW))
    assert company(stale, profile("b.profile", name="FRESH LTD")).name == "FRESH LTD"
    earlier = evolve(old, name="EARLIER", provenance=evolve(old.provenance, retrieved_at=NOW - timedelta(days=1)))
    assert company(earlier, profile("a.profile", name="LATER")).name == "LATER"
