"""The way to Redis: one call at a time for each meter, word from others, and whether Redis is there at all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from loguru import logger

from leadgen_core import Clock
from leadgen_redis import Config
from leadgen_redis.connection import Connection, Script

__all__ = ["Link", "LinkDown"]

_SOURCE = Path(__file__).with_name("gauge.lua")
_PROBE = (0.1, 0.5)
"""Seconds between two looks whether Redis is back: at first, and at most."""
_LISTEN = 30.0
"""Seconds for which one look for word from others lasts, and at most between two tries to listen again."""


class LinkDown(Exception):
    """Redis cannot be reached, or does not answer in time."""


class Link:
    """Redis as the limiter sees it."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._connection = Connection(config)
        self._prefix = f"{config.prefix}:quota:"
        self._clock = clock
        self._script: Script | None = None
        self._listeners: dict[str, Callable[[float], None]] = {}
        self._ear: asyncio.Task[None] | None = None
        self._hears = asyncio.Event()
        self._probe: asyncio.Task[None] | None = None
        self.up = True

    def _channel(self, name: str) -> str:
        return f"{self._prefix}wake:{name}"

    def listen(self, name: str, notify: Callable[[float], None]) -> None:
        """Call ``notify`` when another process has made room in ``name``, and when Redis is back.

        What it is given: for how many seconds a refusal pauses everybody from now on; 0 when the word is of something
        else.
        """
        self._listeners[self._channel(name)] = notify

    async def step(self, name: str, ask: dict[str, Any]) -> dict[str, Any]:
        """One step of the meter ``name``. Raises ``LinkDown``."""
        from redis.exceptions import RedisError

        if self._script is None:
            self._script = Script(self._connection, _SOURCE.read_text("utf-8"))
        if self._ear is None:
            self._ear = asyncio.get_running_loop().create_task(self._hear())
            # Else the word that the pilot is back could be missed at the very start.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await self._hears.wait()
        try:
            reply = await self._script((f"{self._prefix}{name}", self._channel(name)), (orjson.dumps(ask),))
        except (RedisError, OSError, TimeoutError) as error:
            raise LinkDown(type(error).__name__) from error
        answer: dict[str, Any] = orjson.loads(reply)
        return answer

    async def _hear(self) -> None:
        """Without an end: where word from others cannot be heard, each step once a second stands in for it."""
        from redis.exceptions import RedisError

        pause, longest = _PROBE
        while True:
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                pubsub = self._connection.client.pubsub()
                try:
                    await pubsub.psubscribe(f"{self._prefix}wake:*")
                    if self._hears.is_set():
                        self._tell_all()  # what was said in between was missed, and the state may be a new one
                    while True:
                        message = await pubsub.get_message(timeout=_LISTEN)
                        self._hears.set()
                        pause = _PROBE[0]
                        if message is not None and message["type"] == "pmessage":
                            notify = self._listeners.get(message["channel"].decode())
                            if notify is not None:
                                notify(float(message["data"] or 0))
                finally:
                    with contextlib.suppress(RedisError, OSError):
                        await pubsub.aclose()  # type: ignore[no-untyped-call]
            await self._clock.sleep(pause)
            pause = min(longest, pause * 2)

    def lost(self, down: LinkDown) -> None:
        """Say so, once, and look for it until it is back. Of the error only the type: its text may hold a password."""
        if not self.up:
            return
        self.up = False
        logger.warning("Redis is lost ({}): each process keeps to its fair share of the quotas until it is back", down)
        self._probe = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        from redis.exceptions import RedisError

        pause, longest = _PROBE
        while True:
            await self._clock.sleep(pause)
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                await self._connection.run("PING")
                break
            pause = min(longest, pause * 2)
        self.up = True
        logger.info("Redis is back: the quotas are shared again")
        self._tell_all()

    def _tell_all(self) -> None:
        for notify in self._listeners.values():
            notify(0.0)

    async def aclose(self) -> None:
        """Give the connection back."""
        for task in (self._ear, self._probe):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await self._connection.aclose()
