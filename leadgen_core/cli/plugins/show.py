"""``leadgen plugins show``: what one plugin declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from leadgen_core.cli.options import environ

if TYPE_CHECKING:
    from leadgen_core.contracts.api import Window
    from leadgen_core.contracts.specs import Spec
    from leadgen_core.registry.opening import Opened

__all__ = ["show"]


@click.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Show what the plugin NAME declares: sources, APIs, quotas, personal data, configuration."""
    from leadgen_core.errors import UsageError, error_name
    from leadgen_core.registry import PluginFailed, Registry

    registry = Registry.discover(environ())
    try:
        opened = registry.open(name)
    except PluginFailed as error:
        raise UsageError(str(error)) from None
    try:
        lines = list(_describe(opened))
    except Exception as error:
        raise UsageError(f"the plugin {opened.installed}: describing it failed with {error_name(error)}") from error
    for line in lines:
        click.echo(line)


def _describe(opened: Opened) -> Iterator[str]:
    installed = opened.installed
    yield f"{installed.name}: {installed.distribution} {installed.version}, module {installed.value}"
    yield f"plugin API version {opened.plugin.api_version}"
    for record in opened.records:
        kind = record.hook.removeprefix("leadgen_").replace("_", " ").removesuffix("s")
        yield ""
        yield f"{kind} {record.spec.name}" + ("" if record.spec.auto else " (only when asked for by name)")
        for key, value in _facts(record.spec):
            yield f"  {key}: {value}"
    yield ""
    yield from _config(installed.name, opened.plugin.config)


def _facts(spec: Spec) -> Iterator[tuple[str, str]]:
    import attrs

    for field in attrs.fields(type(spec)):
        value = getattr(spec, field.name)
        if field.name in {"name", "auto", "api"} or value in (None, "", (), {}):
            continue
        yield field.name, _words(value)
    api = getattr(spec, "api", None)
    if api is None:
        return
    if isinstance(api, str):
        yield "api", api
        return
    yield "api", f"{api.name} of {api.controller}, {api.base_url}"
    if api.hosts:
        yield "may redirect to", ", ".join(api.hosts)
    yield "operations", ", ".join(api.operations)
    if api.windows:
        yield "quota", _rules(api.windows)
    for quota, windows in api.quotas.items():
        counted = ", ".join(name for name, operation in api.operations.items() if operation.quota == quota)
        yield f"quota {quota}", f"{_rules(windows) or 'as the server states it'}, for {counted or 'no operation'}"
    if api.credential is not None:
        yield "credential", f"{api.credential.field}, sent as {api.credential.kind}"
    for name, lifetime in api.lifetimes.items():
        kept = "may be stored" if lifetime.persist else "memory only"
        yield f"lifetime of {name}", f"{lifetime.soft} fresh, {lifetime.hard} at most, {kept}"


def _rules(windows: Iterable[Window]) -> str:
    return "; ".join(f"{window.limit} calls in {window.length:g} s" for window in windows)


def _words(value: Any) -> str:
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, tuple):
        return ", ".join(_words(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _config(name: str, config: type[Any]) -> Iterator[str]:
    import attrs

    fields = attrs.fields(config)
    yield f"[{name}]" if fields else f"[{name}] has nothing to configure"
    for field in fields:
        default = "required" if field.default is attrs.NOTHING else repr(field.default)
        kind = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
        yield f"  {field.name}: {kind}, default {default}"
