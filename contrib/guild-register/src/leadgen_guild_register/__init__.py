"""guild-register: members of the Guild and their officers, from an invented register."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from leadgen_core import CompanyNumber, CompanyProfile, OfficerAppointment, Plugin, Secret, SourceSpec, hookimpl


@frozen(kw_only=True)
class Config:
    """The section ``[guild-register]``."""

    base_url: str = "https://api.guild-register.example"
    api_key: Secret | None = None
    quota: int | None = None


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_sources() -> Iterable[SourceSpec]:
    """One source: the question ``guild-register.members``, asked about a company number."""
    from leadgen_guild_register.source import GUILD

    yield SourceSpec(
        name="members",
        factory="leadgen_guild_register.source:Members",
        asks=CompanyNumber,
        yields=(CompanyProfile, OfficerAppointment),
        api=GUILD,
        calls=2,
        categories=("name", "role", "keyed hash of month and year of birth"),
    )
