"""What a source hands over is looked at before anybody reads it: is it an answer, is it small, is it its own to give?

Only names of types and members stand in the texts here, never values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from operator import is_
from typing import Any, get_args

from leadgen_core.contracts.specs import SourceSpec
from leadgen_core.engine.context import SourceContext
from leadgen_core.errors import type_name
from leadgen_core.model.answers import Absent, Answer, Cause, Found, Unknown
from leadgen_core.model.claims import (
    Candidate,
    Claim,
    CompanyProfile,
    OfficerAppointment,
    Provenance,
    SignificantControl,
)
from leadgen_core.model.making import maker
from leadgen_core.model.records import frozen
from leadgen_core.model.shape import flaw
from leadgen_core.model.subjects import CompanyNumber, Subject, subject_text

__all__ = ["MAX_CLAIMS", "Accepted", "GarbageError", "accept", "salvage"]

MAX_CLAIMS = 10_000
_MAX_CANDIDATES = 1000
_MAX_BECAUSE = 500
"""Characters of the sentence that an answer may carry."""
_SUBJECTS = frozenset(get_args(Subject))
_OF_PEOPLE = (OfficerAppointment, SignificantControl)


class GarbageError(TypeError):
    """A source returned what is no answer."""


@frozen
class Accepted:
    """An answer that was looked at, with the subjects that its claims put forward and the aims that they fulfil."""

    answer: Answer
    subjects: Sequence[Subject] = ()
    aims: frozenset[str] = frozenset()


_accepted = maker(Accepted)


def accept(question: str, spec: SourceSpec, subject: Subject, answer: Any, ctx: SourceContext) -> Accepted:
    """The answer with what was kept before it. Raises whatever the plugin's records raise, or GarbageError."""
    if not isinstance(answer, Found | Absent | Unknown):
        raise GarbageError(f"{question} returned {type_name(type(answer))}, which is no answer")
    given = _some(question, answer.claims)
    claims = given
    if ctx.kept and not (len(ctx.kept) == len(given) and all(map(is_, ctx.kept, given))):
        seen = set(map(id, ctx.kept))
        claims = [*ctx.kept, *[claim for claim in given if id(claim) not in seen]]
    if len(claims) > MAX_CLAIMS:
        raise GarbageError(f"{question} returned more than {MAX_CLAIMS} claims")
    subjects: set[Subject] = set()
    aims: set[str] = set()
    _look(question, spec, subject, claims, ctx, subjects, aims)
    further = sorted(subjects, key=subject_text) if subjects else ()
    return _accepted(_clean(question, answer, claims), further, frozenset(aims))


def salvage(question: str, spec: SourceSpec, subject: Subject, unknown: Unknown, ctx: SourceContext) -> Accepted:
    """The Unknown with those of the kept claims that can be used, when the rest of the answer broke."""
    sound: list[Claim] = []
    subjects: set[Subject] = set()
    aims: set[str] = set()
    for claim in ctx.kept[:MAX_CLAIMS]:
        theirs: set[Subject] = set()
        whose: set[str] = set()
        try:
            _look(question, spec, subject, (claim,), ctx, theirs, whose)
        except Exception:  # noqa: S112 - told already: this is the rest of an answer that broke
            continue
        sound.append(claim)
        subjects |= theirs
        aims |= whose
    return Accepted(
        Unknown(unknown.cause, sound, unknown.because, unknown.until),
        sorted(subjects, key=subject_text),
        frozenset(aims),
    )


def _some(question: str, claims: Iterable[Claim]) -> list[Claim]:
    """The claims of an answer, of which there may be no end."""
    given = list(islice(claims, MAX_CLAIMS + 1))
    if len(given) > MAX_CLAIMS:
        raise GarbageError(f"{question} returned more than {MAX_CLAIMS} claims")
    return given


def _look(
    question: str,
    spec: SourceSpec,
    subject: Subject,
    claims: Iterable[Claim],
    ctx: SourceContext,
    subjects: set[Subject],
    aims: set[str],
) -> None:
    """Check claims and read what they say beside themselves: once, for they may say something else the next time."""
    known: Provenance | None = None
    numbered = isinstance(subject, CompanyNumber)
    for claim in claims:
        if not isinstance(claim, spec.yields):
            raise GarbageError(f"{question} returned a {type_name(type(claim))}, which its spec does not name")
        if (wrong := flaw(claim)) is not None:
            raise GarbageError(f"{question} returned a claim with a wrong value in {wrong}")
        stamp = claim.provenance
        if stamp is not known:  # the claims of a reply share one
            if stamp.question != question:
                raise GarbageError(f"{question} returned a claim with the provenance of another source")
            if spec.api is not None and not ctx.stamped(stamp):
                raise GarbageError(f"{question} returned a claim whose provenance is that of no reply it was given")
            known = stamp
        if numbered and (number := _about(claim)) is not subject and number is not None and number != subject:
            raise GarbageError(
                f"{question} returned a {type_name(type(claim))} of another company than it was asked about"
            )
        for further in claim.puts_forward():
            if type(further) not in _SUBJECTS or flaw(further) is not None:
                raise GarbageError(f"{question} put forward a {type_name(type(further))}, which is no subject")
            subjects.add(further)
            if len(subjects) > MAX_CLAIMS:
                raise GarbageError(f"{question} put forward more than {MAX_CLAIMS} subjects")
        if (aim := claim.aim) is not None and claim.fulfils():
            aims.add(aim)


def _about(claim: Claim) -> CompanyNumber | None:
    """The company that a claim of a register is about. What else names a company (a search, a page) is evidence."""
    if isinstance(claim, _OF_PEOPLE):
        return claim.company
    return claim.number if isinstance(claim, CompanyProfile) else None


def _clean(question: str, answer: Found | Absent | Unknown, claims: Sequence[Claim]) -> Answer:
    """The same answer as a record of ours: a plugin's own class may change its mind."""
    if isinstance(answer, Found):
        return Found(claims, bool(answer.complete))
    because = answer.because
    if not isinstance(because, str):
        raise GarbageError(f"{question} gave a reason that is no text")
    because = " ".join(because[:_MAX_BECAUSE].split())
    if isinstance(answer, Absent):
        return Absent(claims, because)
    if not isinstance(answer.cause, Cause) or not isinstance(answer.until, datetime | None):
        raise GarbageError(f"{question} gave a cause or a time that is none")
    candidates = list(islice(answer.candidates, _MAX_CANDIDATES))
    if not all(isinstance(each, Candidate) and flaw(each) is None for each in candidates):
        raise GarbageError(f"{question} gave candidates that are none")
    return Unknown(answer.cause, claims, because, answer.until, candidates)
