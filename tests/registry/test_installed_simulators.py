"""The simulators of whatever is installed, each plugin by itself."""

from __future__ import annotations

import pytest

from leadgen_core import installed_simulators
from tests.registry.distributions import Site

CODE = """
class Made:
    def __init__(self, config):
        self.config = config

@hookimpl
def leadgen_simulators():
    return [SimulatorSpec(name="{name}", factory=f"{{__name__}}:Made", api="{api}")]
"""


def found(site: Site) -> tuple[dict[str, str], tuple[str, ...]]:
    offers, left = installed_simulators({"LEADGEN_PLUGINS": ",".join(site.names)})
    return {offer.spec.api: offer.question for offer in offers}, left


def test_all_are_found_by_hook_and_sorted_by_their_apis(site: Site) -> None:
    site.add("zeta", CODE.format(name="sim", api="alpha"))
    site.add("acme", CODE.format(name="sim", api="omega"))
    site.add("none")
    by_api, left = found(site)
    assert list(by_api.items()) == [("alpha", "zeta.sim"), ("omega", "acme.sim")]
    assert left == ()


def test_their_config_is_the_default_whatever_is_configured(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADGEN_ACME__API_KEY", "real")
    site.add("acme", CODE.format(name="sim", api="acme"))
    ((offer,), _) = installed_simulators({"LEADGEN_PLUGINS": "acme", "LEADGEN_ACME__API_KEY": "real"})
    assert offer.make().config.api_key is None


def test_what_is_broken_is_named_and_left_out(site: Site) -> None:
    site.add("sound", CODE.format(name="sim", api="sound"))
    site.add("raising", "@hookimpl\ndef leadgen_simulators():\n    raise RuntimeError('hunter2')", version="3.1")
    site.add("missing", "import gone_away")
    needs = "@frozen\nclass Config:\n    key: str\nPLUGIN = Plugin(api_version=1, config=Config)\n"
    site.add("needing", needs + CODE.format(name="sim", api="needing"))
    at_fault = "@frozen\nclass Config:\n    key: int = 'x'\nPLUGIN = Plugin(api_version=1, config=Config)\n"
    site.add("wrong", at_fault + CODE.format(name="sim", api="wrong"))
    site.add("twin", CODE.format(name="sim", api="sound"))
    by_api, left = found(site)
    assert by_api["sound"] == "sound.sim"
    assert "needing" not in by_api
    sentences = "\n".join(left)
    assert "the plugin raising (leadgen-raising 3.1): the hook leadgen_simulators failed with RuntimeError" in sentences
    assert "gone_away" in sentences
    assert "needing needs key" in sentences
    assert "twin.sim also simulates sound; sound.sim is taken" in sentences
    assert "hunter2" not in sentences
