"""The limiter of one process keeps the contract of rate limiters."""

from __future__ import annotations

from leadgen_core.testing import conformance

TestConformance = conformance("quota")
