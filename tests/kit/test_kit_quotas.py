"""Quotas by endpoint under the conformance kit: what of them nobody would notice, and what is no fault."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

import leadgen_core as lg
from leadgen_core.registry import Registry
from leadgen_core.testing.conformance import checks_of, specimens_of
from leadgen_core.testing.conformance.examine import FAILED, PASSED, judge
from tests.kit import sound
from tests.kit.mutants import plugin

COMPANY = {**sound.API.operations, "company": lg.Operation("register", quota="company")}
RULE = (lg.Window(30, 60.0),)


async def findings(**api: Any) -> dict[str, tuple[str, str]]:
    """By check: how it ended and what was seen."""
    source = evolve(sound.SOURCE, api=evolve(sound.API, **api))
    made = plugin(config=sound.Config, sources=[source], simulators=[sound.SIMULATOR])
    opened = Registry.of([("sound", made, "leadgen-nowhere", "0")]).open("sound")
    found = {}
    for specimen in specimens_of(opened, sound.SAMPLES):
        for check in checks_of(specimen.hook):
            if check.id in ("plugin.api", "simulator.quota"):
                finding = await judge(check, specimen)
                found[check.id] = (finding.state, finding.because)
    return found


@pytest.mark.parametrize(
    ("quotas", "because"),
    [
        ({"company": RULE, "people": ()}, "no operation of the API sound counts against its quota people"),
        ({"company": (lg.Window(0, 60.0),)}, "a window of the API sound allows nothing"),
    ],
)
async def test_a_quota_that_is_of_no_use_is_a_finding(quotas: dict[str, Any], because: str) -> None:
    found = await findings(operations=COMPANY, quotas=quotas)
    assert found["plugin.api"] == (FAILED, because)


async def test_the_simulator_is_measured_by_the_quota_of_the_probe() -> None:
    found = await findings(operations=COMPANY, quotas={"company": RULE}, windows=(lg.Window(3, 60.0),))
    assert found["plugin.api"][0] == found["simulator.quota"][0] == PASSED, found
