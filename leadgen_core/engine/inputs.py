"""The input: rows of a CSV or JSON Lines file become subjects, or a sentence that says what is wrong with them.

A bad row is one record with its line number; a bad file raises UsageError before anything else happens.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Protocol

import orjson

from leadgen_core.errors import UsageError
from leadgen_core.model.records import frozen
from leadgen_core.model.subjects import BadCompanyNumber, CompanyNumber, Host, NameQuery, Subject

__all__ = ["KNOWN_COLUMNS", "Row", "open_input", "read_rows", "to_host"]

KNOWN_COLUMNS = ("company_number", "name", "postcode", "domain")

_MAX_CELL = 32_768
"""Characters in one cell: more than any spreadsheet holds, so more is an accident."""
_MAX_RECORD = 64 * 1024 * 1024
_SHOWN = 200
_DELIMITERS = (",", ";", "\t")
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@frozen(kw_only=True)
class Row:
    """One row: ``subjects`` (the first is what the company is, the others are hints), or why it is ``bad``.

    ``line`` is where it begins in the file, 1 for the first; ``columns`` is what else stood in it;
    ``repaired`` says what was mended.
    """

    line: int
    subjects: tuple[Subject, ...] = ()
    columns: Mapping[str, str]
    repaired: tuple[str, ...] = ()
    bad: str | None = None


class Lines(Protocol):
    """What is read of the input: lines of bytes."""

    def readline(self, size: int = -1, /) -> bytes:
        """The next line with its end, at most ``size`` bytes of it."""
        ...


def read_rows(source: Lines, place: str, encoding: str = "utf-8") -> tuple[tuple[str, ...], Iterator[Row]]:
    """The carried-through columns of a CSV (JSON Lines: none known beforehand), and its rows.

    Raises UsageError with the place for bytes that are not of the encoding (while iterating) and for a header
    without any known column.
    """
    lines = _decoded(source, place, encoding)
    first = next(lines, None)
    while first is not None and not first[1].strip():
        first = next(lines, None)
    if first is None:
        raise UsageError(f"{place}: the file is empty; it needs a header with one of {', '.join(KNOWN_COLUMNS)}")
    everything = chain((first,), lines)
    if first[1].lstrip().startswith("{"):
        return (), _json_rows(everything)
    return _csv_rows(everything, place)


# --- text -------------------------------------------------------------------------------------------------


def _decoded(source: Lines, place: str, encoding: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers. The bytes before each are counted so that a bad one can be named."""
    offset = 0
    number = 0
    while raw := source.readline(_MAX_RECORD):
        number += 1
        if number == 1 and raw.startswith(b"\xef\xbb\xbf") and encoding == "utf-8":
            raw, offset = raw[3:], 3
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            at = offset + error.start
            raise UsageError(
                f"{place}: line {number}: byte 0x{raw[error.start]:02x} at offset {at} is not {encoding.upper()}; "
                "save the file as UTF-8, or read it with --encoding latin-1"
            ) from None
        offset += len(raw)
        yield number, text


# --- JSON Lines -------------------------------------------------------------------------------------------


def _json_rows(lines: Iterator[tuple[int, str]]) -> Iterator[Row]:
    for number, text in lines:
        if not text.strip():
            continue
        try:
            record = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            yield Row(line=number, columns={}, bad=f"not JSON at column {error.colno}")
            continue
        if not isinstance(record, dict):
            yield Row(line=number, columns={}, bad="not a JSON object")
            continue
        yield _row(number, {str(key).strip(): _cell(value) for key, value in record.items()})


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


# --- CSV --------------------------------------------------------------------------------------------------


class _Feed:
    """Lines for the csv module, which wants text alone, while we want to know where each record began."""

    def __init__(self, lines: Iterator[tuple[int, str]], line: int) -> None:
        self._lines = lines
        self.line = line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.line, text = next(self._lines)
        return text


def _csv_rows(lines: Iterator[tuple[int, str]], place: str) -> tuple[tuple[str, ...], Iterator[Row]]:
    number, text = next(lines)
    header: list[str] = []
    delimiter = ","
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error as error:
            raise UsageError(f"{place}: line {number}: the header is not CSV: {error}") from None
        header = [_column(name) for name in cells]
        if set(header) & set(KNOWN_COLUMNS):
            break
    else:
        raise UsageError(
            f"{place}: line {number}: the header has no known column; it needs one of {', '.join(KNOWN_COLUMNS)}"
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UsageError(f"{place}: line {number}: the header names the column {twice[0][:_SHOWN]!r} twice")
    carried = tuple(name for name in header if name and name not in KNOWN_COLUMNS)
    return carried, _csv_records(_Feed(lines, number), header, delimiter)


@lru_cache(maxsize=1024)
def _column(name: str) -> str:
    """A known column as we spell it (``Company Number``); any other as it stands."""
    known = re.sub(r"[\s-]+", "_", name.strip()).lower()
    return known if known in KNOWN_COLUMNS else name.strip()


def _csv_records(feed: _Feed, header: Sequence[str], delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_MAX_RECORD)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        before = feed.line
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line=before + 1, columns={}, bad=f"not CSV: {error}")
            continue
        if not any(cells):
            continue
        line = before + 1
        record = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        if len(cells) > len(header):
            yield Row(
                line=line, columns=_shown(record), bad=f"has {len(cells)} cells, but the header names {len(header)}"
            )
            continue
        yield _row(line, record)


# --- one row ----------------------------------------------------------------------------------------------


def _shown(record: Mapping[str, str]) -> dict[str, str]:
    return {name[:_SHOWN]: value[:_SHOWN] for name, value in record.items()}


def _row(line: int, record: dict[str, str]) -> Row:
    """The subjects of one record. Nothing is guessed: a bad number is not replaced by the name beside it."""
    fields: dict[str, str] = {}
    carried: dict[str, str] = {}
    for name, value in record.items():
        column = _column(name)
        if len(value) > _MAX_CELL:
            bad = f"column {name[:_SHOWN]!r} has {len(value)} characters, at most {_MAX_CELL} are read"
            return Row(line=line, columns=_shown(record), bad=bad)
        if column not in KNOWN_COLUMNS:
            carried[name] = value
            continue
        fields[column] = text = value.strip()
        if "\n" in text or "\r" in text:
            # What a quote that is never closed looks like; two lines are no number and no name.
            return Row(line=line, columns=_shown(record), bad=f"{column} holds a line break")
    subjects: list[Subject] = []
    repaired: list[str] = []
    if number_text := fields.get("company_number", ""):
        try:
            number = CompanyNumber.parse(number_text)
        except BadCompanyNumber as error:
            return Row(line=line, columns=_shown(record), bad=f"company_number: {error}")
        if number.value != number_text:
            repaired.append(f"company number {number_text} read as {number}")
        subjects.append(number)
    elif name := " ".join(fields.get("name", "").split()):
        subjects.append(NameQuery(name, " ".join(fields.get("postcode", "").upper().split()) or None))
    if domain := fields.get("domain", ""):
        host = to_host(domain)
        if host is not None:
            subjects.append(host)
        elif subjects:
            repaired.append("domain is no host name and was left out")
        else:
            return Row(line=line, columns=_shown(record), bad="domain is no host name")
    if not subjects:
        return Row(line=line, columns=_shown(record), bad="has no company_number, no name and no domain")
    return Row(line=line, subjects=tuple(subjects), columns=carried, repaired=tuple(repaired))


def to_host(text: str) -> Host | None:
    """The host name in a domain or URL as people write them, or None."""
    bare = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower())
    bare = re.split(r"[/?#]", bare, maxsplit=1)[0].rpartition("@")[2]
    bare = re.sub(r":\d+$", "", bare).rstrip(".").removeprefix("www.")
    try:
        bare = bare.encode("idna").decode() if not bare.isascii() else bare
    except UnicodeError:
        return None
    return Host(bare) if _HOST.fullmatch(bare) else None


def open_input(path: str, stdin: BinaryIO) -> tuple[BinaryIO, str]:
    """The stream of INPUT and how messages call it. ``-`` is standard input."""
    if path == "-":
        return stdin, "standard input"
    try:
        return Path(path).open("rb"), path
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
