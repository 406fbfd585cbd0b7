from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from leadgen_core import CacheSpec, RateLimiterSpec, ResolverSpec, SourceSpec, UsageError, hookimpl
from leadgen_core.registry import Registry
from tests.registry.plugin_modules import layers, module, source


def offering(*specs: Any, hook: str = "leadgen_sources", tryfirst: bool = False, trylast: bool = False) -> ModuleType:
    def answer() -> Iterable[Any]:
        return specs

    answer.__name__ = hook
    return module("some", hookimpl(tryfirst=tryfirst, trylast=trylast)(answer))


def sources(*tiers: int) -> list[SourceSpec]:
    return [source(f"s{index}", tier=tier) for index, tier in enumerate(tiers)]


MODULES = {
    "alpha": offering(*sources(1, 0)),
    "beta": offering(*sources(0), trylast=True),
    "gamma": offering(*sources(0), tryfirst=True),
    "delta": offering(*sources(0, 2, 0)),
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # Tier, then tryfirst and trylast, then the name, then the place in the hook.
        (None, "gamma.s0 alpha.s1 delta.s0 delta.s2 beta.s0 alpha.s0 delta.s1"),
        # The user's order stands before tryfirst and trylast, and behind the tier.
        (["delta", "beta", "alpha", "gamma"], "delta.s0 delta.s2 beta.s0 alpha.s1 gamma.s0 alpha.s0 delta.s1"),
    ],
)
def test_sources(seed: int, asked: list[str] | None, expected: str) -> None:
    installed = list(MODULES.items())
    random.Random(seed).shuffle(installed)
    registry = Registry.of([(name, made, f"dist-{name}", "1") for name, made in installed])
    plugins = registry.load(asked, layers())
    assert " ".join(offer.question for offer in plugins.sources) == expected


def test_the_configurations_order_is_the_users_too(tmp_path: Path) -> None:
    registry = Registry.of([(name, made, f"dist-{name}", "1") for name, made in MODULES.items()])
    configured = layers('[plugins]\nuse = ["beta", "gamma"]\n', folder=tmp_path)
    assert [offer.question for offer in registry.load(None, configured).sources] == ["beta.s0", "gamma.s0"]


def test_the_operator_moves_a_source_to_another_tier(tmp_path: Path) -> None:
    registry = Registry.of([(name, made, f"dist-{name}", "1") for name, made in MODULES.items()])
    toml = "[gamma]\ntier.s0 = 3\n[delta]\ntier.s1 = 0\n"
    plugins = registry.load(["gamma", "delta"], layers(toml, folder=tmp_path))
    assert [(offer.question, offer.spec.tier) for offer in plugins.sources] == [
        ("delta.s0", 0), ("delta.s1", 0), ("delta.s2", 0), ("gamma.s0", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_other_kinds_have_no_tiers(seed: int) -> None:
    def cache(name: str) -> CacheSpec:
        return CacheSpec(name=name, factory="a:b")

    modules = [
        ("disk", offering(cache("z"), cache("a"), hook="leadgen_caches")),
        ("redis", offering(cache("r"), hook="leadgen_caches", trylast=True)),
        ("memory", offering(cache("m"), hook="leadgen_caches", tryfirst=True)),
    ]
    random.Random(seed).shuffle(modules)
    registry = Registry.of([(name, made, f"dist-{name}", "1") for name, made in modules])
    assert [o.question for o in registry.load(None, layers()).caches] == ["memory.m", "disk.z", "disk.a", "redis.r"]
    asked = registry.load(["redis", "disk", "memory"], layers())
    assert [o.question for o in asked.caches] == ["redis.r", "disk.z", "disk.a", "memory.m"]
    assert list(asked.versions) == ["redis", "disk", "memory"]


def test_one_resolver_and_one_limiter_are_chosen() -> None:
    resolver = offering(ResolverSpec(name="one", factory="a:b"), ResolverSpec(name="two", factory="a:b"),
                        hook="leadgen_resolvers")  # fmt: skip
    limiter = offering(RateLimiterSpec(name="window", factory="a:b"), hook="leadgen_rate_limiters")
    plugins = Registry.of([("identity", resolver, "d", "1"), ("quota", limiter, "e", "1")]).load(None, layers())
    for name, expected in [(None, "identity.one"), ("identity", "identity.one"), ("two", "identity.two"),
                           ("identity.two", "identity.two")]:  # fmt: skip
        offer = plugins.resolver(name)
        assert offer is not None
        assert offer.question == expected
    found = plugins.limiter("quota")
    assert found is not None
    assert found.question == "quota.window"
    with pytest.raises(
        UsageError, match=r"^\[run\] limiter: there is no limiter quotas; the nearest is quota\.window$"
    ):
        plugins.limiter("quotas")
    nothing = Registry.of([]).load(None, layers())
    assert nothing.limiter(None) is None
    with pytest.raises(UsageError, match=r"^\[run\] resolver: there is no resolver x; no loaded plugin has one$"):
        nothing.resolver("x")
