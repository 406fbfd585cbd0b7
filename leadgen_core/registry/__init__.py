"""The registry: which plugins are installed, which a run takes, in which order, and who is at fault.

Finding plugins reads metadata only. pluggy and the contracts are imported when plugins are loaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from leadgen_core.registry.failures import PluginFailed
from leadgen_core.registry.installed import Command, Installed
from leadgen_core.registry.registry import Registry, commands, split_names

if TYPE_CHECKING:
    from leadgen_core.registry.opening import Opened, Record
    from leadgen_core.registry.result import Note, Offer, Plugins

__all__ = [
    "Command",
    "Installed",
    "Note",
    "Offer",
    "Opened",
    "PluginFailed",
    "Plugins",
    "Record",
    "Registry",
    "commands",
    "split_names",
]

_LATE = {"Note": "result", "Offer": "result", "Opened": "opening", "Plugins": "result", "Record": "opening"}


def __getattr__(name: str) -> object:
    # These need the contracts, which the help page should not wait for.
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    globals()[name] = value
    return value
