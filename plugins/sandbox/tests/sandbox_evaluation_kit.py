"""A few companies written by hand, for scoring and baselines: figures that can be counted on the fingers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import field, frozen
from leadgen_sandbox.evaluation.known import KnownCompany, known

from leadgen_core.contracts.world import Appointment, Body, Control, Human, Presence, WorldCompany

__all__ = ["HandTruth", "HandWorld", "True_", "companies_of", "company", "control", "human", "officer"]

TODAY = date(2026, 1, 30)
PSC = "individual-person-with-significant-control"


@frozen
class True_:  # noqa: N801 - a true executive, and `True` is taken
    """Who decides, in truth."""

    person: str
    name: str


@frozen
class HandTruth:
    """The truth of a few companies."""

    executives: Mapping[str, Sequence[True_]]
    traps: Mapping[str, str] = field(factory=dict)


@frozen
class HandWorld:
    """A world of these companies."""

    listed: tuple[WorldCompany, ...]
    seed: int = 1
    profile: str = "clean"
    today: date = TODAY

    def __len__(self) -> int:
        return len(self.listed)

    def company(self, number: str) -> WorldCompany | None:
        return next((one for one in self.listed if one.number == number), None)

    def companies(self) -> Iterator[WorldCompany]:
        return iter(self.listed)

    def presences(self, provider: str) -> Iterator[tuple[WorldCompany | None, Presence]]:
        return iter(())

    def facet(self, name: str) -> Mapping[str, Any]:
        return {}


def human(person: str, name: str, **more: Any) -> Human:
    """``Forename Middle Surname`` as an entry; one word is a surname alone."""
    *given, surname = name.split(" ")
    return Human(
        person=person,
        surname=surname.replace("_", " "),
        forename=given[0] if given else None,
        middle=" ".join(given[1:]) or None,
        **more,
    )


def officer(
    who: Human | Body, role: str = "director", since: date | None = date(2020, 1, 1), **more: Any
) -> Appointment:
    """A line of the officers."""
    return Appointment(id="a", officer="o", role=role, who=who, appointed_on=since, **more)


def control(who: Human | Body | None, kind: str = PSC, since: date | None = date(2020, 1, 1), **more: Any) -> Control:
    """A line of the persons with significant control."""
    return Control(id="c", kind=kind, who=who, notified_on=since, **more)


def company(
    number: str, appointments: Sequence[Appointment] = (), controls: Sequence[Control] = (), status: str = "active"
) -> WorldCompany:
    """A company with these people."""
    return WorldCompany(
        number=number,
        name=f"COMPANY {number} LTD",
        status=status,
        type="ltd",
        appointments=tuple(appointments),
        controls=tuple(controls),
    )


def companies_of(
    world: Sequence[WorldCompany],
    truth: Mapping[str, Sequence[tuple[str, str]]],
    traps: Mapping[str, str] | None = None,
) -> list[KnownCompany]:
    """What is known of these companies; the truth by number as (person, full name)."""
    people = {number: [True_(*one) for one in each] for number, each in truth.items()}
    return list(known(HandWorld(tuple(world)), HandTruth(people, traps or {})))
