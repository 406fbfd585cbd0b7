"""Collect: tiers, the worklist, the three answers, and what a broken source does to others: nothing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest

from leadgen_core import (
    Absent,
    Cause,
    CompanyNumber,
    CompanyProfile,
    Found,
    Host,
    NameMatch,
    NameQuery,
    OfficerAppointment,
    State,
    Subject,
    Unanswered,
    Unknown,
)
from leadgen_core.engine.collect import Asked, Collected, Collector, aims_of
from leadgen_core.testing import VirtualClock
from tests.engine.parts import NUMBER, NoGateway, director, found, match, profile, source

OTHER = CompanyNumber("07654321")


async def collect(
    sources: Sequence[Asked], *subjects: Subject, want: Sequence[str] | None = None, **options: Any
) -> Collected:
    async def admit(_subject: Subject) -> bool:
        return True

    options = {"admit": admit, "broke": lambda _question, _error: None, **options}
    collector = Collector(
        sources,
        NoGateway(),
        VirtualClock(),
        want=aims_of(sources) if want is None else want,
        **options,
    )
    return await collector.collect(subjects or (NUMBER,))


async def test_a_name_becomes_a_number_that_is_asked_about_once_by_each_source() -> None:
    search, searched = source("search", found(match()), asks=NameQuery)
    register, registered = source("profile", found(profile()))
    got = await collect([search, register], NameQuery("Acme"))
    assert got.number == NUMBER
    assert searched.asked == [NameQuery("Acme")]
    assert registered.asked == [NUMBER]
    assert {question: outcome.state for question, outcome in got.outcomes.items()} == {
        "test.search": State.FOUND,
        "test.profile": State.FOUND,
    }


async def test_another_companys_number_is_evidence_and_is_not_asked_about() -> None:
    """Two sources that take the name for different companies leave it open; neither number costs a call."""
    one, _ = source("one", found(match(NUMBER)), asks=NameQuery)
    two, _ = source("two", found(match(OTHER)), asks=NameQuery)
    register, registered = source("profile", found(profile()))
    got = await collect([one, two, register], NameQuery("Acme"))
    assert got.number is None
    assert registered.asked == []
    assert {candidate.number for candidate in got.candidates} == {NUMBER, OTHER}


async def test_a_number_of_the_input_is_not_replaced_by_one_that_is_put_forward() -> None:
    odd, _ = source("odd", found(match(OTHER)))
    register, registered = source("profile", found(profile()))
    got = await collect([odd, register])
    assert got.number == NUMBER
    assert registered.asked == [NUMBER]


async def test_a_dearer_tier_opens_only_while_something_wanted_is_missing() -> None:
    cheap, _ = source("cheap", found(director()), yields=(OfficerAppointment,))
    dear, asked = source("dear", found(director("ROE, Richard")), yields=(OfficerAppointment,), tier=1)
    await collect([cheap, dear])
    assert asked.asked == []
    got = await collect([cheap, dear], want=["executives", "site"])
    assert asked.asked == [NUMBER]
    assert len(got.claims) == 2


@pytest.mark.parametrize("cause", [Cause.BREAKER_OPEN, Cause.THROTTLED, Cause.FAILED, Cause.TIMEOUT])
async def test_an_api_that_cannot_be_asked_opens_the_next_tier_and_the_outcome_says_so(cause: Cause) -> None:
    dead, _ = source("profile", lambda _s, _c: Unknown(cause), yields=(CompanyProfile, OfficerAppointment))
    other, _ = source("other", lambda _s, _c: Absent(), yields=(CompanyProfile,))
    dear, asked = source("dear", found(director()), yields=(OfficerAppointment,), tier=1)
    got = await collect([dead, other, dear])
    assert asked.asked == [NUMBER]
    assert got.outcomes["test.profile"].cause is cause
    assert got.outcomes["test.dear"].state is State.FOUND


@pytest.mark.parametrize("answer", [Absent(), Unknown(Cause.THROTTLED), Found([])])
async def test_a_dearer_tier_opens_when_the_cheap_one_found_nothing(answer: Any) -> None:
    cheap, _ = source("cheap", lambda _s, _c: answer, yields=(OfficerAppointment,))
    dear, asked = source("dear", found(director()), yields=(OfficerAppointment,), tier=1)
    await collect([cheap, dear])
    assert asked.asked == [NUMBER]


async def test_of_a_company_that_is_proven_absent_nothing_dearer_is_asked() -> None:
    register, _ = source("profile", lambda _s, _c: Absent())
    dear, asked = source("dear", found(director()), yields=(OfficerAppointment,), tier=1)
    got = await collect([register, dear])
    assert asked.asked == []
    assert got.outcomes["test.profile"].state is State.ABSENT


async def test_claims_are_the_same_whatever_finishes_first() -> None:
    def slow(claim: Any, seed: int) -> Any:
        async def answer(_subject: Any, _ctx: Any) -> Found:
            for _ in range(random.Random(seed).randrange(20)):
                await asyncio.sleep(0)
            return Found([claim])

        return answer

    results = []
    for seed in range(10):
        sources = [
            source(name, slow(director(f"{name.upper()}, A"), seed * 7 + place))[0]
            for place, name in enumerate(("a", "b", "c", "d"))
        ]
        results.append([claim.name for claim in (await collect(sources)).claims])  # type: ignore[attr-defined]
    assert all(result == ["A, A", "B, A", "C, A", "D, A"] for result in results)


@pytest.mark.parametrize(
    ("script", "cause", "says"),
    [
        (lambda _s, _c: 1 / 0, Cause.PLUGIN_ERROR, "raised ZeroDivisionError"),
        (lambda _s, _c: [], Cause.PLUGIN_ERROR, "returned list, which is no answer"),
        (lambda _s, _c: Found(["garbage"]), Cause.PLUGIN_ERROR, "returned a str"),  # type: ignore[list-item]
        (lambda _s, _c: Found([director()] * 10_001), Cause.PLUGIN_ERROR, "more than 10000 claims"),
    ],
)
async def test_a_source_that_breaks_is_unknown_and_the_run_goes_on(script: Any, cause: Cause, says: str) -> None:
    broken: list[str] = []
    bad, _ = source("bad", script)
    good, _ = source("good", found(profile()))
    got = await collect([bad, good], broke=lambda question, _error: broken.append(question))
    assert got.outcomes["test.bad"].state is State.UNKNOWN
    assert got.outcomes["test.bad"].cause is cause
    assert says in str(got.outcomes["test.bad"].because)
    assert broken == ["test.bad"]
    assert got.outcomes["test.good"].state is State.FOUND


async def test_claim_types_that_the_spec_does_not_name_are_refused() -> None:
    bad, _ = source("bad", found(director(), match()), yields=(OfficerAppointment,))
    got = await collect([bad])
    assert got.outcomes["test.bad"].cause is Cause.PLUGIN_ERROR
    assert got.claims == []


async def test_the_text_of_an_exception_is_not_repeated() -> None:
    def secretive(_subject: Any, _ctx: Any) -> Any:
        raise RuntimeError("key is hunter2")

    bad, _ = source("bad", secretive)
    got = await collect([bad])
    assert "hunter2" not in repr(got)


async def test_what_was_kept_survives_an_answer_that_does_not_come() -> None:
    async def half(_subject: Any, ctx: Any) -> Found:
        ctx.keep([director("KEPT, Ann")])
        raise Unanswered(Cause.THROTTLED, "the quota is used up")

    cut, _ = source("cut", half)
    got = await collect([cut])
    assert [claim.name for claim in got.claims if isinstance(claim, OfficerAppointment)] == ["KEPT, Ann"]
    outcome = got.outcomes["test.cut"]
    assert (outcome.state, outcome.cause, outcome.because) == (
        State.UNKNOWN,
        Cause.THROTTLED,
        "the quota is used up",
    )


async def test_kept_claims_are_not_counted_twice() -> None:
    async def keeps(_subject: Any, ctx: Any) -> Found:
        claim = director()
        ctx.keep([claim])
        return Found([claim])

    kind, _ = source("kind", keeps)
    assert len((await collect([kind])).claims) == 1


async def test_a_hanging_source_is_unknown_by_timeout() -> None:
    async def hang(_subject: Any, _ctx: Any) -> Found:
        await asyncio.Event().wait()
        raise AssertionError

    hanging, _ = source("hanging", hang)
    good, _ = source("good", found(profile()))
    got = await collect([hanging, good], seconds=0.05)
    assert got.outcomes["test.hanging"].cause is Cause.TIMEOUT
    assert got.outcomes["test.good"].state is State.FOUND


async def test_a_sources_own_time_out_is_its_error_and_not_ours() -> None:
    async def own(_subject: Any, _ctx: Any) -> Found:
        raise TimeoutError

    timed, _ = source("timed", own)
    assert (await collect([timed])).outcomes["test.timed"].cause is Cause.PLUGIN_ERROR


async def test_an_outcome_is_that_of_the_worst_subject_with_counts() -> None:
    def by_kind(subject: Subject, _ctx: Any) -> Any:
        return Unknown(Cause.TIMEOUT) if subject == Host("b.example") else Absent()

    sites, _ = source("sites", by_kind, asks=Host)
    outcome = (await collect([sites], Host("a.example"), Host("b.example"))).outcomes["test.sites"]
    assert (outcome.state, outcome.cause) == (State.UNKNOWN, Cause.TIMEOUT)
    assert (outcome.asked, outcome.found, outcome.absent, outcome.unknown) == (2, 0, 1, 1)


async def test_a_suppressed_subject_costs_no_call() -> None:
    async def admit(subject: Subject) -> bool:
        return subject != NUMBER

    register, registered = source("profile", found(profile()))
    search, _ = source("search", found(match()), asks=NameQuery)
    assert (await collect([register], admit=admit)).suppressed
    assert (await collect([search, register], NameQuery("Acme"), admit=admit)).suppressed
    assert registered.asked == []


async def test_subjects_are_followed_to_a_bounded_depth() -> None:
    class Chain(NameMatch):
        """A claim that puts forward a further host for ever."""

        def puts_forward(self) -> tuple[Subject, ...]:
            return (Host(f"{len(self.name)}.example"),)

    def further(subject: Host, _ctx: Any) -> Found:
        length = int(subject.value.partition(".")[0]) + 1
        base = match()
        return Found([Chain(provenance=base.provenance, query="q", number=NUMBER, name="x" * length)])

    endless, asked = source("endless", further, asks=Host, yields=(NameMatch,))
    await collect([endless], Host("0.example"))
    assert len(asked.asked) == 5
