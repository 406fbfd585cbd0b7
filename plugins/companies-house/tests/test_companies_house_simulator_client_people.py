"""The independent client asks for people: officers and persons with significant control, page by page.

What is expected is built here from the world alone, in other words than the simulator's.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import attrs
import pytest
from leadgen_companies_house.simulator import controls, officers, register

from leadgen_core.contracts.world import Appointment, Body, Control, Human, Place, SimulatorDesk, World, WorldCompany

Json = dict[str, Any]
Serve = Callable[[World, SimulatorDesk], Awaitable[str]]
Connect = Callable[..., Any]


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


def _officer(company: WorldCompany, entry: Appointment) -> Json:
    who = entry.who
    told = _there(
        officer_role=entry.role,
        appointed_on=_text(entry.appointed_on),
        appointed_before=_text(entry.appointed_before),
        resigned_on=_text(entry.resigned_on),
        is_pre_1992_appointment=entry.appointed_on is None,
        address=_place(who.address) or None,
        etag=ETAG,
        person_number=Like(r"\d{8}0001"),
        links={
            "self": f"/company/{company.number}/appointments/{entry.id}",
            "officer": {"appointments": f"/officers/{entry.officer}/appointments"},
        },
    )
    if isinstance(who, Body):
        block = _there(
            identification_type=who.identification_type,
            registration_number=who.registration,
            legal_form=who.legal_form,
            legal_authority=who.legal_authority,
            place_registered=who.place_registered,
        )
        return told | {"name": who.name} | ({"identification": block} if who.identification_type else {})
    name = who.surname.upper()
    if who.forename:
        name += f", {who.forename}" + (f" {who.middle}" if who.middle else "")
    if who.title not in ("Mr", "Mrs", "Miss", "Ms", "Master", None):
        name += f", {who.title}"
    secretary = entry.role == "secretary"
    return told | _there(
        name=name,
        nationality=who.nationality,
        occupation=who.occupation,
        country_of_residence=None if secretary else who.residence,
        date_of_birth=None if secretary or not who.born else {"year": who.born[0], "month": who.born[1]},
        identity_verification_details=_verified(who),
    )


def _verified(who: Human) -> Json | None:
    if who.verified_on is None:
        return None
    return {
        "appointment_verification_start_on": _text(who.verified_on),
        "appointment_verification_end_on": "9999-12-31",
    }


def _owner(company: WorldCompany, control: Control) -> Json:
    who, kind = control.who, control.kind.replace("-person-with-significant-control", "")
    told = {
        "kind": control.kind,
        "ceased": control.ceased_on is not None,
        "etag": ETAG,
        "links": {"self": f"/company/{company.number}/persons-with-significant-control/{kind}/{control.id}"},
    }
    if who is None:
        return told | {"description": Like("super-secure-(persons-with-significant-control|beneficial-owner)")}
    told |= _there(
        notified_on=_text(control.notified_on),
        ceased_on=_text(control.ceased_on),
        natures_of_control=[*control.natures],
        address=_place(who.address) or None,
    )
    if isinstance(who, Body):
        block = _there(
            legal_form=who.legal_form,
            legal_authority=who.legal_authority,
            country_registered=who.country_registered,
            place_registered=who.place_registered,
            registration_number=who.registration,
        )
        return told | {"name": who.name, "identification": block}
    names = [who.title, who.forename, who.middle, who.surname]
    return told | _there(
        name=" ".join(name for name in names if name),
        name_elements=_there(title=who.title, forename=who.forename, middle_name=who.middle, surname=who.surname),
        nationality=who.nationality,
        country_of_residence=who.residence,
        date_of_birth=None if who.born is None else {"year": who.born[0], "month": who.born[1]},
        identity_verification_details=_verified(who),
    )


def _by_id(rows: list[Json]) -> dict[str, Json]:
    return {row["links"]["self"]: row for row in rows}


def _check(client: Any, world: World) -> None:
    """Ask for all people; raises AssertionError for anything that the world denies."""
    for company in world.companies():
        _check_officers(client, company)
        _check_owners(client, company)


def _check_officers(client: Any, company: WorldCompany) -> None:
    listed, entries = client.officers(company.number), company.appointments
    resigned = sum(entry.resigned_on is not None for entry in entries)
    serving, closed = len(entries) - resigned, company.status == "dissolved"
    rows = listed.pop("items")
    assert listed == {
        "kind": "officer-list",
        "etag": ETAG if entries else "",
        "links": {"self": f"/company/{company.number}/officers"} if entries else {},
        "active_count": 0 if closed else serving,
        "inactive_count": serving if closed else 0,
        "resigned_count": resigned,
        "total_results": len(entries),
        "items_per_page": 35,
        "start_index": 0,
    }
    assert len(rows) == min(len(entries), 35)
    found = list(client.iter_officers(company.number))
    assert found[: len(rows)] == rows
    expected = _by_id([_officer(company, entry) for entry in entries])
    assert _by_id(found) == expected
    assert len(found) == len(expected)


def _check_owners(client: Any, company: WorldCompany) -> None:
    listed = client.psc(company.number)
    ceased = sum(control.ceased_on is not None for control in company.controls)
    rows = listed.pop("items")
    assert listed == {
        "links": {"self": f"/company/{company.number}/persons-with-significant-control"},
        "active_count": len(company.controls) - ceased,
        "ceased_count": ceased,
        "total_results": len(company.controls),
        "items_per_page": 25,
        "start_index": 0,
    }
    found = list(client.iter_psc(company.number))
    assert found[: len(rows)] == rows
    for row in found:
        details = row.get("identity_verification_details", {})
        if "appointment_verification_statement_due_on" in details:  # asked to verify, by lot
            assert row.pop("identity_verification_details") == {
                "appointment_verification_statement_date": Like("202[56]-.*"),
                "appointment_verification_statement_due_on": Like("202[56]-.*"),
            }
            assert not row["ceased"]
    assert _by_id(found) == _by_id([_owner(company, control) for control in company.controls])
    assert len(found) == len(company.controls)


async def test_an_independent_client_gets_the_people_of_the_world(
    world: World, desk: SimulatorDesk, serve: Serve, connect: Connect
) -> None:
    client = connect(await serve(world, desk))

    await asyncio.to_thread(_check, client, world)


async def test_it_walks_through_long_lists(world: World, desk: SimulatorDesk, serve: Serve, connect: Connect) -> None:
    client = connect(await serve(world, desk))

    def walk() -> tuple[list[Json], list[Json], list[Json]]:
        return (
            list(client.iter_officers("07000001", page_size=100)),
            list(client.iter_psc("07000001", page_size=7)),
            list(client.iter_search("bramble", page_size=2)),
        )

    posts, owners, hits = await asyncio.to_thread(walk)
    assert len({row["links"]["self"] for row in posts}) == len(posts) == 230
    assert len({row["links"]["self"] for row in owners}) == len(owners) == 130
    assert len({row["company_number"] for row in hits}) == len(hits) == 4


@pytest.mark.parametrize(
    ("module", "builder", "broken"),
    [
        (officers, "name_in_list", lambda who: "Forename SURNAME"),
        (officers, "identity", lambda who: None),
        (officers, "birth", lambda who: {"day": 1, "month": 1, "year": 1970}),
        (officers, "is_secretary", lambda role: False),
        (officers, "counts", lambda company: {"active_count": 1, "inactive_count": 0, "resigned_count": 0}),
        (officers, "_identification", lambda body: {}),
        (controls, "path_of", lambda kind: kind),
        (controls, "name_in_control", lambda who: "SURNAME, Forename"),
        (controls, "address", lambda place: None),
        (register, "_LARGEST_PAGE", 20),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_it_fails_when_one_field_of_a_person_is_wrong(
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
