"""A trial: a source is asked one question on the bench, as the engine would ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import define, evolve, frozen

from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.contracts.world import WorldCompany
from leadgen_core.model.answers import Absent, Found, Unanswered, Unknown
from leadgen_core.model.claims import Claim
from leadgen_core.model.subjects import Account, CompanyNumber, Host, NameQuery, OfficerId, Subject, subject_text
from leadgen_core.testing.conformance.bench import Bench, Endless, TrialContext, bench, world_of
from leadgen_core.testing.conformance.check import NotChecked
from leadgen_core.testing.conformance.specimen import Specimen

__all__ = ["OWN_TIME", "Baseline", "Trial", "attempt", "baseline", "stranger", "subjects_of"]

OWN_TIME = 5.0
"""Seconds that one answer may take here, where no API keeps anybody waiting."""
_ENOUGH = 12
"""Subjects that are tried."""


@define
class Trial:
    """How one question ended: with an ``answer`` (whatever that is), or with what it ``raised``.

    ``claims`` are those of the answer and those that were kept. ``Unanswered`` has become the ``Unknown`` that the
    engine makes of it; ``late``: it took longer than ``OWN_TIME``; ``endless``: it asked without end.
    """

    subject: Subject
    answer: Any = None
    raised: BaseException | None = None
    late: bool = False
    endless: bool = False
    claims: tuple[Claim, ...] = ()
    replies: Sequence[tuple[Reply, str]] = ()
    lookups: Sequence[Lookup] = ()
    requests: int = 0

    @property
    def found(self) -> bool:
        return isinstance(self.answer, Found) and bool(self.claims)

    @property
    def about(self) -> str:
        """For sentences: asked about what."""
        return f"asked about {subject_text(self.subject)}"

    @property
    def ended(self) -> str:
        """In words, how."""
        if self.endless:
            return "it asked without end"
        if self.late:
            return f"it took more than {OWN_TIME:g} s"
        if self.raised is not None:
            return f"it raised {type(self.raised).__name__}"
        if isinstance(self.answer, Unknown):
            return f"it answered Unknown({self.answer.cause})"
        if isinstance(self.answer, Found):
            more = "" if self.answer.complete else ", complete=False"
            return f"it answered Found with {len(self.claims)} claims{more}"
        return f"it answered {type(self.answer).__name__}"

    def same(self) -> tuple[Any, ...]:
        """What must be equal in two trials of one question: all but when and where the claims were read."""
        return (*self._form(), *self._bare())

    def alike(self) -> tuple[Any, ...]:
        """The same without the order of the claims."""
        return (*self._form(), *sorted(map(repr, self._bare())))

    def _form(self) -> tuple[Any, ...]:
        answer = self.answer
        return type(answer), getattr(answer, "complete", None), getattr(answer, "cause", None), self.endless, self.late

    def _bare(self) -> Sequence[Any]:
        return [_without_stamp(claim) for claim in self.claims]


def _without_stamp(claim: Claim) -> Any:
    try:
        return evolve(claim, provenance=_STAMP)
    except Exception:
        return claim


_STAMP: Any = None


async def attempt(stand: Bench, subject: Subject) -> Trial:
    """Ask the bench's source. Raises nothing but cancellation."""
    ctx = stand.context()
    trial = Trial(subject)
    before = len(stand.asked)
    try:
        async with asyncio.timeout(OWN_TIME) as timer:
            trial.answer = await stand.made.answer(subject, ctx)
    except Unanswered as none:
        trial.answer = Unknown(none.cause, tuple(ctx.kept), none.because, none.until)
    except Endless:
        trial.endless = True
    except TimeoutError as error:
        trial.late, trial.raised = timer.expired(), error
    except (Exception, SystemExit) as error:
        trial.raised = error
    trial.claims = tuple(_claims(trial.answer, ctx))
    trial.replies, trial.lookups, trial.requests = ctx.replies, ctx.lookups, len(stand.asked) - before
    return trial


def _claims(answer: Any, ctx: TrialContext) -> Iterator[Claim]:
    seen = {id(claim) for claim in ctx.kept}
    yield from ctx.kept
    if isinstance(answer, Found | Absent | Unknown):
        yield from (claim for claim in answer.claims if id(claim) not in seen)


# --- whom to ask about --------------------------------------------------------------------------------------


def subjects_of(specimen: Specimen) -> tuple[Subject, ...]:
    """Those that the author gave, or those of the world, at most a dozen."""
    spec: Any = specimen.spec
    given = specimen.samples.subjects.get(spec.name)
    if given:
        return tuple(given)[:_ENOUGH]
    return tuple(_of_world(spec.asks, specimen))[:_ENOUGH]


def _of_world(asks: type, specimen: Specimen) -> Iterator[Subject]:
    for company in world_of(specimen).companies():
        if asks is CompanyNumber:
            yield CompanyNumber.parse(company.number)
        elif asks is NameQuery:
            yield NameQuery(company.name, company.address.postal_code if company.address else None)
        elif asks is OfficerId:
            yield from (OfficerId(post.officer) for post in company.appointments[:1])
        else:
            yield from _presences(asks, company)


def _presences(asks: type, company: WorldCompany) -> Iterator[Subject]:
    for presence in company.presences:
        if asks is Host and presence.provider == "website":
            yield Host(presence.handle)
        elif asks is Account and presence.provider != "website":
            yield Account(presence.provider, presence.handle)


_STRANGERS: dict[type, Subject] = {
    CompanyNumber: CompanyNumber("99999999"),
    NameQuery: NameQuery("No Such Company Xq Ltd"),
    Host: Host("no-such-company-xq.example"),
    Account: Account("x", "no_such_company_xq"),
    OfficerId: OfficerId("no-such-officer-xq"),
}


def stranger(specimen: Specimen) -> Subject:
    """A subject that no world has."""
    spec: Any = specimen.spec
    return _STRANGERS[spec.asks]


# --- what a well API gives ------------------------------------------------------------------------------------


@frozen
class Baseline:
    """The answers while all is well. ``trials``: of all subjects, the stranger's last."""

    trials: tuple[Trial, ...]

    @property
    def known(self) -> Trial:
        """The first subject of which something is found. Raises ``NotChecked`` without one."""
        for trial in self.trials:
            if trial.found:
                return trial
        raise NotChecked(
            "nothing is found of any subject: give Samples(subjects={source's name: (subject, ...)}) of which the API "
            "knows something"
        )

    @property
    def longest(self) -> Trial:
        """The subject of which something is found with the most requests: its answer has pages, if any has."""
        self.known  # noqa: B018 - raises
        return max((trial for trial in self.trials if trial.found), key=lambda trial: len(trial.lookups))


async def baseline(specimen: Specimen) -> Baseline:
    """Ask about every subject once, each with nothing in the cache; remembered for the other checks."""
    known = specimen.memo.get("baseline")
    if known is None:
        trials = []
        async with bench(specimen) as stand:
            for subject in (*subjects_of(specimen), stranger(specimen)):
                stand.store.texts.clear()
                trials.append(await attempt(stand, subject))
        known = specimen.memo["baseline"] = Baseline(tuple(trials))
    return known
