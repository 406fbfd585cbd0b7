"""Whether the world is hard: no naive baseline may do well in it. The limits stand in ``thresholds.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from attrs import frozen

from leadgen_core import UsageError
from leadgen_sandbox.evaluation.baselines import BASELINES, JOINS, SuffixRule
from leadgen_sandbox.evaluation.scoring import Figures

__all__ = ["FILE", "Limits", "limits", "read_limits", "too_easy"]

FILE = "thresholds.toml"


@frozen(kw_only=True)
class Limits:
    """How well a baseline may do in worlds of one profile. Baselines without a limit are reported only."""

    judged_from: int
    """Companies of the smallest world that is judged: of fewer, one more or less decides."""
    f1_at_most: Mapping[str, float]
    join_f1_at_most: Mapping[str, float]
    suffix_rule_wrong_at_least: float


def limits(profile: str) -> Limits:
    """Those of a world's profile. Raises UsageError where the file does not have them."""
    return read_limits(tomllib.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8")), profile)


def read_limits(raw: Mapping[str, Any], profile: str) -> Limits:
    """The limits in a parsed file."""
    section = raw.get(profile)
    try:
        found = Limits(judged_from=raw["judged_from"], **section) if isinstance(section, dict) else None
    except (KeyError, TypeError):
        found = None
    if (
        found is None
        or not found.f1_at_most.keys() <= BASELINES.keys()
        or not found.join_f1_at_most.keys() <= JOINS.keys()
    ):
        raise UsageError(f"{FILE}: [{profile}] is not what it should be: limits of known baselines")
    return found


def too_easy(
    limits: Limits, baselines: Mapping[str, Figures], joins: Mapping[str, Figures], rule: SuffixRule
) -> list[str]:
    """A sentence for each baseline that does too well; none when the world is hard enough."""
    said = [
        *_above(limits.f1_at_most, baselines, "the baseline {}", "true"),
        *_above(limits.join_f1_at_most, joins, "the join of {}", "true pairs"),
    ]
    least = limits.suffix_rule_wrong_at_least
    if rule.share_wrong is None:
        said.append("no company is an officer, so the suffix rule cannot be wrong")
    elif rule.share_wrong < least:
        said.append(
            f"the legal-suffix rule is wrong about {rule.share_wrong:.1%} of corporate officers "
            f"({rule.officers_wrong} of {rule.officers}), at least {least:.0%} is expected"
        )
    return [f"the world is too easy: {each}" for each in said]


def _above(most: Mapping[str, float], measured: Mapping[str, Figures], what: str, of: str) -> list[str]:
    return [
        f"{what.format(name)} has F1 {figures.f1:.3f}, at most {limit} is allowed "
        f"({figures.correct} right of {figures.found} found and {figures.true} {of})"
        for name, limit in most.items()
        if (figures := measured[name]).f1 is not None and figures.f1 > limit
    ]
