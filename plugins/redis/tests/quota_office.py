"""The processes of the model of the shared quota, who asks at them, and how requests travel."""

from __future__ import annotations

import asyncio
import math
import secrets
from collections.abc import Callable
from typing import Any

from attrs import Factory, define, evolve
from leadgen_redis.quota.gauge import Pace
from leadgen_redis.quota.limiter import SharedLimiter

from leadgen_core import Clock, Meter, Permit, PermitExpired, Priority, Window, Wish
from plugins.redis.tests.quota_book import Book, Counter
from plugins.redis.tests.quota_wire import Hub, VirtualLoop, Wire
from plugins.redis.tests.redis_kit import Server

__all__ = ["PACE", "WRONG", "Caller", "Office", "Process"]

PACE = Pace()
WRONG = 90.0
"""Seconds by which the clock of the last process is wrong."""


@define(eq=False)
class Process:
    """A limiter with connections of its own."""

    limiter: SharedLimiter
    wire: Wire
    pauses: list[tuple[float, float]] = Factory(list)
    """Of each Retry-After that it was given: when, and until when."""


@define(eq=False)
class Caller:
    """Somebody who asks for one permit, and what became of it."""

    process: Process
    task: asyncio.Task[Permit]
    wish: Wish
    granted_at: float = math.inf
    sent_at: float | None = None
    arrived: float = 0.0
    reply: tuple[bool, list[Window], float] | None = None
    """What the server said, still on its way."""
    retry_after: float | None = None
    ended: bool = False
    silent: bool = False
    """It was given back without the answer that it has had."""

    @property
    def out(self) -> bool:
        return self.task.done() and not self.task.cancelled() and self.task.exception() is None and not self.ended


class Office:
    """What the rules are made of."""

    server: Counter
    meter: Meter
    pace: Pace
    latency: float
    book: Book

    def __init__(self, redis: Server) -> None:
        super().__init__()
        self.redis = redis
        self.loop = VirtualLoop()
        self.callers: list[Caller] = []
        self.processes: list[Process] = []
        config = evolve(redis.config, prefix=f"model-{secrets.token_hex(6)}")
        self.hub = Hub(config, self.loop, self.observe)
        self.broken: list[str] = []
        self.apart_until = 0.0
        """Until then windows may go over: some processes were cut off from the others, or the state was lost."""
        self.joined_at = 0.0
        """When all have noticed that the state was lost, and are back in the new one."""

    def open(
        self,
        limit: int,
        length: float,
        *,
        configured: int = 0,
        states: bool = True,
        offset: float = 0.0,
        cap: int | None = None,
        turns: int = PACE.turns,
        processes: int = 2,
        latency: float = 0.0,
    ) -> None:
        """A server and the processes that ask it."""
        # What the server does not say must be configured as it is.
        self.configured = max(1, limit + configured) if states else limit
        self.server = Counter(limit, length, states, offset, self.configured)
        self.meter = Meter("api", "key", (Window(self.configured, length),), cap=cap)
        self.pace = evolve(PACE, turns=turns)
        self.latency = latency
        self.book = Book(turns, PACE.lease)
        for number in range(processes):
            self.start(WRONG if number == processes - 1 else 0.0)

    def start(self, wrong: float) -> None:
        async def make() -> None:
            wire = Wire(self.hub, self.latency)
            clock = Clock(monotonic=lambda: self.loop.time() + wrong, sleep=asyncio.sleep)
            limiter = SharedLimiter(self.hub.config, clock=clock, pace=self.pace)
            link: Any = limiter._link
            link._connection, link._script = wire, wire.script
            self.processes.append(Process(limiter, wire))

        self.loop.run_until_complete(make())

    def observe(self, ask: Any, reply: Any) -> None:
        known = [self.known(process, 5.0) for process in self.processes if process.wire is self.hub.asks]
        self.book.step(self.loop.now, self.server.ends, max(known, default=-math.inf), ask, reply)

    def known(self, process: Process, since: float) -> float:
        """When the last pause ends of which the process itself heard so many seconds ago or earlier."""
        heard = [until for at, until in process.pauses if at <= self.loop.now - since]
        return max(heard, default=-math.inf)

    def ask_at(self, process: Process, priority: Priority = Priority.BULK) -> Caller:
        """Somebody more asks at a process."""
        wish = Wish("", priority)
        task = self.loop.create_task(process.limiter.acquire(self.meter, wish))
        caller = Caller(process, task, wish)

        def granted(task: asyncio.Task[Permit]) -> None:
            if not task.cancelled() and task.exception() is None:
                caller.granted_at = self.loop.now
                self.on_grant(caller)

        task.add_done_callback(granted)
        self.callers.append(caller)
        return caller

    def on_grant(self, caller: Caller) -> None:
        """Somebody was given a permit. What is wrong with that goes to ``broken``: a callback can raise nothing."""
        permit: Any = caller.task.result()
        if permit.id == 0 and self.loop.now < self.known(caller.process, 0.0) - 1e-3:
            self.broken.append("without Redis, somebody goes in a pause that is known")

    # --- the machinery --------------------------------------------------------------------------------------

    def settle(self, seconds: float = 0.0) -> None:
        async def pass_time() -> None:
            for pause in (seconds, 12 * self.latency):
                for _ in range(12):
                    await asyncio.sleep(0)
                await asyncio.sleep(pause)
            for _ in range(12):
                await asyncio.sleep(0)

        self.loop.run_until_complete(pass_time())

    def inside(self, call: Callable[..., None], *arguments: Any) -> None:
        async def run() -> None:
            call(*arguments)

        self.loop.run_until_complete(run())

    def pick(self, chance: int, test: Callable[[Caller], bool]) -> Caller | None:
        found = [caller for caller in self.callers if test(caller)]
        return found[chance % len(found)] if found else None

    @property
    def calm(self) -> bool:
        """All processes are with Redis."""
        return all(
            process.limiter._link.up and not process.wire.down and process.wire.stalled_until <= self.loop.now
            for process in self.processes
        )

    def arrive(self, caller: Caller, *, forced: bool = False) -> None:
        """The request is with the server."""
        if self.loop.now < self.apart_until:
            self.server.excused = True
        ends = self.server.ends
        caller.arrived = self.loop.now
        caller.reply = self.server.handle(self.loop.now, forced=forced)
        if self.server.ends != ends and self.loop.now < self.apart_until:
            self.server.excused = True

    def apart(self) -> None:
        """What is under way from a process that is cut off arrives now or never; then it is on its own."""
        self.apart_until = max(self.apart_until, self.loop.now + 2 * self.server.length)
        self.server.excused = True

    def deliver(self, caller: Caller) -> None:
        """The answer is with the one who asked, however late."""
        caller.ended = True
        permit, reply = caller.task.result(), caller.reply
        if reply is None:
            self.inside(permit.give_back)
        elif reply[0]:
            self.inside(permit.answered, reply[1], reply[2])
        else:
            retry_at = None if caller.retry_after is None else reply[2] + caller.retry_after
            self.inside(permit.refused, retry_at, reply[1], reply[2])
            if caller.retry_after is not None:
                caller.process.pauses.append((self.loop.now, self.loop.now + caller.retry_after))
        of_now = self.server.opened <= caller.arrived and self.loop.now < self.server.ends
        if reply and reply[1] and self.calm and of_now:
            self.server.believed = reply[1][0].limit

    def send(self, caller: Caller) -> bool:
        """Whether the permit was still good."""
        try:
            self.inside(caller.task.result().sent)
        except PermitExpired:
            caller.ended = True
            return False
        caller.sent_at = self.loop.now
        return True

    @property
    def state(self) -> str:
        """The key of it all."""
        return f"{self.hub.config.prefix}:quota:api:key"

    def forget_state(self) -> None:
        """As after a restart of Redis: only what the processes know is left."""
        self.apart()
        self.server.believed = max(self.server.believed, self.configured)
        self.joined_at = self.loop.now + 2 * PACE.beat
        self.hub.admin.delete(self.state)

    def close(self) -> None:
        """Nothing is left, whatever has failed."""
        for process in list(self.processes):
            self.end(process)
            self.processes.remove(process)
        while left := asyncio.all_tasks(self.loop):
            for task in left:
                task.cancel()
            self.settle()
        self.hub.close()
        self.loop.close()

    def land(self, process: Process, arrives: bool) -> None:
        for caller in self.callers:
            if caller.process is process and caller.out and caller.reply is None and caller.sent_at is not None:
                if arrives:
                    self.arrive(caller)
                else:
                    caller.ended = True
                    self.inside(caller.task.result().give_back)

    def end(self, process: Process) -> None:
        for caller in self.callers:
            if caller.process is process:
                caller.task.cancel()
                caller.ended, caller.silent = True, False
        self.loop.run_until_complete(process.limiter.aclose())
        self.callers = [caller for caller in self.callers if caller.process is not process]
        self.hub.wires.remove(process.wire)
