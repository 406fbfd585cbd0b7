"""One company's journey: which row gives a lead, which a reject and why, and what a broken plugin costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import pytest
from attrs import evolve

from leadgen_core import (
    Absent,
    Candidate,
    Cause,
    CompanyNumber,
    Compliance,
    Lead,
    NameQuery,
    OfficerAppointment,
    RunStamp,
    Score,
    ScorerSpec,
    ScreenSpec,
    Subject,
    Unknown,
)
from leadgen_core.engine.collect import Asked, Collector, aims_of
from leadgen_core.engine.outbox import Entry, Result, ResultState
from leadgen_core.engine.parts import Part
from leadgen_core.engine.pipeline import Pipeline
from leadgen_core.engine.screening import Screening
from leadgen_core.events import Events, PluginBroke
from leadgen_core.model.lead import InputRows
from leadgen_core.testing import VirtualClock
from tests.engine.parts import NOW, NUMBER, OWNER, NoGateway, director, found, match, profile, resolver, source


async def run(
    sources: Sequence[Asked],
    *subjects: Subject,
    bad: str | None = None,
    screens: Sequence[Any] = (),
    scorers: Sequence[Part[ScorerSpec, Any]] = (),
    resolve: Any = None,
    events: Events | None = None,
) -> Result:
    events = events or Events()
    screening = Screening([Part(ScreenSpec(name="screen", factory="x:y"), OWNER, made) for made in screens], events)
    clock = VirtualClock(NOW)
    collector = Collector(
        sources, NoGateway(), clock, want=aims_of(sources), admit=screening.admit, broke=lambda *_: None
    )
    pipeline = Pipeline(
        sources,
        collector,
        resolver=resolver(resolve),
        screening=screening,
        scorers=scorers,
        clock=clock,
        events=events,
        stamp=RunStamp(run="r1", generated_at=NOW, plugins={"test": "1.0"}),
        goal="executives",
    )
    entry = Entry(
        ordinal=0,
        subjects=subjects or (NUMBER,),
        input=InputRows(rows=(2,), columns={"ref": "A-17"}),
        given={"company_number": "01234567", "ref": "A-17"},
        bad=bad,
    )
    return await pipeline.company(entry)


def body(result: Result) -> Any:
    assert result.body is not None
    return orjson.loads(result.body)


def register(answer: Any = None) -> Asked:
    return source("profile", (lambda _s, _c: answer) if answer else found(profile()), yields=(type(profile()),))[0]


def people(answer: Any = None) -> Asked:
    return source(
        "officers", (lambda _s, _c: answer) if answer else found(director()), yields=(OfficerAppointment,), tier=1
    )[0]


async def test_a_lead_has_every_member_in_the_documented_order() -> None:
    lead = body(await run([register(), people()]))
    assert list(lead) == [
        "schema_version", "company", "site", "accounts", "executives", "scores", "outcomes", "compliance",
        "provenance", "input",
    ]  # fmt: skip
    assert lead["company"]["name"] == "ACME LTD"
    assert lead["site"] is None
    assert (lead["accounts"], lead["scores"]) == ([], {})
    assert lead["executives"][0]["confidence"] is None
    assert lead["executives"][0]["confidence_basis"] == "none"
    assert lead["outcomes"]["test.officers"]["state"] == "found"
    assert lead["provenance"] == {"run": "r1", "generated_at": "2026-01-30T13:14:22Z", "plugins": {"test": "1.0"}}
    assert lead["input"] == {"rows": [2], "columns": {"ref": "A-17"}, "repaired": []}
    assert lead["compliance"] == {"subscriber": None, "lia": None, "suppressed_people": 0}


async def test_an_unknown_number_is_absent_and_has_reached_the_goal() -> None:
    result = await run([register(Absent()), people()])
    assert (result.state, result.why) == (ResultState.ABSENT, None)
    reject = body(result)
    assert list(reject)[:6] == ["rows", "state", "cause", "because", "candidates", "input"]
    assert (reject["rows"], reject["state"], reject["cause"]) == ([2], "absent", None)
    assert reject["input"] == {"company_number": "01234567", "ref": "A-17"}


@pytest.mark.parametrize(
    ("profile_answer", "people_answer", "state", "reached"),
    [
        (None, None, ResultState.LEAD, True),
        (None, Absent(), ResultState.LEAD, True),
        (None, Unknown(Cause.THROTTLED), ResultState.LEAD, False),
        (None, Unknown(Cause.THROTTLED, [director()]), ResultState.LEAD, True),
        (Unknown(Cause.FAILED), None, ResultState.LEAD, True),
        (Unknown(Cause.FAILED), Absent(), ResultState.UNKNOWN, False),
        (Unknown(Cause.FAILED), Unknown(Cause.FAILED), ResultState.UNKNOWN, False),
        (Absent(), None, ResultState.ABSENT, True),
    ],
)
async def test_lead_or_reject_and_whether_the_goal_is_reached(
    profile_answer: Any, people_answer: Any, state: ResultState, reached: bool
) -> None:
    result = await run([register(profile_answer), people(people_answer)])
    assert (result.state, result.why is None) == (state, reached)


async def test_the_cause_of_an_unknown_company_is_told() -> None:
    result = await run([register(Unknown(Cause.FORBIDDEN, because="the key is wrong")), people(Absent())])
    reject = body(result)
    assert (reject["state"], reject["cause"], reject["because"]) == ("unknown", "forbidden", "the key is wrong")
    assert result.why == "unknown: forbidden"
    assert result.unanswered == ("test.profile forbidden",)


@pytest.mark.parametrize(
    ("answer", "state", "cause"),
    [
        (Absent(), "absent", None),
        (Unknown(Cause.THROTTLED), "unknown", "throttled"),
        (Unknown(Cause.AMBIGUOUS, candidates=[Candidate(NUMBER, "ACME LTD")]), "ambiguous", "ambiguous"),
        (Unknown(Cause.AMBIGUOUS), "ambiguous", "ambiguous"),
    ],
)
async def test_a_name_that_gives_no_company(answer: Any, state: str, cause: str | None) -> None:
    search, _ = source("search", lambda _s, _c: answer, asks=NameQuery)
    reject = body(await run([search, register(), people()], NameQuery("Acme")))
    assert (reject["state"], reject["cause"]) == (state, cause)
    if getattr(answer, "candidates", ()):
        assert reject["candidates"] == [{"number": "01234567", "name": "ACME LTD", "status": None, "postcode": None}]


async def test_a_name_that_two_sources_take_for_two_companies_is_ambiguous() -> None:
    one, _ = source("one", found(match()), asks=NameQuery)
    two, _ = source("two", found(match(CompanyNumber("07654321"))), asks=NameQuery)
    reject = body(await run([one, two, register(), people()], NameQuery("Acme")))
    assert reject["state"] == "ambiguous"
    assert [candidate["number"] for candidate in reject["candidates"]] == ["01234567", "07654321"]


async def test_what_no_loaded_source_can_ask_about_is_said() -> None:
    reject = body(await run([register(), people()], NameQuery("Acme")))
    assert (reject["state"], reject["cause"]) == ("unknown", "not configured")
    assert "no loaded plugin finds a company by its name" in reject["because"]


async def test_a_bad_row_is_told_and_costs_no_question() -> None:
    asked, made = source("profile", found(profile()))
    reject = body(await run([asked], bad="company_number: is none"))
    assert (reject["state"], reject["because"]) == ("bad", "company_number: is none")
    assert made.asked == []


# --- plugins that break -----------------------------------------------------------------------------------


class Screen:
    """Lets everything through unless a step is to break or somebody is to go."""

    def __init__(self, breaks: str = "", refuses: bool = False) -> None:
        self.breaks = breaks
        self.refuses = refuses

    async def admit(self, subject: Subject) -> bool:
        if self.breaks == "admit":
            raise RuntimeError("a secret")
        return not self.refuses

    async def people(self, lead: Lead) -> Lead:
        if self.breaks == "people":
            raise RuntimeError("a secret")
        return evolve(lead, executives=(), compliance=Compliance(suppressed_people=len(lead.executives)))

    async def release(self, lead: Lead, sink: str) -> Lead | None:
        return lead


@pytest.mark.parametrize("step", ["admit", "people"])
async def test_a_screen_that_breaks_is_closed(step: str) -> None:
    events, broke = Events(), list[PluginBroke]()
    events.on(PluginBroke, broke.append)
    scorer = Part(ScorerSpec(name="s", factory="x:y", scores=("s",)), OWNER, None)
    result = await run([register(), people()], screens=[Screen(step)], scorers=[scorer], events=events)
    assert result.state is ResultState.FAILED
    assert (body(result)["state"], body(result)["cause"]) == ("failed", "plugin error")
    assert b"secret" not in (result.body or b"")
    assert [(event.plugin, event.distribution, event.version, event.where) for event in broke] == [
        ("test", "leadgen-test", "1.0", step)
    ]


async def test_a_suppressed_company_leaves_nothing() -> None:
    result = await run([register(), people()], screens=[Screen(refuses=True)])
    assert (result.state, result.body, result.number) == (ResultState.SUPPRESSED, None, None)


async def test_people_are_screened_before_they_are_scored() -> None:
    seen: list[Lead] = []

    class Scorer:
        def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
            seen.append(lead)
            return {"s": Score(value=1)}

    part = Part(ScorerSpec(name="s", factory="x:y", scores=("s",)), OWNER, Scorer())
    lead = body(await run([register(), people()], screens=[Screen()], scorers=[part]))
    assert seen[0].executives == ()
    assert lead["compliance"]["suppressed_people"] == 1
    assert lead["scores"] == {"s": {"value": 1.0, "reasons": []}}


async def test_a_scorer_that_breaks_gives_null_and_the_others_score() -> None:
    class Bad:
        def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
            raise RuntimeError

    class Good:
        def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
            return {"good": Score(value=50)}

    parts: list[Part[ScorerSpec, Any]] = [
        Part(ScorerSpec(name="bad", factory="x:y", scores=("bad", "worse")), OWNER, Bad()),
        Part(ScorerSpec(name="good", factory="x:y", scores=("good",)), OWNER, Good()),
    ]
    scores = body(await run([register(), people()], scorers=parts))["scores"]
    assert scores == {"bad": None, "worse": None, "good": {"value": 50.0, "reasons": []}}


async def test_a_resolver_that_breaks_sets_the_company_aside() -> None:
    class Bad:
        def resolve(self, case: Any, draft: Any) -> Any:
            raise RuntimeError("a secret")

    result = await run([register(), people()], resolve=Bad())
    assert result.state is ResultState.FAILED
    assert "raised RuntimeError" in body(result)["because"]
    assert b"secret" not in (result.body or b"")
