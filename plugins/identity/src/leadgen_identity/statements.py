"""Statements: what a register's claims say of humans, read once, judged against the case's date.

Bodies, super-secure entries and what is unsure make no statement; neither does another company's claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from leadgen_core import (
    Claim,
    CompanyNumber,
    Evidence,
    OfficerAppointment,
    PersonalAddress,
    SignificantControl,
    Strength,
)
from leadgen_identity.kind import Kind, kind_of
from leadgen_identity.names import HumanName, from_control, from_officers
from leadgen_identity.ordering import PersonClaim, in_order
from leadgen_identity.record import record

__all__ = ["CONTROL_ROLE", "DECIDING_ROLES", "Statement", "read_statements", "today"]

CONTROL_ROLE = "person-with-significant-control"
"""The role of individuals with significant control and of individual beneficial owners of overseas entities."""

DECIDING_ROLES = frozenset({"director", "llp-designated-member"})
"""The officers' roles that decide (companies-house.md §1.10). Any other role is evidence and names nobody: nominees
and managing officers act for others, secretaries and ordinary members do not decide."""


@record
class Statement:
    """One claim about one human: who, in which role, whether still, and the link for the chain of evidence.

    ``ids`` are the register's own identifiers, each marked with its kind: an officer's id (one human can have
    several, but no id has two humans), an appointment's and a notification's.
    """

    order: int
    """The place among the statements of the case, which is the same whatever the order of the claims."""
    name: HumanName
    role: str
    current: bool
    decides: bool
    evidence: Evidence
    since: date | None = None
    before: date | None = None
    birth_key: str | None = None
    ids: tuple[str, ...] = ()
    postcode_key: str | None = None


def today(now: datetime) -> date:
    """The case's day, in UTC."""
    return now.astimezone(UTC).date() if now.tzinfo else now.date()


def read_statements(claims: Iterable[Claim], number: CompanyNumber | None, now: datetime) -> list[Statement]:
    """The statements about humans of this company, each once, in a stable order."""
    own = [claim for claim in claims if isinstance(claim, PersonClaim) and claim.company == number]
    reader = _Reader(today(now))
    read = [reader.read(claim, order) for order, claim in enumerate(in_order(own))]
    return [statement for statement in read if statement is not None]


class _Reader:
    """Reads the claims of one case."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._links: dict[tuple[int, str], Evidence] = {}

    def read(self, claim: PersonClaim, order: int) -> Statement | None:
        """The statement of a claim; None when it says nothing of a human."""
        return self._officer(claim, order) if isinstance(claim, OfficerAppointment) else self._control(claim, order)

    def _officer(self, claim: OfficerAppointment, order: int) -> Statement | None:
        kind = kind_of(
            claim.name,
            role=claim.role,
            has_birth_key=bool(claim.birth_key),
            registration=claim.registration if claim.registration is not None else claim.identification_type,
        )
        name = from_officers(claim.name) if kind is Kind.PERSON else None
        if name is None:
            return None
        current = claim.resigned_on is None or claim.resigned_on > self._day
        return Statement(
            order=order,
            name=name,
            role=claim.role,
            current=current,
            decides=claim.role in DECIDING_ROLES,
            since=claim.appointed_on,
            before=claim.appointed_before if claim.appointed_on is None else None,
            birth_key=claim.birth_key or None,
            ids=_ids(officer=claim.officer_id, appointment=claim.appointment),
            postcode_key=_postcode_key(claim.address),
            evidence=self._link(claim, f"is-current-{claim.role}" if current else f"was-{claim.role}"),
        )

    def _control(self, claim: SignificantControl, order: int) -> Statement | None:
        # The kind comes first: only "individual-..." can be a human, an unknown kind says nothing.
        if not claim.control_kind.startswith("individual-") or claim.name is None:
            return None
        kind = kind_of(
            claim.name,
            has_birth_key=bool(claim.birth_key),
            registration=claim.registration,
            control_kind=claim.control_kind,
        )
        if kind is not Kind.PERSON:
            return None
        name = from_control(
            claim.name,
            title=claim.title,
            forename=claim.forename,
            middle_name=claim.middle_name,
            surname=claim.surname,
        )
        if name is None:
            return None
        current = not claim.ceased and (claim.ceased_on is None or claim.ceased_on > self._day)
        return Statement(
            order=order,
            name=name,
            role=CONTROL_ROLE,
            current=current,
            decides=True,
            since=claim.notified_on,
            birth_key=claim.birth_key or None,
            ids=_ids(notification=claim.notification),
            postcode_key=_postcode_key(claim.address),
            evidence=self._link(claim, f"is-{CONTROL_ROLE}" if current else f"was-{CONTROL_ROLE}"),
        )

    def _link(self, claim: Claim, says: str) -> Evidence:
        """A register's entry is the authority for who holds an office (companies-house.md §1.10, §1.11).

        What a page says of many humans is one link for all of them.
        """
        source = claim.provenance
        link = self._links.get((id(source), says))
        if link is None:
            link = self._links[id(source), says] = Evidence(
                claim=says,
                source=source.question,
                url=source.url,
                retrieved_at=source.retrieved_at,
                good_until=source.good_until,
                strength=Strength.AUTHORITATIVE,
            )
        return link


def _ids(**ids: str | None) -> tuple[str, ...]:
    return tuple([f"{kind}:{value}" for kind, value in ids.items() if value])


def _postcode_key(address: PersonalAddress | None) -> str | None:
    return (address.postcode_key or None) if address else None
