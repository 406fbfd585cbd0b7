"""database: a cache tier in SQLite (or PostgreSQL)."""

from __future__ import annotations

from leadgen_core import NoConfig, Plugin

__all__ = ["PLUGIN"]

PLUGIN = Plugin(api_version=1, config=NoConfig)
