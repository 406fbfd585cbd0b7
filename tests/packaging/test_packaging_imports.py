"""What plugins import: public names of the core, themselves, and what they declare. Read from the source alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import leadgen_core
from leadgen_core import testing
from tests.packaging.layout import CONTRIB, PLUGINS, ROOT_PROJECT, Distribution, requirement_name

PUBLIC = {"leadgen_core": set(leadgen_core.__all__), "leadgen_core.testing": set(testing.__all__)}
WORLD = "leadgen_core.contracts.world"
PROVIDED = packages_distributions()
WITH_THE_CORE = {"attrs", "leadgen-core"}
"""The contracts are attrs classes and ask for one as a config, so attrs is part of them."""


class Import:
    """One import of a file: the module, and the names that are taken from it."""

    def __init__(self, module: str, names: set[str], line: int) -> None:
        self.module = module
        self.names = names
        self.line = line


def imports(code: str) -> Iterator[Import]:
    """All imports, wherever they stand, also of functions and below TYPE_CHECKING."""
    tree = ast.parse(code)
    aliases: dict[str, Import] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield Import(module, {alias.name for alias in node.names}, node.lineno)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found = Import(alias.name, set(), node.lineno)
                aliases[alias.asname or alias.name] = found
                yield found
    for node in ast.walk(tree):  # `import leadgen_core as lg` takes the names by attribute
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            yield Import(aliases[node.value.id].module, {node.attr}, node.lineno)


def objection(found: Import, own: str, *, tests: bool) -> str | None:
    """What is wrong with an import of ours, None for one that is allowed."""
    package = found.module.partition(".")[0]
    if found.module.startswith("."):
        return "a relative import"
    if not package.startswith("leadgen_") or package == own:
        return None
    if package != "leadgen_core":
        return f"another plugin, {package}"
    if found.module == WORLD:
        return None
    if found.module == "leadgen_core.testing" and not tests:
        return "leadgen_core.testing outside of tests"
    public = PUBLIC.get(found.module)
    if public is None:
        return f"{found.module}, which is private"
    private = found.names - public
    return f"{found.module} has no public {sorted(private)}" if private else None


def sources(each: Distribution) -> Iterator[tuple[Path, bool]]:
    for folder, tests in ((each.folder / "src", False), (each.folder / "tests", True)):
        for file in sorted(folder.rglob("*.py")):
            # What `leadgen plugins check` is told by a plugin, and nothing else imports.
            yield file, tests or file.relative_to(folder).parts[1:] == ("samples.py",)


@pytest.mark.parametrize("each", [*PLUGINS, *CONTRIB], ids=str)
def test_a_plugin_imports_public_names_only(each: Distribution) -> None:
    wrong = [
        f"{file.relative_to(each.folder)}:{found.line}: {why}"
        for file, tests in sources(each)
        for found in imports(file.read_text(encoding="utf-8"))
        if (why := objection(found, each.package, tests=tests)) is not None
    ]
    assert wrong == []


@pytest.mark.parametrize("each", [*PLUGINS, *CONTRIB], ids=str)
def test_a_plugin_declares_what_it_imports(each: Distribution) -> None:
    # An editable workspace hides what is not declared. What the core happens to need as well is not declared either,
    # and may go from there one day; for tests, which are no part of a wheel, it is good enough.
    declared = {requirement_name(text) for text in each.requirements} | WITH_THE_CORE
    core = {requirement_name(text) for text in ROOT_PROJECT["project"]["dependencies"]}
    for_tests = declared | core | {requirement_name(text) for text in each.test_requirements}
    wrong = [
        f"{file.relative_to(each.folder)}:{found.line}: {package}"
        for file, tests in sources(each)
        for found in imports(file.read_text(encoding="utf-8"))
        if (package := found.module.partition(".")[0]) not in {*sys.stdlib_module_names, each.package}
        and not package.startswith("leadgen_")
        and not (tests and found.module.startswith(f"{each.folder.parent.name}.{each}.tests"))
        and not {name.lower() for name in PROVIDED.get(package, [])} & (for_tests if tests else declared)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("from leadgen_core import CompanyNumber", None),
        ("from leadgen_core.contracts.world import World", None),
        ("from leadgen_acme.source import Source", None),
        ("import re", None),
        ("import leadgen_core as lg\nlg.CompanyNumber", None),
        ("import leadgen_core as lg\nlg.gateway", "leadgen_core has no public ['gateway']"),
        ("import leadgen_core\nleadgen_core.engine.pipeline", "leadgen_core has no public ['engine']"),
        ("from leadgen_core import gateway", "leadgen_core has no public ['gateway']"),
        ("import leadgen_core.engine", "leadgen_core.engine, which is private"),
        (
            "def f() -> None:\n    from leadgen_core.model.claims import Claim",
            "leadgen_core.model.claims, which is private",
        ),
        ("from leadgen_core.testing import VirtualClock", "leadgen_core.testing outside of tests"),
        ("from leadgen_identity import PLUGIN", "another plugin, leadgen_identity"),
        ("from . import source", "a relative import"),
    ],
)
def test_what_counts_as_public(line: str, why: str | None) -> None:
    assert [found for each in imports(line) if (found := objection(each, "leadgen_acme", tests=False))] == (
        [] if why is None else [why]
    )
