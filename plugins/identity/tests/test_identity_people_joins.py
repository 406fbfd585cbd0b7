"""One human, once: joins within one company. All people are invented."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from leadgen_core import (
    PersonalAddress,
    Role,
    Strength,
)
from plugins.identity.tests.identity_kit import NOW, control, found, names, officer, said


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
