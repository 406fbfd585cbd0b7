"""Whose turn it is when a quota is short."""

from __future__ import annotations

from leadgen_core.contracts.protocols import Priority
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.limiters.desk import Desk
from leadgen_core.testing.conformance.limiters.hammer import Quota, crew
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import staged


@check(
    "leadgen_rate_limiters",
    "limiter.interactive-first",
    says="somebody who waits before a screen goes before bulk work that asked earlier",
    mend="a queue for each priority of the wish; the more urgent one first",
)
async def interactive_first(specimen: Specimen) -> None:
    """Eight of bulk wait, then one who is interactive; then a window begins that has two places for us."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        await desk.begin(0)
        bulk = await desk.ask(8)
        urgent = await desk.ask(priority=Priority.INTERACTIVE)
        await desk.over()
        first = await desk.granted([*bulk, *urgent])
        require(first, "the window is over, and nobody is let go")
        # One of the two may be bulk's, who must not starve.
        await desk.answer(first[0], desk.says(1, ends_in=desk.length))
        given = await desk.granted(urgent, 1.0)
        require(given, f"{len(await desk.granted(bulk))} of bulk got a permit before the one who is interactive")


@check(
    "leadgen_rate_limiters",
    "limiter.nobody-starved",
    says="bulk work gets a part of the quota, however many are interactive",
    mend="let the longest waiting of the less urgent go in every so many turns",
)
async def nobody_starved(specimen: Specimen) -> None:
    """Fifty interactive ones who never have enough, and one of bulk, for five windows."""
    async with staged(specimen) as stage:
        if not stage.virtual:
            raise NotChecked("its factory takes no keyword `clock`, so minutes cannot pass in a check")
        limiter, quota = stage.make(), Quota(20, 60.0)
        urgent = crew(stage, limiter, quota, workers=50, priority=Priority.INTERACTIVE)
        await stage.advance(1.0)
        bulk = crew(stage, limiter, quota, workers=1)
        await stage.advance(310.0)
        await urgent.dismiss()
        await bulk.dismiss()
        require(bulk.answers[0], "in 5 windows of 20 requests, bulk work got none")
