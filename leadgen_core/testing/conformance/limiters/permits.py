"""Permits: each is worth one request, whatever becomes of it."""

from __future__ import annotations

from leadgen_core.contracts.api import Window
from leadgen_core.contracts.protocols import Meter
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.limiters.desk import Desk
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import staged


@check(
    "leadgen_rate_limiters",
    "limiter.given-back",
    says="a permit that is given back unsent frees its place at once for the next",
    mend="undo what the grant counted, and wake who waits",
)
async def given_back(specimen: Specimen) -> None:
    """The last place."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        await desk.begin(1)
        permit = await desk.one("one place is left, and nobody gets a permit")
        waiters = await desk.ask(2)
        require(not await desk.granted(waiters), "one place was left, and two got a permit")
        permit.give_back()
        given = len(await desk.granted(waiters[:1], 1.0)) + len(await desk.granted(waiters[1:]))
        require(given == 1, f"one unsent permit was given back, and {given} of those who wait got one")


@check(
    "leadgen_rate_limiters",
    "limiter.sent-counts",
    says="a request that was sent is spent, whether an answer came or not",
    mend="give_back after sent frees nothing: the server may have counted it",
)
async def sent_counts(specimen: Specimen) -> None:
    """The last place again."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        await desk.begin(1)
        permit = await desk.one("one place is left, and nobody gets a permit")
        waiters = await desk.ask(2)
        permit.sent()
        permit.give_back()
        given = await desk.granted(waiters, 1.0)
        require(not given, "the last request was sent and got no answer, and its place was given to another")


@check(
    "leadgen_rate_limiters",
    "limiter.cancelled",
    says="who stops waiting has cost nothing: neither a place, nor the turn of those behind",
    mend="take the waiter out of the queue; if it was granted in the same moment, give that back",
)
async def cancelled(specimen: Specimen) -> None:
    """Three who wait and leave, then one who leaves in the moment of its turn."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        await desk.begin(1)
        permit = await desk.one("one place is left, and nobody gets a permit")
        leaving = await desk.ask(3)
        staying = await desk.ask(2)
        for waiter in leaving[:2]:
            waiter.cancel()
        await stage.advance(0.2)
        permit.give_back()  # it is the third one's turn ...
        leaving[2].cancel()  # ... who leaves
        given = await desk.granted(staying[:1], 1.0)
        require(all(waiter.cancelled() for waiter in leaving), "a cancelled waiter goes on")
        require(given, "a place came free, three had left the queue, and the first who stayed did not get it")


@check(
    "leadgen_rate_limiters",
    "limiter.meters-apart",
    says="each API and each credential has a quota of its own",
    mend="keep your state by the whole meter, not by a part of it",
)
async def meters_apart(specimen: Specimen) -> None:
    """One is used up; another API and another key are not."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        await desk.begin(0)
        rule = (Window(desk.limit, desk.length),)
        for name, meter in (
            ("credential", Meter("api", f"{stage.token}:2", rule)),
            ("API", Meter("api-2", stage.token, rule)),
        ):
            given = await desk.granted(await desk.ask(meter=meter), 0.5)
            require(given, f"one quota is used up, and that of another {name} gives no permit")


@check(
    "leadgen_rate_limiters",
    "limiter.quotas-apart",
    says="each quota of an API that counts endpoints apart stands alone: in what is used up, and after a refusal",
    mend="keep your state by the whole meter, whose quota is part of it",
)
async def quotas_apart(specimen: Specimen) -> None:
    """One is used up, another was refused; a third goes on."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        rule = (Window(desk.limit, desk.length),)
        refused, free = (Meter("api", stage.token, rule, quota=name) for name in ("search", "profile"))
        await desk.begin(0)
        permits = await desk.granted(await desk.ask(meter=refused), 0.5)
        require(permits, "the common quota of an API is used up, and a quota with a name gives no permit")
        permits[0].sent()
        permits[0].refused(desk.server_time + desk.length, [], desk.server_time)
        given = await desk.granted(await desk.ask(meter=free), 0.5)
        require(given, "one quota of an API was refused, and another gives no permit")


@check(
    "leadgen_rate_limiters",
    "limiter.closes",
    says="aclose ends every wait with an error, and may be called twice",
    mend="set an exception on who waits; remember that it is closed",
)
async def closes(specimen: Specimen) -> None:
    """Two who wait for a quota that is used up."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        require(hasattr(desk.limiter, "aclose"), "it has no aclose, so nobody can end those who wait")
        await desk.begin(0)
        waiters = await desk.ask(2)
        require(not await desk.granted(waiters), "no place is left, and somebody got a permit")
        await stage.close(desk.limiter)
        await stage.advance(0.5)
        require(all(waiter.done() for waiter in waiters), "it is closed, and somebody waits on")
        ended = all(waiter.cancelled() or waiter.exception() is not None for waiter in waiters)
        require(ended, "it is closed, and who waited got a permit")
        await desk.limiter.aclose()
