"""Everything that is installed is pinned, to the version that is installed."""

from __future__ import annotations

import os

import pytest

from tests.packaging.layout import ROOT, ROOT_PROJECT
from tests.packaging.pins import installed, with_pins

PINS: list[str] = ROOT_PROJECT["tool"]["uv"]["constraint-dependencies"]
MEND = "see Pins in CONTRIBUTING.md"


def test_versions_are_those_of_the_pins() -> None:
    pinned = dict(pin.split("==") for pin in PINS)
    assert {name: version for name, version in installed().items() if pinned.get(name, version) != version} == {}, MEND


def test_everything_that_is_installed_is_pinned() -> None:
    if not os.environ.get("CI"):
        pytest.skip("this environment may hold what somebody installed by hand; in CI it is exact")
    assert sorted(set(installed()) - {pin.partition("==")[0] for pin in PINS}) == [], MEND


def test_pins_are_names_and_versions_only() -> None:
    assert sorted(PINS, key=lambda pin: pin.partition("==")[0]) == PINS
    for pin in PINS:
        name, equals, version = pin.partition("==")
        assert equals
        assert name
        assert version[:1].isdigit()
        assert not set(version) & set(" /:@;")


def test_writing_pins_changes_nothing_else() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    same = with_pins(text, dict(pin.split("==") for pin in PINS))
    assert same == text
    cleared = with_pins(text, {})
    assert cleared != text
    assert with_pins(cleared, dict(pin.split("==") for pin in PINS)) == text


def test_a_file_without_the_table_is_left_alone() -> None:
    with pytest.raises(ValueError, match="constraint-dependencies"):
        with_pins("[project]\n", {})
