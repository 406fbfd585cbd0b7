"""Plugins without any installation, for :meth:`Registry.of`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import field, frozen

from leadgen_core import (
    ApiSpec,
    CompanyNumber,
    CompanyProfile,
    Credential,
    Lifetime,
    Nothing,
    Operation,
    Plugin,
    Secret,
    SourceSpec,
    UsageError,
    hookimpl,
)
from leadgen_core.events import Events, PluginBroke
from leadgen_core.registry import Plugins, Registry
from leadgen_core.settings import Layers, read_layers

__all__ = [
    "ACME",
    "GOOD",
    "SECRET",
    "Config",
    "both_ways",
    "layers",
    "leadgen_sources",
    "module",
    "named",
    "of",
    "source",
]

ACME = ApiSpec(
    name="acme",
    controller="Acme Ltd",
    base_url="https://api.acme.example",
    operations={"profile": Operation("public")},
    classify=lambda _operation, _reply: Nothing(),
    redact=lambda _operation, body, _keyed: body,
    lifetimes={"public": Lifetime(timedelta(days=1), timedelta(days=7))},
    credential=Credential(),
)


@frozen(kw_only=True)
class Config:
    base_url: str | None = None
    api_key: Secret | None = None
    quota: int = field(default=5)


def source(name: str, **more: Any) -> SourceSpec:
    return SourceSpec(
        name=name, factory="tests.registry.plugin_modules:Nowhere", asks=CompanyNumber, yields=(CompanyProfile,), **more
    )


def module(name: str, *hooks: Callable[..., Any], plugin: object = None) -> ModuleType:
    """A module as a plugin has it: PLUGIN and hook functions."""
    made = ModuleType(name)
    made.__dict__["PLUGIN"] = plugin if plugin is not None else Plugin(api_version=1, config=Config)
    for hook in hooks:
        made.__dict__[hook.__name__] = hook
    return made


def layers(toml: str = "", environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Layers:
    if folder is not None:
        (folder / "leadgen.toml").write_text(toml)
    return read_layers(environ=environ or {}, cwd=folder or Path("nowhere"))


SECRET = "sk-hidden-value"


@hookimpl
def leadgen_sources() -> Iterable[SourceSpec]:
    yield source("one")


GOOD = module("good", leadgen_sources)


def of(**modules: object) -> Registry:
    """A registry of these modules, each by its name."""
    return Registry.of([(name.replace("_", "-"), made, f"leadgen-{name}", "1.5") for name, made in modules.items()])


def both_ways(registry: Registry, name: str, configured: Layers) -> tuple[str, Plugins, PluginBroke]:
    """The refusal when it was asked for by name; what is loaded and told when it was found automatically."""
    with pytest.raises(UsageError) as caught:
        registry.load([name], configured)
    told: list[PluginBroke] = []
    events = Events()
    events.on(PluginBroke, told.append)
    plugins = registry.load(None, configured, events=events)
    assert SECRET not in str(caught.value) + str(plugins.notes) + str(told)
    assert "\n" not in str(caught.value)
    (event,) = told
    return str(caught.value), plugins, event


def named(name: str, answer: Any) -> Any:
    """A hook of this name that answers so, or raises it."""

    def hook() -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    hook.__name__ = name
    return hookimpl(hook)
