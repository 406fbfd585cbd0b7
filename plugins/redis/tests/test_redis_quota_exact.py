"""The shared quota where no process loses Redis for long: who may go is known exactly, and so is when a pause is over.

The faults of ``test_redis_quota_model`` make it impossible to say more there than what must not happen.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from leadgen_core import Priority
from plugins.redis.tests.quota_ledger import Ledger
from plugins.redis.tests.quota_office import PACE, Caller, Office, Process
from plugins.redis.tests.redis_kit import Server

CHANCE = st.integers(0, 30)
FAULT = st.sampled_from(["", "", "", "before", "after"])
"""What happens to the call that reports it: nothing, or its connection breaks before or after it has run."""
SLACK = 0.05


def some_out(machine: Any) -> bool:
    return any(caller.out for caller in machine.callers)


class Exact(Office, RuleBasedStateMachine):
    """See the module."""

    @initialize(
        limit=st.integers(1, 6),
        length=st.sampled_from([10.0, 30.0]),
        offset=st.sampled_from([0.0, 90.3, -3600.0]),
        turns=st.integers(1, 3),
        processes=st.integers(1, 3),
    )
    def begin(self, limit: int, length: float, offset: float, turns: int, processes: int) -> None:
        self.ledger = Ledger(limit)
        self.granted = 0
        self.numbers: dict[Caller, int] = {}
        self.ahead: dict[Caller, bool | None] = {}
        """Whether it went ahead alone; None: perhaps."""
        self.quiet_until = 0.0
        """Until then nobody needs to go: all come back to a new state first, and a full window is waited for."""
        self.snatch = False
        """Those of a process who wait when it is next granted something leave in that moment."""
        self.open(limit, length, offset=offset, turns=turns, processes=processes)
        self.come_and_go()

    def come_and_go(self) -> None:
        """So that every process knows the state, and is known to it."""
        for process in self.processes:
            caller = self.ask_at(process, Priority.BULK)
            self.settle()
            if caller.out:
                caller.ended = True
                self.inside(caller.task.result().give_back)
            caller.task.cancel()
        self.settle()

    def on_grant(self, caller: Caller) -> None:
        super().on_grant(caller)
        self.granted += 1
        self.numbers[caller] = self.granted
        self.ahead[caller] = self.ledger.alone(self.loop.now)
        if self.loop.now < self.ledger.paused_until[0] - 1e-3:
            self.broken.append("somebody goes in the pause")

    def observe(self, ask: Any, reply: Any) -> None:
        super().observe(ask, reply)
        grants = reply.get("grants", [])
        if self.hub.unheard:
            self.ledger.lose(self.loop.now, len(grants))
        elif grants and self.snatch:
            self.snatch = False
            for caller in self.callers:
                gauge = caller.process.limiter._gauges[self.meter]
                if gauge._pid == ask["pid"] and not caller.task.done():
                    self.loop.call_soon(caller.task.cancel)

    def sync(self, process: Process) -> None:
        """It has heard the last word of the state, so it is known which losses an answer to what it sends covers."""
        self.inside(process.limiter._gauges[self.meter]._kick)
        self.settle()

    # --- rules ----------------------------------------------------------------------------------------------

    @rule(chance=CHANCE, count=st.integers(1, 4), priority=st.sampled_from(Priority))
    def ask(self, chance: int, count: int, priority: Priority) -> None:
        for _ in range(count):
            self.ask_at(self.processes[chance % len(self.processes)], priority)
        self.settle()

    @precondition(lambda self: any(not caller.task.done() for caller in self.callers))
    @rule(chance=CHANCE)
    def leave(self, chance: int) -> None:
        caller = self.pick(chance, lambda caller: not caller.task.done())
        assert caller
        caller.task.cancel()
        self.settle()

    @precondition(lambda self: len(self.processes) > 1 and some_out(self))
    @rule(chance=CHANCE)
    def urgent_leaves(self, chance: int) -> None:
        """Somebody urgent leaves, and then a place comes free: it is not kept for who has left."""
        held = self.pick(chance, lambda caller: caller.out)
        assert held
        other = next(process for process in self.processes if process is not held.process)
        self.ask_at(held.process, Priority.BULK)
        urgent = self.ask_at(other, Priority.INTERACTIVE)
        self.settle()
        urgent.task.cancel()
        if urgent.out:
            urgent.ended = True
            self.inside(urgent.task.result().give_back)
        self.settle()
        held.ended = True
        self.inside(held.task.result().give_back)
        self.settle()

    @precondition(some_out)
    @rule(chance=CHANCE, fault=FAULT, snatch=st.booleans())
    def give_back(self, chance: int, fault: str, snatch: bool) -> None:
        caller = self.sender(chance, fault)
        caller.ended, self.snatch = True, snatch
        self.inside(caller.task.result().give_back)
        self.settle()
        self.snatch = False

    @precondition(some_out)
    @rule(chance=CHANCE, fault=FAULT)
    def serve(self, chance: int, fault: str) -> None:
        self.travel(self.sender(chance, fault), refused=False, retry_after=None)

    @precondition(some_out)
    @rule(chance=CHANCE, fault=FAULT, retry_after=st.sampled_from([None, 0.0, 5.0, 20.0]))
    def refuse(self, chance: int, fault: str, retry_after: float | None) -> None:
        self.travel(self.sender(chance, fault), refused=True, retry_after=retry_after)

    @precondition(some_out)
    @rule(chance=CHANCE, fault=FAULT, arrives=st.booleans())
    def lose(self, chance: int, fault: str, arrives: bool) -> None:
        """It was sent, and no answer will come."""
        caller = self.sender(chance, fault)
        assert self.send(caller), "a permit is void too early"
        if arrives:
            self.arrive(caller)
        caller.ended = True
        self.ledger.lose(self.loop.now)
        self.inside(caller.task.result().give_back)
        self.settle()

    @rule(seconds=st.sampled_from([0.5, 1.0, 3.2, 11.0, 31.5]))
    def wait(self, seconds: float) -> None:
        self.settle(seconds)

    @precondition(some_out)
    @rule(chance=CHANCE)
    def stop(self, chance: int) -> None:
        """A process stands still until the others have taken its permits for lost, and wakes."""
        caller = self.pick(chance, lambda caller: caller.out)
        assert caller
        process = caller.process
        for other in self.callers:
            if other.process is process and not other.task.done():
                other.task.cancel()
        self.settle()
        held = [other for other in self.callers if other.process is process and other.out]
        process.wire.stalled_until = self.loop.now + 4.2
        self.settle(3.2)
        for caller in held:
            assert not self.send(caller), "a permit of a process that stood still is good"
        self.ledger.lose(self.loop.now, len(held))
        self.settle(1.5)

    @precondition(lambda self: not self.quiet_until and self.loop.now < self.ledger.paused_until[0])
    @rule()
    def forget(self) -> None:
        """Redis has lost the state in a pause; once, as for a window's length after it little can be said."""
        self.quiet_until = self.loop.now + self.server.length + 5.0
        self.hub.admin.delete(self.state)
        self.ledger.forgotten(self.loop.now, self.granted)
        self.numbers = dict.fromkeys(self.numbers, 0)
        self.ahead = dict.fromkeys(self.ahead)
        self.come_and_go()
        self.settle(2.5)

    # --- what they are made of ------------------------------------------------------------------------------

    def sender(self, chance: int, fault: str) -> Caller:
        caller = self.pick(chance, lambda caller: caller.out)
        assert caller
        self.sync(caller.process)
        caller.process.wire.fault = fault
        return caller

    def travel(self, caller: Caller, *, refused: bool, retry_after: float | None) -> None:
        """There and back."""
        assert self.send(caller), "a permit is void too early"
        self.catch_up()
        self.arrive(caller, forced=refused)
        assert caller.reply
        caller.retry_after = retry_after
        number = self.numbers[caller]
        now, server = self.loop.now, self.server
        age = now - caller.granted_at
        self.ledger.heard(now, age, server.count, server.ends, server.length, adopted=number == 0)
        if caller.reply[0]:
            self.ledger.answered(number)
        else:
            self.ledger.refused(now, number, self.granted, retry_after)
        self.deliver(caller)
        self.settle()

    def catch_up(self) -> None:
        if self.ledger.over(self.loop.now):
            self.ledger.roll()
            if not self.ledger.probing:
                self.ahead = dict.fromkeys(self.ahead)

    # --- what holds -----------------------------------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        if not self.processes:
            return
        assert not self.broken, self.broken[0]
        assert self.server.over == 0, "more than the server allows"
        now, ledger = self.loop.now, self.ledger
        self.catch_up()
        if ledger.blind or ledger.turns(now):
            return
        out = [caller for caller in self.callers if caller.out]
        free = ledger.free(len(out))
        assert free >= 0 or ledger.told is None, "one too many may go"
        ages = {caller: now - caller.granted_at for caller in out}
        surely = [caller for caller in out if self.ahead[caller] and ages[caller] < PACE.patience - SLACK]
        assert len(surely) <= 1, "two go ahead"
        waiting = any(not caller.task.done() for caller in self.callers)
        if not waiting or now < max(self.quiet_until, ledger.paused_until[1]) + SLACK or free <= 0:
            return
        assert ledger.alone(now), "somebody waits who may go"
        perhaps = [caller for caller in out if self.ahead[caller] is not False and ages[caller] < PACE.patience + SLACK]
        assert perhaps, "nobody goes ahead"

    def teardown(self) -> None:
        self.close()


def test_who_may_go_is_known_exactly(server: Server) -> None:
    class Machine(Exact):
        def __init__(self) -> None:
            super().__init__(server)

    run(Machine, settings=settings(stateful_step_count=40, deadline=None))


def test_a_place_is_not_kept_for_who_has_left(server: Server) -> None:
    office = Office(server)
    try:
        office.open(1, 30.0)
        first, second = office.processes
        held = office.ask_at(first)
        office.settle()
        bulk, urgent = office.ask_at(first), office.ask_at(second, Priority.INTERACTIVE)
        office.settle()
        urgent.task.cancel()
        office.settle()
        office.inside(held.task.result().give_back)
        held.ended = True
        office.settle()
        assert bulk.task.done(), "a place is kept for who has left"
    finally:
        office.close()
