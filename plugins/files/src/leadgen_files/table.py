"""A lead as rows of a table: one for each executive, the company's columns repeated; one when there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from leadgen_files.cells import encode

__all__ = ["COLUMNS", "Table"]

COLUMNS = (
    "company_number",
    "company_name",
    "company_status",
    "company_type",
    "sic_codes",
    "incorporated_on",
    "address",
    "postcode",
    "website",
    "executive_name",
    "given",
    "family",
    "roles",
    "since",
    "confidence",
    "confidence_basis",
    "article14_due",
    "evidence_urls",
    "scores",
    "outcomes",
    "run",
    "generated_at",
    "input_rows",
)
_ADDRESS = ("care_of", "po_box", "premises", "address_line_1", "address_line_2", "locality", "region", "country")
_OTHER = "input_columns"

Json = Mapping[str, Any]


class Table:
    """The columns of one output: ours, then those of the input, under their own names where they do not collide.

    Where the input's columns are not known beforehand (JSON Lines), one column ``input_columns`` holds them all.
    """

    def __init__(self, carried: Sequence[str]) -> None:
        self._carried = tuple(carried)
        names = list(COLUMNS)
        for name in self._carried or (_OTHER,):
            while name in names:
                name = f"input_{name}"
            names.append(name)
        self.names = tuple(names)

    def header(self) -> bytes:
        """The first row."""
        return encode([self.names])

    def rows(self, lead: Json) -> bytes:
        """The rows of a lead."""
        company, site, stamp, given = (_part(lead, name) for name in ("company", "site", "provenance", "input"))
        address = company.get("address") or {}
        before = [
            _text(company.get("number")),
            _text(company.get("name")),
            _text(company.get("status")),
            _text(company.get("type")),
            ";".join(map(_text, company.get("sic_codes") or ())),
            _text(company.get("incorporated_on")),
            ", ".join(_text(address[part]) for part in _ADDRESS if address.get(part)),
            _text(address.get("postal_code")),
            _text(site.get("url")),
        ]
        after = [
            "; ".join(f"{name}={_score(score)}" for name, score in _part(lead, "scores").items()),
            "; ".join(f"{question}={_outcome(outcome)}" for question, outcome in _part(lead, "outcomes").items()),
            _text(stamp.get("run")),
            _text(stamp.get("generated_at")),
            ";".join(map(_text, given.get("rows") or ())),
            *self._inputs(given.get("columns") or {}),
        ]
        people = lead.get("executives") or ()
        middle = [_person(person) for person in people] or [[""] * 8 + [_urls(company)]]
        return encode([*before, *person, *after] for person in middle)

    def _inputs(self, columns: Json) -> Iterable[str]:
        if self._carried:
            return (_text(columns.get(name)) for name in self._carried)
        return ("; ".join(f"{name}={_text(value)}" for name, value in columns.items()),)


def _part(record: Json, name: str) -> Json:
    part: Json = record.get(name) or {}
    return part


def _person(person: Json) -> list[str]:
    name, roles = _part(person, "name"), person.get("roles") or ()
    return [
        _text(name.get("full")),
        _text(name.get("given")),
        _text(name.get("family")),
        "; ".join(_text(role.get("role")) for role in roles),
        "; ".join(_since(role) for role in roles),
        _text(person.get("confidence")),
        _text(person.get("confidence_basis")),
        _text(person.get("article14_due")),
        _urls(person),
    ]


def _since(role: Json) -> str:
    """In the order of the roles; ``before 1992-01-01`` where only that is known."""
    if role.get("since"):
        return _text(role["since"])
    return f"before {role['before']}" if role.get("before") else ""


def _urls(record: Json) -> str:
    """Each address once, parted by blanks, which no address holds."""
    return " ".join(dict.fromkeys(_text(piece.get("url")) for piece in record.get("evidence") or ()))


def _score(score: Json | None) -> str:
    return "none" if score is None else _text(score.get("value"))


def _outcome(outcome: Json) -> str:
    cause = outcome.get("cause")
    return f"{outcome.get('state')}({cause})" if cause else _text(outcome.get("state"))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
