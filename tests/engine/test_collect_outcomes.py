"""Collect: what is said of each question, what is saved of an answer that broke, and what ends with the run."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from leadgen_core import (
    Absent,
    Cause,
    Claim,
    CompanyProfile,
    Found,
    Host,
    Lookup,
    NameMatch,
    OfficerAppointment,
    Reply,
    State,
    Stopped,
    Subject,
    Unknown,
)
from leadgen_core.engine import collect as module
from leadgen_core.engine.collect import Collector
from leadgen_core.testing import VirtualClock
from tests.engine.parts import NOW, NUMBER, director, found, match, profile, source
from tests.engine.test_collect import collect
from tests.engine.test_context import API, Gateway

SITES = [Host(f"{letter}.example") for letter in "abcde"]


class Site(NameMatch):
    """Puts forward the site that its query names."""

    def puts_forward(self) -> tuple[Subject, ...]:
        return (Host(self.query),)


def site(host: Host) -> Site:
    return Site(provenance=match().provenance, query=host.value, number=NUMBER, name="ACME LTD")


def since(hours: int) -> Claim:
    claim = profile()
    return evolve(claim, provenance=evolve(claim.provenance, question="old", stale_since=NOW - timedelta(hours=hours)))


def stale(*hours: int) -> Any:
    """Answers with claims that were good until so many hours ago."""

    def answer(_subject: Any, ctx: Any) -> Found:
        claims = [since(each) for each in hours]
        return Found([evolve(each, provenance=evolve(each.provenance, question=ctx.question)) for each in claims])

    return answer


# --- what is said -----------------------------------------------------------------------------------------


async def test_an_outcome_is_as_old_as_the_oldest_of_its_claims() -> None:
    old, _ = source("old", stale(2, 5, 3))
    fresh, _ = source("fresh", found(profile()))
    outcomes = (await collect([old, fresh])).outcomes
    assert outcomes["test.old"].stale_since == NOW - timedelta(hours=5)
    assert outcomes["test.old"].state is State.FOUND
    assert outcomes["test.fresh"].stale_since is None


async def test_the_reason_and_the_time_are_those_of_the_worst() -> None:
    answers = {
        SITES[0]: Found([profile()]),
        SITES[1]: Absent(because="there is none"),
        SITES[2]: Unknown(Cause.THROTTLED, because="used up", until=NOW),
    }
    sites, _ = source("sites", lambda subject, _ctx: answers[subject], asks=Host)
    outcome = (await collect([sites], *SITES[:3])).outcomes["test.sites"]
    assert (outcome.state, outcome.because, outcome.until) == (State.UNKNOWN, "used up", NOW)
    outcome = (await collect([sites], *SITES[:2])).outcomes["test.sites"]
    assert (outcome.state, outcome.because, outcome.until) == (State.ABSENT, "there is none", None)


# --- who is asked -----------------------------------------------------------------------------------------


async def test_who_wants_nothing_in_particular_gets_all_there_is() -> None:
    cheap, _ = source("cheap", found(director()), yields=(OfficerAppointment,))
    dear, asked = source("dear", found(director()), yields=(OfficerAppointment,), tier=1)
    await collect([cheap, dear], want=[])
    assert asked.asked == [NUMBER]


async def test_what_a_dearer_tier_puts_forward_the_cheap_ones_are_asked_about() -> None:
    cheap, asked = source("cheap", lambda _s, _c: Absent(), asks=Host, yields=(CompanyProfile,))
    dear, _ = source("dear", found(site(SITES[1])), yields=(NameMatch,), tier=1)
    await collect([cheap, dear], want=["site"])
    assert asked.asked == [SITES[1]]


async def test_a_suppressed_site_of_the_input_suppresses_the_company_and_another_only_itself() -> None:
    async def admit(subject: Subject) -> bool:
        return subject != SITES[0]

    register, registered = source("profile", found(site(SITES[0])))
    sites, visited = source("sites", lambda _s, _c: Absent(), asks=Host)
    assert not (await collect([register, sites], admit=admit)).suppressed
    assert (registered.asked, visited.asked) == ([NUMBER], [])
    got = await collect([register, sites], NUMBER, *SITES, admit=admit)
    assert got.suppressed
    assert (registered.asked, visited.asked) == ([NUMBER], [])


async def test_subjects_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_SUBJECTS", 3)
    sites, asked = source("sites", lambda _s, _c: Absent(), asks=Host)
    await collect([sites], *SITES)
    assert asked.asked == SITES[:3]


# --- what is saved ----------------------------------------------------------------------------------------


async def test_what_was_kept_survives_the_source_that_breaks() -> None:
    async def breaks(_subject: Any, ctx: Any) -> Found:
        ctx.keep([director("KEPT, Ann")])
        raise RuntimeError

    bad, _ = source("bad", breaks)
    got = await collect([bad])
    assert [type(claim) for claim in got.claims] == [OfficerAppointment]
    assert got.aims == {"executives"}
    assert got.outcomes["test.bad"].cause is Cause.PLUGIN_ERROR


async def test_what_was_kept_survives_the_source_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GRACE", 0.0)
    monkeypatch.setattr("leadgen_core.engine.patience.LATE", 0.0)
    monkeypatch.setattr("leadgen_core.engine.guard._GRACE", 0.0)
    go, broke = asyncio.Event(), []

    async def stubborn(_subject: Any, ctx: Any) -> Found:
        ctx.keep([evolve(director(), provenance=evolve(director().provenance, question=ctx.question))])
        while not go.is_set():
            try:
                await go.wait()
            except asyncio.CancelledError:
                continue
        return Found()

    bad, _ = source("bad", stubborn)
    got = await asyncio.wait_for(
        collect([bad], seconds=0.05, broke=lambda question, error: broke.append((question, type(error).__name__))), 10
    )
    go.set()
    assert [type(claim) for claim in got.claims] == [OfficerAppointment]
    assert got.outcomes["test.bad"].cause is Cause.TIMEOUT
    assert broke == [("test.bad", "TookTooLong")]


async def test_a_source_that_cancels_its_own_task_broke_and_the_others_are_waited_for() -> None:
    def cancels(_subject: Any, _ctx: Any) -> Found:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        return Found()

    async def later(_subject: Any, _ctx: Any) -> Found:
        for _ in range(10):
            await asyncio.sleep(0)
        return Found([profile()])

    broke: list[str] = []
    bad, _ = source("bad", cancels)
    good, _ = source("good", later)
    got = await collect([bad, good], broke=lambda question, _error: broke.append(question))
    assert got.outcomes["test.good"].state is State.FOUND
    assert got.outcomes["test.bad"].cause is Cause.PLUGIN_ERROR
    assert broke == ["test.bad"]


# --- the end of the run -----------------------------------------------------------------------------------


async def test_when_the_gateway_stops_the_run_no_answer_is_waited_for_or_left_running() -> None:
    ended = asyncio.Event()

    class Stopping(Gateway):
        async def ask(self, lookup: Lookup, question: str) -> Reply:
            raise Stopped("the disk is full")

    async def asks(_subject: Any, ctx: Any) -> Found:
        await ctx.ask(Lookup.get(API, "get", "/x"))
        return Found()

    async def hangs(_subject: Any, _ctx: Any) -> Found:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return Found()

    async def admit(_subject: Subject) -> bool:
        return True

    sources = [source(name, script, api=API)[0] for name, script in (("hangs", hangs), ("asks", asks))]
    collector = Collector(sources, Stopping(), VirtualClock(), want=["site"], admit=admit, broke=lambda *_: None)
    with pytest.raises(Stopped, match="the disk is full"):
        await asyncio.wait_for(collector.collect([NUMBER]), 5)
    assert ended.is_set()
