"""The suite as pytest tests: one line in a plugin's tests.

::

    from leadgen_core.testing import conformance

    TestConformance = conformance("guild-register")
"""

from __future__ import annotations

from typing import Any

from leadgen_core.registry import Registry
from leadgen_core.testing.conformance.check import Check, checks_of
from leadgen_core.testing.conformance.examine import FAILED, NOT_CHECKED, judge
from leadgen_core.testing.conformance.samples import samples_of
from leadgen_core.testing.conformance.specimen import Samples, Specimen, specimens_of

__all__ = ["conformance"]


def conformance(plugin: str, samples: Samples | None = None, *, module: object | None = None) -> type:
    """A test class: one test for each check on each thing that the plugin offers.

    ``plugin`` is an installed plugin's name; with ``module`` nothing need be installed. Without ``samples`` they are
    ``SAMPLES`` of the plugin's module ``samples``, if it has one. A check that cannot be made
    is a skipped test that says why.
    """
    import pytest

    registry = Registry.discover() if module is None else Registry.of([(plugin, module, f"leadgen-{plugin}", "0")])
    opened = registry.open(plugin)
    if samples is None:
        samples = samples_of(opened)
    cases = [
        pytest.param(check, specimen, id=f"{specimen.question}-{check.id}")
        for specimen in specimens_of(opened, samples)
        for check in checks_of(specimen.hook)
    ]

    class TestConformance:
        @pytest.mark.asyncio
        @pytest.mark.parametrize(("check", "specimen"), cases)
        async def test_conformance(self, check: Check, specimen: Specimen) -> None:
            finding = await judge(check, specimen)
            if finding.state == NOT_CHECKED:
                pytest.skip(finding.because)
            if finding.state == FAILED:
                pytest.fail(f"{check.says}\nseen: {finding.because}\nmend: {check.mend}", pytrace=False)

    made: Any = TestConformance
    return made  # type: ignore[no-any-return]
