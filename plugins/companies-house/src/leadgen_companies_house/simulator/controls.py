"""Persons with significant control and their statements (companies-house.md §1.11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from leadgen_companies_house.simulator.answers import Json, etag, token
from leadgen_companies_house.simulator.officers import identity
from leadgen_companies_house.simulator.text import address, birth, day, name_in_control, present
from leadgen_companies_house.simulator.vocabulary import CLOSED
from leadgen_core.contracts.world import Body, Control, Human, WorldCompany

__all__ = ["by_id", "item", "ordered", "path_of", "single", "statement_by_id", "statements"]

_PERSON = "-person-with-significant-control"
"""How kinds end; the others, of overseas entities, end in ``-beneficial-owner``."""
_DESCRIPTIONS = {"super-secure-person-with-significant-control": "super-secure-persons-with-significant-control"}
_FIRST_DAY = date(2016, 4, 6)
"""Since then there are persons with significant control."""
_IDENTITY = date(2025, 11, 18)
"""Since then they must verify who they are, with the next confirmation statement (§4)."""


def path_of(kind: str) -> str:
    """The part of the path that stands for a kind."""
    return kind.removesuffix(_PERSON)


def item(company: WorldCompany, control: Control) -> Json:
    """An entry of the list. Of a super-secure one there is nothing but that it exists, and whether it has ended."""
    number, who = company.number, control.who
    base = {
        "ceased": control.ceased_on is not None,
        "etag": etag("control", number, control.id, control.ceased_on),
        "kind": control.kind,
        "links": {"self": f"/company/{number}/persons-with-significant-control/{path_of(control.kind)}/{control.id}"},
    }
    if who is None:
        return {**base, "description": _DESCRIPTIONS.get(control.kind, control.kind)}
    body = base | present(
        name=name_in_control(who),
        address=address(who.address),
        natures_of_control=list(control.natures) or None,
        notified_on=day(control.notified_on),
        ceased_on=day(control.ceased_on),
    )
    return body | (_identified(who) if isinstance(who, Body) else _human(company, control, who))


def _human(company: WorldCompany, control: Control, who: Human) -> Json:
    return present(
        name_elements=present(title=who.title, forename=who.forename, middle_name=who.middle, surname=who.surname),
        date_of_birth=birth(who),
        nationality=who.nationality,
        country_of_residence=who.residence,
        identity_verification_details=identity(who) or _asked_to_verify(company, control),
    )


def _asked_to_verify(company: WorldCompany, control: Control) -> Json | None:
    """As recorded for who is not verified yet: the statement that is due with the company's next confirmation.

    Half of all individuals have details (§3, PSC snapshot); who is verified counts among them, so of the rest this
    gives them to half [I].
    """
    start = company.incorporated_on
    asked = control.ceased_on is None and company.status not in CLOSED and control.kind.endswith(_PERSON)
    if start is None or not asked:
        return None
    if int(etag("verification", control.id)[:2], 16) % 2:
        return None
    confirmed = start.replace(year=_IDENTITY.year, day=min(start.day, 28))
    if confirmed < _IDENTITY:
        confirmed = confirmed.replace(year=confirmed.year + 1)
    return {
        "appointment_verification_statement_date": day(confirmed + timedelta(days=1)),
        "appointment_verification_statement_due_on": day(confirmed + timedelta(days=14)),
    }


def _identified(who: Body) -> Json:
    members = present(
        legal_form=who.legal_form,
        legal_authority=who.legal_authority,
        country_registered=who.country_registered,
        place_registered=who.place_registered,
        registration_number=who.registration,
    )
    return {"identification": members} if members else {}


def single(company: WorldCompany, control: Control) -> Json:
    """One entry by its id: without ``ceased``, which a super-secure one has as the text ``"0"`` or ``"1"``."""
    body = item(company, control)
    ceased = body.pop("ceased")
    if control.who is None:
        return body | {"ceased": "1" if ceased else "0"}
    if not control.kind.endswith(_PERSON):
        body.pop("country_of_residence", None)  # the service has no such member for beneficial owners
    return body


def by_id(company: WorldCompany, kind: str, notification: str) -> Control | None:
    """The entry of this id, if it is of the kind that the path names."""
    return next(
        (one for one in company.controls if one.id == notification and path_of(one.kind) == kind),
        None,
    )


def ordered(controls: Sequence[Control]) -> list[Control]:
    """Latest notification first, then latest end; entries without the day last (the service's own sort)."""

    def late_first(value: date | None) -> int:
        return 0 if value is None else -value.toordinal()

    return sorted(controls, key=lambda control: (late_first(control.notified_on), late_first(control.ceased_on)))


# --- statements ---------------------------------------------------------------------------------------------


def statements(company: WorldCompany) -> list[Json]:
    """The statements in force. The world does not say since when: since there are any, or since the company is."""
    since = max(company.incorporated_on or _FIRST_DAY, _FIRST_DAY)
    path = f"/company/{company.number}/persons-with-significant-control-statements"
    return [
        {
            "etag": etag("statement", company.number, code),
            "kind": "persons-with-significant-control-statement",
            "links": {"self": f"{path}/{token(27, 'statement', company.number, code)}"},
            "notified_on": day(since),
            "statement": code,
        }
        for code in company.statements
    ]


def statement_by_id(company: WorldCompany, wanted: str) -> Json | None:
    return next((one for one in statements(company) if one["links"]["self"].endswith(f"/{wanted}")), None)
