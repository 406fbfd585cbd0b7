"""recorded: a plugin of every common kind, written against version 1 of the plugin API."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen
from attrs.validators import ge, optional

from leadgen_core import (
    CacheSpec,
    CompanyNumber,
    CompanyProfile,
    OfficerAppointment,
    Plugin,
    RateLimiterSpec,
    ScorerSpec,
    Secret,
    SimulatorSpec,
    SinkSpec,
    SourceSpec,
    hookimpl,
)


@frozen(kw_only=True)
class Config:
    """The section ``[recorded]``."""

    api_key: Secret | None = None
    base_url: str | None = None
    quota: int | None = field(default=None, validator=optional(ge(1)))


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_sources() -> Iterable[SourceSpec]:
    from leadgen_recorded.api import RECORDED

    yield SourceSpec(
        name="companies",
        factory="leadgen_recorded.source:Companies",
        asks=CompanyNumber,
        yields=(CompanyProfile,),
        api=RECORDED,
    )
    yield SourceSpec(
        name="people",
        factory="leadgen_recorded.source:people",
        asks=CompanyNumber,
        yields=(OfficerAppointment,),
        api=RECORDED,
        tier=1,
        calls=2,
        categories=("name", "role"),
    )


@hookimpl(trylast=True)
def leadgen_caches() -> Iterable[CacheSpec]:
    return [CacheSpec(name="cache", factory="leadgen_recorded.parts:Cache")]


@hookimpl
def leadgen_rate_limiters() -> Iterable[RateLimiterSpec]:
    return [RateLimiterSpec(name="limiter", factory="leadgen_recorded.parts:Limiter")]


@hookimpl
def leadgen_scorers() -> Iterable[ScorerSpec]:
    return [ScorerSpec(name="scorer", factory="leadgen_recorded.parts:Scorer", scores=("people",))]


@hookimpl
def leadgen_sinks() -> Iterable[SinkSpec]:
    return [SinkSpec(name="sink", factory="leadgen_recorded.parts:Sink", endings=(".names",), guarantee="exactly once")]


@hookimpl(specname="leadgen_simulators")
def simulated() -> Iterable[SimulatorSpec]:
    return [SimulatorSpec(name="simulator", factory="leadgen_recorded.simulator:Simulator", api="recorded")]


@hookimpl(optionalhook=True)
def leadgen_of_a_later_version(something: object) -> None:
    """A hook of a core that is newer than this plugin needs: ignored where it does not exist."""
