"""redis: a cache tier, leases between processes and the shared quota, in Redis."""

from __future__ import annotations

from leadgen_core import NoConfig, Plugin

__all__ = ["PLUGIN"]

PLUGIN = Plugin(api_version=1, config=NoConfig)
