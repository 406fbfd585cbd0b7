"""Claims of one invented company, and whom they name: the same whatever the order. All people are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import evolve
from leadgen_identity.people import executives

from leadgen_core import (
    Case,
    Claim,
    CompanyNumber,
    Executive,
    OfficerAppointment,
    Provenance,
    SignificantControl,
)

__all__ = ["NOW", "NUMBER", "control", "found", "names", "officer", "said", "stamp"]


NUMBER = CompanyNumber("09990001")


NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def stamp(question: str) -> Provenance:
    return Provenance(
        question=question,
        url=f"https://register.example/{question}",
        retrieved_at=NOW - timedelta(hours=1),
        good_until=NOW + timedelta(days=1),
    )


def officer(name: str, role: str = "director", **more: Any) -> OfficerAppointment:
    claim = OfficerAppointment(
        provenance=stamp("register.officers"), company=NUMBER, name=name, role=role, appointed_on=date(2015, 6, 1)
    )
    return evolve(claim, **more)


def control(name: str | None, **more: Any) -> SignificantControl:
    claim = SignificantControl(
        provenance=stamp("register.psc"),
        company=NUMBER,
        name=name,
        control_kind="individual-person-with-significant-control",
        notified_on=date(2016, 4, 6),
    )
    return evolve(claim, **more)


def found(*claims: Claim, now: datetime = NOW, number: CompanyNumber | None = NUMBER) -> tuple[Executive, ...]:
    people = executives(Case(number=number, claims=claims, outcomes={}, now=now))
    backwards = executives(Case(number=number, claims=claims[::-1], outcomes={}, now=now))
    assert people == backwards
    return people


def names(*claims: Claim) -> list[str]:
    return [person.name.full for person in found(*claims)]


def said(person: Executive) -> list[str]:
    return [link.claim for link in person.evidence]
