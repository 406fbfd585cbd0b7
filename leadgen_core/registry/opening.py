"""Opening one plugin: import, contract, hooks. Whatever it does, only a PluginFailed comes out."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from importlib import import_module
from itertools import islice
from types import ModuleType
from typing import Any

import pluggy
from attrs import fields, has

from leadgen_core.contracts import deprecation, hookspecs
from leadgen_core.contracts.api import ApiSpec
from leadgen_core.contracts.deprecation import Deprecated
from leadgen_core.contracts.hookspecs import HOOKS, PROJECT
from leadgen_core.contracts.quotas import quota_flaw
from leadgen_core.contracts.specs import API_VERSION, DiscovererSpec, Plugin, SourceSpec, Spec
from leadgen_core.errors import type_name
from leadgen_core.model.records import frozen
from leadgen_core.registry.failures import PluginFailed, failed
from leadgen_core.registry.flaws import flaw
from leadgen_core.registry.installed import Installed
from leadgen_core.registry.patience import patience

__all__ = ["OLDEST_API_VERSION", "Opened", "Record", "open_plugin"]

OLDEST_API_VERSION = 1
"""Plugins written for an older contract than this are refused."""
_MAX_SPECS = 1000
"""More than anybody offers: it ends a hook that yields for ever."""
_CORE = "leadgen-core"
_QUOTA = fields(ApiSpec).quota_field.default


@frozen
class Record:
    """A spec as a hook gave it. ``band`` is 0 for ``tryfirst``, 2 for ``trylast``, else 1; ``index`` its place."""

    hook: str
    spec: Spec
    band: int
    index: int


@frozen
class Opened:
    """A plugin that keeps the contract, and everything it offers."""

    installed: Installed
    plugin: Plugin
    records: tuple[Record, ...]

    @property
    def sources(self) -> tuple[SourceSpec, ...]:
        return tuple(record.spec for record in self.records if isinstance(record.spec, SourceSpec))


def open_plugin(installed: Installed, module: object | None = None) -> Opened:
    """Import the plugin (unless its module is given) and ask its hooks. Raises :class:`PluginFailed`."""
    if module is None:
        try:
            # Standard output is for data: what a plugin prints goes elsewhere.
            with patience(installed, f"importing {installed.value}"), redirect_stdout(sys.stderr):
                module = import_module(installed.value)
        except KeyboardInterrupt:
            raise  # nothing tells it from the operator's own
        except BaseException as exc:
            raise failed(installed, "import", f"importing {installed.value}", exc) from exc
    try:
        plugin = _contract(installed, module)
        with patience(installed, "reading its hooks"), redirect_stdout(sys.stderr):
            records = tuple(_records(installed, module))
        _check(installed, plugin, records)
    except (PluginFailed, KeyboardInterrupt):
        raise
    except BaseException as exc:  # properties and metaclasses may raise anywhere
        raise failed(installed, "hooks", "reading its hooks", exc) from exc
    for what, notice in _going(module, records):
        deprecation.tell(f"the plugin {installed}", what, notice)
    return Opened(installed, plugin, records)


def _going(module: object, records: Iterable[Record]) -> Iterator[tuple[str, Deprecated]]:
    """What the plugin uses of that which is deprecated, in words."""
    for record in records:
        hook, spec = record.hook, record.spec
        if (notice := deprecation.HOOKS_GOING.get(hook)) is not None:
            yield f"the hook {hook}", notice
        for (kind, member), notice in deprecation.MEMBERS.items():
            if type(spec).__name__ == kind and getattr(spec, member) != getattr(fields(type(spec)), member).default:
                yield f"{kind}.{member}", notice
    for (hook, argument), notice in deprecation.ARGUMENTS.items():
        function = inspect.getattr_static(module, hook, None)
        if inspect.isfunction(function) and argument in inspect.signature(function).parameters:
            yield f"the argument {argument} of {hook}", notice


def _contract(installed: Installed, module: object) -> Plugin:
    """PLUGIN, checked before any hook is looked at: a newer contract may have hooks that we do not know."""
    plugin = vars(module).get("PLUGIN") if isinstance(module, ModuleType) else getattr(module, "PLUGIN", None)
    if not isinstance(plugin, Plugin):
        raise _broken(installed, f"{installed.value} has no PLUGIN = Plugin(api_version=..., config=...)")
    version = plugin.api_version
    if not isinstance(version, int):
        raise _broken(installed, "its api_version is not a number")
    if version > API_VERSION:
        raise _broken(
            installed, f"it needs version {version} of the plugin API and this is {API_VERSION}; upgrade {_CORE}"
        )
    if version < OLDEST_API_VERSION:
        raise _broken(
            installed,
            f"it was written for version {version} of the plugin API and the oldest supported one is "
            f"{OLDEST_API_VERSION}; upgrade {installed.distribution}",
        )
    if not isinstance(plugin.config, type) or not has(plugin.config):
        raise _broken(installed, "its config is not an attrs class")
    return plugin


def _records(installed: Installed, module: object) -> Iterable[Record]:
    # A manager of its own per plugin: pluggy 1.6 leaves a plugin that fails validation half registered.
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    _names(installed, manager, module)
    try:
        manager.register(module, installed.name)
    except pluggy.PluginValidationError as exc:
        hook = next(iter(re.findall(r"for hook '(\w+)'", str(exc))), "a hook")
        raise _broken(installed, f"{hook} takes arguments that the contract does not have") from exc
    for caller in sorted(manager.get_hookcallers(module) or (), key=lambda each: each.name):
        if caller.name not in HOOKS:  # marked optionalhook: for a core that is newer than this one
            continue
        # Hook by hook under try: pluggy's own call would lose every answer to one exception.
        for impl in reversed(caller.get_hookimpls()):
            band = 0 if impl.tryfirst else 2 if impl.trylast else 1
            for index, spec in enumerate(_ask(installed, caller.name, impl.function)):
                yield Record(caller.name, spec, band, index)


def _names(installed: Installed, manager: pluggy.PluginManager, module: object) -> None:
    """Every hook must have a name of ours, and every function with such a name must be marked."""
    for name in sorted(dir(module)):
        options = manager.parse_hookimpl_opts(module, name)
        if options is None:
            # inspect.getattr_static: looking at a module must not run its __getattr__.
            if name in HOOKS and inspect.isfunction(inspect.getattr_static(module, name, None)):
                raise _broken(installed, f"{name} is not marked with @hookimpl")
            continue
        hook = options.get("specname") or name
        if options.get("wrapper") or options.get("hookwrapper"):
            raise _broken(installed, f"{name} is a wrapper; a hook only returns specs")
        if hook not in HOOKS and not options.get("optionalhook"):
            from difflib import get_close_matches

            nearest = get_close_matches(hook, HOOKS, n=1, cutoff=0.0)[0]
            raise _broken(installed, f"there is no hook {hook}; the nearest is {nearest}")


def _ask(installed: Installed, hook: str, function: Any) -> list[Any]:
    expected = HOOKS[hook]
    try:
        answer = function()
    except KeyboardInterrupt:
        raise
    except BaseException as exc:
        raise failed(installed, "hooks", f"the hook {hook}", exc) from exc
    if inspect.iscoroutine(answer):
        answer.close()
        raise _broken(installed, f"{hook} is an async def; hooks are synchronous")
    if inspect.isasyncgen(answer):
        raise _broken(installed, f"{hook} is an async generator; hooks are synchronous")
    if not isinstance(answer, Iterable) or isinstance(answer, str | bytes):
        raise _broken(installed, f"{hook} returned {type_name(type(answer))}, not a list of {expected.__name__}")
    try:
        specs = list(islice(answer, _MAX_SPECS + 1))  # a generator runs, and may raise, here
    except KeyboardInterrupt:
        raise
    except BaseException as exc:
        raise failed(installed, "hooks", f"the hook {hook}", exc) from exc
    if len(specs) > _MAX_SPECS:
        raise _broken(installed, f"{hook} gave more than {_MAX_SPECS} specs")
    spec: Any
    for spec in specs:
        if type(spec) is not expected:  # a class of its own could be something else each time it is looked at
            raise _broken(installed, f"{hook} gave {type_name(type(spec))}, not {expected.__name__}")
        if (wrong := flaw(spec)) is not None:  # type: ignore[arg-type]
            raise _broken(installed, f"{hook} gave a spec with a wrong value in {wrong}")
    return specs


def _check(installed: Installed, plugin: Plugin, records: Iterable[Record]) -> None:
    seen: set[tuple[str, str]] = set()
    for record in records:
        if (record.hook, record.spec.name) in seen:
            raise _broken(installed, f"{record.hook} gave two specs of the name {record.spec.name}")
        seen.add((record.hook, record.spec.name))
        spec = record.spec
        if isinstance(spec, SourceSpec | DiscovererSpec) and spec.api is not None:
            _check_fields(installed, plugin, spec.name, spec.api)
            if (because := quota_flaw(spec.api)) is not None:
                raise _broken(installed, f"the API {spec.api.name} of {spec.name} {because}")


def _check_fields(installed: Installed, plugin: Plugin, name: str, api: ApiSpec) -> None:
    """The config has the fields that the API's spec counts on; without ``quota`` it just cannot be capped."""
    known = {each.name for each in fields(plugin.config)}
    wanted = {api.base_url_field: "is placed by"}
    if api.quota_field != _QUOTA:
        wanted[api.quota_field] = "is capped by"
    if api.credential is not None:
        wanted[api.credential.field] = "signs with"
        if api.credential.kind_field is not None:
            wanted[api.credential.kind_field] = "chooses how to sign by"
    for key, what in wanted.items():
        if key not in known:
            raise _broken(installed, f"the API of {name} {what} {key}, a field that its config lacks")


def _broken(installed: Installed, because: str) -> PluginFailed:
    return PluginFailed(installed, "contract", "contract", because)
