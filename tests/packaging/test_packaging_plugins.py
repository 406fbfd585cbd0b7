"""Every plugin is a whole distribution, and the root's pyproject.toml knows all of them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.packaging.layout import CONTRIB, PLUGINS, ROOT, ROOT_PROJECT, Distribution, requirement_name

NAMES = {plugin.name for plugin in PLUGINS}
PACKAGES = {plugin.package for plugin in PLUGINS}


def test_the_development_group_names_every_plugin() -> None:
    # uv installs a member of the workspace only when something asks for it; the rest would be missing silently.
    assert set(ROOT_PROJECT["dependency-groups"]["plugins"]) == NAMES
    assert {"include-group": "plugins"} in ROOT_PROJECT["dependency-groups"]["dev"]


def test_uv_takes_every_plugin_from_the_workspace() -> None:
    assert ROOT_PROJECT["tool"]["uv"]["sources"] == {name: {"workspace": True} for name in NAMES}
    assert ROOT_PROJECT["tool"]["uv"]["workspace"]["members"] == ["plugins/*"]


def test_import_linter_sees_every_plugin() -> None:
    linter = ROOT_PROJECT["tool"]["importlinter"]
    assert set(linter["root_packages"]) == {"leadgen_core", *PACKAGES}
    by_type = {contract["type"]: contract for contract in linter["contracts"]}
    assert set(by_type["forbidden"]["forbidden_modules"]) == PACKAGES
    assert set(by_type["independence"]["modules"]) == PACKAGES


@pytest.mark.parametrize("each", [*PLUGINS, *CONTRIB], ids=str)
def test_a_plugin_is_a_whole_distribution(each: Distribution) -> None:
    assert (each.folder / "README.md").stat().st_size > 200
    assert (each.source / "__init__.py").is_file()
    assert (each.source / "py.typed").is_file()
    assert list((each.folder / "tests").glob("test_*.py"))
    project = each.pyproject["project"]
    assert project["name"] == each.name
    points = dict(project["entry-points"])
    plugins = points.pop("leadgen.plugins")
    if each.name != "leadgen-hostile":  # which breaks this rule too
        assert plugins == {str(each): each.package}
    commands = points.pop("leadgen.commands", {})
    assert all(value.startswith(f"{each.package}.") for value in commands.values())
    assert points == {}
    assert project["requires-python"] == ROOT_PROJECT["project"]["requires-python"]
    assert project["license"] == "MIT"
    assert each.pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [f"src/{each.package}"]


@pytest.mark.parametrize("each", [*PLUGINS, *CONTRIB], ids=str)
def test_a_plugin_needs_the_core_by_a_range_that_the_next_contract_ends(each: Distribution) -> None:
    (core,) = (each_one for each_one in each.requirements if requirement_name(each_one) == "leadgen-core")
    found = re.fullmatch(r"leadgen-core>=(\d+)\.(\d+),<(\d+)\.(\d+)", core)
    assert found is not None
    major, minor, next_major, next_minor = map(int, found.groups())
    version = tuple(map(int, ROOT_PROJECT["project"]["version"].split(".")[:2]))
    assert (major, minor) <= version < (next_major, next_minor)


def test_nothing_of_contrib_is_installed_by_default() -> None:
    asked = {requirement_name(text) for group in ("plugins", "dev") for text in _texts(group)}
    assert asked.isdisjoint(each.name for each in CONTRIB)


def _texts(group: str) -> list[str]:
    return [text for text in ROOT_PROJECT["dependency-groups"][group] if isinstance(text, str)]


def test_names_of_test_files_are_unique() -> None:
    # mypy and pytest's importlib mode would take two files of one name for one module, here or in one plugin's folder.
    folders = [ROOT / "tests", *(each.folder / "tests" for each in (*PLUGINS, *CONTRIB))]
    names = Counter(file.name for folder in folders for file in folder.rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
