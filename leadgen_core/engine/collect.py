"""Collect: a worklist of subjects, asked of the sources tier by tier until nothing wanted is missing.

Each round asks all that can be asked and waits for all of it, then reads the answers in a fixed order; so the
claims are the same, in the same order, whatever finishes first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from attrs import Factory, field

from leadgen_core.clock import Clock
from leadgen_core.contracts.protocols import Source
from leadgen_core.contracts.specs import SourceSpec
from leadgen_core.engine.accept import Accepted, GarbageError, accept, salvage
from leadgen_core.engine.context import MAX_ASKS, Asker, Memory, NotItsApiError, SourceContext
from leadgen_core.engine.guard import TookTooLong, abandon, is_ours
from leadgen_core.engine.patience import LATE, Patience
from leadgen_core.errors import error_name
from leadgen_core.model.answers import Absent, Answer, Cause, Found, Outcome, State, Unanswered, Unknown
from leadgen_core.model.claims import Candidate, Claim, CompanyProfile, NameMatch
from leadgen_core.model.records import define, frozen
from leadgen_core.model.subjects import CompanyNumber, Subject

__all__ = ["Asked", "Collected", "Collector", "aims_of"]

_MAX_DEPTH = 4
_MAX_SUBJECTS = 10_000
_GRACE = LATE
"""Seconds that a source that was told to end gets for that."""


@frozen
class Asked:
    """A source of this run: its spec, the question it answers, the object that answers."""

    question: str
    spec: SourceSpec
    source: Source
    tier: int


class _Listed:
    """A subject of the worklist: how many answers led to it, and which questions were asked about it."""

    __slots__ = ("asked", "depth")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.asked: set[str] = set()


_Worklist = dict[Subject, _Listed]


@define
class Collected:
    """What is known of one company."""

    number: CompanyNumber | None = None
    claims: list[Claim] = Factory(list)
    outcomes: dict[str, Outcome] = Factory(dict)
    candidates: list[Candidate] = Factory(list)
    suppressed: bool = False
    aims: set[str] = Factory(set)
    """What one claim or another fulfils."""
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
        self._matching = {asked.question for asked in sources if issubclass(NameMatch, asked.spec.yields)}
        self._tiers = sorted({asked.tier for asked in sources})
        self._sources = sources
        self._asker = asker
        self._clock = clock
        self._want = tuple(want)
        self._admit = admit
        self.broke = broke
        self._seconds = seconds
        self._patience = Patience(seconds)

    async def collect(self, subjects: Sequence[Subject]) -> Collected:
        """Everything about the company that the first of these subjects is; the others are hints."""
        found = Collected()
        memory: Memory = {}
        worklist: _Worklist = {}
        await self._put_forward(found, worklist, subjects, 0)
        for tier in self._tiers:
            if tier != self._tiers[0] and self._settled(found):
                break
            while pairs := self._to_ask(found, worklist, tier):
                answers = await self._round(pairs, memory)
                for (asked, subject), accepted in zip(pairs, answers, strict=True):
                    answer = accepted.answer
                    found.aims |= accepted.aims
                    found._answers.setdefault(asked.question, []).append(answer)
                    found.claims.extend(answer.claims)
                    if isinstance(answer, Unknown):
                        found.candidates.extend(answer.candidates)
                    if accepted.subjects:
                        await self._put_forward(found, worklist, accepted.subjects, worklist[subject].depth + 1)
                if not self._matching.isdisjoint(found._answers):
                    self._check_number(found, worklist)
        found.outcomes = {question: _outcome(answers) for question, answers in found._answers.items()}
        return found

    # --- the worklist -------------------------------------------------------------------------------------

    async def _put_forward(
        self, found: Collected, worklist: _Worklist, subjects: Iterable[Subject], depth: int
    ) -> None:
        if depth > _MAX_DEPTH:
            return
        for subject in subjects:
            if subject in worklist or len(worklist) >= _MAX_SUBJECTS:
                continue
            if isinstance(subject, CompanyNumber) and found.number is None and not _numbers(worklist):
                found.number = subject
            if await self._admit(subject):
                worklist[subject] = _Listed(depth)
            elif depth == 0 or isinstance(subject, CompanyNumber):
                found.suppressed = True

    @staticmethod
    def _check_number(found: Collected, worklist: _Worklist) -> None:
        """Two sources that take a name for different companies leave it open which one it is."""
        matches = {claim.number: claim for claim in found.claims if isinstance(claim, NameMatch)}
        if len(matches) > 1:
            for number, claim in matches.items():
                worklist.pop(number, None)
                found.candidates.append(Candidate(number, claim.name))
            found.number = None

    def _to_ask(self, found: Collected, worklist: _Worklist, tier: int) -> list[tuple[Asked, Subject]]:
        pairs: list[tuple[Asked, Subject]] = []
        if found.suppressed:
            return pairs
        for asked in self._sources:
            if asked.tier > tier:
                continue
            question, asks = asked.question, asked.spec.asks
            for subject, listed in worklist.items():
                if type(subject) is not asks or question in listed.asked:
                    continue
                if asks is CompanyNumber and subject is not found.number and subject != found.number:
                    continue
                listed.asked.add(question)
                pairs.append((asked, subject))
        return pairs

    def _settled(self, found: Collected) -> bool:
        """Whether all that is wanted is found, or the company itself is proven not to be there."""
        registers = [asked.question for asked in self._sources if CompanyProfile in asked.spec.yields]
        answers = [answer for question in registers for answer in found._answers.get(question, ())]
        if answers and all(isinstance(answer, Absent) for answer in answers):
            return True
        return bool(self._want) and found.aims.issuperset(self._want)

    # --- one answer ---------------------------------------------------------------------------------------

    async def _round(self, pairs: Sequence[tuple[Asked, Subject]], memory: Memory) -> Sequence[Accepted]:
        """All these answers. A source that does not heed its time-out is left to itself, and is Unknown."""
        loop = asyncio.get_running_loop()
        contexts = [self._context(asked, memory) for asked, _ in pairs]
        tasks = [
            loop.create_task(self._answer(asked, subject, ctx))
            for (asked, subject), ctx in zip(pairs, contexts, strict=True)
        ]
        lost: set[asyncio.Task[Accepted]] = set()
        ended = _Ended(loop, tasks)
        for ctx in contexts:
            ctx.watch.late = ended.look
        try:
            while True:
                await ended.all()
                if ended.well:
                    return [task.result() for task in tasks]
                for task in tasks:
                    if task.done() and not task.cancelled():
                        task.result()  # raises what ends the run
                lost = {
                    task
                    for task, ctx in zip(tasks, contexts, strict=True)
                    if not task.done() and ctx.watch.overdue(_GRACE)
                }
                if all(task in lost or task.done() for task in tasks):
                    break
        finally:
            if not ended.well and not all(task.done() for task in tasks):
                await abandon(tasks)
        return [
            self._lost(asked, subject, ctx)
            if task in lost
            # A source can cancel the task that it runs in.
            else self._broken(asked, subject, ctx, asyncio.CancelledError())
            if task.cancelled()
            else task.result()
            for task, (asked, subject), ctx in zip(tasks, pairs, contexts, strict=True)
        ]

    def _context(self, asked: Asked, memory: Memory) -> SourceContext:
        api = "" if asked.spec.api is None else asked.spec.api.name
        return SourceContext(asked.question, self._asker, self._clock, memory, api=api, most=MAX_ASKS)

    async def _answer(self, asked: Asked, subject: Subject, ctx: SourceContext) -> Accepted:
        late = False
        self._patience.begin(ctx.watch)
        try:
            try:
                answer: Any = await asked.source.answer(subject, ctx)
            finally:
                late = self._patience.end(ctx.watch)
        except Unanswered as none:
            answer = Unknown(none.cause, (), none.because, none.until)
        except BaseException as error:
            if not (late and isinstance(error, asyncio.CancelledError)):
                if error is ctx.stopped or is_ours(error):
                    raise
                # Whatever a plugin raises, the run goes on.
                return self._broken(asked, subject, ctx, error)
            answer = Unknown(Cause.TIMEOUT, (), f"{asked.question} took more than {self._seconds:g} s")
        try:
            return accept(asked.question, asked.spec, subject, answer, ctx)
        except BaseException as error:
            if is_ours(error):
                raise
            return self._broken(asked, subject, ctx, error)

    def _broken(self, asked: Asked, subject: Subject, ctx: SourceContext, error: BaseException) -> Accepted:
        self.broke(asked.question, error)
        known = isinstance(error, GarbageError | NotItsApiError)
        because = str(error) if known else f"{asked.question} raised {error_name(error)}"
        return salvage(asked.question, asked.spec, subject, Unknown(Cause.PLUGIN_ERROR, (), because), ctx)

    def _lost(self, asked: Asked, subject: Subject, ctx: SourceContext) -> Accepted:
        self.broke(asked.question, TookTooLong())
        because = f"{asked.question} took more than {self._seconds:g} s and does not let itself be cancelled"
        return salvage(asked.question, asked.spec, subject, Unknown(Cause.TIMEOUT, (), because), ctx)


class _Ended:
    """Wakes who waits for some tasks: when all of them have ended, at once when one ends with what is no answer.

    As ``asyncio.wait`` with ``FIRST_EXCEPTION``, without its sets and its timer for each round.
    """

    __slots__ = ("_cancelled", "_failed", "_left", "_looked", "_loop", "_waiting", "well")

    def __init__(self, loop: asyncio.AbstractEventLoop, tasks: Sequence[asyncio.Task[Accepted]]) -> None:
        self._loop = loop
        self._left = len(tasks)
        self._failed = self._looked = self._cancelled = False
        self.well = False
        """All have ended with an answer."""
        self._waiting: asyncio.Future[None] | None = None
        for task in tasks:
            task.add_done_callback(self._one)

    def _one(self, task: asyncio.Task[Accepted]) -> None:
        self._left -= 1
        if task.cancelled():
            self._cancelled = True  # which tells nothing about the others
        elif task.exception() is not None:
            self._failed = True
        if not self._left:
            self.well = not (self._failed or self._cancelled)
        if self._failed or self._looked or not self._left:
            self._wake()

    async def all(self) -> None:
        """Until all have ended or one has failed."""
        if self._left and not self._failed:
            self._waiting = self._loop.create_future()
            await self._waiting

    def look(self) -> None:
        """Wake who waits, from now on at each end: somebody is late and may never end."""
        self._looked = True
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


def _numbers(subjects: Iterable[Subject]) -> list[CompanyNumber]:
    return [subject for subject in subjects if isinstance(subject, CompanyNumber)]


def _outcome(answers: Sequence[Answer]) -> Outcome:
    """The worst subject's state with how many had each: unknown before absent before found."""
    stale = [since for a in answers for c in a.claims if (since := c.provenance.stale_since) is not None]
    if len(answers) == 1 and not stale and isinstance(answers[0], Found):
        return Outcome(state=State.FOUND, asked=1, found=1)
    unknown = [answer for answer in answers if isinstance(answer, Unknown)]
    absent = [answer for answer in answers if isinstance(answer, Absent)]
    found = [answer for answer in answers if isinstance(answer, Found)]
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
