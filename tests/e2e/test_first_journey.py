"""The main job on answers of the real register: from a CSV of UK companies to verified directors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.kit import Home
from tests.replay.companies import company_name
from tests.replay.fixtures import MakeRegister
from tests.replay.people import person
from tests.replay.running import RegisterThread

REAL = "09370755"


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    return Home.at(tmp_path, register)


def test_the_real_company_becomes_the_right_lead(home: Home, register: RegisterThread) -> None:
    """Its active director and its PSC are one person, found once, with both claims as evidence."""
    home.write([REAL])
    done = home.run()
    assert done.code == 0, done.err
    (lead,) = home.leads()
    assert lead["company"]["number"] == REAL
    assert lead["company"]["name"] == "NES ITALIA LTD"
    assert (lead["company"]["status"], lead["company"]["type"]) == ("active", "ltd")
    assert lead["company"]["incorporated_on"] == "2014-12-31"
    assert lead["company"]["sic_codes"] == ["26400", "46520"]
    assert lead["company"]["address"]["postal_code"] == "M4 1BF"
    (person,) = lead["executives"]
    assert person["name"] == {"full": "Uriel Perugia", "given": "Uriel", "family": "Perugia"}
    assert {role["role"]: role["since"] for role in person["roles"]} == {
        "director": "2014-12-31",
        "person-with-significant-control": "2016-04-06",
    }
    assert sorted(link["source"] for link in person["evidence"]) == ["companies-house.officers", "companies-house.psc"]
    assert all(link["strength"] == "authoritative" for link in person["evidence"])
    assert {name: outcome["state"] for name, outcome in lead["outcomes"].items()} == {
        "companies-house.profile": "found",
        "companies-house.officers": "found",
        "companies-house.psc": "found",
    }
    assert home.rejects() == []
    assert register.control.count() == 3
    assert register.violations == []


def test_an_unknown_number_costs_one_call_and_is_absent(home: Home, register: RegisterThread) -> None:
    home.write(["99000001"])
    done = home.run()
    assert done.code == 0, done.err
    (reject,) = home.rejects()
    assert (reject["rows"], reject["state"], reject["cause"]) == ([2], "absent", None)
    assert reject["input"] == {"company_number": "99000001"}
    assert home.leads() == []
    assert register.control.count() == 1


def test_a_name_becomes_a_lead_or_candidates(home: Home, register: RegisterThread) -> None:
    number = "12345678"
    home.write([f'"{company_name(number)}"', "TWINS", "NOHIT"], header="name")
    done = home.run()
    assert done.code == 1, done.err
    (lead,) = home.leads()
    assert lead["company"]["number"] == number
    assert lead["outcomes"]["companies-house.search"]["state"] == "found"
    twins, nohit = home.rejects()
    assert (twins["state"], twins["cause"]) == ("ambiguous", "ambiguous")
    assert len(twins["candidates"]) >= 3
    assert all(candidate["number"] and candidate["postcode"] for candidate in twins["candidates"])
    assert (nohit["state"], nohit["candidates"]) == ("absent", [])
    assert register.violations == []


def test_a_bearer_token_takes_the_same_path(home: Home, register: RegisterThread) -> None:
    home.write([REAL])
    env = {"LEADGEN_COMPANIES_HOUSE__API_KEY": register.token, "LEADGEN_COMPANIES_HOUSE__AUTH": "bearer"}
    assert home.run(env=env).code == 0
    assert len(home.leads()) == 1


def test_two_hundred_companies_arrive_in_input_order(home: Home, register: RegisterThread) -> None:
    numbers = [f"{place * 37 % 1000 + 1:08d}" for place in range(200)]
    home.write(numbers)
    done = home.run()
    assert done.code == 0, done.err
    leads = home.leads()
    assert [lead["company"]["number"] for lead in leads] == numbers
    assert [lead["input"]["rows"] for lead in leads] == [[place + 2] for place in range(200)]
    for lead in leads:
        (executive,) = lead["executives"]
        true = person(lead["company"]["number"])
        assert executive["name"]["family"].casefold() == true.surname.casefold()
        assert executive["name"]["given"].casefold().startswith(str(true.forename).casefold())
        assert len(executive["evidence"]) == 2
    assert register.control.refused == 0
    assert register.control.count() == 600


def test_the_quota_is_kept_over_several_windows(tmp_path: Path, make_register: MakeRegister) -> None:
    register = make_register(limit=40, window=1.0)
    home = Home.at(tmp_path, register)
    home.write([f"{place:08d}" for place in range(1, 41)])
    done = home.run()
    assert done.code == 0, done.err
    assert len(home.leads()) == 40
    assert register.control.count() == 120
    assert register.control.refused == 0
