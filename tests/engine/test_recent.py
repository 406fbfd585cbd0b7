"""What was just committed is handed over from memory, and is never anything else than what the outbox holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import CompanyNumber, NameQuery, Stopped
from leadgen_core.engine.inputs import Row
from leadgen_core.engine.outbox import Outbox, Result, ResultState
from leadgen_core.engine.pipeline import duplicate_reject
from leadgen_core.engine.recent import Recent, Stored

COUNT = 6


def filled(path: Path) -> Outbox:
    outbox = Outbox(path)
    outbox.spool(Row(line=place + 2, subjects=(NameQuery(f"name {place}"),), columns={}) for place in range(COUNT))
    return outbox


def result(place: int, number: int | None = None, body: bytes = b"{}") -> Result:
    named = None if number is None else str(CompanyNumber(f"{number:08d}"))
    return Result(ordinal=place, state=ResultState.LEAD, number=named, body=body)


def from_the_file(outbox: Outbox) -> list[Stored]:
    """What somebody reads who was not there."""
    outbox._recent.clear()
    return everything(outbox)


def everything(outbox: Outbox) -> list[Stored]:
    found: list[Stored] = []
    while ready := outbox.ready(len(found)):
        found += ready
    return found


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    opened = filled(tmp_path / "run.db")
    yield opened
    opened.close()


# Companies finish in groups, in any order, some twice, some as another row's company.
GROUPS = st.lists(st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, 3)), min_size=1, max_size=4), max_size=8)


@given(groups=GROUPS)
def test_it_is_what_the_outbox_holds(groups: list[list[tuple[int, int]]]) -> None:
    outbox = filled(Path(":memory:"))
    for turn, group in enumerate(groups):
        outbox.store_all([result(place, number or None, b"%d" % turn) for place, number in group], duplicate_reject)
        seen = everything(outbox)
        kept = dict(outbox._recent._held)
        assert seen == from_the_file(outbox)
        outbox._recent.add([*kept.values()])
    outbox.close()


def test_what_is_not_committed_is_handed_to_nobody(outbox: Outbox) -> None:
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Stopped):
        outbox.store_all([result(0, body=b"x" * 1_000_000)], duplicate_reject)
    assert outbox.ready(0) == []


def test_the_oldest_make_room_and_are_read_from_the_file(outbox: Outbox) -> None:
    outbox._recent = Recent(most=3_000)
    for place in range(COUNT):
        outbox.store_all([result(place, body=bytes([48 + place]) * 1_000)], duplicate_reject)
    assert outbox._recent._size <= 3_000
    assert [stored.ordinal for stored in outbox._recent._held.values()] == [COUNT - 2, COUNT - 1]
    assert [stored.ordinal for stored in everything(outbox)] == list(range(COUNT))


def test_a_page_is_no_longer_than_asked_for(outbox: Outbox) -> None:
    outbox.store_all([result(place) for place in range(COUNT)], duplicate_reject)
    assert [stored.ordinal for stored in outbox.ready(1, 2)] == [1, 2]


def test_what_was_forgotten_takes_no_room() -> None:
    recent = Recent(most=3_000)
    stored = [Stored(place, 0, ResultState.LEAD, b"x" * 1_000) for place in range(4)]
    recent.add(stored[:2])
    recent.clear()
    recent.add(stored[2:])
    assert recent.following(2, 10) == stored[2:]
