"""Which answer a path gets: the register without HTTP (companies-house.md §1.3, §1.5)."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from attrs import frozen

from tests.replay.advanced import Advanced, Refusal
from tests.replay.companies import Company
from tests.replay.faults import STATUS_ROWS
from tests.replay.people import token
from tests.replay.recorded import Head, Recorded
from tests.replay.search import Search
from tests.replay.shapes import is_known

__all__ = ["Answer", "Register"]

Row = dict[str, Any]
Query = Mapping[str, str]

_REACHABLE = 1000
_COMPANIES = 512
_NUMBER_LENGTH = 8
_OFFICER_ID = re.compile(r"[A-Za-z0-9_-]{27}")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_ORDERS = frozenset({"appointed_on", "resigned_on", "surname"})
_REGISTERS = frozenset({"directors", "secretaries", "llp_members"})


@frozen
class Answer:
    """An answer before the live headers."""

    status: int
    head: Head
    body: bytes


def _integer(query: Query, name: str, default: int) -> int:
    text = query.get(name, "")
    return int(text) if _INTEGER.fullmatch(text) else default


def _paging(query: Query, default: int, maximum: int | None) -> tuple[int, int]:
    """Start and page size: 0 means the default, a negative size its absolute value (§1.5)."""
    size = abs(_integer(query, "items_per_page", default)) or default
    return max(0, _integer(query, "start_index", 0)), size if maximum is None else min(size, maximum)


class Register:
    """The answers. ``known``: which numbers there are, besides the recorded ones."""

    def __init__(self, recorded: Recorded, *, known: Callable[[str], bool] | None = None, marks: bool = False) -> None:
        self._recorded = recorded
        self._marks = marks
        known = known or is_known
        self._known = known
        self._search = Search(recorded, known)
        self._advanced = Advanced(recorded)
        self._companies: OrderedDict[str, Company] = OrderedDict()

    def company(self, number: str) -> Company:
        """The company of a known number."""
        listing = self._search.listed(number) or self._advanced.listed(number)
        company = self._companies.get(number)
        if company is None or company.listing != listing:
            company = Company(self._recorded, number, marks=self._marks, listing=listing)
            self._companies[number] = company
            if len(self._companies) > _COMPANIES:
                self._companies.popitem(last=False)
        return company

    def is_known(self, number: str) -> bool:
        return number == self._recorded.number or (number not in self._recorded.missing and self._known(number))

    def answer(self, path: Sequence[str], query: Query) -> Answer:
        """The answer to GET of a path, given in unquoted segments."""
        match path:
            case ["company", number]:
                return self._profile(number)
            case ["company", number, *rest]:
                return self._part(number, rest, query)
            case ["search", "companies"]:
                return self._find(query)
            case ["advanced-search", "companies"]:
                return self._list(query)
            case ["officers", officer_id, "appointments"]:
                return self._appointments(officer_id, query)
        return self._nothing(404)

    # --- forms ----------------------------------------------------------------------------------------------

    def _json(self, body: object) -> Answer:
        return Answer(200, self._recorded.ok, orjson.dumps(body))

    def _nothing(self, status: int) -> Answer:
        return Answer(status, self._recorded.empty, b"")

    def _unknown(self, number: str) -> Answer:
        body = self._recorded.missing.get(number)
        if body is None:
            form = next(iter(self._recorded.missing.values()))
            message = re.sub(r"profile .*(?=\")", lambda _: f"profile {number}", form["message"])
            body = {**form, "message": message, "request_id": token(28, "request", number)}
        return Answer(404, self._recorded.not_found, orjson.dumps(body))

    # --- endpoints ------------------------------------------------------------------------------------------

    def _profile(self, number: str) -> Answer:
        if self.is_known(number):
            return self._json(self.company(number).profile)
        if len(number) > _NUMBER_LENGTH:
            return Answer(500, self._recorded.not_found, STATUS_ROWS["500-number"].content)
        return self._unknown(number)

    def _part(self, number: str, rest: Sequence[str], query: Query) -> Answer:
        if not self.is_known(number):
            return self._nothing(404)
        company = self.company(number)
        match rest:
            case ["officers"]:
                return self._officers(company, query)
            case ["persons-with-significant-control"]:
                return self._psc(company, query)
            case ["persons-with-significant-control-statements"] if company.statements:
                return self._psc_list(company, company.statements, rest[0], query, "ceased_on")
            case ["registered-office-address"] if "registered_office_address" in company.profile:
                self_link = f"/company/{number}/registered-office-address"
                address = company.profile["registered_office_address"]
                head = {"etag": company.profile["etag"], "kind": "registered-office-address"}
                return self._json({**address, **head, "links": {"self": self_link}})
        return self._nothing(404)

    def _officers(self, company: Company, query: Query) -> Answer:
        order, only = query.get("order_by"), query.get("filter")
        register = query.get("register_type")
        bad_order = order is not None and order not in _ORDERS
        if bad_order or only not in {None, "active"} or (register is not None and register not in _REGISTERS):
            return self._nothing(400)
        if query.get("register_view") == "true":
            return self._nothing(404)
        rows = _sorted(company.officers, order)
        resigned = sum(1 for row in rows if "resigned_on" in row)
        serving = len(rows) - resigned
        if only == "active":
            rows = [row for row in rows if "resigned_on" not in row]
        start, size = _paging(query, 35, None)
        return self._json(
            {
                "active_count": 0 if company.is_closed else serving,
                "etag": company.officers_etag,
                "inactive_count": serving if company.is_closed else 0,
                "items": rows[start : start + size],
                "items_per_page": size,
                "kind": "officer-list",
                "links": {"self": f"/company/{company.number}/officers"},
                "resigned_count": resigned,
                "start_index": start,
                "total_results": len(rows),
            }
        )

    def _psc(self, company: Company, query: Query) -> Answer:
        rows = [] if query.get("register_view") == "true" else company.psc
        return self._psc_list(company, rows, "persons-with-significant-control", query, "ceased_on")

    def _psc_list(self, company: Company, rows: Sequence[Row], name: str, query: Query, ceased: str) -> Answer:
        gone = sum(1 for row in rows if ceased in row)
        start, size = _paging(query, 25, 100)
        return self._json(
            {
                "active_count": len(rows) - gone,
                "ceased_count": gone,
                "items": rows[start : start + size],
                "items_per_page": size,
                "links": {"self": f"/company/{company.number}/{name}"},
                "start_index": start,
                "total_results": len(rows),
            }
        )

    def _appointments(self, officer_id: str, query: Query) -> Answer:
        number = officer_id[:_NUMBER_LENGTH]
        if not _OFFICER_ID.fullmatch(officer_id) or not self.is_known(number):
            return self._nothing(404)
        only = query.get("filter")
        if only not in {None, "active"}:
            return self._nothing(400)
        company = self.company(number)
        body = company.appointments(officer_id)
        if body is None:
            return self._nothing(404)
        rows = body["items"]
        resigned = sum(1 for row in rows if "resigned_on" in row)
        serving = len(rows) - resigned
        if only == "active":
            rows = [] if company.is_closed else [row for row in rows if "resigned_on" not in row]
        start, size = _paging(query, 35, 50)
        counts = {
            "active_count": 0 if company.is_closed else serving,
            "inactive_count": serving if company.is_closed else 0,
            "items": rows[start : start + size],
            "items_per_page": size,
            "resigned_count": resigned,
            "start_index": start,
            "total_results": len(rows),
        }
        return self._json(body | counts)

    def _find(self, query: Query) -> Answer:
        start, size = _paging(query, 20, None)
        if start + size > _REACHABLE:
            return self._nothing(416)
        return self._json(self._search.page(query.get("q", ""), start, min(size, 100)))

    def _list(self, query: Query) -> Answer:
        page = self._advanced.page(query)
        if isinstance(page, Refusal):
            # A sentence comes under a JSON content type all the same (§1.3).
            return Answer(page.status, self._recorded.ok if page.text else self._recorded.empty, page.text.encode())
        return self._json(page)


def _sorted(rows: Sequence[Row], order: str | None) -> Sequence[Row]:
    """The orders of §1.5. Names compare as they are printed: surname or company name, then forenames."""
    if len(rows) < 2:
        return rows
    if order in {"appointed_on", "resigned_on"}:
        return sorted(rows, key=lambda row: row.get(order) or row.get("appointed_before", ""), reverse=True)
    by_name = sorted(rows, key=lambda row: row.get("appointed_on", ""), reverse=True)
    by_name.sort(key=lambda row: row["name"])
    if order is None:
        by_name.sort(key=lambda row: row["officer_role"].endswith("secretary"))
    return by_name
