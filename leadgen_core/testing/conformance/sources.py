"""What is asked of a source's answers: three ways, its own claim types, the same every time."""

from __future__ import annotations

import asyncio
from typing import Any

from attrs import fields

from leadgen_core.model.answers import Absent, Found, Unknown
from leadgen_core.model.claims import NameMatch, OfficerAppointment, SignificantControl
from leadgen_core.model.subjects import CompanyNumber
from leadgen_core.testing.conformance.bench import bench, lasts
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.trial import Trial, attempt, baseline

_HOOK = "leadgen_sources"


@check(
    _HOOK,
    "source.finds",
    says="it finds something of a subject that its API knows",
    mend="make the simulator serve the world's companies, or give Samples(subjects=...) that the script knows",
)
async def finds(specimen: Specimen) -> None:
    """At least one of the world's dozen."""
    trials = (await baseline(specimen)).trials
    require(
        any(trial.found for trial in trials),
        f"of {len(trials)} subjects none was found; {trials[0].about}, {trials[0].ended}",
    )


@check(
    _HOOK,
    "source.three-ways",
    says="every answer is Found with claims, Absent or Unknown",
    mend="return Absent when the API says that there is nothing; let Unanswered out; return nothing else",
)
async def three_ways(specimen: Specimen) -> None:
    """Of those that the API knows and of one that it does not."""
    for trial in (await baseline(specimen)).trials:
        require(isinstance(trial.answer, Found | Absent | Unknown), f"{trial.about}, {trial.ended}")
        require(not isinstance(trial.answer, Found) or trial.claims, f"{trial.about}, {trial.ended}")


@check(
    _HOOK,
    "source.claim-types",
    says="its claims are of the types that its spec names in yields",
    mend="add the type to yields of the SourceSpec, or do not return it",
)
async def claim_types(specimen: Specimen) -> None:
    """The engine refuses the others."""
    spec: Any = specimen.spec
    for trial in (await baseline(specimen)).trials:
        for claim in trial.claims:
            require(isinstance(claim, spec.yields), f"{trial.about}, it gave a {type(claim).__name__}")


@check(
    _HOOK,
    "source.provenance",
    says="every claim has the provenance of the reply that it was read from",
    mend="pass provenance=reply.provenance to every claim",
)
async def provenance(specimen: Specimen) -> None:
    """One that no reply had was made up."""
    for trial in (await baseline(specimen)).trials:
        stamps = {reply.provenance for reply, _ in trial.replies}
        for claim in trial.claims:
            require(
                claim.provenance in stamps,
                f"{trial.about}, a {type(claim).__name__} has a provenance that no reply had",
            )


@check(
    _HOOK,
    "source.other-companies",
    says="asked about a company, it makes claims about that company only",
    mend="drop rows of other numbers; other companies are no claims of this one",
)
async def other_companies(specimen: Specimen) -> None:
    """Judged by the members that hold a company number."""
    for trial in (await baseline(specimen)).trials:
        if not isinstance(trial.subject, CompanyNumber):
            continue
        for claim in trial.claims:
            numbers = {getattr(claim, each.name) for each in fields(type(claim)) if each.name in ("company", "number")}
            require(
                isinstance(claim, NameMatch) or not numbers or numbers == {trial.subject},
                f"{trial.about}, a {type(claim).__name__} is about another company",
            )


@check(
    _HOOK,
    "source.categories",
    says="its spec declares the personal data that its claims hold",
    mend='name it in categories of the SourceSpec, in words: "name", "role", "keyed hash of month and year of birth"',
)
async def categories(specimen: Specimen) -> None:
    """Of the core's own claims about people; of a plugin's own types nobody else can say."""
    spec: Any = specimen.spec
    declared = " ".join(spec.categories).lower()
    for trial in (await baseline(specimen)).trials:
        for claim in trial.claims:
            for word in _personal(claim):
                require(word in declared, f"{trial.about}, a claim holds what categories does not name: {word}")


def _personal(claim: object) -> tuple[str, ...]:
    """The words that must be among the categories for this claim."""
    if not isinstance(claim, OfficerAppointment | SignificantControl):
        return ()
    held = {
        "name": claim.name,
        "birth": claim.birth_key,
        "town": claim.address and claim.address.town,
        "postcode": claim.address and claim.address.postcode_key,
    }
    return tuple(word for word, value in held.items() if value)


@check(
    _HOOK,
    "source.deterministic",
    says="the same API gives the same claims in the same order",
    mend="keep the order of the answer; go over no set; draw nothing; take the time from ctx.now()",
)
async def deterministic(specimen: Specimen) -> None:
    """By another object, over another server."""
    first = (await baseline(specimen)).longest
    async with bench(specimen) as stand:
        second = await attempt(stand, first.subject)
    require(first.same() == second.same(), f"{first.about} twice, it gave different claims or another order")


@check(
    _HOOK,
    "source.concurrent",
    says="one object answers several questions at once as it answers them one after the other",
    mend="keep nothing of a question in self: one source object answers many companies at once",
)
async def concurrent(specimen: Specimen) -> None:
    """All subjects together, and all twice."""
    alone = (await baseline(specimen)).trials
    async with bench(specimen) as stand:
        together = await asyncio.gather(*(attempt(stand, trial.subject) for trial in (*alone, *reversed(alone))))
    for before, after in zip((*alone, *reversed(alone)), together, strict=True):
        require(before.alike() == after.alike(), f"{before.about} beside others, {after.ended}; alone, {before.ended}")


@check(
    _HOOK,
    "source.read-only",
    says="it does not change the body of a reply",
    mend="copy what you change: a reply is shared with the cache and with other sources",
)
async def read_only(specimen: Specimen) -> None:
    """Compared with a copy that was taken before."""
    for trial in (await baseline(specimen)).trials:
        for reply, body in trial.replies:
            require(repr(reply.body) == body, f"{trial.about}, it changed the body of a reply")


@check(
    _HOOK,
    "source.warm",
    says="from the cache it gives the same answer as from the API",
    mend="let redact return plain JSON: objects with text as keys, lists, texts, numbers (no tuples, no dates)",
)
async def warm(specimen: Specimen) -> None:
    """The cache is one that keeps text, as those outside the process do."""
    cold, again = await _twice(specimen)
    require(cold.alike() == again.alike(), f"{cold.about}: cold, {cold.ended}; warm, {again.ended} or other claims")


@check(
    _HOOK,
    "source.kept",
    says="what may be kept is asked of the API once",
    mend="let redact return what JSON can hold (no dates, no sets), and put nothing that changes into a lookup's key",
)
async def kept(specimen: Specimen) -> None:
    """No request the second time, where every lifetime allows it."""
    cold, again = await _twice(specimen)
    api: Any = specimen.spec
    if not lasts(api.api, cold.lookups):
        raise NotChecked("the lifetimes of its API let nothing be kept")
    require(again.requests == 0, f"{cold.about} a second time, it made {again.requests} of {cold.requests} requests")


async def _twice(specimen: Specimen) -> tuple[Trial, Trial]:
    subject = (await baseline(specimen)).longest.subject
    async with bench(specimen) as stand:
        cold = await attempt(stand, subject)
    async with bench(specimen, store=stand.store) as other:
        return cold, await attempt(other, subject)
