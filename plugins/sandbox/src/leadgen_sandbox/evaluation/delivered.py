"""What a run delivered: the lines of its leads and rejects, read for an evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from attrs import define, field

from leadgen_sandbox.evaluation.scoring import Found

__all__ = ["Delivered", "read_delivered"]


@define
class Delivered:
    """By number: whom the leads name, and which questions stayed unknown. ``asked`` and ``unknown`` count answers."""

    found: dict[str, list[Found]] = field(factory=dict)
    silent: dict[str, frozenset[str]] = field(factory=dict)
    """Of leads and of rejects."""
    asked: Counter[str] = field(factory=Counter)
    unknown: Counter[str] = field(factory=Counter)
    rejects: Counter[str] = field(factory=Counter)
    """How many rejects have which state."""

    def __contains__(self, number: str) -> bool:
        """Whether a line speaks of this company."""
        return number in self.silent

    def questions_as_json(self) -> dict[str, Any]:
        """How many questions there were, and how many stayed unknown after all retries of the run."""
        asked, unknown = self.asked.total(), self.unknown.total()
        return {
            "asked": asked,
            "unknown": unknown,
            "share_unknown": round(unknown / asked, 6) if asked else None,
            "by_question": {
                name: {"asked": count, "unknown": self.unknown[name]} for name, count in sorted(self.asked.items())
            },
        }


_Take = Callable[[dict[str, Any], Delivered], None]


def read_delivered(leads: Path) -> Delivered:
    """The leads of this file and the rejects beside it. A file that is not there has no lines.

    Raises ValueError (with the file's name and the line) where a line is not what a run writes.
    """
    delivered = Delivered()
    _read(leads, _lead, delivered)
    _read(leads.with_name(f"{leads.name}.rejects.jsonl"), _reject, delivered)
    return delivered


def _read(path: Path, take: _Take, delivered: Delivered) -> None:
    if not path.exists():
        return
    with path.open("rb") as lines:
        for at, line in enumerate(lines, 1):
            try:
                take(orjson.loads(line), delivered)
            except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.name}, line {at}: {type(error).__name__}") from None


def _lead(line: dict[str, Any], delivered: Delivered) -> None:
    number = str(line["company"]["number"])
    found = [
        Found(one["name"]["full"], frozenset(filter(None, map(_begun, one["roles"])))) for one in line["executives"]
    ]
    delivered.found.setdefault(number, []).extend(found)
    _outcomes(number, line["outcomes"], delivered)


def _reject(line: dict[str, Any], delivered: Delivered) -> None:
    delivered.rejects[line["state"]] += 1
    number = str(line["number"] or line["input"].get("company_number"))
    _outcomes(number, line["outcomes"], delivered)


def _outcomes(number: str, outcomes: dict[str, Any], delivered: Delivered) -> None:
    silent = {name for name, outcome in outcomes.items() if outcome["state"] == "unknown"}
    delivered.silent[number] = delivered.silent.get(number, frozenset()) | silent
    for name, outcome in outcomes.items():
        delivered.asked[name] += outcome["asked"]
        delivered.unknown[name] += outcome["unknown"]


def _begun(role: dict[str, Any]) -> date | None:
    text = role["since"] or role["before"]
    return date.fromisoformat(text) if text else None
