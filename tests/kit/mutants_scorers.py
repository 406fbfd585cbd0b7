"""Scorers that are wrong in one way."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime

from attrs import evolve

from leadgen_core import Lead, Reason, Score, ScorerSpec
from tests.kit.mutants import Mutants, SoundPlugins, plugin


class Sound:
    """One score, from nothing but the lead."""

    def __init__(self, _config: object) -> None:
        pass

    def score(self, lead: Lead, _now: datetime) -> Mapping[str, Score]:
        return {"fit": Score(value=50.0, reasons=(Reason(points=50.0, because="it is a company"),))}


class Counting(Sound):
    """Every lead gets another score."""

    _calls = itertools.count()

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        points = float(next(self._calls) % 100)
        return {"fit": Score(value=points, reasons=(Reason(points=points, because="it is a company"),))}


SOUND = ScorerSpec(name="fit", factory=f"{__name__}:Sound", scores=("fit",))

MUTANTS: Mutants = {
    "scorer.deterministic": (plugin(scorers=[evolve(SOUND, factory=f"{__name__}:Counting")]), None),
}
SOUND_PLUGINS: SoundPlugins = {"scorer": (plugin(scorers=[SOUND]), None)}
