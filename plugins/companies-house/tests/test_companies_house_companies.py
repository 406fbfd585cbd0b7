"""Single values, profiles and search hits (companies-house.md §1.6, §1.9): shapes, absences, nulls; invented bodies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from leadgen_companies_house import companies
from leadgen_companies_house.reading import Unreadable, count, day, flag, text
from leadgen_companies_house.redact import redact

from leadgen_core import CompanyNumber, CompanyProfile, PreviousName, Provenance

NUMBER = CompanyNumber("01234567")
PROVENANCE = Provenance("companies-house.profile", "https://api.example/x", datetime(2026, 1, 30, tzinfo=UTC))


def _profile(**members: Any) -> CompanyProfile:
    body = {"company_number": "01234567", **members}
    return companies.profile(redact("profile", body, str), NUMBER, PROVENANCE)


# --- single values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2011-10-31", date(2011, 10, 31)),
        (" 2011-10-31 ", date(2011, 10, 31)),
        ("2023-11-20T08:47:45.378Z", date(2023, 11, 20)),
        ("2021-11-02T08:47:45", date(2021, 11, 2)),
        ("9999-12-31", date(9999, 12, 31)),
        ("1083-01-01", date(1083, 1, 1)),
        ("Unknown", None),
        ("2014-02-30", None),
        ("0000-01-01", None),
        ("31/12/2014", None),
        ("2011-10-31x", None),
        ("٢٠١١-10-31", None),
        ("", None),
        (20141231, None),
        (None, None),
        ({}, None),
    ],
)
def test_days(value: object, expected: date | None) -> None:
    assert day(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        ("0", False),
        ("1", True),
        (0, False),
        (1, True),
        ("true", True),
        ("False", False),
        (None, None),
        ("yes", None),
        ("", None),
        (2, None),
        ([], None),
    ],
)
def test_flags(value: object, expected: bool | None) -> None:
    assert flag(value) is expected


def test_texts_and_counts() -> None:
    texts: list[object] = [" a ", 5, 0, "", "  ", True, 1.5, None, [], 10**5000]
    assert [text(value) for value in texts] == ["a", "5", "0", *[None] * 7]
    counts: list[object] = [3, "3", 0, -1, "-1", "x", True, None, 1.0, "9" * 5000]
    assert [count(value) for value in counts] == [3, 3, 0, *[None] * 7]


# --- profile ----------------------------------------------------------------------------------------------


def test_a_full_profile() -> None:
    profile = _profile(
        company_name="BRAMBLE LIMITED",
        company_status="active",
        company_status_detail="active-proposal-to-strike-off",
        type="ltd",
        jurisdiction="england-wales",
        date_of_creation="2001-02-03",
        date_of_cessation="2025-02-03",
        sic_codes=["62012", "7222", 9305],
        registered_office_address={"address_line_1": "4 Hedge Row", "locality": "Neasden", "region": None},
        previous_company_names=[{"name": "THICKET LTD", "effective_from": "2001-02-03", "ceased_on": "2004-05-06"}],
        accounts={"overdue": False, "last_accounts": {"type": "micro-entity", "made_up_to": "2024-12-31"}},
        confirmation_statement={"overdue": True},
        member_of_tomorrow={"x": 1},
    )

    assert profile.name == "BRAMBLE LIMITED"
    assert (profile.status, profile.status_detail) == ("active", "active-proposal-to-strike-off")
    assert (profile.incorporated_on, profile.ceased_on) == (date(2001, 2, 3), date(2025, 2, 3))
    assert profile.sic_codes == ("62012", "7222", "9305")
    assert profile.address is not None
    assert (profile.address.address_line_1, profile.address.locality, profile.address.region) == (
        "4 Hedge Row", "Neasden", None,
    )  # fmt: skip
    assert profile.previous_names == (PreviousName("THICKET LTD", date(2001, 2, 3), date(2004, 5, 6)),)
    assert (profile.accounts_type, profile.accounts_made_up_to) == ("micro-entity", date(2024, 12, 31))
    assert (profile.accounts_overdue, profile.confirmation_overdue) == (False, True)


ALL_NULL = dict.fromkeys(
    (
        "company_name", "company_status", "company_status_detail", "type", "jurisdiction", "date_of_creation",
        "date_of_cessation", "sic_codes", "registered_office_address", "previous_company_names", "accounts",
        "confirmation_statement", "annual_return", "links",
    )
)  # fmt: skip


def test_absent_members_and_nulls_are_alike() -> None:
    assert _profile(**ALL_NULL) == _profile()
    assert _profile() == CompanyProfile(provenance=PROVENANCE, number=NUMBER)
    nulls = {"overdue": None, "last_accounts": None, "next_accounts": None, "accounting_reference_date": None}
    assert _profile(accounts=nulls) == _profile(accounts={}) == _profile()


def test_the_wrapped_form_is_unwrapped() -> None:
    inner = {"company_number": None, "company_name": "BRAMBLE LIMITED", "links": {"officers": "/x", "registers": None}}

    body = redact("profile", {"has_mortgage": False, "data": inner}, str)

    assert companies.profile(body, NUMBER, PROVENANCE).name == "BRAMBLE LIMITED"
    assert companies.has_link(body, "officers") is True


def test_accounts_oddities() -> None:
    never = _profile(accounts={"last_accounts": {"type": "null"}, "next_accounts": {"overdue": True}})
    assert (never.accounts_type, never.accounts_made_up_to, never.accounts_overdue) == ("null", None, True)
    old = _profile(accounts={"last_accounts": {"period_end_on": "2015-12-31"}}, annual_return={"overdue": True})
    assert (old.accounts_made_up_to, old.confirmation_overdue) == (date(2015, 12, 31), True)


def test_a_date_that_is_unknown_is_none() -> None:
    assert _profile(date_of_cessation="Unknown").ceased_on is None


def test_the_profile_is_that_of_the_number_asked_for() -> None:
    assert _profile(company_number="1234567").number == NUMBER
    assert _profile(company_number=1234567).number == NUMBER
    for other in ("01234568", "nonsense!", "123456789"):
        with pytest.raises(Unreadable, match="company_number"):
            _profile(company_number=other)


@pytest.mark.parametrize("body", [{}, {"errors": [{"type": "ch:service"}]}, {"links": []}, {"data": {}}, [], None, "x"])
def test_what_is_no_profile_is_said_to_be_none(body: Any) -> None:
    with pytest.raises(Unreadable):
        companies.profile(redact("profile", body, str), NUMBER, PROVENANCE)
    with pytest.raises(Unreadable):
        companies.profile(body, NUMBER, PROVENANCE)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ({"officers": "/company/01234567/officers"}, True),
        ({"officers": None}, False),
        ({}, False),
        (None, None),
        ("links", None),
    ],
)
def test_links_tell_what_there_is(links: object, expected: bool | None) -> None:
    body = redact("profile", {"company_number": "01234567", "links": links}, str)

    assert companies.has_link(body, "officers") is expected


# --- search ---------------------------------------------------------------------------------------------


def test_search_hits_with_the_register_s_quirks() -> None:
    items = [
        {
            "company_number": "CE000001",
            "title": "BRAMBLE TRUST",
            "address": {},
            "description_identifier": [None, "registered"],
            "date_of_cessation": "Unknown",
            "external_registration_number": "N/A",
        },
        {"company_number": "ip27215r", "title": "BRAMBLE SOCIETY", "address": None, "snippet": ""},
        {"company_number": "none at all", "title": "X"},
        {"company_number": "01234567"},
    ]

    listing = companies.hits(redact("search", {"items": items}, str))

    assert [
        (row.value.number.value, row.value.status, row.value.postcode, row.value.snippet) for row in listing.rows
    ] == [
        ("CE000001", None, None, None),
        ("IP27215R", None, None, None),
    ]
    assert listing.unreadable == ("items[2] has a company_number that is none", "items[3] has no readable title")
