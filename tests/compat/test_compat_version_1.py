"""A plugin that was written for version 1 of the plugin API and is never edited goes on working."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.e2e.kit import CLOCK, Home

RECORDED = Path(__file__).with_name("version_1")
CHECKSUM = "cd55a946c1fb3dade9eda2b3a63c04f4aabec7f5c8c19789d63d45d25156c907"
"""A change of the core that needs another checksum here breaks the plugins of other people."""


def checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(each for each in folder.rglob("*") if each.is_file() and "__pycache__" not in each.parts):
        digest.update(f"{file.relative_to(folder).as_posix()}\n".encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def test_the_recorded_plugin_is_as_it_was_written() -> None:
    assert checksum(RECORDED) == CHECKSUM


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path, {"PYTHONPATH": str(RECORDED), "XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)})
    home.write(["09417203", "01877204", "00000000"])
    return home


def test_all_its_parts_work_in_a_real_run(home: Home) -> None:
    """Source, cache, limiter, scorer, sink and simulator; only the resolver and the first sink are not its own."""
    run = ("run", "in.csv", "--sandbox", "--plugins", "recorded,identity,files", "--clock", CLOCK)
    done = home.leadgen(*run, "-o", "leads.jsonl", "-o", "leads.names")
    assert done.code == 0, done.err
    assert "broke" not in done.err
    assert "which goes in leadgen-core" not in done.err  # nothing that it uses is deprecated
    leads = home.leads()
    assert [lead["company"]["number"] for lead in leads] == ["09417203", "01877204"]
    for lead in leads:
        assert lead["executives"]
        assert lead["scores"]["people"]["value"] == 10 * len(lead["executives"])
        assert {name: each["state"] for name, each in lead["outcomes"].items()} == {
            "recorded.companies": "found",
            "recorded.people": "found",
        }
        assert lead["provenance"]["plugins"]["recorded"] == "1.0.0"
    (reject,) = home.rejects()
    assert (reject["state"], reject["rows"]) == ("absent", [4])
    lines = (home.path / "leads.names").read_text().splitlines()
    assert lines == [
        f"{place} {lead['company']['number']} {lead['company']['name']}" for place, lead in enumerate(leads)
    ]


def test_its_section_its_secret_and_its_commands(home: Home) -> None:
    shown = home.leadgen("plugins", "show", "recorded")
    assert shown.code == 0, shown.err
    assert "recorded: leadgen-recorded 1.0.0, module leadgen_recorded" in shown.out
    assert "quota: 1000 calls in 60 s" in shown.out
    refused = home.leadgen("run", "in.csv", "--plugins", "recorded,identity,files")
    assert refused.code == 2
    assert "recorded needs api_key" in refused.err
