"""Python's garbage collector in a process that is ours: a long run makes many records, and hardly a cycle.

Its default looks through all that is young after each 700 new objects, and through everything every so often: 7 % of
a run's CPU, and a part of its start.
"""

from __future__ import annotations

import gc

__all__ = ["begin", "settle"]


def begin() -> None:
    """Not while modules are imported: they are there to stay."""
    gc.disable()


def settle() -> None:
    """What is there stays and is looked through no more; from now on young objects are, in larger groups."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
