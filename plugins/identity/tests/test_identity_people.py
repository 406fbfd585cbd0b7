"""Who decides: roles, order and evidence. All people are invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from attrs import evolve

from leadgen_core import (
    CompanyNumber,
    CompanyProfile,
    Role,
)
from plugins.identity.tests.identity_kit import NUMBER, control, found, names, officer, said, stamp

DECIDE = "director llp-designated-member"


DO_NOT = """nominee-director managing-officer general-partner-in-a-limited-partnership member-of-a-management-organ
 member-of-a-supervisory-organ member-of-an-administrative-organ manager-of-an-eeig cic-manager
 secretary nominee-secretary llp-member limited-partner-in-a-limited-partnership judicial-factor
 receiver-and-manager person-authorised-to-represent a-role-of-tomorrow"""


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
