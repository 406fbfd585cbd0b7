from __future__ import annotations

from tests.registry.distributions import site

__all__ = ["site"]
