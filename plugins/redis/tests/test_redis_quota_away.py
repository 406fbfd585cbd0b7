"""What must outlive Redis: a pause, and the end of a window in which requests were sent without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plugins.redis.tests.quota_office import Caller, Office, Process
from plugins.redis.tests.redis_kit import Server


@pytest.fixture
def office(server: Server) -> Iterator[Office]:
    office = Office(server)
    yield office
    office.close()


def ask(office: Office, process: Process) -> Caller:
    caller = office.ask_at(process)
    office.settle()
    return caller


def served(office: Office, caller: Caller, seconds: float = 60.0) -> float:
    """Wait until it has a permit. How long that took."""
    start = office.loop.now
    while not caller.task.done():
        assert office.loop.now < start + seconds, "nobody may go"
        office.settle(0.1)
    return office.loop.now - start


def answered(office: Office, caller: Caller, *, refused: bool = False, retry_after: float | None = None) -> None:
    assert office.send(caller), "the permit is void"
    office.arrive(caller, forced=refused)
    caller.retry_after = retry_after
    office.deliver(caller)
    office.settle()


def broken(office: Office, caller: Caller, *, arrives: bool) -> None:
    """It was sent, and no answer will come."""
    assert office.send(caller), "the permit is void"
    if arrives:
        office.arrive(caller)
        caller.reply = None
    office.deliver(caller)
    office.settle()


def leaves(office: Office, caller: Caller) -> None:
    assert not caller.task.done()
    caller.task.cancel()
    office.settle()


def refused(office: Office, retry_after: float | None) -> float:
    """Both processes have asked; then the first has a 429. When the pause is over."""
    for process in office.processes:
        answered(office, ask(office, process))
    answered(office, ask(office, office.processes[0]), refused=True, retry_after=retry_after)
    return office.server.ends if retry_after is None else office.loop.now + retry_after


def nobody_before(office: Office, end: float) -> None:
    """Whoever asks waits until then, and no longer than a window after it."""
    for process in office.processes:
        office.ask_at(process)
    office.settle()
    waiting = office.callers[-len(office.processes) :]
    while office.loop.now < end - 0.2:
        assert not any(caller.task.done() for caller in waiting), "somebody goes in the pause"
        office.settle(0.1)
    while not any(caller.task.done() for caller in waiting):
        assert office.loop.now < end + 2 * office.server.length, "the pause is over, and nobody may go"
        office.settle(0.1)
    assert min(caller.granted_at for caller in waiting) >= end - 1e-3, "somebody goes in the pause"


RETRY_AFTER = pytest.mark.parametrize("retry_after", [25.0, None])


@RETRY_AFTER
def test_a_pause_outlives_the_state(office: Office, retry_after: float | None) -> None:
    office.open(6, 10.0)
    end = refused(office, retry_after)
    office.forget_state()
    nobody_before(office, end)


@RETRY_AFTER
@pytest.mark.parametrize("asks", [0, 1])
def test_a_pause_is_known_to_who_has_not_asked_since(office: Office, retry_after: float | None, asks: int) -> None:
    office.open(6, 10.0)
    end = refused(office, retry_after)
    office.settle(1.0)
    office.forget_state()
    waiting = ask(office, office.processes[asks])
    while office.loop.now < end - 0.2:
        assert not waiting.task.done(), "somebody goes in the pause"
        office.settle(0.1)
    served(office, waiting)
    assert waiting.granted_at >= end - 1e-3


@RETRY_AFTER
def test_a_pause_holds_where_redis_is_lost(office: Office, retry_after: float | None) -> None:
    office.open(6, 10.0)
    end = refused(office, retry_after)
    for process in office.processes:
        process.wire.cut()
    nobody_before(office, end)


def test_a_pause_holds_where_redis_was_lost_before_it_heard(office: Office) -> None:
    office.open(6, 10.0)
    for process in office.processes:
        answered(office, ask(office, process))
    one = ask(office, office.processes[0])
    for process in office.processes:
        process.wire.cut()
    answered(office, one, refused=True, retry_after=25.0)
    end = office.loop.now + 25.0
    waiting = ask(office, office.processes[0])
    served(office, waiting)
    assert waiting.granted_at >= end - 1e-3, "somebody goes in the pause"


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_pause_of_without_redis_is_everybodys_when_it_is_back(office: Office, forgotten: bool) -> None:
    office.open(6, 10.0)
    for process in office.processes:
        answered(office, ask(office, process))
        process.wire.cut()
    alone = ask(office, office.processes[0])
    served(office, alone)
    answered(office, alone, refused=True, retry_after=25.0)
    end = office.loop.now + 25.0
    if forgotten:
        office.forget_state()
    for process in office.processes:
        process.wire.down = False
    office.settle(2.0)  # until then each knows of its own refusals only
    nobody_before(office, end)


def test_the_state_is_kept_as_long_as_its_pause(office: Office) -> None:
    office.open(6, 10.0)
    refused(office, 9000.0)
    assert office.hub.admin.ttl(office.state) >= 9000


@pytest.mark.parametrize("states", [True, False])
@pytest.mark.parametrize("forgotten", [False, True])
@pytest.mark.parametrize("arrives", [False, True])
def test_what_was_used_without_redis_leaves_the_window_an_end(
    office: Office, states: bool, forgotten: bool, arrives: bool
) -> None:
    """A permit that broke without Redis is used, and no answer says when its window ends."""
    office.open(1, 3.0, states=states, processes=1)
    (process,) = office.processes
    answered(office, ask(office, process))
    process.wire.cut()
    alone = ask(office, process)
    served(office, alone)
    broken(office, alone, arrives=arrives)
    if forgotten:
        office.forget_state()
    process.wire.down = False
    office.settle(1.0)
    back = office.loop.now
    waiting = ask(office, process)
    served(office, waiting, 5.0)
    assert arrives <= (waiting.granted_at >= office.server.ends), "before the window is over"
    answered(office, waiting)
    assert office.server.over == 0
    assert waiting.granted_at < back + 3.2, "a window has passed, and nobody may go"


def test_the_last_who_comes_back_says_when_the_window_ends(office: Office) -> None:
    """A server that says nothing: what each used without Redis was counted when the last of them came back."""
    office.open(2, 10.0, states=False)
    first, second = office.processes
    for process in office.processes:
        answered(office, ask(office, process))
    leaves(office, ask(office, first))  # it has seen that there are two
    for process in office.processes:
        process.wire.cut()
        leaves(office, ask(office, process))
    office.settle(11.0)
    alone = ask(office, first)
    answered(office, alone)
    office.settle(0.7)
    first.wire.down = False
    waiting = ask(office, first)
    office.settle(0.6)
    leaves(office, waiting)  # it is back, and nobody may go for a second
    office.settle(office.server.ends - office.loop.now)
    alone = ask(office, second)
    answered(office, alone)
    second.wire.down = False
    office.settle(0.6)
    for caller in [ask(office, process) for process in (second, first)]:
        served(office, caller)
        answered(office, caller)
    assert office.server.over == 0, "more than the server allows"


def test_what_was_heard_long_ago_without_redis_does_not_end_the_window_of_now(office: Office) -> None:
    office.open(2, 10.0, states=False, processes=1)
    (process,) = office.processes
    answered(office, ask(office, process))
    process.wire.cut()
    leaves(office, ask(office, process))
    for _ in range(2):
        office.settle(11.0)
        answered(office, ask(office, process))
    process.wire.down = False
    for caller in [ask(office, process) for _ in range(2)]:
        served(office, caller)
        answered(office, caller)
    assert office.server.over == 0, "more than the server allows"
