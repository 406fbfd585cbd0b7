"""The sections that are the core's own."""

from __future__ import annotations

from typing import Any

from attrs import field
from attrs.validators import deep_iterable, ge, gt, in_, le, min_len, optional

from leadgen_core.model.records import frozen
from leadgen_core.secrets import Secret

__all__ = ["AIMS", "PluginsSection", "RunSettings"]

AIMS = ("executives", "site", "audit", "accounts")
"""What a run can want and aim at."""


_WANT: Any = optional(deep_iterable(in_(AIMS), min_len(1)))


@frozen(kw_only=True)
class RunSettings:
    """What a run does, whichever plugins it loads."""

    want: tuple[str, ...] | None = field(default=None, validator=_WANT)
    """What is collected; null: all that the loaded plugins can give."""

    goal: str = field(default="executives", validator=in_(AIMS))
    """What a row must reach for the run to end with exit code 0."""

    concurrency: int = field(default=20, validator=[ge(1), le(1000)])
    """Open requests at a time."""

    in_flight: int = field(default=256, validator=[ge(1), le(10_000)])
    """Companies at a time."""

    limiter: str | None = None
    """Name of the rate limiter; null: the first loaded one that is shared, else the first."""

    resolver: str | None = None
    """Name of the resolver; null: the first one that is loaded."""

    runner: str = field(default="local", validator=in_(("local",)))
    """What drives the pipeline."""

    outbox: str = field(default="sqlite", validator=in_(("sqlite",)))
    """Where finished leads are kept until every sink has them."""

    output: str = field(default="leads.jsonl", validator=min_len(1))
    """The output of a run without -o."""

    installation_key: Secret | None = None
    """Key of the hashes that stand for personal data; null: made once and kept in the user's data directory."""

    answer_timeout: float = field(default=30.0, validator=gt(0))
    """Seconds of its own time (waiting for upstream not counted) that a source may take for one answer."""

    sink_timeout: float = field(default=300.0, validator=gt(0))
    """Seconds that a sink may take for one batch of leads."""

    block_seconds: float = field(default=10.0, validator=gt(0))
    """Seconds for which a plugin may block the event loop before the run ends with exit code 3."""

    drain_seconds: float = field(default=10.0, validator=ge(0))
    """Seconds that companies in flight get to finish when the run is interrupted."""


@frozen(kw_only=True)
class PluginsSection:
    """Which plugins a run loads that names none."""

    use: tuple[str, ...] | None = None
    """Names in the order in which they are asked; null: every installed plugin whose specs say auto."""
