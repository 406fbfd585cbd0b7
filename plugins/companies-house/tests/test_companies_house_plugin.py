"""The plugin as the core meets it: configuration, hook, factories, light imports."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module

import attrs
import leadgen_companies_house as plugin
import pytest
from leadgen_companies_house.api import COMPANIES_HOUSE

from leadgen_core import AuthKind, CompanyNumber, Discoverer, NameQuery, Secret, Source, Window


def test_the_hook_offers_the_four_sources_with_their_tiers() -> None:
    specs = {spec.name: spec for spec in plugin.leadgen_sources()}

    assert {name: (spec.tier, spec.asks) for name, spec in specs.items()} == {
        "profile": (0, CompanyNumber),
        "search": (0, NameQuery),
        "officers": (1, CompanyNumber),
        "psc": (1, CompanyNumber),
    }
    assert all(spec.api is COMPANIES_HOUSE for spec in specs.values())
    assert specs["officers"].categories
    assert not specs["profile"].categories
    for spec in specs.values():
        module, _, attribute = spec.factory.partition(":")
        source: Source = getattr(import_module(module), attribute)(plugin.Config())
        assert inspect.iscoroutinefunction(source.answer)


def test_the_hook_offers_the_discoverer() -> None:
    (spec,) = plugin.leadgen_discoverers()

    assert spec.name == "discovery"
    assert spec.api is COMPANIES_HOUSE
    module, _, attribute = spec.factory.partition(":")
    discoverer: Discoverer = getattr(import_module(module), attribute)(plugin.Config())
    assert inspect.isasyncgenfunction(discoverer.discover)


def test_the_default_configuration_is_that_of_the_register() -> None:
    config = plugin.Config()

    assert config.base_url == COMPANIES_HOUSE.base_url == "https://api.company-information.service.gov.uk"
    assert config.api_key is None
    assert config.quota is None
    credential = COMPANIES_HOUSE.credential
    assert credential is not None
    assert AuthKind(getattr(config, credential.kind_field or "")) is credential.kind is AuthKind.BASIC
    assert {credential.field, COMPANIES_HOUSE.base_url_field, COMPANIES_HOUSE.quota_field} <= set(attrs.asdict(config))


def test_a_configuration_is_taken_as_it_is_meant() -> None:
    config = plugin.Config(base_url="http://127.0.0.1:8080/ch/", api_key=Secret("k"), auth="bearer", quota=1)

    assert config.base_url == "http://127.0.0.1:8080/ch"
    assert AuthKind(config.auth) is AuthKind.BEARER


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"base_url": "api.example"}, "base_url must be"),
        ({"base_url": "ftp://api.example"}, "base_url must be"),
        ({"base_url": "https://user:word@api.example"}, "base_url must be"),
        ({"base_url": "https://api.example/?key=1"}, "base_url must be"),
        ({"auth": "digest"}, "auth"),
        ({"quota": 0}, "quota"),
        ({"quota": -5}, "quota"),
    ],
)
def test_a_wrong_configuration_is_refused_without_its_value(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refusal:
        plugin.Config(**wrong)  # type: ignore[arg-type]

    assert all(str(value) not in str(refusal.value) for key, value in wrong.items() if key == "base_url")


def test_the_api_is_complete() -> None:
    lifetimes = COMPANIES_HOUSE.lifetimes
    assert set(COMPANIES_HOUSE.operations) == {"profile", "officers", "psc", "search", "advanced-search"}
    assert all(operation.lifetime in lifetimes for operation in COMPANIES_HOUSE.operations.values())
    assert all(operation.idempotent for operation in COMPANIES_HOUSE.operations.values())
    assert all(lifetime.soft <= lifetime.hard for lifetime in lifetimes.values())
    assert tuple(COMPANIES_HOUSE.windows) == (Window(600, 300.0),)
    assert COMPANIES_HOUSE.probe is not None
    operation, request = COMPANIES_HOUSE.probe
    assert operation in COMPANIES_HOUSE.operations
    assert request.method == "GET"


def test_the_hook_imports_nothing_heavy() -> None:
    code = (
        "import sys, leadgen_companies_house as p; list(p.leadgen_sources()); list(p.leadgen_discoverers());"
        "print(sorted({'aiohttp', 'cattrs', 'typed_settings', 'aiocache', 'loguru', 'rich'} & set(sys.modules)),"
        " 'leadgen_companies_house.sources' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[] False"
