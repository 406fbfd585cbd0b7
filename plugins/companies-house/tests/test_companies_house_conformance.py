"""The register's plugin keeps the contracts: sources, discoverer and simulator, over the kit's small world."""

from __future__ import annotations

from leadgen_core.testing import conformance

TestConformance = conformance("companies-house")
