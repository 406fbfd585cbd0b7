"""What plugins are configured with, what they lack, and which of them are asked for by name only."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve, field, frozen
from attrs.validators import ge

from leadgen_core import (
    DiscovererSpec,
    NoConfig,
    Plugin,
    Secret,
    SimulatorSpec,
    UsageError,
)
from leadgen_core.events import Events, PluginBroke
from leadgen_core.registry import Registry
from tests.registry.plugin_modules import (
    ACME,
    GOOD,
    SECRET,
    Config,
    both_ways,
    layers,
    leadgen_sources,
    module,
    named,
    of,
    source,
)

# --- configuration ----------------------------------------------------------------------------------------


@frozen
class Strict:
    quota: int = field(default=1, validator=ge(1))


@frozen
class Impossible:
    quota: int = field(default=0, validator=ge(1))


def test_a_config_that_does_not_fit(tmp_path: Path) -> None:
    strict = module("strict", leadgen_sources, plugin=Plugin(api_version=1, config=Strict))
    registry = of(good=GOOD, strict=strict)
    refused, plugins, event = both_ways(registry, "strict", layers("[strict]\nquota = 0\n", folder=tmp_path))
    assert refused == "leadgen.toml [strict] quota must be a whole number of at least 1"
    assert str(plugins.notes[1]) == f"strict (leadgen-strict 1.5) left out: {refused}"
    assert (event.where, event.error) == ("config", "UsageError")


def test_a_config_class_that_cannot_be_filled() -> None:
    made = module("impossible", leadgen_sources, plugin=Plugin(api_version=1, config=Impossible))
    refused, plugins, event = both_ways(of(good=GOOD, impossible=made), "impossible", layers())
    assert refused == "the plugin impossible (leadgen-impossible 1.5): filling its config class failed with TypeError"
    assert plugins.versions == {"good": "1.5"}
    assert (event.where, event.error) == ("config", "TypeError")


def test_offers_carry_the_plugins_configuration(tmp_path: Path) -> None:
    plugins = of(good=GOOD).load(None, layers("[good]\nquota = 9\n", folder=tmp_path))
    assert plugins.sources[0].config == Config(quota=9)
    assert plugins.sources[0].plugin.version == "1.5"


def test_sections_are_checked_against_all_that_is_installed(tmp_path: Path) -> None:
    registry = of(good=GOOD, other=GOOD)
    registry.load(["good"], layers("[other]\nunknown = 1\n", folder=tmp_path))  # its class was not asked
    with pytest.raises(UsageError, match=re.escape("there is no section [othr]; the nearest is [other]")):
        registry.load(["good"], layers("[othr]\n", folder=tmp_path))


def test_unknown_sources_of_tiers(tmp_path: Path) -> None:
    refused, plugins, _event = both_ways(
        of(good=GOOD, more=GOOD), "good", layers("[good]\ntier.two = 1\n", folder=tmp_path)
    )
    assert refused == "leadgen.toml [good] tier.two: there is no such source; the nearest is one"
    assert [offer.question for offer in plugins.sources] == ["more.one"]


# --- missing credentials ----------------------------------------------------------------------------------

NEEDS = "acme-reg needs api_key: set LEADGEN_ACME_REG__API_KEY or api_key in [acme-reg]"


def with_key(*more: Any) -> Registry:
    specs = [source("paid", api=ACME), source("free"), source("open", api=evolve(ACME, credential=None))]
    return of(acme_reg=module("acme", named("leadgen_sources", specs), *more))


def test_a_key_that_is_missing() -> None:
    registry = with_key()
    with pytest.raises(UsageError, match=f"^{re.escape(NEEDS)}$"):
        registry.load(["acme-reg"], layers())
    told: list[PluginBroke] = []
    events = Events()
    events.on(PluginBroke, told.append)
    plugins = registry.load(None, layers(), events=events)
    assert [offer.question for offer in plugins.sources] == ["acme-reg.free", "acme-reg.open"]
    assert [str(note) for note in plugins.notes] == [f"acme-reg (leadgen-acme_reg 1.5) taken: sources; {NEEDS}"]
    assert told == []  # nothing broke


def test_a_key_that_is_there() -> None:
    configured = layers(environ={"LEADGEN_ACME_REG__API_KEY": SECRET})
    plugins = with_key().load(["acme-reg"], configured)
    assert [offer.spec.name for offer in plugins.sources] == ["paid", "free", "open"]
    assert plugins.sources[0].config.api_key == Secret(SECRET)
    assert SECRET not in repr(plugins)


def test_a_key_that_a_discoverer_lacks() -> None:
    lists = [DiscovererSpec(name="free", factory="a:b", api=ACME), DiscovererSpec(name="more", factory="a:b")]
    registry = with_key(named("leadgen_discoverers", lists))
    plugins = registry.load(None, layers())
    assert [offer.question for offer in plugins.discoverers] == ["acme-reg.more"]
    assert [offer.question for offer in plugins.sources] == ["acme-reg.free", "acme-reg.open"]
    assert str(plugins.notes[0]) == f"acme-reg (leadgen-acme_reg 1.5) taken: sources, discoverers; {NEEDS}"
    configured = layers(environ={"LEADGEN_ACME_REG__API_KEY": SECRET})
    assert [offer.spec.name for offer in registry.load(None, configured).discoverers] == ["free", "more"]


def test_a_simulator_alone_takes_no_part_in_a_run() -> None:
    simulators = named("leadgen_simulators", [SimulatorSpec(name="acme", factory="a:b", api="acme")])
    made = module("acme", named("leadgen_sources", [source("paid", api=ACME)]), simulators)
    plugins = of(acme=made).load(None, layers())
    assert [offer.question for offer in plugins.simulators] == ["acme.acme"]
    assert plugins.versions == {}
    assert not plugins.notes[0].taken


# --- automatic or asked for -------------------------------------------------------------------------------


def test_specs_that_are_not_automatic() -> None:
    quiet = module("quiet", named("leadgen_sources", [source("one", auto=False)]))
    mixed = module("mixed", named("leadgen_sources", [source("one", auto=False), source("two")]))
    registry = of(quiet=quiet, mixed=mixed, empty=module("empty", plugin=Plugin(api_version=1, config=NoConfig)))
    plugins = registry.load(None, layers())
    assert [offer.question for offer in plugins.sources] == ["mixed.two"]
    assert [str(note).partition(" 1.5) ")[2] for note in plugins.notes] == [
        "left out: it offers nothing",
        "taken: sources; some specs only when asked for by name",
        "left out: only when asked for by name",
    ]
    assert plugins.versions == {"mixed": "1.5"}
    asked = registry.load(["quiet", "mixed", "empty"], layers())
    assert [offer.question for offer in asked.sources] == ["quiet.one", "mixed.one", "mixed.two"]
    assert asked.versions == {"quiet": "1.5", "mixed": "1.5", "empty": "1.5"}


def test_a_plugin_that_is_not_automatic_needs_no_configuration(tmp_path: Path) -> None:
    quiet = module("quiet", named("leadgen_sources", [source("one", auto=False, api=ACME)]))
    plugins = of(quiet=quiet).load(None, layers("[quiet]\nunknown = 1\n", folder=tmp_path))
    assert plugins.sources == ()


def test_what_belongs_to_whom() -> None:
    plugins = of(good=GOOD).load(None, layers())
    assert plugins.modules() == {"good": "good (leadgen-good 1.5)"}


def test_config_classes_for_the_schema() -> None:
    registry = of(good=GOOD, broken=ModuleType("broken"))
    assert registry.configs() == {"good": Config}
