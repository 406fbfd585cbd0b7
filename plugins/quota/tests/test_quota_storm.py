"""Permits asked for, cancelled, given back, sent, lost and answered in any order: none is lost, nobody is stuck."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from attrs import define
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from leadgen_quota import Config
from leadgen_quota.limiter import ProcessLimiter

from leadgen_core import Clock, Meter, Permit, Priority, Window, Wish
from plugins.quota.tests.quota_world import FixedServer, Rules, VirtualLoop

Reply = tuple[bool, list[Window], float]


@define(eq=False)
class Caller:
    task: asyncio.Task[Permit]
    wish: Wish
    reply: Reply | None = None
    """What the server said, still on its way."""
    ended: bool = False
    sent_at: float | None = None

    @property
    def out(self) -> bool:
        return self.task.done() and not self.task.cancelled() and not self.ended


class Storm(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualLoop()
        self.callers: list[Caller] = []

    @initialize(
        limit=st.integers(1, 6),
        length=st.sampled_from([3.0, 30.0, 300.0]),
        states=st.booleans(),
        reserve=st.sampled_from([{}, {"a": 0.5}, {"a": 0.4, "b": 0.4}, {"elsewhere": 0.9}]),
        turns=st.integers(1, 3),
        patience=st.sampled_from([0.5, 3.0, 60.0]),
    )
    def open(
        self, limit: int, length: float, states: bool, reserve: dict[str, float], turns: int, patience: float
    ) -> None:
        config = Config(reserve=reserve, interactive_turns=turns, pilot_patience=patience)
        self.limiter = ProcessLimiter(config, clock=Clock(monotonic=self.loop.time, sleep=asyncio.sleep))
        self.server = FixedServer(Rules(limit=limit, length=length, states=states))
        self.meter = Meter("api", "key", (Window(limit, length),))

    def settle(self, seconds: float = 0.0) -> None:
        async def pass_time() -> None:
            for _ in range(5):
                await asyncio.sleep(0)
            await asyncio.sleep(seconds)
            for _ in range(5):
                await asyncio.sleep(0)

        self.loop.run_until_complete(pass_time())

    def inside(self, call: Callable[..., None], *arguments: Any) -> None:
        """Call it where permits are ended: in the loop."""

        async def run() -> None:
            call(*arguments)

        self.loop.run_until_complete(run())

    def pick(self, chance: int, callers: list[Caller]) -> Caller | None:
        return callers[chance % len(callers)] if callers else None

    @rule(count=st.integers(1, 4), plugin=st.sampled_from(["a", "b", ""]), priority=st.sampled_from(Priority))
    def ask(self, count: int, plugin: str, priority: Priority) -> None:
        wish = Wish(plugin, priority)
        for _ in range(count):
            self.callers.append(Caller(self.loop.create_task(self.limiter.acquire(self.meter, wish)), wish))
        self.settle()

    @rule(chance=st.integers(0, 20), first=st.booleans())
    def cancel(self, chance: int, first: bool) -> None:
        """One waits no longer; perhaps in the same moment as somebody gives a place back."""
        if first:
            self.give_back(chance, settle=False)
        caller = self.pick(chance, [caller for caller in self.callers if not caller.task.done()])
        if caller:
            caller.task.cancel()
        self.settle()

    @rule(chance=st.integers(0, 20))
    def give_back(self, chance: int, settle: bool = True) -> None:
        """Not sent, or sent and broken."""
        caller = self.pick(chance, [caller for caller in self.callers if caller.out])
        if caller:
            caller.ended = True
            self.inside(caller.task.result().give_back)
        if settle:
            self.settle()

    @rule(chance=st.integers(0, 20), arrives=st.booleans())
    def send(self, chance: int, arrives: bool) -> None:
        caller = self.pick(chance, [caller for caller in self.callers if caller.out and caller.reply is None])
        if caller:
            self.leave(caller, arrives)

    def leave(self, caller: Caller, arrives: bool) -> None:
        now = self.loop.time()
        if caller.sent_at is None:
            caller.sent_at = now
            caller.task.result().sent()
        # What is a minute on its way is taken for lost, so here it is.
        if arrives and now - caller.sent_at < 60:
            caller.reply = self.server.handle(now)

    @precondition(lambda self: any(caller.out and caller.reply for caller in self.callers))
    @rule(chance=st.integers(0, 20))
    def reply(self, chance: int) -> None:
        caller = self.pick(chance, [caller for caller in self.callers if caller.out and caller.reply])
        if caller:
            self.deliver(caller)
        self.settle()

    def deliver(self, caller: Caller) -> None:
        caller.ended = True
        if caller.reply is None:
            self.inside(caller.task.result().give_back)
        else:
            good, stated, date = caller.reply
            if good:
                self.inside(caller.task.result().answered, stated, date)
            else:
                self.inside(caller.task.result().refused, stated[0].resets_at if stated else None, stated, date)

    @rule(seconds=st.sampled_from([0.01, 1.0, 3.05, 31.0, 301.0]))
    def wait(self, seconds: float) -> None:
        self.settle(seconds)

    @invariant()
    def never_over(self) -> None:
        if self.callers:
            assert self.server.refused == 0

    @invariant()
    def in_order(self) -> None:
        """Of one plugin and one urgency nobody passes anybody."""
        for wish in {caller.wish for caller in self.callers}:
            alike = [caller for caller in self.callers if caller.wish == wish]
            waiting = [number for number, caller in enumerate(alike) if not caller.task.done()]
            served = [
                number for number, caller in enumerate(alike) if caller.task.done() and not caller.task.cancelled()
            ]
            assert not waiting or not served or served[-1] < waiting[0]

    @invariant()
    def kept_places_are_free(self) -> None:
        """Nobody waits for a place that is kept for his own plugin."""
        for gauge in getattr(self, "limiter", ProcessLimiter())._gauges.values():
            now = self.loop.time()
            for caller in self.callers:
                if not caller.task.done():
                    assert not gauge._may(caller.wish.plugin, now), "somebody waits who may go"

    def teardown(self) -> None:
        try:
            for _ in range(len(self.callers) + 2):
                for caller in self.callers:
                    if caller.out and caller.reply is None:
                        self.leave(caller, arrives=True)
                    if caller.out:
                        self.deliver(caller)
                self.settle()
                if all(caller.task.done() and not caller.out for caller in self.callers):
                    break
                # Each window lets at least one more go.
                self.settle(self.server.rules.length + 61)
            assert all(caller.task.done() for caller in self.callers), "somebody is stuck"
            for gauge in self.limiter._gauges.values():
                assert not gauge._live
                assert not gauge._waiting
                assert gauge._timer is None
                assert gauge._pilot is None
            self.settle()
            assert not asyncio.all_tasks(self.loop)
        finally:
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.settle()
            self.loop.close()


Storm.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestStorm = Storm.TestCase
