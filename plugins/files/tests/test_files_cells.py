"""Cells: no formula, no way out of the row, nothing lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadgen_files.cells import encode, harmless


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=HYPERLINK(A1)",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tplain",
        " =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff@a",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
        "=",
        "+",
        "-",
        "+44-20-7946-0958",
        "+44 20 7946 0958+1",
        "-1e5",
        "+44 20 7946 0958\n=1",
        "-5\n",
    ],
)
def test_what_might_be_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    [
        "+44 20 7946 0958",
        "+44 (0)20 7946-0958",
        "+442079460958",
        "+1 (555) 123 4567",
        "+44",
        "-5",
        "+5.25",
        "-1,234.50",
        "",
        " ",
        "01234567",
        "Smith = Sons",
        "O'Neill",
        "a\tb",
        "line\nbreak",
    ],
)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


CELLS = st.text(st.one_of(st.sampled_from(list("=+-@'\",;\t\r\n \u00a00")), st.characters(codec="utf-8")), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4))
def test_a_reader_gets_the_same_cells(rows: list[list[str]]) -> None:
    data = encode(rows)
    read = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    assert len(read) == len(rows)
    for cells, found in zip(rows, read, strict=True):
        assert len(found) == len(cells)
        for cell, seen in zip(cells, found, strict=True):
            assert seen in (cell, "'" + cell)
            assert seen == cell or cell.strip("\0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff \u00a0")[:1]


@given(CELLS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    shown = harmless(text)
    if shown.strip()[:1] in ("=", "@", "+", "-") and shown.strip():
        assert all(letter in "0123456789+-.,() " for letter in shown)


def test_every_cell_is_quoted_and_rows_end_with_crlf() -> None:
    assert encode([["01", 'a "b"'], ["", "ü"]]) == '"01","a ""b"""\r\n"","ü"\r\n'.encode()


def test_what_is_no_text_is_replaced() -> None:
    assert encode([["a\ud800"]]) == b'"a?"\r\n'
