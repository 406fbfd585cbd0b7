"""Quotas with a name: a meter behaves as if it were the only one, whatever becomes of the others."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import Meter, Window
from plugins.quota.tests.quota_desk import DATE, Desk, close, said

RULE = (Window(10, 300.0),)
SEARCH, PROFILE, COMMON = METERS = tuple(Meter("x", "key-1", RULE, quota=name) for name in ("search", "profile", ""))

Step = tuple[Meter | None, str, int]
"""At which meter what is done, and how much of it; the meter None: time passes."""

STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(METERS), st.sampled_from(["ask", "answer", "refuse", "lose", "leave"]), st.integers(0, 9)
        ),
        st.tuples(st.none(), st.just("wait"), st.sampled_from([1, 60, 240, 400])),
    ),
    max_size=30,
)


class Queue:
    """Who asks at one meter, in order, and what became of each."""

    def __init__(self, desk: Desk, meter: Meter) -> None:
        self.desk = desk
        self.meter = meter
        self.mine: list[int] = []
        self.ended: set[int] = set()

    def served(self) -> list[int]:
        """Who of them has had a permit so far, as places in this queue."""
        done = set(self.desk.served())
        return [place for place, number in enumerate(self.mine) if number in done]

    async def do(self, what: str, count: int) -> None:
        if what == "ask":
            self.mine += range(len(self.desk.tasks), len(self.desk.tasks) + count)
            await self.desk.ask(count, self.meter)
            return
        open_ = [self.mine[place] for place in self.served() if self.mine[place] not in self.ended]
        if what == "leave":
            for number in [each for each in self.mine if not self.desk.tasks[each].done()][:count]:
                self.desk.tasks[number].cancel()
        elif open_:
            permit = self.desk.permit(open_[0])
            self.ended.add(open_[0])
            now = DATE + int(self.desk.clock.monotonic())
            if what != "lose":
                permit.sent()
            if what == "answer":
                permit.answered(said(count, 300.0 * (1 + self.desk.clock.monotonic() // 300)), now)
            elif what == "refuse":
                permit.refused(now + 20.0 * count, [], now)
            else:
                permit.give_back()
        await self.desk.clock.settle()


async def play(steps: list[Step], meters: tuple[Meter, ...]) -> dict[str, list[list[int]]]:
    """What happens at these meters, step by step; steps at others are left out."""
    desk = Desk()
    queues = {meter: Queue(desk, meter) for meter in meters}
    seen: dict[str, list[list[int]]] = {meter.quota: [] for meter in meters}
    for meter, what, count in steps:
        if meter is None:
            await desk.clock.advance(count)
        elif meter in queues:
            await queues[meter].do(what, count)
        for each, queue in queues.items():
            seen[each.quota].append(queue.served())
    await close(desk)
    return seen


@given(STEPS)
def test_a_meter_behaves_as_if_it_were_the_only_one(steps: list[Step]) -> None:
    async def compare() -> None:
        together = await play(steps, METERS)
        for meter in METERS:
            assert (await play(steps, (meter,)))[meter.quota] == together[meter.quota]

    asyncio.run(compare())


async def test_a_refusal_pauses_that_quota_alone(desk: Desk) -> None:
    await desk.ask(1, SEARCH)
    desk.permit(0).sent()
    desk.permit(0).refused(DATE + 600, [], DATE)
    await desk.ask(3, SEARCH)
    await desk.ask(1, PROFILE)
    await desk.ask(1, COMMON)
    assert desk.served() == [0, 4, 5]
    await desk.clock.advance(600)
    assert desk.served() == [0, 1, 4, 5]


async def test_what_is_said_of_one_is_known_of_no_other(desk: Desk) -> None:
    await desk.ask(1, SEARCH)
    await desk.answer(0, said(3))
    assert desk.limiter.status(SEARCH) == Window(10, 300.0, 3, DATE + 300)
    assert desk.limiter.status(PROFILE) is desk.limiter.status(COMMON) is None
