"""guild-register: members of the Guild, their officers and accounts, from an invented register."""

from __future__ import annotations

from collections.abc import Iterable

import leadgen_core as lg

PLUGIN = lg.Plugin(api_version=1, config=lg.ApiConfig)
_SOURCE = "leadgen_guild_register.source"


@lg.hookimpl
def leadgen_sources() -> Iterable[lg.SourceSpec]:
    """``guild-register.members`` is asked about a company number, ``guild-register.search`` about a name."""
    from leadgen_guild_register.api import GUILD

    yield lg.SourceSpec(
        name="members",
        factory=f"{_SOURCE}:members",
        asks=lg.CompanyNumber,
        yields=(lg.CompanyProfile, lg.OfficerAppointment),
        api=GUILD,
        calls=3,
        categories=("name", "role", "keyed hash of month and year of birth"),
    )
    yield lg.SourceSpec(
        name="search", factory=f"{_SOURCE}:search", asks=lg.NameQuery, yields=(lg.NameMatch,), api=GUILD
    )


@lg.hookimpl
def leadgen_simulators() -> Iterable[lg.SimulatorSpec]:
    """The Guild's API over invented companies, for ``--sandbox`` and for tests."""
    yield lg.SimulatorSpec(name="guild", factory="leadgen_guild_register.simulator:Simulator", api="guild-register")
