"""Python's garbage collector in a process that is ours: a long run makes many records, and hardly a cycle.

Its default looks through all that is young after each 700 new objects, and through everything every so often: a good
part of a run's CPU, and of its start. What 256 companies hold while they are under way (some 40,000 objects) is young
too, and looking through that costs more each time than it could find: a tenth of a run's CPU at a threshold of 20,000.
"""

from __future__ import annotations

import gc

__all__ = ["begin", "settle"]

_MANY = 100_000
"""Objects that were made and are still there, since the last look."""


def begin() -> None:
    """Not while modules are imported: they are there to stay."""
    gc.disable()


def settle() -> None:
    """What is there stays and is looked through no more; young objects are when there are many more than in a run.

    Then something does make cycles (exceptions that hold their frames do), and what they hold is bounded by this.
    """
    gc.freeze()
    gc.set_threshold(_MANY, 20, 20)
    gc.enable()
