"""The modules that hold the checks, one for each kind."""

from __future__ import annotations

from importlib import import_module

__all__ = ["MODULES", "load"]

MODULES = (
    "caches",
    "discoverers",
    "leases",
    "limiters",
    "plugins",
    "resolvers",
    "scorers",
    "screens",
    "simulators",
    "sinks",
    "sources",
    "sources_cancelled",
    "sources_failing",
    "sources_private",
)
"""Below ``leadgen_core.testing.conformance``."""


def load() -> None:
    """Import them all; each registers its checks."""
    for name in MODULES:
        import_module(f"leadgen_core.testing.conformance.{name}")
