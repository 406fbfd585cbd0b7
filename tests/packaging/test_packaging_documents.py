"""What the documents say is so: commands and options exist, code blocks are the files, lists are complete."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import attrs
import click
import jsonschema
import pytest

from leadgen_core.app.lead_schema import lead_schema
from leadgen_core.cli import cli
from leadgen_core.settings import RunSettings
from tests.docs.documents import DOCUMENTS, READMES, blocks, place
from tests.packaging.layout import ROOT

_LINK = re.compile(r"\[[^\]]+\]\(([^)#:]+)(?:#[^)]*)?\)")


def test_the_two_commands_from_nothing_stand_in_the_readme() -> None:
    commands = [line for block in blocks(ROOT / "README.md") for line in block.text.splitlines()]
    assert "pip install uv && uv run leadgen run examples/companies.csv --sandbox" in commands
    assert "uv run pytest" in commands


@pytest.mark.parametrize("document", DOCUMENTS, ids=place)
def test_code_that_is_a_file_of_ours_equals_it(document: Path) -> None:
    for block in blocks(document):
        if block.path is None or block.relation == "writes":
            continue
        content = (ROOT / block.path).read_text(encoding="utf-8")
        if block.relation == "file":
            assert block.text == content, block.path
        else:
            assert block.text.strip(), block.path
            assert block.text in content, block.path


def test_the_walk_through_shows_the_whole_of_the_example() -> None:
    example = ROOT / "contrib" / "guild-register"
    shown = {block.path for block in blocks(ROOT / "CONTRIBUTING.md") if block.relation == "file"}
    assert shown == {place(file) for file in (example / "pyproject.toml", *(example / "src").rglob("*.py"))}


def commands(document: Path) -> Iterator[list[str]]:
    """The leadgen commands in code blocks, as words behind ``leadgen``."""
    for block in blocks(document):
        if block.language in ("", "sh"):
            for line in block.text.splitlines():
                found = re.search(r"(?:^|&& |uv run )leadgen (.*)", line)
                if found is not None:
                    yield shlex.split(found[1], comments=True)


@pytest.mark.parametrize("document", [*DOCUMENTS, *READMES], ids=place)
def test_commands_and_options_exist(document: Path) -> None:
    for words in commands(document):
        command: click.Command = cli
        context = click.Context(command)
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            found = command.get_command(context, words[0])
            assert found is not None, words
            command, words = found, words[1:]
        known = {option for parameter in command.get_params(context) for option in parameter.opts}
        asked = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert asked <= known | {"-h", "--help"}, words


def test_the_check_of_commands_has_something_to_check() -> None:
    found = [words for document in DOCUMENTS for words in commands(document)]
    assert {words[0] for words in found} >= {"run", "doctor", "explain", "plugins", "sandbox"}
    assert any("--resume" in words for words in found)


@pytest.mark.parametrize("document", [*DOCUMENTS, *READMES], ids=place)
def test_links_lead_to_files(document: Path) -> None:
    for link in _LINK.findall(document.read_text(encoding="utf-8")):
        assert (document.parent / link).is_file(), link


def test_the_lead_of_the_readme_is_a_part_of_one() -> None:
    schema = lead_schema()
    for definition in schema["$defs"].values():
        definition.pop("required", None)
    (lead,) = (block.text for block in blocks(ROOT / "README.md") if block.language == "json")
    jsonschema.Draft202012Validator(schema).validate(json.loads(lead))


def test_the_readme_has_every_plugin() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for readme in READMES:
        assert f"]({place(readme)})" in text


def test_the_page_on_configuration_has_every_key_of_run() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    section = text.partition("## `[run]`")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE))
    fields = attrs.fields(RunSettings)
    assert list(rows) == [field.name for field in fields]
    for field in fields:
        if field.default is not None:
            assert rows[field.name].strip('`" ') == str(field.default)


def test_the_page_on_exit_codes_has_all_of_them() -> None:
    text = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == [0, 1, 2, 3, 130]
