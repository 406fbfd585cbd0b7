"""The score keeps the contract of scorers."""

from __future__ import annotations

import leadgen_recency

from leadgen_core.testing import conformance

TestConformance = conformance("recency", module=leadgen_recency)
