"""Claims for checks: a company with its people, what is to be passed over, and texts that nobody expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attrs import frozen

from leadgen_core.contracts.protocols import Case
from leadgen_core.model.answers import Cause, Outcome, State
from leadgen_core.model.claims import (
    Address,
    Claim,
    CompanyProfile,
    NameMatch,
    OfficerAppointment,
    PreviousName,
    Provenance,
    SignificantControl,
)
from leadgen_core.model.lead import Company, InputRows, Lead, RunStamp
from leadgen_core.model.subjects import CompanyNumber
from leadgen_core.testing.conformance.leads import NOW

__all__ = ["NUMBER", "OTHER", "Rumour", "case", "claims", "draft", "officer", "owner", "profile", "stamp", "strange"]

NUMBER, OTHER = CompanyNumber("01234567"), CompanyNumber("07654321")
_OUTCOMES: Mapping[str, Outcome] = {
    "register.profile": Outcome(state=State.FOUND, asked=1, found=1),
    "register.officers": Outcome(state=State.UNKNOWN, cause=Cause.THROTTLED, asked=1, unknown=1),
}


@frozen(kw_only=True)
class Rumour(Claim):
    """A claim of a type that no resolver knows."""

    company: CompanyNumber = NUMBER
    name: str = "RUMOUR, Rita"
    role: str = "director"


def stamp(question: str = "register.officers", at: datetime = NOW) -> Provenance:
    """Where an observation comes from."""
    return Provenance(question=question, url=f"https://register.example/{question}", retrieved_at=at)


def officer(name: str, role: str = "director", **members: Any) -> OfficerAppointment:
    """Somebody whom the register lists."""
    given = {"provenance": stamp(), "company": NUMBER, "appointed_on": date(2015, 6, 1), "officer_id": name, **members}
    return OfficerAppointment(name=name, role=role, **given)


def owner(name: str, **members: Any) -> SignificantControl:
    """A person with significant control."""
    given = {"provenance": stamp("register.psc"), "company": NUMBER, "notified_on": date(2016, 4, 6), **members}
    return SignificantControl(name=name, control_kind="individual-person-with-significant-control", **given)


def profile(**members: Any) -> CompanyProfile:
    """What the register says of the company."""
    given = {
        "provenance": stamp("register.profile"),
        "number": NUMBER,
        "name": "ACME LTD",
        "status": "active",
        **members,
    }
    return CompanyProfile(**given)


def claims() -> tuple[Claim, ...]:
    """A company: two directors, one of them twice and an owner, one who has resigned, a secretary, two profiles."""
    return (
        profile(type="ltd", sic_codes=("62012",), address=Address(locality="Leeds"), incorporated_on=date(2011, 3, 1)),
        profile(provenance=stamp("mirror.profile", NOW - timedelta(days=9)), name="ACME TENNIS LTD"),
        officer("SMITH, Jane Quincy", birth_key="k1"),
        officer("SMITH, Jane", role="secretary", birth_key="k1", officer_id="s2"),
        officer("\u00d6ZT\u00dcRK, Zo\u00eb", appointed_on=None, appointed_before=date(1992, 1, 1)),
        officer("GONE, George", resigned_on=date(2020, 1, 1)),
        officer("ACME NOMINEES LIMITED", role="corporate-secretary", registration="0999"),
        owner("Mrs Jane Quincy Smith", forename="Jane", middle_name="Quincy", surname="Smith", birth_key="k1"),
        owner("Mr Carl Ceased", ceased=True, ceased_on=date(2019, 1, 1)),
        NameMatch(provenance=stamp("register.search"), query="Acme", number=NUMBER, name="ACME LTD"),
    )


def strange() -> dict[str, tuple[Claim, ...]]:
    """Claims that the model allows, and nobody expects; by a word for each."""
    texts = (
        "",
        " ",
        ",",
        ", ,",
        "\x00",
        "\u202eEVIL",
        "\U0001f98a",
        "x" * 10_000,
        "SMITH,",
        ",Jane",
        "1",
        "'; --",
        "\n",
    )
    days = (date(1, 1, 1), date(9999, 12, 31))
    return {
        "without claims": (),
        "with odd names": tuple(officer(text, officer_id=str(n)) for n, text in enumerate(texts)),
        "with odd owners": tuple(owner(text, forename=text, surname=text) for text in texts),
        "with owners of whom nothing is public": tuple(
            SignificantControl(provenance=stamp(), company=NUMBER, control_kind=text) for text in texts
        ),
        "with odd roles": tuple(officer("DOE, Jo", role=text, officer_id=str(n)) for n, text in enumerate(texts)),
        "with odd days": tuple(
            officer(f"DOE, J{n}{m}", appointed_on=one, resigned_on=other, appointed_before=one)
            for n, one in enumerate(days)
            for m, other in enumerate(days)
        ),
        "with odd profiles": tuple(
            profile(name=text, status=text, type=text, sic_codes=(text,), previous_names=(PreviousName(text),))
            for text in texts
        ),
        "with 500 people": tuple(officer(f"DOE{n}, Jane", officer_id=str(n)) for n in range(500)),
        "with the same claim 500 times": (officer("SMITH, Jane"),) * 500,
    }


def case(given: Sequence[Claim], number: CompanyNumber | None = NUMBER) -> Case:
    """All that is known of the company."""
    return Case(number=number, claims=tuple(given), outcomes=dict(_OUTCOMES), now=NOW)


def draft() -> Lead:
    """What a resolver gets to fill in."""
    return Lead(
        company=Company(number=str(NUMBER)),
        outcomes=dict(_OUTCOMES),
        provenance=RunStamp(run="run", generated_at=NOW, plugins={"register": "1.0"}),
        input=InputRows(rows=(7, 12), columns={"our_ref": "A-17"}),
    )
