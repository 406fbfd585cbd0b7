"""The runner ends when it must, whatever companies are still being waited for."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Sequence
from pathlib import Path

import pytest

from leadgen_core import Delivery
from leadgen_core.engine import runner
from leadgen_core.engine.outbox import Entry, Outbox, Result
from leadgen_core.engine.runner import Ending
from leadgen_core.errors import Stopped
from tests.engine.parts import ListSink
from tests.engine.test_deliver import courier, filled, names, result
from tests.engine.test_slow_sink import run

COUNT = 20


class Companies:
    """A pipeline that never ends with some companies, and that one ends the run."""

    def __init__(self, *, hangs: Sequence[int] = (), stops: int | None = None) -> None:
        self._hangs, self._stops = hangs, stops

    async def company(self, entry: Entry) -> Result:
        await asyncio.sleep(0)
        if entry.ordinal in self._hangs:
            await asyncio.Event().wait()
        if entry.ordinal == self._stops:
            raise Stopped("no more")
        return result(entry.ordinal)


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setattr(runner, "_WAKE", 0.0)
    return filled(tmp_path / "run.db", count=COUNT)


async def test_a_company_that_stops_the_run_waits_for_no_other(outbox: Outbox) -> None:
    sink = ListSink()
    with pytest.raises(Stopped, match="no more"):
        await asyncio.wait_for(run(Companies(hangs=[3], stops=5), outbox, courier(sink, outbox)), 10)
    assert len(outbox.ready(0)) == 3
    outbox.close()


async def test_a_full_disk_under_an_output_waits_for_no_company(outbox: Outbox) -> None:
    sink = ListSink()

    def full(deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            raise OSError(errno.ENOSPC, "No space left on device")

    sink.before_write = full
    with pytest.raises(Stopped, match="No space left"):
        await asyncio.wait_for(run(Companies(hangs=[3]), outbox, courier(sink, outbox)), 10)
    outbox.close()


async def test_it_ends_when_all_companies_have_ended(outbox: Outbox) -> None:
    sink = ListSink()
    assert await asyncio.wait_for(run(Companies(), outbox, courier(sink, outbox)), 10) is Ending.DONE
    assert names(sink) == list(range(COUNT))
    outbox.close()
