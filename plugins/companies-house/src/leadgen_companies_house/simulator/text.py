"""How the register writes names, addresses, days and words; each endpoint has its own way (§1.6, §1.10, §1.11)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from leadgen_companies_house.simulator.answers import Json
from leadgen_core.contracts.world import Body, Human, Place

__all__ = [
    "address",
    "address_snippet",
    "birth",
    "day",
    "folded_address",
    "forenames",
    "name_in_appointments",
    "name_in_control",
    "name_in_list",
    "name_of_filer",
    "present",
    "search_key",
    "words",
    "written_out",
]

_PLACE = (
    "care_of", "po_box", "premises", "address_line_1", "address_line_2", "locality", "region", "country",
    "postal_code",
)  # fmt: skip
_LINES = ("address_line_1", "address_line_2", "locality", "region", "country", "postal_code")
_PLAIN_TITLE = re.compile(r"(?:mrs?|miss|ms|master)", re.IGNORECASE)
_STREET_NUMBER = re.compile(r"^\d|(?:^|\s)\d\S*$|,$")
"""Premises after which the street follows with a blank only: ``85``, ``Unit 17``, ``Dept 2,``."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_JOINED = re.compile(r"[.'’`]")
_NOT_WORD = re.compile(r"[\W_]+")
_FORMS = frozenset({"LIMITED", "LTD", "PLC", "LLP", "LP", "CIC", "CYF", "CYFYNGEDIG", "CCC"})


def present(**members: object) -> Json:
    """The members that are not None: the register leaves out what it does not have (§5.6)."""
    return {name: value for name, value in members.items() if value is not None}


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def written_out(value: date) -> str:
    """``18 July 2022``, whatever the locale."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


# --- people -------------------------------------------------------------------------------------------------


def forenames(who: Human) -> str:
    """Forename and other forenames, empty for who has a single name."""
    return " ".join(filter(None, (who.forename, who.middle)))


def _spoken_title(who: Human) -> str | None:
    """The title unless it is one of those that lists of officers leave out."""
    return None if who.title is None or _PLAIN_TITLE.fullmatch(who.title) else who.title


def name_in_list(who: Human | Body) -> str:
    """``SURNAME, Forename Other, Dr``: in the officers of a company."""
    if isinstance(who, Body):
        return who.name
    return ", ".join(filter(None, (who.surname.upper(), forenames(who), _spoken_title(who))))


def name_in_appointments(who: Human | Body) -> str:
    """``Dr Forename Other SURNAME``: in the appointments of an officer."""
    if isinstance(who, Body):
        return who.name
    return " ".join(filter(None, (_spoken_title(who), forenames(who), who.surname.upper())))


def name_in_control(who: Human | Body) -> str:
    """``Mr Forename Middle Surname``: in persons with significant control."""
    if isinstance(who, Body):
        return who.name
    return " ".join(filter(None, (who.title, forenames(who), who.surname)))


name_of_filer = name_in_control
"""In the values of a filing's description."""


def birth(who: Human) -> Json | None:
    """Month and year; the day is never public."""
    return None if who.born is None else {"month": who.born[1], "year": who.born[0]}


# --- addresses ----------------------------------------------------------------------------------------------


def address(place: Place | None) -> Json | None:
    """The members that the address has; None for no address."""
    if place is None:
        return None
    return {name: value for name in _PLACE if (value := getattr(place, name))} or None


def folded_address(place: Place | None) -> Json | None:
    """As the profile has it: the premises are part of the first line (§1.9)."""
    members = address(place)
    if members and "premises" in members and "address_line_1" in members:
        premises = members.pop("premises")
        members["address_line_1"] = f"{premises} {members['address_line_1']}"
    return members


def address_snippet(members: Json) -> str:
    """The address of a search hit in one line, with the register's own places for commas."""
    lines = [str(members[name]) for name in _LINES if members.get(name)]
    if premises := members.get("premises"):
        if lines:
            near = "address_line_1" not in members or _STREET_NUMBER.search(premises)
            lines[0] = f"{premises}{' ' if near else ', '}{lines[0]}"
        else:
            lines = [premises]
    return ", ".join([members["po_box"], *lines] if "po_box" in members else lines)


# --- words --------------------------------------------------------------------------------------------------


def words(text: str) -> tuple[str, ...]:
    """The words of a name or an address as the searches compare them: capitals, no accents, ``&`` is AND."""
    if text.isascii():
        plain = text
    else:
        folded = unicodedata.normalize("NFKD", text)
        plain = "".join(char for char in folded if not unicodedata.combining(char))
    plain = _JOINED.sub("", plain.upper()).replace("&", " AND ")
    return tuple(_NOT_WORD.sub(" ", plain).split())


def search_key(parts: Iterable[str]) -> str:
    """What names are ordered and called equal by: the letters of the words without the legal form at the end."""
    kept = list(parts)
    while len(kept) > 1 and kept[-1] in _FORMS:
        kept.pop()
    return "".join(kept)
