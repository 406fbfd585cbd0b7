"""The configuration of every plugin with an API: where, with which key, how fast."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadgen_core import ApiConfig, UsageError
from tests.registry.plugin_modules import layers


def config(toml: str, folder: Path) -> ApiConfig:
    return layers(f"[acme]\n{toml}\n", folder=folder).config("acme", ApiConfig)


def test_nothing_is_set_unless_somebody_sets_it() -> None:
    assert (ApiConfig().base_url, ApiConfig().api_key, ApiConfig().quota) == (None, None, None)


@pytest.mark.parametrize("url", ["https://a.example", "http://127.0.0.1:8080/v1/"])
def test_an_address(url: str, tmp_path: Path) -> None:
    assert config(f'base_url = "{url}"', tmp_path).base_url == url


@pytest.mark.parametrize("url", ["", "a.example", "ftp://a.example", "https://u:p@a.example", "https://a.example/?q"])
def test_what_is_no_address_is_refused_and_not_repeated(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"base_url") as caught:
        config(f'base_url = "{url}"', tmp_path)
    assert "u:p" not in str(caught.value)


@pytest.mark.parametrize("quota", ["0", "-1"])
def test_a_quota_that_would_let_nothing_through_is_refused(quota: str, tmp_path: Path) -> None:
    assert config("quota = 1", tmp_path).quota == 1
    with pytest.raises(UsageError, match=r"quota"):
        config(f"quota = {quota}", tmp_path)
