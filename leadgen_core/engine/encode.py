"""A lead or a reject as one line of JSON, and a lead back from it. Members stand in the order of the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from leadgen_core.model.answers import Outcome
from leadgen_core.model.claims import Candidate
from leadgen_core.model.lead import InputRows, Lead

if TYPE_CHECKING:
    from cattrs.preconf.orjson import OrjsonConverter

__all__ = ["decode_lead", "encode_lead", "encode_reject", "plain"]


@cache
def _converter() -> OrjsonConverter:
    from cattrs.preconf.orjson import make_converter

    return make_converter(detailed_validation=False)


def _line(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def plain(value: object) -> Any:
    """Records as dicts and lists, times still as they are."""
    return _converter().unstructure(value)


def encode_lead(lead: Lead) -> bytes:
    """One line, without its end."""
    return _line(_converter().unstructure(lead, Lead))


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
            "outcomes": plain(dict(outcomes or {})),
        }
    )
