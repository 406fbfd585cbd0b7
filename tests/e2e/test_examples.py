"""The example configuration is one that works, in each of its profiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.kit import Home
from tests.replay.running import RegisterThread

EXAMPLE = Path(__file__).parents[2] / "examples" / "leadgen.toml"


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    home = Home.at(tmp_path, register)
    home.write(["09370755"])
    (tmp_path / "leadgen.toml").write_bytes(EXAMPLE.read_bytes())
    env = {name: value for name, value in home.env.items() if not name.endswith("API_KEY")}
    keys = {"COMPANIES_HOUSE_KEY": register.key, "COMPANIES_HOUSE_SANDBOX_KEY": register.key}
    return Home(tmp_path, {**env, **keys})


@pytest.mark.parametrize("profile", [None, "development", "staging"])
def test_the_profiles_run(home: Home, profile: str | None) -> None:
    done = home.leadgen("run", "in.csv", *(() if profile is None else ("--profile", profile)))
    assert done.code == 0, done.err
    assert len(home.leads()) == 1


def test_a_profile_by_the_environment(home: Home, register: RegisterThread) -> None:
    env = {"LEADGEN_PROFILE": "staging", "COMPANIES_HOUSE_SANDBOX_KEY": "wrong"}
    done = home.leadgen("run", "in.csv", env=env)
    assert done.code == 1, done.err
    assert home.rejects()[0]["cause"] == "forbidden"


def test_production_waits_for_privacy(home: Home) -> None:
    done = home.leadgen("run", "in.csv", "--profile", "production", env={"LEADGEN_INSTALLATION_KEY": "k" * 32})
    assert done.code == 2
    assert "privacy" in done.err
