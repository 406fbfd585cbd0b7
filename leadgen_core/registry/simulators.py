"""The simulators of everything that is installed, for the program that serves them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from leadgen_core.contracts.specs import SimulatorSpec
from leadgen_core.errors import UsageError
from leadgen_core.registry.failures import PluginFailed
from leadgen_core.registry.registry import Registry
from leadgen_core.registry.result import Offer
from leadgen_core.settings import Layers

__all__ = ["installed_simulators"]


def installed_simulators(
    environ: Mapping[str, str] = os.environ,
) -> tuple[tuple[Offer[SimulatorSpec], ...], tuple[str, ...]]:
    """The simulators of all installed plugins by name of their API, and sentences about what was left out.

    ``offer.make()`` makes one. No configuration is read: each plugin's config has its defaults, so that no real
    key comes near a simulator. ``LEADGEN_PLUGINS`` in ``environ`` hides plugins as everywhere. A plugin that is
    broken is left out, and so is the second simulator of an API.
    """
    registry = Registry.discover(environ)
    defaults = Layers(file=None, profile=None)
    found: dict[str, Offer[SimulatorSpec]] = {}
    left = list(registry.notes)
    for name in registry.names:
        try:
            opened = registry.open(name)
            specs = [record.spec for record in opened.records if isinstance(record.spec, SimulatorSpec)]
            if not specs:
                continue
            config = defaults.config(name, opened.plugin.config)
        except (PluginFailed, UsageError) as failure:
            left.append(str(failure))
            continue
        except Exception as error:  # the class itself is at fault
            left.append(f"the plugin {opened.installed}: filling its config class failed with {type(error).__name__}")
            continue
        for spec in specs:
            offer = Offer(opened.installed, spec, config)
            first = found.setdefault(spec.api, offer)
            if first is not offer:
                left.append(f"{offer.question} also simulates {spec.api}; {first.question} is taken")
    return tuple(offer for _, offer in sorted(found.items())), tuple(left)
