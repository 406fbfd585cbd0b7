"""Permits and waiters: who may go when, and what each end of a permit does."""

from __future__ import annotations

import subprocess
import sys

import pytest
from leadgen_quota import PLUGIN, leadgen_rate_limiters
from leadgen_quota.limiter import ProcessLimiter

from leadgen_core import Meter
from plugins.quota.tests.quota_desk import DATE, METER, Desk, said


async def test_one_goes_first_and_its_answer_lets_the_others_go(desk: Desk) -> None:
    await desk.ask(20)
    assert desk.served() == [0]
    await desk.clock.advance(59)
    assert desk.served() == [0]
    await desk.answer(0, said(7))
    assert desk.served() == [0, 1, 2, 3, 4, 5, 6, 7]


async def test_a_free_place_is_had_without_waiting(desk: Desk) -> None:
    await desk.begin()
    coroutine = desk.limiter.acquire(METER)
    with pytest.raises(StopIteration):
        coroutine.send(None)


async def test_a_pilot_that_is_given_back_is_followed_by_the_next(desk: Desk) -> None:
    await desk.ask(3)
    desk.permit(0).give_back()
    await desk.clock.settle()
    assert desk.served() == [0, 1]
    desk.permit(1).sent()
    desk.permit(1).give_back()
    await desk.clock.settle()
    assert desk.served() == [0, 1, 2]


async def test_a_request_that_got_no_answer_counts_as_spent(desk: Desk) -> None:
    await desk.begin(remaining=2)
    await desk.ask(3)
    assert desk.served() == [0, 1, 2]
    desk.permit(1).sent()
    desk.permit(1).give_back()  # ended without an answer
    await desk.clock.settle()
    assert desk.served() == [0, 1, 2]
    # An answer to a request sent later tells that the server never counted it.
    await desk.answer(2, said(1))
    assert desk.served() == [0, 1, 2, 3]


async def test_a_permit_that_is_given_back_frees_its_place_at_once(desk: Desk) -> None:
    await desk.begin(remaining=1)
    await desk.ask(2)
    assert desk.served() == [0, 1]
    desk.permit(1).give_back()
    await desk.clock.settle()
    assert desk.served() == [0, 1, 2]
    desk.permit(1).give_back()
    desk.permit(1).sent()
    desk.permit(1).answered(said(5), DATE)
    desk.permit(1).refused(None, [], DATE)
    await desk.ask()
    assert desk.served() == [0, 1, 2], "only the first end counts"


async def test_a_permit_that_nobody_ends_blocks_for_a_minute_only(desk: Desk) -> None:
    await desk.ask(2)
    desk.permit(0).sent()
    await desk.clock.advance(59.9)
    assert desk.served() == [0]
    await desk.clock.advance(0.2)
    assert desk.served() == [0, 1]
    await desk.ask(5)
    await desk.answer(0, said(7))
    assert desk.served() == [0, 1, 2, 3, 4, 5, 6], "an answer that comes later still tells"


async def test_a_pilot_that_is_never_sent_is_not_waited_for_and_keeps_its_place(desk: Desk) -> None:
    await desk.ask(3)
    await desk.clock.advance(61)
    assert desk.served() == [0, 1]
    await desk.answer(1, said(1))
    assert desk.served() == [0, 1], "the place that is left is the first one's"
    await desk.answer(0, said(0))
    assert desk.served() == [0, 1]


async def test_waiters_are_served_in_order_and_leave_without_trace(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(5)
    desk.tasks[1].cancel()
    desk.tasks[3].cancel()
    await desk.clock.settle()
    assert desk.served() == [0]
    await desk.clock.advance(301)
    assert desk.served() == [0, 2]
    await desk.answer(2, said(1, 600), DATE + 301)
    assert desk.served() == [0, 2, 4]


async def test_nobody_waits_no_timer_runs(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(2)
    assert desk.clock.sleeping == 1
    for task in desk.tasks[1:]:
        task.cancel()
    await desk.clock.settle()
    assert desk.clock.sleeping == 0


async def test_a_waiter_cancelled_in_the_moment_of_its_turn_passes_it_on(desk: Desk) -> None:
    await desk.begin(remaining=1)
    await desk.ask(3)
    desk.permit(1).give_back()  # hands the place to the second ...
    desk.tasks[2].cancel()  # ... who is cancelled before it runs
    await desk.clock.settle()
    assert desk.tasks[2].cancelled()
    assert desk.served() == [0, 1, 3]
    await desk.ask(2)
    desk.tasks[4].cancel()
    desk.permit(3).give_back()  # would be the turn of one who has just left
    await desk.clock.settle()
    assert desk.served() == [0, 1, 3, 5]


async def test_meters_are_apart(desk: Desk) -> None:
    await desk.ask(2)
    await desk.ask(2, Meter("register", "key-2", METER.windows))
    assert desk.served() == [0, 2]


async def test_a_cap_below_one_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="cap of register"):
        await desk.limiter.acquire(Meter("register", "key-3", METER.windows, cap=0))


async def test_closing_ends_who_waits(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(1)
    await desk.limiter.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await desk.tasks[1]
    desk.tasks.clear()


def test_the_offer_is_cheap() -> None:
    (spec,) = leadgen_rate_limiters()
    assert (spec.name, spec.shared, spec.auto) == ("quota", False, True)
    assert isinstance(ProcessLimiter(PLUGIN.config()), ProcessLimiter)
    code = (
        "import sys, leadgen_quota; list(leadgen_quota.leadgen_rate_limiters());"
        "sys.exit(any(name in sys.modules for name in ('leadgen_quota.limiter', 'aiohttp', 'cattrs')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
