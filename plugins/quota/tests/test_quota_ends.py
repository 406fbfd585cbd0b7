"""Ends that come late or twice, and what is kept before anything is known."""

from __future__ import annotations

import asyncio

import pytest
from leadgen_quota import Config

from leadgen_core import Meter, Window, Wish
from plugins.quota.tests.quota_desk import DATE, Desk, close, said

CAPPED = Meter("register", "key-1", (Window(10, 300.0),), 3)
SMALL = Meter("register", "key-1", (Window(5, 100.0),))


async def test_what_was_given_up_as_lost_gives_no_place_back(desk: Desk) -> None:
    await desk.ask(1, CAPPED)
    await desk.answer(0, said(9))
    await desk.ask(3, CAPPED)
    assert desk.served() == [0, 1, 2]
    desk.permit(1).sent()
    await desk.clock.advance(61)
    await desk.ask(1, CAPPED)  # who asks now finds that the other has been out for too long
    desk.permit(1).give_back()
    await desk.clock.settle()
    assert desk.served() == [0, 1, 2]


async def test_a_refusal_after_the_answer_pauses_nobody(desk: Desk) -> None:
    await desk.begin(remaining=5)
    desk.permit(0).refused(DATE + 100, [], DATE)
    await desk.ask()
    assert desk.served() == [0, 1]


async def test_the_limiter_closes_while_somebody_leaves(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(2)
    desk.tasks[1].cancel()
    await desk.limiter.aclose()
    with pytest.raises(asyncio.CancelledError):
        await desk.tasks[1]
    with pytest.raises(RuntimeError, match="the rate limiter is closed"):
        await desk.tasks[2]


async def test_a_share_is_kept_while_the_end_of_the_window_is_not_known() -> None:
    desk = Desk(Config(reserve={"register": 0.2}))
    await desk.ask(6, SMALL, Wish("x"))
    for _ in range(6):
        await desk.clock.advance(3.1)  # nobody hears of the pilot, so another goes
    assert desk.served() == [0, 1, 2, 3]
    await desk.ask(1, SMALL, Wish("register"))
    assert desk.served() == [0, 1, 2, 3, 6]
    await close(desk)


async def test_refusals_of_one_moment_are_one_warning(desk: Desk) -> None:
    await desk.begin()
    await desk.ask(2)
    for place in (1, 2):
        desk.permit(place).sent()
        desk.permit(place).refused(DATE + 1, [], DATE)
    await desk.ask(2)
    await desk.clock.advance(1.1)
    assert desk.served() == [0, 1, 2, 3]
    desk.permit(3).sent()
    desk.permit(3).refused(DATE + 2, [], DATE + 1)
    await desk.clock.advance(1.9)
    assert desk.served() == [0, 1, 2, 3], "the second warning: two seconds"
    await desk.clock.advance(0.2)
    assert desk.served() == [0, 1, 2, 3, 4]


async def test_a_sooner_word_does_not_shorten_a_pause(desk: Desk) -> None:
    await desk.begin()
    await desk.ask(2)
    for place, seconds in ((1, 30), (2, 5)):
        desk.permit(place).sent()
        desk.permit(place).refused(DATE + seconds, [], DATE)
    await desk.ask()
    await desk.clock.advance(29.9)
    assert desk.served() == [0, 1, 2]
    await desk.clock.advance(0.2)
    assert desk.served() == [0, 1, 2, 3]


async def test_more_left_than_the_limit_is_the_limit(desk: Desk) -> None:
    await desk.begin(remaining=15)
    await desk.ask(20)
    assert len(desk.served()) == 11
