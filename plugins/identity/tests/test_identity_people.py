"""Who decides: joins within one company, roles, order and evidence. All people are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs import evolve
from leadgen_identity.people import executives

from leadgen_core import (
    Case,
    Claim,
    CompanyNumber,
    CompanyProfile,
    Executive,
    OfficerAppointment,
    PersonalAddress,
    Provenance,
    Role,
    SignificantControl,
    Strength,
)

NUMBER = CompanyNumber("09990001")
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
DECIDE = "director llp-designated-member"
DO_NOT = """nominee-director managing-officer general-partner-in-a-limited-partnership member-of-a-management-organ
 member-of-a-supervisory-organ member-of-an-administrative-organ manager-of-an-eeig cic-manager
 secretary nominee-secretary llp-member limited-partner-in-a-limited-partnership judicial-factor
 receiver-and-manager person-authorised-to-represent a-role-of-tomorrow"""


def stamp(question: str) -> Provenance:
    return Provenance(
        question=question,
        url=f"https://register.example/{question}",
        retrieved_at=NOW - timedelta(hours=1),
        good_until=NOW + timedelta(days=1),
    )


def officer(name: str, role: str = "director", **more: Any) -> OfficerAppointment:
    claim = OfficerAppointment(
        provenance=stamp("register.officers"), company=NUMBER, name=name, role=role, appointed_on=date(2015, 6, 1)
    )
    return evolve(claim, **more)


def control(name: str | None, **more: Any) -> SignificantControl:
    claim = SignificantControl(
        provenance=stamp("register.psc"),
        company=NUMBER,
        name=name,
        control_kind="individual-person-with-significant-control",
        notified_on=date(2016, 4, 6),
    )
    return evolve(claim, **more)


def found(*claims: Claim, now: datetime = NOW, number: CompanyNumber | None = NUMBER) -> tuple[Executive, ...]:
    people = executives(Case(number=number, claims=claims, outcomes={}, now=now))
    backwards = executives(Case(number=number, claims=claims[::-1], outcomes={}, now=now))
    assert people == backwards
    return people


def names(*claims: Claim) -> list[str]:
    return [person.name.full for person in found(*claims)]


def said(person: Executive) -> list[str]:
    return [link.claim for link in person.evidence]


# --- one human, once --------------------------------------------------------------------------------------


def test_director_and_owner_with_one_birth_key_are_one_person_with_both_links() -> None:
    (person,) = found(
        officer("QUILLFEATHER, Uriah", birth_key="k1"),
        control("Mr Uriah Quillfeather", title="Mr", forename="Uriah", surname="Quillfeather", birth_key="k1"),
    )
    assert (person.name.full, person.name.given, person.name.family) == ("Uriah Quillfeather", "Uriah", "Quillfeather")
    assert person.roles == (
        Role(role="director", since=date(2015, 6, 1)),
        Role(role="person-with-significant-control", since=date(2016, 4, 6)),
    )
    assert [(link.claim, link.source, link.url, link.strength) for link in person.evidence] == [
        ("is-current-director", "register.officers", "https://register.example/register.officers", "authoritative"),
        (
            "is-person-with-significant-control",
            "register.psc",
            "https://register.example/register.psc",
            Strength.AUTHORITATIVE,
        ),
    ]
    assert person.evidence[0].retrieved_at == NOW - timedelta(hours=1)
    assert person.evidence[0].good_until == NOW + timedelta(days=1)
    assert (person.confidence, person.confidence_basis) == (None, "none")
    assert (person.accounts, person.contacts) == ((), ())
    assert person.article14_due == date(2026, 2, 28)


def test_different_birth_keys_are_never_one_person() -> None:
    assert names(officer("ALMOND, John", birth_key="k1", officer_id="o1"), officer("ALMOND, John", birth_key="k2")) == [
        "John Almond",
        "John Almond",
    ]
    same_id = {"officer_id": "o1", "appointment": "a1"}
    assert (
        len(
            found(
                officer("ALMOND, John", birth_key="k1", **same_id), officer("ALMOND, John", birth_key="k2", **same_id)
            )
        )
        == 2
    )


def test_a_statement_between_two_birth_keys_joins_neither() -> None:
    people = found(
        officer("ALMOND, John", birth_key="k1"),
        officer("ALMOND, John", birth_key="k2"),
        control("Mr John Almond"),
    )
    assert [len(person.evidence) for person in people] == [1, 1, 1]


def test_twins_of_one_birth_key_stay_two_and_an_initial_belongs_to_neither() -> None:
    assert names(officer("ALMOND, John", birth_key="k1"), officer("ALMOND, James", birth_key="k1")) == [
        "James Almond",
        "John Almond",
    ]
    people = found(
        officer("ALMOND, John", birth_key="k1"),
        officer("ALMOND, James", birth_key="k1"),
        control("Mr J Almond", birth_key="k1"),
    )
    assert [person.name.full for person in people] == ["James Almond", "John Almond", "J. Almond"]


def test_who_could_be_either_of_two_does_not_keep_others_apart() -> None:
    people = found(
        officer("ALMOND, John", birth_key="k1"),
        officer("ALMOND, John Paul", birth_key="k1"),
        officer("ALMOND, James", birth_key="k1"),
        control("Mr J Almond", birth_key="k1"),
    )
    assert [person.name.full for person in people] == ["James Almond", "John Paul Almond", "J. Almond"]


def test_a_name_that_only_part_of_a_person_allows_does_not_keep_others_apart() -> None:
    people = found(
        officer("ALMOND, John", birth_key="k1", officer_id="o1"),
        officer("ALMOND, John Paul", officer_id="o1"),
        officer("ALMOND, John Mark", birth_key="k1", officer_id="o2"),
        control("Mr John P Almond", birth_key="k1"),
    )
    assert [(person.name.full, len(person.roles)) for person in people] == [
        ("John Mark Almond", 1),
        ("John Paul Almond", 2),
    ]


def test_a_chain_of_ids_between_two_birth_keys_joins_nothing() -> None:
    people = found(
        officer("ALMOND, John", birth_key="k1", officer_id="o1"),
        officer("ALMOND, John", officer_id="o1", appointment="a1"),
        officer("ALMOND, John", officer_id="o2", appointment="a1"),
        officer("ALMOND, John", birth_key="k2", officer_id="o2"),
    )
    assert len(people) == 4


def test_two_directors_of_one_surname_stay_two() -> None:
    assert names(officer("ALMOND, Anne"), officer("ALMOND, Bertha"), control("Ms Carol Almond")) == [
        "Anne Almond",
        "Bertha Almond",
        "Carol Almond",
    ]
    assert len(found(officer("ALMOND", birth_key="k1"), officer("ALMOND, Anne", birth_key="k1"))) == 2


@pytest.mark.parametrize(
    ("listed", "controls"),
    [
        ("THANDOLWETHU", "Thandolwethu"),
        ("ALMOND, Lord", "Lord Almond"),
        ("ALMOND, William", "Mr Bill Almond"),
        ("ALMOND, Maximilian", "Mr Max Almond"),
        ("ALMOND, John Peter", "Mr Peter Almond"),
        ("ALMOND-BIRCH, Anne", "Mrs Anne Birch"),
        ("ALMOND, Anne Birch", "Mrs Anne Birch"),
        ("ALMOND BIRCH, Anne", "Ms Anne Almond"),
        ("BIRCH, Anne Almond", "Mrs Anne Almond-Birch"),
        ("TRANG, Minh Quan", "Mr Trang Minh Quan"),
        ("VAN DER ALMOND, Piet", "Mr Piet Van Der Almond"),
        ("ALMNOD, Anne", "Mrs Anne Almond"),
        ("HARBOURWRIGTH, Anne", "Mrs Anne Harbourwright"),
        ("ALMOND, Margret", "Mrs Margaret Almond"),
    ],
)
def test_with_equal_birth_keys_a_name_written_otherwise_is_one_human(listed: str, controls: str) -> None:
    same = found(officer(listed, birth_key="k1"), control(controls, birth_key="k1"))
    assert len(same) == 1
    assert len(same[0].evidence) == 2
    assert len(found(officer(listed, birth_key="k1"), control(controls, birth_key="k2"))) == 2


@pytest.mark.parametrize(
    ("listed", "controls"),
    [
        ("ALMOND, Anne", "Mrs Carol Almond"),
        ("ALMOND, Emma", "Ms Emily Almond"),
        ("ALMOND, Marie", "Ms Maria Almond"),
        ("ALMOND, Jean", "Mr Joan Almond"),
        ("ALMOND, Carl", "Mr Karl Almond"),
        ("ALMOND, Anne", "Mrs Anne Birch"),
        ("ALMOND", "Mrs Anne Almond"),
        ("ALMOND, John, Jr", "Mr John Almond Sr"),
    ],
)
def test_twins_and_namesakes_stay_two(listed: str, controls: str) -> None:
    assert len(found(officer(listed, birth_key="k1"), control(controls, birth_key="k1"))) == 2


def test_with_equal_birth_keys_an_initial_and_a_missing_middle_name_are_enough() -> None:
    (person,) = found(
        officer("ALMOND, J", birth_key="k1", officer_id="o1"),
        officer("ALMOND, John Paul", "llp-designated-member", birth_key="k1", officer_id="o2"),
        control("Mr John Almond", birth_key="k1"),
    )
    assert person.name.full == "John Paul Almond"
    assert [role.role for role in person.roles] == [
        "director",
        "llp-designated-member",
        "person-with-significant-control",
    ]


def test_where_one_birth_key_is_missing_only_the_same_full_names_join() -> None:
    director = officer("ALMOND, John Paul", birth_key="k1")
    assert len(found(director, control("Mr John Paul Almond"))) == 1
    assert len(found(director, control("Mr John Almond"))) == 2
    assert len(found(director, control("Mr John P Almond"))) == 2
    assert len(found(officer("ALMOND, J", birth_key="k1"), control("Mr J Almond"))) == 2


def test_without_any_birth_key_the_same_name_needs_an_id_or_a_postcode() -> None:
    here, there = PersonalAddress(town="Ely", postcode_key="p1"), PersonalAddress(town="Ely", postcode_key="p2")
    one = officer("ALMOND, John", officer_id="o1", address=here)
    assert len(found(one, officer("ALMOND, John", "cic-manager", officer_id="o1", address=there))) == 1
    assert len(found(one, officer("ALMOND, John", officer_id="o2", address=here))) == 1
    assert len(found(one, control("Mr John Almond", address=here))) == 1
    assert len(found(one, control("Mr John Almond", address=there))) == 2
    assert len(found(one, control("Mr J Almond", address=here))) == 2
    assert len(found(officer("ALMOND, John"), control("Mr John Almond"))) == 2
    no_postcode = PersonalAddress(town="Ely")
    assert len(found(officer("ALMOND, John", address=no_postcode), control("Mr John Almond", address=no_postcode))) == 2


def test_one_officer_id_joins_a_changed_surname_but_not_another_given_name() -> None:
    (person,) = found(
        officer("ALMOND, Anne", resigned_on=date(2018, 1, 1), officer_id="o1", birth_key="k1"),
        officer("QUILLFEATHER, Anne", officer_id="o1", birth_key="k1"),
    )
    assert person.name.full == "Anne Quillfeather"
    assert said(person) == ["is-current-director", "was-director"]
    assert len(found(officer("ALMOND, Anne", officer_id="o1"), officer("ALMOND, Peter", officer_id="o1"))) == 2


def test_several_officer_ids_of_one_human_are_one() -> None:
    assert len(found(*(officer("ALMOND, Anne", birth_key="k1", officer_id=f"o{place}") for place in range(4)))) == 1


def test_father_and_son_by_name_stay_two() -> None:
    assert len(found(officer("ALMOND, John Sr", birth_key="k1"), officer("ALMOND, John Jr", birth_key="k1"))) == 2


def test_the_same_claim_twice_changes_nothing() -> None:
    claim = officer("ALMOND, John")
    assert found(claim, claim, claim) == found(claim)


def test_the_name_keeps_its_owners_capitals_and_accents() -> None:
    (person,) = found(
        officer("MACHADO-MACDONALD, Ines Flora", birth_key="k1"),
        control("Ms Inés Machado-Macdonald", forename="Inés", surname="Machado-Macdonald", birth_key="k1"),
    )
    assert person.name.full == "Ines Flora Machado-Macdonald"
    (person,) = found(officer("MULLER, Jorg", birth_key="k1"), control("Mr Jörg Müller", birth_key="k1"))
    assert person.name.full == "Jörg Müller"


# --- who decides ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", DECIDE.split())
def test_roles_that_decide(role: str) -> None:
    (person,) = found(officer("ALMOND, Anne", role))
    assert said(person) == [f"is-current-{role}"]
    assert found(officer("ALMOND, Anne", f"corporate-{role}", birth_key="k1")) == ()


@pytest.mark.parametrize("role", [*DO_NOT.split(), ""])
def test_roles_that_do_not_decide_are_evidence_only(role: str) -> None:
    assert found(officer("ALMOND, Anne", role, birth_key="k1")) == ()
    (person,) = found(officer("ALMOND, Anne", role), officer("ALMOND, Anne", birth_key="k1"))
    assert [held.role for held in person.roles] == ["director"]
    assert said(person) == ["is-current-director", f"is-current-{role}"]


def test_a_resigned_director_is_gone_and_a_future_resignation_is_not_yet() -> None:
    assert found(officer("ALMOND, Anne", resigned_on=date(2026, 1, 31))) == ()
    assert found(officer("ALMOND, Anne", resigned_on=date(2020, 1, 1))) == ()
    assert len(found(officer("ALMOND, Anne", resigned_on=date(2026, 2, 1)))) == 1


def test_the_day_is_that_of_utc() -> None:
    claim = officer("ALMOND, Anne", resigned_on=date(2026, 2, 1))
    east = timezone(timedelta(hours=5))
    assert len(found(claim, now=datetime(2026, 2, 1, 1, 0, tzinfo=east))) == 1
    assert found(claim, now=datetime(2026, 2, 1, 6, 0, tzinfo=east)) == ()


def test_owners_are_executives_while_they_own() -> None:
    (person,) = found(control("Mr Uriah Quillfeather"))
    assert person.roles == (Role(role="person-with-significant-control", since=date(2016, 4, 6)),)
    assert len(found(control("Mr Uriah Quillfeather", control_kind="individual-beneficial-owner"))) == 1
    assert found(control("Mr Uriah Quillfeather", ceased=True)) == ()
    assert found(control("Mr Uriah Quillfeather", ceased_on=date(2026, 1, 31))) == ()
    assert len(found(control("Mr Uriah Quillfeather", ceased_on=date(2026, 2, 1)))) == 1


def test_a_resigned_director_who_still_owns_has_that_role_only() -> None:
    (person,) = found(
        officer("ALMOND, Anne", resigned_on=date(2020, 1, 1), birth_key="k1"), control("Ms Anne Almond", birth_key="k1")
    )
    assert [role.role for role in person.roles] == ["person-with-significant-control"]
    assert said(person) == ["is-person-with-significant-control", "was-director"]


def test_a_former_owner_who_still_directs_keeps_the_evidence() -> None:
    (person,) = found(officer("ALMOND, Anne", birth_key="k1"), control("Ms Anne Almond", birth_key="k1", ceased=True))
    assert [role.role for role in person.roles] == ["director"]
    assert said(person) == ["is-current-director", "was-person-with-significant-control"]


def test_bodies_super_secure_and_unsure_entries_are_not_named() -> None:
    assert (
        found(
            officer("ACME NOMINEES LIMITED"),
            officer("LIMITED, Acme Nominees", birth_key="k1"),
            officer("ALMOND, Anne", registration="01234567"),
            officer("ALMOND, Carol", registration=""),
            officer("ALMOND, Bertha", identification_type="uk-limited-company"),
            officer("SUHARDI"),
            officer("ANNE ALMOND"),
            officer(""),
            control(None),
            control(None, surname="Almond"),
            control("Mr John Almond", control_kind="super-secure-person-with-significant-control"),
            control("Almond Holdings Limited", control_kind="corporate-entity-person-with-significant-control"),
            control("The Crown", control_kind="legal-person-person-with-significant-control"),
            control("Mr John Almond", control_kind="a-kind-of-tomorrow"),
            control("Acme Trustees"),
            control("Mr John Almond", registration="123"),
        )
        == ()
    )


def test_another_companys_claims_name_nobody_here() -> None:
    other = CompanyNumber("09990002")
    assert found(officer("ALMOND, Anne", company=other), control("Ms Anne Almond", company=other)) == ()
    assert found(officer("ALMOND, Anne"), number=None) == ()


@pytest.mark.parametrize("status", ["dissolved", "converted-closed", "closed"])
def test_nobody_decides_in_a_closed_company(status: str) -> None:
    profile = CompanyProfile(provenance=stamp("register.profile"), number=NUMBER, status=status)
    assert found(profile, officer("ALMOND, Anne", birth_key="k1"), control("Ms Anne Almond", birth_key="k1")) == ()
    assert len(found(evolve(profile, status="liquidation"), officer("ALMOND, Anne"))) == 1


# --- roles and order --------------------------------------------------------------------------------------


def appointments(*dates: tuple[date | None, date | None, date | None]) -> Role:
    (person,) = found(
        *(
            officer("ALMOND, Anne", birth_key="k1", appointed_on=on, appointed_before=before, resigned_on=resigned)
            for on, before, resigned in dates
        )
    )
    (role,) = person.roles
    assert said(person).count("is-current-director") == 1
    return role


def test_several_appointments_of_one_role_are_one_role_since_the_earliest_current() -> None:
    early, middle, late = date(2001, 1, 1), date(2010, 1, 1), date(2020, 1, 1)
    assert appointments((late, None, None), (middle, None, None), (early, None, middle)).since == middle
    assert appointments((None, None, None), (late, None, None)) == Role(role="director", since=late)
    assert appointments((None, None, None)) == Role(role="director")


def test_appointments_of_before_1992() -> None:
    pre = date(1991, 5, 1)
    assert appointments((None, pre, None)) == Role(role="director", before=pre)
    assert appointments((None, pre, None), (date(2001, 1, 1), None, None)) == Role(role="director", before=pre)
    assert appointments((None, pre, None), (date(1985, 1, 1), None, None)) == Role(
        role="director", since=date(1985, 1, 1)
    )


def test_order_is_directors_by_seniority_then_offices_then_owners_then_names() -> None:
    assert names(
        control("Ms Wilma Owner", notified_on=date(1990, 1, 1)),
        officer("ABEL, Undated", appointed_on=None),
        officer("ABEL, Young", appointed_on=date(2020, 1, 1)),
        officer("ZETA, Old", appointed_on=date(2000, 1, 1)),
        officer("YOUNGER, Old", appointed_on=date(2000, 1, 1)),
        officer("OLDEST, Prior", appointed_on=None, appointed_before=date(1991, 1, 1)),
        officer("MEMBER, First", "llp-designated-member", appointed_on=date(1998, 1, 1)),
    ) == ["Prior Oldest", "Old Younger", "Old Zeta", "Young Abel", "Undated Abel", "First Member", "Wilma Owner"]
