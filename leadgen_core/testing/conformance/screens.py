"""What is asked of a screen: it takes people out and counts them; it changes nothing else, and adds nothing."""

from __future__ import annotations

import copy

from attrs import evolve

from leadgen_core.model.lead import Lead
from leadgen_core.model.subjects import Account, CompanyNumber, Host, NameQuery, OfficerId, Subject
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.leads import executive, full, leads
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import staged

_SUBJECTS: tuple[Subject, ...] = (
    CompanyNumber("01234567"),
    NameQuery("Acme Ltd", "LS1 1AA"),
    Host("acme.example"),
    Account("x", "acme"),
    OfficerId("abc"),
)
_KEPT = ("schema_version", "company", "site", "accounts", "scores", "outcomes", "provenance", "input")
_IDENTITY = ("schema_version", "outcomes", "provenance", "input")


def _samples(specimen: Specimen) -> list[tuple[str, Lead]]:
    """Leads, one of them with those whom the author says it must take out, first, between others and last."""
    gone = specimen.samples.suppressed
    mixed = (*gone, executive("Ann Stays"), *gone, executive("Ben Stays"), *gone)
    return [*leads().items(), ("with somebody to take out", evolve(full(), executives=mixed))]


@check(
    "leadgen_screens",
    "screen.admit",
    says="admit says True or False of every type of subject, the same each time",
    mend="return a bool; a type that you do not know is admitted or refused, never an exception",
)
async def admit(specimen: Specimen) -> None:
    """One of each type, twice, and by another object."""
    async with staged(specimen) as stage:
        screen, other = stage.make(), stage.make()
        for subject in _SUBJECTS:
            first = await screen.admit(subject)
            require(isinstance(first, bool), f"asked about a {subject.kind}, it said {first!r}")
            require(await screen.admit(subject) is first, f"asked again about a {subject.kind}, it said the opposite")
            require(await other.admit(subject) is first, f"of a {subject.kind}, two objects say different things")


@check(
    "leadgen_screens",
    "screen.people-only",
    says="people takes whole executives out, in place: the others, and the rest of the lead, are as they were",
    mend="attrs.evolve(lead, executives=..., compliance=...), and nothing else",
)
async def people_only(specimen: Specimen) -> None:
    """Every lead."""
    async with staged(specimen) as stage:
        screen = stage.make()
        for what, lead in _samples(specimen):
            after = await screen.people(lead)
            require(isinstance(after, Lead), f"of a company {what}, people made a {type(after).__name__}")
            for part in _KEPT:
                require(getattr(after, part) == getattr(lead, part), f"of a company {what}, people has changed {part}")
            rest = iter(lead.executives)
            stayed = all(any(person == other for other in rest) for person in after.executives)
            require(stayed, f"of a company {what}, people has changed, added or moved an executive")


@check(
    "leadgen_screens",
    "screen.counts",
    says="compliance.suppressed_people grows by as many as people has taken out, once",
    mend="add len(before) - len(after) to what is there; asked again, nobody is left to count",
)
async def counts(specimen: Specimen) -> None:
    """Every lead, and its result once more."""
    async with staged(specimen) as stage:
        screen = stage.make()
        for what, lead in _samples(specimen):
            after = await screen.people(lead)
            gone = len(lead.executives) - len(after.executives)
            counted = after.compliance.suppressed_people - lead.compliance.suppressed_people
            require(counted == gone, f"of a company {what}, it has taken out {gone} and counted {counted}")
            again = await screen.people(after)
            twice = again.compliance.suppressed_people - after.compliance.suppressed_people
            require(
                again.executives == after.executives and not twice, f"of a company {what}, asked again it took more"
            )


@check(
    "leadgen_screens",
    "screen.takes-out",
    says="whoever must be taken out is in no lead, wherever in it they stood",
    mend="look at every executive",
)
async def takes_out(specimen: Specimen) -> None:
    """Those of ``Samples.suppressed``."""
    gone = specimen.samples.suppressed
    if not gone:
        raise NotChecked("Samples.suppressed names nobody whom it must take out")
    async with staged(specimen) as stage:
        after = await stage.make().people(_samples(specimen)[-1][1])
        left = [person for person in after.executives if person in gone]
        require(not left, f"of those who must be taken out, {len(left)} are in the lead")


@check(
    "leadgen_screens",
    "screen.release",
    says="release gives None or the same company's lead, with nothing in it that was not there",
    mend="take away, never add: outcomes, run stamp and input are the lead's own",
)
async def release(specimen: Specimen) -> None:
    """To two sinks, each twice."""
    async with staged(specimen) as stage:
        screen = stage.make()
        for what, lead in leads().items():
            for sink in ("files.jsonl", "crm.push"):
                after = await screen.release(lead, sink)
                require(after == await screen.release(lead, sink), f"of a company {what}, release changed its mind")
                if after is None:
                    continue
                require(isinstance(after, Lead), f"of a company {what}, release made a {type(after).__name__}")
                for part in _IDENTITY:
                    same = getattr(after, part) == getattr(lead, part)
                    require(same, f"of a company {what}, release has changed {part}")
                require(after.company.number == lead.company.number, f"of a company {what}, release changed the number")
                known = {person.name.full for person in lead.executives}
                added = [person for person in after.executives if person.name.full not in known]
                require(not added, f"of a company {what}, release has added {len(added)} executives")


@check(
    "leadgen_screens",
    "screen.unchanged",
    says="the lead that is handed in is as it was",
    mend="build new objects; the mappings of a lead are shared with others",
)
async def unchanged(specimen: Specimen) -> None:
    """The mappings, which could be changed."""
    async with staged(specimen) as stage:
        screen, lead, before = stage.make(), full(), copy.deepcopy(full())
        await screen.people(lead)
        require(lead == before, "people has changed the lead that it was given")
        await screen.release(lead, "files.jsonl")
        require(lead == before, "release has changed the lead that it was given")
