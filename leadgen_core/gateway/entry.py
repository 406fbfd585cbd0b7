"""What the cache keeps of an answer, and its envelope: plain JSON, so that no tier ever needs pickle."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from leadgen_core.contracts.lookup import Reply
from leadgen_core.gateway.exchange import moment
from leadgen_core.model.claims import Provenance
from leadgen_core.model.making import maker
from leadgen_core.model.records import define

__all__ = ["VERSION", "Entry", "read_entry", "validators"]

VERSION = 2
"""Of the envelope. An entry of any other version is a miss."""

_reply, _provenance = maker(Reply), maker(Provenance)
_LAST = 4e10
"""Epoch seconds beyond any stamp of ours (the year 3237); keeps arithmetic and dates in range."""
_VALIDATOR = re.compile(r"[ -~]{1,400}")
"""An ETag or a date that may be sent back: it comes from servers and from stores that others write."""
_SKEW = 300.0
"""Seconds by which another machine's clock may be ahead of ours."""


@define
class Entry:
    """An answer with its lifetime: ``at`` (retrieved), ``soft`` and ``hard`` in epoch seconds of the run's clock.

    ``body`` is shared by all who ask and, in a memory tier, by the store: read-only. ``stale`` is set where it
    was served past ``soft`` because the API could not be asked, or is being asked meanwhile. ``etag`` and
    ``modified`` are the API's validators (RFC 9110 §8.8), None without.
    """

    body: Any
    nothing: bool
    url: str
    at: float
    soft: float
    hard: float
    stale: bool = False
    etag: str | None = None
    modified: str | None = None

    def conditions(self) -> dict[str, str]:
        """The headers that ask whether it still holds, empty without a validator (RFC 9110 §13.1)."""
        if self.nothing:
            return {}
        if self.etag is not None:
            return {"If-None-Match": self.etag}
        return {} if self.modified is None else {"If-Modified-Since": self.modified}

    def envelope(self) -> dict[str, Any]:
        """The entry as JSON values; bytes become base64."""
        envelope = {
            "v": VERSION,
            "body": self.body,
            "nothing": self.nothing,
            "url": self.url,
            "at": self.at,
            "soft": self.soft,
            "hard": self.hard,
        }
        if self.etag is not None:
            envelope["etag"] = self.etag
        if self.modified is not None:
            envelope["modified"] = self.modified
        if isinstance(self.body, bytes):
            envelope["body"] = base64.b64encode(self.body).decode("ascii")
            envelope["bytes"] = True
        return envelope

    def reply(self, question: str) -> Reply:
        """The reply for one who asks, stamped with their question."""
        stamp = moment(self.at)
        if stamp is None:
            raise ValueError("the run's clock is out of range")
        soft = moment(self.soft)
        seen = _provenance(question, self.url, stamp, soft, soft if self.stale else None)
        return _reply(self.body, self.nothing, seen)


def read_entry(value: Any, now: float, soft: float, hard: float) -> Entry | None:
    """The entry in an envelope that anybody may have written, or None if it is none or past its life.

    ``soft`` and ``hard`` are the class's lifetimes of today in seconds: terms that were tightened since hold for
    entries written before. Never raises.
    """
    if not isinstance(value, dict) or type(value.get("v")) is not int or value["v"] != VERSION:
        return None
    body: Any = value.get("body")
    nothing, url = value.get("nothing"), value.get("url")
    at: Any = value.get("at")
    until: Any = value.get("soft")
    end: Any = value.get("hard")
    if not isinstance(nothing, bool) or not isinstance(url, str):
        return None
    if not (_is_time(at) and _is_time(until) and _is_time(end)) or at > now + _SKEW:
        return None
    end = min(end, at + hard)
    if end <= now:
        return None
    if nothing:
        body = None
    elif value.get("bytes") is True:
        try:
            body = base64.b64decode(body, validate=True)
        except (TypeError, ValueError, binascii.Error):
            return None
    etag, modified = validators(value.get("etag"), value.get("modified"))
    return Entry(body, nothing, url, at, min(until, at + soft, end), end, False, etag, modified)


def validators(etag: Any, modified: Any) -> tuple[str | None, str | None]:
    """The two, each None unless it is fit to be sent back in a header."""
    return _fit(etag), _fit(modified)


def _fit(value: Any) -> str | None:
    return value if isinstance(value, str) and _VALIDATOR.fullmatch(value) else None


def _is_time(value: Any) -> bool:
    """Whether it is a number of seconds that a date can hold (NaN compares false)."""
    return type(value) in (int, float) and -_LAST < value < _LAST
