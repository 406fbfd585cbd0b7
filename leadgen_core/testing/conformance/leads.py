"""Leads for checks: nothing known, everything known, and what hardly ever happens. All invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from attrs import evolve

from leadgen_core.model.answers import Cause, Outcome, State
from leadgen_core.model.claims import Address, PreviousName
from leadgen_core.model.lead import (
    AccountLink,
    Check,
    Company,
    Compliance,
    Contact,
    Evidence,
    Executive,
    InputRows,
    Lead,
    Ownership,
    PersonName,
    Reason,
    Role,
    RunStamp,
    Score,
    Site,
    SiteAudit,
    Strength,
    Verdict,
)

__all__ = ["NOW", "empty", "executive", "full", "leads"]

NOW = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)
_LINK = Evidence(
    claim="is-current-director",
    source="register.officers",
    url="https://register.example/officers",
    retrieved_at=NOW,
    strength=Strength.AUTHORITATIVE,
)
_ACCOUNT = AccountLink(
    provider="x",
    url="https://x.example/acme",
    verdict=Verdict.PROVEN,
    because="linked from the site",
    evidence=(_LINK,),
)


def executive(name: str = "Jane Smith", **members: Any) -> Executive:
    """A director since 2015."""
    given, _, family = name.rpartition(" ")
    return Executive(
        name=PersonName(full=name, given=given or None, family=family or None),
        roles=(Role(role="director", since=date(2015, 6, 1)), Role(role="secretary", before=date(1992, 1, 1))),
        evidence=(_LINK,),
        **members,
    )


def empty() -> Lead:
    """A company of which nothing is known."""
    return Lead(company=Company(number=None), provenance=RunStamp(run="run", generated_at=NOW))


def full() -> Lead:
    """A company of which everything is known."""
    check = Check(id="meta-description", outcome="fail", receipts=({"page": "/", "found": None},), more=3)
    contact = Contact(kind="email", value="jane@acme.example", usable_for=("email",))
    return Lead(
        company=Company(
            number="01234567",
            name="ACME T\u00c9NIS \u2603 LTD",
            status="active",
            type="ltd",
            sic_codes=("62012", "73110"),
            incorporated_on=date(2011, 3, 1),
            address=Address(premises="12", address_line_1="High Street", locality="Leeds", postal_code="LS1 1AA"),
            previous_names=(PreviousName("OLD LTD", date(2011, 3, 1), date(2020, 1, 1)),),
            evidence=(_LINK,),
        ),
        site=Site(
            url="https://acme.example/",
            owned=Ownership(verdict=Verdict.PROVEN, because="company number in the footer"),
            audit=SiteAudit(checks=(check,)),
            evidence=(_LINK,),
        ),
        accounts=(_ACCOUNT,),
        executives=(
            executive(accounts=(_ACCOUNT,), contacts=(contact,), confidence=0.97),
            executive("Zo\u00eb \u738b"),
        ),
        scores={"other": Score(value=12.5, reasons=(Reason(points=12.5, because="it is so"),)), "unknown": None},
        outcomes={
            "register.profile": Outcome(state=State.FOUND, asked=1, found=1),
            "register.officers": Outcome(state=State.UNKNOWN, cause=Cause.THROTTLED, asked=1, unknown=1),
        },
        compliance=Compliance(subscriber="corporate", lia="lia-1", suppressed_people=2),
        provenance=RunStamp(run="run", generated_at=NOW, plugins={"register": "1.0"}),
        input=InputRows(rows=(7, 12), columns={"our_ref": "A-17"}, repaired=("company_number",)),
    )


def leads() -> dict[str, Lead]:
    """By a word for each."""
    whole = full()
    company = whole.company
    return {
        "of which nothing is known": empty(),
        "of which everything is known": whole,
        "with a number and nothing else": evolve(empty(), company=Company(number="01234567")),
        "that was founded in the future": evolve(whole, company=evolve(company, incorporated_on=date(9999, 12, 31))),
        "that is as old as dates go": evolve(whole, company=evolve(company, incorporated_on=date(1, 1, 1))),
        "with empty texts": evolve(whole, company=evolve(company, name="", status="", sic_codes=("",)), executives=()),
        "whose people have neither roles nor dates": evolve(
            whole, executives=(Executive(name=PersonName(full=""), roles=(), evidence=(_LINK,)),)
        ),
        "with 300 people": evolve(whole, executives=tuple(executive(f"Jane {n}") for n in range(300))),
    }
