"""Who failed, where, and how, in words that hold nothing of what the plugin said itself."""

from __future__ import annotations

import re

from leadgen_core.errors import error_name
from leadgen_core.registry.installed import Installed

__all__ = ["PluginFailed", "failed"]

_MODULE = re.compile(r"[\w.]{1,200}")


class PluginFailed(Exception):
    """A plugin broke. The message is one sentence that names it with its distribution and version.

    ``where`` is ``import``, ``contract``, ``hooks``, ``config`` or ``factory``; ``error`` is the type of the
    exception. The exception's own text is left out, since it may hold anything; it is the ``__cause__``.
    """

    def __init__(self, plugin: Installed, where: str, error: str, because: str) -> None:
        super().__init__(f"the plugin {plugin}: {because}")
        self.plugin = plugin
        self.where = where
        self.error = error
        self.because = because


def failed(plugin: Installed, where: str, doing: str, exc: BaseException) -> PluginFailed:
    """The failure for an exception that the plugin let out while ``doing`` something."""
    error = error_name(exc)
    missing = exc.name if isinstance(exc, ImportError) else None
    if missing is not None and not _MODULE.fullmatch(str(missing)):
        missing = None
    return PluginFailed(plugin, where, error, f"{doing} failed with {error}{f' ({missing})' if missing else ''}")
