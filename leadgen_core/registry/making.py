"""From a spec's factory to the object: what the factory makes of the config, or the object's one method itself."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from leadgen_core.contracts.specs import ResolverSpec, ScorerSpec, SourceSpec, Spec

__all__ = ["make"]

_METHODS: dict[type[Spec], str] = {SourceSpec: "answer", ScorerSpec: "score", ResolverSpec: "resolve"}
"""Of the kinds that have one method, of two arguments."""


def make(spec: Spec, config: Any) -> Any:
    """Import the spec's factory and make the object, as the contract of specs says. Whatever it raises comes out."""
    module, _, attribute = spec.factory.partition(":")
    factory = getattr(import_module(module), attribute)
    try:
        parameters = inspect.signature(factory)
    except (TypeError, ValueError):  # of a builtin, or nothing that can be called
        return factory(config)
    if _fits(parameters, 1):
        return factory(config)
    if _fits(parameters, 0):
        return factory()
    method = _METHODS.get(type(spec))
    if method is not None and inspect.isfunction(factory) and _fits(parameters, 2):
        return SimpleNamespace(**{method: factory})
    return factory(config)  # which says what is wrong with it


def _fits(parameters: inspect.Signature, arguments: int) -> bool:
    """Whether it can be called with so many positional arguments."""
    try:
        parameters.bind(*[None] * arguments)
    except TypeError:
        return False
    return True
