"""Does nothing at import and nothing in its hooks."""

from __future__ import annotations

from collections.abc import Iterable

from leadgen_core import Plugin, ScorerSpec, hookimpl
from tests.kit.mutants_scorers import SOUND

PLUGIN = Plugin(api_version=1)


@hookimpl
def leadgen_scorers() -> Iterable[ScorerSpec]:
    return (SOUND,)
