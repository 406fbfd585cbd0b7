"""What a status code of the register means, and what its headers say of the quota (companies-house.md §1.2, §1.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from leadgen_core import Failed, Malformed, Meaning, Nothing, Ok, RawReply, Refused, RetryAt, Window, maker

__all__ = ["classify", "read_windows"]

_KEY_REFUSED = (
    "the register does not accept the key (401): put a key of the REST API, not a streaming key, into "
    "companies-house.api_key (LEADGEN_COMPANIES_HOUSE__API_KEY), and set companies-house.auth to bearer only for "
    "an OAuth token"
)
_KEY_FORBIDDEN = (
    "the register forbids this key here (403): compare the IP addresses and JavaScript domains that the key is "
    "restricted to at developer.company-information.service.gov.uk, and if calls above the quota got it banned, "
    "ask Companies House to lift the ban"
)
_NOT_THE_REGISTER = "a 404 that is none of the register's forms: companies-house.base_url may be wrong"
_MEANT = {
    400: "the register calls a parameter of the request wrong (400)",
    406: "the register does not have the asked version of its answer (406)",
    410: "the asked version of the answer has expired (410)",
    416: "the page lies beyond the window that the register can reach (416)",
    422: "the register calls the page size wrong (422)",
}

_ADVANCED = "advanced-search"
_ADVANCED_MEANT = {
    400: "the register knows a date, a status or a type of the query no more (400): upgrade leadgen-companies-house, "
    "or leave out statuses and types one by one",
    422: "the register gives fewer hits a page than it did (422): upgrade leadgen-companies-house",
}

_OWN_PATH = re.compile(r"/(?:company/[^/]+|search/companies)(?:/.*)?")
_QUOTA = "x-ratelimit-"
_DIGITS = 12
"""Of the longest number that is read."""
_SPAN = re.compile(r"([0-9]{1,9})\s*([a-z]*)\s*")
_UNITS = {
    unit: seconds
    for seconds, units in (
        (1, ("", "s", "sec", "secs", "second", "seconds")),
        (60, ("m", "min", "mins", "minute", "minutes")),
        (3600, ("h", "hr", "hrs", "hour", "hours")),
        (86400, ("d", "day", "days")),
    )
    for unit in units
}
_DAY = 86400.0
_OK = Ok()
_window = maker(Window)


def classify(operation: str, reply: RawReply) -> Meaning:
    """The meaning of every row of §1.3.

    A body is only required of a 200. A 404 means "nothing" only in a form that the register uses, for a wrong
    ``base_url`` must never make every company absent; see :func:`_says_nothing`.
    """
    status = reply.status
    if status == 200:
        if reply.is_json and isinstance(reply.body, dict):
            return _OK
        return Malformed("the register answered 200 without a JSON object")
    if status == 404:
        forms = _is_empty if operation == _ADVANCED else _says_nothing
        return Nothing() if forms(reply) else Malformed(_NOT_THE_REGISTER)
    if status == 401:
        return Refused(_KEY_REFUSED)
    if status == 403:
        return Refused(_KEY_FORBIDDEN)
    if status == 429:
        return RetryAt(_reset(reply.headers, reply.received_at))
    if 500 <= status <= 599:
        return Failed(_failed(operation, reply))
    if operation == _ADVANCED and status in _ADVANCED_MEANT:
        return Malformed(_ADVANCED_MEANT[status])
    return Malformed(_MEANT.get(status, f"the register answered {status}, which it does not document for this call"))


def _says_nothing(reply: RawReply) -> bool:
    """Whether a 404 is one of the register's.

    Two forms carry its hand: ``404 NOT_FOUND "Resource not found …"`` (2026) and ``ch:service`` errors (2024). The
    two others, the framework's ``Not Found`` with the path, and the empty one, could come from any server, so
    they count only beside the quota headers, which the register sends with every 404 (recorded, §1.2).
    """
    body: Any = reply.body
    ours = _has_quota(reply)
    if _has_no_body(reply):
        return _is_empty(reply)
    if not isinstance(body, dict):
        return False
    message = body.get("message")
    if isinstance(message, str) and message.startswith("404 NOT_FOUND"):
        return True
    errors = body.get("errors")
    if isinstance(errors, list) and errors:
        return all(
            isinstance(error, dict) and error.get("type") == "ch:service" and "not-found" in str(error.get("error"))
            for error in errors
        )
    path = body.get("path")
    return ours and body.get("error") == "Not Found" and isinstance(path, str) and bool(_OWN_PATH.fullmatch(path))


def _is_empty(reply: RawReply) -> bool:
    """The empty 404: the only form in which the advanced search says that it has no hit (§1.7)."""
    return _has_no_body(reply) and _has_quota(reply) and "html" not in reply.headers.get("content-type", "")


def _has_no_body(reply: RawReply) -> bool:
    return reply.body is None or (isinstance(reply.body, bytes | str) and not reply.body.strip())


def _has_quota(reply: RawReply) -> bool:
    return any(name.startswith(_QUOTA) for name in reply.headers)


def _failed(operation: str, reply: RawReply) -> str:
    """An empty 500 of the advanced search is a search that its index failed to carry out (§1.7)."""
    if operation == _ADVANCED and reply.status == 500 and _has_no_body(reply):
        return "the register's index failed to carry out the search (500, empty)"
    return f"the register answered {reply.status}"


def read_windows(headers: Mapping[str, str], received_at: float) -> Sequence[Window]:
    """The quota as the answer states it; nothing when a header is missing or makes no sense.

    ``x-ratelimit-limit``, ``-remain`` (``-remaining`` at the document API), ``-reset`` (epoch seconds) and
    ``-window`` (``5m``). The window is fixed, not rolling (§1.2).
    """
    get = headers.get
    # All but the calls that remain is the same until the window's end.
    rule = _rule(get("x-ratelimit-limit"), get("x-ratelimit-window"), get("x-ratelimit-reset"))
    if rule is None:
        return ()
    limit, length, reset = rule
    remain = get("x-ratelimit-remain")
    remaining = _number(get("x-ratelimit-remaining") if remain is None else remain)
    if remaining is None or remaining > limit or abs(reset - received_at) > _DAY:
        return ()
    return (_window(limit, length, remaining, float(reset)),)


@lru_cache(maxsize=16)
def _rule(limit: str | None, window: str | None, reset: str | None) -> tuple[int, float, int] | None:
    """Calls, seconds and reset; None where one of them is not stated."""
    calls, length, at = _number(limit), _span(window), _number(reset)
    return (calls, length, at) if calls and length and at is not None else None


def _reset(headers: Mapping[str, str], received_at: float) -> float | None:
    """When a 429 lets us ask again. The register sends no Retry-After, but a proxy before it may."""
    stated = _stated_reset(headers, received_at)
    if stated is not None and stated >= received_at:
        return stated
    seconds = _number(headers.get("retry-after"))
    return None if seconds is None or seconds > _DAY else received_at + seconds


def _stated_reset(headers: Mapping[str, str], received_at: float) -> float | None:
    """Further than a day away it is no time of this register, whose windows last minutes (milliseconds, say)."""
    reset = _number(headers.get(_QUOTA + "reset"))
    return None if reset is None or abs(reset - received_at) > _DAY else float(reset)


def _number(value: str | None) -> int | None:
    if value is None:
        return None
    digits = value.strip()
    return int(digits) if digits.isdigit() and digits.isascii() and len(digits) <= _DIGITS else None


def _span(value: str | None) -> float | None:
    """Seconds of ``5m``, ``300``, ``300s``, ``1h30m``, ``5 minutes``; None for anything else and for nothing."""
    rest = (value or "").strip().lower()
    seconds = 0
    while rest:
        match = _SPAN.match(rest)
        unit = None if match is None else _UNITS.get(match[2])
        if match is None or unit is None:
            return None
        seconds += int(match[1]) * unit
        rest = rest[match.end() :]
    return float(seconds) or None
