"""Leads and rejects as a run writes them, read for an evaluation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from leadgen_sandbox.evaluation.delivered import Delivered, read_delivered
from leadgen_sandbox.evaluation.scoring import Found

FOUND = {"state": "found", "asked": 1, "found": 1, "absent": 0, "unknown": 0}
UNKNOWN = {"state": "unknown", "cause": "throttled", "asked": 1, "found": 0, "absent": 0, "unknown": 1}


def lead(number: str, *people: tuple[str, str | None, str | None], **outcomes: Any) -> dict[str, Any]:
    return {
        "company": {"number": number},
        "executives": [
            {"name": {"full": name}, "roles": [{"role": "director", "since": since, "before": before}]}
            for name, since, before in people
        ],
        "outcomes": {name.replace("_", "."): value for name, value in outcomes.items()},
    }


def reject(state: str, number: str | None, given: dict[str, str], **outcomes: Any) -> dict[str, Any]:
    outcomes = {name.replace("_", "."): value for name, value in outcomes.items()}
    return {"rows": [1], "state": state, "number": number, "input": given, "outcomes": outcomes}


def read(folder: Path, leads: list[dict[str, Any]], rejects: list[dict[str, Any]]) -> Delivered:
    for name, lines in (("leads.jsonl", leads), ("leads.jsonl.rejects.jsonl", rejects)):
        (folder / name).write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return read_delivered(folder / "leads.jsonl")


def test_leads_and_rejects(tmp_path: Path) -> None:
    delivered = read(
        tmp_path,
        [
            lead("00000001", ("Ann Smith", "2020-01-01", None), ("Rob Hill", None, "1992-01-01"), a_officers=FOUND),
            lead("00000002", a_officers=UNKNOWN, a_psc=FOUND),
        ],
        [
            reject("unknown", "00000003", {}, a_officers=UNKNOWN, a_psc=UNKNOWN),
            reject("bad", None, {"company_number": "0000000X"}),
        ],
    )
    assert delivered.found == {
        "00000001": [
            Found("Ann Smith", frozenset({date(2020, 1, 1)})),
            Found("Rob Hill", frozenset({date(1992, 1, 1)})),
        ],
        "00000002": [],
    }
    assert delivered.silent == {
        "00000001": frozenset(),
        "00000002": frozenset({"a.officers"}),
        "00000003": frozenset({"a.officers", "a.psc"}),
        "0000000X": frozenset(),
    }
    assert delivered.rejects == {"unknown": 1, "bad": 1}
    assert delivered.questions_as_json() == {
        "asked": 5,
        "unknown": 3,
        "share_unknown": 0.6,
        "by_question": {"a.officers": {"asked": 3, "unknown": 2}, "a.psc": {"asked": 2, "unknown": 1}},
    }
    assert "00000003" in delivered
    assert "00000004" not in delivered


def test_a_run_that_left_nothing(tmp_path: Path) -> None:
    delivered = read_delivered(tmp_path / "leads.jsonl")
    assert delivered == Delivered()
    assert delivered.questions_as_json()["share_unknown"] is None


@pytest.mark.parametrize("line", [b"{", b"[]", b"{}", b'{"company": {"number": "1"}}'])
def test_a_line_that_no_run_writes(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "leads.jsonl").write_bytes(orjson.dumps(lead("00000001")) + b"\n" + line + b"\n")
    with pytest.raises(ValueError, match=r"leads\.jsonl, line 2: "):
        read_delivered(tmp_path / "leads.jsonl")
