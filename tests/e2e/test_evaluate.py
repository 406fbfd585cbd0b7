"""``leadgen evaluate`` whole: a world, its sandbox and a run over it, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from leadgen_sandbox.evaluation.command import evaluate
from leadgen_sandbox.evaluation.known import OFFICERS
from leadgen_sandbox.world import HAND_NUMBERS, make_world

from leadgen_core import UsageError

COMPANIES = len(HAND_NUMBERS) + 10

Run = Callable[..., Mapping[str, Any]]


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """What ``evaluate --json`` prints, run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEADGEN_COMPANIES_HOUSE__API_KEY", "env:NO_SUCH_VARIABLE")  # nothing of ours is read

    def run(*arguments: str) -> Mapping[str, Any]:
        options = ["--json", "--companies", str(COMPANIES), *arguments]
        result = CliRunner().invoke(evaluate, options, standalone_mode=False)
        if result.exception is not None:
            raise result.exception
        printed: Mapping[str, Any] = orjson.loads(result.stdout)
        return printed

    return run


@pytest.mark.parametrize("world", ["clean", "realistic"])
def test_every_company_of_the_world_is_run_and_compared(figures: Run, world: str) -> None:
    truth = make_world(1, COMPANIES, world).truth
    printed = figures("--world", world)
    ours = printed["sets"]["executives"]
    assert (printed["world"], printed["companies"], ours["n"]) == (world, COMPANIES, COMPANIES)
    assert ours["true"] == sum(len(people) for people in truth.executives.values())
    assert set(ours["by_trap"]) == set(truth.traps.values())
    assert printed["undelivered"] == 0
    assert printed["questions"]["asked"] >= 2 * COMPANIES
    assert ours["recall"] > 0.97
    assert ours["precision"] > 0.9
    assert sum(len(mistake["wrong"]) for mistake in printed["mistakes"]) == ours["found"] - ours["correct"]
    assert sum(len(mistake["missed"]) for mistake in printed["mistakes"]) == ours["missed"]


def test_with_the_officers_down_everybody_missed_is_accounted_for(figures: Run, tmp_path: Path) -> None:
    (tmp_path / "down.toml").write_text(
        '[[companies-house.script]]\npath = "/officers"\nfault = "500"\ncount = 1000000\n', encoding="utf-8"
    )
    printed = figures("--faults", "down.toml")
    ours = printed["sets"]["executives"]
    assert printed["faults"] == "down.toml"
    assert printed["questions"]["by_question"][OFFICERS]["unknown"] > COMPANIES / 2
    assert ours["missed"] == ours["missed_unknown"] > 0
    assert 0.2 < ours["recall"] < 0.9
    assert ours["precision"] > 0.9


def test_faults_that_cannot_be_read_are_wrong_usage(figures: Run) -> None:
    with pytest.raises(UsageError, match=r"the sandbox did not start: --faults nowhere\.toml: cannot be read"):
        figures("--faults", "nowhere.toml")


@pytest.mark.parametrize("companies", ["0", "1", "1000000000"])
def test_a_world_that_cannot_be_made_is_wrong_usage(figures: Run, companies: str) -> None:
    with pytest.raises(UsageError, match=f"--companies {companies}: "):
        figures("--companies", companies)
