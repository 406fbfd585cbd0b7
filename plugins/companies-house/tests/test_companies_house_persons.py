"""Names, roles, bodies, ends and identities of officers and PSCs (companies-house.md §1.10-1.11); invented bodies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from leadgen_companies_house import companies, people
from leadgen_companies_house.reading import Unreadable
from leadgen_companies_house.redact import redact

from leadgen_core import CompanyNumber, OfficerAppointment, Provenance, SignificantControl

NUMBER = CompanyNumber("01234567")
PROVENANCE = Provenance("companies-house.profile", "https://api.example/x", datetime(2026, 1, 30, tzinfo=UTC))
TODAY = date(2026, 1, 30)


def _officer(**members: Any) -> OfficerAppointment:
    item = {"name": "BRAMBLE, Ada", "officer_role": "director", **members}
    listing = people.officers(redact("officers", {"items": [item]}, str), NUMBER, PROVENANCE, TODAY)
    if listing.unreadable:
        raise Unreadable(listing.unreadable[0])
    return listing.rows[0].value


def _control(**members: Any) -> SignificantControl:
    item = {"kind": "individual-person-with-significant-control", "name": "Ms Ada Bramble", **members}
    listing = people.psc(redact("psc", {"items": [item]}, str), NUMBER, PROVENANCE, TODAY)
    if listing.unreadable:
        raise Unreadable(listing.unreadable[0])
    return listing.rows[0].value


# --- officers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "BRAMBLE, Ada",
        "BRAMBLE, Ada Mary, Dr",
        "BRAMBLE",
        "O'BRAMBLE-SMITH, Ada",
        "BRAMBLE HOLDINGS LIMITED",
        "ŁĄKA, Żaneta",
    ],
)
def test_an_officer_s_name_stands_as_the_register_writes_it(name: str) -> None:
    assert _officer(name=name).name == name


def test_an_officer_with_next_to_nothing() -> None:
    officer = _officer()

    assert officer == OfficerAppointment(provenance=PROVENANCE, company=NUMBER, name="BRAMBLE, Ada", role="director")
    assert officer == _officer(
        address=None, date_of_birth=None, links=None, identification=None, resigned_on=None, appointed_on=None,
        identity_verification_details=None,
    )  # fmt: skip
    assert officer.fulfils()


def test_the_ids_of_an_officer() -> None:
    links = {
        "self": "/company/01234567/appointments/aPp-0_9",
        "officer": {"appointments": "/officers/oFf-1_2/appointments"},
    }
    officer = _officer(links=links)

    assert (officer.appointment, officer.officer_id) == ("aPp-0_9", "oFf-1_2")
    assert _officer(links={"officer": {"appointments": "/officers//appointments"}}).officer_id is None
    assert _officer(links={"officer": {"appointments": "/elsewhere/x/appointments"}}).officer_id is None
    assert _officer(links={"officer": None}).officer_id is None


def test_a_resigned_officer_is_evidence_with_the_day() -> None:
    officer = _officer(resigned_on="2019-01-25")

    assert officer.resigned_on == date(2019, 1, 25)
    assert not officer.fulfils()


@pytest.mark.parametrize("resigned", ["Unknown", "25/01/2019", True, 2019, {"year": 2019}, []])
def test_an_unreadable_resignation_never_makes_a_current_officer(resigned: object) -> None:
    with pytest.raises(Unreadable, match="resigned_on"):
        _officer(resigned_on=resigned)


def test_appointments_before_1992() -> None:
    officer = _officer(is_pre_1992_appointment=True, appointed_before="1991-06-07")
    assert (officer.appointed_on, officer.appointed_before) == (None, date(1991, 6, 7))
    assert _officer(is_pre_1992_appointment="true").appointed_before == date(1992, 1, 1)
    later = _officer(is_pre_1992_appointment=False, appointed_on="2015-06-01")
    assert (later.appointed_on, later.appointed_before) == (date(2015, 6, 1), None)


@pytest.mark.parametrize("role", ["corporate-director", "corporate-manager-of-an-eeig", "corporate-anything"])
def test_a_corporate_role_is_a_body_s(role: str) -> None:
    assert not _officer(name="THICKET NOMINEES LIMITED", officer_role=role).fulfils()


@pytest.mark.parametrize(
    ("identification", "registration", "kind"),
    [
        (
            {"identification_type": "uk-limited-company", "registration_number": "Sc095000"},
            "Sc095000",
            "uk-limited-company",
        ),
        ({"identification_type": "non-eea", "registration_number": 95000}, "95000", "non-eea"),
        ({"identification_type": "eea", "registration_number": None}, "", "eea"),
        ({"legal_form": "Stiftung"}, "", None),
        ({}, "", None),
        ("garbled", "", None),
    ],
)
def test_any_identification_marks_a_company_under_a_personal_role(
    identification: object, registration: str, kind: str | None
) -> None:
    officer = _officer(name="THICKET NOMINEES LIMITED", officer_role="director", identification=identification)

    assert (officer.registration, officer.identification_type) == (registration, kind)
    assert not officer.fulfils()


@pytest.mark.parametrize("role", ["secretary", "llp-member", "managing-officer", "role-of-tomorrow"])
def test_a_personal_role_without_birth_or_country_is_still_a_claim(role: str) -> None:
    officer = _officer(officer_role=role)

    assert (officer.role, officer.birth_key) == (role, None)
    assert officer.fulfils()


def test_several_ids_of_one_human_keep_apart_and_join_by_birth() -> None:
    first, second = (
        _officer(
            name=name,
            date_of_birth={"month": month, "year": 1931},
            links={"officer": {"appointments": f"/officers/{id_}/appointments"}},
        )
        for id_, name, month in (("one", "BRAMBLE, Ada", 2), ("two", "BRAMBLE, Ada Mary", "02"))
    )

    assert (first.officer_id, second.officer_id) == ("one", "two")
    assert first.birth_key == second.birth_key == "1931-02"


@pytest.mark.parametrize(
    "wrong", [{"name": None}, {"name": ""}, {"name": {}}, {"officer_role": None}, {"officer_role": []}]
)
def test_an_officer_without_name_or_role_is_unreadable(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=r"items\[0\] has no readable " + next(iter(wrong))):
        _officer(**wrong)


START, END = "appointment_verification_start_on", "appointment_verification_end_on"


@pytest.mark.parametrize(
    ("details", "verified"),
    [
        (None, None),
        ({START: "2026-01-02"}, True),
        ({START: "2026-01-02", END: None}, True),
        ({START: "2026-01-02", END: "9999-12-31"}, True),
        ({START: "2026-01-02", END: "2026-01-31"}, True),
        ({START: "2026-01-02", END: "2026-01-30"}, False),
        ({START: "2026-01-02", END: "2026-01-12"}, False),
        ({START: "2026-01-02", END: "Unknown"}, False),
        ({START: "Unknown"}, False),
        ({"appointment_verification_statement_date": "2026-01-01"}, False),
        ({"identity_verified_on": "2026-01-01"}, False),
    ],
)
def test_an_identity_is_verified_by_a_start_without_an_end(details: object, verified: bool | None) -> None:
    assert _officer(identity_verification_details=details).identity_verified is verified
    assert _control(identity_verification_details=details).identity_verified is verified


# --- persons with significant control ---------------------------------------------------------------------


def test_a_person_with_significant_control() -> None:
    control = _control(
        name_elements={"title": "Ms", "forename": "Ada", "middle_name": "Mary", "surname": "Bramble"},
        notified_on="2016-04-06",
        ceased=False,
        natures_of_control=["ownership-of-shares-75-to-100-percent", "nature-of-tomorrow"],
        links={"self": "/company/01234567/persons-with-significant-control/individual/nOt-3_4"},
        date_of_birth={"month": "2", "year": "1931"},
    )

    assert (control.title, control.forename, control.middle_name, control.surname) == ("Ms", "Ada", "Mary", "Bramble")
    assert control.notified_on == date(2016, 4, 6)
    assert control.natures == ("ownership-of-shares-75-to-100-percent", "nature-of-tomorrow")
    assert (control.notification, control.birth_key) == ("nOt-3_4", "1931-02")
    assert control.fulfils()


def test_both_spellings_of_further_forenames() -> None:
    assert _control(name_elements={"other_forenames": "Mary"}).middle_name == "Mary"
    assert _control(name_elements={"middle_name": "Mary", "other_forenames": None}).middle_name == "Mary"
    assert _control(name_elements=None).middle_name is None


def test_a_missing_name_is_made_of_its_elements() -> None:
    assert (
        _control(name=None, name_elements={"title": "Ms", "forename": "Ada", "surname": "Bramble"}).name
        == "Ms Ada Bramble"
    )
    with pytest.raises(Unreadable, match=r"items\[0\] has no readable name"):
        _control(name=None, name_elements=None)
    with pytest.raises(Unreadable, match=r"items\[0\] has no readable kind"):
        _control(kind=None)


@pytest.mark.parametrize("kind", ["super-secure-person-with-significant-control", "super-secure-beneficial-owner"])
def test_a_super_secure_entry_is_kept_and_shows_nothing(kind: str) -> None:
    control = _control(
        kind=kind, name="Ms Ada Bramble", ceased="0", notified_on="2023-11-20T08:47:45.378Z",
        name_elements={"surname": "Bramble"}, address={"locality": "Neasden", "postal_code": "XX1 1XX"},
        date_of_birth={"month": 2, "year": 1931}, links={"self": "/company/01234567/x/super-secure/nOt"},
    )  # fmt: skip

    assert control == SignificantControl(
        provenance=PROVENANCE, company=NUMBER, control_kind=kind, notified_on=date(2023, 11, 20), notification="nOt"
    )
    assert not control.fulfils()


@pytest.mark.parametrize(
    ("kind", "fulfils"),
    [
        ("individual-person-with-significant-control", True),
        ("individual-beneficial-owner", True),
        ("corporate-entity-person-with-significant-control", False),
        ("corporate-entity-beneficial-owner", False),
        ("legal-person-person-with-significant-control", False),
        ("legal-person-with-significant-control", False),
        ("legal-person-beneficial-owner", False),
        ("kind-of-tomorrow", False),
    ],
)
def test_every_kind_is_kept(kind: str, fulfils: bool) -> None:
    control = _control(kind=kind, identification={"registration_number": "Sc095000", "legal_form": "Limited"})

    assert (control.control_kind, control.registration) == (kind, "Sc095000")
    assert control.fulfils() is fulfils


@pytest.mark.parametrize(
    ("members", "ceased"),
    [
        ({}, False),
        ({"ceased": None, "ceased_on": None}, False),
        ({"ceased": "0"}, False),
        ({"ceased": "1"}, True),
        ({"ceased": True}, True),
        ({"ceased": 1}, True),
        ({"ceased_on": "2021-11-02T08:47:45"}, True),
        ({"ceased_on": "2026-01-30"}, True),
        ({"ceased_on": "9999-12-31"}, False),
        ({"ceased": True, "ceased_on": "9999-12-31"}, True),
        ({"ceased": False, "ceased_on": "2021-11-02"}, True),
        ({"ceased_on": "Unknown"}, True),
        ({"ceased_on": {"year": 2021}}, True),
    ],
)
def test_whether_control_has_ceased(members: dict[str, Any], ceased: bool) -> None:
    assert _control(**members).ceased is ceased


@pytest.mark.parametrize("ceased", ["perhaps", 2, {}, []])
def test_an_unreadable_end_of_control_is_unreadable(ceased: object) -> None:
    with pytest.raises(Unreadable, match="ceased"):
        _control(ceased=ceased)


# --- lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("items", [None, "x", {}, 0, False])
def test_a_list_that_is_none_is_unreadable(items: object) -> None:
    for operation, read in (("officers", people.officers), ("psc", people.psc)):
        with pytest.raises(Unreadable, match="items is no list"):
            read(redact(operation, {"items": items, "total_results": 3}, str), NUMBER, PROVENANCE, TODAY)
    with pytest.raises(Unreadable, match="items is no list"):
        companies.hits(redact("search", {"items": items}, str))


def test_a_list_that_says_it_is_empty_may_be_left_out() -> None:
    body = redact("officers", {"items": None, "total_results": 0, "etag": ""}, str)

    assert people.officers(body, NUMBER, PROVENANCE, TODAY).rows == ()


def test_one_unreadable_item_does_not_lose_the_others() -> None:
    items = [
        "x",
        {"name": "BRAMBLE, Ada", "officer_role": "director"},
        None,
        {"name": "SECRET NAME", "officer_role": {}},
    ]

    listing = people.officers(redact("officers", {"items": items}, str), NUMBER, PROVENANCE, TODAY)

    assert [row.value.name for row in listing.rows] == ["BRAMBLE, Ada"]
    assert listing.unreadable == (
        "items[0] is no object", "items[2] is no object", "items[3] has no readable officer_role",
    )  # fmt: skip
