"""Both sinks keep the contract of sinks."""

from __future__ import annotations

from leadgen_core.testing import conformance

TestConformance = conformance("files")
