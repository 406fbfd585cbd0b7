"""What is asked of a scorer: pure, deterministic, its own scores only, each from 0 to 100 with its reasons."""

from __future__ import annotations

from datetime import UTC, datetime

from leadgen_core.model.lead import Company, InputRows, Lead, RunStamp
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.specimen import Specimen

_NOW = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)


@check(
    "leadgen_scorers",
    "scorer.deterministic",
    says="the same lead at the same time has the same scores, from one object or from two",
    mend="keep nothing between leads, draw nothing, and take the time from the argument `now`",
)
async def deterministic(specimen: Specimen) -> None:
    """Twice by one object and once by another."""
    lead = Lead(
        company=Company(number="01234567"),
        outcomes={},
        provenance=RunStamp(run="run", generated_at=_NOW, plugins={}),
        input=InputRows(rows=(2,), columns={}),
    )
    scorer = specimen.make()
    first = scorer.score(lead, _NOW)
    require(first == scorer.score(lead, _NOW), "asked again, one object gave other scores")
    require(first == specimen.make().score(lead, _NOW), "two objects of one config gave different scores")
