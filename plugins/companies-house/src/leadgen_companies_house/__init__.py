"""The UK company register: profile, officers, persons with significant control, search by name, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import Attribute, field, frozen
from attrs.validators import ge, gt, in_, optional

from leadgen_core import (
    CompanyNumber,
    CompanyProfile,
    DiscovererSpec,
    NameMatch,
    NameQuery,
    OfficerAppointment,
    Plugin,
    Secret,
    SignificantControl,
    SimulatorSpec,
    SourceSpec,
    hookimpl,
)

__all__ = ["PLUGIN", "Config", "leadgen_discoverers", "leadgen_simulators", "leadgen_sources"]

_URL = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")


def _without_slash(url: str) -> str:
    return url.rstrip("/")


@frozen(kw_only=True, repr=False)
class Config:
    """The section ``[companies-house]``.

    ``api_key`` is a key of the REST API (a streaming key does not work); ``auth`` says how it signs: ``basic``
    (the key is the user, the password empty) or ``bearer`` (an OAuth token). ``quota`` caps the calls of a
    window of five minutes below what the register allows. ``timeout`` bounds each request, in seconds (20 without).
    """

    base_url: str = field(default="https://api.company-information.service.gov.uk", converter=_without_slash)
    api_key: Secret | None = None
    auth: str = field(default="basic", validator=in_(("basic", "bearer")))
    quota: int | None = field(default=None, validator=optional(ge(1)))
    timeout: float | None = field(default=None, validator=optional(gt(0)))

    @base_url.validator
    def _check_url(self, _attribute: Attribute[str], value: str) -> None:
        if not _URL.fullmatch(value):
            raise ValueError("base_url must be an http or https URL without user and query")


PLUGIN = Plugin(api_version=1, config=Config)


@hookimpl
def leadgen_sources() -> Iterable[SourceSpec]:
    """The four sources. Those of people stand in tier 1, because they use the profile that tier 0 has read."""
    from leadgen_companies_house.api import COMPANIES_HOUSE

    people = ("name", "role", "town", "keyed hash of the postcode", "keyed hash of month and year of birth")
    return (
        SourceSpec(
            name="profile",
            factory="leadgen_companies_house.sources:Profile",
            asks=CompanyNumber,
            yields=(CompanyProfile,),
            api=COMPANIES_HOUSE,
        ),
        SourceSpec(
            name="search",
            factory="leadgen_companies_house.sources:Search",
            asks=NameQuery,
            yields=(NameMatch,),
            api=COMPANIES_HOUSE,
        ),
        SourceSpec(
            name="officers",
            factory="leadgen_companies_house.sources:Officers",
            asks=CompanyNumber,
            yields=(OfficerAppointment,),
            api=COMPANIES_HOUSE,
            tier=1,
            categories=people,
        ),
        SourceSpec(
            name="psc",
            factory="leadgen_companies_house.sources:Psc",
            asks=CompanyNumber,
            yields=(SignificantControl,),
            api=COMPANIES_HOUSE,
            tier=1,
            categories=people,
        ),
    )


@hookimpl
def leadgen_discoverers() -> Iterable[DiscovererSpec]:
    """The advanced search."""
    from leadgen_companies_house.api import COMPANIES_HOUSE

    return (
        DiscovererSpec(name="discovery", factory="leadgen_companies_house.discover:Discovery", api=COMPANIES_HOUSE),
    )


@hookimpl
def leadgen_simulators() -> Iterable[SimulatorSpec]:
    """The register itself, for the sandbox."""
    return (
        SimulatorSpec(
            name="companies-house",
            api="companies-house",
            factory="leadgen_companies_house.simulator:Simulator",
        ),
    )
