"""The memory tier keeps the contract of caches."""

from __future__ import annotations

from leadgen_core.testing import conformance

TestConformance = conformance("memory")
