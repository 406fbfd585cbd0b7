"""Name look-ups on the replay server, and the reserved words."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

import pytest

from tests.replay import RegisterThread, company_name, fixtures
from tests.replay.asking import ask

make_register = fixtures.make_register
register = fixtures.register


def find(register: RegisterThread, query: str, more: str = "") -> Any:
    return ask(register, f"/search/companies?q={quote_plus(query)}{more}").json


def titled(page: Any, title: str) -> list[Any]:
    return [item for item in page["items"] if item["title"] == title]


def test_any_query_has_one_exact_hit_whose_profile_agrees(register: RegisterThread) -> None:
    page = find(register, "Marsh & Sons  Limited")
    (hit,) = titled(page, "MARSH & SONS LIMITED")
    assert (page["total_results"], hit["company_status"], hit["company_number"][0]) == (3, "active", "7")
    body = ask(register, f"/company/{hit['company_number']}").json
    assert (body["company_name"], body["date_of_creation"]) == (hit["title"], hit["date_of_creation"])
    assert body["registered_office_address"]["postal_code"] == hit["address"]["postal_code"]
    assert body["registered_office_address"]["address_line_1"].startswith(hit["address"]["premises"])
    assert len(titled(find(register, "marsh & sons"), "MARSH & SONS LIMITED")) == 1


def test_hits_have_the_members_of_recorded_ones(register: RegisterThread) -> None:
    recorded = find(register, "Apple")["items"][1]
    built = find(register, "Marsh Ltd")["items"][0]
    assert built.keys() == recorded.keys()
    number = built["company_number"]
    assert built["links"] == {"self": f"/company/{number}"}
    assert built["description"] == f"{number} - Incorporated on 9 May 2012"


def test_a_number_in_the_query_finds_its_company_in_any_process(register: RegisterThread) -> None:
    for number in ("00001234", "OC300007", "80000001"):
        (hit,) = find(register, company_name(number).lower())["items"]
        body = ask(register, f"/company/{number}").json
        assert (hit["company_number"], hit["title"]) == (number, body["company_name"])
        for member in ("company_status", "date_of_creation"):
            assert hit[member] == body[member]
        assert (hit["company_type"], hit.get("date_of_cessation")) == (body["type"], body.get("date_of_cessation"))
    (hit,) = find(register, "09370755")["items"]
    assert hit["title"] == ask(register, "/company/09370755").json["company_name"]


def test_no_hit_is_a_200(register: RegisterThread) -> None:
    page = find(register, "Nohit Works Ltd")
    assert (page["total_results"], page["items"], page["page_number"]) == (0, [], 1)


def test_several_exact_hits_differ_by_number_and_address(register: RegisterThread) -> None:
    hits = titled(find(register, "Twins Bakery Ltd"), "TWINS BAKERY LTD")
    assert [hit["company_status"] for hit in hits] == ["active"] * 3
    assert len({hit["company_number"] for hit in hits}) == 3
    assert len({hit["address"]["postal_code"] for hit in hits}) == 3


def test_one_active_among_dissolved_ones(register: RegisterThread) -> None:
    hits = titled(find(register, "Lastone Ltd"), "LASTONE LTD")
    assert [hit["company_status"] for hit in hits] == ["dissolved", "active", "dissolved"]
    assert all(("date_of_cessation" in hit) == (hit["company_status"] == "dissolved") for hit in hits)
    rows = ask(register, f"/company/{hits[0]['company_number']}/officers").json
    assert (rows["active_count"], rows["inactive_count"]) == (0, 1)
    assert [hit["company_status"] for hit in find(register, "Gone Ltd")["items"]] == ["dissolved"]


def test_a_previous_name_is_in_the_snippet(register: RegisterThread) -> None:
    (hit,) = find(register, "Formerly Known Ltd")["items"]
    assert (hit["snippet"], hit["title"] != hit["snippet"]) == ("FORMERLY KNOWN LTD", True)
    names = ask(register, f"/company/{hit['company_number']}").json["previous_company_names"]
    assert [name["name"] for name in names] == ["FORMERLY KNOWN LTD"]


def test_members_can_be_missing(register: RegisterThread) -> None:
    exact, odd, other = find(register, "Sparse Trust CIC")["items"]
    assert exact["title"] == "SPARSE TRUST CIC"
    assert not {"company_status", "date_of_creation", "address_snippet", "date_of_cessation"} & exact.keys()
    assert (exact["address"], exact["description_identifier"]) == ({}, [None])
    assert (odd["date_of_cessation"], odd["external_registration_number"]) == ("Unknown", "N/A")
    assert other["description_identifier"] == [None, "registered"]
    for hit in (exact, odd, other):
        assert ask(register, f"/company/{hit['company_number']}").json["company_name"] == hit["title"]


@pytest.mark.parametrize(("start", "exact"), [(0, 0), (100, 1), (200, 0)])
def test_the_exact_hit_of_a_crowd_is_not_on_the_first_page(register: RegisterThread, start: int, exact: int) -> None:
    page = find(register, "Crowd Ltd", f"&items_per_page=100&start_index={start}")
    assert (page["total_results"], len(page["items"])) == (1500, 100)
    assert len(titled(page, "CROWD LTD")) == exact


def test_a_recorded_hit_has_a_profile_that_agrees(register: RegisterThread) -> None:
    for item in find(register, "Apple")["items"]:
        body = ask(register, item["links"]["self"]).json
        assert body["company_number"] == item["company_number"]
        assert body["company_name"] == item["title"]
        assert body["company_status"] == item["company_status"]
        assert body["type"] == item["company_type"]


def test_the_same_query_gives_the_same_bytes(make_register: fixtures.MakeRegister) -> None:
    path = "/search/companies?q=Marsh+Twins"
    assert ask(make_register(), path).body == ask(make_register(), path).body
