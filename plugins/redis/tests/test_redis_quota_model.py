"""The shared quota against a plain reference: processes that ask, send, stop and lose Redis in any order.

Time is virtual; the Redis and its script are real, and only what the script takes for the time is the test's.
"""

from __future__ import annotations

import asyncio

import orjson
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from leadgen_core import Priority
from plugins.redis.tests.quota_office import PACE, Office
from plugins.redis.tests.redis_kit import Server

CHANCE = st.integers(0, 30)


class Shared(Office, RuleBasedStateMachine):
    """See the module."""

    @initialize(
        limit=st.integers(1, 6),
        configured=st.sampled_from([0, 0, -2, 3]),
        length=st.sampled_from([3.0, 10.0, 30.0]),
        states=st.booleans(),
        offset=st.sampled_from([0.0, 90.3, -3600.0]),
        cap=st.sampled_from([None, None, 1, 3]),
        turns=st.integers(1, 3),
        processes=st.integers(1, 3),
        latency=st.sampled_from([0.0, 0.02]),
    )
    def begin(
        self,
        limit: int,
        configured: int,
        length: float,
        states: bool,
        offset: float,
        cap: int | None,
        turns: int,
        processes: int,
        latency: float,
    ) -> None:
        self.open(limit, length, configured=configured, states=states, offset=offset, cap=cap, turns=turns,
                  processes=processes, latency=latency)  # fmt: skip

    # --- rules: callers -------------------------------------------------------------------------------------

    @rule(chance=CHANCE, count=st.integers(1, 4), priority=st.sampled_from(Priority))
    def ask(self, chance: int, count: int, priority: Priority, settle: bool = True) -> None:
        process = self.processes[chance % len(self.processes)]
        for _ in range(count):
            self.ask_at(process, priority)
        if settle:
            self.settle()

    @precondition(lambda self: any(not caller.task.done() for caller in self.callers))
    @rule(chance=CHANCE, with_place=st.booleans())
    def cancel(self, chance: int, with_place: bool) -> None:
        """One waits no longer; perhaps in the moment in which somebody gives a place back."""
        if with_place:
            self.give_back(chance, settle=False)
        caller = self.pick(chance, lambda caller: not caller.task.done())
        if caller:
            caller.task.cancel()
        self.settle()

    @precondition(lambda self: any(caller.out for caller in self.callers))
    @rule(chance=CHANCE)
    def give_back(self, chance: int, settle: bool = True) -> None:
        """Not sent, or sent and broken."""
        caller = self.pick(chance, lambda caller: caller.out)
        if caller:
            caller.ended, caller.silent = True, caller.reply is not None
            self.inside(caller.task.result().give_back)
        if settle:
            self.settle()

    @precondition(lambda self: any(caller.out and caller.reply is None for caller in self.callers))
    @rule(chance=CHANCE, arrives=st.booleans(), forced=st.sampled_from([False, False, False, True]),
          retry_after=st.sampled_from([None, 0.0, 5.0, 20.0]))  # fmt: skip
    def travel(self, chance: int, arrives: bool, forced: bool, retry_after: float | None) -> None:
        """A request leaves, or one that has left arrives; the server may say 429, with or without Retry-After."""
        caller = self.pick(chance, lambda caller: caller.out and caller.reply is None)
        if caller and (caller.sent_at is not None or self.send(caller)) and arrives:
            assert caller.sent_at is not None
            # What is a minute on its way is taken for lost, so here it is.
            if self.loop.now - caller.sent_at < 59:
                self.arrive(caller, forced=forced)
                caller.retry_after = retry_after

    @precondition(lambda self: any(caller.out and caller.reply is not None for caller in self.callers))
    @rule(chance=CHANCE, count=st.integers(1, 4))
    def reply(self, chance: int, count: int) -> None:
        for _ in range(count):
            caller = self.pick(chance, lambda caller: caller.out and caller.reply is not None)
            if caller:
                self.deliver(caller)
        self.settle()

    @precondition(lambda self: any(caller.silent for caller in self.callers))
    @rule(chance=CHANCE)
    def reply_late(self, chance: int) -> None:
        """An answer to one who was taken for lost."""
        caller = self.pick(chance, lambda caller: caller.silent)
        if caller:
            caller.silent = False
            self.deliver(caller)
        self.settle()

    @rule(seconds=st.sampled_from([0.01, 0.5, 1.0, 3.2, 11.0, 31.5]))
    def wait(self, seconds: float) -> None:
        self.settle(seconds)

    # --- rules: the server, Redis and the processes ---------------------------------------------------------

    @rule(what=st.sampled_from(["before", "after", "twice", "scripts", "state", "clock", "limit"]), chance=CHANCE)
    def trouble(self, what: str, chance: int) -> None:
        """A call breaks once, Redis forgets, its wall clock is corrected, or the server has another limit."""
        if what == "scripts":
            self.hub.admin.script_flush()
        elif what == "clock":
            self.hub.set_back += chance
        elif what == "limit" and self.server.states:
            self.server.limit = 1 + chance % 6
            self.server.excused |= self.server.limit < self.server.believed
        elif what == "state" and self.server.states:
            self.forget_state()
        elif what in ("before", "after", "twice"):
            self.processes[chance % len(self.processes)].wire.fault = what

    @precondition(lambda self: self.callers)
    @rule(what=st.sampled_from(["lose", "lose all", "stall", "kill"]), chance=CHANCE, arrives=st.booleans())
    def cut_off(self, what: str, chance: int, arrives: bool) -> None:
        """Processes lose Redis, or end without a word, or hear nothing for shorter or longer than a permit lives.

        What is under way from them arrives now or never: the others give it up after a while.
        """
        if any(process.wire.down for process in self.processes):
            self.find_redis()
            return
        process = self.processes[chance % len(self.processes)]
        if what == "stall":
            self.land(process, arrives)
            process.wire.stalled_until = self.loop.now + (0.5, 2.0, 4.0)[chance % 3]
            self.settle((0.6, 2.1, 4.1)[chance % 3])
        elif what == "kill":
            self.processes.remove(process)
            self.land(process, arrives)
            process.wire.cut()
            self.end(process)
            self.start(0.0)
        else:
            for each in self.processes if what == "lose all" else [process]:
                self.land(each, arrives)
                each.wire.cut()
            self.apart()
        self.settle()

    def find_redis(self) -> None:
        for process in self.processes:
            process.wire.down = False
        self.settle(2.0)

    # --- what always holds ----------------------------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        if self.processes:
            assert not self.broken, self.broken[0]
            self.never_over()
            self.in_order()
            self.nobody_starves()
            self.nobody_waits_who_may_go()

    def never_over(self) -> None:
        """In windows without an excuse."""
        assert self.server.over == 0, "more than the server allows"

    def in_order(self) -> None:
        """In one process nobody passes anybody of the same urgency."""
        for process in self.processes:
            for priority in Priority:
                alike = [c for c in self.callers if c.process is process and c.wish.priority is priority]
                waiting = [number for number, caller in enumerate(alike) if not caller.task.done()]
                served = [n for n, caller in enumerate(alike) if caller.task.done() and not caller.task.cancelled()]
                assert not waiting or not served or served[-1] < waiting[0], "somebody passes his like"

    def nobody_starves(self) -> None:
        if not self.calm:
            self.book.behind = 0
        else:
            assert self.book.behind <= self.book.turns + 6, "bulk is starved"

    def nobody_waits_who_may_go(self) -> None:
        """A stranger, asking in a copy of the state, would not be served before those who wait."""
        waiting = {caller.wish.priority for caller in self.callers if not caller.task.done()}
        if not waiting or not self.calm or self.loop.now < self.joined_at:
            return
        for priority in waiting:
            if not self.hub.admin.copy(self.state, f"{self.state}:copy", replace=True):
                continue
            ask = {"pid": "stranger", "seq": 1, "seed": "", "windows": [], "reserve": {}, "lease": PACE.lease,
                   "patience": PACE.patience, "join": PACE.join, "turns": self.pace.turns,
                   "wants": [[int(priority), ""]], "events": [], "adopt": [], "recall": [], "used": 0}  # fmt: skip
            if self.meter.cap is not None:
                ask["cap"] = self.meter.cap
            reply = self.hub.admin.eval(
                self.hub.source, 2, f"{self.state}:copy", f"{self.state}:none", orjson.dumps(ask)
            )
            assert "grants" not in orjson.loads(reply), "somebody waits who may go"

    # --- the end --------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            if self.processes:
                self.recover()
                self.use_it_all()
            for process in list(self.processes):
                self.processes.remove(process)
                self.end(process)
            self.settle()
            assert not asyncio.all_tasks(self.loop), "something is left running"
        finally:
            self.close()

    def recover(self) -> None:
        """All is as it should be again, and everybody who waits is served."""
        for process in self.processes:
            process.wire.down, process.wire.fault = False, ""
        self.settle(2.0)
        patience = len(self.callers) + 90 / self.server.length
        while any(not caller.task.done() or caller.out for caller in self.callers):
            patience -= 1
            assert patience > 0, "somebody is stuck"
            for caller in self.callers:
                if caller.out and (caller.sent_at is not None or self.send(caller)):
                    if caller.reply is None:
                        self.arrive(caller)
                    self.deliver(caller)
            self.settle(self.server.length + 1.2)
        self.never_over()
        for process in self.processes:
            for gauge in process.limiter._gauges.values():
                assert not gauge._live, "a permit is kept that has ended"
                assert not gauge._waiting, "somebody waits who has left"

    def use_it_all(self) -> None:
        """When the windows have passed the whole quota can be had in one, once the first has gone ahead."""
        self.settle(120.0)
        self.server.excused, self.apart_until = False, 0.0
        whole = self.server.limit if self.meter.cap is None else min(self.meter.cap, self.server.limit)
        self.callers = []
        for number in range(whole):
            self.ask(number, 1, Priority.BULK, settle=False)
        self.settle(1.5)  # a process that has not heard yet that the state was lost comes back
        first = [caller for caller in self.callers if caller.out]
        assert first, "nobody opens the window"
        assert len(first) == 1, "two open the window"
        (pilot,) = first
        assert self.send(pilot), "a permit is void too early"
        self.arrive(pilot)
        self.deliver(pilot)
        self.settle()
        assert all(caller.task.done() for caller in self.callers), "a place is lost"
        for caller in self.callers:
            if caller.out:
                assert self.send(caller), "a permit is void too early"
                self.arrive(caller)
                self.deliver(caller)
        self.never_over()
        self.settle()


def test_the_shared_quota_is_what_the_reference_says(server: Server) -> None:
    class Machine(Shared):
        def __init__(self) -> None:
            super().__init__(server)

    examples = max(1, settings().max_examples // 2)
    run_state_machine_as_test(Machine, settings=settings(max_examples=examples, stateful_step_count=40, deadline=None))
