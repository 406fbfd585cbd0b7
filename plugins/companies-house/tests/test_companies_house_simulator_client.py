"""A client that we did not write drives the simulator over HTTP, and everything it returns is held against the world.

The client is the ``companies-house`` package: MIT, no part of leadgen, it knows the real register. What is expected
is built here from the world alone, in other words than the simulator's.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from leadgen_companies_house.simulator import filings, profile, search

from leadgen_core.contracts.world import Body, Human, Place, SimulatorDesk, World, WorldCompany
from leadgen_core.testing import VirtualClock

Json = dict[str, Any]
Serve = Callable[[World, SimulatorDesk], Awaitable[str]]
Connect = Callable[..., Any]

TODAY = date(2026, 1, 30)
CLOSED = ("dissolved", "converted-closed", "closed", "removed")
NO_ACCOUNTS = (
    "charitable-incorporated-organisation", "industrial-and-provident-society", "registered-overseas-entity",
    "limited-partnership",
)  # fmt: skip
ELSEWHERE = ("charitable-incorporated-organisation", "industrial-and-provident-society")


class Like:
    """Equal to every text that the pattern matches."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and self._pattern.fullmatch(other) is not None

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return f"like {self._pattern.pattern}"


ETAG = Like("[0-9a-f]{40}")


def _there(**members: Any) -> Json:
    return {name: value for name, value in members.items() if value is not None}


def _text(day: date | None) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"


def _place(place: Place | None) -> Json:
    return {} if place is None else attrs.asdict(place, filter=lambda _attribute, value: value is not None)


def _same_day(day: date, year: int) -> date:
    """This day in another year; the end of February stays one."""
    if (day.month, day.day) in {(2, 28), (2, 29)}:
        return date(year, 3, 1) - timedelta(days=1)
    return date(year, day.month, day.day)


# --- what the world says of each endpoint -------------------------------------------------------------------


def _profile(company: WorldCompany) -> Json:
    held, closed, base = company.type in ELSEWHERE, company.status in CLOSED, f"/company/{company.number}"
    office = _place(company.address)
    if "premises" in office:
        office["address_line_1"] = office.pop("premises") + " " + office["address_line_1"]
    parts = [
        ("self", "", True),
        ("filing_history", "/filing-history", not held),
        ("officers", "/officers", company.appointments),
        ("persons_with_significant_control", "/persons-with-significant-control", company.controls),
        (
            "persons_with_significant_control_statements",
            "/persons-with-significant-control-statements",
            company.statements,
        ),
    ]
    flags = {
        "has_charges": False,
        "has_insolvency_history": company.status == "liquidation",
        "has_super_secure_pscs": any(control.who is None for control in company.controls),
        "registered_office_is_in_dispute": False,
        "undeliverable_registered_office_address": False,
    }
    return _there(
        company_name=company.name,
        company_number=company.number,
        company_status=company.status or None,
        company_status_detail=company.status_detail,
        type=company.type,
        subtype=company.subtype,
        is_community_interest_company=company.subtype == "community-interest-company" or None,
        jurisdiction=company.jurisdiction,
        date_of_creation=_text(company.incorporated_on),
        date_of_cessation=_text(company.ceased_on),
        can_file=not held and not closed,
        etag=ETAG,
        sic_codes=[*company.sic_codes] or None,
        registered_office_address=office or None,
        previous_company_names=[
            {"name": name, "effective_from": _text(since), "ceased_on": _text(until)}
            for name, since, until in company.previous_names
        ]
        or None,
        links={name: base + path for name, path, there in parts if there},
        partial_data_available=Like("full-data-available-from-.+") if held else None,
        accounts=_accounts(company),
        confirmation_statement=_confirmation(company),
        last_full_members_list_date=_last_list(company),
        **({} if held else flags),
    )


def _accounts(company: WorldCompany) -> Json | None:
    state, born = company.accounts, company.incorporated_on
    if born is None or company.type in NO_ACCOUNTS:
        return None
    end = state.made_up_to or (born.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    last: Json = {"type": state.type}
    if state.made_up_to is not None:
        begun = _same_day(end, end.year - 1) + timedelta(days=1)
        last |= {"made_up_to": _text(end), "period_end_on": _text(end), "period_start_on": _text(max(begun, born))}
    told: Json = {
        "accounting_reference_date": {"day": str(end.day), "month": f"{end:%m}"},
        "last_accounts": last,
        "overdue": state.overdue,
    }
    if company.status in CLOSED:
        return told
    following = _same_day(end, end.year + 1)
    return told | {
        "next_due": _text(state.next_due),
        "next_made_up_to": _text(following),
        "next_accounts": {
            "due_on": _text(state.next_due),
            "overdue": state.overdue,
            "period_start_on": _text(end + timedelta(days=1)),
            "period_end_on": _text(following),
        },
    }


def _confirmation(company: WorldCompany) -> Json | None:
    born = company.incorporated_on
    if born is None or company.status in CLOSED or company.type in NO_ACCOUNTS:
        return None
    # What is overdue is the newest anniversary that has been over for 14 days; else the newest one has been confirmed.
    limit = TODAY - timedelta(days=15) if company.confirmation_overdue else TODAY
    newest = max(day for year in range(born.year, 2027) if (day := _same_day(born, year)) <= limit)
    last = _same_day(born, newest.year - 1) if company.confirmation_overdue else newest
    following = _same_day(born, last.year + 1)
    return {
        "last_made_up_to": _text(last),
        "next_made_up_to": _text(following),
        "next_due": _text(following + timedelta(days=14)),
        "overdue": company.confirmation_overdue,
    }


def _last_list(company: WorldCompany) -> str | None:
    born = company.incorporated_on
    if born is None or company.type in NO_ACCOUNTS:
        return None
    days = [day for year in range(born.year + 1, 2017) if (day := _same_day(born, year)) <= date(2016, 6, 30)]
    return _text(days[-1]) if days else None


def _hit(company: WorldCompany) -> Json:
    held, closed = company.type in ELSEWHERE, company.status in CLOSED
    place = _place(company.address)
    line = ", ".join(place[name] for name in place if name != "premises")
    near = " " if place.get("premises", "")[-1:].isdigit() else ", "
    day, told = (company.ceased_on, "Dissolved") if closed else (company.incorporated_on, "Incorporated")
    words: list[str | None] = ["dissolved-on" if closed else "incorporated-on"]
    if company.status == "registered":
        words, told = [None, "registered"], "Registered"
    if company.type == "limited-partnership":
        words, told = ["registered-on"], "Registered"
    text = f"{company.number} - {told} on {day.day} {day:%B %Y}" if day else company.number
    if company.status == "liquidation":
        words.append("liquidation")
        text += " - Liquidation"
    if company.status == "removed":
        words, text = ["removed"], f"{company.number} - Removed on Unknown"
    elif held:
        words = [None]
    return _there(
        kind="searchresults#company",
        company_number=company.number,
        title=company.name,
        company_type=company.type,
        date_of_creation=_text(company.incorporated_on),
        date_of_cessation=(_text(company.ceased_on) or "Unknown") if closed else None,
        description=text,
        description_identifier=words,
        address=place,
        address_snippet=f"{place['premises']}{near}{line}" if place else None,
        external_registration_number="N/A" if company.number.startswith("OE") else None,
        links={"self": f"/company/{company.number}"},
        matches={"snippet": []},
    )


# --- the client --------------------------------------------------------------------------------------------


def _check(client: Any, world: World) -> None:
    """Ask for everything that the client can ask for; raises AssertionError for anything that the world denies."""
    for company in world.companies():
        number = company.number
        assert client.company(number) == _profile(company)
        _check_filings(client, company)
        assert client.charges(number) == {
            "items": [], "total_count": 0, "unfiltered_count": 0, "satisfied_count": 0, "part_satisfied_count": 0,
        }  # fmt: skip
        hits = [hit for hit in client.iter_search(company.name) if hit["company_number"] == number]
        assert len(hits) == 1
        told, status = (hits[0].pop(name, None) for name in ("snippet", "company_status"))
        assert hits[0] == _hit(company)
        assert status == (company.status or None)
        assert told in ("", *(name for name, _, _ in company.previous_names))
    with pytest.raises(Exception, match="Resource not found for company profile 99999999") as refusal:
        client.company("99999999")
    assert type(refusal.value).__name__ == "NotFound"


def _check_filings(client: Any, company: WorldCompany) -> None:
    found = list(client.iter_filing_history(company.number))
    days = [row["date"] for row in found]
    assert days == sorted(days, reverse=True)
    told: dict[str, list[Json]] = {}
    for row in found:
        base = f"/company/{company.number}/filing-history/{row['transaction_id']}"
        assert row["links"] == {"self": base}
        assert isinstance(row["pages"], int)
        assert (row["barcode"] is None) == (row["date"] < "2002-01-01")
        told.setdefault(row["category"], []).append(row)
    if company.type in ELSEWHERE:
        assert found == []
        assert client.filing_history(company.number)["filing_history_status"].startswith(
            "filing-history-not-available-"
        )
        return
    assert [row["date"] for row in told.pop("incorporation")] == [_text(company.incorporated_on)]
    made_up_to = _text(company.accounts.made_up_to)
    assert [row["description_values"]["made_up_date"] for row in told.pop("accounts", [])] == [made_up_to] * bool(
        made_up_to
    )
    assert sorted(row["date"] for row in told.pop("change-of-name", [])) == sorted(
        str(_text(until)) for _, _, until in company.previous_names
    )
    assert [row["date"] for row in told.pop("gazette", [])] == [_text(company.ceased_on)] * bool(company.ceased_on)
    names = {_spoken(entry.who) for entry in company.appointments}
    changes = told.pop("officers", [])
    assert {row["description_values"]["officer_name"] for row in changes} <= names
    ends = [
        row["action_date" if "action_date" in row else "date"] for row in changes if row["subcategory"] == "termination"
    ]
    assert sorted(ends) == sorted(str(_text(one.resigned_on)) for one in company.appointments if one.resigned_on)
    assert told == {}


def _spoken(who: Human | Body) -> str:
    names = (who.name,) if isinstance(who, Body) else (who.title, who.forename, who.middle, who.surname)
    return " ".join(name for name in names if name)


async def test_an_independent_client_gets_the_world(
    world: World, desk: SimulatorDesk, serve: Serve, connect: Connect
) -> None:
    client = connect(await serve(world, desk))

    await asyncio.to_thread(_check, client, world)

    assert (client.rate_limit.limit, client.rate_limit.window) == (600, "5m")
    assert client.rate_limit.reset == desk.now() + 300


@pytest.mark.parametrize(("watermark", "waits"), [(5, [301.0]), (-1, [301.0])], ids=["before", "after a 429"])
async def test_its_waiting_for_the_quota_is_right(
    world: World,
    desk: SimulatorDesk,
    clock: VirtualClock,
    serve: Serve,
    connect: Connect,
    watermark: int,
    waits: list[float],
) -> None:
    # The client looks at what is left before it asks; told not to, it runs into the 429 and waits for its reset.
    loop, slept = asyncio.get_running_loop(), []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        asyncio.run_coroutine_threadsafe(clock.advance(seconds), loop).result()

    client = connect(await serve(world, desk), clock=desk.now, sleep=sleep, low_watermark=watermark)

    def ask() -> list[int]:
        left = []
        for _ in range(601):
            client.charges("09370001")
            left.append(client.rate_limit.remaining)
        return left

    left = await asyncio.to_thread(ask)
    spent = 600 - max(watermark, 0)
    assert left == [*range(599, 599 - spent, -1), *range(599, 599 - (601 - spent), -1)]
    assert slept == waits


@pytest.mark.parametrize(
    ("module", "builder", "broken"),
    [
        (profile, "confirmation", lambda company, today: None),
        (profile, "links", lambda company: {"self": f"/company/{company.number}"}),
        (profile, "folded_address", lambda place: None),
        (profile, "day", lambda value: None if value is None else f"{value:%d/%m/%Y}"),
        (search, "address_snippet", lambda members: "elsewhere"),
        (search, "written_out", lambda value: "1 January 1970"),
        (filings, "name_of_filer", lambda who: "somebody"),
        (filings, "status", lambda number: "filing-history-available"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_it_fails_when_one_field_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
    world: World,
    desk: SimulatorDesk,
    serve: Serve,
    connect: Connect,
    module: Any,
    builder: str,
    broken: Any,
) -> None:
    monkeypatch.setattr(module, builder, broken)
    client = connect(await serve(world, desk))

    with pytest.raises(AssertionError):
        await asyncio.to_thread(_check, client, world)
