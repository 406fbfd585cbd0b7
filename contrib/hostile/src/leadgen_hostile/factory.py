"""Factories that raise; ``HOSTILE_FACTORY`` says what, and of which kind."""
# ruff: noqa: ARG002

import os
from typing import Any

from leadgen_core import (
    CacheSpec,
    CompanyNumber,
    CompanyProfile,
    Plugin,
    ScorerSpec,
    ScreenSpec,
    SourceSpec,
    hookimpl,
)

PLUGIN = Plugin(api_version=1)


def _part(place: int) -> str:
    return os.environ.get("HOSTILE_FACTORY", "error:source").split(":")[place]


_BAD = f"{__name__}:Bad"


@hookimpl
def leadgen_sources() -> list[SourceSpec]:
    spec = SourceSpec(name="facts", factory=_BAD, asks=CompanyNumber, yields=(CompanyProfile,))
    return [spec] if _part(1) == "source" else []


@hookimpl
def leadgen_caches() -> list[CacheSpec]:
    return [CacheSpec(name="tier", factory=_BAD)] if _part(1) == "cache" else []


@hookimpl
def leadgen_scorers() -> list[ScorerSpec]:
    return [ScorerSpec(name="score", factory=_BAD, scores=("bad",))] if _part(1) == "scorer" else []


@hookimpl
def leadgen_screens() -> list[ScreenSpec]:
    return [ScreenSpec(name="screen", factory=_BAD)] if _part(1) == "screen" else []


class Bad:
    """Cannot be made."""

    def __init__(self, config: Any) -> None:
        raise (SystemExit(0) if _part(0) == "exit" else RuntimeError("hunter2-hunter2"))
