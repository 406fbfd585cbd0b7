"""Scripted answers: what goes wrong, where, how often.

A :class:`Fault` without ``status`` and ``body`` lets the real answer through and spoils it (delay, headers, cut,
wrong content type). The first fault of the script that matches is taken; one that is used up stands aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from threading import Lock
from typing import Any

import orjson
from attrs import asdict, evolve, field, fields, frozen

__all__ = ["BROKEN", "STATUS_ROWS", "Action", "Fault", "Faults"]


class Action(StrEnum):
    """How the answer is sent."""

    ANSWER = "answer"
    STALL = "stall"
    """Never; the connection stays open."""
    RESET = "reset"
    """The connection is reset (RST) instead."""
    TRUNCATE = "truncate"
    """All headers, half of the body, then the connection is closed."""


_HTML = {"content-type": "text/html"}
_JSON = {"content-type": "application/json"}


@frozen(kw_only=True)
class Fault:
    """One scripted answer.

    - ``path``: a regular expression, searched in ``path?query``; ``skip``: so many matching requests pass first;
      ``count``: for so many after that, None: for all.
    - ``status``, ``body``: replace the real ones. Bytes and text go as they are, anything else as JSON; ``body``
      None with a ``status``: empty. ``headers`` are set over the real ones (those of a scripted status are the
      recorded ones without a content type); a value None takes one away.
    - ``quota``: the call is counted and the answer has the quota headers; else it came from a proxy.
    - ``keyless``: True answers before the key is looked at.
    - ``delay``: seconds before the answer.
    """

    path: str = ""
    count: int | None = None
    skip: int = 0
    status: int | None = None
    headers: Mapping[str, str | None] = field(factory=dict)
    body: Any = None
    action: Action = field(default=Action.ANSWER, converter=Action)
    delay: float = 0.0
    quota: bool = True
    keyless: bool = False

    def on(self, path: str, count: int | None = None, skip: int = 0) -> Fault:
        """The same fault for a path, for so many requests, after so many."""
        return evolve(self, path=path, count=count, skip=skip)

    @property
    def content(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else orjson.dumps(self.body)

    def to_json(self) -> dict[str, Any]:
        """For another process; a body of bytes must be UTF-8 there."""
        raw = asdict(self)
        if isinstance(self.body, bytes):
            raw["body"] = self.body.decode()
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Fault:
        """Raises :class:`ValueError` for an unknown key."""
        if unknown := raw.keys() - {attribute.name for attribute in fields(cls)}:
            raise ValueError(f"a fault has no {sorted(unknown)[0]}")
        return cls(**raw)


class _Scripted:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.pattern = re.compile(fault.path)
        self.skip = fault.skip
        self.left = fault.count


class Faults:
    """The script. Safe to change from another thread while the server runs."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = Lock()
        self._script: list[_Scripted] = []
        self.set(faults)

    def set(self, faults: Iterable[Fault]) -> None:
        """Replace the whole script."""
        script = [_Scripted(fault) for fault in faults]
        with self._lock:
            self._script = script

    def add(self, *faults: Fault) -> None:
        """Put more at the end."""
        with self._lock:
            self._script = [*self._script, *(_Scripted(fault) for fault in faults)]

    def take(self, target: str) -> Fault | None:
        """The fault of this request, counted."""
        if not self._script:
            return None
        with self._lock:
            for scripted in self._script:
                if scripted.left == 0 or not scripted.pattern.search(target):
                    continue
                if scripted.skip:
                    scripted.skip -= 1
                    continue
                if scripted.left is not None:
                    scripted.left -= 1
                return scripted.fault
        return None


def _page(status: int, reason: str) -> Fault:
    html = f"<html><body><h1>{status} {reason}</h1></body></html>"
    return Fault(status=status, headers=_HTML, body=html, quota=False, keyless=True)


STATUS_ROWS: Mapping[str, Fault] = {
    "401-wrong-key": Fault(
        status=401, headers=_JSON, body={"error": "Invalid Authorization", "type": "ch:service"}, quota=False
    ),
    "401-no-header": Fault(
        status=401, headers=_JSON, body={"error": "Empty Authorization header", "type": "ch:service"}, quota=False
    ),
    "403": Fault(status=403, quota=False),
    "404-company-2026": Fault(
        status=404,
        headers=_JSON,
        body={
            "message": '404 NOT_FOUND "Resource not found for company profile 12345678"',
            "request_id": "aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "timestamp": "2026-01-30T13:14:23.637563028",
        },
    ),
    "404-company-2024": Fault(
        status=404, headers=_JSON, body={"errors": [{"type": "ch:service", "error": "company-profile-not-found"}]}
    ),
    "404-insolvency": Fault(
        status=404,
        headers=_JSON,
        body={
            "error": "Not Found",
            "path": "/company/12345678/insolvency",
            "status": 404,
            "timestamp": "2026-04-21",
        },
    ),
    "404-empty": Fault(status=404),
    "400-sentence": Fault(status=400, headers=_JSON, body="Date provided is not in the correct format"),
    "400-empty": Fault(status=400),
    "416": Fault(status=416),
    "422": Fault(status=422, headers=_JSON, body="Invalid size parameter, size must be between 1 and 5000"),
    "429": Fault(status=429, headers={"x-ratelimit-remain": "0"}),
    "429-page": evolve(_page(429, "Too Many Requests"), quota=True, headers={**_HTML, "x-ratelimit-remain": "0"}),
    "500-number": Fault(
        status=500, headers=_JSON, body={"exception_id": "aaaaaaaaaaaa", "error": "Internal server error"}
    ),
    "500-sentence": Fault(status=500, headers=_JSON, body="Invalid search_type"),
    "500-empty": Fault(status=500),
    "502": _page(502, "Bad Gateway"),
    "503": _page(503, "Service Unavailable"),
    "504": _page(504, "Gateway Timeout"),
}
"""Each row of companies-house.md §1.3 by name. Bodies of 403 and 429 are not known: empty, and one 429 as a page."""

BROKEN: Mapping[str, Fault] = {
    "html-as-200": Fault(status=200, headers=_HTML, body="<html><body><h1>Down for maintenance</h1></body></html>"),
    "html-as-json": Fault(status=200, headers=_JSON, body="<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "wrong-content-type": Fault(headers={"content-type": "text/plain"}),
    "no-content-type": Fault(headers={"content-type": None}),
    "invalid-json": Fault(status=200, headers=_JSON, body='{"company_name": "HALF A'),
    "not-utf-8": Fault(status=200, headers=_JSON, body=b'{"company_name": "\xff\xfe"}'),
    "empty-200": Fault(status=200, headers=_JSON),
    "null": Fault(status=200, headers=_JSON, body="null"),
    "list-for-object": Fault(status=200, headers=_JSON, body=[]),
    "empty-object": Fault(status=200, headers=_JSON, body={}),
    "wrong-types": Fault(
        status=200,
        headers=_JSON,
        body={
            "company_name": 7,
            "company_number": [],
            "company_status": {},
            "items": {"0": "x"},
            "links": "none",
            "registered_office_address": "1 High Street",
            "sic_codes": 62012,
            "start_index": "0",
            "total_results": "many",
        },
    ),
    "items-of-wrong-types": Fault(
        status=200,
        headers=_JSON,
        body={"items": [None, 7, "x", [], {}], "items_per_page": 35, "start_index": 0, "total_results": 5},
    ),
    "truncated": Fault(action=Action.TRUNCATE),
    "stall": Fault(action=Action.STALL),
    "reset": Fault(action=Action.RESET),
}
"""Answers that no parser may trip over, by name."""
