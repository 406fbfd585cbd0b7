"""Settings: leadgen.toml, its profiles, the environment and ``--set`` become typed, checked classes.

Reading the layers costs next to nothing; typed-settings and cattrs are imported when a class is filled.
"""

from __future__ import annotations

from leadgen_core.settings.layers import NO_SECRET, Layers, ResolvedSecret, read_layers
from leadgen_core.settings.run import AIMS, RunSettings
from leadgen_core.settings.schema import config_schema

__all__ = ["AIMS", "NO_SECRET", "Layers", "ResolvedSecret", "RunSettings", "config_schema", "read_layers"]
