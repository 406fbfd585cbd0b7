"""The recorded answers of the real register, read once and never copied into the repository."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from attrs import frozen

__all__ = ["Head", "Recorded", "load"]

# What belongs to one moment or one connection and is made afresh for each answer.
_LIVE = frozenset({"connection", "content-length", "date", "transfer-encoding"})


@frozen
class Head:
    """The recorded headers of one kind of answer without the live ones; ``chunked``: it came without a length."""

    fields: tuple[tuple[str, str], ...]
    chunked: bool


@frozen
class Recorded:
    """What the recordings hold: one whole company, one search, the 404s, the 416 (companies-house.md §1)."""

    number: str
    profile: dict[str, Any]
    officers: dict[str, Any]
    psc: dict[str, Any]
    search: dict[str, Any]
    query: str
    missing: Mapping[str, dict[str, Any]]
    """By the text that was asked for as a number (``00000000``, ``invalid``)."""
    ok: Head
    not_found: Head
    empty: Head
    """Of an answer without a body and without a content type."""


def _head(headers: Mapping[str, str]) -> Head:
    fields = tuple(
        (name, value) for name, value in headers.items() if name not in _LIVE and not name.startswith("x-ratelimit-")
    )
    return Head(fields, headers.get("transfer-encoding") == "chunked")


@lru_cache(maxsize=4)
def load(folder: Path) -> Recorded:
    """Read a folder of recordings; each is found by its URL, not by its file name. Its parts must not be changed."""
    found: dict[str, dict[str, Any]] = {}
    missing: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.json")):
        record = orjson.loads(file.read_bytes())
        url = urlsplit(record["url"])
        status = record["status_code"]
        if status == 404:
            missing[url.path.rsplit("/", 1)[1]] = record["content"]["json"]
            found["404"] = record
        elif status == 416:
            found["416"] = record
        else:
            found[re.sub(r"^/company/[^/]+", "company", url.path)] = record
    search = found["/search/companies"]
    profile = found["company"]["content"]["json"]
    return Recorded(
        number=profile["company_number"],
        profile=profile,
        officers=found["company/officers"]["content"]["json"],
        psc=found["company/persons-with-significant-control"]["content"]["json"],
        search=search["content"]["json"],
        query=dict(parse_qsl(urlsplit(search["url"]).query))["q"],
        missing=missing,
        ok=_head(found["company"]["headers"]),
        not_found=_head(found["404"]["headers"]),
        empty=_head(found["416"]["headers"]),
    )
