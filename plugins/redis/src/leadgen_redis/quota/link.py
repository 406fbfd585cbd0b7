"""The way to Redis: one call at a time for each meter, word from others, and whether Redis is there at all."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from loguru import logger
from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from leadgen_core import Clock

__all__ = ["Link", "LinkDown"]

_SOURCE = Path(__file__).with_name("gauge.lua")
_PROBE = (0.1, 0.5)
"""Seconds between two looks whether Redis is back: at first, and at most."""


class LinkDown(Exception):
    """Redis cannot be reached, or does not answer in time."""


class Link:
    """Redis as the limiter sees it. ``timeout``: seconds that one call may take."""

    def __init__(self, redis: Redis, prefix: str, clock: Clock, *, timeout: float) -> None:
        self._redis = redis
        self._prefix = prefix
        self._clock = clock
        self._timeout = timeout
        self._script: AsyncScript | None = None
        self._listeners: dict[str, Callable[[], None]] = {}
        self._ear: asyncio.Task[None] | None = None
        self._hears = asyncio.Event()
        self._probe: asyncio.Task[None] | None = None
        self.up = True
        self.closed = False

    def channel(self, name: str) -> str:
        """Where a change of the state ``name`` is made known."""
        return f"{self._prefix}wake:{name}"

    def listen(self, name: str, notify: Callable[[], None]) -> None:
        """Call ``notify`` when another process has made room in ``name``, and when Redis is back."""
        self._listeners[self.channel(name)] = notify

    async def step(self, name: str, ask: dict[str, Any]) -> dict[str, Any]:
        """One step of the meter ``name``. Raises ``LinkDown``."""
        try:
            async with asyncio.timeout(self._timeout):
                if self._script is None:
                    self._script = self._redis.register_script(_SOURCE.read_text("utf-8"))
                if self._ear is None or self._ear.done():
                    self._hears.clear()
                    self._ear = asyncio.get_running_loop().create_task(self._hear())
                    await self._hears.wait()
                # A script that Redis has forgotten (SCRIPT FLUSH, a restart) is loaded again by the client.
                reply = await self._script(keys=[f"{{{self._prefix}{name}}}", self.channel(name)], args=[json.dumps(ask)])
        except (RedisError, OSError, TimeoutError) as error:
            self._down(error)
            raise LinkDown from error
        answer: dict[str, Any] = json.loads(reply)
        return answer

    async def _hear(self) -> None:
        with contextlib.suppress(RedisError, OSError):
            pubsub = self._redis.pubsub()
            try:
                await pubsub.psubscribe(f"{self._prefix}wake:*")
                async for message in pubsub.listen():
                    self._hears.set()
                    if message["type"] == "pmessage":
                        channel = message["channel"]
                        notify = self._listeners.get(channel.decode() if isinstance(channel, bytes) else channel)
                        if notify is not None:
                            notify()
            finally:
                with contextlib.suppress(RedisError, OSError):
                    await pubsub.aclose()  # type: ignore[no-untyped-call]

    def _down(self, error: BaseException) -> None:
        if not self.up or self.closed:
            return
        self.up = False
        # The type only: the text of a connection error may hold the address with its password.
        logger.warning(
            "Redis is lost ({}): each process keeps to its fair share of the quotas until it is back", type(error).__name__
        )
        self._probe = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        pause, longest = _PROBE
        while True:
            await self._clock.sleep(pause)
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(self._timeout):
                    await self._redis.ping()
                break
            pause = min(longest, pause * 2)
        self.up = True
        logger.info("Redis is back: the quotas are shared again")
        for notify in self._listeners.values():
            notify()

    async def aclose(self) -> None:
        """Close the connections."""
        self.closed = True
        for task in (self._ear, self._probe):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()
