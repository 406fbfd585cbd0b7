"""The watchdog: a plugin that blocks the event loop cannot be survived in one process, but it can be named.

A thread expects a beat of the loop; when it stays away, the main thread's stack tells in whose code it hangs,
and the process ends with exit code 3. All state is in the outbox, so the run resumes.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from types import FrameType

__all__ = ["Watchdog", "culprit"]


def culprit(frame: FrameType | None, packages: Mapping[str, str]) -> str:
    """The innermost plugin on this stack, by the top package of its code, else ``the core``."""
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in packages:
            return packages[package]
        frame = frame.f_back
    return "the core"


class Watchdog:
    """``with Watchdog(...)`` inside a running loop. ``packages`` names the plugin of each top package."""

    def __init__(
        self, seconds: float, packages: Mapping[str, str], blocked: Callable[[str, str], None] | None = None
    ) -> None:
        """``blocked(who, stack)`` is called in the thread after ``seconds`` without a beat; by default the run ends."""
        self._seconds = seconds
        self._packages = packages
        self._blocked = blocked or _exit
        self._beat = time.monotonic()
        self._over = threading.Event()
        self._main = threading.get_ident()
        self._handle: asyncio.TimerHandle | None = None
        self._thread = threading.Thread(target=self._watch, name="leadgen-watchdog", daemon=True)

    def __enter__(self) -> Watchdog:
        self._tick()
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        if self._handle is not None:
            self._handle.cancel()

    def _tick(self) -> None:
        self._beat = time.monotonic()
        self._handle = asyncio.get_running_loop().call_later(min(1.0, self._seconds / 4), self._tick)

    def _watch(self) -> None:
        while not self._over.wait(self._seconds / 4):
            if time.monotonic() - self._beat > self._seconds:
                frame = sys._current_frames().get(self._main)
                # Not the first look: a machine that slept wakes with an old beat and goes on by itself.
                if self._over.wait(self._seconds / 4) or time.monotonic() - self._beat < self._seconds:
                    continue
                stack = "".join(traceback.format_stack(frame, 12)) if frame is not None else ""
                self._blocked(culprit(frame, self._packages), stack)
                return


def _exit(who: str, stack: str) -> None:
    sys.stderr.write(
        f"leadgen: {who} has blocked the event loop; the run was stopped and can be resumed"
        + (f" without it (--plugins no:{who} --resume)" if who != "the core" else " with --resume")
        + f"\n{stack}"
    )
    sys.stderr.flush()
    os._exit(3)
