"""Seeing what a function does beside its result: files, network, processes, clocks, chance."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["watched"]

_EVENTS: tuple[str, ...] = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
)
_EVENTS += ("os.mkdir", "os.rmdir", "os.scandir", "shutil.", "sqlite3.", "urllib.", "_thread.start_new_thread")
_CODE = (".py", ".pyc", ".so", ".pyd")
_CLOCK = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "sleep"}
_TODAY = {"now", "utcnow", "today"}
_CHANCE = {"random", "getrandbits", "urandom", "getrandom"}

_watching: list[tuple[int, list[str]]] = []
"""The thread that is watched, and what was seen. An audit hook cannot be taken off again, so there is one for all."""
_hooked = False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or _watching[-1][0] != threading.get_ident():
        return
    if event == "open":
        path = str(arguments[0])
        if not path.endswith(_CODE):  # a module that is imported when it is needed
            _watching[-1][1].append(f"opens {path}")
    elif event.startswith(_EVENTS):
        _watching[-1][1].append(f"does {event}")


def _called(function: Any) -> str | None:
    name, owner = getattr(function, "__name__", ""), getattr(function, "__self__", None)
    if name in _CLOCK and getattr(owner, "__name__", "") == "time":
        return f"reads time.{name}"
    if name in _TODAY and isinstance(owner, type) and owner.__module__ == "datetime":
        return f"reads {owner.__name__}.{name}"
    if name in _CHANCE:
        return f"draws by {name}"
    return None


@contextmanager
def watched() -> Iterator[list[str]]:
    """What is done by this thread within, as ``reads time.time``; however the functions were imported.

    ``datetime.now``, ``time`` and ``random`` raise no audit events, so calls of C functions are looked at, too. Nothing
    is suppressed: it happens, and is seen.
    """
    global _hooked  # noqa: PLW0603
    if not _hooked:
        sys.addaudithook(_audit)
        _hooked = True
    seen: list[str] = []

    def profile(_frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and (what := _called(argument)) is not None:
            seen.append(what)

    before = sys.getprofile()
    _watching.append((threading.get_ident(), seen))
    sys.setprofile(profile)
    try:
        yield seen
    finally:
        sys.setprofile(before)
        _watching.pop()
