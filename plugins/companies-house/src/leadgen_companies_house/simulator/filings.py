"""``/company/{n}/filing-history`` (companies-house.md §1.12): the filings that the world's days imply, no others.

Incorporation, last accounts, appointments and resignations, changes of name, the final gazette. Documents are not
simulated, so no filing has ``links.document_metadata``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from leadgen_companies_house.simulator.answers import Json, token
from leadgen_companies_house.simulator.officers import is_secretary
from leadgen_companies_house.simulator.text import day, name_of_filer
from leadgen_companies_house.simulator.vocabulary import FILING_STATUS, STUBS
from leadgen_core.contracts.world import Appointment, Body, WorldCompany

__all__ = ["filings", "status"]

_AVAILABLE = "filing-history-available"
_NOT_AVAILABLE = "filing-history-not-available"
_TO_FILE_ACCOUNTS = timedelta(days=240)
_BARCODES_SINCE = date(2002, 1, 1)
_PREFIX = re.compile(r"[A-Z][A-Z0-9]")
_ROLE_FORMS = {"director": ("AP01", "AP02", "TM01"), "secretary": ("AP03", "AP04", "TM02")}
_LLP_FORMS = ("LLAP01", "LLAP02", "LLTM01")
_MISSPELT = {"audit-exemption-subsidiary", "filing-exemption-subsidiary"}
"""Of these two types the register's descriptions say ``subsiduary``."""
_NO_DESCRIPTION = {"null", "no-accounts-type-available"}


def status(number: str) -> str:
    """``filing_history_status``, which only the prefix of the number decides."""
    prefix = _PREFIX.match(number)
    return FILING_STATUS.get(prefix[0], _AVAILABLE) if prefix else _AVAILABLE


def filings(company: WorldCompany, today: date) -> list[Json]:
    """All filings up to today, newest first; none where the status says that the register has none."""
    if company.type in STUBS or status(company.number).startswith(_NOT_AVAILABLE):
        return []
    rows = [row for row in _rows(company, today) if row["date"] <= today.isoformat()]
    return sorted(rows, key=lambda row: row["date"], reverse=True)


def _rows(company: WorldCompany, today: date) -> Iterator[Json]:
    born = company.incorporated_on
    if born is not None:
        llp = company.type == "llp"
        yield _row(
            company,
            born,
            "LLIN01" if llp else "NEWINC",
            "incorporation",
            "incorporation-limited-liability-partnership" if llp else "incorporation-company",
        )
    state = company.accounts
    if state.made_up_to is not None and state.type not in _NO_DESCRIPTION:
        kind = state.type.replace("subsidiary", "subsiduary") if state.type in _MISSPELT else state.type
        yield _row(
            company,
            min(state.made_up_to + _TO_FILE_ACCOUNTS, today),
            "AA",
            "accounts",
            f"accounts-with-accounts-type-{kind}",
            {"made_up_date": day(state.made_up_to)},
            state.made_up_to,
        )
    for name, _, until in company.previous_names:
        told = f"Company name changed {name.lower()}\\certificate issued on {until:%d/%m/%y}"
        yield _row(
            company,
            until,
            "CERTNM",
            "change-of-name",
            "certificate-change-of-name-company",
            {"description": told},
            subject=name,
        )
    for entry in company.appointments:
        yield from _of_officer(company, entry)
    if company.status == "dissolved" and company.ceased_on is not None:
        yield _row(company, company.ceased_on, "GAZ2(A)", "gazette", "gazette-dissolved-voluntary")


def _of_officer(company: WorldCompany, entry: Appointment) -> Iterator[Json]:
    """First officers come with the incorporation and have no filing of their own."""
    body = isinstance(entry.who, Body)
    role = entry.role.removeprefix("corporate-")
    office = "secretary" if is_secretary(role) else "director"
    human_form, body_form, end_form = _LLP_FORMS if role.startswith("llp-") else _ROLE_FORMS[office]
    if role.startswith("llp-"):
        suffix = "member-limited-liability-partnership-with-appointment-date"
        ended = "termination-member-limited-liability-partnership-with-name-termination-date"
    else:
        suffix = f"{office}-company-with-name-date"
        ended = f"termination-{office}-company-with-name-termination-date"
    name = name_of_filer(entry.who)
    since, until = entry.appointed_on, entry.resigned_on
    if since is not None and company.incorporated_on is not None and since > company.incorporated_on:
        yield _row(
            company,
            since,
            body_form if body else human_form,
            "officers",
            f"appoint-{'corporate' if body else 'person'}-{suffix}",
            {"appointment_date": day(since), "officer_name": name},
            since,
            subcategory="appointments",
            subject=entry.id,
        )
    if until is not None:
        values = {"officer_name": name, "termination_date": day(until)}
        yield _row(
            company, until, end_form, "officers", ended, values, until, subcategory="termination", subject=entry.id
        )


def _row(
    company: WorldCompany,
    when: date,
    form: str,
    category: str,
    description: str,
    values: Json | None = None,
    action: date | None = None,
    *,
    subcategory: str | None = None,
    subject: str = "",
) -> Json:
    transaction = token(24, "filing", company.number, form, when, subject).replace("-", "0").replace("_", "1")
    row: Json = {
        "transaction_id": transaction,
        "type": form,
        "category": category,
        "date": when.isoformat(),
        "description": description,
        "links": {"self": f"/company/{company.number}/filing-history/{transaction}"},
        "pages": 1 + len(description) % 8,
        # Of the time before bar codes the register has an explicit null.
        "barcode": "X" + transaction[:7].upper() if when >= _BARCODES_SINCE else None,
    }
    if subcategory is not None:
        row["subcategory"] = subcategory
    if values is not None:
        row["description_values"] = values
    if action is not None:
        row["action_date"] = action.isoformat()
    return row
