"""What stands in the world could stand in the register: its words, its numbers, its dates; and nobody is real."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from leadgen_sandbox.world import TODAY, full_name
from leadgen_sandbox.world.words import TRADES

from leadgen_core import CompanyNumber
from leadgen_core.contracts.world import Body, Human, WorldCompany
from plugins.sandbox.tests.sandbox_world_kit import entries, enumeration, humans, made, register_data

_ID = re.compile(r"[A-Za-z0-9_-]{27}")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9]{1,2}[A-Z]? [0-9][A-Z]{2}")


@pytest.fixture(scope="module", params=["clean", "realistic"])
def companies(request: pytest.FixtureRequest) -> list[WorldCompany]:
    return list(made(profile=request.param).world.companies())


def test_every_word_is_one_of_the_registers(companies: list[WorldCompany]) -> None:
    constants = "constants.yml"
    roles, codes = enumeration(constants, "officer_role"), enumeration(constants, "sic_descriptions")
    natures = enumeration("psc_descriptions.yml", "description")
    statements = enumeration("psc_descriptions.yml", "statement_description")
    # The register has no status of some charities and societies (companies-house.md §1.6).
    assert {c.status for c in companies} <= enumeration(constants, "company_status") | {""}
    assert {c.status_detail for c in companies} <= enumeration(constants, "company_status_detail") | {None}
    assert {c.type for c in companies} <= enumeration(constants, "company_type")
    assert {c.subtype for c in companies} <= enumeration(constants, "company_subtype") | {None}
    assert {c.jurisdiction for c in companies} <= enumeration(constants, "jurisdiction")
    assert {c.accounts.type for c in companies} <= enumeration(constants, "account_type")
    assert {code for c in companies for code in c.sic_codes} <= codes
    assert {code for c in companies for code in c.statements} <= statements
    assert {entry.role for c in companies for entry in c.appointments} <= roles
    assert {code for c in companies for entry in c.controls for code in entry.natures} <= natures
    bodies = [entry.who for c in companies for entry in entries(c) if isinstance(entry.who, Body)]
    assert {body.identification_type for body in bodies} <= enumeration(constants, "identification_type") | {None}


def test_every_trade_has_a_code_of_the_registers() -> None:
    assert {trade.sic for trade in TRADES.items} <= enumeration("constants.yml", "sic_descriptions")


def test_kinds_of_control_go_with_who_has_it(companies: list[WorldCompany]) -> None:
    for company in companies:
        for control in company.controls:
            if control.kind.startswith("super-secure-"):
                assert control.who is None
                assert control.notified_on is None
                assert control.natures == ()
            elif control.kind.startswith("individual-"):
                assert isinstance(control.who, Human)
                assert control.natures
            else:
                assert control.kind.startswith(("corporate-entity-", "legal-person-"))
                assert isinstance(control.who, Body)


def test_roles_go_with_who_has_them(companies: list[WorldCompany]) -> None:
    for company in companies:
        for entry in company.appointments:
            assert not (entry.role.startswith("corporate-") and isinstance(entry.who, Human))
            if entry.role == "secretary" and isinstance(entry.who, Human):
                assert entry.who.born is None
                assert entry.who.residence is None
            assert (entry.appointed_on is None) != (entry.appointed_before is None)


def test_numbers_and_ids_are_canonical_and_unique(companies: list[WorldCompany]) -> None:
    numbers = [company.number for company in companies]

    assert len(set(numbers)) == len(numbers)
    assert all(str(CompanyNumber.parse(number)) == number for number in numbers)
    ids = [entry.id for company in companies for entry in entries(company)]
    officers = {entry.officer for company in companies for entry in company.appointments}
    assert len(set(ids)) == len(ids)
    assert all(_ID.fullmatch(one) for one in [*ids, *officers])


def test_dates_are_in_order(companies: list[WorldCompany]) -> None:
    for company in companies:
        if company.trap:
            continue
        born, ended = company.incorporated_on, company.ceased_on
        assert born is None or (born <= TODAY and (ended is None or born <= ended <= TODAY))
        for entry in company.appointments:
            begun = entry.appointed_on or entry.appointed_before
            assert begun is not None
            assert entry.appointed_before is not None or born is None or begun >= born
            assert entry.resigned_on is None or begun <= entry.resigned_on <= TODAY
        for name, begin, until in company.previous_names:
            assert name
            assert born is not None
            assert born <= begin <= until <= TODAY
        made_up = company.accounts.made_up_to
        assert made_up is None or (born is not None and born < made_up <= TODAY)


def test_humans_are_of_an_age(companies: list[WorldCompany]) -> None:
    for company in companies:
        if company.trap:
            continue
        for entry in company.appointments:
            if isinstance(entry.who, Human) and entry.who.born and entry.appointed_on:
                assert 15 <= entry.appointed_on.year - entry.who.born[0] <= 95
                assert TODAY.year - entry.who.born[0] <= 97
        for human in humans(company):
            assert human.surname
            assert human.verified_on is None or date(2025, 4, 8) <= human.verified_on <= TODAY


def test_postcodes_have_the_form(companies: list[WorldCompany]) -> None:
    for company in companies:
        places = [company.address, *(entry.who.address for entry in entries(company) if entry.who is not None)]
        for place in places:
            assert place is None or place.postal_code is None or _POSTCODE.fullmatch(place.postal_code)


def test_names_are_in_capitals_and_mostly_their_own(companies: list[WorldCompany]) -> None:
    names = [company.name for company in companies]

    assert all(name == name.upper() and name for name in names)
    assert 0 < len(names) - len(set(names)) < len(names) * 0.02  # namesakes there are, and few


def test_sites_are_nobodys_and_handles_somebodys(companies: list[WorldCompany]) -> None:
    del companies
    for profile in ("clean", "realistic"):
        world = made(profile=profile).world
        for provider in ("website", "x", "linkedin", "facebook"):
            owners: dict[str, set[str | None]] = {}
            for company, presence in world.presences(provider):
                assert presence.provider == provider
                assert presence.owner is None if company is None else presence in company.presences
                owners.setdefault(presence.handle, set()).add(presence.owner)
                json.dumps(presence.facts)
                if provider == "website":
                    assert presence.handle.endswith(".example")  # RFC 2606
                    assert len(presence.handle.removesuffix(".example").removeprefix("www.")) <= 63
                if provider == "x":
                    assert re.fullmatch(r"[A-Za-z0-9_]{1,15}", presence.handle)
            assert owners
            assert all(len(owner) == 1 for owner in owners.values())
            for handle_owners in owners.values():
                for owner in handle_owners - {None}:
                    assert owner is not None
                    assert world.company(owner) is not None


def test_nobody_recorded_is_in_the_world() -> None:
    """None of the companies and people of the recorded answers, by name."""
    companies: set[str] = set()
    people: set[str] = set()
    for path in register_data("recorded").glob("*.json"):
        body = json.loads(path.read_text("utf-8"))["content"].get("json") or {}
        companies.add(body.get("company_name", ""))
        for item in body.get("items", ()):
            companies.add(item.get("title", ""))
            if "officer_role" in item:
                surname, _, given = item["name"].partition(", ")
                people.add(f"{given} {surname}".casefold())
            elif elements := item.get("name_elements"):
                people.add(f"{elements['forename']} {elements['surname']}".casefold())
    assert len(companies) > 100
    assert people
    for company in made(1, 3_000, "realistic").world.companies():
        assert company.name not in companies - {""}
        for human in humans(company):
            assert full_name(human).casefold() not in people
