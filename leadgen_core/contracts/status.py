"""What HTTP itself says, for every API that keeps to it: status codes, ``Retry-After``, headers of a quota."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from leadgen_core.contracts.messages import (
    Failed,
    Malformed,
    Meaning,
    Nothing,
    Ok,
    RawReply,
    Refused,
    RetryAt,
    Window,
)
from leadgen_core.model.making import maker

__all__ = ["by_status", "quota_headers", "retry_after"]

_DIGITS = 15
"""Of the longest number that is read."""
_PREFIXES = ("x-ratelimit-", "ratelimit-", "x-rate-limit-")
_EPOCH = 10**9
"""A reset of at least this is a point in time (2001), a smaller one a number of seconds from now."""
_MILLISECONDS = 10**12
_DAY = 86_400.0
_LIMIT, _REMAINING, _RESET = (
    tuple(prefix + name for prefix in _PREFIXES for name in names)
    for names in (("limit",), ("remaining", "remain"), ("reset",))
)
_OK = Ok()
_window = maker(Window)


def by_status(
    reply: RawReply,
    *,
    who: str = "the API",
    nothing: Mapping[str, Any] | None = None,
    refused: str = "check api_key",
) -> Meaning:
    """What an answer means if the API means by status codes what HTTP means by them (RFC 9110 §15, RFC 6585 §4).

    - 200 with JSON is ``Ok``.
    - 404 is ``Nothing`` only if its JSON object has all the members of ``nothing``, as ``{"error": "no such
      member"}``: that of a proxy or of a wrong base URL must not make every company absent.
    - 429 is ``RetryAt``: from ``Retry-After``, else from the reset that the quota's headers state.
    - 401 and 403 are ``Refused``, with ``refused`` as what the operator can do.
    - 5xx is ``Failed``; a ``Retry-After`` there is heeded by the gateway.
    - Everything else is ``Malformed``.
    """
    status = reply.status
    if status == 200 and reply.is_json:
        return _OK
    if status == 404 and nothing and isinstance(reply.body, dict) and _has(reply.body, nothing):
        return Nothing()
    if status == 429:
        seconds = retry_after(reply.headers, reply.received_at)
        return RetryAt(_reset(reply.headers, reply.received_at) if seconds is None else reply.received_at + seconds)
    if status in (401, 403):
        return Refused(f"{who} does not accept the credential ({status}): {refused}")
    if 500 <= status <= 599:
        return Failed(f"{who} answered {status}")
    return Malformed(f"{who} answered {status}" + (" without JSON" if status == 200 else ""))


def _has(body: Mapping[str, Any], members: Mapping[str, Any]) -> bool:
    return all(name in body and body[name] == value for name, value in members.items())


def retry_after(headers: Mapping[str, str], received_at: float) -> float | None:
    """Seconds that ``Retry-After`` asks for, a number or a date (RFC 9110 §10.2.3); None without a usable one."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
        return max(0.0, date.replace(tzinfo=date.tzinfo or UTC).timestamp() - received_at)
    except (ValueError, OverflowError):
        return None


def quota_headers(length: float) -> Callable[[Mapping[str, str], float], Sequence[Window]]:
    """A ``read_windows`` for ``X-RateLimit-Limit``, ``-Remaining`` and ``-Reset``, also as ``RateLimit-...``.

    ``length`` is that of the window in seconds, which these headers do not state. A reset is taken for epoch seconds
    or milliseconds where it is as large as such are, else for seconds from now. Headers that are missing or
    contradict each other say nothing.
    """

    def read(headers: Mapping[str, str], received_at: float) -> Sequence[Window]:
        limit, remaining = _stated(headers, _LIMIT), _stated(headers, _REMAINING)
        resets_at = _reset(headers, received_at)
        if not limit or remaining is None or remaining > limit or resets_at is None:
            return ()
        return (_window(limit, length, remaining, resets_at),)

    return read


def _stated(headers: Mapping[str, str], names: Sequence[str]) -> int | None:
    for name in names:
        text = headers.get(name)
        if text is None:
            continue
        # `RateLimit-Limit: 100, 100;w=60` names the limit first and its policies after it.
        digits = text.partition(",")[0].partition(";")[0].strip()
        if digits.isdigit() and digits.isascii() and len(digits) <= _DIGITS:
            return int(digits)
    return None


def _reset(headers: Mapping[str, str], received_at: float) -> float | None:
    """When the window ends (epoch seconds); None where nothing or something impossible is stated."""
    reset = _stated(headers, _RESET)
    if reset is None:
        return None
    at = reset / 1000 if reset >= _MILLISECONDS else float(reset) if reset >= _EPOCH else received_at + reset
    return at if received_at - _DAY <= at <= received_at + 40 * _DAY else None
