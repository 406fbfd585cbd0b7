"""The two lists of officers: of a company, and the appointments of one officer (companies-house.md §1.5, §1.10)."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from attrs import frozen

from leadgen_companies_house.simulator import officers
from leadgen_companies_house.simulator.answers import (
    NOTHING,
    Answer,
    Json,
    Query,
    Recent,
    found,
    refused,
    truth,
)
from leadgen_core.contracts.world import Appointment, World, WorldCompany

__all__ = ["People"]

_LISTS = 512
_PAGE, _PERSON_PAGE, _LARGEST_PERSON_PAGE = 35, 35, 50


@frozen
class _List:
    """The entries of a company in one order, with the counts that do not depend on a page."""

    items: Sequence[Json | orjson.Fragment]
    counts: Json
    etags: Sequence[str]


class People:
    """Officers of companies, and the index from officer ids, which the first question for one builds."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lists: Recent[_List] = Recent(_LISTS)
        self._held: dict[str, list[tuple[WorldCompany, Appointment]]] | None = None

    def officers(self, company: WorldCompany, query: Query) -> Answer:
        """``/company/{n}/officers``. The page size is echoed and never clamped (0: all).

        An empty page, also one beyond the end, says zero everywhere and has an empty etag and no links: the service
        looks at nothing else when it finds no entries.
        """
        order, only, register = (query.text(name) for name in ("order_by", "filter", "register_type"))
        if order is not None and order not in officers.ORDERS:
            return refused(400)
        if (only and only != "active") or (register is not None and register not in officers.REGISTERS):
            return refused(400)
        start, size = max(0, query.integer("start_index", 0)), query.integer("items_per_page", _PAGE)
        register_view = truth(query, "register_view")
        listed = self._listed(company, order, bool(only))
        end = start + (abs(size) or len(listed.items))
        page = listed.items[start:end]
        if page and register_view:
            return NOTHING  # the register is not held at Companies House
        empty = {"active_count": 0, "inactive_count": 0, "resigned_count": 0, "total_results": 0}
        return found(
            {
                **(listed.counts if page else empty),
                "etag": listed.etags[start] if page else "",
                "items": page,
                "items_per_page": size,
                "kind": "officer-list",
                "links": {"self": f"/company/{company.number}/officers"} if page else {},
                "start_index": start,
            }
        )

    def _listed(self, company: WorldCompany, order: str | None, active: bool) -> _List:
        key = f"{company.number} {order} {active}"
        kept = self._lists.get(key)
        if kept is not None:
            return kept
        entries = [one for one in company.appointments if not active or one.resigned_on is None]
        rows = [officers.item(company.number, entry) for entry in officers.ordered(entries, order)]
        counts = {**officers.counts(company), "total_results": len(rows)}
        etags = [row["etag"] for row in rows]
        if len(rows) <= _PAGE:
            return _List(rows, counts, etags)
        # Several pages will be asked for: each entry is made and written once.
        return self._lists.put(key, _List([orjson.Fragment(orjson.dumps(row)) for row in rows], counts, etags))

    def appointments(self, officer: str, query: Query) -> Answer:
        """``/officers/{id}/appointments``; 404 without a body for an id that nobody has."""
        start = abs(query.integer("start_index", 0))
        size = min(abs(query.integer("items_per_page", _PERSON_PAGE)) or _PERSON_PAGE, _LARGEST_PERSON_PAGE)
        only = query.text("filter")
        if only and only != "active":
            return refused(400)
        held = self._index().get(officer)
        if held is None:
            return NOTHING
        above, rows, active = officers.person(officer, held)
        if only:
            rows = [row for row, serving in zip(rows, active, strict=True) if serving]
        return found(
            {
                **above,
                "items": rows[start : start + size],
                "items_per_page": size,
                "start_index": start,
                "total_results": len(rows),
            }
        )

    def _index(self) -> dict[str, list[tuple[WorldCompany, Appointment]]]:
        if self._held is None:
            self._held = {}
            for company in self._world.companies():
                for entry in company.appointments:
                    self._held.setdefault(entry.officer, []).append((company, entry))
        return self._held
