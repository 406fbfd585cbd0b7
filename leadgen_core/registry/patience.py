"""Patience: a plugin that blocks before the run has begun is named, and the command ends.

Nothing is written yet, and no loop turns yet, so there is nothing to resume; Python cannot be taken out of a call
that does not come back.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from leadgen_core.registry.installed import Installed

__all__ = ["SECONDS", "patience"]

SECONDS = 60.0
"""How long an import, a hook or a factory of a plugin may take."""
_LOCK = threading.Lock()
_open: dict[object, tuple[float, Installed, str]] = {}
"""What is going on: until when it may, whose it is, and what."""
_watchers: list[threading.Thread] = []
"""One thread or none: a thread for each import and factory was a twentieth of a run's start."""


@contextmanager
def patience(plugin: Installed, doing: str) -> Iterator[None]:
    """End the process with exit code 2 when what stands inside takes longer than :data:`SECONDS`."""
    mark = object()
    with _LOCK:
        _open[mark] = time.monotonic() + SECONDS, plugin, doing
        if not _watchers:
            watcher = threading.Thread(target=_watch, name="leadgen-patience", daemon=True)
            _watchers.append(watcher)
            watcher.start()
    try:
        yield
    finally:
        with _LOCK:
            del _open[mark]


def _watch() -> None:
    """Look again and again at what has not come back; end when there is nothing to look at."""
    while True:
        time.sleep(min(1.0, SECONDS / 10))
        with _LOCK:
            if not _open:
                _watchers.clear()
                return
            due, plugin, doing = min(_open.values(), key=lambda entry: entry[0])
        if due <= time.monotonic():
            _end(plugin, doing)


def _end(plugin: Installed, doing: str) -> None:
    sys.stderr.write(
        f"leadgen: the plugin {plugin}: {doing} has not come back for {SECONDS:g} s; "
        f"--plugins no:{plugin.name} leaves it out\n"
    )
    sys.stderr.flush()
    os._exit(2)
