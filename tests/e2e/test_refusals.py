"""Wrong usage, configuration and input: exit code 2, one sentence with the place, nothing called, nothing lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.kit import PLUGINS, Home
from tests.replay.running import RegisterThread


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    home = Home.at(tmp_path, register)
    home.write(["09370755"])
    return home


def files(home: Home) -> dict[Path, bytes]:
    """Everything in the folder but the user's data directory, where the installation has its key."""
    found = (path for path in home.path.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in found if path.parent.name != "leadgen"}


def refused(home: Home, register: RegisterThread, *arguments: str, says: str) -> str:
    before = files(home)
    done = home.leadgen("run", *arguments)
    assert done.code == 2, done.err
    assert says in done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert register.control.count() == 0
    assert files(home) == before
    return done.err


@pytest.mark.parametrize(
    ("plugins", "says", "works"),
    [
        (
            "companies-house,identity,memory,files",
            "companies-house.profile has a quota and no rate limiter is loaded",
            "companies-house,identity,memory,files,quota",
        ),
        (
            "companies-house,quota,memory,files",
            "companies-house.officers finds people and no resolver is loaded",
            "companies-house,quota,memory,files,identity",
        ),
        (
            "companies-house,identity,quota,memory",
            "no loaded sink writes .jsonl",
            "companies-house,identity,quota,memory,files",
        ),
        ("identity,quota,memory,files", "no source is loaded", "identity,quota,memory,files,companies-house"),
    ],
)
def test_a_run_that_cannot_work_prints_the_line_that_would(
    home: Home, register: RegisterThread, plugins: str, says: str, works: str
) -> None:
    err = refused(home, register, "in.csv", "--plugins", plugins, says=says)
    line = f"leadgen run in.csv --plugins {works}"
    assert line in err
    assert home.leadgen(*line.split()[1:]).code == 0


def test_the_profile_production_needs_privacy(home: Home, register: RegisterThread) -> None:
    refused(
        home, register, "in.csv", "--plugins", PLUGINS, "--profile", "production",
        says="the profile is production and privacy is not loaded",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.csv"], "missing.csv: cannot be read: No such file or directory"),
        (["in.csv", "-o", "leads.xlsx"], "no loaded sink writes .xlsx"),
        (["in.csv", "-o", "hubspot:leads.csv"], "no loaded sink writes the preset hubspot"),
        (["in.csv", "-o", "nowhere/leads.jsonl"], "nowhere/leads.jsonl: cannot be written: there is no folder nowhere"),
        (["in.csv", "-o", "data"], "no loaded sink writes"),
        (["in.csv", "--resume", "--overwrite"], "--resume and --overwrite exclude each other"),
        (["in.csv", "--retry", "unknown"], "--retry goes with --resume"),
        (["in.csv", "--retry", "all"], "--retry"),
        (["in.csv", "--limit", "0"], "--limit"),
        (["in.csv", "--concurrency", "0"], "--concurrency"),
        (["in.csv", "--clock", "yesterday"], "a time such as"),
        (["in.csv", "--budget", "x=1"], "No such option"),
        (["in.csv", "--record", "d"], "No such option"),
        (["in.csv", "--replay", "d"], "No such option"),
        (["in.csv", "--set", "companies-house.quotta=3"], "quota"),
        (["in.csv", "--set", "companies-house.quota=many"], "companies-house.quota"),
        (["in.csv", "--set", "companies-house.api_key=hunter2hunter2"], "companies-house.api_key"),
        (["in.csv", "--config", "missing.toml"], "missing.toml"),
        (["in.csv", "--profile", "prodction"], "production"),
        (["in.csv", "--encoding", "utf-7"], "--encoding"),
    ],
)
def test_one_sentence_with_the_place(home: Home, register: RegisterThread, arguments: list[str], says: str) -> None:
    err = refused(home, register, *arguments, "--plugins", PLUGINS, says=says)
    assert "hunter2" not in err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"company_number\nCaf\xe9\n", "in.csv: line 2: byte 0xe9 at offset 18 is not UTF-8"),
        (b"number;firm\n1;2\n", "in.csv: line 1: the header has no known column"),
        (b"", "in.csv: the file is empty"),
    ],
)
def test_a_bad_file_is_refused_before_any_call(home: Home, register: RegisterThread, content: bytes, says: str) -> None:
    (home.path / "in.csv").write_bytes(content)
    refused(home, register, "in.csv", "--plugins", PLUGINS, says=says)


def test_an_output_that_exists_is_kept(home: Home, register: RegisterThread) -> None:
    (home.path / "leads.jsonl").write_text("mine\n")
    refused(home, register, "in.csv", "--plugins", PLUGINS, says="leads.jsonl: exists; use --resume")
    refused(home, register, "in.csv", "--plugins", PLUGINS, "--resume", says="does not belong to the run")


def test_a_bad_input_does_not_cost_the_output_that_was_to_be_overwritten(home: Home, register: RegisterThread) -> None:
    assert home.run().code == 0
    register.control.reset()
    (home.path / "in.csv").write_bytes(b"company_number\n\xff\n")
    refused(home, register, "in.csv", "--plugins", PLUGINS, "--overwrite", says="byte 0xff")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_cannot_be_written(home: Home, register: RegisterThread) -> None:
    locked = home.path / "locked"
    locked.mkdir(mode=0o500)
    refused(
        home, register, "in.csv", "--plugins", PLUGINS, "-o", "locked/leads.jsonl",
        says="locked/leads.jsonl: cannot be written: permission denied",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("[run\n", "leadgen.toml"),
        ("[run]\nconcurency = 3\n", "concurrency"),
        ("[run]\nconcurrency = 0\n", "concurrency"),
        ("[companies-hous]\nquota = 3\n", "companies-house"),
        ('[companies-house]\napi_key = "env:MISSING_VARIABLE"\n', "MISSING_VARIABLE"),
    ],
)
def test_a_bad_configuration_is_refused_with_its_place(
    home: Home, register: RegisterThread, config: str, says: str
) -> None:
    (home.path / "leadgen.toml").write_text(config)
    env_free = Home(home.path, {k: v for k, v in home.env.items() if not k.endswith("API_KEY")})
    if "MISSING" not in says:
        env_free = home
    refused(env_free, register, "in.csv", "--plugins", PLUGINS, says=says)


def test_a_missing_key_is_said_with_its_mend(home: Home, register: RegisterThread) -> None:
    keyless = Home(home.path, {k: v for k, v in home.env.items() if not k.endswith("API_KEY")})
    refused(keyless, register, "in.csv", "--plugins", PLUGINS, says="set LEADGEN_COMPANIES_HOUSE__API_KEY")
