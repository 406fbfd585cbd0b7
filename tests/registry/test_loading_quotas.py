"""Quotas that a plugin's API declares and that cannot be kept: refused by name, left out when found automatically."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from leadgen_core import ApiSpec, Operation, SourceSpec, UsageError, Window, hookimpl
from leadgen_core.registry import PluginFailed, Registry
from tests.registry.plugin_modules import ACME, layers, module, source

DAY = Window(100, 86_400.0)
BY_SEARCH = {"profile": Operation("public", quota="search")}

BREACHES: dict[str, tuple[dict[str, Any], str]] = {
    "not declared": (
        {"operations": BY_SEARCH, "quotas": {"serach": (DAY,)}},
        "the API acme of one declares no quota search, which its operation profile counts against",
    ),
    "without a name": (
        {"quotas": {"": (DAY,)}},
        "the API acme of one declares a quota without a name: the rules of its common one stand in windows",
    ),
    "one length twice": (
        {"operations": BY_SEARCH, "quotas": {"search": (DAY, Window(500, 86_400.0))}},
        "the API acme of one declares two windows of one length in its quota search",
    ),
    "a name that cannot be used": (
        {"quotas": {"x:search": ()}},
        "leadgen_sources gave a spec with a wrong value in ApiSpec (a name that cannot be used)",
    ),
    "no windows": ({"quotas": {"search": DAY}}, "leadgen_sources gave a spec with a wrong value in SourceSpec.api"),
    "no name of a quota": (
        {"operations": {"profile": Operation("public", quota=5)}},  # type: ignore[arg-type]  # that is the test
        "leadgen_sources gave a spec with a wrong value in SourceSpec.api",
    ),
}


def registry(api: ApiSpec) -> Registry:
    @hookimpl
    def leadgen_sources() -> list[SourceSpec]:
        return [source("one", api=api)]

    return Registry.of([("acme", module("acme", leadgen_sources), "leadgen-acme", "1.5")])


@pytest.mark.parametrize("breach", BREACHES)
def test_a_quota_that_cannot_be_kept(breach: str) -> None:
    changes, because = BREACHES[breach]
    made = registry(evolve(ACME, credential=None, **changes))
    with pytest.raises(PluginFailed) as caught:
        made.open("acme")
    assert str(caught.value) == f"the plugin acme (leadgen-acme 1.5): {because}"
    with pytest.raises(UsageError, match=r"^the plugin acme"):
        made.load(["acme"], layers())
    assert made.load(None, layers()).sources == ()


def test_quotas_that_can_be_kept() -> None:
    quotas = {"search": (DAY, Window(10, 60.0)), "spare": ()}
    made = registry(evolve(ACME, credential=None, operations=BY_SEARCH, quotas=quotas, windows=(DAY, DAY)))
    (offer,) = made.load(["acme"], layers()).sources
    assert offer.spec.api is not None
    assert offer.spec.api.limited
    assert (offer.spec.api.rules("search"), offer.spec.api.rules()) == (quotas["search"], (DAY, DAY))


def test_an_api_that_is_known_to_count_nothing() -> None:
    assert not ACME.limited
    assert evolve(ACME, quotas={"search": ()}).limited
    assert evolve(ACME, windows=(DAY,)).limited
