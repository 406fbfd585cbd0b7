"""Registry: discover, choose, explain. What needs imports of plugins is in ``loading``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from leadgen_core.errors import UsageError
from leadgen_core.registry.failures import PluginFailed
from leadgen_core.registry.installed import Command, Installed, Scan, printable, scan

if TYPE_CHECKING:
    from leadgen_core.events import Events
    from leadgen_core.registry.opening import Opened
    from leadgen_core.registry.result import Plugins
    from leadgen_core.settings import Layers

__all__ = ["Registry", "commands", "split_names"]


def split_names(text: str) -> tuple[str, ...]:
    """The items of ``--plugins a,b,no:c``. Raises UsageError when there is none."""
    names = tuple(name for name in (part.strip() for part in text.split(",")) if name)
    if not names:
        raise UsageError("--plugins names no plugin")
    return names


def commands(environ: Mapping[str, str] = os.environ) -> tuple[Command, ...]:
    """The commands that installed distributions add, from metadata."""
    return Registry.discover(environ).commands


def _bare_package(name: str) -> str:
    """A hint at a package of this name that can be imported and is no plugin, for want of metadata."""
    package = f"leadgen_{name.replace('-', '_')}"
    try:
        spec = find_spec(package) if package.isidentifier() else None
    except (ImportError, ValueError):
        return ""
    if spec is None or spec.origin is None:
        return ""
    return f"; {spec.origin} is there, but no installed distribution offers it: it needs an entry point and pip install"


class Registry:
    """What is installed. Two plugins may have one name here; only loading such a name is an error."""

    def __init__(self, found: Scan, allowed: Iterable[str] | None = None) -> None:
        """``allowed``: only these plugins are seen, and only commands of their distributions; None: all."""
        self._all = found.plugins
        self._modules: dict[Installed, object] = {}
        self._unusable = dict(found.unusable)
        notes = list(found.notes)
        self.installed: tuple[Installed, ...] = found.plugins
        """By name, then distribution."""
        self.commands: tuple[Command, ...] = found.commands
        if allowed is not None:
            allow = set(allowed)
            self.installed = tuple(each for each in found.plugins if each.name in allow)
            seen = {each.distribution for each in self.installed}
            self.commands = tuple(each for each in found.commands if each.distribution in seen)
            absent = sorted(allow - {each.name for each in found.plugins})
            notes += [f"LEADGEN_PLUGINS names {name}, which is not installed" for name in absent]
        self.notes: tuple[str, ...] = tuple(notes)
        """What was wrong with metadata or the allow list, in sentences."""

    @classmethod
    def discover(cls, environ: Mapping[str, str] = os.environ) -> Registry:
        """Everything that is installed, from metadata alone.

        ``LEADGEN_PLUGINS`` (names with commas between) hides all others; empty, it counts as not set.
        """
        allowed = [name for name in (part.strip() for part in environ.get("LEADGEN_PLUGINS", "").split(",")) if name]
        return cls(scan(), allowed or None)

    @classmethod
    def of(cls, plugins: Iterable[tuple[str, object, str, str]]) -> Registry:
        """A registry of these alone, whatever is installed: ``(name, module, distribution, version)``."""
        modules = {
            Installed(name, distribution, version, getattr(module, "__name__", name)): module
            for name, module, distribution, version in plugins
        }
        registry = cls(Scan(tuple(sorted(modules))))
        registry._modules = modules
        return registry

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the plugins that are seen, sorted, each once."""
        return tuple(sorted({each.name for each in self.installed}))

    @property
    def known_names(self) -> tuple[str, ...]:
        """The names of all that is installed, hidden or not: their sections may stand in the configuration."""
        return tuple(sorted({each.name for each in self._all}))

    def named(self, name: str) -> Installed:
        """The plugin of this name.

        Raises :class:`~leadgen_core.UsageError` when it is not installed, hidden, or offered twice.
        """
        found = [each for each in self.installed if each.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            both = " and ".join(f"{each.distribution} {each.version}" for each in found)
            raise UsageError(f"the plugin {name} is offered by two distributions, {both}: uninstall one")
        if name in self.known_names:
            raise UsageError(f"the plugin {name} is installed, but LEADGEN_PLUGINS leaves it out")
        if name in self._unusable:
            raise UsageError(self._unusable[name])
        from difflib import get_close_matches

        close = get_close_matches(name, self.names, n=1, cutoff=0.0)
        raise UsageError(
            f"there is no plugin {printable(name)}; "
            + (f"the nearest is {close[0]}" if close else "none is installed")
            + _bare_package(name)
        )

    def choose(self, asked: Sequence[str] | None, use: Sequence[str] | None) -> tuple[tuple[Installed, ...], bool]:
        """The plugins of a run in the user's order, and whether they were named (else: found automatically).

        ``asked`` are the items of ``--plugins``, ``use`` those of ``[plugins] use``. Raises
        :class:`~leadgen_core.UsageError` as :meth:`named` does.
        """
        wanted = [name for name in asked or () if not name.startswith("no:")]
        without = {name.removeprefix("no:") for name in asked or () if name.startswith("no:")}
        for name in sorted(without):
            if name not in self.known_names:
                self.named(name)  # a name that is not there is most likely misspelt, and would stay in
        by_name = bool(wanted) or use is not None
        if not by_name:
            wanted = list(self.names)
        elif not wanted:
            wanted = list(use or ())
        return tuple(self.named(name) for name in dict.fromkeys(wanted) if name not in without), by_name

    def open(self, name: str) -> Opened:
        """One plugin with all that it offers, for ``plugins show`` and the schema.

        Imports it. Raises :class:`~leadgen_core.UsageError` when there is no such plugin and
        :class:`~leadgen_core.registry.PluginFailed` when it is broken.
        """
        return self._open(self.named(name))

    def configs(self) -> dict[str, type]:
        """The config class of each plugin, for the schema of the configuration; broken plugins are left out.

        Imports all of them. Raises :class:`~leadgen_core.UsageError` when two plugins have one name.
        """
        classes: dict[str, type] = {}
        for name in self.names:
            with suppress(PluginFailed):
                classes[name] = self.open(name).plugin.config
        return classes

    def load(self, asked: Sequence[str] | None, layers: Layers, *, events: Events | None = None) -> Plugins:
        """Choose, open and configure the plugins of a run.

        ``asked`` are the items of ``--plugins`` (:func:`split_names`), None without the option. A plugin that
        was asked for by name and is broken raises :class:`~leadgen_core.UsageError`; one that was found
        automatically is left out, with a note and a ``PluginBroke`` event.
        """
        from leadgen_core.registry.loading import load

        layers.sections(self.known_names)
        chosen, by_name = self.choose(asked, layers.use)
        return load(chosen, by_name=by_name, opener=self._open, layers=layers, events=events)

    def _open(self, installed: Installed) -> Opened:
        from leadgen_core.registry.opening import open_plugin

        return open_plugin(installed, self._modules.get(installed))
