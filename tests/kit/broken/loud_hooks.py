"""Starts a thread in a hook."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from leadgen_core import Plugin, ScorerSpec, hookimpl
from tests.kit.mutants_scorers import SOUND

PLUGIN = Plugin(api_version=1)


@hookimpl
def leadgen_scorers() -> Iterable[ScorerSpec]:
    threading.Thread(target=int).start()
    return (SOUND,)
