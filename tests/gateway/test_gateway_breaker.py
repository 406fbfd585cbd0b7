"""Breaker: closed, open, half-open with exactly one probe; against a model, and around cancellation."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import Exhausted, Failed, Malformed, Meaning, Nothing, Refused, Request, RetryAt
from leadgen_core.events import BreakerMoved, Events
from leadgen_core.gateway.breaker import CLOSED, HALF_OPEN, OPEN, Breaker, Circuit
from leadgen_core.gateway.exchange import OK, Call, Result
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import ACME, Recorder

CALL = Call.of(ACME, "item", Request("/items/1"))


class Below:
    def __init__(self) -> None:
        self.meaning: Meaning = OK
        self.error: BaseException | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.calls = 0

    async def attempt(self, call: Call) -> Result:
        self.calls += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Result(self.meaning, timed_out=False)


class Scene:
    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.recorder = Recorder()
        self.below = Below()
        self.circuit = Circuit("acme", self.clock, self.recorder.events)
        self.breaker = Breaker("acme", self.clock, self.circuit, self.below)

    async def fail(self, times: int) -> None:
        self.below.meaning = Failed()
        for _ in range(times):
            await self.breaker.attempt(CALL)

    def moves(self) -> list[str]:
        return [event.state for event in self.recorder.of(BreakerMoved)]


async def test_it_opens_when_most_fail_and_refuses_at_once() -> None:
    scene = Scene()
    await scene.fail(10)
    assert scene.moves() == [OPEN]
    with pytest.raises(Unanswered) as caught:
        await scene.breaker.attempt(CALL)
    assert caught.value.cause is Cause.BREAKER_OPEN
    assert caught.value.until == scene.clock.now() + timedelta(seconds=30)
    assert scene.below.calls == 10


@pytest.mark.parametrize(
    "meaning", [OK, Nothing(), RetryAt(1.0), Exhausted(1.0), Refused("set the key"), Malformed("no list")]
)
async def test_nothing_but_failures_counts(meaning: Meaning) -> None:
    scene = Scene()
    scene.below.meaning = meaning
    for _ in range(50):
        await scene.breaker.attempt(CALL)
    assert scene.moves() == []


async def test_a_few_failures_and_a_small_share_do_not_open_it() -> None:
    scene = Scene()
    await scene.fail(9)
    scene.below.meaning = OK
    for _ in range(30):
        await scene.breaker.attempt(CALL)
    await scene.fail(20)  # 29 of 59
    assert scene.moves() == []
    await scene.fail(1)
    assert scene.moves() == [OPEN]


async def test_failures_of_long_ago_are_forgotten() -> None:
    scene = Scene()
    await scene.fail(9)
    await scene.clock.advance(30)
    await scene.fail(9)
    assert scene.moves() == []


async def test_half_open_lets_exactly_one_through_and_success_closes_it() -> None:
    scene = Scene()
    await scene.fail(10)
    await scene.clock.advance(30)
    scene.below.meaning = OK
    scene.below.gate.clear()
    tasks = [asyncio.create_task(scene.breaker.attempt(CALL)) for _ in range(50)]
    await scene.clock.settle()
    assert scene.below.calls == 11
    scene.below.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(result, Unanswered) for result in results) == 49
    assert scene.moves() == [OPEN, HALF_OPEN, CLOSED]
    await scene.breaker.attempt(CALL)


async def test_each_failed_probe_doubles_the_pause_up_to_five_minutes_and_success_resets_it() -> None:
    scene = Scene()
    await scene.fail(10)
    for pause in (30, 60, 120, 240, 300, 300):
        await scene.clock.advance(pause - 0.001)
        with pytest.raises(Unanswered):
            await scene.breaker.attempt(CALL)
        await scene.clock.advance(0.001)
        await scene.breaker.attempt(CALL)
    await scene.clock.advance(300)
    scene.below.meaning = OK
    await scene.breaker.attempt(CALL)
    assert scene.moves()[-1] == CLOSED
    await scene.fail(10)
    assert scene.circuit.remaining() == 30


@pytest.mark.parametrize("meaning", [RetryAt(None), Refused("set the key"), Malformed()])
async def test_a_probe_that_is_answered_at_all_closes_it(meaning: Meaning) -> None:
    scene = Scene()
    await scene.fail(10)
    await scene.clock.advance(30)
    scene.below.meaning = meaning
    await scene.breaker.attempt(CALL)
    assert scene.moves()[-1] == CLOSED


async def test_a_cancelled_probe_is_given_back() -> None:
    scene = Scene()
    await scene.fail(10)
    await scene.clock.advance(30)
    scene.below.gate.clear()
    probe = asyncio.create_task(scene.breaker.attempt(CALL))
    await scene.clock.settle()
    probe.cancel()
    await scene.clock.settle()
    scene.below.gate.set()
    scene.below.meaning = OK
    await scene.breaker.attempt(CALL)
    assert scene.moves() == [OPEN, HALF_OPEN, CLOSED]


async def test_a_probe_that_was_never_sent_is_given_back() -> None:
    scene = Scene()
    await scene.fail(10)
    await scene.clock.advance(30)
    scene.below.error = Unanswered(Cause.THROTTLED, "used up")
    for _ in range(3):
        with pytest.raises(Unanswered, match="used up"):
            await scene.breaker.attempt(CALL)
    assert scene.moves() == [OPEN, HALF_OPEN]


async def test_old_calls_that_end_late_change_nothing() -> None:
    scene = Scene()
    scene.below.meaning = Failed()
    scene.below.gate.clear()
    stragglers = [asyncio.create_task(scene.breaker.attempt(CALL)) for _ in range(30)]
    await scene.clock.settle()
    old = scene.circuit.admit()
    assert old is not None
    scene.below.gate.set()
    await asyncio.gather(*stragglers)
    assert scene.moves() == [OPEN]  # not once for each
    await scene.clock.advance(30)
    probe = scene.circuit.admit()
    assert probe is not None
    scene.circuit.record(old, failed=False)
    assert scene.circuit.state == HALF_OPEN
    scene.circuit.give_back(old)
    assert scene.circuit.admit() is None  # the probe is still out


class Model(RuleBasedStateMachine):
    """The circuit beside a plain description of it: a list of all calls, a list of all passes."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0
        self.moves: list[str] = []
        events = Events()
        events.on(BreakerMoved, lambda event: self.moves.append(event.state))
        clock = Clock(monotonic=lambda: self.time)
        self.circuit = Circuit("acme", clock, events, window=10.0, least=4, rate=0.5, pause=5.0, longest=20.0)
        self.state = CLOSED
        self.era = 0
        self.history: list[tuple[int, bool]] = []
        self.pause = 5.0
        self.ends = 0.0
        self.probe_out = False
        self.passes: list[tuple[int, int]] = []

    def go(self, state: str) -> None:
        self.state = state
        self.era += 1
        self.history = []
        self.probe_out = False

    @rule(seconds=st.sampled_from([0.1, 0.5, 1.0, 3.0, 5.0, 11.0, 20.0]))
    def wait(self, seconds: float) -> None:
        self.time += seconds

    @rule()
    def admit(self) -> None:
        admission = self.circuit.admit()
        if self.state == OPEN and self.time >= self.ends:
            self.go(HALF_OPEN)
        allowed = self.state == CLOSED or (self.state == HALF_OPEN and not self.probe_out)
        assert (admission is not None) == allowed
        if admission is not None:
            self.probe_out = self.state == HALF_OPEN
            self.passes.append((admission, self.era))

    @precondition(lambda self: self.passes)
    @rule(data=st.data(), failed=st.booleans())
    def record(self, data: Any, failed: bool) -> None:
        admission, era = self.passes.pop(data.draw(st.integers(0, len(self.passes) - 1)))
        self.circuit.record(admission, failed=failed)
        if era != self.era:
            return
        if self.state == HALF_OPEN:
            self.pause = min(20.0, self.pause * 2) if failed else 5.0
            self.ends = self.time + self.pause
            self.go(OPEN if failed else CLOSED)
            return
        slot = int(self.time // 1.0)
        self.history.append((slot, failed))
        recent = [each for number, each in self.history if number > slot - 10]
        if failed and len(recent) >= 4 and sum(recent) * 2 >= len(recent):
            self.ends = self.time + self.pause
            self.go(OPEN)

    @precondition(lambda self: self.passes)
    @rule(data=st.data())
    def give_back(self, data: Any) -> None:
        admission, era = self.passes.pop(data.draw(st.integers(0, len(self.passes) - 1)))
        self.circuit.give_back(admission)
        if era == self.era:
            self.probe_out = False

    @invariant()
    def same_state(self) -> None:
        assert self.circuit.state == self.state
        assert len(self.moves) == self.era
        left = max(0.0, self.ends - self.time) if self.state == OPEN else 0.0
        assert self.circuit.remaining() == pytest.approx(left)


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
