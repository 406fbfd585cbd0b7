"""Values that occur nowhere else, put in place of what must never be kept, so that every artefact can be searched.

With ``marks=True`` every human of every answer, recorded or built, carries them: an impossible birth year, a
service address that is not the office, an invented nationality, residence, occupation and preferred name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from attrs import frozen

__all__ = ["MARKS", "TOWN", "Mark", "find_marks", "mark"]

TOWN = "Quorlby"
"""The town of every marked address. No mark: of a person's address the town may stay (architecture.md §5)."""

_YEARS = (1887, 1883, 1879)


@frozen
class Mark:
    """One marked value: what kind of data it stands for, how it is written, how it is found (ignoring case)."""

    kind: str
    text: str
    pattern: re.Pattern[str]


def _word(kind: str, text: str) -> Mark:
    return Mark(kind, text, re.compile(re.escape(text), re.IGNORECASE))


def _year(year: int) -> Mark:
    # Four digits turn up by chance inside identifiers, digests, UUIDs and fractions: those are no dates.
    free = rf"(?<![0-9A-Fa-f.]){year}(?![0-9A-Fa-f]|\.[0-9])"
    return Mark("birth", str(year), re.compile(free))


_NATIONALITY = "Zemblan"
_RESIDENCE = "Zembla Ultima"
_OCCUPATION = "Snarkwright"
_PREFERRED = "Boojumina"
_FORMER = "Jabberwick"
_CARE_OF = "Vorpalhouse"
_PREMISES = "Tumtum Lodge"
_STREET = "Quillfeather Row"
_REGION = "Mimsyshire"

MARKS: tuple[Mark, ...] = (
    *(_year(year) for year in _YEARS),
    _word("nationality", _NATIONALITY),
    _word("residence", _RESIDENCE),
    _word("occupation", _OCCUPATION),
    _word("preferred-name", _PREFERRED),
    _word("former-name", _FORMER),
    _word("address", _CARE_OF),
    _word("address", _PREMISES),
    _word("address", _STREET),
    _word("address", _REGION),
    Mark("postcode", "ZX1 1QQ", re.compile(r"(?<![0-9A-Za-z+/_-])ZX[0-9]{1,2}[ +]?[0-9]QQ(?![0-9A-Za-z+/_-])", re.I)),
)
"""All of them. Postcodes are ``ZX<1-99> <0-9>QQ``, one per surname, so that two people can be told apart by it."""

_LONGEST_DATE = 16
_BEFORE = re.compile(r"[0-9A-Za-z+/_-]*$")
_AFTER = re.compile(r"[0-9A-Za-z+/_-]*")


def find_marks(data: bytes | str) -> list[Mark]:
    """The marks that occur in an artefact (decompress and decode it first). Empty: it is clean."""
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    return [mark for mark in MARKS if _occurs(mark, text)]


def _occurs(mark: Mark, text: str) -> bool:
    if mark.kind != "birth":
        return mark.pattern.search(text) is not None
    for hit in mark.pattern.finditer(text):
        near = text[max(0, hit.start() - _LONGEST_DATE) : hit.end() + _LONGEST_DATE]
        at = min(hit.start(), _LONGEST_DATE)
        before, after = _BEFORE.search(near[:at]), _AFTER.match(near[at:])
        if len((before.group() if before else "") + (after.group() if after else "")) <= _LONGEST_DATE:
            return True
    return False


def mark(item: Mapping[str, Any], surname: str) -> dict[str, Any]:
    """The row of an officer or PSC with every personal member marked.

    People stay distinguishable and one human stays one human: the birth year follows the true one, the postcode
    follows the surname. Members that the row does not have (a secretary's birth) are not invented.
    """
    seed = crc32(surname.casefold().encode())
    place = seed % 99 + 1
    postcode = f"ZX{place} {seed // 99 % 10}QQ"
    marked = {
        **item,
        "address": {
            "address_line_1": _STREET,
            "care_of": _CARE_OF,
            "country": _RESIDENCE,
            "locality": TOWN,
            "postal_code": postcode,
            "premises": f"{_PREMISES} {place}",
            "region": _REGION,
        },
        "nationality": _NATIONALITY,
        "identity_verification_details": {
            **item.get("identity_verification_details", {}),
            "preferred_name": f"{_PREFERRED} {surname}",
        },
    }
    if "country_of_residence" in item:
        marked["country_of_residence"] = _RESIDENCE
    if "officer_role" in item:
        marked["occupation"] = _OCCUPATION
        marked["former_names"] = [{"forenames": _FORMER, "surname": _FORMER}]
    if "date_of_birth" in item:
        birth = item["date_of_birth"]
        marked["date_of_birth"] = {**birth, "year": _YEARS[birth["year"] % len(_YEARS)]}
    return marked
