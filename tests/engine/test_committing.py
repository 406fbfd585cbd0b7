"""Results share transactions; nobody hears of one before it is committed, and none is lost at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from leadgen_core import CompanyNumber
from leadgen_core.engine.committing import Committer
from leadgen_core.engine.inputs import Row
from leadgen_core.engine.outbox import Outbox, Result, ResultState
from leadgen_core.engine.pipeline import duplicate_reject
from leadgen_core.errors import Stopped


def result(ordinal: int, number: str | None = None) -> Result:
    return Result(ordinal=ordinal, state=ResultState.LEAD, number=number, body=b"{}")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "run.db")
    made.spool(Row(line=place + 2, subjects=(CompanyNumber(f"{place:08d}"),), columns={}) for place in range(100))
    yield made
    made.close()


class Heard:
    """What was told, and what the outbox held at that moment."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.told: list[tuple[int, str]] = []
        self.groups: list[int] = []
        self.seconds: list[float] = []
        self.any = asyncio.Event()

    def __call__(self, results: Sequence[tuple[Result, float]]) -> None:
        self.told += [(each.ordinal, str(each.state)) for each, _ in results]
        self.seconds += [seconds for _, seconds in results]
        self.groups.append(len(results))
        self.any.set()
        assert sum(self.outbox.totals().values()) == len(self.told)


async def test_a_full_group_is_committed_at_once(outbox: Outbox) -> None:
    heard = Heard(outbox)
    committer = Committer(outbox, duplicate_reject, heard)
    for place in range(31):
        committer.add(result(place), 0.0)
    assert heard.told == []
    committer.add(result(31), 0.0)
    assert heard.groups == [32]
    committer.close()


async def test_a_single_one_does_not_wait_for_others(outbox: Outbox) -> None:
    heard = Heard(outbox)
    committer = Committer(outbox, duplicate_reject, heard)
    committer.add(result(0), 0.0)
    await asyncio.wait_for(heard.any.wait(), 5)
    assert heard.told == [(0, "lead")]
    committer.close()


async def test_the_last_ones_are_committed_at_the_end(outbox: Outbox) -> None:
    heard = Heard(outbox)
    committer = Committer(outbox, duplicate_reject, heard)
    committer.add(result(0), 1.5)
    committer.add(result(1), 0.5)
    committer.close()
    assert heard.told == [(0, "lead"), (1, "lead")]
    assert heard.seconds == [1.5, 0.5]


async def test_two_rows_of_one_company_in_one_group(outbox: Outbox) -> None:
    told: list[tuple[int, str]] = []

    def committed(results: Sequence[tuple[Result, float]]) -> None:
        told.extend((each.ordinal, str(each.state)) for each, _ in results)

    committer = Committer(outbox, duplicate_reject, committed)
    committer.add(result(0, "00000007"), 0.0)
    committer.add(result(1, "00000007"), 0.0)
    committer.close()
    assert told == [(0, "lead"), (1, "duplicate")]


async def test_a_commit_that_fails_by_itself_stops_the_run(outbox: Outbox) -> None:
    def full(*_arguments: object) -> list[Result]:
        raise Stopped("the disk is full")

    committer = Committer(outbox, duplicate_reject, Heard(outbox))
    outbox.store_all = full  # type: ignore[method-assign,assignment]
    committer.add(result(0), 0.0)
    with pytest.raises(Stopped):
        await asyncio.wait_for(asyncio.shield(committer.failed), 5)
    with pytest.raises(Stopped):
        committer.close()
