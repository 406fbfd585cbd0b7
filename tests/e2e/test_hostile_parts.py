"""Every other part that a plugin can give, broken: what becomes of the run, and who is named (architecture.md §5)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from leadgen_core import UsageError
from tests.e2e.hostile_kit import SECRET, WHO, Outcome, install_hostile, leaves_no_trace, run_here
from tests.e2e.kit import Home
from tests.replay.running import RegisterThread

PLUGIN = "hostile-part"
NUMBERS = ["00000001", "00000002"]


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = install_hostile(Home.at(tmp_path, register))
    home.write(NUMBERS)
    for place in home.env["PYTHONPATH"].split(":"):
        monkeypatch.syspath_prepend(place)
    return home


def named(outcome: Outcome, where: str, error: str, times: int = 2) -> None:
    assert outcome.summary.broken == {f"{PLUGIN} ({WHO}) {where}: {error}": times}
    assert f"the plugin {PLUGIN} ({WHO}) broke in {where}: {error}" in outcome.log
    assert SECRET not in outcome.log


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("error", "RuntimeError"),
        ("exit", "SystemExit"),
        ("text", "AttributeError"),
        ("number", "NoLead"),
        ("nothing", "AttributeError"),
    ],
)
async def test_a_scorer_gives_null(home: Home, how: str, error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE_PART", f"scorer:{how}")
    outcome = await run_here(home, PLUGIN)
    assert outcome.summary.exit_code() == 0
    assert [lead["scores"] for lead in outcome.leads] == [{"bad": None}] * 2
    named(outcome, "score", error)
    assert leaves_no_trace(home)


async def test_a_scorer_that_changes_what_it_was_lent_does_not_change_the_verdict_on_the_run(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_PART", "scorer:mutate")
    outcome = await run_here(home, PLUGIN)
    assert outcome.summary.exit_code() == 0
    assert all(lead["executives"] for lead in outcome.leads)
    assert all(lead["outcomes"]["companies-house.profile"]["state"] == "found" for lead in outcome.leads)


@pytest.mark.parametrize(
    ("how", "where", "error"),
    [
        ("admit", "admit", "NoAnswer"),
        ("error", "people", "RuntimeError"),
        ("exit", "people", "SystemExit"),
        ("nothing", "people", "NoAnswer"),
        ("swap", "people", "NoAnswer"),
        ("hang", "people", "TookTooLong"),
    ],
)
async def test_a_screen_is_closed(
    home: Home, how: str, where: str, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_PART", f"screen:{how}")
    outcome = await run_here(home, PLUGIN, sets=("run.answer_timeout=0.2",) if how == "hang" else ())
    assert outcome.summary.exit_code() == 1
    assert outcome.leads == []
    assert [(reject["state"], reject["cause"]) for reject in outcome.rejects] == [("failed", "plugin error")] * 2
    assert f"the screen hostile-part.screen raised {error}" in outcome.rejects[0]["because"]
    named(outcome, where, error)
    assert leaves_no_trace(home)


async def test_a_screen_that_breaks_at_delivery_holds_everything_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_PART", "screen:release")
    outcome = await run_here(home, PLUGIN)
    assert outcome.summary.exit_code() == 1
    assert outcome.leads == []
    named(outcome, "release", "RuntimeError", 1)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("error", "RuntimeError"),
        ("exit", "SystemExit"),
        ("nothing", "NoLead"),
        ("swap", "NoLead"),
        ("people", "NoLead"),
    ],
)
async def test_a_resolver_sets_the_company_aside(
    home: Home, how: str, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_PART", f"resolver:{how}")
    outcome = await run_here(home, PLUGIN)
    assert outcome.summary.exit_code() == 1
    assert [reject["state"] for reject in outcome.rejects] == ["failed"] * 2
    named(outcome, "resolve", error)
    assert leaves_no_trace(home)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("error", "RuntimeError"),
        ("exit", "SystemExit"),
        ("hang", "TookTooLong"),
        ("swallow", "TookTooLong"),
        ("checkpoint", "NoCheckpoint"),
    ],
)
async def test_a_sink_stops_and_the_others_go_on(
    home: Home, how: str, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_PART", f"sink:{how}")
    outcome = await run_here(home, PLUGIN, "leads.jsonl", "leads.bad", sets=("run.sink_timeout=0.3",))
    assert outcome.summary.exit_code() == 1
    assert [lead["company"]["number"] for lead in outcome.leads] == NUMBERS
    named(outcome, "open" if how == "checkpoint" else "write", error, 1)


@pytest.mark.parametrize("kind", ["sink", "scorer"])
@pytest.mark.parametrize("how", ["close-error", "close-hang"])
async def test_closing_is_bounded_and_harms_nobody(
    home: Home, kind: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_PART", f"{kind}:{how}")
    monkeypatch.setattr("leadgen_core.app.assembly._CLOSING", 0.2)
    began = time.monotonic()
    outcome = await run_here(home, PLUGIN, "leads.jsonl", *(["leads.bad"] if kind == "sink" else []))
    assert time.monotonic() - began < 30
    assert outcome.summary.exit_code() == 0
    assert [lead["company"]["number"] for lead in outcome.leads] == NUMBERS
    assert [event.where for event in outcome.broke if event.plugin == PLUGIN][-1] == "aclose"
    assert f"the plugin {PLUGIN} ({WHO}) broke in aclose" in outcome.log


@pytest.mark.parametrize("how", ["error", "exit", "hang", "rubbish", "text"])
async def test_a_cache_tier_is_skipped(home: Home, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE_PART", f"cache:{how}")
    monkeypatch.setattr("leadgen_core.app.tame._PATIENCE", 0.2)
    outcome = await run_here(home, PLUGIN)
    assert outcome.summary.exit_code() == 0
    assert [lead["company"]["number"] for lead in outcome.leads] == NUMBERS
    assert bool(outcome.summary.tiers_down) == (how in {"error", "exit", "hang"})
    assert SECRET not in outcome.log


@pytest.mark.parametrize(("how", "error"), [("error", "RuntimeError"), ("exit", "SystemExit"), ("nothing", "NoPermit")])
async def test_of_an_api_whose_limiter_is_broken_nothing_is_asked(
    home: Home, register: RegisterThread, how: str, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_PART", f"limiter:{how}")
    outcome = await run_here(home, PLUGIN, sets=("run.limiter=hostile-part", "run.in_flight=1"))
    assert outcome.summary.exit_code() == 3
    assert outcome.summary.stopped is not None
    assert "the rate limiter failed" in outcome.summary.stopped
    assert register.control.count() == 0
    assert any(key.startswith(f"{PLUGIN} ({WHO}) acquire: {error}") for key in outcome.summary.broken)


# --- factories --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["error", "exit"])
@pytest.mark.parametrize("kind", ["source", "cache", "scorer", "screen"])
async def test_a_factory_that_raises_refuses_the_run(
    home: Home, register: RegisterThread, what: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_FACTORY", f"{what}:{kind}")
    with pytest.raises(UsageError, match=r"^the plugin hostile-factory \(leadgen-hostile 6\.6\.6\): making ") as caught:
        await run_here(home, "hostile-factory")
    assert SECRET not in str(caught.value)
    assert register.control.count() == 0
    assert not (home.path / "leads.jsonl").exists()
