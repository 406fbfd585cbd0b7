"""What kind of company a number stands for, and who is in it. The table is in the package's docstring."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from attrs import evolve, frozen

from tests.replay.people import Person, person

__all__ = [
    "MANY",
    "MANY_PSC",
    "RESERVED",
    "UNKNOWN",
    "Cast",
    "Hold",
    "Post",
    "Shape",
    "cast_of",
    "is_known",
    "shape_of",
]

MANY = 230
"""Officers of one company under :attr:`Shape.MANY`."""
MANY_PSC = 130
"""PSCs of one company under :attr:`Shape.MANY_PSC`."""
UNKNOWN = "99"
"""Numbers that begin so are unknown to the register."""

_NUMBER = re.compile(r"[A-Z0-9]{8}")


class Shape(StrEnum):
    """The kinds of companies that a reserved range of numbers gives."""

    ORDINARY = "one active director, who is the PSC"
    DISSOLVED = "dissolved; its director never resigned and counts as inactive"
    LIQUIDATION = "in liquidation"
    NO_PSC = "no PSC link, no statements"
    STATEMENTS_ONLY = "no PSC, a statement"
    CORPORATE = "beside the ordinary pair a corporate director, a corporate secretary, a corporate PSC"
    COMPANY_AS_DIRECTOR = "a company under the role director (identification only when the number is even)"
    SUPER_SECURE = "one director; the only PSC is super-secure"
    CEASED_PSC = "beside the ordinary pair a ceased PSC, another human"
    RESIGNED = "beside the ordinary pair a resigned director, another human"
    SECRETARY_ONLY = "one secretary, no director; the PSC is another human"
    ONE_SURNAME = "two directors of one surname and initial (odd number: of one full name); the first is the PSC"
    PRE_1992 = "a pre-1992 appointment: appointed_before instead of appointed_on"
    SEVERAL_IDS = "one human under three officer ids: two active, one resigned"
    MANY = "230 directors; the first is the PSC"
    MANY_PSC = "one director, who is the first of 130 PSCs"
    OTHER_PSC = "the PSC is no officer"
    NOBODY = "no officers (200 with zeros and an empty etag), no PSC"
    ALL_RESIGNED = "its only director has resigned and is still the PSC"
    SINGLE_NAME = "director and PSC is one human with a surname only"
    LLP = "two designated members, the first is the PSC; a corporate member"
    STUB = "an index stub held elsewhere: no officers, no PSC, no SIC codes, no address"


RESERVED: dict[str, Shape] = {
    "80": Shape.DISSOLVED,
    "81": Shape.LIQUIDATION,
    "82": Shape.NO_PSC,
    "83": Shape.STATEMENTS_ONLY,
    "84": Shape.CORPORATE,
    "85": Shape.COMPANY_AS_DIRECTOR,
    "86": Shape.SUPER_SECURE,
    "87": Shape.CEASED_PSC,
    "88": Shape.RESIGNED,
    "89": Shape.SECRETARY_ONLY,
    "90": Shape.ONE_SURNAME,
    "91": Shape.PRE_1992,
    "92": Shape.SEVERAL_IDS,
    "93": Shape.MANY,
    "94": Shape.MANY_PSC,
    "95": Shape.OTHER_PSC,
    "96": Shape.NOBODY,
    "97": Shape.ALL_RESIGNED,
    "98": Shape.SINGLE_NAME,
    **dict.fromkeys(("OC", "SO", "NC"), Shape.LLP),
    **dict.fromkeys(("CE", "CS", "RS", "IP", "SP", "NP", "NO", "IC", "SI", "NV", "RC", "SR", "NR"), Shape.STUB),
}


@frozen
class Post:
    """One row of the officers list. ``who``: a human, or the name of a company. Dates: None = not there."""

    who: Person | str
    role: str = "director"
    appointed: str | None = "2014-12-31"
    before: str | None = None
    resigned: str | None = None
    registered: str | None = None
    """Of a corporate officer: the registration number as somebody typed it; None: no ``identification``."""


@frozen
class Hold:
    """One row of the PSC list. ``who``: a human, the name of a company, or None: super-secure."""

    who: Person | str | None
    ceased: str | None = None


@frozen
class Cast:
    """Who is in a company."""

    posts: tuple[Post, ...]
    holds: tuple[Hold, ...]
    statement: bool = False


def shape_of(number: str) -> Shape:
    """The shape of a valid number; ordinary unless its first two characters are reserved."""
    return RESERVED.get(number[:2], Shape.ORDINARY)


def is_known(number: str) -> bool:
    """The default of ``known``: eight characters, not in the range of unknown numbers."""
    return _NUMBER.fullmatch(number) is not None and not number.startswith(UNKNOWN)


def _one_surname(number: str, first: Person) -> Person:
    year = first.year + 26 if first.year < 1970 else first.year - 26
    if number[-1] in "13579":
        return evolve(first, year=year)
    forename = (first.forename or "")[:1] + "ebadiah"
    return evolve(first, forename=forename, middle=None, year=year)


def _two_members(number: str, first: Person, other: Person) -> Iterator[Post]:
    yield Post(first, "llp-designated-member")
    yield Post(other, "llp-designated-member")
    yield Post(f"MERIDIAN {number} PARTNERS LTD", "corporate-llp-member", registered="04112233")


def cast_of(number: str) -> Cast:
    """The people and companies of a number."""
    shape = shape_of(number)
    first, other = person(number), person(number, 500)
    boss, owner = Post(first), Hold(first)
    nominees = f"ARGOSY {number} NOMINEES LIMITED"
    registered = None if number[-1] in "13579" else "Sc095000"
    single = Person(None, None, first.surname, first.title, first.month, first.year)
    made: dict[Shape, Callable[[], Cast]] = {
        Shape.NO_PSC: lambda: Cast((boss,), ()),
        Shape.STATEMENTS_ONLY: lambda: Cast((boss,), (), statement=True),
        Shape.CORPORATE: lambda: Cast(
            (
                boss,
                Post(f"ARGOSY {number} HOLDINGS LIMITED", "corporate-director", registered="Sc095000"),
                Post(f"ARGOSY {number} SECRETARIES LTD", "corporate-secretary", registered="4112233"),
            ),
            (owner, Hold(f"Argosy {number} Holdings Limited")),
        ),
        Shape.COMPANY_AS_DIRECTOR: lambda: Cast((boss, Post(nominees, registered=registered)), (owner,)),
        Shape.SUPER_SECURE: lambda: Cast((boss,), (Hold(None),)),
        Shape.CEASED_PSC: lambda: Cast((boss,), (owner, Hold(other, ceased="2019-03-31"))),
        Shape.RESIGNED: lambda: Cast((boss, Post(other, resigned="2018-06-30")), (owner,)),
        Shape.SECRETARY_ONLY: lambda: Cast((Post(first, "secretary"),), (Hold(other),)),
        Shape.ONE_SURNAME: lambda: Cast((boss, Post(_one_surname(number, first))), (owner,)),
        Shape.PRE_1992: lambda: Cast((Post(first, appointed=None, before="1991-08-14"),), (owner,)),
        Shape.SEVERAL_IDS: lambda: Cast(
            (boss, Post(first, appointed="2019-05-01"), Post(first, appointed="2016-02-01", resigned="2017-02-01")),
            (owner,),
        ),
        Shape.MANY: lambda: Cast(tuple(Post(person(number, index)) for index in range(MANY)), (owner,)),
        Shape.MANY_PSC: lambda: Cast((boss,), tuple(Hold(person(number, index)) for index in range(MANY_PSC))),
        Shape.OTHER_PSC: lambda: Cast((boss,), (Hold(other),)),
        Shape.NOBODY: lambda: Cast((), ()),
        Shape.ALL_RESIGNED: lambda: Cast((Post(first, resigned="2021-11-30"),), (owner,)),
        Shape.SINGLE_NAME: lambda: Cast((Post(single),), (Hold(single),)),
        Shape.LLP: lambda: Cast(tuple(_two_members(number, first, other)), (owner,)),
        Shape.STUB: lambda: Cast((), ()),
    }
    make = made.get(shape)
    return make() if make is not None else Cast((boss,), (owner,))
