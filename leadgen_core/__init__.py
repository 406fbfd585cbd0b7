"""The public API of leadgen. Names are resolved on first use, so importing this costs next to nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadgen_core.clock import Clock
    from leadgen_core.contracts.api import (
        ApiSpec,
        AuthKind,
        Credential,
        Exhausted,
        Failed,
        Keyed,
        Lifetime,
        Malformed,
        Meaning,
        Nothing,
        Ok,
        Operation,
        RawReply,
        Refused,
        Request,
        RetryAt,
        Window,
    )
    from leadgen_core.contracts.hookspecs import hookimpl
    from leadgen_core.contracts.lookup import Lookup, Reply
    from leadgen_core.contracts.protocols import (
        Case,
        Context,
        Delivery,
        Discoverer,
        DiscoveryQuery,
        Ending,
        Lease,
        Meter,
        Permit,
        PermitExpired,
        Priority,
        RateLimiter,
        Resolver,
        Scorer,
        Screen,
        Sink,
        Source,
        Target,
        Wish,
    )
    from leadgen_core.contracts.specs import (
        API_VERSION,
        CacheSpec,
        DiscovererSpec,
        LeaseSpec,
        NoConfig,
        Plugin,
        RateLimiterSpec,
        ResolverSpec,
        ScorerSpec,
        ScreenSpec,
        SimulatorSpec,
        SinkSpec,
        SourceSpec,
    )
    from leadgen_core.errors import Stopped, UsageError
    from leadgen_core.model.answers import Absent, Answer, Cause, Found, Outcome, State, Unanswered, Unknown
    from leadgen_core.model.claims import (
        Address,
        Candidate,
        Claim,
        CompanyProfile,
        NameMatch,
        OfficerAppointment,
        PersonalAddress,
        PreviousName,
        Provenance,
        SignificantControl,
    )
    from leadgen_core.model.lead import (
        AccountLink,
        Check,
        Company,
        Compliance,
        Contact,
        Evidence,
        Executive,
        InputRows,
        Lead,
        Ownership,
        PersonName,
        Reason,
        Role,
        RunStamp,
        Score,
        Site,
        SiteAudit,
        Strength,
        Verdict,
    )
    from leadgen_core.model.subjects import (
        Account,
        BadCompanyNumber,
        CompanyNumber,
        Host,
        NameQuery,
        OfficerId,
        Subject,
    )
    from leadgen_core.registry.simulators import installed_simulators
    from leadgen_core.secrets import Secret

_HOME = {
    "clock": ("Clock",),
    "contracts.api": (
        "ApiSpec", "AuthKind", "Credential", "Exhausted", "Failed", "Keyed", "Lifetime", "Malformed", "Meaning",
        "Nothing", "Ok", "Operation", "RawReply", "Refused", "Request", "RetryAt", "Window",
    ),
    "contracts.hookspecs": ("hookimpl",),
    "contracts.lookup": ("Lookup", "Reply"),
    "contracts.protocols": (
        "Case", "Context", "Delivery", "Discoverer", "DiscoveryQuery", "Ending", "Lease", "Meter", "Permit",
        "PermitExpired",
        "Priority", "RateLimiter", "Resolver", "Scorer", "Screen", "Sink", "Source", "Target", "Wish",
    ),
    "contracts.specs": (
        "API_VERSION", "CacheSpec", "DiscovererSpec", "LeaseSpec", "NoConfig", "Plugin", "RateLimiterSpec",
        "ResolverSpec", "ScorerSpec", "ScreenSpec", "SimulatorSpec", "SinkSpec", "SourceSpec",
    ),
    "errors": ("Stopped", "UsageError"),
    "model.answers": ("Absent", "Answer", "Cause", "Found", "Outcome", "State", "Unanswered", "Unknown"),
    "model.claims": (
        "Address", "Candidate", "Claim", "CompanyProfile", "NameMatch", "OfficerAppointment", "PersonalAddress",
        "PreviousName", "Provenance", "SignificantControl",
    ),
    "model.lead": (
        "AccountLink", "Check", "Company", "Compliance", "Contact", "Evidence", "Executive", "InputRows", "Lead",
        "Ownership", "PersonName", "Reason", "Role", "RunStamp", "Score", "Site", "SiteAudit", "Strength", "Verdict",
    ),
    "model.subjects": ("Account", "BadCompanyNumber", "CompanyNumber", "Host", "NameQuery", "OfficerId", "Subject"),
    "registry.simulators": ("installed_simulators",),
    "secrets": ("Secret",),
}  # fmt: skip
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "API_VERSION",
    "Absent",
    "Account",
    "AccountLink",
    "Address",
    "Answer",
    "ApiSpec",
    "AuthKind",
    "BadCompanyNumber",
    "CacheSpec",
    "Candidate",
    "Case",
    "Cause",
    "Check",
    "Claim",
    "Clock",
    "Company",
    "CompanyNumber",
    "CompanyProfile",
    "Compliance",
    "Contact",
    "Context",
    "Credential",
    "Delivery",
    "Discoverer",
    "DiscovererSpec",
    "DiscoveryQuery",
    "Ending",
    "Evidence",
    "Executive",
    "Exhausted",
    "Failed",
    "Found",
    "Host",
    "InputRows",
    "Keyed",
    "Lead",
    "Lease",
    "LeaseSpec",
    "Lifetime",
    "Lookup",
    "Malformed",
    "Meaning",
    "Meter",
    "NameMatch",
    "NameQuery",
    "NoConfig",
    "Nothing",
    "OfficerAppointment",
    "OfficerId",
    "Ok",
    "Operation",
    "Outcome",
    "Ownership",
    "Permit",
    "PermitExpired",
    "PersonName",
    "PersonalAddress",
    "Plugin",
    "PreviousName",
    "Priority",
    "Provenance",
    "RateLimiter",
    "RateLimiterSpec",
    "RawReply",
    "Reason",
    "Refused",
    "Reply",
    "Request",
    "Resolver",
    "ResolverSpec",
    "RetryAt",
    "Role",
    "RunStamp",
    "Score",
    "Scorer",
    "ScorerSpec",
    "Screen",
    "ScreenSpec",
    "Secret",
    "SignificantControl",
    "SimulatorSpec",
    "Sink",
    "SinkSpec",
    "Site",
    "SiteAudit",
    "Source",
    "SourceSpec",
    "State",
    "Stopped",
    "Strength",
    "Subject",
    "Target",
    "Unanswered",
    "Unknown",
    "UsageError",
    "Verdict",
    "Window",
    "Wish",
    "hookimpl",
    "installed_simulators",
]


def __getattr__(name: str) -> object:
    module = _MODULE.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
