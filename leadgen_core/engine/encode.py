"""A lead or a reject as one line of JSON, and a lead back from it. Members stand in the order of the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from attrs import fields, has

from leadgen_core.model.answers import Outcome
from leadgen_core.model.claims import Candidate
from leadgen_core.model.lead import InputRows, Lead

if TYPE_CHECKING:
    from cattrs.preconf.orjson import OrjsonConverter

__all__ = ["decode_lead", "encode_lead", "encode_reject"]


@cache
def _converter() -> OrjsonConverter:
    from cattrs.preconf.orjson import make_converter

    return make_converter(detailed_validation=False)


class _Readers(dict[type, Callable[[Any], dict[str, Any]]]):
    """How a record is read, by its type; learnt when the first of it is written."""

    def __missing__(self, kind: type) -> Callable[[Any], dict[str, Any]]:
        read = self[kind] = _reader(kind)
        return read


_READERS = _Readers({dict: dict})


def _plain(value: object) -> dict[str, Any]:
    """What orjson does not know: our records, and mappings that are no dict."""
    return _READERS[value.__class__](value)


def _reader(kind: type) -> Callable[[Any], dict[str, Any]]:
    if has(kind):
        # Written out, as attrs writes the constructor: a line has dozens of records, and going over their members
        # one by one takes twice as long. The names are identifiers.
        members = ", ".join(f"{member.name!r}: record.{member.name}" for member in fields(kind))
        read: Callable[[Any], dict[str, Any]] = eval(f"lambda record: {{{members}}}")  # noqa: S307
        return read
    if issubclass(kind, Mapping):
        return dict
    raise TypeError(f"a lead holds a {kind.__name__}, which is no JSON")


def _line(value: object) -> bytes:
    try:
        return orjson.dumps(value, _plain, orjson.OPT_UTC_Z)
    except TypeError:
        # Keys that are no text, in a plugin's receipts: taken as they are, which is slower for everybody else.
        return orjson.dumps(value, _plain, orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def encode_lead(lead: Lead) -> bytes:
    """One line, without its end."""
    return _line(lead)


def decode_lead(line: bytes) -> Lead:
    """The lead of a line that :func:`encode_lead` made."""
    return _converter().structure(orjson.loads(line), Lead)


def encode_reject(
    *,
    entry: InputRows,
    given: Mapping[str, str],
    state: str,
    cause: str | None,
    because: str,
    candidates: Sequence[Candidate] = (),
    outcomes: Mapping[str, Outcome] | None = None,
    number: str | None = None,
) -> bytes:
    """The line of a row that gave no lead, as interfaces.md writes it, with the outcomes of what was asked."""
    return _line(
        {
            "rows": list(entry.rows),
            "state": state,
            "cause": cause,
            "because": because,
            "candidates": [
                {"number": str(c.number), "name": c.name, "status": c.status, "postcode": c.postcode}
                for c in candidates
            ],
            "input": dict(given),
            "number": number,
            "repaired": list(entry.repaired),
            "outcomes": dict(outcomes or {}),
        }
    )
