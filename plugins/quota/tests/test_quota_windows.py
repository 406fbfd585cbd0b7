"""Windows: what is left in them, when they end, and what answers say of them."""

from __future__ import annotations

from leadgen_core import Meter, Window
from plugins.quota.tests.quota_desk import DATE, METER, Desk, said


async def test_a_new_window_begins_with_one_again(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(12)
    await desk.clock.advance(299.99)
    assert desk.served() == [0]
    await desk.clock.advance(0.2)
    assert desk.served() == [0, 1]
    await desk.answer(1, said(9, 600), DATE + 300)
    assert desk.served() == list(range(11))


async def test_the_end_is_the_earlier_of_two_that_cannot_be_too_early(desk: Desk) -> None:
    # The window was opened by somebody else: 100 s are left, give or take what truncation hides.
    await desk.begin(remaining=0, resets_in=100)
    await desk.ask(1)
    await desk.clock.advance(100.99)
    assert desk.served() == [0]
    await desk.clock.advance(0.2)
    assert desk.served() == [0, 1]


async def test_answers_that_overtake_each_other_do_not_open_places(desk: Desk) -> None:
    await desk.begin(remaining=4)
    await desk.ask(6)
    assert desk.served() == [0, 1, 2, 3, 4]
    for number in range(1, 5):
        desk.permit(number).sent()
    await desk.answer(4, said(0))
    await desk.answer(1, said(3))
    assert desk.served() == [0, 1, 2, 3, 4]


async def test_an_answer_of_the_window_before_says_nothing_of_this_one(desk: Desk) -> None:
    await desk.begin(remaining=9)
    await desk.ask(9)  # on their way when the window ends
    for number in range(1, 9):
        desk.permit(number).sent()
    await desk.clock.advance(50)
    for number in range(1, 8):
        await desk.answer(number, said(9 - number))
    desk.permit(9).sent()
    await desk.clock.advance(250.1)
    await desk.ask(4)
    assert desk.served() == [*range(10), 10], "one pilot"
    await desk.answer(8, said(1), DATE + 299)
    assert desk.served() == [*range(10), 10], "still one"
    await desk.answer(10, said(7, 600), DATE + 300)
    assert desk.served() == [*range(10), 10, 11, 12, 13]


async def test_a_permit_from_before_is_counted_in_the_new_window(desk: Desk) -> None:
    """Without a word from the server, and with a cap: it may be sent now, and it was perhaps counted before."""
    silent, capped = Meter("silent", "key-1", (Window(2, 10.0),)), Meter("capped", "key-1", (Window(9, 10.0),), cap=2)
    for meter in (silent, capped):
        start = len(desk.tasks)
        now = DATE + desk.clock.monotonic()
        told = meter is capped
        await desk.ask(2, meter)
        await desk.answer(start, [Window(9, 10.0, 8, now + 10)] if told else [], now)
        await desk.clock.advance(11.1)
        await desk.ask(2, meter)
        await desk.answer(start + 2, [Window(9, 10.0, 8, now + 21)] if told else [], now + 11)
        assert desk.served()[start:] == [start, start + 1, start + 2], "one held back, one answered"
    desk.permit(start + 1).sent()
    desk.permit(start + 1).answered([Window(9, 10.0, 7, now + 10)], now + 11)
    await desk.clock.settle()
    assert desk.served()[start:] == [start, start + 1, start + 2, start + 3], "it was counted in the window before"


async def test_a_pilot_under_way_does_not_hold_up_the_next_window(desk: Desk) -> None:
    def told(remaining: int, resets_in: float) -> list[Window]:
        return said(remaining, resets_in, length=10.0)

    meter = Meter("register", "key-1", (Window(10, 10.0),))
    await desk.ask(2, meter)
    await desk.answer(0, told(9, 10))
    desk.permit(1).sent()
    await desk.clock.advance(10.2)
    await desk.ask(1, meter)
    desk.permit(2).sent()  # the pilot, which stays away
    await desk.answer(1, told(9, 20), DATE + 10)  # came too late for the first window and opened the second
    await desk.clock.advance(10.2)
    await desk.ask(2, meter)
    assert desk.served() == [0, 1, 2, 3]


async def test_an_old_answer_does_not_raise_a_limit_that_fell(desk: Desk) -> None:
    await desk.begin(remaining=9)
    await desk.ask(4)
    for number in range(1, 5):
        desk.permit(number).sent()
    await desk.answer(2, said(0, limit=3))
    await desk.answer(1, said(8))
    await desk.ask(1)
    assert desk.served() == [0, 1, 2, 3, 4]


async def test_a_window_that_is_longer_than_it_says_is_learnt(desk: Desk) -> None:
    await desk.begin(remaining=0, resets_in=301)
    await desk.ask(4)
    await desk.clock.advance(300.1)
    assert desk.served() == [0, 1]
    desk.permit(1).sent()
    desk.permit(1).refused(DATE + 301, said(0, 301), DATE + 300)  # the server is not through with it
    await desk.clock.advance(2.1)
    assert desk.served() == [0, 1, 2]
    await desk.answer(2, said(0, 602), DATE + 301)
    await desk.clock.advance(300.6)
    assert desk.served() == [0, 1, 2], "its word now counts more than our clock"
    await desk.clock.advance(0.3)
    assert desk.served() == [0, 1, 2, 3]


async def test_a_window_that_the_server_no_longer_states_is_dropped(desk: Desk) -> None:
    await desk.begin(remaining=1)
    await desk.ask(60)
    minute = [Window(20, 60.0, 19, DATE + 60)]
    await desk.answer(1, minute)
    await desk.clock.advance(301)
    turn = [Window(20, 60.0, 19, DATE + 360)]
    await desk.answer(2, turn, DATE + 301)
    assert len(desk.served()) == 3 + 19


async def test_an_answer_after_more_than_a_minute_is_not_taken_off_twice(desk: Desk) -> None:
    meter = Meter("capped", "key-1", (Window(9, 100.0),), cap=1)
    await desk.ask(4, meter)
    await desk.answer(0, said(8, 100, length=100.0))
    await desk.clock.advance(101.1)
    desk.permit(1).sent()
    await desk.clock.advance(161)  # taken for lost, and its window is over too
    assert desk.served() == [0, 1, 2]
    await desk.answer(2, said(8, 362, length=100.0), DATE + 262)
    desk.permit(1).answered(said(8, 201, length=100.0), DATE + 262)
    await desk.clock.settle()
    assert desk.served() == [0, 1, 2]


async def test_an_answer_that_shows_the_next_window_opens_it_at_once(desk: Desk) -> None:
    await desk.begin(remaining=2, resets_in=100)
    await desk.ask(4)
    assert desk.served() == [0, 1, 2]
    await desk.clock.advance(100.5)  # the server's reset is past, our safe bound of it is not
    await desk.answer(1, said(8, 400), DATE + 100)
    assert desk.served() == [0, 1, 2, 3, 4]


async def test_a_window_stated_by_an_unlimited_meter_limits_it(desk: Desk) -> None:
    meter = Meter("free", "key-1")
    await desk.ask(3, meter)
    await desk.answer(0, said(3))
    await desk.ask(3, meter)
    assert len(desk.served()) == 4


async def test_a_cap_without_windows_waits_for_the_first_answer(desk: Desk) -> None:
    meter = Meter("free", "key-1", cap=2)
    await desk.ask(3, meter)
    assert desk.served() == [0]
    await desk.answer(0, said(9))
    assert desk.served() == [0, 1]


async def test_all_windows_of_a_meter_must_allow(desk: Desk) -> None:
    meter = Meter("both", "key-1", (Window(5, 60.0), Window(7, 86_400.0)))
    await desk.ask(12, meter)
    await desk.answer(0, [Window(5, 60.0, 4, DATE + 60), Window(7, 86_400.0, 6, DATE + 40_000)])
    assert len(desk.served()) == 5
    for number in range(1, 5):
        await desk.answer(
            number, [Window(5, 60.0, 4 - number, DATE + 60), Window(7, 86_400.0, 6 - number, DATE + 40_000)]
        )
    await desk.clock.advance(61)
    assert len(desk.served()) == 6
    await desk.answer(5, [Window(5, 60.0, 4, DATE + 121), Window(7, 86_400.0, 1, DATE + 40_000)], DATE + 61)
    assert len(desk.served()) == 7
    await desk.answer(6, [Window(5, 60.0, 3, DATE + 121), Window(7, 86_400.0, 0, DATE + 40_000)], DATE + 61)
    await desk.clock.advance(39_900)
    assert len(desk.served()) == 7
    await desk.clock.advance(50)
    assert len(desk.served()) == 8


async def test_an_error_page_without_headers_does_not_open_the_gates(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(9)
    await desk.clock.advance(301)
    await desk.answer(1, [], DATE + 301)
    assert desk.served() == [0, 1, 2], "one after the other until an answer tells"
    await desk.answer(2, said(7, 601), DATE + 301)
    assert desk.served() == list(range(10))


async def test_a_server_that_stops_stating_is_met_by_the_rule(desk: Desk) -> None:
    await desk.begin(remaining=0)
    await desk.ask(20)
    await desk.clock.advance(301)
    for number in (1, 2, 3):
        await desk.answer(number, [], DATE + 301)
    assert len(desk.served()) == 1 + 10


async def test_status_says_what_is_known(desk: Desk) -> None:
    assert desk.limiter.status(METER) is None
    await desk.ask()
    assert desk.limiter.status(METER) is None
    await desk.answer(0, said(7))
    assert desk.limiter.status(METER) == Window(10, 300.0, 7, DATE + 300)
    await desk.ask(2)
    assert desk.limiter.status(METER) == Window(10, 300.0, 5, DATE + 300)
    await desk.clock.advance(301)
    assert desk.limiter.status(METER) == Window(10, 300.0)
    capped = Meter("register", "key-2", METER.windows, cap=4)
    await desk.ask(1, capped)
    await desk.answer(3, said(9))
    assert desk.limiter.status(capped) == Window(4, 300.0, 3, DATE + 300)
