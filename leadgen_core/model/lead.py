"""The lead: what a run delivers of one company. The members and their order are those of the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from attrs import field

from leadgen_core.model.answers import Outcome
from leadgen_core.model.claims import Address, PreviousName
from leadgen_core.model.records import frozen

__all__ = [
    "SCHEMA_VERSION",
    "AccountLink",
    "Check",
    "Company",
    "Compliance",
    "Contact",
    "Evidence",
    "Executive",
    "InputRows",
    "Lead",
    "Ownership",
    "PersonName",
    "Reason",
    "Role",
    "RunStamp",
    "Score",
    "Site",
    "SiteAudit",
    "Strength",
    "Verdict",
    "volatile",
]

SCHEMA_VERSION = 1

volatile: dict[str, Any] = {"volatile": True}
"""Marks a member that differs between two runs over the same world: times of retrieval and generation, run id."""


class Strength(StrEnum):
    """How much one piece of evidence can carry. The resolver says it, never the source."""

    AUTHORITATIVE = "authoritative"
    STRONG = "strong"
    SUPPORTING = "supporting"
    WEAK = "weak"


class Verdict(StrEnum):
    """Whether a site or an account belongs to the company."""

    PROVEN = "proven"
    PROBABLE = "probable"
    UNPROVEN = "unproven"
    REFUTED = "refuted"


@frozen(kw_only=True)
class Evidence:
    """One link of the chain: which claim, by which source, read where and when, and how strong it is."""

    claim: str
    source: str
    url: str
    retrieved_at: datetime = field(metadata=volatile)
    good_until: datetime | None = field(default=None, metadata=volatile)
    strength: Strength = Strength.SUPPORTING


@frozen(kw_only=True)
class Company:
    """The company as its register knows it; every member but the number may be null."""

    number: str | None
    name: str | None = None
    status: str | None = None
    type: str | None = None
    sic_codes: tuple[str, ...] = ()
    incorporated_on: date | None = None
    address: Address | None = None
    previous_names: tuple[PreviousName, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@frozen(kw_only=True)
class Ownership:
    """Whether the site is the company's, and the sentence that says why."""

    verdict: Verdict
    because: str


@frozen(kw_only=True)
class Check:
    """One SEO check with at most five receipts; ``more`` counts the rest."""

    id: str
    outcome: str
    receipts: tuple[Mapping[str, Any], ...] = ()
    more: int = 0


@frozen(kw_only=True)
class SiteAudit:
    """The SEO audit of a site."""

    checks: tuple[Check, ...] = ()


@frozen(kw_only=True)
class Site:
    """The company's web site."""

    url: str
    owned: Ownership
    audit: SiteAudit | None = None
    evidence: tuple[Evidence, ...] = ()


@frozen(kw_only=True)
class AccountLink:
    """An account at a social network and whether it belongs."""

    provider: str
    url: str
    verdict: Verdict
    because: str
    evidence: tuple[Evidence, ...] = ()


@frozen(kw_only=True)
class PersonName:
    """A name as it is written to the person: given names first, ordinary capitals."""

    full: str
    given: str | None = None
    family: str | None = None


@frozen(kw_only=True)
class Role:
    """What the person is in the company. ``before`` stands for ``since`` where only that is known (pre-1992)."""

    role: str
    since: date | None = None
    before: date | None = None


@frozen(kw_only=True)
class Contact:
    """A way to reach somebody, and the channels for which it may lawfully be used."""

    kind: str
    value: str
    usable_for: tuple[str, ...] = ()


@frozen(kw_only=True)
class Executive:
    """A current decision maker of the company, found once, with the whole chain of evidence."""

    name: PersonName
    roles: tuple[Role, ...]
    accounts: tuple[AccountLink, ...] = ()
    contacts: tuple[Contact, ...] = ()
    confidence: float | None = None
    confidence_basis: str = "none"
    article14_due: date | None = field(default=None, metadata=volatile)
    evidence: tuple[Evidence, ...] = ()


@frozen(kw_only=True)
class Reason:
    """Why a score is what it is: the points, positive or negative, and a sentence."""

    points: float
    because: str


@frozen(kw_only=True)
class Score:
    """How good the lead is in one respect, 0 to 100. It is never a confidence."""

    value: float = field()
    reasons: tuple[Reason, ...] = ()

    @value.validator
    def _check(self, _attribute: object, value: float) -> None:
        if not 0 <= value <= 100:
            raise ValueError("a score is from 0 to 100")


@frozen(kw_only=True)
class Compliance:
    """What the law asks to be known of the lead."""

    subscriber: str | None = None
    lia: str | None = None
    suppressed_people: int = 0


@frozen(kw_only=True)
class RunStamp:
    """Which run made the lead, when, with which plugins."""

    run: str = field(metadata=volatile)
    generated_at: datetime = field(metadata=volatile)
    plugins: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class InputRows:
    """The rows of the input that are this company, what else stood in the first, and what was repaired."""

    rows: tuple[int, ...] = ()
    columns: Mapping[str, str] = field(factory=dict)
    repaired: tuple[str, ...] = ()


@frozen(kw_only=True)
class Lead:
    """One company: the unit of delivery. Every member is always present in the JSON."""

    schema_version: int = SCHEMA_VERSION
    company: Company
    site: Site | None = None
    accounts: tuple[AccountLink, ...] = ()
    executives: tuple[Executive, ...] = ()
    scores: Mapping[str, Score | None] = field(factory=dict)
    outcomes: Mapping[str, Outcome] = field(factory=dict)
    compliance: Compliance = field(factory=Compliance)
    provenance: RunStamp
    input: InputRows = field(factory=InputRows)
