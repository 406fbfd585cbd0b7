"""Retry: what is repeated, when, how often, and how a call without an answer ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core.contracts.api import Exhausted, Failed, Malformed, Nothing, Refused, Request, RetryAt
from leadgen_core.contracts.status import retry_after
from leadgen_core.events import Throttled
from leadgen_core.gateway.exchange import OK, Call, Result
from leadgen_core.gateway.retry import Budget, Retry
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import ACME, DATE, SERVER_TIME, Recorder

GOOD = Result(OK, {"a": 1}, status=200)
BAD = Result(Failed(), status=500, received_at=SERVER_TIME)
LATE = Result(Failed("no answer within 20 s"), timed_out=True)


def refused(at: float | None) -> Result:
    return Result(RetryAt(at), status=429, received_at=SERVER_TIME)


class Below:
    """Answers in order, the last one for ever; notes when it was asked."""

    def __init__(self, clock: VirtualClock, *results: Result) -> None:
        self._clock = clock
        self._results = list(results)
        self.times: list[float] = []

    async def attempt(self, call: Call) -> Result:
        self.times.append(self._clock.monotonic())
        return self._results.pop(0) if len(self._results) > 1 else self._results[0]


class Scene:
    def __init__(self, *results: Result, limited: bool = True, budget: Budget | None = None) -> None:
        self.clock = VirtualClock(seed=7)
        self.recorder = Recorder()
        self.below = Below(self.clock, *results)
        self.budget = budget or Budget()
        self.retry = Retry("acme", self.clock, self.recorder.events, self.budget, self.below, limited=limited)

    async def call(self, operation: str = "item", within: float = 10_000.0) -> Result:
        """The call's result, with time moving on until it is there."""
        task = asyncio.create_task(self.retry.call(Call.of(ACME, operation, Request("/items/1"))))
        await self.clock.advance(within)
        assert task.done()
        return await task


@pytest.mark.parametrize("result", [GOOD, Result(Nothing(), None, status=404)])
async def test_an_answer_is_returned_at_once(result: Result) -> None:
    scene = Scene(result)
    assert await scene.call() is result
    assert scene.below.times == [0.0]


async def test_a_failure_is_repeated_after_full_jitter_back_off() -> None:
    scene = Scene(BAD, BAD, BAD, GOOD)
    assert await scene.call() is GOOD
    steps = [later - earlier for earlier, later in zip(scene.below.times, scene.below.times[1:], strict=False)]
    assert len(steps) == 3
    assert all(0 < step <= most for step, most in zip(steps, [0.5, 1.0, 2.0], strict=True))
    other = Scene(BAD, BAD, BAD, GOOD)
    other.clock.rng.seed(8)
    await other.call()
    assert other.below.times != scene.below.times


@given(st.integers(1, 60))
def test_no_back_off_is_longer_than_eight_seconds(failures: int) -> None:
    scene = Scene(GOOD)
    assert 0 <= scene.retry._back_off(failures) <= 8


@pytest.mark.parametrize(
    ("result", "cause", "because", "attempts"),
    [(BAD, Cause.FAILED, "the server answered 500", 4), (LATE, Cause.TIMEOUT, "no answer within 20 s", 2)],
)
async def test_after_three_repeats_it_ends_after_one_of_a_time_out(
    result: Result, cause: Cause, because: str, attempts: int
) -> None:
    scene = Scene(result)
    with pytest.raises(Unanswered) as caught:
        await scene.call()
    assert (caught.value.cause, caught.value.because) == (cause, because)
    assert len(scene.below.times) == attempts


@pytest.mark.parametrize(
    ("result", "cause", "because"),
    [
        (Result(Refused("set the api_key"), status=401), Cause.FORBIDDEN, "set the api_key"),
        (Result(Malformed("no list"), status=200), Cause.MALFORMED, "no list"),
        (Result(Exhausted(SERVER_TIME + 60), status=429), Cause.THROTTLED, "the quota is used up for this run"),
    ],
)
async def test_what_will_not_change_is_never_repeated(result: Result, cause: Cause, because: str) -> None:
    scene = Scene(result)
    with pytest.raises(Unanswered) as caught:
        await scene.call()
    assert (caught.value.cause, caught.value.because) == (cause, because)
    assert len(scene.below.times) == 1
    if cause is Cause.THROTTLED:
        assert caught.value.until == datetime(2026, 1, 30, 13, 15, 22, tzinfo=UTC)


@pytest.mark.parametrize("result", [BAD, LATE, refused(SERVER_TIME + 5), refused(None)])
async def test_what_is_not_idempotent_is_never_repeated(result: Result) -> None:
    scene = Scene(result, GOOD)
    with pytest.raises(Unanswered):
        await scene.call("pay")
    assert len(scene.below.times) == 1


async def test_a_refusal_by_quota_is_left_to_the_limiter_which_blocks_until_then() -> None:
    scene = Scene(refused(SERVER_TIME + 100), GOOD, limited=True)
    assert await scene.call() is GOOD
    assert scene.below.times == [0.0, 0.0]


async def test_without_a_limiter_it_is_waited_for_here_by_the_servers_clock() -> None:
    scene = Scene(refused(SERVER_TIME + 100), GOOD, limited=False)
    assert await scene.call() is GOOD
    assert scene.below.times == [0.0, 100.0]
    assert scene.recorder.of(Throttled) == [Throttled("acme", 100.0)]


@pytest.mark.parametrize("limited", [True, False])
@pytest.mark.parametrize("at", [None, SERVER_TIME, SERVER_TIME - 60])
async def test_a_refusal_without_a_usable_time_is_not_repeated_at_once(at: float | None, limited: bool) -> None:
    scene = Scene(refused(at), GOOD, limited=limited)
    assert await scene.call() is GOOD
    assert 0 < scene.below.times[1] <= 0.5


async def test_after_five_refusals_it_ends_and_says_until_when() -> None:
    scene = Scene(refused(SERVER_TIME + 10), limited=False)
    with pytest.raises(Unanswered) as caught:
        await scene.call()
    assert caught.value.cause is Cause.THROTTLED
    assert caught.value.until == datetime(2026, 1, 30, 13, 14, 32, tzinfo=UTC)
    assert scene.below.times == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]


async def test_failures_and_refusals_are_counted_apart() -> None:
    scene = Scene(BAD, refused(SERVER_TIME + 1), BAD, refused(SERVER_TIME + 1), BAD, GOOD)
    assert await scene.call() is GOOD


async def test_the_servers_advice_comes_before_the_back_off() -> None:
    advice = Result(Failed(), status=503, headers={"retry-after": "30"}, received_at=SERVER_TIME)
    scene = Scene(advice, GOOD)
    assert await scene.call() is GOOD
    assert scene.below.times == [0.0, 30.0]


async def test_a_server_that_asks_for_a_long_rest_gets_it() -> None:
    advice = Result(Failed(), status=503, headers={"retry-after": "3600"}, received_at=SERVER_TIME)
    scene = Scene(advice, GOOD)
    with pytest.raises(Unanswered) as caught:
        await scene.call()
    assert caught.value.until == datetime(2026, 1, 30, 14, 14, 22, tzinfo=UTC)
    assert len(scene.below.times) == 1


async def test_a_bad_hour_cannot_multiply_the_traffic() -> None:
    scene = Scene(BAD)
    for _ in range(200):
        with pytest.raises(Unanswered):
            await scene.call(within=60)
    assert 200 + 10 <= len(scene.below.times) <= 200 + 40  # a fifth of the calls, not three times as many


async def test_the_budget_belongs_to_the_run_and_refusals_are_not_counted() -> None:
    budget = Budget(calls=0, repeats=10)
    with pytest.raises(Unanswered):
        await Scene(BAD, budget=budget).call()
    assert await Scene(refused(SERVER_TIME + 1), GOOD, budget=budget).call() is GOOD
    assert (budget.calls, budget.repeats) == (2, 10)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        (DATE, 0.0),
        ("Fri, 30 Jan 2026 13:15:22 GMT", 60.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, SERVER_TIME) == seconds


@given(st.text())
def test_no_retry_after_raises(text: str) -> None:
    retry_after({"retry-after": text}, SERVER_TIME)
