from __future__ import annotations

import re
from typing import Any

import pytest
from attrs import frozen

from leadgen_core import CacheSpec, UsageError
from leadgen_core.registry import Installed, Offer, PluginFailed

PLUGIN = Installed("acme", "leadgen-acme", "1.2", "leadgen_acme")


@frozen
class Made:
    config: object


def breaks(_config: object) -> Any:
    raise LookupError("sk-hidden-value")


def leaves(_config: object) -> Any:
    raise SystemExit(1)


def refuses(_config: object) -> Any:
    raise UsageError("acme: the folder is missing")


async def waits(_config: object) -> Made:
    return Made(1)


def offer(factory: str) -> Offer[CacheSpec]:
    return Offer(PLUGIN, CacheSpec(name="one", factory=factory), {"a": 1})


def test_the_factory_is_called_with_the_configuration() -> None:
    made = offer(f"{__name__}:Made").make()
    assert made == Made({"a": 1})
    assert offer("a:b").question == "acme.one"


@pytest.mark.parametrize(
    ("factory", "because", "error"),
    [
        ("gone_away.deep:X", "making acme.one failed with ModuleNotFoundError (gone_away)", "ModuleNotFoundError"),
        (f"{__name__}:Gone", "making acme.one failed with AttributeError", "AttributeError"),
        (f"{__name__}:breaks", "making acme.one failed with LookupError", "LookupError"),
        (f"{__name__}:leaves", "making acme.one failed with SystemExit", "SystemExit"),
        (f"{__name__}:waits", "making acme.one gave a coroutine: a factory is no async def", "coroutine"),
    ],
)
def test_a_factory_that_fails_names_its_plugin(factory: str, because: str, error: str) -> None:
    with pytest.raises(
        PluginFailed, match=f"^{re.escape(f'the plugin acme (leadgen-acme 1.2): {because}')}$"
    ) as caught:
        offer(factory).make()
    assert (caught.value.plugin, caught.value.where, caught.value.error) == (PLUGIN, "factory", error)


def test_what_a_factory_tells_the_operator_is_let_through() -> None:
    with pytest.raises(UsageError, match=r"^acme: the folder is missing$"):
        offer(f"{__name__}:refuses").make()
