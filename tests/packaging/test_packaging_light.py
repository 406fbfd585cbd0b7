"""What is answered from metadata imports nothing heavy: each command in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.packaging.layout import PLUGINS

_RUNNER = """
import json, sys
from leadgen_core.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    code = ended.code
print(json.dumps({"code": code, "modules": sorted(sys.modules)}))
"""
HEAVY = {"aiocache", "aiohttp", "cattr", "cattrs", "typed_settings"}


def run(*arguments: str) -> tuple[str, set[str]]:
    """What a command printed, and the top packages that it imported."""
    done = subprocess.run(
        [sys.executable, "-c", _RUNNER, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    *printed, last = done.stdout.splitlines()
    result = json.loads(last)
    assert result["code"] == 0
    return "\n".join(printed), {module.partition(".")[0] for module in result["modules"]}


@pytest.mark.parametrize(
    "arguments", [("--help",), ("plugins", "list"), ("plugins", "--help"), ("--version",)], ids=" ".join
)
def test_it_imports_no_plugin_and_nothing_heavy(arguments: tuple[str, ...]) -> None:
    printed, imported = run(*arguments)
    assert printed
    assert "leadgen_core" in imported
    assert imported.isdisjoint(HEAVY)
    assert imported.isdisjoint(plugin.package for plugin in PLUGINS)


def test_the_list_names_every_plugin_all_the_same() -> None:
    printed, _ = run("plugins", "list")
    assert {line.split()[0] for line in printed.splitlines()} >= {str(plugin) for plugin in PLUGINS}


def test_the_check_sees_what_is_imported() -> None:
    _, imported = run("plugins", "show", "memory")
    assert "leadgen_memory" in imported
