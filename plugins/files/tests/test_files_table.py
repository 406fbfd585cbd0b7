"""A lead as rows of a table."""

from __future__ import annotations

import csv
import io
from typing import Any

from leadgen_files.table import COLUMNS, Table

from plugins.files.tests.leads import executive, lead


def read(table: Table, body: dict[str, Any]) -> list[dict[str, str]]:
    text = (table.header() + table.rows(body)).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_one_row_for_each_executive_with_the_company_repeated() -> None:
    table = Table(("our_ref", "phone"))
    rows = read(table, lead(executives=[executive(), executive("John Doe", confidence=None)]))
    assert [row["executive_name"] for row in rows] == ["Jane Q. Smith", "John Doe"]
    assert rows[0] == {
        "company_number": "01234567",
        "company_name": "ACME LTD",
        "company_status": "active",
        "company_type": "ltd",
        "sic_codes": "62012;73110",
        "incorporated_on": "2011-03-01",
        "address": "12, High Street, Leeds, England",
        "postcode": "LS1 1AA",
        "website": "https://acme.example/",
        "executive_name": "Jane Q. Smith",
        "given": "Jane",
        "family": "Smith",
        "roles": "director; secretary; person with significant control",
        "since": "2015-06-01; before 1992-01-01; ",
        "confidence": "0.97",
        "confidence_basis": "world:v3",
        "article14_due": "2026-12-24",
        "evidence_urls": "https://register.example/officers https://register.example/psc",
        "scores": "seo_need=72; recency=none; pay=0.5",
        "outcomes": "companies-house.profile=found; companies-house.psc=unknown(throttled)",
        "run": "r-1",
        "generated_at": "2026-01-30T13:14:22Z",
        "input_rows": "7;12",
        "our_ref": "A-17",
        "phone": "+44 20 7946 0958",
    }
    assert list(rows[0]) == [*COLUMNS, "our_ref", "phone"]
    assert rows[1]["confidence"] == ""
    assert {name for name in rows[0] if rows[0][name] != rows[1][name]} == {"executive_name", "confidence"}


def test_a_company_without_executives_has_one_row() -> None:
    (row,) = read(Table(()), lead())
    assert row["company_number"] == "01234567"
    assert row["executive_name"] == row["roles"] == row["confidence"] == ""
    assert row["evidence_urls"] == "https://register.example/company"


def test_a_lead_of_which_nothing_is_known() -> None:
    empty: dict[str, Any] = {"number": None, "name": None, "sic_codes": [], "address": None, "evidence": []}
    (row,) = read(Table(("ref",)), lead(company=empty, site=None, scores={}, outcomes={}))
    assert {name for name, cell in row.items() if cell} == {"run", "generated_at", "input_rows"}


def test_columns_of_the_input_never_take_the_name_of_ours() -> None:
    carried = ("website", "input_website", "our_ref", "=1+1")
    table = Table(carried)
    assert table.names == (*COLUMNS, "input_website", "input_input_website", "our_ref", "=1+1")
    columns = {"website": "theirs", "input_website": "other", "our_ref": "-5+cmd", "=1+1": "x"}
    (row,) = read(table, lead(input={"rows": [1], "columns": columns}))
    assert row["website"] == "https://acme.example/"
    assert (row["input_website"], row["input_input_website"]) == ("theirs", "other")
    assert row["our_ref"] == "'-5+cmd"
    assert row["'=1+1"] == "x", "nor can a header be run"


def test_a_name_that_is_taken_twice_goes_on_to_the_next() -> None:
    assert Table(("input_website", "website")).names[-2:] == ("input_website", "input_input_website")


def test_columns_that_were_not_known_beforehand_stand_together() -> None:
    (row,) = read(Table(()), lead())
    assert row["input_columns"] == "our_ref=A-17; phone=+44 20 7946 0958"


def test_hostile_text_stays_in_its_cell() -> None:
    name = '=cmd|" /C calc"!A0\r\n"x",y'
    rows = read(Table(()), lead(executives=[executive(name)]))
    assert len(rows) == 1
    assert rows[0]["executive_name"] == "'" + name
