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
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from leadgen_companies_house.reading import count, obj, rows, text
from leadgen_core import Keyed

__all__ = ["ADDRESS", "redact", "unwrapped"]

ADDRESS = (
    "care_of", "po_box", "premises", "address_line_1", "address_line_2", "locality", "region", "country",
    "postal_code",
)  # fmt: skip
_PROFILE = (
    "company_number", "company_name", "company_status", "company_status_detail", "type", "jurisdiction",
    "date_of_creation", "date_of_cessation",
)  # fmt: skip
_ELEMENTS = ("title", "forename", "middle_name", "other_forenames", "surname")
_VERIFICATION = ("appointment_verification_start_on", "appointment_verification_end_on")
_OFFICER = (
    "name", "officer_role", "appointed_on", "appointed_before", "is_pre_1992_appointment", "resigned_on",
)  # fmt: skip
_SHORT = 32
"""Characters of a postcode that is kept at hand; one that is longer is none."""
_NOT_POSTCODE = re.compile(r"[^A-Z0-9]")


def redact(operation: str, body: Any, keyed: Keyed) -> dict[str, Any]:
    """The part of an answer that may be kept; nothing of an operation or of a shape that is not known."""
    shape = _SHAPES.get(operation)
    return {} if shape is None or not isinstance(body, dict) else shape(body, keyed)


def unwrapped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The profile inside ``{has_mortgage, data: {…}}``, the form in which the register's own store answers."""
    inner = body.get("data")
    return inner if isinstance(inner, dict) and "company_number" not in body and "links" not in body else body


# --- companies --------------------------------------------------------------------------------------------


def _profile(wrapped: Mapping[str, Any], _keyed: Keyed) -> dict[str, Any]:
    body = unwrapped(wrapped)
    accounts = obj(body.get("accounts"))
    return {
        **_pick(body, _PROFILE),
        "sic_codes": [code for code in map(text, rows(body.get("sic_codes"))) if code],
        "registered_office_address": _pick(obj(body.get("registered_office_address")), ADDRESS),
        "previous_company_names": [
            _pick(obj(name), ("name", "effective_from", "ceased_on"))
            for name in rows(body.get("previous_company_names"))
        ],
        "accounts": {
            **_pick(accounts, ("overdue",)),
            "last_accounts": _pick(obj(accounts.get("last_accounts")), ("type", "made_up_to", "period_end_on")),
            "next_accounts": _pick(obj(accounts.get("next_accounts")), ("overdue",)),
        },
        "confirmation_statement": _pick(obj(body.get("confirmation_statement")), ("overdue",)),
        "annual_return": _pick(obj(body.get("annual_return")), ("overdue",)),
        **_links(body, ("self", "officers", "persons_with_significant_control")),
    }


def _search(body: Mapping[str, Any], keyed: Keyed) -> dict[str, Any]:
    return _list(body, keyed, _hit)


def _hit(item: Mapping[str, Any], _keyed: Keyed) -> dict[str, Any]:
    return {
        **_pick(item, ("company_number", "title", "company_status", "snippet")),
        "address": _pick(obj(item.get("address")), ("postal_code",)),
    }


def _advanced(body: Mapping[str, Any], keyed: Keyed) -> dict[str, Any]:
    return {**_pick(body, ("hits",)), **_list(body, keyed, _listed)}


def _listed(item: Mapping[str, Any], _keyed: Keyed) -> dict[str, Any]:
    return {
        **_pick(item, ("company_number", "company_name", "company_status", "date_of_creation")),
        "registered_office_address": _pick(obj(item.get("registered_office_address")), ("postal_code",)),
    }


# --- people -----------------------------------------------------------------------------------------------


def _officers(body: Mapping[str, Any], keyed: Keyed) -> dict[str, Any]:
    return _list(body, keyed, _officer)


def _officer(item: Mapping[str, Any], keyed: Keyed) -> dict[str, Any]:
    kept = _pick(item, _OFFICER)
    _person(item, keyed, kept)
    links = item.get("links")
    if isinstance(links, dict):
        kept["links"] = stay = _pick(links, ("self",))
        officer = _pick(obj(links.get("officer")), ("appointments",))
        if officer:
            stay["officer"] = officer
    return kept


def _psc(body: Mapping[str, Any], keyed: Keyed) -> dict[str, Any]:
    return _list(body, keyed, _control)


def _control(item: Mapping[str, Any], keyed: Keyed) -> dict[str, Any]:
    kept = {**_pick(item, ("kind", "notified_on", "ceased_on", "ceased")), **_links(item, ("self",))}
    if "super-secure" in (text(item.get("kind")) or ""):
        return kept  # nothing of such a person is public; were something sent by mistake, it must not stay
    kept.update(_pick(item, ("name",)))
    kept["name_elements"] = _pick(obj(item.get("name_elements")), _ELEMENTS)
    kept["natures_of_control"] = [nature for nature in map(text, rows(item.get("natures_of_control"))) if nature]
    _person(item, keyed, kept)
    return kept


def _person(item: Mapping[str, Any], keyed: Keyed, kept: dict[str, Any]) -> None:
    """Put down what officers and PSCs have in common."""
    birth_date = item.get("date_of_birth")
    if birth_date is not None and (birth := _birth(birth_date)):
        kept["birth_key"] = keyed(birth)
    address = obj(item.get("address"))
    if town := text(address.get("locality")):
        kept["address"] = {"town": town}
    stated = address.get("postal_code")
    if isinstance(stated, (str, int)) and (postcode := _canonical(stated)):
        kept.setdefault("address", {})["postcode_key"] = keyed(postcode)
    if (identification := item.get("identification")) is not None:
        kept["identification"] = _pick(obj(identification), ("identification_type", "registration_number"))
    if (details := item.get("identity_verification_details")) is not None:
        kept["identity_verification_details"] = _pick(obj(details), _VERIFICATION)


def _canonical(value: str | int) -> str:
    """A postcode in capitals, without blanks and signs."""
    return _postcode(value) if type(value) is str and len(value) <= _SHORT else _postcode.__wrapped__(value)


@lru_cache(maxsize=4096)
def _postcode(value: str | int) -> str:
    stated = (text(value) or "").upper().replace(" ", "")
    return stated if stated.isascii() and stated.isalnum() else _NOT_POSTCODE.sub("", stated)


def _birth(value: object) -> str | None:
    """``YYYY-MM``, whether month and year come as numbers or as digits; the day, if any, is not looked at."""
    birth = obj(value)
    month, year = birth.get("month"), birth.get("year")
    if type(month) is not int or type(year) is not int:
        month, year = count(month), count(year)
    if month is None or year is None or not 1 <= month <= 12 or not 1000 <= year <= 9999:
        return None
    return f"{year}-{month:02}"


# --- building blocks --------------------------------------------------------------------------------------


def _pick(source: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """These members, without those that are null; ``[]`` for one that is neither text, whole number nor flag."""
    kept: dict[str, Any] = {}
    get = source.get
    # A loop, for a comprehension is a second call; most values are texts, and the rest is looked at in a tuple, for
    # a union is made anew each time.
    for name in names:
        value = get(name)
        if value is not None:
            kept[name] = value if type(value) is str or isinstance(value, (str, int)) else []
    return kept


def _links(source: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """``{"links": …}`` where the source has an object of links, so that no link can be told from no links."""
    links = source.get("links")
    return {"links": _pick(links, names)} if isinstance(links, dict) else {}


def _list(
    body: Mapping[str, Any], keyed: Keyed, item: Callable[[Mapping[str, Any], Keyed], dict[str, Any]]
) -> dict[str, Any]:
    kept = _pick(body, ("total_results",))
    items = body.get("items")
    if isinstance(items, list):
        kept["items"] = [item(each, keyed) if isinstance(each, dict) else False for each in items]
    elif items is not None:
        kept["items"] = False
    return kept


_SHAPES: dict[str, Callable[[Mapping[str, Any], Keyed], dict[str, Any]]] = {
    "profile": _profile,
    "officers": _officers,
    "psc": _psc,
    "search": _search,
    "advanced-search": _advanced,
}
