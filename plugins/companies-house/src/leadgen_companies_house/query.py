"""From a query to the parameters of the advanced search (companies-house.md §1.7).

The register does not look at SIC codes and answers 400 to a status or a type that it does not know, so all of it is
checked before anything is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from leadgen_core import DiscoveryQuery, UsageError

__all__ = ["STATUSES", "TYPES", "filters"]

STATUSES = (
    "active", "administration", "closed", "converted-closed", "dissolved", "insolvency-proceedings", "liquidation",
    "open", "receivership", "removed", "voluntary-arrangement",
)  # fmt: skip
"""All that the search takes; profiles also have ``registered``, which it refuses."""

TYPES = (
    "assurance-company", "charitable-incorporated-organisation", "converted-or-closed", "eeig", "eeig-establishment",
    "european-public-limited-liability-company-se", "further-education-or-sixth-form-college-corporation",
    "icvc-securities", "icvc-umbrella", "icvc-warrant", "industrial-and-provident-society",
    "investment-company-with-variable-capital", "limited-partnership", "llp", "ltd", "northern-ireland",
    "northern-ireland-other", "old-public-company", "other", "oversea-company", "plc",
    "private-limited-guarant-nsc", "private-limited-guarant-nsc-limited-exemption",
    "private-limited-shares-section-30-exemption", "private-unlimited", "private-unlimited-nsc",
    "protected-cell-company", "registered-overseas-entity", "registered-society-non-jurisdictional", "royal-charter",
    "scottish-charitable-incorporated-organisation", "scottish-partnership", "uk-establishment", "ukeig",
    "united-kingdom-societas", "unregistered-company",
)  # fmt: skip
"""``constants.yml: company_type``."""

_SIC = re.compile("[0-9]{4,5}")
_SHOWN = 40


def filters(query: DiscoveryQuery) -> dict[str, str]:
    """The parameters of all members but the days. The same query gives the same ones, whatever its order.

    Raises UsageError for a value that the register does not know, naming the nearest, and for a SIC code that is
    not of 4 (of 2003) or 5 digits.
    """
    for code in query.sic_codes:
        if not _SIC.fullmatch(code.strip()):
            raise UsageError(f"{_short(code)} is no SIC code: one has 5 digits, one of 2003 has 4")
    found = {
        "company_status": _list(_known(query.statuses, STATUSES, "status")),
        "company_type": _list(_known(query.types, TYPES, "company type")),
        "location": " ".join((query.location or "").split()),
        "sic_codes": _list(code.strip() for code in query.sic_codes),
    }
    return {name: value for name, value in found.items() if value}


def _known(values: Iterable[str], known: tuple[str, ...], what: str) -> Iterable[str]:
    for value in values:
        lower = value.strip().lower()
        if lower not in known:
            nearest = get_close_matches(lower, known, n=1, cutoff=0.0)[0]
            raise UsageError(f"the register has no {what} {_short(value)}; the nearest is {nearest}")
        yield lower


def _list(values: Iterable[str]) -> str:
    return ",".join(sorted(set(values)))


def _short(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
