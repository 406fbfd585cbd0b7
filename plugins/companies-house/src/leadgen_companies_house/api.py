"""The register as an API: one ApiSpec, and the lookups that its sources and its discoverer make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

from leadgen_companies_house.redact import redact
from leadgen_companies_house.status import classify, read_windows
from leadgen_core import ApiSpec, AuthKind, CompanyNumber, Credential, Lifetime, Lookup, Operation, Request, Window

__all__ = [
    "ADVANCED",
    "ADVANCED_PAGE",
    "ADVANCED_REACH",
    "COMPANIES_HOUSE",
    "PAGE",
    "advanced_search",
    "officers",
    "profile",
    "psc",
    "search",
]

PAGE = 100
"""Items a page: the register's maximum for PSCs and search; officers have none and echo it (§1.5)."""
ADVANCED = "/advanced-search/companies"
ADVANCED_PAGE = 5_000
"""Hits a page of the advanced search, its maximum: a larger size is answered with 422 (§1.7)."""
ADVANCED_REACH = 10_000
"""``start_index + size`` of the advanced search beyond this is answered with an empty 500 (§1.7)."""

COMPANIES_HOUSE = ApiSpec(
    name="companies-house",
    controller="Companies House",
    base_url="https://api.company-information.service.gov.uk",
    credential=Credential(field="api_key", kind=AuthKind.BASIC, kind_field="auth"),
    operations={
        "profile": Operation(lifetime="company"),
        "officers": Operation(lifetime="people"),
        "psc": Operation(lifetime="people"),
        "search": Operation(lifetime="search"),
        # 5,000 hits are some 3 MB.
        "advanced-search": Operation(lifetime="search", timeout=60.0, max_bytes=16 * 1024 * 1024),
    },
    # The register sets no rules for the use of its content (§3). People are kept shorter than companies, so that
    # what is suppressed on the register disappears here too (§4).
    lifetimes={
        "company": Lifetime(soft=timedelta(days=1), hard=timedelta(days=14)),
        "people": Lifetime(soft=timedelta(days=1), hard=timedelta(days=7)),
        "search": Lifetime(soft=timedelta(days=1), hard=timedelta(days=7)),
    },
    windows=(Window(600, 300.0),),
    read_windows=read_windows,
    classify=classify,
    redact=redact,
    # Whether this company exists does not matter: 200 and 404 both prove that the key is good.
    probe=("profile", Request("/company/00000006")),
)


@lru_cache(maxsize=1024)
def profile(number: CompanyNumber) -> Lookup:
    """``GET /company/{number}``. All sources make the very same lookup, so it costs one call a company."""
    return Lookup.get(COMPANIES_HOUSE, "profile", _company(number))


def officers(number: CompanyNumber, start: int) -> Lookup:
    """One page of ``GET /company/{number}/officers``, resigned ones too.

    ``filter=active`` is not sent: no specification has it for this call, and for a company that is dissolved,
    converted or closed the register counts nobody as active (§1.5), so it would lose people.
    """
    return Lookup.get(
        COMPANIES_HOUSE, "officers", _company(number) + "/officers", {"items_per_page": PAGE, "start_index": start}
    )


def psc(number: CompanyNumber, start: int) -> Lookup:
    """One page of ``GET /company/{number}/persons-with-significant-control``, ceased ones too.

    The specifications require all three parameters.
    """
    return Lookup.get(
        COMPANIES_HOUSE,
        "psc",
        _company(number) + "/persons-with-significant-control",
        {"items_per_page": PAGE, "start_index": start, "register_view": "false"},
    )


def search(query: str, start: int) -> Lookup:
    """One page of ``GET /search/companies``. ``start`` is a multiple of :data:`PAGE`: others were once rounded down."""
    return Lookup.get(
        COMPANIES_HOUSE, "search", "/search/companies", {"q": query, "items_per_page": PAGE, "start_index": start}
    )


def advanced_search(filters: Mapping[str, str], start: int, size: int) -> Lookup:
    """One page of ``GET /advanced-search/companies``. Lists stand in ``filters`` with commas between (§1.7)."""
    if start + size > ADVANCED_REACH:
        raise ValueError(f"the advanced search reaches {ADVANCED_REACH} hits")
    return Lookup.get(COMPANIES_HOUSE, "advanced-search", ADVANCED, {**filters, "start_index": start, "size": size})


def _company(number: CompanyNumber) -> str:
    return "/company/" + Lookup.segment(number.value)
