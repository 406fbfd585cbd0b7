"""The outbox: the spool joins rows, results commit, the lower ordinal keeps a company, cursors survive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import CompanyNumber, Host, NameQuery, Stopped
from leadgen_core.engine.inputs import Row
from leadgen_core.engine.outbox import Entry, Outbox, Result, ResultState
from leadgen_core.engine.pipeline import duplicate_reject

NUMBERS = [CompanyNumber(f"0000000{digit}") for digit in range(8)]


def row(line: int, number: CompanyNumber, **columns: str) -> Row:
    return Row(line=line, subjects=(number,), columns=columns)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    opened = Outbox(tmp_path / "run.db")
    yield opened
    opened.close()


def lead(ordinal: int, number: str | None = None, text: bytes = b"{}") -> Result:
    return Result(ordinal=ordinal, state=ResultState.LEAD, number=number, body=text)


def test_rows_of_one_company_are_one_entry_with_all_its_rows(outbox: Outbox) -> None:
    repaired = Row(line=4, subjects=(NUMBERS[1],), columns={"ref": "b"}, repaired=("1 read as 00000001",))
    outbox.spool([row(2, NUMBERS[1], ref="a"), row(3, NUMBERS[2]), repaired, Row(line=5, columns={}, bad="is bad")])
    first, second, third = outbox.pending()
    assert first.input.rows == (2, 4)
    assert first.input.columns == {"ref": "a"}
    assert first.input.repaired == ("1 read as 00000001",)
    assert second.subjects == (NUMBERS[2],)
    assert (third.bad, third.input.rows) == ("is bad", (5,))
    assert [entry.ordinal for entry in (first, second, third)] == [0, 1, 2]


def test_subjects_come_back_as_they_were(outbox: Outbox) -> None:
    subjects = (NameQuery("Café & Söhne, Ltd", "M4 1BF"), Host("cafe.example"))
    outbox.spool([Row(line=2, subjects=subjects, columns={})])
    (entry,) = outbox.pending()
    assert entry.subjects == subjects
    assert entry.given == {"name": "Café & Söhne, Ltd", "postcode": "M4 1BF", "domain": "cafe.example"}


def test_a_name_is_one_company_whatever_its_case(outbox: Outbox) -> None:
    names = ("Acme Ltd", "ACME LTD", "Acme Limited")
    outbox.spool([Row(line=i, subjects=(NameQuery(name),), columns={}) for i, name in enumerate(names)])
    assert [entry.input.rows for entry in outbox.pending()] == [(0, 1), (2,)]


@given(order=st.permutations(range(4)), same=st.sets(st.integers(0, 3), min_size=2))
def test_the_lower_ordinal_keeps_the_company_whichever_finished_first(order: list[int], same: set[int]) -> None:
    outbox = Outbox(Path(":memory:"))
    outbox.spool([Row(line=place + 2, subjects=(NameQuery(f"name {place}"),), columns={}) for place in range(4)])
    for ordinal in order:
        outbox.store(lead(ordinal, "00000001" if ordinal in same else f"0000001{ordinal}"), duplicate_reject)
    keeper = min(same)
    for stored in outbox.ready(0):
        if stored.ordinal in same - {keeper}:
            assert stored.state is ResultState.DUPLICATE
            assert orjson.loads(stored.body or b"")["because"] == f"is the company of row {keeper + 2}"
        else:
            assert stored.state is ResultState.LEAD
    outbox.close()


def test_ready_stops_at_the_first_that_is_not_finished(outbox: Outbox) -> None:
    outbox.spool([row(place + 2, NUMBERS[place]) for place in range(4)])
    for ordinal in (1, 0, 3):
        outbox.store(lead(ordinal), duplicate_reject)
    assert [stored.ordinal for stored in outbox.ready(0)] == [0, 1]
    assert [stored.ordinal for stored in outbox.ready(3)] == [3]
    assert outbox.ready(2) == []
    assert [entry.ordinal for entry in outbox.pending()] == [2]


def test_retry_takes_what_failed_or_what_has_an_unanswered_question(outbox: Outbox) -> None:
    outbox.spool([row(place + 2, NUMBERS[place]) for place in range(4)])
    outbox.store(lead(0), duplicate_reject)
    outbox.store(Result(ordinal=1, state=ResultState.FAILED, body=b"{}"), duplicate_reject)
    outbox.store(Result(ordinal=2, state=ResultState.LEAD, body=b"{}", unanswered=("x.y timeout",)), duplicate_reject)
    assert [entry.ordinal for entry in outbox.pending("failed")] == [1, 3]
    assert [entry.ordinal for entry in outbox.pending("unknown")] == [2, 3]


def test_a_second_result_is_a_new_revision(outbox: Outbox) -> None:
    outbox.spool([row(2, NUMBERS[1])])
    outbox.store(lead(0, "00000001", b"1"), duplicate_reject)
    outbox.store(lead(0, "00000001", b"2"), duplicate_reject)
    (stored,) = outbox.ready(0)
    assert (stored.revision, stored.body) == (2, b"2")


def test_cursors_and_the_mark_to_write_anew(outbox: Outbox) -> None:
    assert outbox.cursor("a") == (0, None, False)
    outbox.advance("a", 3, "300")
    outbox.advance("b", 1, "10")
    assert outbox.cursor("a") == (3, "300", False)
    outbox.rewrite()
    assert outbox.cursor("a") == (3, "300", True)
    outbox.advance("a", 4, "400")
    assert outbox.cursor("a") == (4, "400", False)
    assert outbox.cursor("b") == (1, "10", True)


def test_everything_is_there_after_the_process_has_gone(tmp_path: Path) -> None:
    """No close: what was committed is read by the next one."""
    gone = Outbox(tmp_path / "run.db")
    gone.spool([row(2, NUMBERS[1])])
    gone.note(run="r1")
    gone.store(lead(0, "00000001", b"1"), duplicate_reject)
    again = Outbox(tmp_path / "run.db")
    assert again.meta("run") == "r1"
    assert [stored.body for stored in again.ready(0)] == [b"1"]
    again.close()
    gone.close()


def test_a_failed_transaction_changes_nothing(outbox: Outbox) -> None:
    outbox.spool([row(2, NUMBERS[1]), row(3, NUMBERS[2])])
    outbox.store(lead(0, "00000001"), duplicate_reject)

    def broken(_loser: Entry, _keeper: Entry) -> bytes:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outbox.store(lead(1, "00000001"), broken)
    assert [stored.ordinal for stored in outbox.ready(0)] == [0]


def test_a_full_disk_is_a_stop_in_one_sentence(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "run.db")
    outbox.spool([row(2, NUMBERS[1])])
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Stopped, match=r"run\.db: the run's state cannot be written .* --resume"):
        outbox.store(lead(0, "00000001", b"x" * 1_000_000), duplicate_reject)
    assert outbox.ready(0) == []
    outbox.close()


def test_a_file_that_is_no_database_is_a_stop_and_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.db"
    path.write_bytes(b"this is no database, it is text" * 100)
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def noted(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", noted)
    with pytest.raises(Stopped, match="cannot be read"):
        Outbox(path)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
