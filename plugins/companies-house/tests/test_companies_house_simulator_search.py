"""The two searches of the simulator (companies-house.md §1.6, §1.7)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from leadgen_companies_house.simulator.answers import Answer, Form
from leadgen_companies_house.simulator.register import Register

from leadgen_core.contracts.world import Place, World, WorldCompany

Json = dict[str, Any]
Get = Callable[[str], Answer]
MakeWorld = Callable[[Iterable[WorldCompany]], World]

MANY = 12_000
FIRST_DAY = date(1990, 1, 1)


@pytest.fixture
def get(world: World) -> Get:
    return Register(world, lambda: 0.0).answer


@pytest.fixture(scope="module")
def many(make_world: MakeWorld) -> Get:
    """12,000 companies TIDE 0 LTD, TIDE 1 LTD, ..., one incorporated each day."""
    companies = [
        WorldCompany(
            number=f"{place:08d}",
            name=f"TIDE {place} LTD",
            status="active",
            type="ltd",
            incorporated_on=FIRST_DAY + timedelta(days=place),
            sic_codes=("62012",) if place % 2 else ("62020", "70229"),
            address=Place(
                premises=str(place), address_line_1="Bath Road" if place % 3 else "Mill Lane", locality="Bath"
            ),
        )
        for place in range(MANY)
    ]
    return Register(make_world(companies), lambda: 0.0).answer


def _body(answer: Answer) -> Json:
    assert answer.status == 200, answer
    body: Json = json.loads(answer.body)
    return body


def _numbers(answer: Answer) -> list[str]:
    return [item["company_number"] for item in _body(answer)["items"]]


# --- by name ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "size", "page", "rows"),
    [
        ("", 20, 1, 20),
        ("&items_per_page=0", 20, 1, 20),
        ("&items_per_page=100", 100, 1, 100),
        ("&items_per_page=200&start_index=800", 100, 9, 100),
        ("&items_per_page=1000", 100, 1, 100),
        ("&items_per_page=100&start_index=900", 100, 10, 100),
        ("&items_per_page=20&start_index=50", 20, 3, 20),
        ("&start_index=-5", 20, 1, 20),
    ],
)
def test_a_page_is_clamped_without_a_word(many: Get, query: str, size: int, page: int, rows: int) -> None:
    body = _body(many(f"/search/companies?q=tide{query}"))

    assert (body["items_per_page"], body["page_number"], len(body["items"])) == (size, page, rows)
    assert body["kind"] == "search#companies"
    assert body["total_results"] == 10_000  # it saturates


@pytest.mark.parametrize(
    "query", ["items_per_page=200&start_index=900", "items_per_page=200&start_index=801", "start_index=981",
              "items_per_page=1001", "items_per_page=100&start_index=901"],
)  # fmt: skip
def test_beyond_the_thousandth_hit_there_is_a_416(many: Get, query: str) -> None:
    assert many(f"/search/companies?q=tide&{query}") == Answer(416, b"", Form.EMPTY)


def test_pages_follow_each_other(many: Get) -> None:
    pages = [
        _numbers(many(f"/search/companies?q=tide&items_per_page=100&start_index={start}"))
        for start in range(0, 1000, 100)
    ]
    assert len({number for page in pages for number in page}) == 1000


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("bramble textiles ltd", "09370001"),
        ("Bramble Textiles", "09370001"),
        ("BRAMBLE TEXTILES PLC", "09370001"),
        ("thorne and mere", "OC300004"),
        ("Thorne+%26+Mere+LLP", "OC300004"),
        ("heather loom", "SC095005"),
        ("09370001", "09370001"),
        ("9370001", "09370001"),
        ("sc95005", "SC095005"),
        ("meadow growers", "IP27215R"),
        ("qua", "SC095005"),
    ],
)
def test_what_is_meant_comes_first(get: Get, query: str, first: str) -> None:
    found = _numbers(get(f"/search/companies?q={query.replace(' ', '+')}"))
    assert first in found[: 2 if query == "qua" else 1]


def test_equal_names_are_both_found(get: Get) -> None:
    assert set(_numbers(get("/search/companies?q=bramble+holdings+limited"))[:2]) == {"08000011", "08000012"}


def test_nothing_found_is_a_200(get: Get) -> None:
    body = _body(get("/search/companies?q=nonesuch"))
    assert (body["items"], body["total_results"], body["page_number"]) == ([], 0, 1)
    assert get("/search/companies").status == get("/search/companies?q=").status == 400


def test_the_snippet_is_the_previous_name_that_matched(get: Get) -> None:
    def told(query: str) -> str:
        (hit,) = [
            each for each in _body(get(f"/search/companies?q={query}"))["items"] if each["company_number"] == "SC095005"
        ]
        return str(hit["snippet"])

    assert told("apple") == "APPLEGARTH & SENIOR LEISURE LIMITED"
    assert told("heather") == "HEATHER LOOM LTD"
    assert told("quay+limited") == ""


def test_the_one_documented_restriction(get: Get) -> None:
    both = "active-companies+legally-equivalent-company-name"
    assert _numbers(get(f"/search/companies?q=bramble+holdings&restrictions={both}")) == ["08000011", "08000012"]
    assert _numbers(get(f"/search/companies?q=bramble+works&restrictions={both}")) == []  # dissolved
    assert len(_numbers(get("/search/companies?q=bramble+holdings&restrictions=active-companies"))) == 4


def test_stubs_and_unknown_days(get: Get) -> None:
    hits = {hit["company_number"]: hit for hit in _body(get("/search/companies?q=meadow+marsh"))["items"]}
    for number in ("CE000010", "CE000011", "IP27215R"):
        assert hits[number]["address"] == {}
        assert not {"address_snippet", "date_of_creation"} & hits[number].keys()
    assert hits["CE000010"]["description_identifier"] == [None]
    assert hits["CE000011"]["date_of_cessation"] == "Unknown"
    assert "company_status" not in hits["IP27215R"]
    assert hits["CE000010"]["company_status"] == "active"
    assert hits["OE006930"]["description_identifier"] == [None, "registered"]
    assert hits["OE006930"]["external_registration_number"] == "N/A"


def test_few_addresses_have_a_null(make_world: MakeWorld) -> None:
    shops = [
        WorldCompany(
            number=f"{place:08d}", name=f"SHOP {place}", status="active", type="ltd", address=Place(locality="Bath")
        )
        for place in range(1000)
    ]
    get = Register(make_world(shops), lambda: 0.0).answer
    pages = [f"/search/companies?q=shop&items_per_page=100&start_index={start}" for start in range(0, 1000, 100)]
    addresses = [hit["address"] for page in pages for hit in _body(get(page))["items"]]

    assert 1 <= sum("region" in address for address in addresses) <= 15
    assert all(address.get("region") is None for address in addresses)


# --- advanced -----------------------------------------------------------------------------------------------


def _hits(answer: Answer) -> set[str]:
    return set(_numbers(answer))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("company_name_includes=bramble", {"09370001", "08000011", "08000012", "01000002"}),
        ("company_name_includes=Bramble+Holdings", {"08000011", "08000012"}),
        ("company_name_includes=applegarth", set()),  # the current name only
        ("company_name_includes=bramb", set()),  # whole words only
        ("company_name_includes=bramble&company_name_excludes=works+textiles", {"08000011", "08000012"}),
        ("company_name_includes=bramble&company_status=dissolved", {"01000002"}),
        ("company_status=dissolved,liquidation", {"01000002", "01000003"}),
        ("company_status=dissolved&company_status=liquidation", {"01000002", "01000003"}),
        ("company_type=LLP", {"OC300004"}),
        ("company_subtype=community-interest-company", {"08000010"}),
        ("sic_codes=46520", {"09370001"}),
        ("sic_codes=4652", set()),
        ("sic_codes=46520,26400&company_name_includes=textiles", {"09370001"}),
        ("location=tortola", {"OE006930"}),
        ("location=road+town", {"OE006930"}),
        ("location=LE65+9ZX&company_type=llp", {"OC300004"}),
        ("location=ashby+tortola", set()),
        ("incorporated_from=2014-12-31&incorporated_to=2014-12-31", {"09370001"}),
        ("incorporated_from=2019-07-02&incorporated_to=2021-07-01", {"08000012"}),
        ("incorporated_to=1990-01-01", {"00500007"}),
        ("dissolved_from=2021-11-30&dissolved_to=2021-11-30", {"01000002"}),
        ("dissolved_from=2021-12-01", set()),
        ("company_status=removed", {"CE000011"}),
        ("company_status=removed&dissolved_from=1900-01-01", set()),  # no day is known
    ],
)
def test_all_filters_must_hold(get: Get, query: str, found: set[str]) -> None:
    answer = get(f"/advanced-search/companies?{query}")
    if not found:
        assert answer == Answer(404, b"", Form.EMPTY)
    else:
        assert _hits(answer) == found
        assert _body(answer)["hits"] == len(found)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("company_status=registered", 400, "company_status"),
        ("company_status=Active", 400, "company_status"),
        ("company_status=", 400, "company_status"),
        ("company_status=active,none", 400, "company_status"),
        ("company_type=company", 400, "company_type"),
        ("company_subtype=slp", 400, "company_subtype"),
        ("incorporated_from=", 400, "yyyy-mm-dd"),
        ("incorporated_from=2014-1-1", 400, "yyyy-mm-dd"),
        ("incorporated_from=20140101", 400, "yyyy-mm-dd"),
        ("incorporated_to=2014-02-30", 400, "yyyy-mm-dd"),
        ("dissolved_from=31/12/2014", 400, "yyyy-mm-dd"),
        ("dissolved_to=today", 400, "yyyy-mm-dd"),
        ("size=0", 422, "not greater than 5000"),
        ("size=-1", 422, "not greater than 5000"),
        ("size=5001", 422, "not greater than 5000"),
    ],
)
def test_wrong_values_are_refused_in_plain_words(get: Get, query: str, status: int, said: str) -> None:
    answer = get(f"/advanced-search/companies?{query}")

    assert (answer.status, answer.form) == (status, Form.JSON)
    assert said in answer.body.decode()
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body)


def test_hits_are_exact_and_pages_reach_ten_thousand(many: Get) -> None:
    path = "/advanced-search/companies?company_name_includes=tide"
    body = _body(many(path))
    assert (body["hits"], len(body["items"])) == (MANY, 20)
    assert body["top_hit"] == body["items"][0]
    assert body["kind"] == "search#advanced-search"
    last = many(f"{path}&size=5000&start_index=5000")
    assert len(_body(last)["items"]) == 5000
    for deep in ("size=5000&start_index=5001", "size=1&start_index=10000", "start_index=9981"):
        assert many(f"{path}&{deep}") == Answer(500, b"", Form.EMPTY)
    # Split by date, all of them can be had.
    days = [FIRST_DAY, FIRST_DAY + timedelta(days=6000), FIRST_DAY + timedelta(days=MANY)]
    parts = [
        f"{path}&incorporated_from={start}&incorporated_to={end - timedelta(days=1)}" for start, end in pairwise(days)
    ]
    found = [
        number
        for part in parts
        for start in (0, 5000)
        for number in _numbers(many(f"{part}&size=5000&start_index={start}"))
    ]
    assert len(found) == len(set(found)) == MANY


def test_only_closed_companies_have_a_day_of_cessation(make_world: MakeWorld) -> None:
    ended = date(2024, 5, 5)
    companies = [
        WorldCompany(number=f"{place:08d}", name="ENDED LTD", status=status, type="ltd", ceased_on=ended)
        for place, status in enumerate(("dissolved", "liquidation", "converted-closed", "closed", "removed", "active"))
    ]
    get = Register(make_world(companies), lambda: 0.0).answer

    assert _hits(get("/advanced-search/companies?dissolved_from=2024-05-05")) == {
        "00000000", "00000002", "00000003", "00000004",
    }  # fmt: skip
    for path in ("/advanced-search/companies", "/search/companies?q=ended"):
        told = {item["company_number"]: item.get("date_of_cessation") for item in _body(get(path))["items"]}
        assert (told["00000001"], told["00000005"], told["00000002"]) == (None, None, "2024-05-05")


def test_a_page_after_the_last_hit_is_a_404(get: Get) -> None:
    path = "/advanced-search/companies?company_name_includes=bramble"
    assert get(f"{path}&start_index=3").status == 200
    assert get(f"{path}&start_index=4") == Answer(404, b"", Form.EMPTY)


def test_a_place_is_looked_for_in_the_whole_address(many: Get) -> None:
    assert _body(many("/advanced-search/companies?location=bath"))["hits"] == MANY
    assert _body(many("/advanced-search/companies?location=bath+road"))["hits"] == 8000
    assert _body(many("/advanced-search/companies?location=bath&sic_codes=70229,62012"))["hits"] == MANY


def test_the_etag_is_new_on_every_call(get: Get) -> None:
    first, second = (_body(get("/advanced-search/companies?sic_codes=46520")) for _ in range(2))
    assert first.pop("etag") != second.pop("etag")
    assert first == second


def test_an_item_has_what_it_has(get: Get) -> None:
    (item,) = _body(get("/advanced-search/companies?company_status=dissolved"))["items"]
    assert item == {
        "company_name": "BRAMBLE WORKS LIMITED",
        "company_number": "01000002",
        "company_status": "dissolved",
        "company_type": "ltd",
        "kind": "search-results#company",
        "links": {"company_profile": "/company/01000002"},
        "date_of_creation": "2010-03-01",
        "date_of_cessation": "2021-11-30",
        "registered_office_address": {
            "premises": "Unit 4",
            "address_line_1": "Kiln Yard",
            "locality": "Ashby",
            "country": "England",
            "postal_code": "LE65 9ZX",
        },
        "sic_codes": ["62012"],
    }
    (stub,) = _body(get("/advanced-search/companies?company_status=removed"))["items"]
    assert stub.keys() == {"company_name", "company_number", "company_status", "company_type", "kind", "links"}
