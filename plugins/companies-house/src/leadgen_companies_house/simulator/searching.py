"""The two searches for companies as endpoints: windows, clamps and pages (companies-house.md §1.6, §1.7)."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from leadgen_companies_house.simulator import advanced, search
from leadgen_companies_house.simulator.answers import NOTHING, Answer, Form, Query, Recent, Serial, refused
from leadgen_core.contracts.world import World, WorldCompany

__all__ = ["Searches"]

_PAGE, _LARGEST_PAGE = 20, 100
_REACHABLE = 1000
_MOST_TOLD = 10_000
_DEEPEST = 10_000
_RESULTS = 64
_ITEMS = 8192


class Searches:
    """Both searches. Their indexes are built with the first question, over all companies of the world."""

    def __init__(self, world: World, serial: Serial) -> None:
        self._world = world
        self._serial = serial
        self._companies: list[WorldCompany] | None = None
        self._names: search.Names | None = None
        self._table: advanced.Table | None = None
        self._results: Recent[list[WorldCompany]] = Recent(_RESULTS)
        self._items: Recent[bytes] = Recent(_ITEMS)

    def by_name(self, query: Query) -> Answer:
        """``/search/companies``. Judged by the size asked for, nothing beyond the 1,000th hit is reachable: 416.

        A page's start need not be a multiple of its size; 400 without ``q`` and 200 without a hit are [I].
        """
        asked = query.text("q")
        if not asked:
            return refused(400)
        requested = abs(query.integer("items_per_page", _PAGE)) or _PAGE
        start = max(0, query.integer("start_index", 0))
        if start + requested > _REACHABLE:
            return refused(416)
        size = min(requested, _LARGEST_PAGE)
        hits = self._found_by_name(asked, query.text("restrictions"))
        told = self._index().snippets(asked)
        items = [self._hit(company, told(company)) for company in hits[start : start + size]]
        total = min(len(hits), _MOST_TOLD)
        body = b'{"items":[%b],"items_per_page":%d,"kind":"search#companies","page_number":%d,' % (
            b",".join(items),
            size,
            start // size + 1,
        )
        return Answer(200, body + b'"start_index":%d,"total_results":%d}' % (start, total), Form.JSON)

    def _found_by_name(self, asked: str, restrictions: str | None) -> list[WorldCompany]:
        key = f"name {restrictions} {asked}"
        hits = self._results.get(key)
        if hits is None:
            hits = self._results.put(key, self._index().find(asked, restrictions))
        return hits

    def _index(self) -> search.Names:
        if self._names is None:
            self._names = search.Names(self._all())
        return self._names

    def _hit(self, company: WorldCompany, told: str) -> bytes:
        key = f"hit {company.number} {told}"
        kept = self._items.get(key)
        return kept or self._items.put(key, orjson.dumps(search.item(company, told)))

    def advanced(self, query: Query) -> Answer:
        """``/advanced-search/companies``: 404 for an empty page, 500 for one that ends beyond the 10,000th hit."""
        filters, start, size = advanced.Filters.read(query)
        if start + size > _DEEPEST:
            return refused(500)
        key = f"advanced {filters}"
        hits = self._results.get(key)
        if hits is None:
            if self._table is None:
                self._table = advanced.Table(self._all())
            hits = self._results.put(key, self._table.find(filters))
        page = [self._row(company) for company in hits[start : start + size]]
        if not page:
            return NOTHING
        body = b'{"etag":"%b","hits":%d,"items":[%b],"kind":"search#advanced-search","top_hit":%b}' % (
            self._serial.next(20).hex().encode(),
            len(hits),
            b",".join(page),
            page[0],
        )
        return Answer(200, body, Form.JSON, keep=False)

    def _row(self, company: WorldCompany) -> bytes:
        key = f"row {company.number}"
        return self._items.get(key) or self._items.put(key, orjson.dumps(advanced.item(company)))

    def _all(self) -> Sequence[WorldCompany]:
        if self._companies is None:
            self._companies = list(self._world.companies())
        return self._companies
