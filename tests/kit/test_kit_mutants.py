"""Each check of the conformance kit catches a plugin that no other check catches, and blames no sound one."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadgen_core.contracts.hookspecs import HOOKS
from leadgen_core.registry import Registry
from leadgen_core.testing import Samples
from leadgen_core.testing.conformance import checks_of, examine, sources_cancelled, specimens_of, trial
from leadgen_core.testing.conformance.examine import FAILED
from tests.kit.mutants import gathered

_MUTANTS = gathered("MUTANTS")
_SOUND = gathered("SOUND_PLUGINS")
_CHECKS = {check.id for hook in ("plugin", *HOOKS) for check in checks_of(hook)}


_METADATA = """Metadata-Version: 2.1
Name: {name}
Version: 0
Summary: A plugin of the tests
Requires-Python: >=3.11
Requires-Dist: {core}

It is described here.
"""


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two distributions, of which a mutant names one in ``DISTRIBUTION``; and less patience than an author gets."""
    for name, core in (("leadgen-sound", "leadgen-core>=0.1,<0.2"), ("leadgen-unbounded", "leadgen-core>=0.1")):
        folder = tmp_path / f"{name.replace('-', '_')}-0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(_METADATA.format(name=name, core=core))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(trial, "OWN_TIME", 2.0)
    monkeypatch.setattr(sources_cancelled, "_SOON", 1.0)


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
