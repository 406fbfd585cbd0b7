"""Each check of the conformance kit catches a plugin that no other check catches, and blames no sound one."""

from __future__ import annotations

import pytest

from leadgen_core.contracts.hookspecs import HOOKS
from leadgen_core.registry import Registry
from leadgen_core.testing import Samples
from leadgen_core.testing.conformance import checks_of, examine, specimens_of
from leadgen_core.testing.conformance.examine import FAILED
from tests.kit.mutants import gathered

_MUTANTS = gathered("MUTANTS")
_SOUND = gathered("SOUND_PLUGINS")
_CHECKS = {check.id for hook in ("plugin", *HOOKS) for check in checks_of(hook)}


async def _failed(module: object, samples: Samples | None) -> dict[str, str]:
    """What failed, by the ids of the checks, and what was seen."""
    distribution = getattr(module, "DISTRIBUTION", "leadgen-sound")
    opened = Registry.of([("sound", module, distribution, "0")]).open("sound")
    findings = [finding async for finding in examine(specimens_of(opened, samples))]
    return {finding.check.id: finding.because for finding in findings if finding.state == FAILED}


@pytest.mark.parametrize("check", sorted(_MUTANTS))
async def test_this_check_alone_catches_it(check: str) -> None:
    failed = await _failed(*_MUTANTS[check])
    assert set(failed) == {check}, failed


@pytest.mark.parametrize("name", sorted(_SOUND))
async def test_a_sound_plugin_passes(name: str) -> None:
    assert await _failed(*_SOUND[name]) == {}


def test_every_check_has_its_mutant() -> None:
    assert _MUTANTS.keys() == _CHECKS
