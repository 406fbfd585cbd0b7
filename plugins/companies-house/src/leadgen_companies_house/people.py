"""From redacted answers about people to claims (companies-house.md §1.10, §1.11).

Everybody becomes a claim: resigned officers, ceased PSCs, bodies, super-secure entries. Deciding is the
resolver's. Unknown members are ignored, unknown roles and kinds kept as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leadgen_companies_house.listing import Listing, listing, needed, self_link
from leadgen_companies_house.reading import Unreadable, day, flag, given, last_segment, obj, rows, text
from leadgen_core import CompanyNumber, OfficerAppointment, PersonalAddress, Provenance, SignificantControl

__all__ = ["officers", "psc"]


def officers(body: object, company: CompanyNumber, provenance: Provenance, today: date) -> Listing[OfficerAppointment]:
    """A page of officers (§1.10), resigned ones with ``resigned_on``.

    An entry whose ``resigned_on`` cannot be read is unreadable: it must not pass for a current officer.
    Raises :class:`Unreadable` when ``items`` is no list.
    """

    def read(item: Mapping[str, Any]) -> OfficerAppointment:
        resigned_on = None
        if (resigned := item.get("resigned_on")) is not None:
            resigned_on = day(resigned)
            if resigned_on is None and given(resigned):
                raise Unreadable("has no readable resigned_on")
        appointed_on = day(item.get("appointed_on"))
        before = day(item["appointed_before"]) if "appointed_before" in item else None
        if before is None and appointed_on is None and flag(item.get("is_pre_1992_appointment")):
            before = date(1992, 1, 1)
        identification = item.get("identification")
        return OfficerAppointment(
            provenance=provenance,
            company=company,
            name=needed(item, "name"),
            role=needed(item, "officer_role"),
            appointed_on=appointed_on,
            appointed_before=before,
            resigned_on=resigned_on,
            officer_id=_officer_id(item),
            appointment=last_segment(self_link(item)),
            registration=_registration(identification),
            identification_type=(
                None if identification is None else text(obj(identification).get("identification_type"))
            ),
            birth_key=text(item.get("birth_key")),
            address=_personal_address(item.get("address")),
            identity_verified=_verified(item.get("identity_verification_details"), today),
        )

    return listing(body, read)


def _officer_id(item: Mapping[str, Any]) -> str | None:
    """The id in ``/officers/<id>/appointments``: the register's id of the officer; a human can have several."""
    try:
        link = text(item["links"]["officer"]["appointments"])
    except (KeyError, TypeError):
        return None
    parts = (link or "").strip("/").split("/")
    return parts[1] or None if len(parts) == 3 and parts[0] == "officers" else None


def psc(body: object, company: CompanyNumber, provenance: Provenance, today: date) -> Listing[SignificantControl]:
    """A page of persons with significant control (§1.11), ceased and super-secure ones too.

    Raises :class:`Unreadable` when ``items`` is no list.
    """

    def read(item: Mapping[str, Any]) -> SignificantControl:
        kind = needed(item, "kind")
        secret = "super-secure" in kind
        elements = obj(None if secret else item.get("name_elements"))
        title, forename = text(elements.get("title")), text(elements.get("forename"))
        middle = text(elements.get("middle_name")) or text(elements.get("other_forenames"))
        surname = text(elements.get("surname"))
        name = None
        if not secret:
            name = text(item.get("name")) or " ".join(filter(None, (title, forename, middle, surname))) or None
            if name is None:
                raise Unreadable("has no readable name")
        return SignificantControl(
            provenance=provenance,
            company=company,
            control_kind=kind,
            name=name,
            title=title,
            forename=forename,
            middle_name=middle,
            surname=surname,
            notified_on=day(item.get("notified_on")),
            ceased_on=day(item.get("ceased_on")),
            ceased=_ceased(item, today),
            natures=tuple(nature for nature in map(text, rows(item.get("natures_of_control"))) if nature),
            notification=last_segment(self_link(item)),
            registration=_registration(item.get("identification")),
            birth_key=text(item.get("birth_key")),
            address=_personal_address(item.get("address")),
            identity_verified=_verified(item.get("identity_verification_details"), today),
        )

    return listing(body, read)


def _ceased(item: Mapping[str, Any], today: date) -> bool:
    """Whether the control has ended: the flag says so, or a ``ceased_on`` stands there that is not in the future."""
    stated = flag(item.get("ceased"))
    if stated is None and given(item.get("ceased")):
        raise Unreadable("has no readable ceased")
    if not given(item.get("ceased_on")):
        return bool(stated)
    end = day(item.get("ceased_on"))
    return bool(stated) or end is None or end <= today


def _registration(identification: object) -> str | None:
    """A body's own registration number as free text; ``""`` where any identification stands without one; else None."""
    return None if identification is None else text(obj(identification).get("registration_number")) or ""


def _personal_address(value: object) -> PersonalAddress | None:
    address = obj(value)
    town, key = text(address.get("town")), text(address.get("postcode_key"))
    return PersonalAddress(town, key) if town or key else None


def _verified(details: object, today: date) -> bool | None:
    """Whether the identity is verified today: a start and no end; None where nothing is said of it.

    The rule of §1.11 is "a start and no end", but the recorded answers carry the end ``9999-12-31`` for one that
    is in force: an end after today is none yet. One that cannot be read is an end.
    """
    if details is None:
        return None
    stated = obj(details)
    if day(stated.get("appointment_verification_start_on")) is None:
        return False
    end_on = stated.get("appointment_verification_end_on")
    if not given(end_on):
        return True
    end = day(end_on)
    return end is not None and end > today
