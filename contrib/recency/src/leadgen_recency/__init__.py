"""recency: a score for how young a company is and how recently something changed there."""

from __future__ import annotations

from collections.abc import Iterable

from leadgen_core import Plugin, ScorerSpec, hookimpl

__all__ = ["PLUGIN", "leadgen_scorers"]

PLUGIN = Plugin(api_version=1)


@hookimpl
def leadgen_scorers() -> Iterable[ScorerSpec]:
    """The one scorer."""
    return (ScorerSpec(name="recency", factory="leadgen_recency.scorer:Recency", scores=("recency",)),)
