"""A query before it is asked: what is refused, what is sent, what is kept of the answer."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from leadgen_companies_house import Config, api
from leadgen_companies_house.discover import Discovery
from leadgen_companies_house.query import STATUSES, TYPES, filters
from leadgen_companies_house.redact import redact
from leadgen_companies_house.status import classify

from leadgen_core import DiscoveryQuery, Failed, Malformed, Nothing, Ok, RawReply, Request, UsageError
from leadgen_core.testing import ScriptedContext, scripted_reply

QUOTA = {"x-ratelimit-limit": "600", "x-ratelimit-remain": "488"}


def _never(request: Request) -> RawReply:
    raise AssertionError(request)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (DiscoveryQuery(statuses=("registered",)), "has no status 'registered'; the nearest is"),
        (DiscoveryQuery(statuses=("activ",)), "the nearest is active"),
        (DiscoveryQuery(statuses=("active", "dissolvd")), "the nearest is dissolved"),
        (DiscoveryQuery(types=("limited",)), "has no company type 'limited'; the nearest is"),
        (DiscoveryQuery(types=("lpl",)), "the nearest is"),
        (DiscoveryQuery(types=("x" * 99,)), "x…'"),
        (DiscoveryQuery(sic_codes=("620",)), "'620' is no SIC code"),
        (DiscoveryQuery(sic_codes=("620121",)), "is no SIC code"),
        (DiscoveryQuery(sic_codes=("62O12",)), "is no SIC code"),
        (DiscoveryQuery(sic_codes=("62012", "٦٢٠١٢")), "is no SIC code"),
    ],
)
async def test_a_value_that_the_register_does_not_know_costs_no_call(query: DiscoveryQuery, says: str) -> None:
    ctx = ScriptedContext(_never)
    with pytest.raises(UsageError, match=says):
        async for _ in Discovery(Config()).discover(query, ctx):
            pass
    assert ctx.asked == []


@pytest.mark.parametrize(
    "members",
    [
        {"sic_codes": ("",)},
        {"statuses": ("active", " ")},
        {"types": ("",)},
        {"location": ""},
        {"location": "  "},
        {"limit": 0},
        {"incorporated_from": date(2020, 1, 2), "incorporated_to": date(2020, 1, 1)},
    ],
)
def test_a_query_of_nothing_is_none(members: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(members))):
        DiscoveryQuery(**members)


def test_every_known_value_is_taken_in_any_case() -> None:
    query = DiscoveryQuery(
        statuses=tuple(status.upper() for status in STATUSES), types=TYPES, sic_codes=("6201", " 62012 ")
    )
    found = filters(query)
    assert found["company_status"].split(",") == list(STATUSES)
    assert found["company_type"].split(",") == list(TYPES)
    assert found["sic_codes"] == "6201,62012"
    assert filters(DiscoveryQuery()) == {}


def test_the_lists_are_those_of_the_register(register_data: Path) -> None:
    text = (register_data / "enumerations" / "constants.yml").read_text()
    known: dict[str, list[str]] = {}
    for name in ("company_type", "company_status"):
        section = re.search(rf"^{name}:\n((?: .*\n)+)", text, re.MULTILINE)
        assert section is not None
        known[name] = re.findall(r"^ +'([^']+)'", section[1], re.MULTILINE)
    assert set(TYPES) == set(known["company_type"])
    assert set(STATUSES) == set(known["company_status"]) - {"registered"}
    assert len(TYPES) == len(set(TYPES)) == 36
    assert len(STATUSES) == len(set(STATUSES)) == 11


@pytest.mark.parametrize("name", ["public-data-openapi-2026.json", "public-data-swagger2-2023-dereferenced.json"])
async def test_every_request_is_in_the_specification(register_data: Path, name: str) -> None:
    spec = json.loads((register_data / "openapi" / name).read_text())
    known = {each["name"] for each in spec["paths"][api.ADVANCED]["get"]["parameters"]}
    asked: list[Request] = []

    def script(request: Request) -> RawReply:
        asked.append(request)
        if request.params["start_index"] != "0":
            return scripted_reply(404, b"", QUOTA)
        return scripted_reply(404, b"", QUOTA) if len(asked) > 1 else scripted_reply(200, {"hits": 20_000, "items": []})

    query = DiscoveryQuery(
        sic_codes=("62012",),
        location="Bath",
        statuses=("active",),
        types=("ltd",),
        incorporated_from=date(2020, 1, 1),
        incorporated_to=date(2020, 12, 31),
    )
    assert [one async for one in Discovery(Config()).discover(query, ScriptedContext(script))] == []
    assert len(asked) > 2
    for request in asked:
        assert (request.method, request.path) == ("GET", api.ADVANCED)
        assert set(request.params) <= known
        assert 1 <= int(request.params["size"]) <= 5_000
        assert int(request.params["start_index"]) + int(request.params["size"]) <= 10_000
        assert all(request.params.values())


def test_no_lookup_reaches_beyond_the_window() -> None:
    api.advanced_search({}, 5_000, 5_000)
    with pytest.raises(ValueError, match="10000"):
        api.advanced_search({}, 5_001, 5_000)


def test_nothing_in_a_location_can_change_the_request() -> None:
    lookup = api.advanced_search({"location": "a&company_status=x#/../"}, 0, 5_000)
    request = lookup.build([lookup.key])
    assert request.path == api.ADVANCED
    assert dict(request.params) == {"location": "a&company_status=x#/../", "start_index": "0", "size": "5000"}


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        (scripted_reply(200, {"hits": 1}, QUOTA), Ok),
        (scripted_reply(404, b"", QUOTA), Nothing),
        (scripted_reply(404, b"", {}), Malformed),
        (scripted_reply(404, b"", {**QUOTA, "content-type": "text/html"}), Malformed),
        (
            scripted_reply(404, {"message": '404 NOT_FOUND "Resource not found for company profile x"'}, QUOTA),
            Malformed,
        ),
        (scripted_reply(400, b"Invalid date", QUOTA), Malformed),
        (scripted_reply(422, b"size too large", QUOTA), Malformed),
        (scripted_reply(416, b"", QUOTA), Malformed),
        (scripted_reply(500, b"", QUOTA), Failed),
        (scripted_reply(500, {"error": "Internal server error"}, QUOTA), Failed),
    ],
)
def test_the_statuses_of_the_advanced_search(reply: RawReply, meaning: type) -> None:
    assert isinstance(classify("advanced-search", reply), meaning)


def test_an_empty_500_is_told_apart() -> None:
    empty = classify("advanced-search", scripted_reply(500, b"", QUOTA))
    assert empty != classify("search", scripted_reply(500, b"", QUOTA))
    assert empty != classify("advanced-search", scripted_reply(500, b"<html>", QUOTA))


def test_only_what_is_read_is_kept() -> None:
    item = {
        "company_name": "A LTD", "company_number": "01234567", "company_status": "active", "company_type": "ltd",
        "date_of_creation": "2015-06-01", "date_of_cessation": "2016-01-01", "kind": "x", "sic_codes": ["62012"],
        "links": {"company_profile": "/company/01234567"}, "future": {"x": "Marked"},
        "registered_office_address": {"address_line_1": "Marked", "care_of": "Marked", "postal_code": "LS1 1AA"},
    }  # fmt: skip
    body = {"etag": "Marked", "kind": "x", "hits": 2, "top_hit": item, "items": [item, 7], "future": "Marked"}
    assert redact("advanced-search", body, str) == {
        "hits": 2,
        "items": [
            {
                "company_name": "A LTD",
                "company_number": "01234567",
                "company_status": "active",
                "date_of_creation": "2015-06-01",
                "registered_office_address": {"postal_code": "LS1 1AA"},
            },
            False,
        ],
    }
