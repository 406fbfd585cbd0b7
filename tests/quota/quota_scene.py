"""A server that counts, a Redis of its own, and several processes that share one quota."""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import socket
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

__all__ = ["PACE", "RedisServer", "Register", "Scene"]

PACE: dict[str, Any] = {"lease": 1.2, "beat": 0.4, "patience": 0.8, "join": 0.5}
LIMIT, LENGTH = 100, 2.5


class Register:
    """Fixed windows; one opens with the first request after the end of the last. The reset in whole seconds."""

    def __init__(self, latency: float = 0.02, *, states: bool = True) -> None:
        self.latency = latency
        self.states = states
        self.ends = 0.0
        self.windows: list[int] = []
        self.idle: list[float] = []
        self.refused: list[str] = []
        self.by: dict[str, int] = {}
        self.hooks: dict[tuple[int, int], Callable[[], None]] = {}
        self.news = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def at(self, window: int, count: int, action: Callable[[], None]) -> None:
        """Do it in the moment when this request of this window is counted."""
        self.hooks[window, count] = action

    async def _answer(self, request: web.Request) -> web.Response:
        now = time.monotonic()
        if now >= self.ends:
            if self.windows:
                self.idle.append(now - self.ends)
            self.windows.append(0)
            self.news.set()
            self.ends = now + LENGTH
        good = self.windows[-1] < LIMIT
        name = request.path.split("/")[1]
        if good:
            self.windows[-1] += 1
            self.by[name] = self.by.get(name, 0) + 1
        else:
            self.refused.append(f"{name} in window {len(self.windows) - 1}, {self.ends - now:.2f} s before its end")
        hook = self.hooks.pop((len(self.windows) - 1, self.windows[-1]), None)
        left = LIMIT - self.windows[-1]
        reset = math.floor(time.time() + self.ends - now)
        if hook is not None:
            hook()
        await asyncio.sleep(self.latency)
        headers = {"X-Limit": f"{LIMIT},{LENGTH},{left},{reset}"} if self.states else {}
        return web.Response(status=200 if good else 429, headers=headers, text="{}")


class RedisServer:
    """A redis-server of this test's own, which may be killed and started again."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            "redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1",
            "--dir", str(self._directory), stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            try:
                await self.say("PING")
            except OSError:
                await asyncio.sleep(0.02)
            else:
                return
        raise RuntimeError("redis-server does not start")

    async def say(self, *words: str) -> bytes:
        """One command."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(" ".join(words).encode() + b"\r\n")
            return await reader.readline()
        finally:
            writer.close()

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


class Scene:
    """The whole of it. ``async with``; everything is ended at its end."""

    def __init__(self, directory: Path, *, processes: int = 4, states: bool = True) -> None:
        self.register = Register(states=states)
        self.redis = RedisServer(directory)
        self._count = processes
        self._prefix = f"soak-{uuid.uuid4().hex[:8]}"
        self.processes: list[asyncio.subprocess.Process] = []
        self.deeds: list[asyncio.Task[Any]] = []
        self._url = ""

    async def __aenter__(self) -> Scene:
        await self.redis.start()
        self._url = await self.register.start()
        try:
            for _ in range(self._count):
                await self._add()
            # All begin together, however long each took to start.
            async with asyncio.timeout(120):
                for process in self.processes:
                    assert process.stdout is not None
                    await process.stdout.readline()
            for process in self.processes:
                assert process.stdin is not None
                process.stdin.write(b"\n")
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        for deed in self.deeds:
            deed.cancel()
        for number in range(len(self.processes)):
            self.signal(number, signal.SIGKILL)
        for process in self.processes:
            await process.wait()
        await self.redis.kill()
        await self.register.stop()

    async def _add(self) -> None:
        given = {
            "url": self._url, "redis": self.redis.url, "prefix": self._prefix, "pace": PACE,
            "name": f"p{len(self.processes)}", "rule": [LIMIT, LENGTH],
        }  # fmt: skip
        script = Path(__file__).with_name("quota_process.py")
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(script), json.dumps(given), stdin=pipe, stdout=pipe
        )
        self.processes.append(process)

    def signal(self, number: int, what: signal.Signals) -> None:
        process = self.processes[number]
        if process.returncode is None:
            os.kill(process.pid, what)

    def soon(self, deed: Awaitable[Any]) -> None:
        """Do it beside."""

        async def run() -> None:
            await deed

        self.deeds.append(asyncio.get_running_loop().create_task(run()))

    async def until(self, windows: int, *, within: float) -> None:
        """So many windows are over."""
        register = self.register
        try:
            async with asyncio.timeout(within):
                while len(register.windows) <= windows:
                    register.news.clear()
                    await register.news.wait()
        except TimeoutError:
            raise AssertionError(f"stuck after {register.windows}, {register.refused}, {register.idle}") from None
