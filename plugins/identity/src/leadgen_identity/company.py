"""The company part of the lead, from what registers say of this number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from leadgen_core import Case, Company, CompanyProfile, Evidence, Strength

__all__ = ["company_of"]

_T = TypeVar("_T")


def company_of(case: Case) -> Company:
    """The company as its registers know it.

    With several profiles each member comes from the first that has it. Fresh ones stand before those that were
    served past their time, then the question's name and the newest answer decide, never the order of the claims.
    All of them are evidence.
    """
    profiles = _ordered(case)
    return Company(
        number=str(case.number) if case.number else None,
        name=_first([profile.name for profile in profiles]),
        status=_first([profile.status for profile in profiles]),
        type=_first([profile.type for profile in profiles]),
        sic_codes=_first([profile.sic_codes or None for profile in profiles]) or (),
        incorporated_on=_first([profile.incorporated_on for profile in profiles]),
        address=_first([profile.address for profile in profiles]),
        previous_names=_first([profile.previous_names or None for profile in profiles]) or (),
        evidence=_evidence(profiles),
    )


def _ordered(case: Case) -> list[CompanyProfile]:
    """The profiles of this company, each once. Every register is authoritative, so freshness decides first."""
    claims = [
        claim
        for claim in case.claims
        if isinstance(claim, CompanyProfile) and case.number is not None and claim.number == case.number
    ]
    if len(claims) < 2:
        return claims
    own = {repr(claim): claim for claim in claims}
    by_text = [own[text] for text in sorted(own)]
    newest_first = sorted(by_text, key=lambda claim: claim.provenance.retrieved_at.isoformat(), reverse=True)
    return sorted(newest_first, key=lambda claim: (claim.provenance.stale_since is not None, claim.provenance.question))


def _first(values: Sequence[_T | None]) -> _T | None:
    for value in values:
        if value is not None:
            return value
    return None


def _evidence(profiles: Sequence[CompanyProfile]) -> tuple[Evidence, ...]:
    links: list[Evidence] = []
    for profile in profiles:
        source = profile.provenance
        link = Evidence(
            claim="is-registered-company",
            source=source.question,
            url=source.url,
            retrieved_at=source.retrieved_at,
            good_until=source.good_until,
            strength=Strength.AUTHORITATIVE,
        )
        if link not in links:
            links.append(link)
    return tuple(links)
