"""The simulated quota window: it begins with a call, ends when its reset says, and counts truly."""

from __future__ import annotations

from attrs import define
from hypothesis import given
from hypothesis import strategies as st
from leadgen_companies_house.simulator.window import FixedWindow

EPOCH = 1_769_778_862.0


@define
class Clocks:
    """A wall clock and a monotonic one that may drift from it."""

    wall: float = EPOCH
    instant: float = 50.0

    def window(self, limit: int = 3, length: float = 300.0, phase: float = 0.0) -> FixedWindow:
        return FixedWindow(limit, length, phase=phase, now=lambda: self.wall, monotonic=lambda: self.instant)

    def advance(self, seconds: float) -> None:
        self.wall += seconds
        self.instant += seconds


def test_the_first_call_opens_the_window_as_recorded() -> None:
    # 2026-04-21: the first call at 11:04:52 left 599, and the reset was 11:09:52 (companies-house.md §1.2).
    clocks = Clocks(wall=1_776_769_492.4)
    standing = clocks.window(limit=600).spend()

    assert (standing.remain, standing.reset, standing.over) == (599, 1_776_769_792, False)


def test_it_counts_down_and_then_refuses() -> None:
    clocks = Clocks()
    window = clocks.window()

    seen = []
    for _ in range(5):
        standing = window.spend()
        seen.append((standing.remain, standing.over, standing.reset))
        clocks.advance(10)
    reset = int(EPOCH) + 300
    assert seen == [(2, False, reset), (1, False, reset), (0, False, reset), (0, True, reset), (0, True, reset)]


def test_the_next_window_begins_with_the_first_call_after_the_reset_not_with_the_reset() -> None:
    clocks = Clocks()
    window = clocks.window()
    window.spend()
    clocks.advance(299)
    assert window.spend().remain == 1
    clocks.advance(1000)

    standing = window.spend()
    assert (standing.remain, standing.reset) == (2, int(EPOCH) + 1299 + 300)


def test_who_waits_for_the_reset_is_let_in_though_the_clocks_drift() -> None:
    for drift in (0.5, -0.5):
        clocks = Clocks()
        window = clocks.window(limit=1)
        reset = window.spend().reset
        assert window.spend().over
        clocks.instant += reset - clocks.wall + drift
        clocks.wall = reset
        assert not window.spend().over


def test_a_clock_that_stands_still_does_not_hold_the_window_open() -> None:
    clocks = Clocks()
    window = clocks.window(limit=1, length=2.0)
    window.spend()
    clocks.instant += 2.0
    assert not window.spend().over


def test_the_phase_shortens_the_first_window_only() -> None:
    clocks = Clocks()
    window = clocks.window(length=300.0, phase=290.0)
    assert window.spend().reset == int(EPOCH) + 10
    clocks.advance(10)
    assert window.spend().reset == int(EPOCH) + 310


def test_the_length_is_written_as_the_register_writes_it() -> None:
    labels = {length: Clocks().window(length=length).label for length in (300.0, 60.0, 2.0, 2.5, 0.2, 90.0)}
    assert labels == {300.0: "5m", 60.0: "1m", 2.0: "2s", 2.5: "3s", 0.2: "1s", 90.0: "90s"}


@given(
    length=st.floats(0.05, 400.0),
    phase=st.floats(0.0, 500.0),
    waits=st.lists(st.floats(0.0, 200.0), min_size=1, max_size=40),
    limit=st.integers(1, 5),
)
def test_no_window_is_longer_or_lets_more_through_than_it_says(
    length: float, phase: float, waits: list[float], limit: int
) -> None:
    clocks = Clocks()
    window = clocks.window(limit, length, phase)
    passed: dict[int, int] = {}
    for wait in waits:
        standing = window.spend()
        assert clocks.wall < standing.reset <= clocks.wall + max(length, 1.0)
        assert 0 <= standing.remain < limit
        if not standing.over:
            passed[standing.reset] = passed.get(standing.reset, 0) + 1
            assert standing.remain == limit - passed[standing.reset]
        else:
            assert passed[standing.reset] == limit
        clocks.advance(wait)
