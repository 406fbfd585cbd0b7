"""Invented people, derived from a company number: the same number gives the same people, in this and any process."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b

from attrs import frozen

__all__ = ["Person", "etag", "person", "token"]

_FORENAMES = (
    ("Adela", "Mrs"), ("Bruno", "Mr"), ("Cosima", "Ms"), ("Desmond", "Mr"), ("Elspeth", "Miss"), ("Fergus", "Mr"),
    ("Greta", "Mrs"), ("Hamish", "Mr"), ("Imogen", "Ms"), ("Jasper", "Mr"), ("Jemima", "Mrs"), ("Kester", "Mr"),
    ("Lavinia", "Ms"), ("Magnus", "Mr"), ("Nerys", "Mrs"), ("Osbert", "Mr"), ("Petra", "Miss"), ("Quentin", "Mr"),
    ("Rhiannon", "Ms"), ("Siegfried", "Mr"), ("Tamsin", "Mrs"), ("Ulric", "Mr"), ("Verity", "Ms"), ("Zoë", "Mrs"),
)  # fmt: skip
_MIDDLE = ("Anne", "Blythe", "Clement", "Delphine", "Ellis", "Florian", "Jean-Luc")
_SURNAMES = (
    "Ashgrove", "Birtwhistle", "Cheswardine", "De La Tour", "Dunsfold", "Eagleton", "Fairweather-Low", "Garside",
    "Hollowell", "Ibbotson", "Jessamine", "Kirkbride", "Lockhart", "MacAllister", "Müller", "Nettleship", "O'Neill",
    "Pemberton", "Quigley", "Ravenscroft", "St John", "Threlkeld", "Uttley", "Van Der Berg", "Wetherby", "Yarborough",
)  # fmt: skip
_PLAIN_TITLES = frozenset({"Mr", "Mrs", "Ms", "Miss", "Master"})


@frozen
class Person:
    """One human. The three forms of the name are those of companies-house.md §1.10 and §1.11."""

    forename: str | None
    middle: str | None
    surname: str
    title: str | None
    month: int
    year: int

    @property
    def forenames(self) -> str:
        return " ".join(part for part in (self.forename, self.middle) if part)

    @property
    def officer_name(self) -> str:
        """``SURNAME, Forename Other``, the title after a second comma unless it is a plain one."""
        parts = [self.surname.upper()]
        if self.forename:
            parts.append(self.forenames)
        if self.title and self.title not in _PLAIN_TITLES:
            parts.append(self.title)
        return ", ".join(parts)

    @property
    def psc_name(self) -> str:
        """``Title Forename Other Surname``."""
        return " ".join(part for part in (self.title, self.forenames, self.surname) if part)

    @property
    def appointments_name(self) -> str:
        """``Forename Other SURNAME``."""
        return " ".join(part for part in (self.forenames, self.surname.upper()) if part)

    def elements(self, middle: str) -> dict[str, str]:
        """``name_elements``; ``middle`` is the spelling of the second forename's key (it differs by product)."""
        pairs = (
            ("forename", self.forename), (middle, self.middle), ("surname", self.surname), ("title", self.title),
        )  # fmt: skip
        return {key: value for key, value in pairs if value}


def _digest(*parts: object) -> bytes:
    return blake2b("|".join(map(str, parts)).encode(), digest_size=32).digest()


def person(number: str, index: int = 0) -> Person:
    """The human of one place in one company. Two indexes of one company never have the same full name."""
    base = _digest("person", number)
    place = int.from_bytes(base[:4]) + index
    forename, title = _FORENAMES[place % len(_FORENAMES)]
    surname = _SURNAMES[(place // len(_FORENAMES)) % len(_SURNAMES)]
    own = _digest("birth", number, index)
    return Person(
        forename=forename,
        middle=_MIDDLE[own[0] % len(_MIDDLE)] if own[1] % 3 == 0 else None,
        surname=surname,
        title="Dr" if own[2] % 16 == 0 else title,
        month=own[3] % 12 + 1,
        year=1940 + own[4] % 60,
    )


def etag(*parts: object) -> str:
    """Forty hexadecimal characters, as the register's."""
    return _digest("etag", *parts)[:20].hex()


def token(size: int, *parts: object) -> str:
    """``size`` characters that are safe in a URL (at most 43)."""
    return urlsafe_b64encode(_digest("token", *parts)).decode()[:size]
