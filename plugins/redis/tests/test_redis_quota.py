"""Two limiters at one Redis, as two processes would be: who may go when, and what each end of a permit does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from attrs import evolve
from leadgen_redis import Config
from leadgen_redis.quota.gauge import Pace
from leadgen_redis.quota.limiter import SharedLimiter

from leadgen_core import Clock, Meter, Permit, PermitExpired, Priority, Secret, Window, Wish

DATE = 1_769_778_862.0
METER = Meter("register", "key-1", (Window(10, 300.0),))
NOW = Wish("x", Priority.INTERACTIVE)
BULK = Wish("x")
REGISTER = Wish("register")


def said(remaining: int, resets_in: float = 300.0, limit: int = 10) -> list[Window]:
    return [Window(limit, 300.0, remaining, DATE + resets_in)]


class Skewed(Clock):
    """A clock that can be moved on, as for a process that was stopped."""

    def __init__(self) -> None:
        self.ahead = 0.0
        real = Clock()
        super().__init__(monotonic=lambda: real.monotonic() + self.ahead)


class Office:
    """Some limiters of one prefix, and callers at them."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.clocks: list[Skewed] = []
        self.limiters: list[SharedLimiter] = []
        self.tasks: list[asyncio.Task[Permit]] = []

    def open(self, **pace: object) -> SharedLimiter:
        self.clocks.append(Skewed())
        # A configuration of its own has connections of its own, as another process would.
        config = evolve(self.config, max_connections=4 + len(self.limiters))
        limiter = SharedLimiter(config, clock=self.clocks[-1], pace=Pace(**pace))  # type: ignore[arg-type]
        self.limiters.append(limiter)
        return limiter

    def ask(self, limiter: SharedLimiter, count: int = 1, wish: Wish = BULK) -> list[asyncio.Task[Permit]]:
        asked = [asyncio.create_task(limiter.acquire(METER, wish)) for _ in range(count)]
        self.tasks += asked
        return asked

    async def served(self, tasks: list[asyncio.Task[Permit]], count: int) -> list[asyncio.Task[Permit]]:
        """Wait until so many have a permit; a moment later it must be no more."""
        async with asyncio.timeout(10):
            while sum(task.done() for task in tasks) < count:  # noqa: ASYNC110 - Redis decides
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        done = [task for task in tasks if task.done()]
        assert len(done) == count
        return done


@pytest.fixture
async def office(config: Config) -> AsyncIterator[Office]:
    office = Office(config)
    yield office
    for task in office.tasks:
        task.cancel()
    await asyncio.gather(*office.tasks, return_exceptions=True)
    for limiter in office.limiters:
        await limiter.aclose()


def answer(task: asyncio.Task[Permit], windows: list[Window]) -> None:
    task.result().sent()
    task.result().answered(windows, DATE)


async def test_one_of_all_processes_opens_the_window(office: Office) -> None:
    first, second = office.open(), office.open()
    asked = office.ask(first, 6) + office.ask(second, 6)
    (pilot,) = await office.served(asked, 1)
    answer(pilot, said(7))
    await office.served(asked, 8)
    assert first.status(METER) in (Window(10, 300.0, 0, DATE + 300), Window(10, 300.0, 1, DATE + 300))


async def test_a_refusal_stops_everybody(office: Office) -> None:
    first, second = office.open(), office.open()
    (pilot,) = await office.served(office.ask(first), 1)
    answer(pilot, said(9))
    (one,) = await office.served(office.ask(second), 1)
    one.result().sent()
    one.result().refused(DATE + 1, [], DATE)
    waiting = office.ask(first, 3) + office.ask(second, 3)
    await asyncio.sleep(0.7)
    await office.served(waiting, 0)
    await office.served(waiting, 1)


async def test_a_place_given_back_or_left_goes_to_the_next_in_another_process(office: Office) -> None:
    first, second = office.open(), office.open()
    (pilot,) = await office.served(office.ask(first), 1)
    answer(pilot, said(1))
    (held,) = await office.served(office.ask(first), 1)
    leaver, waiter = office.ask(second, 2)
    await office.served([leaver, waiter], 0)
    leaver.cancel()
    held.result().give_back()
    await office.served([waiter], 1)


async def test_interactive_passes_bulk_of_another_process(office: Office) -> None:
    first, second = office.open(), office.open()
    (pilot,) = await office.served(office.ask(first), 1)
    answer(pilot, said(1))
    (held,) = await office.served(office.ask(first), 1)
    bulk = office.ask(first, 2)
    await office.served(bulk, 0)
    urgent = office.ask(second, 1, NOW)
    await office.served(urgent, 0)
    held.result().give_back()
    await office.served(urgent, 1)
    await office.served(bulk, 0)
    urgent[0].result().give_back()
    await office.served(bulk, 1)


async def test_bulk_is_not_starved_by_another_process(office: Office) -> None:
    first, second = office.open(turns=2), office.open(turns=2)
    (pilot,) = await office.served(office.ask(first), 1)
    answer(pilot, said(1))
    (held,) = await office.served(office.ask(first), 1)
    urgent = office.ask(second, 5, NOW)
    bulk = office.ask(first, 1)
    await office.served(urgent + bulk, 0)
    for _ in range(3):
        held.result().give_back()
        (held,) = await office.served([task for task in urgent + bulk if not task.done()], 1) or [held]
        if held in bulk:
            break
    assert held in bulk, "the third at the latest"


async def test_a_reserved_share_is_kept_across_processes(office: Office) -> None:
    first, second = office.open(reserve={"register": 0.3}), office.open(reserve={"register": 0.3})
    (pilot,) = await office.served(office.ask(first), 1)
    answer(pilot, said(9))
    bulk = office.ask(first, 12)
    await office.served(bulk, 6)
    await office.served(office.ask(second, 5, REGISTER), 3)


async def test_a_permit_is_void_after_a_long_silence(office: Office) -> None:
    limiter = office.open()
    (pilot,) = await office.served(office.ask(limiter), 1)
    answer(pilot, said(9))
    (held,) = await office.served(office.ask(limiter), 1)
    office.clocks[0].ahead += 10  # the process was stopped
    with pytest.raises(PermitExpired):
        held.result().sent()
    await office.served(office.ask(limiter), 1)


async def test_nothing_is_left_running_when_nobody_asks(office: Office) -> None:
    limiter = office.open()
    (pilot,) = await office.served(office.ask(limiter), 1)
    answer(pilot, said(9))
    gauge = limiter._gauges[METER]
    async with asyncio.timeout(5):
        while gauge._pump is None or not gauge._pump.done():  # noqa: ASYNC110 - Redis decides
            await asyncio.sleep(0.01)
    assert not gauge._live


async def test_closing_ends_who_waits_and_gives_back(office: Office) -> None:
    first, second = office.open(), office.open()
    (pilot,) = await office.served(office.ask(first), 1)
    answer(pilot, said(1))
    await office.served(office.ask(first), 1)
    (waiting,) = office.ask(first)
    await office.served([waiting], 0)
    await first.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await waiting
    await office.served(office.ask(second), 1)


async def test_without_a_first_contact_nobody_sends() -> None:
    limiter = SharedLimiter(Config(url=Secret("redis://127.0.0.1:1/0")))
    asked = asyncio.create_task(limiter.acquire(METER))
    await asyncio.sleep(0.3)
    assert not asked.done()
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    await limiter.aclose()


async def test_a_redis_that_was_never_there_leaves_the_fair_share_of_so_many_processes() -> None:
    silent = Config(url=Secret("redis://127.0.0.1:1/0"), prefix="never")
    limiter = SharedLimiter(silent, pace=Pace(processes=5))
    try:
        async with asyncio.timeout(10):
            pilot = await limiter.acquire(METER, BULK)
        second = asyncio.create_task(limiter.acquire(METER, BULK))
        third = asyncio.create_task(limiter.acquire(METER, BULK))
        await asyncio.sleep(0)
        assert not second.done()
        pilot.sent()
        pilot.answered([], DATE)  # nothing is said of the quota: 10 of 5 processes are 2 for each
        async with asyncio.timeout(10):
            await second
        await asyncio.sleep(0)
        assert not third.done()
        third.cancel()
    finally:
        await limiter.aclose()


async def test_what_the_server_says_is_left_is_shared_by_so_many_processes() -> None:
    silent = Config(url=Secret("redis://127.0.0.1:1/0"), prefix="never")
    limiter = SharedLimiter(silent, pace=Pace(processes=2))
    try:
        async with asyncio.timeout(10):
            pilot = await limiter.acquire(METER, BULK)
        pilot.sent()
        waiting = [asyncio.create_task(limiter.acquire(METER, BULK)) for _ in range(3)]
        pilot.answered(said(4), DATE)  # two for each, and the one that has gone ahead
        async with asyncio.timeout(10):
            done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert (len(done), len(others)) == (1, 2)
        for each in others:
            each.cancel()
    finally:
        await limiter.aclose()
