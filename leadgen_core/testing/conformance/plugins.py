"""What is asked of a plugin as a whole: quiet and light at import, complete config, declared APIs, metadata."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Iterator
from importlib import metadata
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve, fields
from attrs import has as is_attrs

from leadgen_core.contracts.api import ApiSpec
from leadgen_core.contracts.specs import SimulatorSpec
from leadgen_core.errors import UsageError
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.probe import Seen, probe
from leadgen_core.testing.conformance.specimen import Specimen

_HOOK = "plugin"
_HEAVY = frozenset(
    (
        "aiocache", "aiohttp", "aiosqlite", "asyncpg", "botocore", "cattrs", "copier", "google", "httpx", "hypothesis",
        "jinja2", "lxml", "numpy", "openai", "pandas", "playwright", "psycopg", "pydantic", "pytest", "redis",
        "requests", "scipy", "selenium", "sqlalchemy", "typed_settings", "urllib3", "yarl",
    )
)  # fmt: skip
"""Packages that take longer to import than a plugin's module may."""
_METHODS: dict[str, tuple[str, ...]] = {
    "leadgen_caches": ("get", "set", "delete"),
    "leadgen_discoverers": ("discover",),
    "leadgen_leases": ("take", "extend", "release", "wait"),
    "leadgen_rate_limiters": ("acquire", "status"),
    "leadgen_resolvers": ("resolve",),
    "leadgen_scorers": ("score",),
    "leadgen_screens": ("admit", "people", "release"),
    "leadgen_simulators": ("application",),
    "leadgen_sinks": ("open", "write", "replace"),
    "leadgen_sources": ("answer",),
}
_PLAIN = frozenset({"application", "discover", "resolve", "score", "status"})
"""Methods that are no ``async def``; ``discover`` is an async generator or returns one."""
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_SECRET = re.compile(r"(?:^|_)(?:(?:api|access|private|secret)_?key|token|password|passphrase|secret)$")


# --- import and hooks -----------------------------------------------------------------------------------------


async def _seen(specimen: Specimen) -> Seen:
    """What a fresh process saw; remembered for the other checks."""
    seen = specimen.memo.get("probe")
    if seen is None:
        installed = specimen.opened.installed
        seen = specimen.memo["probe"] = await probe(installed.name, installed.value)
    return seen


@check(
    _HOOK,
    "plugin.import-quiet",
    says="importing it reads and writes nothing outside: no socket, no file written, no process, no thread",
    mend="move what the module does when it is imported into the object that the factory makes",
)
async def import_quiet(specimen: Specimen) -> None:
    """In a fresh process, by Python's audit events."""
    seen = (await _seen(specimen)).at_import
    require(not seen, f"at import there was {', '.join(dict.fromkeys(seen))}")


@check(
    _HOOK,
    "plugin.hooks-quiet",
    says="its hooks return records and do nothing else: no socket, no file written, no process, no thread",
    mend="return specs only; the factory named in the spec is called when a run needs the object",
)
async def hooks_quiet(specimen: Specimen) -> None:
    """In a fresh process, by Python's audit events."""
    seen = (await _seen(specimen)).in_hooks
    require(not seen, f"in its hooks there was {', '.join(dict.fromkeys(seen))}")


@check(
    _HOOK,
    "plugin.import-light",
    says="importing it and asking its hooks imports no heavy package, and not its simulator",
    mend="import such packages in the module of the factory, and give the simulator a module of its own",
)
async def import_light(specimen: Specimen) -> None:
    """``leadgen --help`` imports no plugin, but every run imports all that are installed."""
    modules = (await _seen(specimen)).modules
    heavy = sorted(_HEAVY & {name.partition(".")[0] for name in modules})
    require(not heavy, f"importing it imports {', '.join(heavy)}")
    for record in specimen.opened.records:
        if isinstance(record.spec, SimulatorSpec):
            module = record.spec.factory.partition(":")[0]
            require(
                module not in modules and module != specimen.opened.installed.value,
                f"importing it imports its simulator, {module}",
            )


# --- factories ------------------------------------------------------------------------------------------------


@check(
    _HOOK,
    "plugin.factories",
    says="every factory can be imported and called with the config, and makes what its hook promises",
    mend="write factory as module:attribute; the attribute takes the config alone and is no async def",
)
async def factories(specimen: Specimen) -> None:
    """With the config's defaults, the samples' values and invented secrets."""
    for record in specimen.opened.records:
        part = evolve(specimen, hook=record.hook, spec=record.spec)
        try:
            made = part.make()
        except UsageError as refused:
            raise NotChecked(f"{part.question} wants more of the config: {refused}; give Samples(config=...)") from None
        require(not inspect.isawaitable(made), f"the factory of {part.question} gives a coroutine")
        for name in _METHODS[record.hook]:
            method = getattr(made, name, None)
            require(callable(method), f"what the factory of {part.question} makes has no method {name}")
            plain = not asyncio.iscoroutinefunction(method)
            require(plain or name not in _PLAIN, f"{name} of {part.question} is an async def, which nobody awaits")
        if hasattr(made, "aclose"):
            await made.aclose()


# --- config ---------------------------------------------------------------------------------------------------


def _apis(specimen: Specimen) -> Iterator[tuple[str, ApiSpec]]:
    """Each API with the question that names it; one that several name comes several times."""
    for record in specimen.opened.records:
        api = getattr(record.spec, "api", None)
        if isinstance(api, ApiSpec):
            yield f"{specimen.opened.installed.name}.{record.spec.name}", api


@check(
    _HOOK,
    "plugin.config",
    says="its config has a default for everything, and for each API the fields of its address and its quota",
    mend="give every field a default; add base_url: str and quota: int | None = None to the config",
)
async def config(specimen: Specimen) -> None:
    """A run without a section for the plugin makes the config of nothing."""
    kind = specimen.opened.plugin.config
    require(is_attrs(kind), "its config is no attrs class")
    try:
        kind()
    except TypeError as error:
        require(False, f"its config cannot be made without values: {error}")
    names = {each.name for each in fields(kind)}
    for question, api in _apis(specimen):
        wanted = [api.base_url_field]
        if api.limited or api.read_windows is not None:
            wanted.append(api.quota_field)
        if api.credential is not None and api.credential.kind_field is not None:
            wanted.append(api.credential.kind_field)
        for name in wanted:
            require(name in names, f"the API of {question} reads the field {name}, which the config lacks")


@check(
    _HOOK,
    "plugin.secrets",
    says="keys, tokens and passwords in its config are of the type Secret",
    mend="declare api_key: Secret | None = None: a Secret prints as stars, and comes from the environment or a keyring",
)
async def secrets(specimen: Specimen) -> None:
    """By the name of the field, and by what the APIs sign with."""
    signing = {api.credential.field for _, api in _apis(specimen) if api.credential is not None}
    for each in fields(specimen.opened.plugin.config):
        if each.name in signing or _SECRET.search(each.name):
            require("Secret" in str(each.type), f"the field {each.name} of the config is of the type {each.type}")


# --- APIs -----------------------------------------------------------------------------------------------------


@check(
    _HOOK,
    "plugin.api",
    says="each API names its controller, its hosts, its quotas and the lifetime of every operation, once",
    mend="complete the ApiSpec; let all specs of one API share one ApiSpec object",
)
async def apis(specimen: Specimen) -> None:
    """What the gateway refuses, and what nobody would notice."""
    known: dict[str, ApiSpec] = {}
    for question, api in _apis(specimen):
        require(known.setdefault(api.name, api) is api, f"{question} has an ApiSpec of its own for {api.name}")
        require(api.controller.strip(), f"the API {api.name} names no controller")
        address = urlsplit(api.base_url)
        require(
            address.scheme in ("http", "https")
            and address.hostname
            and not address.query
            and "@" not in address.netloc,
            f"the base_url of the API {api.name} is no http or https address",
        )
        for host in api.hosts:
            require(_HOST.fullmatch(host), f"the API {api.name} names {host!r} among its hosts, which is no host name")
        require(api.operations, f"the API {api.name} declares no operation")
        for name, operation in api.operations.items():
            require(
                operation.lifetime in api.lifetimes,
                f"the operation {api.name}.{name} is of the class {operation.lifetime}, which has no lifetime",
            )
            require(operation.timeout > 0 and operation.max_bytes > 0, f"the operation {api.name}.{name} has no bounds")
        for name, lifetime in api.lifetimes.items():
            require(lifetime.soft <= lifetime.hard, f"the lifetime {name} of {api.name} is soft for longer than hard")
        for quota in ("", *api.quotas):
            for window in api.rules(quota):
                require(window.limit > 0 and window.length > 0, f"a window of the API {api.name} allows nothing")
            counted = not quota or any(operation.quota == quota for operation in api.operations.values())
            require(counted, f"no operation of the API {api.name} counts against its quota {quota}")
        if api.probe is not None:
            require(api.probe[0] in api.operations, f"the probe of {api.name} names an operation that is not declared")


# --- metadata -------------------------------------------------------------------------------------------------


@check(
    _HOOK,
    "plugin.metadata",
    says="its distribution has a summary, a description, and requires leadgen-core with an upper bound",
    mend='add description and readme to pyproject.toml, and "leadgen-core>=0.1,<0.2" to its dependencies',
)
async def distribution(specimen: Specimen) -> None:
    """As it is installed."""
    installed = specimen.opened.installed
    try:
        about: Any = metadata.distribution(installed.distribution)
    except metadata.PackageNotFoundError:
        raise NotChecked(f"the distribution {installed.distribution} is not installed") from None
    require(about.metadata["Summary"], f"{installed.distribution} has no summary")
    described = about.metadata["Description"] or about.metadata.get_payload()
    require(described and str(described).strip(), f"{installed.distribution} has no description: its README is missing")
    require(about.metadata["Requires-Python"], f"{installed.distribution} does not say which Python it requires")
    required = [text for text in about.requires or () if re.match(r"leadgen[-_.]core(?![\w.-])", text, re.IGNORECASE)]
    require(required, f"{installed.distribution} does not require leadgen-core")
    bounded = any(sign in required[0].partition(";")[0] for sign in ("<", "~=", "=="))
    require(bounded, f"{installed.distribution} requires {required[0]}, without an upper bound")
