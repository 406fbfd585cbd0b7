"""Against data of others: the labelled names, and answers that the real register gave."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from leadgen_identity.kind import Kind, kind_of_name
from leadgen_identity.people import executives

from leadgen_core import Case, CompanyNumber, OfficerAppointment, Provenance, SignificantControl

NOW = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)


def shared(*parts: str) -> Path:
    """A path in the folder of data that stands beside a checkout, or a skip with the reason."""
    named = os.environ.get("LEADGEN_SHARED")
    folders = [Path(named)] if named else [parent / "shared" for parent in Path(__file__).resolve().parents]
    for folder in folders:
        path = folder.joinpath("data", *parts)
        if path.exists():
            return path
    pytest.skip(f"{'/'.join(parts)} is not beside this checkout; LEADGEN_SHARED can name the folder")


def kinds(path: Path, column: str, label: str | None = None) -> Counter[Kind]:
    with path.open(encoding="utf-8", newline="") as lines:
        return Counter(
            kind_of_name(row[column]) for row in csv.DictReader(lines) if label is None or row["label"] == label
        )


def share(count: Counter[Kind], kind: Kind) -> float:
    return count[kind] / count.total()


def test_business_and_person_by_name_alone() -> None:
    """Floors below what was reached, so that a change that costs much is seen; see the README for the figures."""
    labelled = shared("quality", "names", "probablepeople_labelled.csv")
    organisations = kinds(shared("quality", "names", "uk_organisations.dev.csv"), "name")
    businesses = kinds(labelled, "name", "business") + organisations
    people = kinds(labelled, "name", "person")
    assert (businesses.total(), people.total()) == (3056, 2114)
    assert share(organisations, Kind.PERSON) <= 0.03
    assert share(businesses, Kind.PERSON) <= 0.05
    assert share(people, Kind.PERSON) >= 0.95
    assert share(businesses, Kind.UNSURE) <= 0.05
    assert share(people, Kind.UNSURE) <= 0.05


def test_historical_people_are_people() -> None:
    path = shared("quality", "people", "historical_uk_pairs.dev.csv")
    people = kinds(path, "name1") + kinds(path, "name2")
    assert share(people, Kind.PERSON) >= 0.96


def recorded(name: str) -> tuple[list[dict[str, Any]], str]:
    answer = json.loads(shared("companies-house", "recorded", name).read_text(encoding="utf-8"))
    return answer["content"]["json"]["items"], answer["url"]


def birth_key(item: dict[str, Any]) -> str:
    born = item["date_of_birth"]
    return f"key of {born['year']}-{born['month']}"


def test_the_recorded_company_has_one_executive_with_two_links() -> None:
    number = CompanyNumber("09370755")
    officers, officers_url = recorded(
        "company_09370755_officers__order_by-appointed_on_start_index-0_items_per_page-200.json"
    )
    owners, owners_url = recorded(
        "company_09370755_persons-with-significant-control__items_per_page-25_start_index-0_register_view-false.json"
    )
    claims = (
        *(
            SignificantControl(
                provenance=Provenance("companies-house.psc", owners_url, NOW),
                company=number,
                control_kind=item["kind"],
                name=item["name"],
                title=item["name_elements"].get("title"),
                forename=item["name_elements"].get("forename"),
                surname=item["name_elements"].get("surname"),
                notified_on=date.fromisoformat(item["notified_on"]),
                ceased=item["ceased"],
                birth_key=birth_key(item),
            )
            for item in owners
        ),
        *(
            OfficerAppointment(
                provenance=Provenance("companies-house.officers", officers_url, NOW),
                company=number,
                name=item["name"],
                role=item["officer_role"],
                appointed_on=date.fromisoformat(item["appointed_on"]),
                officer_id=item["links"]["officer"]["appointments"],
                birth_key=birth_key(item),
            )
            for item in officers
        ),
    )
    (person,) = executives(Case(number=number, claims=claims, outcomes={}, now=NOW))
    listed = officers[0]["name"]
    assert person.name.full == owners[0]["name"].removeprefix("Mr ")
    assert person.name.family != listed.partition(",")[0]
    assert [role.role for role in person.roles] == ["director", "person-with-significant-control"]
    assert [str(role.since) for role in person.roles] == [officers[0]["appointed_on"], owners[0]["notified_on"]]
    assert [(link.claim, link.source) for link in person.evidence] == [
        ("is-current-director", "companies-house.officers"),
        ("is-person-with-significant-control", "companies-house.psc"),
    ]
