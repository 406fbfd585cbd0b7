"""The register's closed lists, as far as its answers depend on them (enumerations of August 2026, §1.4, §1.7, §1.9)."""

from __future__ import annotations

__all__ = [
    "CLOSED",
    "CLOSED_TO_SEARCH",
    "COMPANY_TYPES",
    "FILING_STATUS",
    "INSOLVENT",
    "PARTIAL_DATA",
    "SEARCH_STATUSES",
    "SEARCH_SUBTYPES",
    "STUBS",
    "files_accounts",
    "files_confirmations",
]

CLOSED = frozenset({"dissolved", "converted-closed", "closed"})
"""States in which nobody counts as active officer (§1.5)."""
CLOSED_TO_SEARCH = CLOSED | {"removed"}
"""States of which the advanced search gives the day of cessation (§1.7)."""
INSOLVENT = frozenset(
    {"liquidation", "receivership", "administration", "voluntary-arrangement", "insolvency-proceedings"}
)

SEARCH_STATUSES = INSOLVENT | CLOSED_TO_SEARCH | {"active", "open"}
"""What the advanced search takes for ``company_status``: not ``registered``."""
SEARCH_SUBTYPES = frozenset({"community-interest-company", "private-fund-limited-partnership"})
COMPANY_TYPES = frozenset({
    "private-unlimited", "ltd", "plc", "old-public-company", "private-limited-guarant-nsc-limited-exemption",
    "limited-partnership", "private-limited-guarant-nsc", "converted-or-closed", "private-unlimited-nsc",
    "private-limited-shares-section-30-exemption", "protected-cell-company", "assurance-company", "oversea-company",
    "eeig-establishment", "icvc-securities", "icvc-warrant", "icvc-umbrella", "registered-society-non-jurisdictional",
    "industrial-and-provident-society", "northern-ireland", "northern-ireland-other", "llp", "royal-charter",
    "investment-company-with-variable-capital", "unregistered-company", "other",
    "european-public-limited-liability-company-se", "united-kingdom-societas", "uk-establishment",
    "scottish-partnership", "charitable-incorporated-organisation", "scottish-charitable-incorporated-organisation",
    "further-education-or-sixth-form-college-corporation", "eeig", "ukeig", "registered-overseas-entity",
})  # fmt: skip

_MUTUALS = "full-data-available-from-financial-conduct-authority-mutuals-public-register"
_AUTHORITY = "full-data-available-from-financial-conduct-authority"
_ITSELF = "full-data-available-from-the-company"
PARTIAL_DATA = {
    "charitable-incorporated-organisation": _ITSELF,
    "scottish-charitable-incorporated-organisation": _ITSELF,
    "royal-charter": _ITSELF,
    "registered-society-non-jurisdictional": _MUTUALS,
    "industrial-and-provident-society": _MUTUALS,
    "northern-ireland-other": "full-data-available-from-department-of-the-economy",
    "icvc-securities": _AUTHORITY,
    "icvc-warrant": _AUTHORITY,
    "icvc-umbrella": _AUTHORITY,
    "investment-company-with-variable-capital": _AUTHORITY,
}
"""Who has the data of companies that the register only indexes; which body has which type is [I]."""
STUBS = frozenset(PARTIAL_DATA)
"""Types that are only an entry of the index, for the rest is held elsewhere: no accounts, no filings (§1.4)."""

_NO_ACCOUNTS = STUBS | {"limited-partnership", "registered-overseas-entity", "uk-establishment"}
_NO_CONFIRMATIONS = _NO_ACCOUNTS | {"oversea-company"}

_PROVIDENT = "filing-history-not-available-industrial-and-provident-society"
_VARIABLE = "filing-history-not-available-investment-company-with-variable-capital"
_CHARTER = "filing-history-not-available-royal-charter"
FILING_STATUS = {
    "LP": "filing-history-available-no-images-limited-partnership-from-1988",
    "SL": "filing-history-available-no-images-limited-partnership-from-1988",
    "NL": "filing-history-available-no-images-limited-partnership-from-1988",
    "AC": "filing-history-not-available-assurance-company-from-2004",
    "SA": "filing-history-not-available-assurance-company-from-2004",
    "NA": "filing-history-not-available-assurance-company-from-2004",
    "IP": _PROVIDENT,
    "RS": _PROVIDENT,
    "SP": "filing-history-not-available-scottish-industrial-and-provident-society",
    "NP": "filing-history-not-available-northern-ireland-industrial-and-provident-society",
    "NO": "filing-history-not-available-northern-ireland-other-industrial-and-provident-society",
    "IC": _VARIABLE,
    "SI": _VARIABLE,
    "NV": _VARIABLE,
    "RC": _CHARTER,
    "SR": _CHARTER,
    "NR": _CHARTER,
    "PC": "filing-history-not-available-protected-cell-company",
    "CE": "filing-history-not-available-unknown-prefix",
    "CS": "filing-history-not-available-unknown-prefix",
}
"""``filing_history_status`` by prefix of the number; of the rest the history is available. The limits by number
inside LP and AC are not published, so each has one status [I]."""


def files_accounts(kind: str) -> bool:
    """Whether the profile of a company of this type speaks of accounts."""
    return kind not in _NO_ACCOUNTS


def files_confirmations(kind: str) -> bool:
    """Whether the profile of a company of this type speaks of confirmation statements."""
    return kind not in _NO_CONFIRMATIONS
