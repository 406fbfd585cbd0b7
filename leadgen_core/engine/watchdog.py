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

__all__ = ["CORE", "Watchdog", "culprit"]


CORE = "the core"


def culprit(frame: FrameType | None, modules: Mapping[str, str]) -> str:
    """The innermost plugin on this stack, else ``the core``. ``modules`` has the plugin of each plugin's module.

    The module itself or its nearest parent decides. Code that several plugins of one package share may be any
    of theirs, and all are named.
    """
    tops: dict[str, list[str]] = {}
    for module, plugin in modules.items():
        tops.setdefault(module.partition(".")[0], []).append(plugin)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        top = name.partition(".")[0]
        while name:
            if name in modules:
                return modules[name]
            name = name.rpartition(".")[0]
        if top in tops:
            return " or ".join(sorted(tops[top]))
        frame = frame.f_back
    return CORE


class Watchdog:
    """``with Watchdog(...)`` inside a running loop. ``modules`` names the plugin of each plugin's module."""

    def __init__(
        self, seconds: float, modules: Mapping[str, str], blocked: Callable[[str, str], None] | None = None
    ) -> None:
        """``blocked(who, stack)`` is called in the thread after ``seconds`` without a beat; by default the run ends."""
        self._seconds = seconds
        self._modules = modules
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
                self._blocked(culprit(frame, self._modules), stack)
                return


def _exit(who: str, stack: str) -> None:
    without = "".join(f"no:{plugin.partition(' ')[0]}," for plugin in who.split(" or "))
    sys.stderr.write(
        f"leadgen: {who} has blocked the event loop; the run was stopped and can be resumed"
        + (f" without it (--plugins {without.rstrip(',')} --resume)" if who != CORE else " with --resume")
        + f"\n{stack}"
    )
    sys.stderr.flush()
    os._exit(3)
