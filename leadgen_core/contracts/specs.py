"""Specs: the records that hooks return. Cheap to make, printable, without any I/O.

A ``factory`` is a string ``module:attribute``. It is imported and called as ``factory(config)`` when the run
needs the object, so a hook imports nothing heavy; ``config`` is the plugin's ``Plugin.config`` instance. A class or
function that takes no argument is called without. Of the kinds with one method it may be that method itself: a
function ``async def answer(subject, ctx)`` is a source, ``score(lead, now)`` a scorer, ``resolve(case, draft)`` a
resolver.
"""

from __future__ import annotations

from typing import Any

from attrs import field
from attrs.validators import ge, matches_re

from leadgen_core.contracts.api import ApiSpec
from leadgen_core.model.claims import Claim
from leadgen_core.model.records import frozen
from leadgen_core.model.subjects import Subject

__all__ = [
    "API_VERSION",
    "CacheSpec",
    "DiscovererSpec",
    "LeaseSpec",
    "NoConfig",
    "Plugin",
    "RateLimiterSpec",
    "ResolverSpec",
    "ScorerSpec",
    "ScreenSpec",
    "SimulatorSpec",
    "SinkSpec",
    "SourceSpec",
    "Spec",
]

API_VERSION = 1
"""The version of these contracts. A plugin names the one that it was written for."""

_NAME = matches_re(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_FACTORY = matches_re(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


@frozen
class NoConfig:
    """For a plugin that has nothing to configure."""


@frozen(kw_only=True)
class Plugin:
    """What a plugin's module offers as ``PLUGIN``: the contract's version and one attrs class for its config."""

    api_version: int
    config: type[Any] = NoConfig


@frozen(kw_only=True)
class Spec:
    """What all kinds have. ``auto``: taken by a run for which no plugins were chosen."""

    name: str = field(validator=_NAME)
    factory: str = field(validator=_FACTORY)
    auto: bool = True


@frozen(kw_only=True)
class SourceSpec(Spec):
    """A source answers questions about one type of subject; the question is ``<plugin>.<name>``.

    - ``asks``: the subject type; ``yields``: the claim types it can give.
    - ``tier``: cheap tiers run first; a dearer one only opens while something wanted is missing.
    - ``calls``: upstream calls that one subject usually costs.
    - ``categories``: the personal data that it touches, in words (``name``, ``role``), for the planner.
    """

    asks: type[Subject]
    yields: tuple[type[Claim], ...]
    api: ApiSpec | None = None
    tier: int = field(default=0, validator=ge(0))
    calls: float = 1.0
    categories: tuple[str, ...] = ()


@frozen(kw_only=True)
class CacheSpec(Spec):
    """A cache tier: the factory makes an ``aiocache.BaseCache``. ``persistent``: it outlives the process."""

    persistent: bool = False


@frozen(kw_only=True)
class RateLimiterSpec(Spec):
    """A limiter: the factory makes a :class:`~leadgen_core.RateLimiter`. ``shared``: between processes."""

    shared: bool = False


@frozen(kw_only=True)
class LeaseSpec(Spec):
    """Leases between processes: the factory makes a :class:`~leadgen_core.Lease`."""


@frozen(kw_only=True)
class ResolverSpec(Spec):
    """A resolver: from the claims of one company to one lead."""


@frozen(kw_only=True)
class ScreenSpec(Spec):
    """A screen: who must not be asked about, profiled or delivered."""


@frozen(kw_only=True)
class ScorerSpec(Spec):
    """A scorer. ``scores`` are the names of the scores that it gives."""

    scores: tuple[str, ...]


@frozen(kw_only=True)
class SinkSpec(Spec):
    """A sink takes the outputs that end with one of ``endings`` or are named by one of ``presets``.

    ``mode`` is ``append``, ``upsert`` or ``snapshot``; ``guarantee`` says in words what a crash can do to it;
    ``automated``: it hands data on without a person (some providers forbid that).
    """

    mode: str = field(default="append", validator=matches_re("append|upsert|snapshot"))
    endings: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()
    guarantee: str = ""
    automated: bool = False


@frozen(kw_only=True)
class DiscovererSpec(Spec):
    """A discoverer: it lists the companies that fit a query, for ``leadgen discover``. ``api`` as of a source."""

    api: ApiSpec | None = None


@frozen(kw_only=True)
class SimulatorSpec(Spec):
    """A simulator of the API named ``api``. The factory makes a :class:`leadgen_core.contracts.world.Simulator`."""

    api: str
