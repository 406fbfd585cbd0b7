"""The site is built without a warning and has every public name, hook, command, option and key."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import attrs
import click
import pytest

import leadgen_core
from leadgen_core.cli import cli
from leadgen_core.contracts.hookspecs import HOOKS
from leadgen_core.registry import Registry
from tests.packaging.layout import ROOT

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mkdocs") is None, reason="needs the group docs: uv sync --group docs"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_public_name_stands_in_the_reference(site: Path) -> None:
    inventory = (site / "objects.inv").read_bytes().split(b"\n", 4)[-1]
    known = {line.split(" ")[0] for line in zlib.decompress(inventory).decode().splitlines()}
    homes = [name for name in known if name.startswith("leadgen_core.")]
    missing = [name for name in leadgen_core.__all__ if not any(home.endswith(f".{name}") for home in homes)]
    assert missing == []
    assert {f"leadgen_core.contracts.hookspecs.{hook}" for hook in HOOKS} <= known


def _walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, name
            yield from _walk(found, (*path, name))


def test_every_command_and_option_stands_on_the_page_of_commands(site: Path) -> None:
    page = unescape((site / "commands.html").read_text(encoding="utf-8"))
    found = dict(_walk(cli, ("leadgen",)))
    assert {("leadgen", "run"), ("leadgen", "plugins", "show"), ("leadgen", "sandbox")} <= set(found)
    for path, command in found.items():
        start = page.index(f'id="{"-".join(path)}"')
        part = page[start : page.find('id="leadgen-', start + 1)]
        for option in (
            option
            for each in command.params
            if isinstance(each, click.Option) and not each.hidden
            for option in each.opts
        ):
            assert option in part, (path, option)


def test_every_page_is_in_the_navigation(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert f'href="{page.stem}.html"' in index, page.name


def test_nothing_is_fetched_by_who_reads_it(site: Path) -> None:
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        for tag in ('src="http', 'rel="stylesheet" href="http', 'src="//'):
            assert tag not in text, (page.name, tag)


@pytest.mark.parametrize("name", Registry.discover({}).names)
def test_every_key_of_a_plugin_stands_in_its_readme(name: str) -> None:
    folder = ROOT / "plugins" / name
    if not folder.is_dir():
        pytest.skip(f"{name} is no plugin of this repository")
    text = (folder / "README.md").read_text(encoding="utf-8")
    for key in attrs.fields(Registry.discover({}).open(name).plugin.config):
        assert f"`{key.name}`" in text or f"\n{key.name} = " in text or f"\n# {key.name} = " in text, key.name
