"""Who goes first, what is kept for whom, and a pilot that hangs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from leadgen_quota import Config

from leadgen_core import Meter, Priority, UsageError, Window, Wish
from plugins.quota.tests.quota_desk import DATE, Desk, close, said

NOW = Wish("x", Priority.INTERACTIVE)
BULK = Wish("x")
REGISTER = Wish("register")
BIG = Meter("register", "key-1", (Window(100, 100.0),))


@pytest.fixture
async def shared() -> AsyncIterator[Desk]:
    desk = Desk(Config(reserve={"register": 0.2}))
    yield desk
    await close(desk)


async def test_interactive_passes_bulk_and_starves_nobody(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(4, wish=BULK)
    await desk.ask(12, wish=NOW)
    await desk.clock.advance(301)
    order = [number for number in desk.served() if number]
    for turn in range(1, 16):
        (newest,) = (number for number in desk.served() if number not in {0, *order[: turn - 1]})
        order = [*order[: turn - 1], newest]
        await desk.answer(newest, said(1, 600, limit=100), DATE + 301)
        if turn == 1:
            assert newest == 5, "the first interactive one"
    # After four in a row one in bulk.
    assert [number <= 4 for number in order] == [
        False, False, False, False, True, False, False, False, False, True, False, False, False, False, True,
    ]  # fmt: skip


async def test_an_interactive_waiter_that_leaves_holds_nobody_up(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(1, wish=BULK)
    await desk.ask(2, wish=NOW)
    desk.tasks[2].cancel()
    desk.tasks[3].cancel()
    await desk.clock.advance(301)
    assert desk.served() == [0, 1]


async def test_a_reserved_share_is_kept_for_its_plugin(shared: Desk) -> None:
    await shared.ask(1, BIG, BULK)
    await shared.answer(0, said(99, 100, limit=100, length=100.0))
    await shared.ask(120, BIG, BULK)
    assert len(shared.served()) == 80, "a fifth is kept"
    await shared.ask(30, BIG, REGISTER)
    assert len(shared.served()) == 100, "it is there when its plugin asks, and passes who waits"
    assert [number for number in shared.served() if number > 120] == list(range(121, 141))


async def test_what_a_plugin_does_not_want_is_released_in_the_course_of_the_window(shared: Desk) -> None:
    await shared.ask(1, BIG, BULK)
    await shared.answer(0, said(99, 100, limit=100, length=100.0))
    await shared.ask(150, BIG, BULK)
    assert len(shared.served()) == 80
    await shared.clock.advance(45.5)
    assert len(shared.served()) == 90, "half of nine tenths"
    await shared.clock.advance(45)
    assert len(shared.served()) == 100, "nothing is idle at the end"


async def test_a_place_given_back_is_its_plugins_again(shared: Desk) -> None:
    await shared.ask(1, BIG, REGISTER)
    await shared.answer(0, said(99, 100, limit=100, length=100.0))
    await shared.ask(19, BIG, REGISTER)
    await shared.ask(100, BIG, BULK)
    assert len(shared.served()) == 100
    shared.permit(5).give_back()
    await shared.clock.settle()
    assert len(shared.served()) == 100, "kept, not passed on to those who wait"
    await shared.ask(1, BIG, REGISTER)
    assert shared.served()[-1] == 120


async def test_a_pilot_that_hangs_is_followed_by_another() -> None:
    desk = Desk(Config())
    await desk.ask(5)
    desk.permit(0).sent()
    await desk.clock.advance(2.9)
    assert desk.served() == [0]
    await desk.clock.advance(0.2)
    assert desk.served() == [0, 1]
    desk.permit(1).sent()
    await desk.clock.advance(3.1)
    assert desk.served() == [0, 1, 2]
    await desk.answer(2, said(7))
    assert desk.served() == [0, 1, 2, 3, 4], "those that hang are taken for places"
    await close(desk)


@pytest.mark.parametrize("reserve", [{"a": 1.0}, {"a": 0.0}, {"a": 0.5, "b": 0.5}, {"a": -0.1}])
def test_shares_that_are_none_are_refused(reserve: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="shares lie between 0 and 1"):
        Config(reserve=reserve)


async def test_a_share_used_up_in_percent_is_followed(desk: Desk) -> None:
    """Facebook tells how many percent of an unknown number are used (social-apis.md §3.5), and they decay."""
    meter = Meter("facebook", "token")

    def used(percent: int, regain: float | None = None) -> list[Window]:
        return [Window(100, 3600.0, 100 - percent, None if regain is None else DATE + regain)]

    await desk.ask(1, meter)
    await desk.answer(0, used(97))
    await desk.ask(6, meter)
    assert len(desk.served()) == 1 + 3, "each request under way is taken for a percent"
    await desk.answer(1, used(97))
    assert len(desk.served()) == 5
    await desk.answer(2, used(100, 600))
    await desk.answer(3, used(100, 600))
    await desk.answer(4, used(100, 600))
    await desk.clock.advance(599)
    assert len(desk.served()) == 5, "stopped at 100"
    await desk.clock.advance(3)
    assert len(desk.served()) == 6
    await desk.answer(5, used(40))
    assert len(desk.served()) == 7


async def test_a_day_that_is_used_up_is_waited_for(desk: Desk) -> None:
    """LinkedIn says nothing but 429; its plugin states the day's end (social-apis.md §2.4)."""
    meter = Meter("linkedin", "app", (Window(3, 86_400.0),))
    await desk.ask(5, meter)
    for number in range(3):
        await desk.answer(number, [Window(3, 86_400.0, None, DATE + 5_000)])
    assert len(desk.served()) == 3
    await desk.clock.advance(5_002)
    assert len(desk.served()) == 4
