"""What may be kept of an answer. Everything else is dropped before cache, recording or parser see it.

Each function builds a new object from the members that the parsers (``companies.py``, ``people.py``) read, so that what
the register adds tomorrow is dropped too. Of the company everything read is kept, its registered office whole.
Of a person go: nationality, country of residence, occupation, the date of birth, the address, former and
preferred names, person number, contacts. Stay: name, role, dates, the town, and two keyed hashes:

- ``birth_key``: of ``YYYY-MM``, so officers and PSCs of equal month and year have equal keys;
- ``address.postcode_key``: of the postcode in capitals without blanks.

A value of the wrong type is replaced by an empty one of a wrong type (``[]``, ``false``): the parser still sees
that something unreadable stood there, and nothing of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from leadgen_companies_house.reading import count, obj, rows, text
from leadgen_core import Keyed

__all__ = ["ADDRESS", "redact", "unwrapped"]

ADDRESS = (
    "care_of", "po_box", "premises", "address_line_1", "address_line_2", "locality", "region", "country",
    "postal_code",
)  # fmt: skip
_OFFICE = " ".join(ADDRESS)
_PROFILE = (
    "company_number company_name company_status company_status_detail type jurisdiction date_of_creation "
    "date_of_cessation"
)
_PROFILE_LINKS = "self officers persons_with_significant_control"
_PREVIOUS = "name effective_from ceased_on"
_LAST_ACCOUNTS = "type made_up_to period_end_on"
_HIT = "company_number title company_status snippet"
_LISTED = "company_number company_name company_status date_of_creation"
_OFFICER = "name officer_role appointed_on appointed_before is_pre_1992_appointment resigned_on"
_CONTROL = "kind notified_on ceased_on ceased"
_ELEMENTS = "title forename middle_name other_forenames surname"
_IDENTIFICATION = "identification_type registration_number"
_VERIFICATION = "appointment_verification_start_on appointment_verification_end_on"
_AT_HAND = 4096
"""Hashes of each kind."""
_SHORT = 32
"""Characters of a postcode that is kept at hand; one that is longer is none."""
_NOT_POSTCODE = re.compile(r"[^A-Z0-9]")


def redact(operation: str, body: Any, keyed: Keyed) -> dict[str, Any]:
    """The part of an answer that may be kept; nothing of an operation or of a shape that is not known."""
    shape = _SHAPES.get(operation)
    return {} if shape is None or not isinstance(body, dict) else shape(body, _keys_of(keyed))


def unwrapped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The profile inside ``{has_mortgage, data: {…}}``, the form in which the register's own store answers."""
    inner = body.get("data")
    return inner if isinstance(inner, dict) and "company_number" not in body and "links" not in body else body


# --- companies --------------------------------------------------------------------------------------------


def _profile(wrapped: Mapping[str, Any], _keys: _Keys) -> dict[str, Any]:
    body = unwrapped(wrapped)
    get = body.get
    accounts = obj(get("accounts"))
    kept = _PICK[_PROFILE](body)
    kept["sic_codes"] = [code for each in rows(get("sic_codes")) if (code := text(each))]
    kept["registered_office_address"] = _PICK[_OFFICE](obj(get("registered_office_address")))
    kept["previous_company_names"] = [_PICK[_PREVIOUS](obj(name)) for name in rows(get("previous_company_names"))]
    kept["accounts"] = {
        **_one(accounts, "overdue"),
        "last_accounts": _PICK[_LAST_ACCOUNTS](obj(accounts.get("last_accounts"))),
        "next_accounts": _one(obj(accounts.get("next_accounts")), "overdue"),
    }
    kept["confirmation_statement"] = _one(obj(get("confirmation_statement")), "overdue")
    kept["annual_return"] = _one(obj(get("annual_return")), "overdue")
    links = get("links")
    if isinstance(links, dict):  # else no link could not be told from no links
        kept["links"] = _PICK[_PROFILE_LINKS](links)
    return kept


def _search(body: Mapping[str, Any], keys: _Keys) -> dict[str, Any]:
    return _list(body, keys, _hit)


def _hit(item: Mapping[str, Any], _keys: _Keys) -> dict[str, Any]:
    kept = _PICK[_HIT](item)
    kept["address"] = _one(obj(item.get("address")), "postal_code")
    return kept


def _advanced(body: Mapping[str, Any], keys: _Keys) -> dict[str, Any]:
    return {**_one(body, "hits"), **_list(body, keys, _listed)}


def _listed(item: Mapping[str, Any], _keys: _Keys) -> dict[str, Any]:
    kept = _PICK[_LISTED](item)
    kept["registered_office_address"] = _one(obj(item.get("registered_office_address")), "postal_code")
    return kept


# --- people -----------------------------------------------------------------------------------------------


def _officers(body: Mapping[str, Any], keys: _Keys) -> dict[str, Any]:
    return _list(body, keys, _officer)


def _officer(item: Mapping[str, Any], keys: _Keys) -> dict[str, Any]:
    kept = _PICK[_OFFICER](item)
    _person(item, keys, kept)
    links = item.get("links")
    if isinstance(links, dict):
        kept["links"] = stay = _one(links, "self")
        officer = links.get("officer")
        if isinstance(officer, dict) and (appointments := officer.get("appointments")) is not None:
            stay["officer"] = {"appointments": appointments if type(appointments) is str else _odd(appointments)}
    return kept


def _psc(body: Mapping[str, Any], keys: _Keys) -> dict[str, Any]:
    return _list(body, keys, _control)


def _control(item: Mapping[str, Any], keys: _Keys) -> dict[str, Any]:
    kept = _PICK[_CONTROL](item)
    links = item.get("links")
    if isinstance(links, dict):
        kept["links"] = _one(links, "self")
    if "super-secure" in (text(item.get("kind")) or ""):
        return kept  # nothing of such a person is public; were something sent by mistake, it must not stay
    name = item.get("name")
    if name is not None:
        kept["name"] = name if type(name) is str else _odd(name)
    kept["name_elements"] = _PICK[_ELEMENTS](obj(item.get("name_elements")))
    kept["natures_of_control"] = [nature for each in rows(item.get("natures_of_control")) if (nature := text(each))]
    _person(item, keys, kept)
    return kept


def _person(item: Mapping[str, Any], keys: _Keys, kept: dict[str, Any]) -> None:
    """Put down what officers and PSCs have in common."""
    get = item.get
    birth = get("date_of_birth")
    if isinstance(birth, dict):
        month, year = birth.get("month"), birth.get("year")
        if type(month) is not int or type(year) is not int:
            month, year = count(month), count(year)
        # The day, if any, is not looked at.
        if month is not None and year is not None and (birth_key := keys.births[year, month]) is not None:
            kept["birth_key"] = birth_key
    address = get("address")
    if isinstance(address, dict):
        town, stated = text(address.get("locality")), address.get("postal_code")
        if type(stated) is not str:
            stated = text(stated) or ""
        postcode_key = keys.postcodes[stated]
        if town and postcode_key is not None:
            kept["address"] = {"town": town, "postcode_key": postcode_key}
        elif town:
            kept["address"] = {"town": town}
        elif postcode_key is not None:
            kept["address"] = {"postcode_key": postcode_key}
    if (identification := get("identification")) is not None:
        kept["identification"] = _PICK[_IDENTIFICATION](obj(identification))
    if (details := get("identity_verification_details")) is not None:
        kept["identity_verification_details"] = _PICK[_VERIFICATION](obj(details))


# --- keys -------------------------------------------------------------------------------------------------


class _Births(dict[tuple[int, int], "str | None"]):
    """The keys of years and months, None for what is none. Those that were made stay at hand: a hit is no call."""

    def __init__(self, keyed: Keyed) -> None:
        super().__init__()
        self._keyed = keyed

    def __missing__(self, stated: tuple[int, int]) -> str | None:
        year, month = stated
        known = 1 <= month <= 12 and 1000 <= year <= 9999
        key = self._keyed(f"{year}-{month:02}") if known else None
        if len(self) >= _AT_HAND:
            self.clear()
        self[stated] = key
        return key


class _Postcodes(dict[str, "str | None"]):
    """The keys of postcodes as they are stated, None for what is none."""

    def __init__(self, keyed: Keyed) -> None:
        super().__init__()
        self._keyed = keyed

    def __missing__(self, stated: str) -> str | None:
        plain = stated.strip().upper().replace(" ", "")
        if not (plain.isascii() and plain.isalnum()):
            plain = _NOT_POSTCODE.sub("", plain)
        key = self._keyed(plain) if plain else None
        if len(stated) <= _SHORT:
            if len(self) >= _AT_HAND:
                self.clear()
            self[stated] = key
        return key


class _Keys:
    """The hashes that one installation's key has given."""

    __slots__ = ("births", "keyed", "postcodes")

    def __init__(self, keyed: Keyed) -> None:
        self.keyed = keyed
        self.births = _Births(keyed)
        self.postcodes = _Postcodes(keyed)


_last: _Keys | None = None


def _keys_of(keyed: Keyed) -> _Keys:
    """Those of the key that is in use: a process has one."""
    global _last  # noqa: PLW0603 - a cache of one
    if _last is None or _last.keyed is not keyed:
        _last = _Keys(keyed)
    return _last


# --- building blocks --------------------------------------------------------------------------------------


def _list(
    body: Mapping[str, Any], keys: _Keys, item: Callable[[Mapping[str, Any], _Keys], dict[str, Any]]
) -> dict[str, Any]:
    kept = _one(body, "total_results")
    items = body.get("items")
    if isinstance(items, list):
        kept["items"] = [item(each, keys) if isinstance(each, dict) else False for each in items]
    elif items is not None:
        kept["items"] = False
    return kept


def _odd(value: object) -> object:
    """``[]`` for what is neither text, whole number nor flag."""
    return value if isinstance(value, (str, int)) else []


def _one(source: Mapping[str, Any], name: str) -> dict[str, Any]:
    """This member, where it is not null."""
    value = source.get(name)
    return {} if value is None else {name: value if type(value) is str else _odd(value)}


class _Pickers(dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]):
    """By names: a function that gives these members of an object, without those that are null; odd ones as ``_odd``.

    Its code is written for the names when it is first needed, without a loop: most of a redaction is this.
    """

    def __missing__(self, names: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        lines = ["def pick(source):", " get = source.get", " kept = {}"]
        for name in names.split():
            usual = "type(value) is str or value is False or value is True"
            keep = f"kept[{name!r}] = value if {usual} else odd(value)"
            lines += [f" value = get({name!r})", " if value is not None:", f"  {keep}"]
        known: dict[str, Any] = {"odd": _odd}
        exec("\n".join([*lines, " return kept"]), known)  # noqa: S102 - of the names in this module alone
        pick: Callable[[Mapping[str, Any]], dict[str, Any]] = known["pick"]
        self[names] = pick
        return pick


_PICK = _Pickers()

_SHAPES: dict[str, Callable[[Mapping[str, Any], _Keys], dict[str, Any]]] = {
    "profile": _profile,
    "officers": _officers,
    "psc": _psc,
    "search": _search,
    "advanced-search": _advanced,
}
