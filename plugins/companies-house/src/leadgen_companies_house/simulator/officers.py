"""The officers of a company and the appointments of an officer (companies-house.md §1.5, §1.10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zlib import crc32

from leadgen_companies_house.simulator.answers import Json, etag
from leadgen_companies_house.simulator.text import (
    address,
    birth,
    day,
    name_in_appointments,
    name_in_list,
    present,
)
from leadgen_companies_house.simulator.vocabulary import CLOSED
from leadgen_core.contracts.world import Appointment, Body, Human, WorldCompany

__all__ = ["ORDERS", "REGISTERS", "counts", "held_appointment", "identity", "is_secretary", "item", "ordered", "person"]

ORDERS = frozenset({"appointed_on", "resigned_on", "surname"})
REGISTERS = frozenset({"directors", "secretaries", "llp_members"})
_IN_FORCE = "9999-12-31"
"""The recorded end of a verification that has none."""


def is_secretary(role: str) -> bool:
    """Of secretaries the register never shows birth and residence."""
    return role.endswith("secretary")


def item(number: str, entry: Appointment) -> Json:
    """An entry of ``/company/{n}/officers``, and ``/company/{n}/appointments/{id}``."""
    who = entry.who
    body = present(
        name=name_in_list(who),
        officer_role=entry.role,
        appointed_on=day(entry.appointed_on),
        appointed_before=day(entry.appointed_before),
        resigned_on=day(entry.resigned_on),
        is_pre_1992_appointment=entry.appointed_before is not None,
        address=address(who.address),
        etag=etag("appointment", number, entry.id, entry.resigned_on),
        person_number=_person_number(entry.officer),
        links={
            "officer": {"appointments": f"/officers/{entry.officer}/appointments"},
            "self": f"/company/{number}/appointments/{entry.id}",
        },
    )
    return body | _particulars(who, entry.role)


def held_appointment(company: WorldCompany, entry: Appointment) -> Json:
    """An entry of ``/officers/{id}/appointments``: the same appointment seen from the person."""
    who = entry.who
    body = present(
        name=name_in_appointments(who),
        officer_role=entry.role,
        appointed_on=day(entry.appointed_on),
        appointed_before=day(entry.appointed_before),
        resigned_on=day(entry.resigned_on),
        is_pre_1992_appointment=entry.appointed_before is not None,
        address=address(who.address),
        appointed_to=present(
            company_name=company.name, company_number=company.number, company_status=company.status or None
        ),
        links={"company": f"/company/{company.number}"},
    )
    if isinstance(who, Human):
        body["name_elements"] = present(
            title=who.title,
            forename=who.forename,
            other_forenames=who.middle,
            surname=who.surname.upper(),
            honours=who.honours,
        )
    body |= _particulars(who, entry.role)
    body.pop("date_of_birth", None)  # stands above the list
    return body


def _particulars(who: Human | Body, role: str) -> Json:
    """What only humans or only bodies have."""
    if isinstance(who, Body):
        return present(identification=_identification(who))
    secretary = is_secretary(role)
    return present(
        nationality=who.nationality,
        occupation=who.occupation,
        country_of_residence=None if secretary else who.residence,
        date_of_birth=None if secretary else birth(who),
        identity_verification_details=identity(who),
    )


def identity(who: Human) -> Json | None:
    """``identity_verification_details`` of who is verified (§1.11)."""
    if who.verified_on is None:
        return None
    return {
        "appointment_verification_end_on": _IN_FORCE,
        "appointment_verification_start_on": day(who.verified_on),
    }


def _identification(body: Body) -> Json | None:
    """None for a body that was entered without any, as happens under the role of a human."""
    if body.identification_type is None:
        return None
    return present(
        identification_type=body.identification_type,
        legal_authority=body.legal_authority,
        legal_form=body.legal_form,
        place_registered=body.place_registered,
        registration_number=body.registration,
    )


def _person_number(officer: str) -> str:
    """Twelve digits, the last four of which number the addresses of the person."""
    return f"{crc32(officer.encode()) % 10**8:08d}0001"


# --- the list -----------------------------------------------------------------------------------------------


def _rank(entry: Appointment) -> int:
    """The order of roles: secretaries, directors, the rest; designated members before members; resigned ones after all.

    The two pairs are the service's own (its integration tests); where the rest stands is [I].
    """
    role = entry.role.removeprefix("corporate-")
    if is_secretary(role) or role == "llp-designated-member":
        rank = 10
    elif role in {"director", "nominee-director", "llp-member"}:
        rank = 20
    else:
        rank = 30
    return rank if entry.resigned_on is None else rank * 10


def _late_first(*days: date | None) -> tuple[int, ...]:
    """Sorts descending, with what has no day at the end."""
    return tuple(0 if value is None else -value.toordinal() for value in days)


def _names(entry: Appointment) -> tuple[str, str, str]:
    """Body's name, surname, forename; what is missing comes first."""
    who = entry.who
    return (who.name, "", "") if isinstance(who, Body) else ("", who.surname.upper(), who.forename or "")


def ordered(entries: Sequence[Appointment], order: str | None) -> list[Appointment]:
    """In the order asked for (§1.5)."""
    if order == "appointed_on":
        return sorted(entries, key=lambda entry: _late_first(entry.appointed_on, entry.appointed_before))
    if order == "resigned_on":
        return sorted(entries, key=lambda entry: _late_first(entry.resigned_on))
    if order == "surname":
        return sorted(entries, key=lambda entry: _names(entry)[:2])
    return sorted(
        entries,
        key=lambda entry: (_rank(entry), *_names(entry), *_late_first(entry.appointed_on, entry.appointed_before)),
    )


def counts(company: WorldCompany) -> Json:
    """``active_count``, ``inactive_count`` and ``resigned_count``: nobody is active in a closed company."""
    resigned = sum(entry.resigned_on is not None for entry in company.appointments)
    serving = len(company.appointments) - resigned
    closed = company.status in CLOSED
    return {
        "active_count": 0 if closed else serving,
        "inactive_count": serving if closed else 0,
        "resigned_count": resigned,
    }


# --- the person ---------------------------------------------------------------------------------------------


def person(officer: str, held: Sequence[tuple[WorldCompany, Appointment]]) -> tuple[Json, list[Json], list[bool]]:
    """Of one officer id: what stands above the list; its entries, current ones first; which of them are active."""
    entries = sorted(
        held,
        key=lambda pair: (
            (0, *_late_first(pair[1].appointed_on or pair[1].appointed_before))
            if pair[1].resigned_on is None
            else (1, *_late_first(pair[1].resigned_on))
        ),
    )
    active = [entry.resigned_on is None and company.status not in CLOSED for company, entry in entries]
    resigned = sum(entry.resigned_on is not None for _, entry in entries)
    first = entries[0][1]
    who = first.who
    born = birth(who) if isinstance(who, Human) and not is_secretary(first.role) else None
    above = present(
        name=name_in_appointments(who),
        is_corporate_officer=isinstance(who, Body),
        date_of_birth=born,
        kind="personal-appointment",
        etag=etag("person", officer, first.id),
        links={"self": f"/officers/{officer}/appointments"},
        active_count=sum(active),
        inactive_count=len(entries) - resigned - sum(active),
        resigned_count=resigned,
    )
    return above, [held_appointment(company, entry) for company, entry in entries], active
