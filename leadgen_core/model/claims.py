"""Claims: what sources observed, each with its provenance. The resolver judges them; a source never does.

A plugin may subclass :class:`Claim`; resolvers ignore types that they do not know. Whatever a claim says of
a person has already passed the redaction of its API: no date of birth, nationality or private address is
left in it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from leadgen_core.model.records import frozen
from leadgen_core.model.subjects import CompanyNumber, Subject

__all__ = [
    "Address",
    "Aim",
    "Candidate",
    "Claim",
    "CompanyProfile",
    "NameMatch",
    "OfficerAppointment",
    "PersonalAddress",
    "PreviousName",
    "Provenance",
    "SignificantControl",
    "register_name",
]

Aim = str
"""What a run can want of a company: ``executives``, ``site``, ``audit``, ``accounts``."""


@frozen
class Provenance:
    """Where an observation comes from. The gateway stamps it; no source writes one.

    ``url`` is what was asked, without credentials; ``retrieved_at`` and ``good_until`` are UTC;
    ``stale_since`` is set when the value was served past its soft lifetime because the API was down.
    """

    question: str
    url: str
    retrieved_at: datetime
    good_until: datetime | None = None
    stale_since: datetime | None = None


@frozen
class Address:
    """The registered office of a company: company data, kept whole. Every member is optional (§1.9)."""

    care_of: str | None = None
    po_box: str | None = None
    premises: str | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    locality: str | None = None
    region: str | None = None
    country: str | None = None
    postal_code: str | None = None


@frozen
class PersonalAddress:
    """What may be kept of a person's address: the town, and the keyed hash of the postcode."""

    town: str | None = None
    postcode_key: str | None = None


@frozen
class PreviousName:
    """A former name of a company and the days on which it held."""

    name: str
    effective_from: date | None = None
    ceased_on: date | None = None


@frozen(kw_only=True)
class Claim:
    """One observation. ``provenance`` is that of the reply it was read from (``reply.provenance``)."""

    aim: ClassVar[Aim | None] = None
    """The aim that claims of this type can fulfil; None when they serve none by themselves."""

    provenance: Provenance

    def puts_forward(self) -> tuple[Subject, ...]:
        """Subjects *of this company* that can now be asked about; another company's number never is one."""
        return ()

    def fulfils(self) -> bool:
        """Whether this one claim is enough for its aim, so that no dearer tier need be opened for it."""
        return self.aim is not None


@frozen(kw_only=True)
class CompanyProfile(Claim):
    """A register knows this company, and says this of it (companies-house.md §1.9)."""

    number: CompanyNumber
    name: str | None = None
    status: str | None = None
    status_detail: str | None = None
    type: str | None = None
    jurisdiction: str | None = None
    incorporated_on: date | None = None
    ceased_on: date | None = None
    sic_codes: tuple[str, ...] = ()
    address: Address | None = None
    previous_names: tuple[PreviousName, ...] = ()
    accounts_type: str | None = None
    accounts_made_up_to: date | None = None
    accounts_overdue: bool | None = None
    confirmation_overdue: bool | None = None


@frozen(kw_only=True)
class OfficerAppointment(Claim):
    """A register lists this officer (companies-house.md §1.10).

    ``name`` stands as the register writes it (``SURNAME, Forename Other, Dr``). ``appointed_before`` is set
    instead of ``appointed_on`` for appointments before 1992. ``registration`` is what the entry says of a
    corporate officer's own registration (free text); any value there marks a body, not a human.
    """

    aim: ClassVar[Aim | None] = "executives"

    company: CompanyNumber
    name: str
    role: str
    appointed_on: date | None = None
    appointed_before: date | None = None
    resigned_on: date | None = None
    officer_id: str | None = None
    appointment: str | None = None
    registration: str | None = None
    identification_type: str | None = None
    birth_key: str | None = None
    address: PersonalAddress | None = None
    identity_verified: bool | None = None

    def fulfils(self) -> bool:
        return self.resigned_on is None and self.registration is None and not self.role.startswith("corporate-")


@frozen(kw_only=True)
class SignificantControl(Claim):
    """A register lists this person with significant control (companies-house.md §1.11).

    ``name`` stands as ``Title Forename Surname``; it is None for a super-secure entry, of which nothing is
    public. ``control_kind`` is the register's kind; the notification id is not a person's id.
    """

    aim: ClassVar[Aim | None] = "executives"

    company: CompanyNumber
    control_kind: str
    name: str | None = None
    title: str | None = None
    forename: str | None = None
    middle_name: str | None = None
    surname: str | None = None
    notified_on: date | None = None
    ceased_on: date | None = None
    ceased: bool = False
    natures: tuple[str, ...] = ()
    notification: str | None = None
    registration: str | None = None
    birth_key: str | None = None
    address: PersonalAddress | None = None
    identity_verified: bool | None = None

    def fulfils(self) -> bool:
        return self.name is not None and not self.ceased and self.control_kind.startswith("individual-")


@frozen
class Candidate:
    """A company that a name may mean."""

    number: CompanyNumber
    name: str
    status: str | None = None
    postcode: str | None = None


@frozen(kw_only=True)
class NameMatch(Claim):
    """A register's search gave exactly one company for a name; it is now asked about."""

    query: str
    number: CompanyNumber
    name: str
    because: str = ""

    def puts_forward(self) -> tuple[Subject, ...]:
        return (self.number,)


def register_name(surname: str, forenames: str | None = None, title: str | None = None) -> str:
    """A person's name as the company register writes it, ``SURNAME, Forename Other, Dr``, which resolvers read."""
    given = (text.strip() for text in (forenames or "", title or ""))
    return ", ".join([surname.strip().upper(), *filter(None, given)])
