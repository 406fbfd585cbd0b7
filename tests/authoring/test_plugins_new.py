"""``leadgen plugins new``: what it makes is whole and clean, and what it cannot make leaves nothing behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from leadgen_core.app.authoring import kinds
from leadgen_core.cli import main
from tests.packaging.layout import ROOT_PROJECT

RUFF = Path(sys.executable).with_name("ruff")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def leadgen(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["plugins", "new", *arguments])
    return int(str(ended.value.code))


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_a_source_is_a_whole_distribution(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leadgen("acme-data", "--kind", "source") == 0
    folder = here / "leadgen-acme-data"
    package = "src/leadgen_acme_data"
    assert files(folder) == {
        ".gitignore",
        "README.md",
        "companies.csv",
        "pyproject.toml",
        *(f"{package}/{name}.py" for name in ("__init__", "api", "parser", "samples", "simulator", "source")),
        f"{package}/py.typed",
        "tests/test_leadgen_acme_data_conformance.py",
        "tests/test_leadgen_acme_data_source.py",
    }
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    assert project["project"]["name"] == "leadgen-acme-data"
    assert project["project"]["entry-points"] == {"leadgen.plugins": {"acme-data": "leadgen_acme_data"}}
    assert project["project"]["requires-python"] == ROOT_PROJECT["project"]["requires-python"]
    (core,) = (text for text in project["project"]["dependencies"] if text.startswith("leadgen-core"))
    found = re.fullmatch(r"leadgen-core>=(\d+)\.(\d+),<(\d+)\.(\d+)", core)
    assert found is not None
    version = tuple(map(int, ROOT_PROJECT["project"]["version"].split(".")[:2]))
    low, high = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    assert low <= version < high
    assert list(here.iterdir()) == [folder]
    printed = capsys.readouterr()
    assert "cd leadgen-acme-data" in printed.out
    assert "leadgen plugins check acme-data" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("name", ["a", "acme-data-of-the-far-north-250"])
def test_every_kind_is_filled_in_and_clean(kind: str, name: str, here: Path) -> None:
    assert leadgen(name, "--kind", kind, "--directory", "made") == 0
    texts = {file: (here / "made" / file).read_text(encoding="utf-8") for file in files(here / "made")}
    assert not [file for file, text in texts.items() if "{{" in text or "{%" in text or "{{" in file]
    assert not [file for file in texts if file.endswith((".jinja", "copier.yml"))]
    assert all(text.endswith("\n") and not text.endswith("\n\n") for text in texts.values() if text)
    assert f"leadgen plugins check {name}" in texts["README.md"]
    assert {"src/leadgen_" + name.replace("-", "_") + "/py.typed"} <= set(texts)
    project = tomllib.loads(texts["pyproject.toml"])
    assert project["project"]["entry-points"]["leadgen.plugins"] == {name: f"leadgen_{name.replace('-', '_')}"}
    for command in (["check"], ["format", "--check"]) if RUFF.exists() else ():
        done = subprocess.run(
            [RUFF, *command, "--no-cache", "."], cwd="made", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("Acme", "lower-case letters and digits with single dashes between; acme would do"),
        ("acme data", "; acme-data would do"),
        ("AcmeData", "; acme-data would do"),
        ("acme_data", "; acme-data would do"),
        ("acme--data", "; acme-data would do"),
        ("-acme", "; acme would do"),
        ("../acme", "; acme would do"),
        ("9", "lower-case letters and digits with single dashes between\n"),
        ("é", "lower-case letters and digits with single dashes between\n"),
        ("", "the name '' is not of lower-case"),
        ("a" * 31, "is longer than 30 characters"),
        ("leadgen-acme", "leave out leadgen-"),
        ("core", "is one of leadgen's own"),
        ("run", "is one of leadgen's own"),
        ("memory", "a plugin memory is installed already"),
    ],
)
def test_a_name_that_will_not_do(name: str, because: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leadgen("--kind", "source", "--directory", "made", "--", name) == 2
    error = capsys.readouterr().err
    assert because in error
    assert error.count("\n") == 1
    assert list(here.iterdir()) == []


def test_the_help_names_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert leadgen("--help") == 0
    words = " ".join(capsys.readouterr().out.split())
    assert [kind for kind in kinds() if not re.search(rf"\b{kind}\b", words.partition("--kind KIND")[2])] == []


def test_a_kind_that_there_is_not(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leadgen("acme", "--kind", "sorce") == 2
    assert "the nearest is source" in capsys.readouterr().err
    assert leadgen("acme", "--kind", "common") == 2
    assert leadgen("acme", "--kind", "../source") == 2
    assert list(here.iterdir()) == []


def test_a_folder_that_will_not_do(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "there").mkdir()
    (here / "file").write_text("mine")
    (here / "dangling").symlink_to("nowhere")
    before = sorted(here.iterdir())
    for directory, because in [
        ("there", "there: exists"),
        ("file", "file: exists"),
        ("dangling", "dangling: exists"),
        (".", ".: exists"),
        ("gone/acme", "gone: is no folder"),
        ("file/acme", "file: is no folder"),
    ]:
        assert leadgen("acme", "--kind", "source", "--directory", directory) == 2
        assert because in capsys.readouterr().err
    assert sorted(here.iterdir()) == before
    assert list((here / "there").iterdir()) == []
    assert (here / "file").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here.chmod(0o500)
    assert leadgen("acme", "--kind", "source") == 2
    assert "cannot be made: Permission denied" in capsys.readouterr().err


def test_what_fails_half_way_leaves_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_more: object) -> None:
        (here / "seen").touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("copier.run_copy", full)
    assert leadgen("acme", "--kind", "source") == 2
    assert [each.name for each in here.iterdir()] == ["seen"]


def test_without_copier_the_line_that_installs_it(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "copier", None)
    assert leadgen("acme", "--kind", "source") == 2
    assert "pip install 'leadgen-core[authoring]'" in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_neither_git_nor_a_question(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(here))
    monkeypatch.setattr("sys.stdin", None)
    assert leadgen("acme", "--kind", "source") == 0
