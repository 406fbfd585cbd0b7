"""Door: the oldest company first, and as wide as an API can take, found out from its answers alone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_core.contracts.api import Failed, Request
from leadgen_core.contracts.protocols import Meter
from leadgen_core.gateway.adaptive import Door, OutageError
from leadgen_core.gateway.address import Home
from leadgen_core.gateway.breaker import Breaker, Circuit
from leadgen_core.gateway.exchange import OK, Call, Result, Ticket
from leadgen_core.gateway.order import company_place, place
from leadgen_core.gateway.quota import Quota
from leadgen_core.model.answers import Unanswered
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import ACME, SERVER_TIME, Recorder, make_spec

CALL = Call.of(ACME, "item", Request("/items/1"))


class Server:
    """It works on ``capacity`` requests at a time, ``seconds`` each; more wait in its queue, ``full`` are refused."""

    def __init__(self, clock: VirtualClock, capacity: int, seconds: Callable[[], float], full: int = 10**6) -> None:
        self.clock = clock
        self.workers = asyncio.Semaphore(capacity)
        self.seconds = seconds
        self.full = full
        self.down = False
        self.open = self.most = self.done = self.failed = 0
        self.load: list[int] = []

    async def send(self, call: Call, url: str, at_home: bool, ticket: Ticket) -> Result:
        self.open += 1
        self.most = max(self.most, self.open)
        self.load.append(self.open)
        try:
            if self.down or self.open > self.full:
                self.failed += 1
                await self.clock.sleep(0.01)
                return Result(Failed(), None, url, 503, {}, SERVER_TIME)
            async with self.workers:
                await self.clock.sleep(self.seconds())
            self.done += 1
            return Result(OK, {}, url, 200, {}, SERVER_TIME)
        finally:
            self.open -= 1


class Scene:
    def __init__(self, capacity: int, seconds: Callable[[], float], *, full: int = 10**6, most: int = 20) -> None:
        self.clock = VirtualClock()
        self.server = Server(self.clock, capacity, seconds, full)
        self.door = Door(most, adapts=True)
        self.recorder = Recorder()
        spec = make_spec(windows=(), read_windows=None)
        events = self.recorder.events
        self.quota = Quota(
            spec, Home("https://acme.example", (), "acme"), Meter("acme", "cred"), None,
            Door(most), self.door, self.clock, events, self.server,
        )  # fmt: skip
        self.circuit = Circuit("acme", self.clock, events, opened=self.door.outage)
        self.breaker = Breaker("acme", self.clock, self.circuit, self.quota)
        self.callers: list[asyncio.Task[None]] = []

    def busy(self, callers: int = 40) -> None:
        """So many ask without a pause."""
        self.callers = [asyncio.create_task(self._ask()) for _ in range(callers)]

    async def _ask(self) -> None:
        while True:
            try:
                await self.breaker.attempt(CALL)
            except Unanswered:
                await self.clock.sleep(1)

    async def aclose(self) -> None:
        for task in self.callers:
            task.cancel()
        await asyncio.gather(*self.callers, return_exceptions=True)
        assert self.door.inside == 0


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 30), st.sampled_from([0.02, 0.3, 2.0]), st.integers(0, 3))
def test_it_finds_a_hidden_capacity_and_does_not_sit_in_its_queue(capacity: int, seconds: float, seed: int) -> None:
    async def play() -> None:
        rng = random.Random(seed)
        scene = Scene(capacity, lambda: seconds * rng.uniform(0.9, 1.1))
        scene.busy()
        await scene.clock.advance(40 * seconds)  # it finds out
        server = scene.server
        server.done, server.load = 0, []
        rounds = 50
        await scene.clock.advance(rounds * seconds)
        possible = min(capacity, 20) * rounds
        assert server.done >= 0.8 * possible
        assert sum(server.load) / len(server.load) <= 1.8 * capacity + 2
        assert server.most <= 20
        await scene.aclose()

    asyncio.run(play())


@settings(max_examples=4, deadline=None)
@given(st.integers(2, 19))
def test_errors_narrow_it(full: int) -> None:
    async def play() -> None:
        scene = Scene(100, lambda: 0.1, full=full)
        scene.busy()
        await scene.clock.advance(10)
        server = scene.server
        server.done = server.failed = 0
        await scene.clock.advance(15)
        assert server.failed < 0.2 * server.done
        assert server.done >= 0.6 * full * 150
        await scene.aclose()

    asyncio.run(play())


async def test_it_begins_small_and_doubles() -> None:
    scene = Scene(1000, lambda: 1.0, most=100)
    scene.busy(200)
    seen = []
    for _ in range(7):
        await scene.clock.advance(0.5)
        seen.append(scene.server.open)
        await scene.clock.advance(0.5)
    assert seen == [1, 2, 4, 8, 16, 32, 64]
    await scene.aclose()


async def test_answers_of_all_speeds_do_not_look_like_a_queue() -> None:
    rng = random.Random(7)
    scene = Scene(1000, lambda: rng.choice([0.05, 0.1, 0.2, 1.0, 3.0]))
    scene.busy()
    await scene.clock.advance(120)
    assert scene.door.width >= 12
    await scene.aclose()


async def test_no_herd_after_an_outage() -> None:
    scene = Scene(20, lambda: 0.5)
    scene.busy()
    await scene.clock.advance(30)
    scene.server.down = True
    await scene.clock.advance(10)
    assert scene.circuit.state == "open"
    scene.server.down, scene.server.load = False, []
    await scene.clock.advance(31)
    assert max(scene.server.load[:4]) <= 2
    await scene.clock.advance(15)
    assert scene.server.open >= 10
    await scene.aclose()


async def test_an_api_with_a_known_quota_is_open_at_once_but_not_after_an_outage() -> None:
    door = Door(20)
    assert (door.width, door.watching) == (20, False)
    door.outage(0.0)
    assert (door.width, door.watching) == (1, True)
    widths = []
    while door.watching:
        door.answered(0.0, 1.0, failed=False)
        widths.append(door.width)
    assert widths == list(range(2, 21))


async def test_the_first_answer_that_states_a_quota_ends_the_search() -> None:
    door = Door(20, adapts=True)
    assert door.width == 1
    door.quota_known()
    assert (door.width, door.watching) == (20, False)


async def test_who_stops_waiting_takes_nobodys_place() -> None:
    door = Door(1)
    assert door.try_enter()
    waiting = [asyncio.create_task(door.enter()) for _ in range(4)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    door.leave()
    waiting[1].cancel()  # let in, and gone before it knew
    await asyncio.gather(*waiting[:2], return_exceptions=True)
    await waiting[2]
    assert door.inside == 1
    assert not waiting[3].done()
    door.leave()
    await waiting[3]


async def test_the_oldest_company_goes_in_first_and_of_one_who_comes_first() -> None:
    door = Door(1)
    assert door.try_enter()
    entered: list[str] = []

    async def ask(company: int | None, name: str) -> None:
        if company is not None:
            company_place(company)
        await door.enter()
        entered.append(name)
        door.leave()

    asked = [(7, "7a"), (9, "9a"), (7, "7b"), (3, "3"), (9, "9b"), (None, "nobody's")]
    waiting = [asyncio.create_task(ask(company, name)) for company, name in asked]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    door.leave()
    await asyncio.gather(*waiting[1:])
    assert entered == ["nobody's", "3", "7b", "9a", "9b"]
    assert place() == 0, "what a task asks for is its own"


@given(st.lists(st.sampled_from(["come", "leave", "cancel", "fail", "answer", "outage", "known"]), max_size=60))
def test_any_order_of_coming_and_going(steps: list[str]) -> None:
    """Never more inside than allowed at the entry; whoever stays gets in; order is kept."""

    async def play() -> None:
        door = Door(4, adapts=True)
        inside: list[int] = []
        waiting: dict[int, asyncio.Task[None]] = {}
        entered: list[int] = []
        for number, step in enumerate(steps):
            if step == "come":
                if door.try_enter():
                    assert door.inside <= door.width
                    assert not waiting
                    inside.append(number)
                    entered.append(number)
                else:
                    waiting[number] = asyncio.create_task(door.enter())
            elif step == "leave" and inside:
                inside.pop(0)
                door.leave()
            elif step == "cancel" and waiting:
                last = max(waiting)
                waiting.pop(last).cancel()
            elif step in ("fail", "answer") and door.watching:
                door.answered(number, number + 1, failed=step == "fail")
            elif step == "outage":
                door.outage(number)
                outcomes = await asyncio.gather(*waiting.values(), return_exceptions=True)
                assert all(isinstance(outcome, OutageError) for outcome in outcomes)
                waiting.clear()
            elif step == "known":
                door.quota_known()
            for _ in range(3):
                await asyncio.sleep(0)
            for one in [one for one, task in waiting.items() if task.done()]:
                waiting.pop(one)
                inside.append(one)
                entered.append(one)
            assert door.inside == len(inside)
            assert 1 <= door.width <= 4
        while inside:
            inside.pop()
            door.leave()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            for one in [one for one, task in waiting.items() if task.done()]:
                waiting.pop(one)
                inside.append(one)
                entered.append(one)
        assert not waiting
        assert entered == sorted(entered)

    asyncio.run(play())


@pytest.mark.parametrize("most", [1, 2])
async def test_a_narrow_door_stays_within_its_bounds(most: int) -> None:
    door = Door(most, adapts=True)
    for number in range(100):
        door.answered(number, number + 1, failed=number % 3 == 0)
        assert 1 <= door.width <= most
