"""The simulator against the recorded answers: a world made of what they say gives them back, member for member."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from leadgen_companies_house.simulator import search
from leadgen_companies_house.simulator.profile import profile
from leadgen_companies_house.simulator.register import Register

from leadgen_core.contracts.world import (
    AccountsState,
    Appointment,
    Control,
    Human,
    Place,
    SimulatorDesk,
    World,
    WorldCompany,
)

Json = dict[str, Any]
Serve = Callable[[World, SimulatorDesk], Awaitable[str]]

KEY = {"Authorization": "Basic c2FuZGJveC1rZXk6"}
"""``sandbox-key`` as the user of HTTP Basic."""
REAL = "09370755"
TODAY = date(2026, 1, 30)


def _saved(folder: Path, pattern: str) -> Json:
    (file,) = (folder / "recorded").glob(pattern)
    saved: Json = json.loads(file.read_text())
    return saved


def _body(folder: Path, pattern: str) -> Json:
    body: Json = _saved(folder, pattern)["content"]["json"]
    return body


def _day(text: str | None) -> date | None:
    return None if text in (None, "Unknown") else date.fromisoformat(str(text))


def _listed(item: Json) -> WorldCompany:
    """The company that a recorded search hit speaks of."""
    previous = ((item["snippet"], TODAY, TODAY),) if item["snippet"] else ()
    return WorldCompany(
        number=item["company_number"],
        name=item["title"],
        status=item["company_status"],
        type=item["company_type"],
        incorporated_on=_day(item.get("date_of_creation")),
        ceased_on=_day(item.get("date_of_cessation")),
        address=Place(**item["address"]),
        previous_names=previous,
    )


def _human(item: Json, forename: str, surname: str, title: str | None) -> Human:
    born = item["date_of_birth"]
    return Human(
        person="x",
        forename=forename,
        surname=surname,
        title=title,
        born=(born["year"], born["month"]),
        nationality=item["nationality"],
        residence=item["country_of_residence"],
        address=Place(**item["address"]),
        verified_on=_day(item["identity_verification_details"].get("appointment_verification_start_on")),
    )


def _whole(folder: Path) -> WorldCompany:
    """The recorded company with its officer and its PSC."""
    body = _body(folder, f"company_{REAL}.json")
    (director,) = _body(folder, f"company_{REAL}_officers*page-200.json")["items"]
    (owner,) = _body(folder, f"company_{REAL}_persons*.json")["items"]
    last = body["accounts"]["last_accounts"]
    surname, _, forename = director["name"].partition(", ")
    links, elements = director["links"], owner["name_elements"]
    return WorldCompany(
        number=REAL,
        name=body["company_name"],
        status=body["company_status"],
        type=body["type"],
        jurisdiction=body["jurisdiction"],
        incorporated_on=_day(body["date_of_creation"]),
        sic_codes=tuple(body["sic_codes"]),
        address=Place(**body["registered_office_address"]),
        accounts=AccountsState(
            type=last["type"], made_up_to=_day(last["made_up_to"]), next_due=_day(body["accounts"]["next_due"])
        ),
        appointments=(
            Appointment(
                id=links["self"].rpartition("/")[2],
                officer=links["officer"]["appointments"].split("/")[2],
                role=director["officer_role"],
                who=_human(director, forename, surname.title(), None),
                appointed_on=_day(director["appointed_on"]),
            ),
        ),
        controls=(
            Control(
                id=owner["links"]["self"].rpartition("/")[2],
                kind=owner["kind"],
                who=_human(owner, elements["forename"], elements["surname"], elements["title"]),
                natures=tuple(owner["natures_of_control"]),
                notified_on=_day(owner["notified_on"]),
            ),
        ),
    )


def _without(body: Any, *names: str) -> Any:
    """The same without members that are drawn by lot."""
    if isinstance(body, dict):
        return {name: _without(value, *names) for name, value in body.items() if name not in names}
    return [_without(each, *names) for each in body] if isinstance(body, list) else body


def _members(body: Any) -> Any:
    """The names of all members, however deep; of a list those of its entries together."""
    if isinstance(body, dict):
        return {name: _members(value) for name, value in body.items()}
    if isinstance(body, list):
        entries = [_members(each) for each in body]
        return [{name: value for each in entries if isinstance(each, dict) for name, value in each.items()}]
    return None


# --- equal values -------------------------------------------------------------------------------------------


def test_the_recorded_profile_comes_back(register_data: Path) -> None:
    recorded = _body(register_data, f"company_{REAL}.json")

    assert _without(profile(_whole(register_data), TODAY), "etag") == _without(recorded, "etag")


@pytest.mark.parametrize(
    ("part", "query", "pattern"),
    [
        ("officers", "order_by=appointed_on&start_index=0&items_per_page=20", "officers*page-20.json"),
        ("officers", "order_by=appointed_on&start_index=0&items_per_page=200", "officers*page-200.json"),
        ("persons-with-significant-control", "items_per_page=25&start_index=0&register_view=false", "persons*.json"),
    ],
)
def test_the_recorded_people_come_back(
    register_data: Path,
    make_world: Callable[[Iterable[WorldCompany]], World],
    part: str,
    query: str,
    pattern: str,
) -> None:
    recorded = _body(register_data, f"company_{REAL}_{pattern}")
    register = Register(make_world([_whole(register_data)]), lambda: 0.0)

    answer = json.loads(register.answer(f"/company/{REAL}/{part}?{query}").body)

    # Whether a PSC that is not verified has been asked to is drawn by lot, so it is not compared here.
    lots = ("etag", "person_number", "identity_verification_details")
    assert _without(answer, *lots) == _without(recorded, *lots)
    if part == "officers":
        assert _members(answer) == _members(recorded)


def test_the_recorded_hits_come_back(register_data: Path) -> None:
    items = _body(register_data, "search_companies*start_index-0*")["items"]
    assert len(items) == 100

    for item in items:
        made = search.item(_listed(item), item["snippet"])
        # The world has no numbers of foreign registers; one address in 200 has a null region here (§5.6).
        made["address"] = {name: value for name, value in made["address"].items() if value is not None}
        assert _without(made, "external_registration_number") == _without(item, "external_registration_number")
        assert ("external_registration_number" in made) == ("external_registration_number" in item)


def test_the_recorded_hits_are_found_as_recorded(
    register_data: Path, make_world: Callable[[Iterable[WorldCompany]], World]
) -> None:
    recorded = _body(register_data, "search_companies*start_index-0*")
    world = make_world(map(_listed, sorted(recorded["items"], key=lambda item: str(item["company_number"]))))
    answer = json.loads(
        Register(world, lambda: 0.0).answer("/search/companies?q=Apple&start_index=0&items_per_page=200").body
    )

    assert (answer["items_per_page"], answer["page_number"], answer["total_results"]) == (100, 1, 100)
    assert _without(answer, "items", "total_results") == _without(recorded, "items", "total_results")
    told = {item["company_number"]: item["snippet"] for item in answer["items"]}
    assert told == {item["company_number"]: item["snippet"] for item in recorded["items"]}
    assert [item["title"] for item in answer["items"]] == [item["title"] for item in recorded["items"]]


# --- equal members of a company of our own ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "pattern"),
    [
        ("", ".json"),
        ("/officers", "_officers*page-20.json"),
        ("/persons-with-significant-control", "_persons*.json"),
    ],
)
def test_a_company_like_the_recorded_one_has_its_members(
    register_data: Path, world: World, part: str, pattern: str
) -> None:
    answer = Register(world, lambda: 0.0).answer(f"/company/09370001{part}")

    assert _members(json.loads(answer.body)) == _members(_body(register_data, f"company_{REAL}{pattern}"))


def test_an_unknown_company_is_answered_as_recorded(register_data: Path, world: World) -> None:
    recorded = _body(register_data, "company_invalid.json")
    answer = Register(world, lambda: 1769778863.75).answer("/company/invalid")
    body = json.loads(answer.body)

    assert answer.status == 404
    assert body.keys() == recorded.keys()
    assert body["message"] == recorded["message"]
    assert len(body["request_id"]) == len(recorded["request_id"])
    assert len(body["timestamp"]) == len(recorded["timestamp"])
    assert body["timestamp"] == "2026-01-30T13:14:23.750000000"


@pytest.mark.parametrize(
    ("path", "pattern", "status"),
    [
        ("/company/09370001", f"company_{REAL}.json", 200),
        ("/company/09370001/officers", f"company_{REAL}_officers*page-20.json", 200),
        ("/company/00000000", "company_00000000.json", 404),
        ("/search/companies?q=Apple&start_index=900&items_per_page=200", "search*start_index-900*", 416),
    ],
)
async def test_the_headers_are_those_recorded(
    register_data: Path, world: World, desk: SimulatorDesk, serve: Serve, path: str, pattern: str, status: int
) -> None:
    recorded: Mapping[str, str] = _saved(register_data, pattern)["headers"]
    url = await serve(world, desk)
    async with aiohttp.ClientSession(headers=KEY) as session:
        answer = await session.get(url + path)

    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert answer.status == status
    # Connections are kept alive without saying so, as is the rule of HTTP/1.1.
    assert headers.keys() == recorded.keys() - {"connection"}
    varying = {"connection", "date", "set-cookie", "x-ratelimit-remain", "x-ratelimit-reset"}
    assert {name: headers[name] for name in headers.keys() - varying} == {
        name: recorded[name] for name in recorded.keys() - varying
    }
    assert len(headers["set-cookie"]) == len(recorded["set-cookie"])


async def test_the_office_has_fewer_headers_as_recorded(
    register_data: Path, world: World, desk: SimulatorDesk, serve: Serve
) -> None:
    samples = json.loads((register_data / "samples/rest/headers_2026.json").read_text())
    url = await serve(world, desk)
    async with aiohttp.ClientSession(headers=KEY) as session:
        office = await session.get(f"{url}/company/09370001/registered-office-address")
        nothing = await session.get(f"{url}/company/09370001/exemptions")

    assert {name.lower() for name in office.headers} == samples["200_registered_office_address"].keys() - {"connection"}
    assert {name.lower() for name in nothing.headers} == samples["404_empty_body"].keys() - {"connection"}
