"""What is true of the world: who decides in each company. ``leadgen evaluate`` and tests read it, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from attrs import field, frozen

from leadgen_core.contracts.world import Human
from leadgen_sandbox.world.draft import Draft, Holding
from leadgen_sandbox.world.people import full_name

__all__ = ["ENDED", "TrueExecutive", "Truth", "executives_of", "make_truth"]

ENDED = frozenset(("dissolved", "converted-closed", "closed", "removed"))
"""Statuses in which nobody decides any more."""


@frozen(kw_only=True)
class TrueExecutive:
    """A human who decides in a company today."""

    person: str
    """Who it is: the ``person`` of their entries in the world."""
    name: str
    """``Forename Middle Surname``, right and in full."""
    roles: tuple[str, ...]
    """In the register's words: officer roles, kinds of PSC entry."""
    since: date | None
    """First day of the oldest of these roles; None when only known to be before 1992."""
    before: date | None = None
    spellings: tuple[str, ...] = ()
    """All forms, ``Forename Middle Surname``, that the lists of this company have of the name, this one included."""


def executives_of(draft: Draft, today: date) -> tuple[TrueExecutive, ...]:
    """Those of a company, in the order of its lists; none where the company has ended."""
    if draft.company.status in ENDED:
        return ()
    held: dict[str, list[Holding]] = {}
    for holding in draft.holdings:
        if holding.current(today):
            held.setdefault(holding.person, []).append(holding)
    forms: dict[str, list[str]] = {}
    company = draft.company
    for who in [*(one.who for one in company.appointments), *(one.who for one in company.controls)]:
        if isinstance(who, Human) and who.person in held:
            forms.setdefault(who.person, []).append(full_name(who))
    return tuple(
        TrueExecutive(
            person=person,
            name=holdings[0].name,
            roles=tuple(dict.fromkeys(holding.role for holding in holdings)),
            since=None if any(h.since is None for h in holdings) else min(h.since for h in holdings if h.since),
            before=next((h.before for h in holdings if h.before), None),
            spellings=tuple(dict.fromkeys([holdings[0].name, *forms.get(person, ())])),
        )
        for person, holdings in held.items()
    )


@frozen(eq=False)
class _Lazy(Mapping[str, tuple[TrueExecutive, ...]]):
    """Each company's, made when asked for."""

    _numbers: Callable[[], Iterable[str]]
    _count: int
    _draft: Callable[[str], Draft | None]
    _today: date
    _made: dict[str, tuple[TrueExecutive, ...]] = field(factory=dict)

    def __getitem__(self, number: str) -> tuple[TrueExecutive, ...]:
        made = self._made.get(number)
        if made is None:
            draft = self._draft(number)
            if draft is None:
                raise KeyError(number)
            made = self._made[number] = executives_of(draft, self._today)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers())

    def __len__(self) -> int:
        return self._count


@frozen(kw_only=True)
class Truth:
    """Who decides in each company of a world, and what makes the hard ones hard."""

    seed: int
    profile: str
    today: date
    executives: Mapping[str, tuple[TrueExecutive, ...]]
    """By company number; an empty tuple where nobody decides. Every company of the world is in it."""
    traps: Mapping[str, str]
    """By company number, one line each; only of companies designed by hand."""

    def as_json(self) -> dict[str, Any]:
        """All of it in JSON's own types."""
        return {
            "seed": self.seed,
            "profile": self.profile,
            "today": self.today.isoformat(),
            "executives": {
                number: [
                    {
                        "person": one.person,
                        "name": one.name,
                        "roles": list(one.roles),
                        "since": one.since.isoformat() if one.since else None,
                        "before": one.before.isoformat() if one.before else None,
                        "spellings": list(one.spellings),
                    }
                    for one in executives
                ]
                for number, executives in self.executives.items()
            },
            "traps": dict(self.traps),
        }


def make_truth(
    seed: int,
    profile: str,
    today: date,
    numbers: Callable[[], Iterable[str]],
    count: int,
    draft: Callable[[str], Draft | None],
    traps: Mapping[str, str],
) -> Truth:
    """The truth of a world, worked out company by company when asked for."""
    executives = _Lazy(numbers, count, draft, today)
    return Truth(seed=seed, profile=profile, today=today, executives=executives, traps=traps)
