"""Scorers that are wrong in one way."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

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


class Generous(Sound):
    """Gives a score that it has not declared."""

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        return {**super().score(lead, now), "luck": Score(value=0.0)}


class Mute(Sound):
    """Says nothing of why."""

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        return {"fit": Score(value=50.0)}


class Writing(Sound):
    """Writes its score into the lead."""

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        scores = super().score(lead, now)
        cast("dict[str, Score]", lead.scores).update(scores)
        return scores


class Looking(Sound):
    """Looks at the clock on the wall."""

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        if datetime.now(UTC).year < 2000:
            return {}
        return super().score(lead, now)


class Trusting(Sound):
    """Takes it for granted that a company has a name."""

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        if lead.company.name.startswith("X"):  # type: ignore[union-attr]
            return {}
        return super().score(lead, now)


SOUND = ScorerSpec(name="fit", factory=f"{__name__}:Sound", scores=("fit",))

MUTANTS: Mutants = {
    f"scorer.{check}": (plugin(scorers=[evolve(SOUND, factory=f"{__name__}:{kind.__name__}")]), None)
    for check, kind in {
        "deterministic": Counting,
        "own-scores": Generous,
        "pure": Looking,
        "reasons": Mute,
        "survives": Trusting,
        "unchanged": Writing,
    }.items()
}
SOUND_PLUGINS: SoundPlugins = {"scorer": (plugin(scorers=[SOUND]), None)}
