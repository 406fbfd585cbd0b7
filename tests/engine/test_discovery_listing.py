"""A listing in one process: discoverers that break, lists that cannot be written."""

from __future__ import annotations

import asyncio
import errno
import io
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadgen_core import (
    Candidate,
    Cause,
    Clock,
    CompanyNumber,
    Context,
    DiscovererSpec,
    DiscoveryQuery,
    Lookup,
    Reply,
    Stopped,
    Unanswered,
    UsageError,
)
from leadgen_core.app.discovery import Discovered, discover
from leadgen_core.app.listing import Listing
from leadgen_core.events import Events, PluginBroke
from leadgen_core.registry import Installed, Offer, Plugins
from leadgen_core.settings import RunSettings

ONE = Candidate(CompanyNumber("01234567"), "ONE LTD", "active", "LS1 1AA")
TWO = Candidate(CompanyNumber("SC000001"), "TWO LTD")
Discover = Callable[[DiscoveryQuery, Context], Any]


class Silent:
    """A gateway that is not asked."""

    async def ask(self, lookup: Lookup, question: str) -> Reply:
        raise AssertionError(question)


class Lister:
    """Made by the factory below; ``how`` is what the test lets it do."""

    how: Discover
    closed = 0

    def __init__(self, _config: object) -> None:
        pass

    def discover(self, query: DiscoveryQuery, ctx: Context) -> Any:
        return type(self).how(query, ctx)

    async def aclose(self) -> None:
        type(self).closed += 1


@pytest.fixture
def events() -> Events:
    return Events()


async def listed(
    how: Discover, listing: Listing, events: Events, *, limit: int | None = None, seconds: float = 5
) -> Discovered:
    Lister.how, Lister.closed = staticmethod(how), 0
    spec = DiscovererSpec(name="list", factory=f"{__name__}:Lister")
    installed = Installed("lister", "guest-lister", "1.0", "guest_lister")
    found = await discover(
        Offer(installed, spec, None),
        DiscoveryQuery(limit=limit),
        listing,
        Silent(),
        Plugins(),
        RunSettings(answer_timeout=seconds),
        Clock(),
        events,
    )
    assert Lister.closed == 1
    return found


async def both(_query: DiscoveryQuery, _ctx: Context) -> AsyncIterator[Candidate]:
    yield ONE
    yield TWO


async def failing(_query: DiscoveryQuery, _ctx: Context) -> AsyncIterator[Candidate]:
    yield ONE
    raise Unanswered(Cause.THROTTLED, "the quota is used up", datetime(2026, 1, 30, 14, tzinfo=UTC))


async def raising(_query: DiscoveryQuery, _ctx: Context) -> AsyncIterator[Candidate]:
    yield ONE
    raise KeyError("secret")


async def stale(_query: DiscoveryQuery, _ctx: Context) -> AsyncIterator[Candidate]:
    yield ONE
    raise TimeoutError


async def hanging(_query: DiscoveryQuery, _ctx: Context) -> AsyncIterator[Candidate]:
    yield ONE
    await asyncio.Event().wait()


async def odd(_query: DiscoveryQuery, _ctx: Context) -> AsyncIterator[Any]:
    yield "01234567"


async def promise(_query: DiscoveryQuery, _ctx: Context) -> list[Candidate]:
    return [ONE]


def plain(_query: DiscoveryQuery, _ctx: Context) -> list[Candidate]:
    return [ONE]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def stream() -> io.BytesIO:
    return io.BytesIO()


async def test_a_list_is_published_when_it_is_whole(events: Events) -> None:
    out = stream()
    with Listing(None, overwrite=False, stdout=out) as listing:
        done = await listed(both, listing, events)
    assert (done.question, done.companies, done.summary.stopped) == ("lister.list", 2, None)
    assert out.getvalue() == (
        b"company_number,name,postcode,status\n01234567,ONE LTD,LS1 1AA,active\nSC000001,TWO LTD,,\n"
    )


async def test_a_limit_ends_the_discoverer(events: Events) -> None:
    ended: list[str] = []

    async def endless(_query: DiscoveryQuery, _ctx: Context) -> AsyncIterator[Candidate]:
        try:
            while True:
                yield ONE
        finally:
            ended.append("yes")

    with Listing("-", overwrite=False, stdout=stream()) as listing:
        done = await listed(endless, listing, events, limit=3)
    assert (done.companies, ended) == (3, ["yes"])


@pytest.mark.parametrize(
    ("how", "says", "broke"),
    [
        (failing, "lister.list: throttled: the quota is used up (ask again after 2026-01-30T14:00:00Z)", None),
        (hanging, "lister.list took more than 0.05 s", None),
        (raising, "lister.list (guest-lister 1.0) broke: KeyError", "KeyError"),
        (stale, "lister.list (guest-lister 1.0) broke: TimeoutError", "TimeoutError"),
        (odd, "lister.list (guest-lister 1.0) broke: TypeError", "TypeError"),
        (promise, "lister.list (guest-lister 1.0) broke: TypeError", "TypeError"),
        (plain, "lister.list (guest-lister 1.0) broke: TypeError", "TypeError"),
    ],
)
async def test_a_list_that_is_not_whole_is_not_written(
    tmp_path: Path, events: Events, how: Discover, says: str, broke: str | None
) -> None:
    told: list[PluginBroke] = []
    events.on(PluginBroke, told.append)
    with Listing(str(tmp_path / "found.csv"), overwrite=False, stdout=stream()) as listing:
        done = await listed(how, listing, events, seconds=0.05)
    assert done.summary.stopped == f"{says}; nothing was written"
    assert [event.error for event in told] == ([broke] if broke else [])
    assert done.summary.broken.total() == len(told)
    assert names(tmp_path) == []


async def test_a_refusal_of_the_query_is_bad_usage(events: Events) -> None:
    async def refusing(query: DiscoveryQuery, _ctx: Context) -> AsyncIterator[Candidate]:
        if not query.statuses:
            raise UsageError("there is no such status")
        yield ONE

    with (
        Listing(None, overwrite=False, stdout=stream()) as listing,
        pytest.raises(UsageError, match="there is no such status"),
    ):
        await listed(refusing, listing, events)


def _full(*_args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_leaves_the_older_list(
    tmp_path: Path, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "found.jsonl"
    path.write_text("older")
    with Listing(str(path), overwrite=True, stdout=stream()) as listing:
        monkeypatch.setattr("leadgen_core.app.listing.os.fsync", _full)
        done = await listed(both, listing, events)
    assert done.summary.stopped == f"{path}: cannot be written: No space left on device"
    assert path.read_text() == "older"
    assert names(tmp_path) == ["found.jsonl"]


def test_a_file_that_appeared_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "found.csv"
    with Listing(str(path), overwrite=False, stdout=stream()) as listing:
        listing.add(ONE)
        path.write_text("somebody else's")
        with pytest.raises(UsageError, match="exists"):
            listing.publish()
    assert path.read_text() == "somebody else's"


def test_standard_output_that_is_full_is_told_and_one_that_went_away_is_not() -> None:
    class Out(io.BytesIO):
        def __init__(self, error: OSError) -> None:
            super().__init__()
            self.error = error

        def write(self, _data: object) -> int:
            raise self.error

    for error, expected in ((OSError(errno.ENOSPC, "full"), Stopped), (BrokenPipeError(), BrokenPipeError)):
        with (
            Listing(None, overwrite=False, stdout=Out(error)) as listing,
            pytest.raises(expected),
        ):
            listing.publish()


def test_names_stay_text_on_one_line(tmp_path: Path) -> None:
    odd_names = ("@HOME LTD", "+44 LTD", "-X", "=SUM(1)", 'QUOTED "A", B', "TWO\nLINES \t LTD", "CAFÉ", "BAD \ud800")
    for ending in ("csv", "jsonl"):
        path = tmp_path / f"found.{ending}"
        with Listing(str(path), overwrite=False, stdout=stream()) as listing:
            for name in odd_names:
                listing.add(Candidate(CompanyNumber("01234567"), name))
            listing.publish()
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) == len(odd_names) + (ending == "csv")
        assert "TWO LINES LTD" in lines[-3]
        assert "CAFÉ" in lines[-2]
        assert "BAD ?" in lines[-1]
    rows = (tmp_path / "found.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[1] for row in rows[1:5]] == ["'@HOME LTD", "'+44 LTD", "'-X", "'=SUM(1)"]
