"""Real Redis for tests: the shared one under a prefix of the test's own, or a process that belongs to the test."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from shutil import which
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from attrs import evolve
from leadgen_redis import Config
from leadgen_redis.connection import Connection

from leadgen_core import Secret

__all__ = ["URL", "Server", "free_port", "missing", "reachable", "soon", "swept"]

URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
_PATIENCE = 20.0


def missing(what: str) -> NoReturn:
    """Skip with a reason; where everything must be there, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and under CI nothing is skipped")
    pytest.skip(what)


def reachable() -> bool:
    """Whether somebody listens where the tests' Redis should be."""
    place = urlsplit(URL)
    try:
        socket.create_connection((place.hostname or "127.0.0.1", place.port or 6379), timeout=2).close()
    except OSError:
        return False
    return True


async def swept(config: Config) -> None:
    """Remove what a test left under its prefix."""
    connection = Connection(config)
    async for key in connection.client.scan_iter(match=f"{config.prefix}:*", count=500):
        await connection.client.unlink(key)
    await connection.aclose()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Server:
    """A ``redis-server`` of the test's own, which keeps nothing on a disk."""

    def __init__(self, folder: Path, *options: str, port_option: str = "--port") -> None:
        if which("redis-server") is None:
            missing("there is no redis-server on this machine")
        self.port = free_port()
        self._folder = folder
        self._options = (port_option, str(self.port), *options)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def config(self) -> Config:
        """For this server."""
        return Config(url=Secret(f"redis://127.0.0.1:{self.port}/0"), prefix="test")

    def faster(self, seconds: float) -> Config:
        """The same, with this patience."""
        return evolve(self.config, connect_timeout=seconds, timeout=seconds)

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            ["redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *self._options],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.01)
            else:
                return
        raise RuntimeError("redis-server did not start")

    def signal(self, number: int) -> None:
        """SIGSTOP: as slow as it gets."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once. Twice does nothing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """It forgets everything: keys, scripts and connections."""
        self.kill()
        self.start()


async def soon(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(_PATIENCE):
        while not await condition():  # noqa: ASYNC110 - it is Redis that changes
            await asyncio.sleep(0.002)
