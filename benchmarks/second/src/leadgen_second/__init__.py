"""second: a second, invented API about companies, so that one of two can fail."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from leadgen_core import CompanyNumber, CompanyProfile, Plugin, Secret, SourceSpec, hookimpl


@frozen(kw_only=True)
class Config:
    """The section ``[second]``."""

    base_url: str = "http://127.0.0.1:1"
    api_key: Secret | None = None
    quota: int | None = None


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_sources() -> Iterable[SourceSpec]:
    """One question about each company number."""
    from leadgen_second.source import SECOND

    yield SourceSpec(
        name="profile",
        factory="leadgen_second.source:Profile",
        asks=CompanyNumber,
        yields=(CompanyProfile,),
        api=SECOND,
    )
