"""Companies of the input as they lie in the outbox: a row of the table ``company``, and the record back from it.

Nothing is stored that follows from something else: most rows are a number alone, and that stands in the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from leadgen_core.engine.inputs import Row
from leadgen_core.model.lead import InputRows
from leadgen_core.model.records import frozen
from leadgen_core.model.subjects import CompanyNumber, Host, NameQuery, Subject, subject_text

__all__ = ["Entry", "pack", "unpack"]

_NUMBER = f"{CompanyNumber.kind}:"

Packed = tuple[str, str | None, str, str | None, str, str | None]
"""Key, subjects (null: the number in the key), lines, other columns (null: none), what was repaired, why it is bad."""


@frozen(kw_only=True)
class Entry:
    """One company of the input: its place, its subjects, the rows it came from and what they held."""

    ordinal: int
    subjects: tuple[Subject, ...]
    input: InputRows
    given: Mapping[str, str]
    """The whole first row, for a reject."""
    bad: str | None = None


def pack(row: Row) -> Packed:
    """A row as it is stored. Rows with the same key are one company."""
    subjects = row.subjects
    key = f"bad:{row.line}" if row.bad else _key(subjects[0])
    alone = len(subjects) == 1 and type(subjects[0]) is CompanyNumber and not row.bad
    return (
        key,
        None if alone else orjson.dumps([_pack(subject) for subject in subjects]).decode(),
        str(row.line),
        orjson.dumps(row.columns, dict).decode() if row.columns else None,
        "\n".join(row.repaired),
        row.bad,
    )


def unpack(stored: Sequence[Any]) -> Entry:
    """The entry of a row: its ordinal, then what :func:`pack` gave."""
    ordinal, key, packed, lines, other, repaired, bad = stored
    columns: dict[str, str] = {} if other is None else orjson.loads(other)
    subjects: tuple[Subject, ...]
    if packed is None:
        number = CompanyNumber(key.removeprefix(_NUMBER))
        subjects, given = (number,), {**columns, "company_number": number.value}
    else:
        subjects = tuple(_unpack(item) for item in orjson.loads(packed))
        given = {**columns, **_given(subjects)}
    return Entry(
        ordinal=ordinal,
        subjects=subjects,
        input=InputRows(
            rows=tuple(map(int, lines.split(","))),
            columns=columns,
            repaired=tuple(repaired.split("\n")) if repaired else (),
        ),
        given=given,
        bad=bad,
    )


def _key(subject: Subject) -> str:
    if isinstance(subject, NameQuery):
        return f"name:{subject.name.casefold()}|{subject.postcode or ''}"
    return subject_text(subject)


def _pack(subject: Subject) -> list[str | None]:
    if isinstance(subject, NameQuery):
        return [NameQuery.kind, subject.name, subject.postcode]
    if isinstance(subject, CompanyNumber | Host):
        return [subject.kind, subject.value]
    raise TypeError(f"the input holds no subject of the type {type(subject).__name__}")


def _unpack(item: list[str]) -> Subject:
    kind, *values = item
    if kind == NameQuery.kind:
        return NameQuery(*values)
    return CompanyNumber(*values) if kind == CompanyNumber.kind else Host(*values)


def _given(subjects: Iterable[Subject]) -> dict[str, str]:
    """The known columns as they were read."""
    given: dict[str, str] = {}
    for subject in subjects:
        if isinstance(subject, NameQuery):
            given["name"] = subject.name
            if subject.postcode:
                given["postcode"] = subject.postcode
        elif isinstance(subject, CompanyNumber):
            given["company_number"] = subject.value
        elif isinstance(subject, Host):
            given["domain"] = subject.value
    return given
