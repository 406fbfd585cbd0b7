"""Plugins that are broken or breach the contract: refused by name, left out when found automatically."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve, frozen

from leadgen_core import (
    Credential,
    Plugin,
    SinkSpec,
    SourceSpec,
    UsageError,
    hookimpl,
)
from leadgen_core.registry import PluginFailed
from tests.registry.distributions import Site
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
    "nothing": (hooks(named("leadgen_sources", None)), "leadgen_sources returned NoneType, not a list of SourceSpec"),
    "not a list": (
        hooks(named("leadgen_sources", source("one"))),
        "leadgen_sources returned SourceSpec, not a list of SourceSpec",
    ),
    "text": (hooks(named("leadgen_sources", SECRET)), "leadgen_sources returned str, not a list of SourceSpec"),
    "another type": (
        hooks(named("leadgen_sources", [SinkSpec(name="x", factory="a:b")])),
        "leadgen_sources gave SinkSpec, not SourceSpec",
    ),
    "raises": (hooks(named("leadgen_sources", OSError(SECRET))), "the hook leadgen_sources failed with OSError"),
    "raises later": (hooks(named("leadgen_sources", _raising())), "the hook leadgen_sources failed with LookupError"),
    "endless": (hooks(named("leadgen_sources", _endless())), "leadgen_sources gave more than 1000 specs"),
    "two of a name": (
        hooks(named("leadgen_sources", [source("one"), source("two"), source("one")])),
        "leadgen_sources gave two specs of the name one",
    ),
    "key without a field": (
        hooks(named("leadgen_sources", [source("one", api=ACME)]), plugin=Plugin(api_version=1, config=Keyless)),
        "the API of one signs with api_key, a field that its config lacks",
    ),
    "API that cannot be pointed elsewhere": (
        hooks(named("leadgen_sources", [source("one", api=ACME)]), plugin=Plugin(api_version=1, config=Placeless)),
        "the API of one is placed by base_url, a field that its config lacks",
    ),
    "cap without a field": (
        hooks(named("leadgen_sources", [source("one", api=evolve(ACME, quota_field="calls"))])),
        "the API of one is capped by calls, a field that its config lacks",
    ),
    "choice of signing without a field": (
        hooks(named("leadgen_sources", [source("one", api=evolve(ACME, credential=Credential(kind_field="auth")))])),
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
