"""The resolver keeps the contract of resolvers."""

from __future__ import annotations

from leadgen_core.testing import conformance

TestConformance = conformance("identity")
