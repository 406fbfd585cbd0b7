"""Imports a package that only its factory needs."""

from __future__ import annotations

from collections.abc import Iterable

import yarl

from leadgen_core import Plugin, ScorerSpec, hookimpl
from tests.kit.mutants_scorers import SOUND

PLUGIN = Plugin(api_version=1)
URL = yarl.URL("https://api.example")


@hookimpl
def leadgen_scorers() -> Iterable[ScorerSpec]:
    return (SOUND,)
