"""The hooks: one synchronous function per kind. Each returns spec records, does no I/O and awaits nothing.

A plugin is a module named by an entry point of the group ``leadgen.plugins``; the entry point's name is the
plugin's. The module has ``PLUGIN = Plugin(api_version=1, config=Config)`` and functions marked with
``@leadgen_core.hookimpl`` that are named like these::

    @hookimpl
    def leadgen_sources() -> Iterable[SourceSpec]:
        yield SourceSpec(name="filings", factory="leadgen_acme.source:Filings", asks=CompanyNumber,
                         yields=(CompanyProfile,), api=ACME)
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from leadgen_core.contracts.specs import (
    CacheSpec,
    DiscovererSpec,
    LeaseSpec,
    RateLimiterSpec,
    ResolverSpec,
    ScorerSpec,
    ScreenSpec,
    SimulatorSpec,
    SinkSpec,
    SourceSpec,
)

__all__ = [
    "HOOKS",
    "PROJECT",
    "hookimpl",
    "leadgen_caches",
    "leadgen_discoverers",
    "leadgen_leases",
    "leadgen_rate_limiters",
    "leadgen_resolvers",
    "leadgen_scorers",
    "leadgen_screens",
    "leadgen_simulators",
    "leadgen_sinks",
    "leadgen_sources",
]

PROJECT = "leadgen"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as its implementation of the hook of the same name."""


@hookspec
def leadgen_sources() -> Iterable[SourceSpec]:
    """The sources: each answers questions about one type of subject.

    The factory makes a :class:`~leadgen_core.Source`.
    """
    return ()


@hookspec
def leadgen_caches() -> Iterable[CacheSpec]:
    """The cache tiers, fastest first. The factory makes an ``aiocache.BaseCache``."""
    return ()


@hookspec
def leadgen_rate_limiters() -> Iterable[RateLimiterSpec]:
    """The rate limiters, of which a run uses one. The factory makes a :class:`~leadgen_core.RateLimiter`."""
    return ()


@hookspec
def leadgen_leases() -> Iterable[LeaseSpec]:
    """The leases between processes, of which a run uses one. The factory makes a :class:`~leadgen_core.Lease`."""
    return ()


@hookspec
def leadgen_resolvers() -> Iterable[ResolverSpec]:
    """The resolvers, of which a run uses one. The factory makes a :class:`~leadgen_core.Resolver`."""
    return ()


@hookspec
def leadgen_screens() -> Iterable[ScreenSpec]:
    """The screens; a lead passes all of them. The factory makes a :class:`~leadgen_core.Screen`."""
    return ()


@hookspec
def leadgen_scorers() -> Iterable[ScorerSpec]:
    """The scorers. The factory makes a :class:`~leadgen_core.Scorer`."""
    return ()


@hookspec
def leadgen_sinks() -> Iterable[SinkSpec]:
    """The kinds of output. The factory makes a :class:`~leadgen_core.Sink`, once for each ``-o``."""
    return ()


@hookspec
def leadgen_discoverers() -> Iterable[DiscovererSpec]:
    """The discoverers, of which a listing uses the first. The factory makes a :class:`~leadgen_core.Discoverer`."""
    return ()


@hookspec
def leadgen_simulators() -> Iterable[SimulatorSpec]:
    """The simulated APIs. The factory makes a
    :class:`leadgen_core.contracts.world.Simulator`.
    """
    return ()


HOOKS: dict[str, type] = {
    "leadgen_sources": SourceSpec,
    "leadgen_caches": CacheSpec,
    "leadgen_rate_limiters": RateLimiterSpec,
    "leadgen_leases": LeaseSpec,
    "leadgen_resolvers": ResolverSpec,
    "leadgen_screens": ScreenSpec,
    "leadgen_scorers": ScorerSpec,
    "leadgen_sinks": SinkSpec,
    "leadgen_discoverers": DiscovererSpec,
    "leadgen_simulators": SimulatorSpec,
}
"""Every hook and the type of record that it collects."""
