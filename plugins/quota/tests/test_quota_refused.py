"""429: everybody waits, then one goes first."""

from __future__ import annotations

from leadgen_core import Meter
from plugins.quota.tests.quota_desk import DATE, Desk, said


async def test_refused_until_a_time_everybody_waits(desk: Desk) -> None:
    await desk.begin()
    await desk.ask(2)
    desk.permit(1).sent()
    desk.permit(1).refused(DATE + 30, [], DATE)
    await desk.answer(2, said(7))  # sent before, and no sign that the pause is over
    await desk.ask(3)
    await desk.clock.advance(29.9)
    assert desk.served() == [0, 1, 2]
    await desk.clock.advance(0.2)
    assert desk.served() == [0, 1, 2, 3], "one pilot after the pause"
    await desk.answer(3, said(6))
    assert desk.served() == [0, 1, 2, 3, 4, 5]


async def test_refused_until_the_reset_waits_for_the_safe_end_of_the_window(desk: Desk) -> None:
    await desk.ask(3)
    desk.permit(0).sent()
    desk.permit(0).refused(DATE + 100, said(0, 100), DATE)
    await desk.clock.advance(100.9)
    assert desk.served() == [0]
    await desk.clock.advance(0.3)
    assert desk.served() == [0, 1]


async def test_refused_without_a_time_waits_for_the_window(desk: Desk) -> None:
    await desk.begin()
    await desk.ask(2)
    desk.permit(1).sent()
    desk.permit(1).refused(None, [], DATE)
    await desk.ask(1)
    await desk.clock.advance(299.9)
    assert desk.served() == [0, 1, 2]
    await desk.clock.advance(0.3)
    assert desk.served() == [0, 1, 2, 3]


async def test_refused_without_any_knowledge_pauses_longer_and_longer(desk: Desk) -> None:
    pauses = []
    await desk.ask(9)
    for number in range(8):
        desk.permit(number).sent()
        desk.permit(number).refused(None, [], DATE)
        before = desk.clock.monotonic()
        while len(desk.served()) < number + 2:
            await desk.clock.advance(0.5)
        pauses.append(desk.clock.monotonic() - before)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_many_refusals_of_one_burst_are_one_pause(desk: Desk) -> None:
    meter = Meter("free", "key-1")
    await desk.ask(6, meter)
    assert len(desk.served()) == 6, "neither windows nor cap: no limit, no pilot"
    await desk.ask(1, meter)
    for number in range(5):
        desk.permit(number).sent()
        desk.permit(number).refused(None, [], DATE)
        await desk.clock.advance(0.1)
    await desk.ask(1, meter)
    await desk.clock.advance(0.51)
    assert desk.served() == [*range(7), 7]


async def test_a_wrong_clock_cannot_make_it_hammer(desk: Desk) -> None:
    """Without a Date our own clock stands for the server's; when it is wrong, every told time is in the past."""
    await desk.ask(3)
    desk.permit(0).sent()
    desk.permit(0).refused(DATE, said(0, 0), DATE + 1_000)
    await desk.clock.advance(0.6)
    assert desk.served() == [0, 1]
    desk.permit(1).sent()
    desk.permit(1).refused(DATE, said(0, 0), DATE + 1_000)
    await desk.clock.advance(1.9)
    assert desk.served() == [0, 1], "2 s after the second"
