"""The sandbox keeps what is asked of every plugin."""

from __future__ import annotations

from leadgen_core.testing import conformance

TestConformance = conformance("sandbox")
