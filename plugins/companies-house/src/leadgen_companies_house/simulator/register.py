"""Which answer a request gets: the register without HTTP (companies-house.md §1.3, §1.5).

Answers that do not change are kept as bytes, up to a bound; of lists the entries are kept as bytes, so that pages
share them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

import orjson

from leadgen_companies_house.simulator import controls, filings, officers, profile
from leadgen_companies_house.simulator.answers import (
    NOTHING,
    Answer,
    BadParameter,
    Form,
    Json,
    Query,
    Recent,
    Serial,
    etag,
    found,
    truth,
)
from leadgen_companies_house.simulator.people import People
from leadgen_companies_house.simulator.searching import Searches
from leadgen_core.contracts.world import World, WorldCompany

__all__ = ["Register"]

_KEPT_BYTES = 16 * 1024 * 1024
_LONGEST_NUMBER = 8
_PAGE, _LARGEST_PAGE = 25, 100


class Register:
    """The answers over a world; ``now``: epoch seconds, for the times inside bodies."""

    def __init__(self, world: World, now: Callable[[], float]) -> None:
        self._world = world
        self._now = now
        self._serial = Serial(f"{world.seed} register")
        self._kept: Recent[Answer] = Recent(_KEPT_BYTES)
        self._searches = Searches(world, self._serial)
        self._people = People(world)
        self._parts: Mapping[str, Callable[[WorldCompany, Query], Answer]] = {
            "registered-office-address": self._office,
            "officers": self._people.officers,
            "persons-with-significant-control": self._controls,
            "persons-with-significant-control-statements": self._statements,
            "filing-history": self._filings,
            "charges": self._charges,
            "uk-establishments": self._establishments,
        }

    def answer(self, target: str) -> Answer:
        """The answer to GET of a path with its query. Never raises for anything that a client can send."""
        answer = self._kept.get(target)
        if answer is None:
            path, _, query = target.partition("?")
            try:
                answer = self._made([unquote(part) for part in path[1:].split("/")], Query(query))
            except BadParameter as wrong:
                answer = wrong.answer
            if answer.keep:
                self._kept.put(target, answer, len(answer.body) + len(target) + 200)
        return answer

    def _made(self, path: Sequence[str], query: Query) -> Answer:
        match path:
            case ["company", number, *rest] if number:
                return self._company(number, rest, query)
            case ["search", "companies"]:
                return self._searches.by_name(query)
            case ["advanced-search", "companies"]:
                return self._searches.advanced(query)
            case ["officers", officer, "appointments"]:
                return self._people.appointments(officer, query)
        return NOTHING

    def _company(self, number: str, rest: Sequence[str], query: Query) -> Answer:
        if len(number) > _LONGEST_NUMBER:
            return self._too_long()
        company = self._world.company(number)
        match rest:
            case []:
                if company is None:
                    return self._unknown(number)
                return found(profile.profile(company, self._world.today))
            case ["insolvency"]:
                return self._no_insolvency(number)
            case [part] if company is not None and part in self._parts:
                return self._parts[part](company, query)
            case [part, *ids] if company is not None:
                return _one(self._entry(company, part, ids))
        return NOTHING

    def _entry(self, company: WorldCompany, part: str, ids: Sequence[str]) -> Json | None:
        """One entry of a list, by its id."""
        match [part, *ids]:
            case ["appointments", wanted]:
                entry = next((one for one in company.appointments if one.id == wanted), None)
                return None if entry is None else officers.item(company.number, entry)
            case ["persons-with-significant-control", kind, wanted]:
                control = controls.by_id(company, kind, wanted)
                return None if control is None else controls.single(company, control)
            case ["persons-with-significant-control-statements", wanted]:
                return controls.statement_by_id(company, wanted)
            case ["filing-history", wanted]:
                rows = filings.filings(company, self._world.today)
                return next((row for row in rows if row["transaction_id"] == wanted), None)
        return None

    # --- forms of nothing -----------------------------------------------------------------------------------

    def _unknown(self, number: str) -> Answer:
        """The recorded 404 of 2026: nanoseconds without a zone, and an id of 28 characters."""
        now = self._now()
        seconds = int(now)
        nanoseconds = min(int((now - seconds) * 1e9), 999_999_999)
        body = {
            "message": f'404 NOT_FOUND "Resource not found for company profile {number}"',
            "request_id": self._serial.text(28),
            "timestamp": f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}",
        }
        return Answer(404, orjson.dumps(body), Form.JSON, keep=False)

    def _no_insolvency(self, number: str) -> Answer:
        body = {
            "error": "Not Found",
            "path": f"/company/{number}/insolvency",
            "status": 404,
            "timestamp": f"{datetime.fromtimestamp(self._now(), UTC):%Y-%m-%d}",
        }
        return Answer(404, orjson.dumps(body), Form.JSON, keep=False)

    def _too_long(self) -> Answer:
        body = {"error": "Internal server error", "exception_id": self._serial.text(12)}
        return Answer(500, orjson.dumps(body), Form.JSON, keep=False)

    # --- parts of a company ---------------------------------------------------------------------------------

    def _office(self, company: WorldCompany, _query: Query) -> Answer:
        return _one(profile.office(company), Form.SHORT)

    def _controls(self, company: WorldCompany, query: Query) -> Answer:
        start, size = query.page(_PAGE, _LARGEST_PAGE)
        # Nobody in this world keeps a register at Companies House.
        there = () if truth(query, "register_view") else company.controls
        rows = [controls.item(company, control) for control in controls.ordered(there)[start : start + size]]
        ceased = sum(control.ceased_on is not None for control in there)
        return found(
            {
                "active_count": len(there) - ceased,
                "ceased_count": ceased,
                "items": rows,
                "items_per_page": size,
                "links": {"self": f"/company/{company.number}/persons-with-significant-control"},
                "start_index": start,
                "total_results": len(there),
            }
        )

    def _statements(self, company: WorldCompany, query: Query) -> Answer:
        start, size = query.page(_PAGE, _LARGEST_PAGE)
        rows = [] if truth(query, "register_view") else controls.statements(company)
        if not rows:
            return NOTHING
        return found(
            {
                "active_count": len(rows),
                "ceased_count": 0,
                "items": rows[start : start + size],
                "items_per_page": size,
                "links": {"self": f"/company/{company.number}/persons-with-significant-control-statements"},
                "start_index": start,
                "total_results": len(rows),
            }
        )

    def _filings(self, company: WorldCompany, query: Query) -> Answer:
        start, size = query.page(_PAGE, _LARGEST_PAGE)
        rows = filings.filings(company, self._world.today)
        if (categories := query.texts("category")) is not None:
            rows = [row for row in rows if row["category"] in categories]
        return found(
            {
                "filing_history_status": filings.status(company.number),
                "items": rows[start : start + size],
                "items_per_page": size,
                "start_index": start,
                "total_count": len(rows),
            }
        )

    @staticmethod
    def _charges(_company: WorldCompany, query: Query) -> Answer:
        query.page(_PAGE, _LARGEST_PAGE)
        counts = ("total_count", "unfiltered_count", "satisfied_count", "part_satisfied_count")
        return found({"items": [], **dict.fromkeys(counts, 0)})

    @staticmethod
    def _establishments(company: WorldCompany, _query: Query) -> Answer:
        return found(
            {
                "etag": etag("establishments", company.number),
                "items": [],
                "kind": "related-companies",
                "links": {"self": f"/company/{company.number}"},
            }
        )


def _one(body: Json | None, form: Form = Form.JSON) -> Answer:
    return NOTHING if body is None else found(body, form)
