"""Quota: each request has one permit with one ending, and no waiting holds what others need.

Who waits for whom, on a stage below that waits when told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from leadgen_core.contracts.api import Exhausted, Failed, Request, RetryAt
from leadgen_core.contracts.protocols import Meter, Priority, Wish
from leadgen_core.events import Throttled
from leadgen_core.gateway.exchange import OK, Call, Result
from leadgen_core.model.answers import Cause, Unanswered
from tests.gateway.gateway_kit import (
    ACME,
    SERVER_TIME,
    FakeLimiter,
    FakePermit,
    make_spec,
)
from tests.gateway.quota_kit import CALL, Scene, Wire

# --- who waits for whom -----------------------------------------------------------------------------------


async def test_no_more_requests_are_open_than_allowed_whoever_asks() -> None:
    scene = Scene(concurrency=3)
    scene.wire.gate.clear()
    other = scene.make(make_spec(name="other"), FakeLimiter())
    tasks = [scene.ask(quota) for quota in (scene.quota, other) for _ in range(5)]
    await scene.clock.settle()
    assert scene.wire.open == 3
    scene.wire.gate.set()
    await asyncio.gather(*tasks)
    assert (scene.wire.most, scene.wire.calls) == (3, 10)


async def test_who_waits_for_quota_holds_no_slot() -> None:
    scene = Scene(concurrency=3)
    scene.limiter.gate.clear()
    waiting = [scene.ask() for _ in range(10)]
    await scene.clock.settle()
    other_wire = Wire()
    other = scene.make(make_spec(name="other"), FakeLimiter(), other_wire)
    await asyncio.gather(*(scene.ask(other) for _ in range(5)))
    assert (other_wire.calls, scene.wire.calls) == (5, 0)
    assert not any(task.done() for task in waiting)
    scene.limiter.gate.set()
    await asyncio.gather(*waiting)


async def test_a_permit_is_only_taken_by_one_who_can_soon_send() -> None:
    scene = Scene(concurrency=3)
    scene.wire.gate.clear()
    tasks = [scene.ask() for _ in range(10)]
    await scene.clock.settle()
    assert len(scene.limiter.permits) == 3  # one for each slot; seven wait at the door and hold nothing
    scene.wire.gate.set()
    await asyncio.gather(*tasks)
    assert len(scene.limiter.permits) == 10


async def test_who_is_waited_for_passes_those_at_the_door() -> None:
    scene = Scene(concurrency=1)
    scene.limiter.gate.clear()
    bulk = [scene.ask() for _ in range(3)]
    await scene.clock.settle()
    urgent = Call.of(ACME, "item", Request("/items/1"), Wish("doctor", Priority.INTERACTIVE))
    asking = asyncio.create_task(scene.quota.attempt(urgent))
    await scene.clock.settle()
    assert scene.limiter.wishes == [Wish(), urgent.wish]
    scene.limiter.gate.set()
    await asyncio.gather(asking, *bulk)
    assert scene.wire.most == 1


async def test_waiting_is_an_event_when_it_can_be_noticed() -> None:
    scene = Scene()
    await scene.ask()
    scene.limiter.gate.clear()
    task = scene.ask()
    await scene.clock.advance(0.04)
    scene.limiter.gate.set()
    await task
    assert scene.recorder.of(Throttled) == []
    scene.limiter.gate.clear()
    task = scene.ask()
    await scene.clock.advance(12)
    scene.limiter.gate.set()
    await task
    assert scene.recorder.of(Throttled) == [Throttled("acme", 12.0)]


async def test_without_a_limiter_there_is_nothing_to_wait_for() -> None:
    scene = Scene()
    result = await scene.ask(scene.make(ACME, None))
    assert result.meaning is OK


# --- one ending for each permit ---------------------------------------------------------------------------


async def test_cancelled_before_it_is_sent_the_permit_comes_back() -> None:
    scene = Scene(concurrency=1)
    scene.wire.gate.clear()
    task = scene.ask()
    await scene.clock.settle()
    task.cancel()
    await scene.clock.settle()
    assert scene.limiter.ends == [["give_back"]]
    scene.wire.gate.set()
    await scene.ask()  # and so do door and slot
    assert scene.limiter.ends[1] == ["sent", "answered"]


async def test_a_waiter_for_a_slot_that_is_cancelled_gives_its_permit_back() -> None:
    scene = Scene(concurrency=1)
    assert scene.slots.try_enter()
    task = scene.ask()
    await scene.clock.settle()
    assert len(scene.limiter.permits) == 1
    task.cancel()
    await scene.clock.settle()
    assert scene.limiter.ends == [["give_back"]]


async def test_a_request_that_could_not_be_sent_gives_its_permit_back() -> None:
    scene = Scene()
    scene.wire.sends = False
    scene.wire.results = [Result(Failed("no connection"))]
    await scene.ask()
    assert scene.limiter.ends == [["give_back"]]


async def test_a_request_without_an_answer_ends_its_permit_although_it_was_sent() -> None:
    scene = Scene()
    scene.wire.results = [Result(Failed("the connection broke"))]
    await scene.ask()
    assert scene.limiter.ends == [["sent", "give_back"]]


async def test_a_refusal_tells_the_limiter_when_to_ask_again() -> None:
    scene = Scene()
    scene.wire.results = [Result(RetryAt(SERVER_TIME + 60), status=429, received_at=SERVER_TIME)]
    await scene.ask()
    assert scene.limiter.permits[0].calls == ["sent", ("refused", SERVER_TIME + 60, SERVER_TIME)]


async def test_what_the_server_says_of_the_quota_is_passed_on() -> None:
    scene = Scene()
    headers: Mapping[str, str] = {"x-remaining": "597"}
    scene.wire.results = [Result(OK, {}, status=200, headers=headers, received_at=SERVER_TIME)]
    result = await scene.ask()
    assert scene.limiter.permits[0].calls == ["sent", ("answered", [597], SERVER_TIME)]
    assert result.windows[0].remaining == 597


async def test_quota_headers_that_are_none_say_nothing() -> None:
    scene = Scene()
    scene.wire.results = [Result(OK, {}, status=200, headers={"x-remaining": "many"}, received_at=SERVER_TIME)]
    await scene.ask()
    assert scene.limiter.permits[0].calls == ["sent", ("answered", [], SERVER_TIME)]


async def test_each_redirect_has_a_permit_of_its_own_and_another_host_needs_none() -> None:
    scene = Scene()

    def redirect(location: str) -> Result:
        return Result(OK, status=302, location=location, received_at=SERVER_TIME)

    last = Result(OK, {}, status=200, headers={"x-remaining": "1"}, received_at=SERVER_TIME)
    scene.wire.results = [redirect("/b"), redirect("https://files.example/c"), last]
    assert await scene.ask() is last
    assert scene.wire.urls == [
        ("https://acme.example/items/1", True),
        ("https://acme.example/b", True),
        ("https://files.example/c", False),
    ]
    assert scene.limiter.ends == [["sent", "answered"]] * 2
    assert last.url == "https://acme.example/b"  # not the other host's, which may be signed
    assert last.windows == ()  # another host's headers say nothing of this API's quota


@pytest.mark.parametrize("location", ["https://evil.example/", "/loop"])
async def test_a_redirect_elsewhere_or_without_end_is_malformed(location: str) -> None:
    scene = Scene()
    scene.wire.results = [Result(OK, status=302, location=location, received_at=SERVER_TIME)]
    result = await scene.ask()
    assert type(result.meaning).__name__ == "Malformed"
    assert scene.wire.calls == (1 if "evil" in location else 4)


async def test_a_path_that_is_none_costs_no_permit() -> None:
    scene = Scene()
    with pytest.raises(Unanswered):
        await scene.quota.attempt(Call.of(ACME, "item", Request("https://evil.example/")))
    assert scene.limiter.permits == []


# --- used up for good -------------------------------------------------------------------------------------


@pytest.mark.parametrize("meaning", [Exhausted(SERVER_TIME + 7200), RetryAt(SERVER_TIME + 7200)])
async def test_a_used_up_day_is_remembered_and_nobody_is_left_waiting(meaning: Exhausted | RetryAt) -> None:
    scene = Scene()
    scene.wire.gate.clear()
    scene.wire.results = [
        Result(meaning, status=429, received_at=SERVER_TIME),
        Result(OK, {}, status=200, received_at=SERVER_TIME),
    ]
    first = scene.ask()
    await scene.clock.settle()
    scene.limiter.gate.clear()
    waiting = [scene.ask() for _ in range(30)]
    await scene.clock.settle()
    assert scene.limiter.waiting == 19
    scene.wire.gate.set()
    assert isinstance((await first).meaning, Exhausted)
    for error in await asyncio.gather(*waiting, return_exceptions=True):
        assert isinstance(error, Unanswered)
        assert error.cause is Cause.THROTTLED
        assert error.until is not None
        assert error.until.timestamp() == SERVER_TIME + 7200
    assert scene.limiter.waiting == 0
    assert scene.limiter.permits[0].calls == ["sent", ("refused", SERVER_TIME + 7200, SERVER_TIME)]
    scene.limiter.gate.set()
    await scene.clock.advance(7199)
    with pytest.raises(Unanswered):
        await scene.ask()
    assert scene.wire.calls == 1
    await scene.clock.advance(1)
    assert (await scene.ask()).meaning is OK


async def test_who_just_got_a_permit_when_the_day_ended_gives_it_back() -> None:
    scene = Scene()

    class Late(FakeLimiter):
        async def acquire(self, meter: Meter, wish: object = None) -> FakePermit:
            permit = await super().acquire(meter)
            quota._exhaust(SERVER_TIME + 7200, SERVER_TIME)
            return permit

    late = Late()
    quota = scene.make(ACME, late)
    with pytest.raises(Unanswered, match="used up"):
        await quota.attempt(CALL)
    assert late.ends == [["give_back"]]
    assert scene.wire.calls == 0


async def test_waiters_sent_home_for_a_day_that_is_over_already_ask_again() -> None:
    scene = Scene()
    scene.limiter.gate.clear()
    task = scene.ask()
    await scene.clock.settle()
    scene.quota._exhaust(SERVER_TIME - 1, SERVER_TIME)
    await scene.clock.settle()
    assert scene.limiter.waiting == 1
    scene.limiter.gate.set()
    assert (await task).meaning is OK


@pytest.mark.parametrize("answered", [False, True])
async def test_an_api_that_only_refuses_ends_the_run_and_not_the_week(answered: bool) -> None:
    """Five refusals over ten minutes without one answer between them: the quota counts as used up for this run."""
    scene = Scene()
    refused = Result(RetryAt(None), status=429, received_at=SERVER_TIME)
    for place in range(6):
        scene.wire.results = [refused]
        if answered and place == 3:
            scene.wire.results = [Result(OK, {}, status=200, received_at=SERVER_TIME)]
        result = await scene.ask()
        await scene.clock.advance(121.0)
    assert isinstance(result.meaning, RetryAt if answered else Exhausted)
    assert (scene.quota.dead is None) is answered


# --- a limiter that fails ---------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["fails_to_acquire", "fails_afterwards", "fails to give back"])
async def test_a_limiter_that_fails_ends_all_further_calls_to_that_api(when: str) -> None:
    scene = Scene()
    scene.limiter.fails_to_acquire = when == "fails_to_acquire"
    scene.limiter.fails_afterwards = when != "fails_to_acquire"
    scene.wire.sends = when != "fails to give back"
    if when != "fails_to_acquire":
        assert (await scene.ask()).meaning is OK  # it was sent and answered: the answer is good
    calls = scene.wire.calls
    for _ in range(2):
        with pytest.raises(Unanswered) as caught:
            await scene.ask()
        assert caught.value.cause is Cause.PLUGIN_ERROR
        assert "RuntimeError" in caught.value.because
        assert "text that may hold" not in caught.value.because
    assert scene.wire.calls == calls
