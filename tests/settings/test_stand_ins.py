"""``Layers.stand_in``: what ``--sandbox`` does to a section."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadgen_core import UsageError
from leadgen_core.settings import NO_SECRET, RunSettings
from tests.settings.configs import AcmeConfig, read

TOML = """
[acme]
base_url = "https://file.example"
api_key = "env:NOT_THERE"
quota = 3
tier.officers = 2
[run]
installation_key = "file:not-there"
"""


def test_it_wins_over_every_layer_and_leaves_the_rest(tmp_path: Path) -> None:
    layers = read(
        tmp_path,
        TOML,
        environ={"LEADGEN_ACME__BASE_URL": "https://env.example"},
        sets=("acme.base_url=https://set.example",),
    )
    layers.stand_in("acme", {"base_url": "http://127.0.0.1:1", "api_key": "drawn"})
    layers.stand_in("acme", {"base_url": "http://127.0.0.1:2"})
    config = layers.config("acme", AcmeConfig)
    assert config.base_url == "http://127.0.0.1:2"
    assert config.api_key is not None
    assert config.api_key.reveal() == "drawn"
    assert config.quota == 3
    assert layers.tiers("acme", ["officers"]) == {"officers": 2}


@pytest.mark.parametrize("reference", ["env:NOT_THERE", "file:not-there", "keyring:not/there", "a-real-key"])
def test_a_secret_that_it_does_not_give_is_not_resolved(tmp_path: Path, reference: str) -> None:
    layers = read(tmp_path, f'[acme]\napi_key = "{reference}"\n')
    layers.stand_in("acme", {"base_url": "http://127.0.0.1:1"})
    config = layers.config("acme", AcmeConfig)
    assert config.api_key is not None
    assert config.api_key.reveal() == NO_SECRET
    assert layers.resolved == ()


def test_other_sections_are_as_ever(tmp_path: Path) -> None:
    layers = read(tmp_path, TOML)
    layers.stand_in("acme", {"base_url": "http://127.0.0.1:1"})
    with pytest.raises(UsageError, match="not-there"):
        layers.run()
    layers.stand_in("run", {"installation_key": "drawn"})
    run = layers.config("run", RunSettings)
    assert run.installation_key is not None
    assert run.installation_key.reveal() == "drawn"


def test_a_value_that_does_not_fit_names_the_option(tmp_path: Path) -> None:
    layers = read(tmp_path)
    layers.stand_in("acme", {"quota": 0})
    with pytest.raises(UsageError, match=r"^--sandbox quota must be"):
        layers.config("acme", AcmeConfig)
