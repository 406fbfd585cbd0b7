"""Plugins without any installation, for :meth:`Registry.of`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

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
)
from leadgen_core.settings import Layers, read_layers

__all__ = ["ACME", "Config", "layers", "module", "source"]

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
