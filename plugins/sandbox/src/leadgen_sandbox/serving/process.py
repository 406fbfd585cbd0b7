"""The life of the process: make the world, listen, say where, and wait for the end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import orjson

from leadgen_core import UsageError
from leadgen_core.contracts.world import World
from leadgen_sandbox.serving.server import Offered, Serving, Settings

__all__ = ["ending", "serve", "write_truth"]

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def ending(*, with_stdin: bool) -> Iterator[None]:
    """SIGTERM and SIGINT end the process with exit code 0, also while the world is still being made.

    ``with_stdin``: so does the end of standard input, which is the end of the process at its other side.
    """

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(0)

    before = {number: signal.signal(number, leave) for number in _SIGNALS}
    if with_stdin:
        threading.Thread(target=_until_stdin_ends, name="sandbox-stdin", daemon=True).start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _until_stdin_ends() -> None:
    # Not sys.stdin: a thread that holds its lock keeps the interpreter from ending.
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def serve(settings: Settings, offers: Sequence[Offered], world: World, say: Callable[[str], None]) -> None:
    """Serve until a signal comes. The first line on standard output is the JSON object that says where.

    Raises UsageError when a port cannot be had or nothing is left to serve.
    """
    asyncio.run(_serve(settings, offers, world, say))


async def _serve(settings: Settings, offers: Sequence[Offered], world: World, say: Callable[[str], None]) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        # Where the loop has no signal handlers (Windows), those of `ending` stay.
        try:
            loop.add_signal_handler(number, over.set)
        except (NotImplementedError, RuntimeError):
            continue
    serving = Serving(settings, say)
    try:
        served = await serving.start(offers, world)
        if not served:
            raise UsageError("no installed plugin has a simulator that works, so there is nothing to serve")
        sys.stdout.buffer.write(orjson.dumps(served) + b"\n")
        sys.stdout.buffer.flush()
        await over.wait()
    finally:
        await serving.aclose()


def write_truth(path: Path, truth: object) -> None:
    """Write what is true in the world: whole, or not at all. Raises UsageError."""
    content = truth if isinstance(truth, bytes) else truth.encode() if isinstance(truth, str) else orjson.dumps(truth)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"--truth {path}: cannot be written: {error.strerror}") from None
