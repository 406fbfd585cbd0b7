"""The kit's own proof: for each check one plugin that this check alone catches.

Each module ``tests/kit/mutants_<kind>.py`` has ``MUTANTS``: by the id of a check, the plugin that fails it and no
other check, and the samples with which it is examined (or None)::

    class Forgetful(Sound): ...

    MUTANTS: Mutants = {
        "scorer.deterministic": (plugin(scorers=[evolve(SOUND, factory=f"{__name__}:Forgetful")]), None),
    }
    SOUND_PLUGINS: SoundPlugins = {"scorer": (plugin(scorers=[SOUND]), None)}

``SOUND_PLUGINS`` are those that fail nothing, by a name of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from leadgen_core import NoConfig, Plugin, hookimpl
from leadgen_core.contracts.specs import Spec
from leadgen_core.testing import Samples

__all__ = ["Mutants", "SoundPlugins", "gathered", "plugin"]

Mutants = dict[str, tuple[object, Samples | None]]
SoundPlugins = dict[str, tuple[object, Samples | None]]


def plugin(*, config: type[Any] = NoConfig, **kinds: Iterable[Spec]) -> ModuleType:
    """A plugin's module made of specs: ``plugin(sources=[...], simulators=[...])``."""
    module = ModuleType("made_for_the_kit")
    vars(module)["PLUGIN"] = Plugin(api_version=1, config=config)
    for kind, specs in kinds.items():
        vars(module)[f"leadgen_{kind}"] = _hook(f"leadgen_{kind}", tuple(specs))
    return module


def _hook(name: str, specs: tuple[Spec, ...]) -> Callable[[], tuple[Spec, ...]]:
    def hook() -> tuple[Spec, ...]:
        return specs

    hook.__name__ = name
    return hookimpl(hook)


def gathered(what: str) -> dict[str, tuple[object, Samples | None]]:
    """``MUTANTS`` or ``SOUND_PLUGINS`` of every module beside this one. Raises ``ValueError`` for one id twice."""
    found: dict[str, tuple[object, Samples | None]] = {}
    for file in sorted(Path(__file__).parent.glob("mutants_*.py")):
        entries = getattr(import_module(f"tests.kit.{file.stem}"), what, {})
        if twice := found.keys() & entries.keys():
            raise ValueError(f"{file.name}: {what} has {min(twice)} a second time")
        found |= entries
    return found
