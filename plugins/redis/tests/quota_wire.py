"""A real Redis in virtual time: the script that ships, run by the server, which is told what time it is.

The event loop's clock jumps to the next timer whenever nobody can run, and a call to Redis blocks the loop until the
answer is there. So nothing that a test sees hangs on how fast the machine is, and hours pass in milliseconds.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any

import orjson
import redis
from leadgen_redis import Config
from leadgen_redis.connection import Script
from leadgen_redis.quota import link
from redis.exceptions import ConnectionError as Lost

__all__ = ["Hub", "VirtualLoop", "Wire"]

_TIME = "redis.call('TIME')"
_WALL = 1_769_778_862.0


class _Jump(selectors.SelectSelector):
    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("deadlock: everybody waits for somebody else")
        if not ready and timeout:
            self.loop.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time passes only when nobody can run."""

    def __init__(self) -> None:
        selector = _Jump()
        selector.loop = self
        self.now = 1_000.0
        super().__init__(selector)

    def time(self) -> float:
        return self.now


class Hub:
    """The Redis of one example, its clock, and the wires of all processes."""

    def __init__(self, config: Config, loop: VirtualLoop, observe: Callable[[Any, Any], None]) -> None:
        self.loop = loop
        self.config = config
        self.set_back = 0.0
        """Seconds by which the wall clock of Redis's machine was set back so far."""
        self.wires: list[Wire] = []
        self.admin = self.open()
        self.asks: Wire | None = None
        """Whose call is under way."""
        self.unheard = False
        """The answer to the call under way will be lost."""
        self.clock_key = f"{config.prefix}:clock"
        self._observe = observe
        source = link._SOURCE.read_text("utf-8")
        assert source.count(_TIME) == 1, "the script asks for the time in one place"
        self.source = source.replace(_TIME, f"{{ redis.call('GET', '{self.clock_key}'), 0 }}")

    def open(self) -> Any:
        """A connection of its own."""
        return redis.Redis.from_url(self.config.url.reveal(), protocol=2, socket_timeout=10)

    def wall(self) -> str:
        """What the clock of Redis's machine shows."""
        return f"{_WALL + self.loop.now - self.set_back:.6f}"

    def run(self, client: Any, call: tuple[Any, ...], *, twice: bool) -> Any:
        """One command at this moment; ``twice``: the client library sent it again."""
        pipeline = client.pipeline(transaction=False)
        pipeline.set(self.clock_key, self.wall())
        for _ in range(2 if twice else 1):
            pipeline.execute_command(*call)
        _, reply, *again = pipeline.execute(raise_on_error=False)
        if isinstance(reply, Exception):
            raise reply
        assert all(same == reply for same in again), "a step that is sent again has the same answer"
        if call[0].startswith("EVAL"):
            self._observe(orjson.loads(call[-1]), orjson.loads(reply))
            self.spread()
        return reply

    def spread(self) -> None:
        """What was published is with those who listen."""
        ears = [ear for wire in self.wires for ear in wire.ears]
        for ear in ears:
            ear.pubsub.ping()
        for ear in ears:
            while True:
                message = ear.pubsub.get_message(timeout=10)
                assert message is not None, "Redis does not answer"
                if message["type"] == "pong":
                    break
                ear.heard.put_nowait(message)

    def close(self) -> None:
        """Remove what the example left."""
        for key in self.admin.scan_iter(match=f"{self.config.prefix}:*", count=500):
            self.admin.unlink(key)
        self.admin.close()


class _Ear:
    """As much of redis-py's PubSub as the limiter uses."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.pubsub = wire.redis.pubsub()
        self.heard: asyncio.Queue[Any] = asyncio.Queue()

    async def psubscribe(self, pattern: str) -> None:
        self._wire.check()
        self.pubsub.psubscribe(pattern)
        self._wire.ears.append(self)
        self._wire.hub.spread()

    async def get_message(self, timeout: float) -> Any:  # noqa: ASYNC109 - as redis-py has it
        try:
            async with asyncio.timeout(timeout):
                message = await self.heard.get()
        except TimeoutError:
            return None
        if isinstance(message, Exception):
            raise message
        return message

    async def aclose(self) -> None:
        if self in self._wire.ears:
            self._wire.ears.remove(self)
        self.pubsub.close()


class Wire:
    """What a process has in the place of its :class:`leadgen_redis.connection.Connection`. It may break."""

    def __init__(self, hub: Hub, latency: float) -> None:
        self.hub = hub
        self.redis = hub.open()
        self.ears: list[_Ear] = []
        self.down = False
        self.fault = ""
        """Of the next call: ``before`` it arrives or ``after`` it has run the connection breaks; it runs ``twice``."""
        self.stalled_until = 0.0
        self._latency = latency
        hub.wires.append(self)

    @property
    def script(self) -> Script:
        """The limiter's script, with Redis's time as the test has it."""
        wire: Any = self
        return Script(wire, self.hub.source)

    @property
    def client(self) -> Wire:
        return self

    def pubsub(self) -> _Ear:
        return _Ear(self)

    def check(self) -> None:
        """Raise what redis-py raises when the connection is lost."""
        if self.down:
            raise Lost("the connection is lost")

    def cut(self) -> None:
        """The connection is lost, until further notice."""
        self.down = True
        for ear in self.ears:
            ear.heard.put_nowait(Lost("the connection is lost"))

    async def run(self, *call: Any) -> Any:
        """One command, there and back."""
        await self._travel()
        fault, self.fault = self.fault, ""
        if fault == "before":
            raise Lost("it never arrived")
        self.hub.asks, self.hub.unheard = self, fault == "after"
        reply = self.hub.run(self.redis, call, twice=fault == "twice")
        if fault == "after":
            raise Lost("the answer was lost")
        await self._travel()
        return reply

    async def _travel(self) -> None:
        self.check()
        if self._latency:
            await asyncio.sleep(self._latency)
        if self.stalled_until > self.hub.loop.now:
            await asyncio.sleep(self.stalled_until - self.hub.loop.now)
        self.check()

    async def aclose(self) -> None:
        self.redis.close()
