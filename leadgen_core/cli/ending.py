"""The last resort: a command that is done ends, whatever a plugin left running."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress

__all__ = ["leave"]

_PATIENCE = 5.0
"""Seconds between the end of the work and the end of the process."""


def leave(code: int, modules: Mapping[str, str]) -> None:
    """The work is done: end with this exit code soon, even when a thread or task of a plugin does not.

    ``modules`` as of :func:`~leadgen_core.engine.watchdog.culprit`.
    """
    threading.Thread(target=_end, args=(code, modules), name="leadgen-ending", daemon=True).start()


def _end(code: int, modules: Mapping[str, str]) -> None:
    from leadgen_core.engine.watchdog import CORE, culprit

    time.sleep(_PATIENCE)
    frames = sys._current_frames()
    others = (thread.ident for thread in threading.enumerate() if thread is not threading.current_thread())
    who = sorted({culprit(frames.get(ident or 0), modules) for ident in others} - {CORE})
    with suppress(Exception):
        sys.stderr.write(f"leadgen: something does not end, of {' or '.join(who) or 'a plugin'}; it is left behind\n")
        sys.stderr.flush()
        sys.stdout.flush()
    os._exit(code)
