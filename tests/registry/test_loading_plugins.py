from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve, field, frozen
from attrs.validators import ge

from leadgen_core import (
    Credential,
    DiscovererSpec,
    NoConfig,
    Plugin,
    Secret,
    SimulatorSpec,
    SinkSpec,
    SourceSpec,
    UsageError,
    hookimpl,
)
from leadgen_core.events import Events, PluginBroke
from leadgen_core.registry import PluginFailed, Plugins, Registry
from leadgen_core.settings import Layers
from tests.registry.distributions import Site
from tests.registry.plugin_modules import ACME, Config, layers, module, source

SECRET = "sk-hidden-value"


@hookimpl
def leadgen_sources() -> Iterable[SourceSpec]:
    yield source("one")


GOOD = module("good", leadgen_sources)


def of(**modules: object) -> Registry:
    return Registry.of([(name.replace("_", "-"), made, f"leadgen-{name}", "1.5") for name, made in modules.items()])


def both_ways(registry: Registry, name: str, configured: Layers) -> tuple[str, Plugins, PluginBroke]:
    """The refusal when it was asked for by name; what is loaded and told when it was found automatically."""
    with pytest.raises(UsageError) as caught:
        registry.load([name], configured)
    told: list[PluginBroke] = []
    events = Events()
    events.on(PluginBroke, told.append)
    plugins = registry.load(None, configured, events=events)
    assert SECRET not in str(caught.value) + str(plugins.notes) + str(told)
    assert "\n" not in str(caught.value)
    (event,) = told
    return str(caught.value), plugins, event


# --- isolation, with real distributions -------------------------------------------------------------------

BROKEN = {
    "raises": ("raise RuntimeError('sk-hidden-value')", "importing {module} failed with RuntimeError", "import"),
    "exits": ("raise SystemExit('sk-hidden-value')", "importing {module} failed with SystemExit", "import"),
    "misses": ("import gone_away.deep", "importing {module} failed with ModuleNotFoundError (gone_away)", "import"),
    "syntax": ("def sk-hidden-value", "importing {module} failed with SyntaxError", "import"),
    "future": (
        "PLUGIN = Plugin(api_version=2, config=Config)\n@hookimpl\ndef leadgen_of_tomorrow(x): ...",
        "it needs version 2 of the plugin API and this is 1; upgrade leadgen-core",
        "contract",
    ),
    "ancient": (
        "PLUGIN = Plugin(api_version=0, config=Config)",
        "it was written for version 0 of the plugin API and the oldest supported one is 1; upgrade leadgen-ancient",
        "contract",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_distribution_harms_nobody_else(site: Site, name: str) -> None:
    code, because, where = BROKEN[name]
    broken = site.add(name, code, version="3.1")
    site.add("sound", "@hookimpl\ndef leadgen_sources():\n    yield source('one')")
    because = because.format(module=broken)
    refused, plugins, event = both_ways(site.registry(), name, layers())
    assert refused == f"the plugin {name} (leadgen-{name} 3.1): {because}"
    assert [offer.question for offer in plugins.sources] == ["sound.one"]
    assert {str(note) for note in plugins.notes} == {
        f"{name} (leadgen-{name} 3.1) left out: {because}",
        "sound (leadgen-sound 1.0) taken: sources",
    }
    assert plugins.versions == {"sound": "1.0"}
    assert (event.plugin, event.distribution, event.version, event.where) == (name, f"leadgen-{name}", "3.1", where)
    sys.modules.pop(broken, None)


def test_a_list_in_the_configuration_asks_by_name_too(site: Site, tmp_path: Path) -> None:
    site.add("raises", "raise RuntimeError")
    configured = layers('[plugins]\nuse = ["raises"]\n', folder=tmp_path)
    with pytest.raises(UsageError, match="failed with RuntimeError"):
        site.registry().load(None, configured)


# --- the contract -----------------------------------------------------------------------------------------


def hooks(*functions: Any, **more: Any) -> ModuleType:
    return module("broken", *functions, **more)


@hookimpl
async def leadgen_caches() -> Iterable[Any]:
    return ()


@hookimpl
async def leadgen_sinks() -> AsyncIterator[SinkSpec]:
    yield SinkSpec(name="x", factory="a:b")


@hookimpl
def leadgen_scorers(leads: object) -> Iterable[Any]:
    return ()


@hookimpl
def leadgen_scource() -> Iterable[Any]:
    return ()


@hookimpl(specname="leadgen_sink")
def anything() -> Iterable[Any]:
    return ()


@hookimpl(wrapper=True)
def leadgen_screens() -> Any:
    return (yield)


def leadgen_resolvers() -> Iterable[Any]:
    return ()


def _named(name: str, answer: Any) -> Any:
    def hook() -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    hook.__name__ = name
    return hookimpl(hook)


def _raising() -> Iterator[SourceSpec]:
    yield source("one")
    raise LookupError(SECRET)


def _endless() -> Iterator[SourceSpec]:
    while True:
        yield source("one")


@frozen
class Placeless:
    api_key: str | None = None


@frozen
class Keyless:
    base_url: str | None = None
    other: str = ""


BREACHES: dict[str, tuple[object, str]] = {
    "no PLUGIN": (
        ModuleType("broken"),
        "broken has no PLUGIN = Plugin(api_version=..., config=...)",
    ),
    "another PLUGIN": (hooks(plugin="x"), "broken has no PLUGIN = Plugin(api_version=..., config=...)"),
    "version no number": (
        hooks(plugin=Plugin(api_version="1", config=Config)),  # type: ignore[arg-type]
        "its api_version is not a number",
    ),
    "config no attrs class": (hooks(plugin=Plugin(api_version=1, config=dict)), "its config is not an attrs class"),
    "coroutine": (hooks(leadgen_caches), "leadgen_caches is an async def; hooks are synchronous"),
    "async generator": (hooks(leadgen_sinks), "leadgen_sinks is an async generator; hooks are synchronous"),
    "arguments": (hooks(leadgen_scorers), "leadgen_scorers takes arguments that the contract does not have"),
    "misspelt": (hooks(leadgen_scource), "there is no hook leadgen_scource; the nearest is leadgen_sources"),
    "misspelt elsewhere": (hooks(anything), "there is no hook leadgen_sink; the nearest is leadgen_sinks"),
    "wrapper": (hooks(leadgen_screens), "leadgen_screens is a wrapper; a hook only returns specs"),
    "unmarked": (hooks(leadgen_resolvers), "leadgen_resolvers is not marked with @hookimpl"),
    "nothing": (hooks(_named("leadgen_sources", None)), "leadgen_sources returned NoneType, not a list of SourceSpec"),
    "not a list": (
        hooks(_named("leadgen_sources", source("one"))),
        "leadgen_sources returned SourceSpec, not a list of SourceSpec",
    ),
    "text": (hooks(_named("leadgen_sources", SECRET)), "leadgen_sources returned str, not a list of SourceSpec"),
    "another type": (
        hooks(_named("leadgen_sources", [SinkSpec(name="x", factory="a:b")])),
        "leadgen_sources gave SinkSpec, not SourceSpec",
    ),
    "raises": (hooks(_named("leadgen_sources", OSError(SECRET))), "the hook leadgen_sources failed with OSError"),
    "raises later": (hooks(_named("leadgen_sources", _raising())), "the hook leadgen_sources failed with LookupError"),
    "endless": (hooks(_named("leadgen_sources", _endless())), "leadgen_sources gave more than 1000 specs"),
    "two of a name": (
        hooks(_named("leadgen_sources", [source("one"), source("two"), source("one")])),
        "leadgen_sources gave two specs of the name one",
    ),
    "key without a field": (
        hooks(_named("leadgen_sources", [source("one", api=ACME)]), plugin=Plugin(api_version=1, config=Keyless)),
        "the API of one signs with api_key, a field that its config lacks",
    ),
    "API that cannot be pointed elsewhere": (
        hooks(_named("leadgen_sources", [source("one", api=ACME)]), plugin=Plugin(api_version=1, config=Placeless)),
        "the API of one is placed by base_url, a field that its config lacks",
    ),
    "cap without a field": (
        hooks(_named("leadgen_sources", [source("one", api=evolve(ACME, quota_field="calls"))])),
        "the API of one is capped by calls, a field that its config lacks",
    ),
    "choice of signing without a field": (
        hooks(_named("leadgen_sources", [source("one", api=evolve(ACME, credential=Credential(kind_field="auth")))])),
        "the API of one chooses how to sign by auth, a field that its config lacks",
    ),
}  # fmt: skip


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_of_the_contract(breach: str) -> None:
    made, because = BREACHES[breach]
    registry = of(broken=made, good=GOOD)
    answer = vars(made).get("leadgen_sources")
    with pytest.raises(PluginFailed) as caught:
        registry.open("broken")
    assert str(caught.value) == f"the plugin broken (leadgen-broken 1.5): {because}"
    if breach == "raises later" and answer is not None:
        return  # this generator has run now
    refused, plugins, event = both_ways(registry, "broken", layers())
    assert refused == str(caught.value)
    assert [offer.question for offer in plugins.sources] == ["good.one"]
    assert event.plugin == "broken"


def test_what_is_allowed() -> None:
    @hookimpl(optionalhook=True)
    def leadgen_of_tomorrow(whatever: object) -> None: ...

    @hookimpl(specname="leadgen_sinks")
    def outputs() -> list[SinkSpec]:
        return [SinkSpec(name="one", factory="a:b")]  # the name of a source is no clash

    def leadgen_helper() -> None: ...

    made = module("fine", leadgen_sources, leadgen_of_tomorrow, outputs, leadgen_helper)
    opened = of(fine=made).open("fine")
    assert [(record.hook, record.spec.name) for record in opened.records] == [
        ("leadgen_sinks", "one"),
        ("leadgen_sources", "one"),
    ]
    assert opened.sources == (source("one"),)


def test_a_module_that_answers_every_name_is_not_asked() -> None:
    class Trap(ModuleType):
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    trap = Trap("trap")
    vars(trap).update(vars(GOOD))
    assert of(trap=trap).open("trap").sources == (source("one"),)


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
    return of(acme_reg=module("acme", _named("leadgen_sources", specs), *more))


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
    registry = with_key(_named("leadgen_discoverers", lists))
    plugins = registry.load(None, layers())
    assert [offer.question for offer in plugins.discoverers] == ["acme-reg.more"]
    assert [offer.question for offer in plugins.sources] == ["acme-reg.free", "acme-reg.open"]
    assert str(plugins.notes[0]) == f"acme-reg (leadgen-acme_reg 1.5) taken: sources, discoverers; {NEEDS}"
    configured = layers(environ={"LEADGEN_ACME_REG__API_KEY": SECRET})
    assert [offer.spec.name for offer in registry.load(None, configured).discoverers] == ["free", "more"]


def test_a_simulator_alone_takes_no_part_in_a_run() -> None:
    simulators = _named("leadgen_simulators", [SimulatorSpec(name="acme", factory="a:b", api="acme")])
    made = module("acme", _named("leadgen_sources", [source("paid", api=ACME)]), simulators)
    plugins = of(acme=made).load(None, layers())
    assert [offer.question for offer in plugins.simulators] == ["acme.acme"]
    assert plugins.versions == {}
    assert not plugins.notes[0].taken


# --- automatic or asked for -------------------------------------------------------------------------------


def test_specs_that_are_not_automatic() -> None:
    quiet = module("quiet", _named("leadgen_sources", [source("one", auto=False)]))
    mixed = module("mixed", _named("leadgen_sources", [source("one", auto=False), source("two")]))
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
    quiet = module("quiet", _named("leadgen_sources", [source("one", auto=False, api=ACME)]))
    plugins = of(quiet=quiet).load(None, layers("[quiet]\nunknown = 1\n", folder=tmp_path))
    assert plugins.sources == ()


def test_what_belongs_to_whom() -> None:
    plugins = of(good=GOOD).load(None, layers())
    assert plugins.modules() == {"good": "good (leadgen-good 1.5)"}


def test_config_classes_for_the_schema() -> None:
    registry = of(good=GOOD, broken=ModuleType("broken"))
    assert registry.configs() == {"good": Config}
