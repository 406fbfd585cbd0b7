"""Patience: a plugin that blocks before the run has begun is named, and the command ends.

Nothing is written yet, and no loop turns yet, so there is nothing to resume; Python cannot be taken out of a call
that does not come back.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from leadgen_core.registry.installed import Installed

__all__ = ["SECONDS", "patience"]

SECONDS = 60.0
"""How long an import, a hook or a factory of a plugin may take."""


@contextmanager
def patience(plugin: Installed, doing: str) -> Iterator[None]:
    """End the process with exit code 2 when what stands inside takes longer than :data:`SECONDS`."""
    timer = threading.Timer(SECONDS, _end, (plugin, doing))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(plugin: Installed, doing: str) -> None:
    sys.stderr.write(
        f"leadgen: the plugin {plugin}: {doing} has not come back for {SECONDS:g} s; "
        f"--plugins no:{plugin.name} leaves it out\n"
    )
    sys.stderr.flush()
    os._exit(2)
