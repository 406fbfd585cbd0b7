"""Never over, never idle: the limiter against simulated servers."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_core import Meter, Window
from plugins.quota.tests.quota_world import (
    AlignedServer,
    FixedServer,
    RoundedServer,
    Rules,
    SlidingServer,
    Traffic,
    VirtualLoop,
    drive,
    full,
    idle,
    play,
)


def serve(server: FixedServer, traffic: Traffic, seconds: float, **options: Any) -> int:
    """Drive the server for so long; how many answers came."""
    answers = 0

    async def main(loop: VirtualLoop) -> None:
        nonlocal answers
        answers = await drive(loop, server, traffic, seconds, **options)

    play(main)
    return answers


def test_the_registers_quota_is_used_to_the_last_request() -> None:
    server = FixedServer(Rules())
    serve(server, Traffic(), 3_050)
    assert server.refused == 0
    assert [window.count for window in server.windows] == [600] * 11
    assert max(idle(server)) < 0.1, "seconds that pass between two windows of 300"


ROUNDINGS: tuple[Callable[[float], float], ...] = (math.floor, math.ceil, float)
LATENCY = st.sampled_from([0.001, 0.01, 0.05, 0.2])


@st.composite
def worlds(draw: st.DrawFn, shortest: float = 1.0) -> tuple[Rules, Traffic]:
    length = draw(st.one_of(st.sampled_from([5.0, 60.0, 300.0]), st.floats(shortest, 20)))
    limit = draw(st.one_of(st.integers(1, 12), st.sampled_from([50, 200, 600])))
    first_end = draw(st.one_of(st.none(), st.floats(0.01, length)))
    slow = draw(LATENCY)
    rules = Rules(
        limit=limit,
        length=length,
        first_end=first_end,
        # Not full: the very first request cannot know that.
        used=draw(st.integers(0, limit - 1)) if first_end else 0,
        offset=draw(st.floats(-1_000, 1_000)),
        rounding=draw(st.sampled_from(ROUNDINGS)),
        drift=draw(st.sampled_from([0.0, 5e-5, -5e-5])),
    )
    ways = (slow / 10, slow)
    seed = draw(st.integers(0, 1_000))
    return rules, Traffic(workers=draw(st.sampled_from([1, 3, 20, 50])), there=ways, back=ways, seed=seed)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_alone_it_is_never_over_and_never_idle(world: tuple[Rules, Traffic]) -> None:
    rules, traffic = world
    server = FixedServer(rules)
    seconds = rules.length * 4.5 + 3
    serve(server, traffic, seconds)
    assert server.refused == 0
    slow = traffic.there[1]
    gaps = idle(server)
    # Way there, way back, and the margin for clocks. Of the end of a window that others opened only the server
    # speaks, in whole seconds: two may be hidden if few answers speak, and a third if it rounds up.
    late = 2 * slow + 0.1 + rules.length * 1e-4
    assert all(gap <= late for gap in gaps[1:])
    assert all(gap <= late + (3 if rules.rounding is math.ceil else 2) for gap in gaps[:1])
    if traffic.workers * rules.length / (2 * slow) > 2 * rules.limit:  # demand enough, at the slowest
        for window in full(server, 1_000 + seconds):
            assert window.count == rules.limit


@settings(max_examples=30, deadline=None)
@given(worlds(shortest=10.0), st.floats(0, 0.03), st.floats(0, 0.03), st.floats(0, 0.1), st.floats(0, 0.03))
def test_faults_and_cancellations_never_make_it_send_too_much(
    world: tuple[Rules, Traffic], before: float, after: float, cancel: float, stall: float
) -> None:
    rules, calm = world
    traffic = Traffic(calm.workers, calm.there, calm.back, stall, before, after, cancel, calm.seed)
    server = FixedServer(rules)
    serve(server, traffic, rules.length * 3.5 + 3)
    # Refused can only be who comes first into a window that others have filled, and first after a lost first.
    unknown = rules.limit - rules.used if rules.first_end else rules.limit
    assert server.refused == 0 or unknown <= 3


def test_faults_cost_little() -> None:
    server = FixedServer(Rules())
    traffic = Traffic(stall=0.01, lost_before=0.01, lost_after=0.01, cancel=0.02, seed=3)
    serve(server, traffic, 3_000)
    assert server.refused == 0
    windows = full(server, 4_000)
    assert len(windows) == 8
    assert min(window.count for window in windows) >= 594, "99 %"
    assert max(idle(server)) < 2.5, "a first answer that stalls for 2 s"


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("workers", [1, 20])
def test_a_server_that_says_nothing_is_met_by_the_rule_alone(workers: int, seed: int) -> None:
    server = FixedServer(Rules(limit=100, length=20.0, states=False))
    serve(server, Traffic(workers=workers, seed=seed), 105)
    assert server.refused == 0
    assert [window.count for window in server.windows[:5]] == [100] * 5
    assert max(idle(server)) < 0.1


@pytest.mark.parametrize("seed", range(10))
def test_windows_that_stand_back_to_back(seed: int) -> None:
    server = AlignedServer(Rules(limit=50, length=10.0, offset=seed * 0.137))
    serve(server, Traffic(seed=seed), 100)
    assert server.refused == 0
    assert all(window.count == 50 for window in full(server, 1_100))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("workers", [1, 20])
def test_windows_rounded_up_to_whole_seconds_are_learnt(workers: int, seed: int) -> None:
    server = RoundedServer(Rules(limit=50, length=10.0, offset=seed * 0.137, rounding=round))
    serve(server, Traffic(workers=workers, seed=seed), 600)
    assert server.refused <= 1, "once, and never again"
    assert all(window.count == 50 for window in full(server, 1_600))
    assert max(idle(server)) < 2.1


@pytest.mark.parametrize(
    ("limit", "length", "workers"), [(50, 10.0, 20), (200, 5.0, 20), (100, 60.0, 3), (5, 10.0, 20)]
)
def test_a_sliding_window_is_never_overrun(limit: int, length: float, workers: int) -> None:
    server = SlidingServer(Rules(limit=limit, length=length))
    answers = serve(server, Traffic(workers=workers), length * 10)
    assert server.refused == 0
    assert server.most == limit
    assert answers >= 0.97 * limit * 10


@pytest.mark.parametrize("seed", range(5))
def test_a_sliding_window_that_others_have_used_is_followed_as_it_empties(seed: int) -> None:
    server = SlidingServer(Rules(limit=600, length=60.0))
    server.log.extend(1_000 - 60 * (1 - place / 300) for place in range(300))
    answers = serve(server, Traffic(seed=seed), 60.5)
    assert server.refused == 0
    assert answers >= 0.98 * 600


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 600), st.sampled_from([5.0, 20.0, 60.0]), st.floats(0, 0.9), LATENCY, st.integers(0, 1_000))
def test_whatever_others_used_of_a_sliding_window(
    limit: int, length: float, used: float, slow: float, seed: int
) -> None:
    server = SlidingServer(Rules(limit=limit, length=length))
    theirs = int(limit * used)
    server.log.extend(1_000 - length * (1 - place / theirs) for place in range(theirs))
    ways = (slow / 10, slow)
    answers = serve(server, Traffic(there=ways, back=ways, seed=seed), length * 4)
    assert server.refused == 0
    # A stall lasts until a whole second is over; the smaller a window, the more of it that is.
    if 20 / (2 * slow) > limit / length:
        assert answers >= (4 * limit) * (1 - 2.5 / length) - theirs


@pytest.mark.parametrize("rate", [0.1, 1.0, 5.0])
@pytest.mark.parametrize("workers", [1, 20])
def test_others_who_use_the_same_key_are_made_room_for(workers: int, rate: float) -> None:
    server = FixedServer(Rules(limit=200, length=60.0))
    theirs = 0

    async def main(loop: VirtualLoop) -> None:
        async def other() -> None:
            nonlocal theirs
            rng = random.Random(7)
            while True:
                await asyncio.sleep(rng.expovariate(rate))
                before = server.refused
                server.handle(loop.time())
                theirs += server.refused - before

        somebody = loop.create_task(other())
        await drive(loop, server, Traffic(workers=workers, seed=1), 605)
        somebody.cancel()
        await asyncio.gather(somebody, return_exceptions=True)

    play(main)
    assert len(server.windows) >= 10
    # Ours is refused only when they take the last place while our request is on its way.
    assert server.refused - theirs <= 4
    assert all(window.count == 200 for window in full(server, 1_605))


@pytest.mark.parametrize("change", [(600, 1_200), (600, 100), (100, 50), (300, 500)])
def test_a_limit_that_changes_in_the_middle(change: tuple[int, int]) -> None:
    before, after = change
    server = FixedServer(Rules(limit=before, length=60.0))

    async def main(loop: VirtualLoop) -> None:
        async def turn() -> None:
            await asyncio.sleep(60.3)  # in the second window, while it is being used up
            server.limit = after

        turning = loop.create_task(turn())
        await drive(loop, server, Traffic(workers=20), 290)
        await turning

    play(main)
    # What was on its way when the limit fell is refused; nothing after that.
    assert server.refused <= (20 if after < before else 0)
    assert server.windows[0].count == before
    assert all(window.count == after for window in server.windows[2:4])
    if after > before:
        assert server.windows[1].count == after, "a higher limit holds at once"


def test_an_operators_cap_holds_whatever_the_server_says() -> None:
    server = FixedServer(Rules(limit=600, length=60.0))
    serve(server, Traffic(), 250, meter=Meter("api", "key", (Window(600, 60.0),), cap=50))
    assert [window.count for window in server.windows[:4]] == [50] * 4


def test_a_wrong_rule_is_corrected_by_the_first_answer() -> None:
    server = FixedServer(Rules(limit=100, length=5.0))
    serve(server, Traffic(), 51, meter=Meter("api", "key", (Window(600, 300.0),)))
    assert server.refused == 0
    assert [window.count for window in server.windows[:10]] == [100] * 10
