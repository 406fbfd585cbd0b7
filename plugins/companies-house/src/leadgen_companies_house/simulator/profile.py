"""``/company/{n}`` and its registered office address (companies-house.md §1.9).

What the world does not say, but a real profile always has (accounting periods, confirmation dates), follows from the
days that it does say, so that the members agree with each other.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from leadgen_companies_house.simulator.answers import Json, etag
from leadgen_companies_house.simulator.text import day, folded_address, present
from leadgen_companies_house.simulator.vocabulary import (
    CLOSED_TO_SEARCH,
    INSOLVENT,
    PARTIAL_DATA,
    STUBS,
    files_accounts,
    files_confirmations,
)
from leadgen_core.contracts.world import WorldCompany

__all__ = ["accounts", "confirmation", "links", "office", "profile"]

_SUPER_SECURE = "super-secure"
_ONE_DAY = timedelta(days=1)
_TO_FILE_ACCOUNTS = 9
"""Months a private company has for its accounts after the period's end."""
_TO_FILE_CONFIRMATION = timedelta(days=14)
_LAST_RETURNS = date(2016, 6, 30)
"""Until then annual returns carried full lists of members."""


def profile(company: WorldCompany, today: date) -> Json:
    """The whole profile. Members that the company does not have are absent."""
    stub = company.type in STUBS
    closed = company.status in CLOSED_TO_SEARCH
    body = present(
        company_name=company.name,
        company_number=company.number,
        company_status=company.status or None,
        company_status_detail=company.status_detail,
        type=company.type,
        subtype=company.subtype,
        jurisdiction=company.jurisdiction,
        date_of_creation=day(company.incorporated_on),
        date_of_cessation=day(company.ceased_on),
        can_file=not (stub or closed),
        etag=etag("profile", company.number, company.name, company.status),
        sic_codes=list(company.sic_codes) or None,
        registered_office_address=folded_address(company.address),
        accounts=accounts(company),
        confirmation_statement=confirmation(company, today),
        last_full_members_list_date=day(_last_full_list(company)),
        previous_company_names=[
            {"ceased_on": day(until), "effective_from": day(since), "name": name}
            for name, since, until in company.previous_names
        ]
        or None,
        partial_data_available=PARTIAL_DATA.get(company.type),
        is_community_interest_company=True if company.subtype == "community-interest-company" else None,
        links=links(company),
    )
    if not stub:
        body |= {
            "has_charges": False,
            "has_insolvency_history": company.status in INSOLVENT,
            "has_super_secure_pscs": any(_SUPER_SECURE in control.kind for control in company.controls),
            "registered_office_is_in_dispute": False,
            "undeliverable_registered_office_address": False,
        }
    return body


def links(company: WorldCompany) -> Json:
    """A link for each sub-resource that there is; PSCs have none when the company has statements only."""
    base = f"/company/{company.number}"
    kept = {
        "filing_history": company.type not in STUBS,
        "officers": bool(company.appointments),
        "persons_with_significant_control": bool(company.controls),
        "persons_with_significant_control_statements": bool(company.statements),
    }
    return {"self": base} | {name: f"{base}/{name.replace('_', '-')}" for name, there in kept.items() if there}


def office(company: WorldCompany) -> Json | None:
    """``/company/{n}/registered-office-address``; None for a company without one."""
    place = folded_address(company.address)
    if place is None:
        return None
    return {
        **place,
        "etag": etag("office", company.number, sorted(place.items())),
        "kind": "registered-office-address",
        "links": {"self": f"/company/{company.number}/registered-office-address"},
    }


# --- accounts -----------------------------------------------------------------------------------------------


def accounts(company: WorldCompany) -> Json | None:
    """Accounting reference date (day and month are strings), last and next accounts.

    A company that never filed has the type ``"null"`` and no ``made_up_to``; a closed one has no next accounts.
    """
    state, made_up_to = company.accounts, company.accounts.made_up_to
    if not files_accounts(company.type):
        return None
    end = made_up_to or (None if company.incorporated_on is None else _month_end(company.incorporated_on))
    if end is None:
        return None
    last: Json = {"type": state.type}
    if made_up_to is not None:
        before = _years(made_up_to, -1)
        start = max(before + _ONE_DAY, company.incorporated_on or date.min)
        last |= {
            "made_up_to": day(made_up_to),
            "period_end_on": day(made_up_to),
            "period_start_on": day(start),
        }
    body: Json = {
        "accounting_reference_date": {"day": f"{end.day}", "month": f"{end.month:02d}"},
        "last_accounts": last,
        "overdue": state.overdue,
    }
    if company.status in CLOSED_TO_SEARCH:
        return body
    following = _years(end, 1)
    begins = end + _ONE_DAY if made_up_to is not None else company.incorporated_on or end
    due = state.next_due or _months_on(following, _TO_FILE_ACCOUNTS)
    return body | {
        "next_accounts": {
            "due_on": day(due),
            "overdue": state.overdue,
            "period_end_on": day(following),
            "period_start_on": day(begins),
        },
        "next_due": day(due),
        "next_made_up_to": day(following),
    }


# --- confirmation statement ---------------------------------------------------------------------------------


def confirmation(company: WorldCompany, today: date) -> Json | None:
    """Made up to each anniversary of the incorporation and due 14 days later; one that is overdue was not filed."""
    start = company.incorporated_on
    if start is None or not files_confirmations(company.type) or company.status in CLOSED_TO_SEARCH:
        return None
    passed = today.year - start.year
    if _years(start, passed) > today:
        passed -= 1
    if company.confirmation_overdue:
        # The newest anniversary whose 14 days are over is the one that nobody filed.
        if _years(start, passed) + _TO_FILE_CONFIRMATION >= today:
            passed -= 1
        passed = max(passed - 1, 0)
    following = _years(start, passed + 1)
    return present(
        last_made_up_to=day(_years(start, passed)) if passed > 0 else None,
        next_due=day(following + _TO_FILE_CONFIRMATION),
        next_made_up_to=day(following),
        overdue=company.confirmation_overdue,
    )


def _last_full_list(company: WorldCompany) -> date | None:
    """The last anniversary on which an annual return listed the members; None for who is too young for one."""
    start = company.incorporated_on
    if start is None or not files_confirmations(company.type) or start.year >= _LAST_RETURNS.year:
        return None
    last = _years(start, _LAST_RETURNS.year - start.year)
    if last > _LAST_RETURNS:
        last = _years(start, _LAST_RETURNS.year - 1 - start.year)
    return last if last > start and (company.ceased_on is None or last < company.ceased_on) else None


# --- days ---------------------------------------------------------------------------------------------------


def _month_end(value: date) -> date:
    return value.replace(day=monthrange(value.year, value.month)[1])


def _months_on(value: date, months: int) -> date:
    """So many months later; from the end of a month to the end of a month."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, last if value == _month_end(value) else min(value.day, last))


def _years(value: date, years: int) -> date:
    """So many years later or earlier; from the end of February to the end of February."""
    if value.month == 2 and value.day >= 28:
        return _months_on(value, 12 * years)
    return value.replace(year=value.year + years)
