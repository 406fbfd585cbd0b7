"""Plugins that are wrong as a whole. What goes wrong at import has a module of its own in ``broken``."""

from __future__ import annotations

from typing import Any

from attrs import evolve, frozen

import leadgen_core as lg
from tests.kit import sound
from tests.kit.broken import heavy_import, loud_hooks, loud_import, quiet
from tests.kit.mutants import Mutants, SoundPlugins, plugin
from tests.kit.mutants_scorers import SOUND
from tests.kit.sound_simulator import Simulator


@frozen(kw_only=True)
class NoQuota:
    base_url: str = "https://api.sound.example"
    api_key: lg.Secret | None = None


@frozen(kw_only=True)
class Plain(sound.Config):
    password: str = ""


class Unclosed(Simulator):
    """Cannot be closed."""

    async def aclose(self) -> None:
        raise RuntimeError("it was never opened")


def mutant(config: type[Any] = sound.Config, simulator: lg.SimulatorSpec = sound.SIMULATOR, **api: Any) -> Any:
    """The sound plugin with another config, simulator or API."""
    source = evolve(sound.SOURCE, api=evolve(sound.API, **api))
    return plugin(config=config, sources=[source], simulators=[simulator])


unbounded = plugin(scorers=[SOUND])
vars(unbounded)["DISTRIBUTION"] = "leadgen-unbounded"

MUTANTS: Mutants = {
    "plugin.api": (mutant(hosts=("https://cdn.sound.example/",)), sound.SAMPLES),
    "plugin.config": (mutant(NoQuota), sound.SAMPLES),
    "plugin.factories": (mutant(simulator=evolve(sound.SIMULATOR, factory=f"{__name__}:Unclosed")), sound.SAMPLES),
    "plugin.hooks-quiet": (loud_hooks, None),
    "plugin.import-light": (heavy_import, None),
    "plugin.import-quiet": (loud_import, None),
    "plugin.metadata": (unbounded, None),
    "plugin.secrets": (mutant(Plain), sound.SAMPLES),
}
by_endpoint = mutant(
    operations={**sound.API.operations, "company": lg.Operation("register", quota="company")},
    quotas={"company": (lg.Window(30, 60.0),)},
)
SOUND_PLUGINS: SoundPlugins = {"quiet": (quiet, None), "quotas by endpoint": (by_endpoint, sound.SAMPLES)}
