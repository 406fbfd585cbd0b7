"""What an evaluation knows of each company: its humans under every form of their names, and which of them decide.

Who decides is the truth's business (``world.Truth``); the forms of a human's name, the days of their entries and
the lists in which they stand come from the world, by the identity that its entries carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from attrs import define, field, frozen

from leadgen_core.contracts.world import Human, World, WorldCompany
from leadgen_sandbox.evaluation.names import key
from leadgen_sandbox.world import DECIDING_ROLES, full_name

__all__ = ["CONTROLS", "OFFICERS", "KnownCompany", "KnownHuman", "TrueHuman", "Truth", "known"]

OFFICERS = "companies-house.officers"
CONTROLS = "companies-house.psc"
"""The questions whose answers name people. A human of another source's would need that question here."""


class TrueHuman(Protocol):
    """Of the truth's executives, what is looked at: who it is, and the full name."""

    @property
    def person(self) -> str: ...
    @property
    def name(self) -> str: ...


class Truth(Protocol):
    """The truth by number of the company, as the generator gives it: current decision makers, and traps."""

    @property
    def executives(self) -> Mapping[str, Sequence[TrueHuman]]: ...
    @property
    def traps(self) -> Mapping[str, str]: ...


@frozen(kw_only=True)
class KnownHuman:
    """A human of one company.

    ``keys`` are those of all forms of the name, ``days`` all days on which an entry begins, ``lists`` the questions
    whose answers name them as current in a role that decides.
    """

    person: str
    name: str
    decides: bool
    keys: frozenset[str]
    days: frozenset[date] = frozenset()
    lists: frozenset[str] = frozenset()


@frozen(kw_only=True)
class KnownCompany:
    """A company with all of its humans, those who decide and those who do not."""

    number: str
    trap: str = ""
    humans: tuple[KnownHuman, ...] = ()

    @property
    def deciding(self) -> list[KnownHuman]:
        """The true executives."""
        return [human for human in self.humans if human.decides]


@define
class _Traces:
    name: str = ""
    decides: bool = False
    keys: set[str] = field(factory=set)
    days: set[date] = field(factory=set)
    lists: set[str] = field(factory=set)


def known(world: World, truth: Truth) -> Iterator[KnownCompany]:
    """Every company of the world, in the world's order."""
    for company in world.companies():
        humans = _humans(company, truth.executives.get(company.number, ()), world.today)
        yield KnownCompany(number=company.number, trap=truth.traps.get(company.number, ""), humans=humans)


def _humans(company: WorldCompany, deciding: Iterable[TrueHuman], today: date) -> tuple[KnownHuman, ...]:
    traces: dict[str, _Traces] = {}
    for true in deciding:
        trace = traces.setdefault(true.person, _Traces())
        trace.name, trace.decides = true.name, True
        trace.keys.add(key(true.name))
    for appointment in company.appointments:
        if isinstance(appointment.who, Human):
            trace = _seen(traces, appointment.who, appointment.appointed_on, appointment.appointed_before)
            if appointment.role in DECIDING_ROLES and _stands(appointment.resigned_on, today):
                trace.lists.add(OFFICERS)
    for control in company.controls:
        if isinstance(control.who, Human):
            trace = _seen(traces, control.who, control.notified_on)
            if control.kind in DECIDING_ROLES and _stands(control.ceased_on, today):
                trace.lists.add(CONTROLS)
    return tuple(
        KnownHuman(
            person=person,
            name=trace.name,
            decides=trace.decides,
            keys=frozenset(trace.keys - {""}),
            days=frozenset(trace.days),
            lists=frozenset(trace.lists),
        )
        for person, trace in traces.items()
    )


def _stands(until: date | None, today: date) -> bool:
    return until is None or until > today


def _seen(traces: dict[str, _Traces], human: Human, *days: date | None) -> _Traces:
    name = full_name(human)
    trace = traces.setdefault(human.person, _Traces(name))
    trace.keys.add(key(name))
    trace.days.update(day for day in days if day is not None)
    return trace
