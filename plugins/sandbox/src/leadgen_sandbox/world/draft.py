"""A company in the making: who truly holds what, beside what the register is going to say of it."""

from __future__ import annotations

from datetime import date

from attrs import define, frozen

from leadgen_core.contracts.world import Body, WorldCompany
from leadgen_sandbox.world.people import Person

__all__ = ["DECIDING_ROLES", "INDIVIDUAL_KINDS", "Draft", "Holding", "Seat", "Stake"]

INDIVIDUAL_KINDS = frozenset(("individual-person-with-significant-control", "individual-beneficial-owner"))
"""Kinds of PSC entry whose holder is a human."""
DECIDING_ROLES = frozenset(("director", "llp-designated-member")) | INDIVIDUAL_KINDS
"""Who decides: an active director, a designated member of an LLP, a human with significant control. Not a secretary,
an ordinary member, a nominee, a partner, a managing officer."""


@define(kw_only=True)
class Seat:
    """Somebody in an office of the company, as it truly is. ``alias``: listed under a further officer id."""

    who: Person | Body
    role: str
    since: date
    until: date | None = None
    before: date | None = None
    alias: bool = False


@define(kw_only=True)
class Stake:
    """Somebody with significant control, as it truly is. ``who`` None: protected."""

    who: Person | Body | None
    kind: str
    natures: tuple[str, ...] = ()
    since: date
    until: date | None = None


@frozen(kw_only=True)
class Holding:
    """A human in a deciding role, in truth: from ``since`` (inclusive) until ``until`` (exclusive).

    ``before`` stands for an unknown ``since`` of the time before 1992.
    """

    person: str
    name: str
    role: str
    since: date | None
    before: date | None = None
    until: date | None = None

    def current(self, today: date) -> bool:
        """Whether it is held on this day."""
        return (self.since is None or self.since <= today) and (self.until is None or self.until > today)


@frozen(kw_only=True)
class Draft:
    """What the register says, and what is true."""

    company: WorldCompany
    holdings: tuple[Holding, ...] = ()
