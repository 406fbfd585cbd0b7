"""Opens a socket when it is imported."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from leadgen_core import Plugin, ScorerSpec, hookimpl
from tests.kit.mutants_scorers import SOUND

PLUGIN = Plugin(api_version=1)
socket.socket().close()


@hookimpl
def leadgen_scorers() -> Iterable[ScorerSpec]:
    return (SOUND,)
