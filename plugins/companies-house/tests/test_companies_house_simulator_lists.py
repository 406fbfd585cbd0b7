"""The simulator's lists of appointments, control, statements and filings (companies-house.md §1.5, §1.10-1.12)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from leadgen_companies_house.simulator.answers import Answer, Form
from leadgen_companies_house.simulator.register import Register

from leadgen_core.contracts.world import World

Json = dict[str, Any]
Get = Callable[[str], Answer]


@pytest.fixture
def get(world: World) -> Get:
    return Register(world, lambda: 1769778862.0).answer


def _body(answer: Answer) -> Json:
    body: Json = json.loads(answer.body)
    return body


# --- the appointments of an officer -------------------------------------------------------------------------


def test_an_officer_has_appointments_in_several_companies(get: Get) -> None:
    body = _body(get("/officers/off-ada/appointments"))
    companies = [row["appointed_to"]["company_number"] for row in body["items"]]
    assert companies == ["09370001", "08000011", "01000002"]
    assert (body["active_count"], body["inactive_count"], body["resigned_count"]) == (2, 1, 0)
    assert (body["name"], body["is_corporate_officer"]) == ("Ada QUILL", False)
    assert body["date_of_birth"] == {"month": 4, "year": 1971}
    assert all("date_of_birth" not in row and "etag" not in row for row in body["items"])
    active = _body(get("/officers/off-ada/appointments?filter=active"))
    assert [row["appointed_to"]["company_number"] for row in active["items"]] == companies[:2]
    assert active["total_results"] == 2
    assert get("/officers/off-ada/appointments?filter=resigned").status == 400
    assert _body(get("/officers/off-argosy/appointments"))["is_corporate_officer"] is True
    assert _body(get("/officers/off-iona/appointments"))["items"][0]["name_elements"] == {
        "title": "Dr", "forename": "Iona", "other_forenames": "Mary Ann", "surname": "MAC LEOD", "honours": "OBE",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "told", "rows"),
    [("", 35, 35), ("?items_per_page=0", 35, 35), ("?items_per_page=-7", 7, 7), ("?items_per_page=51", 50, 50),
     ("?items_per_page=50&start_index=200", 50, 30)],
)  # fmt: skip
def test_a_page_of_appointments_has_fifty_at_most(get: Get, query: str, told: int, rows: int) -> None:
    body = _body(get(f"/officers/off-crowd/appointments{query}"))
    assert (body["items_per_page"], len(body["items"]), body["total_results"]) == (told, rows, 230)


# --- control ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "told", "rows"),
    [("", 25, 25), ("?items_per_page=0", 25, 25), ("?items_per_page=-7", 7, 7), ("?items_per_page=500", 100, 100),
     ("?items_per_page=100&start_index=100", 100, 30), ("?start_index=130", 25, 0)],
)  # fmt: skip
def test_a_page_of_control_has_a_hundred_at_most(get: Get, query: str, told: int, rows: int) -> None:
    body = _body(get(f"/company/07000001/persons-with-significant-control{query}"))
    assert (body["items_per_page"], len(body["items"]), body["total_results"]) == (told, rows, 130)
    assert (body["active_count"], body["ceased_count"]) == (117, 13)


def test_of_a_super_secure_person_nothing_is_said(get: Get) -> None:
    (row,) = _body(get("/company/01000006/persons-with-significant-control"))["items"]
    assert row.keys() == {"kind", "description", "etag", "links", "ceased"}
    assert row["description"] == "super-secure-persons-with-significant-control"
    single = _body(get(row["links"]["self"]))
    assert single == {**row, "ceased": "0"}
    assert _body(get("/company/01000006"))["has_super_secure_pscs"] is True


def test_who_has_ceased_says_so(get: Get) -> None:
    rows = {row["name"]: row for row in _body(get("/company/SC095005/persons-with-significant-control"))["items"]}
    assert (rows["Mrs Ada Quill"]["ceased"], rows["Mrs Ada Quill"]["ceased_on"]) == (True, "2019-03-31")
    assert rows["ARGOSY NOMINEES LIMITED"]["ceased"] is False
    assert rows["ARGOSY NOMINEES LIMITED"]["identification"]["registration_number"] == "Sc095000"
    single = _body(get(rows["Mrs Ada Quill"]["links"]["self"]))
    assert single.items() <= rows["Mrs Ada Quill"].items()
    assert "ceased" not in single


def test_statements_are_listed_and_single(get: Get) -> None:
    body = _body(get("/company/08000010/persons-with-significant-control-statements"))
    (row,) = body["items"]
    assert row["statement"] == "no-individual-or-entity-with-signficant-control"
    assert row["notified_on"] == "2016-04-06"
    assert (body["total_results"], body["active_count"], body["ceased_count"]) == (1, 1, 0)
    assert _body(get(row["links"]["self"])) == row


# --- the rest -----------------------------------------------------------------------------------------------


def test_the_office_is_the_profiles_address(get: Get) -> None:
    answer = get("/company/09370001/registered-office-address")
    body = _body(answer)
    address = _body(get("/company/09370001"))["registered_office_address"]
    assert address["address_line_1"] == "Unit 4 Kiln Yard"
    assert {name: body[name] for name in address} == address
    assert body.keys() - address.keys() == {"etag", "kind", "links"}
    assert answer.form is Form.SHORT


def test_filings_are_paged_and_filtered(get: Get) -> None:
    path = "/company/SC095005/filing-history"
    body = _body(get(path))
    assert [row["type"] for row in body["items"]] == ["AA", "CERTNM", "CERTNM", "NEWINC"]
    assert (body["total_count"], body["items_per_page"]) == (4, 25)
    assert "total_results" not in body
    assert _body(get(path + "?items_per_page=200"))["items_per_page"] == 100
    page = _body(get(path + "?items_per_page=1&start_index=3"))
    assert ([row["type"] for row in page["items"]], page["total_count"]) == (["NEWINC"], 4)
    for query in ("category=accounts,incorporation", "category=accounts&category=incorporation"):
        assert [row["type"] for row in _body(get(f"{path}?{query}"))["items"]] == ["AA", "NEWINC"]
    assert _body(get(body["items"][0]["links"]["self"])) == body["items"][0]
    # Of the time before bar codes there is an explicit null (§5.6).
    assert _body(get("/company/00500007/filing-history"))["items"][-1]["barcode"] is None
