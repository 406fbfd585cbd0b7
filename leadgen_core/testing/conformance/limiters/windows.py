"""The server's windows: never one request too many in them, and hardly one too few."""

from __future__ import annotations

from attrs import evolve

from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.limiters.desk import Desk
from leadgen_core.testing.conformance.limiters.hammer import Quota, hammer
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import staged

_SHARE = 0.99
_PHASES = (Quota(600, 300.0), Quota(600, 300.0, 111.0, 100, 0.4), Quota(600, 300.0, 1.2, 20, -3_599.7))
_SMALL = (
    Quota(1, 5.0),
    Quota(1, 7.0, 3.3, 0, 0.9),
    Quota(2, 20.0, 0.3, 1),
    Quota(5, 10.0, 9.99, 4, -0.5),
    Quota(12, 1.5, 0.7, 3),
    Quota(50, 60.0, 30.0, 49, 10.25),
)
"""Others who use the same key have had a part of the first window, where one is open."""


@check(
    "leadgen_rate_limiters",
    "limiter.never-over",
    says="twenty who never have enough do not get one 429, wherever the server's window began",
    mend="count requests in flight as spent; one goes first into a window of which nothing is known",
)
async def never_over(specimen: Specimen) -> None:
    """600 in 300 s and smaller ones, from the beginning of a window and from the midst of one; or 30 in 3 s."""
    async with staged(specimen) as stage:
        virtual = stage.virtual
    for told in (*_PHASES, *_SMALL) if virtual else (Quota(30, 3.0, 1.0, 5),):
        async with staged(specimen) as stage:
            quota = evolve(told, windows=[])
            await hammer(stage, stage.make(), quota, (3.2 if virtual else 1.5) * quota.length)
            rule = f"{quota.limit} in {quota.length:g} s"
            require(quota.refused == 0, f"where {rule} are allowed, the server had to refuse {quota.refused}")
            require(quota.windows, f"where {rule} are allowed, nobody got a permit")


@check(
    "leadgen_rate_limiters",
    "limiter.never-idle",
    says="twenty who never have enough use 99 % of what the server allows",
    mend="ask again when the window ends, not a guess later; no reserve below the server's limit",
)
async def never_idle(specimen: Specimen) -> None:
    """600 in 300 s for five windows, virtually; they may begin with us or in the midst of one."""
    async with staged(specimen) as stage:
        if not stage.virtual:
            raise NotChecked("its factory takes no keyword `clock`, so minutes cannot pass in a check")
    for told in _PHASES[:2]:
        async with staged(specimen) as stage:
            quota = evolve(told, windows=[])
            await hammer(stage, stage.make(), quota, 5 * 310.0)
            require(len(quota.windows) >= 4, f"in 1,550 s it has used {len(quota.windows)} windows of 300 s")
            require(quota.share() >= _SHARE, f"of what the server allows it has used {quota.share():.1%}")


@check(
    "leadgen_rate_limiters",
    "limiter.lower-limit",
    says="a limit below the known rule holds from the answer that states it",
    mend="take limit, remaining and reset from every answer",
)
async def lower_limit(specimen: Specimen) -> None:
    """The rule says 100; the server says 10, and 4 are left."""
    async with staged(specimen) as stage:
        desk = Desk(stage, limit=100)
        await desk.begin(4, limit=10)
        given = len(await desk.granted(await desk.ask(20), 0.5))
        require(given <= 4, f"the server says that 4 of 10 are left, and {given} got a permit")


@check(
    "leadgen_rate_limiters",
    "limiter.higher-limit",
    says="a limit above the known rule is used from the answer that states it",
    mend="take limit, remaining and reset from every answer; the rule is for a server that says nothing",
)
async def higher_limit(specimen: Specimen) -> None:
    """The rule says 10; the server says 100, and 99 are left."""
    async with staged(specimen) as stage:
        desk = Desk(stage, limit=10)
        await desk.begin(99, limit=100)
        given = len(await desk.granted(await desk.ask(50), 0.5))
        require(given == 50, f"the server says that 99 of 100 are left, and of 50 who ask {given} got a permit")


@check(
    "leadgen_rate_limiters",
    "limiter.cap",
    says="the operator's own cap holds in each window, whatever the server says, and all of it can be used",
    mend="count what was granted in a window, beside what the server counts",
)
async def cap(specimen: Specimen) -> None:
    """A cap of 5; the server has 100."""
    async with staged(specimen) as stage:
        limit, length = (100, 60.0) if stage.virtual else (100, 2.0)
        quota = Quota(limit, length)
        await hammer(stage, stage.make(), quota, (3.5 if stage.virtual else 2.2) * length, cap=5)
        most = max((window.count for window in quota.windows), default=0)
        require(most <= 5, f"with a cap of 5, it has sent {most} in a window")
        require(most == 5, f"with a cap of 5, it has sent no more than {most} in a window")


@check(
    "leadgen_rate_limiters",
    "limiter.refused",
    says="after a 429 nobody is let go before the time that it states by the server's clock; after it, somebody is",
    mend="a pause for the whole meter: now + (retry_at - server_time); afterwards one goes first",
)
async def refused(specimen: Specimen) -> None:
    """A 429 while the window still has places."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        await desk.begin(8)
        pause = desk.length / 2
        permit = await desk.one("8 places are left, and nobody gets a permit")
        permit.sent()
        permit.refused(desk.server_time + pause, desk.says(7), desk.server_time)
        waiters = await desk.ask(3)
        early = await desk.granted(waiters, pause - 1.2)
        require(not early, f"the server said to come back in {pause:g} s, and somebody was let go before")
        late = await desk.granted(waiters[:1], desk.length + 10)
        require(late, "the pause that the server asked for is long over, and nobody is let go")


@check(
    "leadgen_rate_limiters",
    "limiter.status",
    says="status is None before the first answer; then it is the limit and what is left of it",
    mend="give what the last answer said, less what was granted since",
)
async def status(specimen: Specimen) -> None:
    """One answer."""
    async with staged(specimen) as stage:
        desk = Desk(stage)
        before = desk.limiter.status(desk.meter)
        require(before is None, f"nothing was ever answered, and the status is {before!r}")
        await desk.begin(7)
        seen = desk.limiter.status(desk.meter)
        require(seen is not None, "an answer has stated a window, and the status is None")
        require(
            (seen.limit, seen.remaining) == (10, 7),
            f"7 of 10 are left, and the status is {seen.remaining} of {seen.limit}",
        )
