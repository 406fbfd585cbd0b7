"""What is asked of a resolver: pure, blind to the order of claims, and it names nobody whom no claim names."""

from __future__ import annotations

import contextlib
import random
import time
from datetime import date
from typing import Any

from leadgen_core.model.lead import Lead
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.claims import (
    NUMBER,
    OTHER,
    Rumour,
    case,
    claims,
    draft,
    officer,
    owner,
    profile,
    stamp,
    strange,
)
from leadgen_core.testing.conformance.drawing import drawn, strategies
from leadgen_core.testing.conformance.purity import watched
from leadgen_core.testing.conformance.specimen import Specimen

_SECONDS = 1.0
_KEPT = ("schema_version", "outcomes", "provenance", "input", "scores", "compliance")
"""What the draft has filled in, or others fill in later."""


@check(
    "leadgen_resolvers",
    "resolver.deterministic",
    says="the same case gives the same lead, by one object or by two",
    mend="keep nothing between cases; take the time from case.now; give sets an order",
)
async def deterministic(specimen: Specimen) -> None:
    """Twice by one, once by another."""
    resolver = specimen.make()
    first = resolver.resolve(case(claims()), draft())
    require(first == resolver.resolve(case(claims()), draft()), "asked again, one object gave another lead")
    require(first == specimen.make().resolve(case(claims()), draft()), "two objects of one config gave different leads")


@check(
    "leadgen_resolvers",
    "resolver.order",
    says="the order in which claims came makes no difference",
    mend="sort claims by what they say before one of them decides",
)
async def order(specimen: Specimen) -> None:
    """Backwards, then shuffled."""
    resolver = specimen.make()
    given = list(claims())
    first = resolver.resolve(case(given), draft())
    for seed in range(20):
        random.Random(seed).shuffle(given)  # noqa: S311 - no secret
        again = resolver.resolve(case(given), draft())
        for part in ("company", "site", "accounts", "executives"):
            same = getattr(first, part) == getattr(again, part)
            require(same, f"the same claims in another order gave another {part}")


@check(
    "leadgen_resolvers",
    "resolver.pure",
    says="no file, network, clock or chance: the time is case.now",
    mend="read what you need when the object is made, and take the time from the case",
)
async def pure(specimen: Specimen) -> None:
    """The second call, when everything is imported."""
    resolver = specimen.make()
    resolver.resolve(case(claims()), draft())
    with watched() as seen:
        resolver.resolve(case(claims()), draft())
    require(not seen, f"while it resolves, it {', '.join(dict.fromkeys(seen))}")


@check(
    "leadgen_resolvers",
    "resolver.unknown-claims",
    says="claims of a type that it does not know make no difference",
    mend="ask for the type of a claim (isinstance), not for its members",
)
async def unknown_claims(specimen: Specimen) -> None:
    """One that looks like an officer."""
    resolver = specimen.make()
    known = resolver.resolve(case(claims()), draft())
    more = resolver.resolve(case((Rumour(provenance=stamp("gossip.rumours")), *claims())), draft())
    require(known == more, "a claim of a type that it cannot know has changed the lead")


@check(
    "leadgen_resolvers",
    "resolver.draft-kept",
    says="outcomes, run stamp, input, scores and compliance are those of the draft",
    mend="attrs.evolve(draft, company=..., executives=...), and nothing else",
)
async def draft_kept(specimen: Specimen) -> None:
    """Member by member, and the company's number."""
    given = draft()
    lead = specimen.make().resolve(case(claims()), given)
    for part in _KEPT:
        require(getattr(lead, part) == getattr(given, part), f"{part} of the draft has changed")
    require(lead.company.number == str(NUMBER), f"the company's number is {lead.company.number}")


@check(
    "leadgen_resolvers",
    "resolver.unchanged",
    says="the case and the draft are as they were",
    mend="build new objects; both are shared with others",
)
async def unchanged(specimen: Specimen) -> None:
    """The mappings, which could be changed."""
    known, given = case(claims()), draft()
    specimen.make().resolve(known, given)
    require(known == case(claims()), "the case was changed while it was resolved")
    require(given == draft(), "the draft was changed while the case was resolved")


@check(
    "leadgen_resolvers",
    "resolver.nobody",
    says="without a claim that names a person there are no executives",
    mend="name people from claims alone",
)
async def nobody(specimen: Specimen) -> None:
    """No claims, and a company profile alone."""
    resolver = specimen.make()
    for what, given in (("no claims", ()), ("a company profile alone", (profile(),))):
        people = resolver.resolve(case(given), draft()).executives
        require(not people, f"from {what} it has named {len(people)} executives")


@check(
    "leadgen_resolvers",
    "resolver.own-company",
    says="who is named for another company alone is no executive of this one",
    mend="pass over claims whose company is not case.number",
)
async def own_company(specimen: Specimen) -> None:
    """An officer and an owner of another company."""
    given = (profile(), officer("OTHER, Olga", company=OTHER), owner("Mrs Olga Other", surname="Other", company=OTHER))
    people = specimen.make().resolve(case(given), draft()).executives
    require(not people, "it has named executives who are claimed for another company alone")


@check(
    "leadgen_resolvers",
    "resolver.current",
    says="who has resigned, or whose control has ceased, is no executive",
    mend="look at resigned_on, ceased and ceased_on against case.now",
)
async def current(specimen: Specimen) -> None:
    """Long ago."""
    given = (
        profile(),
        officer("GONE, George", resigned_on=date(2020, 1, 1)),
        owner("Mr Carl Ceased", surname="Ceased", ceased=True, ceased_on=date(2020, 1, 1)),
    )
    people = specimen.make().resolve(case(given), draft()).executives
    require(not people, "it has named executives who have left long ago")


@check(
    "leadgen_resolvers",
    "resolver.evidence",
    says="each executive has evidence, each link of it is one of the claims'",
    mend="make an Evidence of the provenance of every claim that counts",
)
async def evidence(specimen: Specimen) -> None:
    """Source and address of each link."""
    given = claims()
    stamps = {(claim.provenance.question, claim.provenance.url) for claim in given}
    for number, person in enumerate(specimen.make().resolve(case(given), draft()).executives, 1):
        require(person.evidence, f"executive {number} has no evidence")
        for link in person.evidence:
            known = (link.source, link.url) in stamps
            require(known, f"executive {number} has evidence from {link.source}, which no claim came from")


@check(
    "leadgen_resolvers",
    "resolver.survives",
    says="claims with odd texts and days, none at all, and no company number give a lead, without an exception",
    mend="expect any text in a text and any day in a day; a name that cannot be read names nobody",
)
async def survives(specimen: Specimen) -> None:
    """Each kind of claims alone; names that were drawn; the lead can be written."""
    from leadgen_core.engine.encode import encode_lead

    st = strategies()
    names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    people = tuple(
        each for name in drawn(names, 100) for each in (officer(name), owner(name, forename=name, surname=name))
    )
    resolver = specimen.make()
    for what, given in {**strange(), "with names that were drawn": people}.items():
        for number in (NUMBER, None):
            try:
                lead: Any = resolver.resolve(case(given, number), draft())
                require(isinstance(lead, Lead), f"of a company {what}, it made a {type(lead).__name__}")
                encode_lead(lead)
            except Exception as error:
                require(False, f"of a company {what}, it raised {type(error).__name__}: {error}"[:300])


@check(
    "leadgen_resolvers",
    "resolver.quick",
    says="no text of 10,000 characters and no 500 people hold the event loop for a second",
    mend="no regular expression that repeats in a repeat or before a sign; no loop over all pairs of people",
)
async def quick(specimen: Specimen) -> None:
    """Each kind of claims alone, in processor time."""
    resolver = specimen.make()
    for what, given in strange().items():
        began = time.process_time()
        with contextlib.suppress(Exception):  # another check's finding
            resolver.resolve(case(given), draft())
        spent = time.process_time() - began
        require(spent < _SECONDS, f"a company {what} took {spent:.1f} s")
