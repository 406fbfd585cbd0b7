"""The words in which companies are designed by hand: a few lines each, dates as text or as days from today.

``human("Oonagh Mary/Tessimond", "1971-04")`` is who somebody is, and ``as_(OONAGH, "Una/Tessimond")`` how one list
writes them under ``realistic``; under ``clean`` the lists agree. What stands in ``decides`` was worked out by hand
and is compared with what the rules make of the entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from attrs import evolve, field, frozen

from leadgen_core.contracts.world import Body, Human, Presence
from leadgen_sandbox.world.draw import Draw

__all__ = [
    "Hand",
    "Said",
    "Seat",
    "Stake",
    "When",
    "Who",
    "as_",
    "body",
    "company",
    "corporate",
    "day",
    "designated",
    "director",
    "facebook",
    "firm_owner",
    "human",
    "linkedin",
    "misfiled",
    "owner",
    "seat",
    "secretary",
    "secure",
    "site",
    "x",
]

When = str | int | None
"""``2015-02-03``, or days from today (-1: yesterday), or None."""

INDIVIDUAL = "individual-person-with-significant-control"
CORPORATE = "corporate-entity-person-with-significant-control"
NO_HUMAN = "no-human:"
"""Begins the ``person`` of entries that are filed as a human's and are none."""
_SAME = object()


@frozen
class Said:
    """A human, and how one entry writes them where sources disagree."""

    truly: Human
    written: Human


Who = Human | Said | Body


@frozen(kw_only=True)
class Seat:
    """An appointment. ``officer`` tells apart several officer ids of one human; ``home``: served at home."""

    role: str
    who: Who
    since: When
    until: When
    before: When
    officer: str
    home: bool


@frozen(kw_only=True)
class Stake:
    """An entry of the PSC list. ``truly``: from and until when it holds in truth, where the list is wrong."""

    kind: str
    who: Who | None
    natures: tuple[str, ...]
    since: When
    until: When
    truly: tuple[When, When] | None
    home: bool


@frozen(kw_only=True)
class Hand:
    """A company as it was designed."""

    trap: str
    number: str
    name: str
    sic: tuple[str, ...]
    at: str | None
    since: When
    officers: tuple[Seat, ...]
    owners: tuple[Stake, ...]
    decides: tuple[str, ...]
    web: tuple[Callable[[str], Presence], ...]
    more: dict[str, Any] = field(factory=dict)
    """Further members of the company: type, status, previous names with dates as here, ..."""


def day(when: When, today: date) -> date | None:
    """The date that is meant."""
    if isinstance(when, int):
        return today + timedelta(days=when)
    return date.fromisoformat(when) if when else None


def _month(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    year, month = text.split("-")
    return int(year), int(month)


def _parts(name: str) -> tuple[str | None, str | None, str]:
    """``Forename Middle/Surname``: the first blank parts forename and middle names; ``~`` is a blank inside a name."""
    given, _, surname = name.rpartition("/")
    first, _, rest = given.partition(" ")
    return first.replace("~", " ") or None, rest.replace("~", " ") or None, surname


def human(name: str, born: str | None = None, key: str = "", **more: Any) -> Human:
    """Who somebody truly is. ``key`` tells apart two of one name."""
    forename, middle, surname = _parts(name)
    members: dict[str, Any] = {
        "title": "Mr", "nationality": "British", "residence": "United Kingdom", "occupation": "Company Director",
    }  # fmt: skip
    return Human(
        person=f"hand:{name}{key}",
        forename=forename,
        middle=middle,
        surname=surname,
        born=_month(born),
        **(members | more),
    )


def as_(who: Human, name: str | None = None, born: Any = _SAME, **more: Any) -> Said:
    """How one entry writes a human otherwise: the name, month of birth (None: not at all), any member."""
    written = who
    if name is not None:
        forename, middle, surname = _parts(name)
        written = evolve(written, forename=forename, middle=middle, surname=surname)
    if born is not _SAME:
        written = evolve(written, born=_month(born))
    return Said(who, evolve(written, **more))


def misfiled(name: str) -> Human:
    """A company that somebody filed as a human: its name stands where the surname belongs."""
    return Human(person=f"{NO_HUMAN}{name}", surname=name)


def body(name: str, registration: str | None = None, **more: Any) -> Body:
    """A company or firm as an entry writes it."""
    members: dict[str, Any] = {"legal_form": "Limited Company", "legal_authority": "Companies Act 2006"}
    return Body(name=name, registration=registration, **(members | more))


def seat(
    role: str, who: Who, since: When = None, until: When = None, *, before: When = None, officer: str = "",
    home: bool = False,
) -> Seat:  # fmt: skip
    """Somebody in an office."""
    return Seat(role=role, who=who, since=since, until=until, before=before, officer=officer, home=home)


def director(who: Who, since: When = None, until: When = None, **more: Any) -> Seat:
    """A director."""
    return seat("director", who, since, until, **more)


def secretary(who: Who, since: When = None, until: When = None, **more: Any) -> Seat:
    """A secretary."""
    return seat("secretary", who, since, until, **more)


def designated(who: Who, since: When = None, until: When = None, **more: Any) -> Seat:
    """A designated member of an LLP."""
    return seat("llp-designated-member", who, since, until, **more)


def corporate(role: str, who: Body, since: When = None, until: When = None, **more: Any) -> Seat:
    """A company under its proper role: ``corporate("director", ...)``."""
    return seat(f"corporate-{role}", who, since, until, **more)


def owner(
    who: Who | None, since: When = "2016-04-06", until: When = None, *, holds: str | tuple[str, ...] = "75-to-100",
    kind: str = INDIVIDUAL, truly: tuple[When, When] | None = None, home: bool = False,
) -> Stake:  # fmt: skip
    """Somebody with significant control; ``holds``: a band of shares, or the codes of natures of control."""
    codes = (f"ownership-of-shares-{holds}-percent",) if isinstance(holds, str) else holds
    return Stake(kind=kind, who=who, natures=codes, since=since, until=until, truly=truly, home=home)


def firm_owner(who: Body, since: When = "2016-04-06", until: When = None, **more: Any) -> Stake:
    """A company with significant control."""
    return owner(who, since, until, **({"kind": CORPORATE} | more))


def secure(kind: str = "super-secure-person-with-significant-control", until: When = None) -> Stake:
    """Somebody of whom nothing may be shown."""
    return owner(None, None, until, holds=(), kind=kind)


def company(
    trap: str, number: str, name: str, *, sic: str = "", at: str | None = None, since: When = None,
    officers: Sequence[Seat] = (), owners: Sequence[Stake] = (), decides: Sequence[str] = (),
    web: Sequence[Callable[[str], Presence]] = (), **more: Any,
) -> Hand:  # fmt: skip
    """A company; ``at`` is ``14 Mill Lane, Ludlow``, ``sic`` codes with blanks between."""
    return Hand(
        trap=trap,
        number=number,
        name=name,
        sic=tuple(sic.split()),
        at=at,
        since=since,
        officers=tuple(officers),
        owners=tuple(owners),
        decides=tuple(decides),
        web=tuple(web),
        more=more,
    )


_OWN = "own"


def _presence(provider: str, handle: str, owner: str | None, facts: dict[str, Any]) -> Callable[[str], Presence]:
    def make(number: str) -> Presence:
        return Presence(provider=provider, handle=handle, owner=number if owner == _OWN else owner, facts=facts)

    return make


def _id(handle: str) -> str:
    return str(2 * 10**14 + Draw("account", handle).below(10**12))


def site(host: str, *, owner: str | None = _OWN, **facts: Any) -> Callable[[str], Presence]:
    """A web site; its own unless told whose."""
    return _presence("website", host, owner, {"state": "live", "people": [], "links": {}, "https": True} | facts)


def x(handle: str, *, owner: str | None = _OWN, **facts: Any) -> Callable[[str], Presence]:
    """An account at X."""
    return _presence("x", handle, owner, {"id": _id(handle), "followers": 120, "verified": False} | facts)


def linkedin(handle: str, *, owner: str | None = _OWN, **facts: Any) -> Callable[[str], Presence]:
    """A page at LinkedIn."""
    return _presence("linkedin", handle, owner, {"id": _id(handle), "followers": 80} | facts)


def facebook(handle: str, *, owner: str | None = _OWN, **facts: Any) -> Callable[[str], Presence]:
    """A page at Facebook."""
    return _presence("facebook", handle, owner, {"id": _id(handle), "followers": 300} | facts)
