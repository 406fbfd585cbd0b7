"""The journey of one company, on one screen: collect, resolve, screen, score, seal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve

from leadgen_core.clock import Clock
from leadgen_core.contracts.protocols import Case, Resolver, Scorer
from leadgen_core.contracts.specs import ResolverSpec, ScorerSpec
from leadgen_core.engine.collect import Asked, Collected, Collector
from leadgen_core.engine.encode import encode_lead, encode_reject
from leadgen_core.engine.guard import cause_name, is_ours
from leadgen_core.engine.outbox import Entry, Result, ResultState
from leadgen_core.engine.parts import Part, report
from leadgen_core.engine.screening import Screening, SetAside
from leadgen_core.engine.veil import LeakedSecret, Veil
from leadgen_core.errors import type_name
from leadgen_core.events import Events
from leadgen_core.model.answers import Cause, Outcome, State
from leadgen_core.model.claims import Candidate, CompanyProfile
from leadgen_core.model.lead import Company, Lead, RunStamp, Score
from leadgen_core.model.shape import flaw

__all__ = ["Pipeline", "duplicate_reject"]


class Pipeline:
    """Takes one company from its row to its line. It keeps nothing between companies."""

    def __init__(
        self,
        sources: Sequence[Asked],
        collector: Collector,
        *,
        resolver: Part[ResolverSpec, Resolver] | None,
        screening: Screening,
        scorers: Sequence[Part[ScorerSpec, Scorer]],
        clock: Clock,
        events: Events,
        stamp: RunStamp,
        goal: str,
        veil: Veil | None = None,
    ) -> None:
        self._sources = sources
        self._collector = collector
        self._resolver = resolver
        self._screening = screening
        self._scorers = scorers
        self._clock = clock
        self._events = events
        self._stamp = stamp
        self._goal = goal
        self._veil = veil or Veil()

    async def company(self, entry: Entry) -> Result:
        """What becomes of this row: a lead, a reject with its reason, or nothing when it is suppressed."""
        if entry.bad is not None:
            return self._reject(entry, Collected(), ResultState.BAD, None, entry.bad)
        try:
            found = await self._collector.collect(entry.subjects)
            if found.suppressed:
                return Result(ordinal=entry.ordinal, state=ResultState.SUPPRESSED)
            if (unresolved := self._without_company(entry, found)) is not None:
                return unresolved
            lead = self._resolve(entry, found)
            if (unproven := self._without_proof(entry, found, lead)) is not None:
                return unproven
            why = self._unreached(lead, found.outcomes)
            lead = self._score(await self._screening.people(lead))
            return self._seal(entry, found, lead, why)
        except SetAside as aside:
            return self._reject(entry, Collected(), ResultState.FAILED, Cause.PLUGIN_ERROR, str(aside))

    # --- rows that give no lead ---------------------------------------------------------------------------

    def _without_company(self, entry: Entry, found: Collected) -> Result | None:
        """The reject of a row of which no company number is known."""
        if found.number is not None:
            return None
        subject = entry.subjects[0]
        if found.candidates:
            return self._reject(
                entry,
                found,
                ResultState.AMBIGUOUS,
                Cause.AMBIGUOUS,
                f"more than one company may be meant by the {subject.kind}",
            )
        if not found.outcomes:
            because = f"no loaded plugin finds a company by its {subject.kind}"
            return self._reject(entry, found, ResultState.UNKNOWN, Cause.NOT_CONFIGURED, because)
        worst = _worst(found.outcomes)
        if worst.state is State.UNKNOWN:
            state = ResultState.AMBIGUOUS if worst.cause is Cause.AMBIGUOUS else ResultState.UNKNOWN
            return self._reject(
                entry, found, state, worst.cause, worst.because or f"asked by {subject.kind}: {worst.cause}"
            )
        return self._reject(
            entry, found, ResultState.ABSENT, None, f"no register that was asked knows the {subject.kind}"
        )

    def _without_proof(self, entry: Entry, found: Collected, lead: Lead) -> Result | None:
        """The reject of a number that no register confirms, unless people were found for it all the same."""
        if any(isinstance(claim, CompanyProfile) for claim in found.claims):
            return None
        registers = {a.question: found.outcomes[a.question] for a in self._profiles() if a.question in found.outcomes}
        if registers and all(outcome.state is State.ABSENT for outcome in registers.values()):
            because = f"no company has the number {found.number}"
            return self._reject(entry, found, ResultState.ABSENT, None, because)
        if lead.executives:
            return None
        worst = _worst(registers or found.outcomes) if found.outcomes else None
        cause = worst.cause if worst is not None and worst.cause is not None else Cause.NOT_CONFIGURED
        because = (worst.because if worst is not None else None) or f"the company's profile is unknown: {cause}"
        return self._reject(entry, found, ResultState.UNKNOWN, cause, because)

    def _profiles(self) -> list[Asked]:
        return [asked for asked in self._sources if CompanyProfile in asked.spec.yields]

    def _reject(self, entry: Entry, found: Collected, state: ResultState, cause: Cause | None, because: str) -> Result:
        number = None if found.number is None else found.number.value
        return Result(
            ordinal=entry.ordinal,
            state=state,
            number=number if state is not ResultState.AMBIGUOUS else None,
            body=self._covered(
                encode_reject(
                    entry=entry.input,
                    given=entry.given,
                    state=state,
                    cause=cause,
                    because=because,
                    candidates=_distinct(found.candidates),
                    outcomes=found.outcomes,
                    number=number,
                ),
                found,
            ),
            why=None if state is ResultState.ABSENT else f"{state}: {cause}" if cause else str(state),
            unanswered=_unanswered(found.outcomes),
        )

    # --- the rooms ----------------------------------------------------------------------------------------

    def _resolve(self, entry: Entry, found: Collected) -> Lead:
        now = self._clock.now()
        draft = Lead(
            company=Company(number=None if found.number is None else found.number.value),
            outcomes=dict(found.outcomes),
            # By hand: evolve looks at all members of the class, for each company.
            provenance=RunStamp(run=self._stamp.run, generated_at=now, plugins=self._stamp.plugins),
            input=entry.input,
        )
        if self._resolver is None:
            return draft
        case = Case(number=found.number, claims=tuple(found.claims), outcomes=dict(found.outcomes), now=now)
        try:
            lead = self._resolver.made.resolve(case, draft)
            if type(lead) is not Lead or (wrong := flaw(lead)) is not None:
                raise NoLead(type_name(type(lead)) if type(lead) is not Lead else wrong)
            if lead.company.number != draft.company.number:
                raise NoLead("another company")
        except BaseException as error:
            if is_ours(error):
                raise
            report(self._events, self._resolver, "resolve", error)
            raise SetAside(f"the resolver {self._resolver.name} raised {cause_name(error)}") from error
        return lead

    def _score(self, lead: Lead) -> Lead:
        scores: dict[str, Score | None] = {}
        lent = _lent(lead) if self._scorers else lead
        for scorer in self._scorers:
            try:
                given = scorer.made.score(lent, self._clock.now())
                scores.update(_scores(given, scorer.spec))
            except BaseException as error:
                if is_ours(error):
                    raise
                report(self._events, scorer, "score", error)
                scores.update(dict.fromkeys(scorer.spec.scores))
        return evolve(lead, scores=scores) if scores else lead

    def _seal(self, entry: Entry, found: Collected, lead: Lead, why: str | None) -> Result:
        return Result(
            ordinal=entry.ordinal,
            state=ResultState.LEAD,
            number=lead.company.number,
            body=self._covered(encode_lead(lead), found, lead),
            why=why,
            unanswered=_unanswered(found.outcomes),
            executives=len(lead.executives),
        )

    def _covered(self, line: bytes, found: Collected, lead: Lead | None = None) -> bytes:
        """The line without credentials; whoever put one there is named."""
        covered = self._veil.cover(line)
        if covered is not line:
            broke = self._collector.broke
            given = [(claim.provenance.question, claim) for claim in found.claims]
            givers = {question for question, record in (*given, *found.outcomes.items()) if self._veil.holds(record)}
            for question in sorted(givers):
                broke(question, LeakedSecret())
            if not givers and lead is not None:
                scorers = [each for each in self._scorers if any(map(self._veil.holds, _given(lead, each)))]
                for scorer in scorers:
                    report(self._events, scorer, "score", LeakedSecret())
                if not scorers and self._resolver is not None:
                    report(self._events, self._resolver, "resolve", LeakedSecret())
        return covered

    def _unreached(self, lead: Lead, outcomes: Mapping[str, Outcome]) -> str | None:
        """None when the goal is reached: one found, or every source that could give it has answered."""
        have: dict[str, object] = {
            "executives": lead.executives,
            "accounts": lead.accounts,
            "site": lead.site,
            "audit": lead.site and lead.site.audit,
        }
        if have.get(self._goal):
            return None
        givers = [a.question for a in self._sources if any(claim.aim == self._goal for claim in a.spec.yields)]
        silent = [question for question in _unanswered(outcomes) if question.partition(" ")[0] in givers]
        return f"no {self._goal}: {', '.join(silent)}" if silent else None


def _lent(lead: Lead) -> Lead:
    """The lead for scorers to read: what can be changed in it is a copy."""
    return evolve(
        lead,
        outcomes=dict(lead.outcomes),
        provenance=evolve(lead.provenance, plugins=dict(lead.provenance.plugins)),
        input=evolve(lead.input, columns=dict(lead.input.columns)),
    )


class NoLead(TypeError):
    """A resolver or scorer gave what is none of its answers."""


def _scores(given: Mapping[str, Score], spec: ScorerSpec) -> dict[str, Score | None]:
    scores = {name: given.get(name) for name in spec.scores}
    for score in scores.values():
        if score is not None and (type(score) is not Score or flaw(score) is not None):
            raise NoLead(type_name(type(score)))
    return scores


def _given(lead: Lead, scorer: Part[ScorerSpec, Scorer]) -> list[object]:
    return [lead.scores.get(name) for name in scorer.spec.scores]


def duplicate_reject(entry: Entry, keeper: Entry) -> bytes:
    """The reject of a row that turned out to be the company of an earlier one."""
    rows = ", ".join(str(row) for row in keeper.input.rows)
    return encode_reject(
        entry=entry.input,
        given=entry.given,
        state=ResultState.DUPLICATE,
        cause=None,
        because=f"is the company of row {rows}",
    )


def _worst(outcomes: Mapping[str, Outcome]) -> Outcome:
    return min(outcomes.values(), key=lambda outcome: (State.UNKNOWN, State.ABSENT, State.FOUND).index(outcome.state))


def _unanswered(outcomes: Mapping[str, Outcome]) -> tuple[str, ...]:
    return tuple(f"{name} {outcome.cause}" for name, outcome in outcomes.items() if outcome.state is State.UNKNOWN)


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    return list({candidate.number: candidate for candidate in candidates}.values())
