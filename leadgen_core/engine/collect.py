"""Collect: a worklist of subjects, asked of the sources tier by tier until nothing wanted is missing.

Each round asks all that can be asked and waits for all of it, then reads the answers in a fixed order; so the
claims are the same, in the same order, whatever finishes first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from attrs import Factory, define, field, frozen

from leadgen_core.clock import Clock
from leadgen_core.contracts.protocols import Source
from leadgen_core.contracts.specs import SourceSpec
from leadgen_core.engine.context import Asker, Memory, SourceContext
from leadgen_core.errors import Stopped
from leadgen_core.model.answers import Absent, Answer, Cause, Found, Outcome, State, Unanswered, Unknown
from leadgen_core.model.claims import Candidate, Claim, CompanyProfile, NameMatch
from leadgen_core.model.subjects import CompanyNumber, Subject, subject_text

__all__ = ["Asked", "Collected", "Collector", "aims_of"]

_MAX_DEPTH = 4
_MAX_CLAIMS = 10_000


@frozen
class Asked:
    """A source of this run: its spec, the question it answers, the object that answers."""

    question: str
    spec: SourceSpec
    source: Source
    tier: int


@define
class Collected:
    """What is known of one company."""

    number: CompanyNumber | None = None
    claims: list[Claim] = Factory(list)
    outcomes: dict[str, Outcome] = Factory(dict)
    candidates: list[Candidate] = Factory(list)
    suppressed: bool = False
    _asked: set[tuple[str, Subject]] = field(factory=set)
    _answers: dict[str, list[Answer]] = field(factory=dict)


def aims_of(sources: Iterable[Asked]) -> tuple[str, ...]:
    """All that these sources can give: what a run wants unless told otherwise."""
    return tuple(dict.fromkeys(claim.aim for asked in sources for claim in asked.spec.yields if claim.aim))


class Collector:
    """Asks the sources about one company at a time; it holds nothing of a company itself."""

    def __init__(
        self,
        sources: Sequence[Asked],
        asker: Asker,
        clock: Clock,
        *,
        want: Sequence[str],
        admit: Callable[[Subject], Awaitable[bool]],
        broke: Callable[[str, BaseException], None],
        seconds: float = 30.0,
    ) -> None:
        """``seconds`` is how long one answer may take of a source's own time, waiting for replies not counted."""
        self._tiers = sorted({asked.tier for asked in sources})
        self._sources = sources
        self._asker = asker
        self._clock = clock
        self._want = tuple(want)
        self._admit = admit
        self._broke = broke
        self._seconds = seconds

    async def collect(self, subjects: Sequence[Subject]) -> Collected:
        """Everything about the company that the first of these subjects is; the others are hints."""
        found = Collected()
        memory: Memory = {}
        worklist: dict[Subject, int] = {}
        await self._put_forward(found, worklist, subjects, 0)
        for tier in self._tiers:
            if tier != self._tiers[0] and self._settled(found):
                break
            while pairs := self._to_ask(found, worklist, tier):
                answers = await self._round(pairs, memory)
                for (asked, subject), answer in zip(pairs, answers, strict=True):
                    found._answers.setdefault(asked.question, []).append(answer)
                    found.claims.extend(answer.claims)
                    if isinstance(answer, Unknown):
                        found.candidates.extend(answer.candidates)
                    await self._put_forward(found, worklist, _subjects(answer.claims), worklist[subject] + 1)
                self._check_number(found, worklist)
        found.outcomes = {question: _outcome(answers) for question, answers in found._answers.items()}
        return found

    # --- the worklist -------------------------------------------------------------------------------------

    async def _put_forward(
        self, found: Collected, worklist: dict[Subject, int], subjects: Iterable[Subject], depth: int
    ) -> None:
        if depth > _MAX_DEPTH:
            return
        for subject in subjects:
            if subject in worklist:
                continue
            if isinstance(subject, CompanyNumber) and found.number is None and not _numbers(worklist):
                found.number = subject
            if await self._admit(subject):
                worklist[subject] = depth
            elif depth == 0 or isinstance(subject, CompanyNumber):
                found.suppressed = True

    @staticmethod
    def _check_number(found: Collected, worklist: dict[Subject, int]) -> None:
        """Two sources that take a name for different companies leave it open which one it is."""
        matches = {claim.number: claim for claim in found.claims if isinstance(claim, NameMatch)}
        if len(matches) > 1:
            for number, claim in matches.items():
                worklist.pop(number, None)
                found.candidates.append(Candidate(number, claim.name))
            found.number = None

    def _to_ask(self, found: Collected, worklist: dict[Subject, int], tier: int) -> list[tuple[Asked, Subject]]:
        pairs: list[tuple[Asked, Subject]] = []
        if found.suppressed:
            return pairs
        for asked in self._sources:
            if asked.tier > tier:
                continue
            for subject in worklist:
                if type(subject) is not asked.spec.asks or (asked.question, subject) in found._asked:
                    continue
                if isinstance(subject, CompanyNumber) and subject != found.number:
                    continue
                found._asked.add((asked.question, subject))
                pairs.append((asked, subject))
        return pairs

    def _settled(self, found: Collected) -> bool:
        """Whether all that is wanted is found, or the company itself is proven not to be there."""
        registers = [asked.question for asked in self._sources if CompanyProfile in asked.spec.yields]
        answers = [answer for question in registers for answer in found._answers.get(question, ())]
        if answers and all(isinstance(answer, Absent) for answer in answers):
            return True
        have = {claim.aim for claim in found.claims if claim.fulfils()}
        return bool(self._want) and have.issuperset(self._want)

    # --- one answer ---------------------------------------------------------------------------------------

    async def _round(self, pairs: Sequence[tuple[Asked, Subject]], memory: Memory) -> Sequence[Answer]:
        if len(pairs) == 1:
            return [await self._answer(*pairs[0], memory)]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._answer(asked, subject, memory)) for asked, subject in pairs]
        return [task.result() for task in tasks]

    async def _answer(self, asked: Asked, subject: Subject, memory: Memory) -> Answer:
        ctx = SourceContext(asked.question, self._asker, self._clock, memory)
        try:
            async with asyncio.timeout(self._seconds) as ctx.timer:
                answer = await asked.source.answer(subject, ctx)
        except Unanswered as none:
            return Unknown(none.cause, _checked(asked, ctx.kept), none.because, none.until)
        except Stopped:
            raise
        except TimeoutError as error:
            if ctx.timer is not None and ctx.timer.expired():
                because = f"{asked.question} took more than {self._seconds:g} s"
                return Unknown(Cause.TIMEOUT, _checked(asked, ctx.kept), because)
            return self._broken(asked, ctx, error)
        except Exception as error:
            # Whatever a plugin raises, the run goes on.
            return self._broken(asked, ctx, error)
        try:
            return _complete(asked, answer, ctx.kept)
        except Exception as error:
            return self._broken(asked, ctx, error)

    def _broken(self, asked: Asked, ctx: SourceContext, error: Exception) -> Unknown:
        self._broke(asked.question, error)
        because = str(error) if isinstance(error, _GarbageError) else f"{asked.question} raised {type(error).__name__}"
        return Unknown(Cause.PLUGIN_ERROR, _checked(asked, ctx.kept), because)


class _GarbageError(TypeError):
    """A source returned what is no answer. Only types stand in the text, never values."""


def _complete(asked: Asked, answer: Any, kept: Sequence[Claim]) -> Answer:
    """The answer with what was kept before it, if it is one at all."""
    if not isinstance(answer, Found | Absent | Unknown):
        raise _GarbageError(f"{asked.question} returned {type(answer).__name__}, which is no answer")
    seen = {id(claim) for claim in kept}
    claims = [*kept, *(claim for claim in answer.claims if id(claim) not in seen)]
    if len(claims) > _MAX_CLAIMS:
        raise _GarbageError(f"{asked.question} returned more than {_MAX_CLAIMS} claims")
    for claim in claims:
        if not isinstance(claim, asked.spec.yields):
            raise _GarbageError(f"{asked.question} returned a {type(claim).__name__}, which its spec does not name")
        claim.puts_forward()
        claim.fulfils()
    if isinstance(answer, Found):
        return Found(claims, answer.complete)
    if isinstance(answer, Absent):
        return Absent(claims, answer.because)
    return Unknown(answer.cause, claims, answer.because, answer.until, answer.candidates)


def _checked(asked: Asked, kept: Sequence[Claim]) -> Sequence[Claim]:
    return [claim for claim in kept[:_MAX_CLAIMS] if isinstance(claim, asked.spec.yields)]


def _subjects(claims: Iterable[Claim]) -> list[Subject]:
    return sorted({subject for claim in claims for subject in claim.puts_forward()}, key=subject_text)


def _numbers(subjects: Iterable[Subject]) -> list[CompanyNumber]:
    return [subject for subject in subjects if isinstance(subject, CompanyNumber)]


def _outcome(answers: Sequence[Answer]) -> Outcome:
    """The worst subject's state with how many had each: unknown before absent before found."""
    unknown = [answer for answer in answers if isinstance(answer, Unknown)]
    absent = [answer for answer in answers if isinstance(answer, Absent)]
    found = [answer for answer in answers if isinstance(answer, Found)]
    stale = [c.provenance.stale_since for a in answers for c in a.claims if c.provenance.stale_since]
    worst = (unknown or absent or found)[0]
    return Outcome(
        state=State.UNKNOWN if unknown else State.ABSENT if absent else State.FOUND,
        cause=unknown[0].cause if unknown else None,
        because=(getattr(worst, "because", "") or None),
        until=unknown[0].until if unknown else None,
        stale_since=min(stale) if stale else None,
        asked=len(answers),
        found=len(found),
        absent=len(absent),
        unknown=len(unknown),
    )
