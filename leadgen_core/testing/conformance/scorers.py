"""What is asked of a scorer: pure, deterministic, its own scores only, each from 0 to 100 with its reasons."""

from __future__ import annotations

import copy
import math
from typing import Any

from leadgen_core.model.lead import Reason, Score
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.leads import NOW, full, leads
from leadgen_core.testing.conformance.purity import watched
from leadgen_core.testing.conformance.specimen import Specimen


@check(
    "leadgen_scorers",
    "scorer.deterministic",
    says="the same lead at the same time has the same scores, from one object or from two",
    mend="keep nothing between leads, draw nothing, and take the time from the argument `now`",
)
async def deterministic(specimen: Specimen) -> None:
    """Twice by one object and once by another, of an equal lead."""
    scorer = specimen.make()
    first = scorer.score(full(), NOW)
    require(first == scorer.score(full(), NOW), "asked again, one object gave other scores")
    require(first == specimen.make().score(full(), NOW), "two objects of one config gave different scores")


@check(
    "leadgen_scorers",
    "scorer.own-scores",
    says="only scores that the spec declares are given",
    mend="name every score in ScorerSpec.scores; leave out what is not known",
)
async def own_scores(specimen: Specimen) -> None:
    """Of every lead."""
    declared = set(getattr(specimen.spec, "scores", ()))
    scorer = specimen.make()
    for what, lead in _survivors(scorer):
        others = set(scorer.score(lead, NOW)) - declared
        require(
            not others, f"of a company {what}, it gave {min(others, default='')!r}, which its spec does not declare"
        )


@check(
    "leadgen_scorers",
    "scorer.reasons",
    says="each score is a Score from 0 to 100, and says why in words and finite points",
    mend="give Score(value, reasons) with a sentence in each Reason; leave a score out when nothing is known",
)
async def reasons(specimen: Specimen) -> None:
    """Of every lead."""
    scorer = specimen.make()
    for what, lead in _survivors(scorer):
        for name, score in scorer.score(lead, NOW).items():
            where = f"of a company {what}, {name}"
            if not isinstance(score, Score):
                require(False, f"{where} is a {type(score).__name__}")
            require(0 <= score.value <= 100, f"{where} is {score.value}")
            require(score.reasons or not score.value, f"{where} is {score.value} without a reason")
            for reason in score.reasons:
                good = isinstance(reason, Reason) and reason.because.strip() and math.isfinite(reason.points)
                require(good, f"{where} has a reason without words or points: {reason!r}")


@check(
    "leadgen_scorers",
    "scorer.unchanged",
    says="the lead is as it was",
    mend="build new objects; the mappings of a lead are shared with others",
)
async def unchanged(specimen: Specimen) -> None:
    """The mappings, which could be changed."""
    lead, before = full(), copy.deepcopy(full())
    specimen.make().score(lead, NOW)
    require(lead == before, "the lead was changed while it was scored")


@check(
    "leadgen_scorers",
    "scorer.pure",
    says="no file, network, clock or chance: the time is the argument `now`",
    mend="read what you need when the object is made, and take the time from `now`",
)
async def pure(specimen: Specimen) -> None:
    """The second call, when everything is imported."""
    scorer = specimen.make()
    scorer.score(full(), NOW)
    with watched() as seen:
        scorer.score(full(), NOW)
    require(not seen, f"while it scores, it {', '.join(dict.fromkeys(seen))}")


@check(
    "leadgen_scorers",
    "scorer.survives",
    says="a lead with nothing in it, and one with odd values, is scored or left out, without an exception",
    mend="expect null, empty lists and dates of any year in every member",
)
async def survives(specimen: Specimen) -> None:
    """Each lead, one by one."""
    scorer = specimen.make()
    for what, lead in leads().items():
        try:
            scorer.score(lead, NOW)
        except Exception as error:
            require(False, f"of a company {what}, it raised {type(error).__name__}: {error}")


def _survivors(scorer: Any) -> list[tuple[str, Any]]:
    """The leads of which it says anything: that it raises is another check's finding."""
    able = []
    for what, lead in leads().items():
        try:
            scorer.score(lead, NOW)
        except Exception:  # noqa: S112 - see above
            continue
        able.append((what, lead))
    return able
