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
        Paging,
        RawReply,
        Refused,
        Request,
        RetryAt,
        Window,
    )
    from leadgen_core.contracts.config import ApiConfig
    from leadgen_core.contracts.hookspecs import hookimpl
    from leadgen_core.contracts.keeping import BirthKey, Maybe, PostcodeKey, Unreadable, day
    from leadgen_core.contracts.lookup import Lookup, Reply
    from leadgen_core.contracts.matching import name_match
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
    from leadgen_core.contracts.status import by_status, quota_headers, retry_after
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
        register_name,
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
    from leadgen_core.model.making import maker
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
    from leadgen_core.secrets import Secret, data_dir

_HOME = {
    "clock": ("Clock",),
    "contracts.api": (
        "ApiSpec", "AuthKind", "Credential", "Exhausted", "Failed", "Keyed", "Lifetime", "Malformed", "Meaning",
        "Nothing", "Ok", "Operation", "Paging", "RawReply", "Refused", "Request", "RetryAt", "Window",
    ),
    "contracts.config": ("ApiConfig",),
    "contracts.hookspecs": ("hookimpl",),
    "contracts.keeping": ("BirthKey", "Maybe", "PostcodeKey", "Unreadable", "day"),
    "contracts.lookup": ("Lookup", "Reply"),
    "contracts.matching": ("name_match",),
    "contracts.protocols": (
        "Case", "Context", "Delivery", "Discoverer", "DiscoveryQuery", "Ending", "Lease", "Meter", "Permit",
        "PermitExpired",
        "Priority", "RateLimiter", "Resolver", "Scorer", "Screen", "Sink", "Source", "Target", "Wish",
    ),
    "contracts.specs": (
        "API_VERSION", "CacheSpec", "DiscovererSpec", "LeaseSpec", "NoConfig", "Plugin", "RateLimiterSpec",
        "ResolverSpec", "ScorerSpec", "ScreenSpec", "SimulatorSpec", "SinkSpec", "SourceSpec",
    ),
    "contracts.status": ("by_status", "quota_headers", "retry_after"),
    "errors": ("Stopped", "UsageError"),
    "model.answers": ("Absent", "Answer", "Cause", "Found", "Outcome", "State", "Unanswered", "Unknown"),
    "model.claims": (
        "Address", "Candidate", "Claim", "CompanyProfile", "NameMatch", "OfficerAppointment", "PersonalAddress",
        "PreviousName", "Provenance", "SignificantControl", "register_name",
    ),
    "model.lead": (
        "AccountLink", "Check", "Company", "Compliance", "Contact", "Evidence", "Executive", "InputRows", "Lead",
        "Ownership", "PersonName", "Reason", "Role", "RunStamp", "Score", "Site", "SiteAudit", "Strength", "Verdict",
    ),
    "model.making": ("maker",),
    "model.subjects": ("Account", "BadCompanyNumber", "CompanyNumber", "Host", "NameQuery", "OfficerId", "Subject"),
    "registry.simulators": ("installed_simulators",),
    "secrets": ("Secret", "data_dir"),
}  # fmt: skip
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "API_VERSION",
    "Absent",
    "Account",
    "AccountLink",
    "Address",
    "Answer",
    "ApiConfig",
    "ApiSpec",
    "AuthKind",
    "BadCompanyNumber",
    "BirthKey",
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
    "Maybe",
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
    "Paging",
    "Permit",
    "PermitExpired",
    "PersonName",
    "PersonalAddress",
    "Plugin",
    "PostcodeKey",
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
    "Unreadable",
    "UsageError",
    "Verdict",
    "Window",
    "Wish",
    "by_status",
    "data_dir",
    "day",
    "hookimpl",
    "installed_simulators",
    "maker",
    "name_match",
    "quota_headers",
    "register_name",
    "retry_after",
]


def __getattr__(name: str) -> object:
    module = _MODULE.get(name)
    if module is None:
        present = None if name.startswith("_") else _renamed(name)
        if present is not None:
            return __getattr__(present)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def _renamed(name: str) -> str | None:
    """The present name of a public one that was renamed; whoever uses the old one is told."""
    import sys

    from leadgen_core.contracts import deprecation

    present, notice = deprecation.NAMES.get(name, (None, None))
    if present is not None and notice is not None:
        user = sys._getframe(2).f_globals.get("__name__", "a module")  # of the import or the attribute
        if user.startswith("importlib"):
            user = "a module"
        deprecation.tell(f"the module {user}", f"leadgen_core.{name}", notice)
    return present


def __dir__() -> list[str]:
    return __all__
