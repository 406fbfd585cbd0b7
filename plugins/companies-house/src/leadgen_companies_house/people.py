"""From redacted answers about people to claims (companies-house.md §1.10, §1.11).

Everybody becomes a claim: resigned officers, ceased PSCs, bodies, super-secure entries. Deciding is the
resolver's. Unknown members are ignored, unknown roles and kinds kept as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leadgen_companies_house.listing import Listing, listing, needed
from leadgen_companies_house.reading import DAYS, Unreadable, day, flag, given, last_segment, obj, rows, text
from leadgen_core import CompanyNumber, OfficerAppointment, PersonalAddress, Provenance, SignificantControl, maker

__all__ = ["officers", "psc"]

_appointment = maker(OfficerAppointment)
_control = maker(SignificantControl)
_address = maker(PersonalAddress)

# There are seven officers and two PSCs a company, so what nearly always stands in a member is read without a call.


def officers(body: object, company: CompanyNumber, provenance: Provenance, today: date) -> Listing[OfficerAppointment]:
    """A page of officers (§1.10), resigned ones with ``resigned_on``.

    An entry whose ``resigned_on`` cannot be read is unreadable: it must not pass for a current officer.
    Raises :class:`Unreadable` when ``items`` is no list.
    """

    def read(item: Mapping[str, Any], key: str | None) -> OfficerAppointment:
        get = item.get
        resigned_on = None
        if (resigned := get("resigned_on")) is not None:
            resigned_on = day(resigned)
            if resigned_on is None and given(resigned):
                raise Unreadable("has no readable resigned_on")
        appointed = get("appointed_on")
        appointed_on = DAYS[appointed] if type(appointed) is str else day(appointed)
        stated = get("appointed_before")
        before = None if stated is None else day(stated)
        if before is None and appointed_on is None and flag(get("is_pre_1992_appointment")):
            before = date(1992, 1, 1)
        identification, details = get("identification"), get("identity_verification_details")
        return _appointment(
            provenance=provenance,
            company=company,
            name=needed(item, "name"),
            role=needed(item, "officer_role"),
            appointed_on=appointed_on,
            appointed_before=before,
            resigned_on=resigned_on,
            officer_id=_officer_id(item),
            appointment=last_segment(key),
            registration=None if identification is None else _registration(identification),
            identification_type=(
                None if identification is None else text(obj(identification).get("identification_type"))
            ),
            birth_key=text(get("birth_key")),
            address=_personal_address(get("address")),
            identity_verified=None if details is None else _verified(details, today),
        )

    return listing(body, read)


def _officer_id(item: Mapping[str, Any]) -> str | None:
    """The id in ``/officers/<id>/appointments``: the register's id of the officer; a human can have several."""
    try:
        link = item["links"]["officer"]["appointments"]
    except (KeyError, TypeError):
        return None
    if type(link) is str and link[:10] == "/officers/" and link[-13:] == "/appointments":
        middle = link[10:-13]
        if middle and "/" not in middle:
            return middle
    parts = (text(link) or "").strip("/").split("/")
    return parts[1] or None if len(parts) == 3 and parts[0] == "officers" else None


def psc(body: object, company: CompanyNumber, provenance: Provenance, today: date) -> Listing[SignificantControl]:
    """A page of persons with significant control (§1.11), ceased and super-secure ones too.

    Raises :class:`Unreadable` when ``items`` is no list.
    """

    def read(item: Mapping[str, Any], key: str | None) -> SignificantControl:
        get = item.get
        kind = needed(item, "kind")
        secret = "super-secure" in kind
        elements = obj(None if secret else get("name_elements"))
        title, forename = text(elements.get("title")), text(elements.get("forename"))
        middle = text(elements.get("middle_name")) or text(elements.get("other_forenames"))
        surname = text(elements.get("surname"))
        name = None
        if not secret:
            name = text(get("name")) or " ".join(filter(None, (title, forename, middle, surname))) or None
            if name is None:
                raise Unreadable("has no readable name")
        ceased_on = get("ceased_on")
        identification, details = get("identification"), get("identity_verification_details")
        return _control(
            provenance=provenance,
            company=company,
            control_kind=kind,
            name=name,
            title=title,
            forename=forename,
            middle_name=middle,
            surname=surname,
            notified_on=day(get("notified_on")),
            ceased_on=day(ceased_on),
            ceased=_ceased(get("ceased"), ceased_on, today),
            natures=tuple([nature for each in rows(get("natures_of_control")) if (nature := text(each))]),
            notification=last_segment(key),
            registration=None if identification is None else _registration(identification),
            birth_key=text(get("birth_key")),
            address=_personal_address(get("address")),
            identity_verified=None if details is None else _verified(details, today),
        )

    return listing(body, read)


def _ceased(flagged: object, ceased_on: object, today: date) -> bool:
    """Whether the control has ended: the flag says so, or a ``ceased_on`` stands there that is not in the future."""
    stated = flag(flagged)
    if stated is None and given(flagged):
        raise Unreadable("has no readable ceased")
    if not given(ceased_on):
        return bool(stated)
    end = day(ceased_on)
    return bool(stated) or end is None or end <= today


def _registration(identification: object) -> str:
    """A body's own registration number as free text; ``""`` where its identification stands without one."""
    return text(obj(identification).get("registration_number")) or ""


def _personal_address(value: object) -> PersonalAddress | None:
    if not isinstance(value, dict):
        return None
    town, key = value.get("town"), value.get("postcode_key")
    town = (town.strip() or None) if type(town) is str else text(town)
    key = (key.strip() or None) if type(key) is str else text(key)
    return _address(town, key) if town or key else None


def _verified(details: object, today: date) -> bool:
    """Whether the identity is verified today: a start and no end.

    The rule of §1.11 is "a start and no end", but the recorded answers carry the end ``9999-12-31`` for one that
    is in force: an end after today is none yet. One that cannot be read is an end.
    """
    if not isinstance(details, dict):
        return False
    start_on = details.get("appointment_verification_start_on")
    if (DAYS[start_on] if type(start_on) is str else day(start_on)) is None:
        return False
    end_on = details.get("appointment_verification_end_on")
    end = DAYS[end_on] if type(end_on) is str else day(end_on)
    return not given(end_on) if end is None else end > today
