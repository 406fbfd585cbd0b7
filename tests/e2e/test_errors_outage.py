"""The whole register down, its key refused, and every kind of fault at once: nothing is told that is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.errors_kit import Scene, make_scene, secrets_kept, spoilt_by
from tests.e2e.kit import Home
from tests.e2e.world_kit import API, OFFICERS, PROFILE, PSC, QUESTIONS, SEARCH, judge, sandbox, without_port

pytestmark = pytest.mark.soak

DOWN = {
    "500": {"failed", "breaker open"},
    "502-html": {"failed", "breaker open"},
    "reset": {"failed", "breaker open"},
    "truncated": {"failed", "breaker open"},
    "wrong-type": {"malformed"},
    "schema-drift": {"malformed"},
    "wrong-key": {"forbidden"},
}
"""What every answer is, and why nothing is known then."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(tmp_path_factory.mktemp("outage"))


@pytest.mark.parametrize("kind", DOWN)
def test_the_whole_register_is_down(scene: Scene, kind: str) -> None:
    spoilt = scene.run(kind, f"[{API}.rates]\n{kind} = 1.0\n")
    assert spoilt.done.code == 1, spoilt.done.err
    assert "Traceback" not in spoilt.done.err
    assert spoilt.leads == {}
    rows = [row for reject in spoilt.rejects for row in reject["rows"]]
    assert rows == [*range(2, 2 + len(scene.undisturbed))]
    causes = set()
    for reject in spoilt.rejects:
        assert reject["state"] == "unknown"
        asked = (SEARCH,) if reject["input"].get("name") else QUESTIONS
        assert tuple(reject["outcomes"]) == asked
        assert {outcome["state"] for outcome in reject["outcomes"].values()} == {"unknown"}
        causes |= {outcome["cause"] for outcome in reject["outcomes"].values()}
    # Whether a call ends with its last failure or finds the breaker open before it is a matter of milliseconds.
    assert causes <= DOWN[kind]
    assert causes == DOWN[kind] or causes == {"breaker open"}
    assert ("the circuit breaker is open" in spoilt.done.err) == ("breaker open" in causes)
    secrets_kept(spoilt)


def test_a_refused_key_stops_the_run_which_goes_on_once_it_is_mended(scene: Scene) -> None:
    with scene.sandboxed("refused", f"[{API}.rates]\nwrong-key = 1.0\n") as (world, home):
        done = home.run("--set", "run.in_flight=4")
        assert done.code == 3, done.err
        assert "does not accept the key (401)" in done.err.splitlines()[-1]
        assert len(home.leads()) == 0
        stopped = spoilt_by(world, home, done)
        assert len(stopped.rejects) <= 8
        secrets_kept(stopped)
    with scene.sandboxed("mended", "") as (world, other):
        done = Home(home.path, other.env).run("--resume", "--retry", "unknown")
    assert done.code == 0, done.err
    leads = {lead["company"]["number"]: lead for lead in without_port(home.path / "leads.jsonl")}
    assert list(leads.items()) == list(scene.undisturbed.items())


# --- everything at once -----------------------------------------------------------------------------------

SOUP = f"""
[{API}.rates]
429 = 0.01
500 = 0.03
502-html = 0.03
slow = {{ rate = 0.04, seconds = 0.2 }}
stall = {{ rate = 0.01, seconds = 0.3 }}
reset = 0.03
truncated = 0.03
wrong-type = 0.02
schema-drift = {{ rate = 0.02, how = "rename" }}
wrong-key = 0.01
"""
ENDED = {"dissolved", "converted-closed", "closed", "removed"}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_kind_at_once(tmp_path: Path, seed: int) -> None:
    """Whatever fails: an answer is right or unknown, and whoever is missing is missing for a stated reason."""
    options = ("--companies", "400", "--seed", str(seed), "--window", "1")
    with sandbox(tmp_path, *options, name="calm") as world:
        home = world.home(tmp_path)
        home.write(world.truth)
        assert home.run("-o", "calm.jsonl", "--quiet").code == 0
    calm = {lead["company"]["number"]: lead for lead in without_port(tmp_path / "calm.jsonl")}
    (tmp_path / "soup.toml").write_text(SOUP, encoding="utf-8")
    with sandbox(tmp_path, *options, "--faults", "soup.toml") as world:
        # All are in flight, so that a refused key stops none that is not begun.
        done = world.home(tmp_path).run("--set", "run.in_flight=400")
        assert world.errors.read_text() == ""
    leads, rejects = without_port(tmp_path / "leads.jsonl"), home.rejects()
    places = [(each["rows"][0], each) for each in rejects] + [(each["input"]["rows"][0], each) for each in leads]
    assert sorted(row for row, _ in places) == [*range(2, 402)]
    assert [each["input"]["rows"] for each in leads] == sorted(each["input"]["rows"] for each in leads)
    for row, line in places:
        soup(line, list(calm.values())[row - 2])
    assert {reject["state"] for reject in rejects} <= {"unknown"}
    causes = {outcome["cause"] for _, line in places for outcome in line["outcomes"].values()}
    assert causes >= {"malformed", "forbidden"}
    assert causes <= {None, "malformed", "forbidden", "failed", "throttled", "timeout"}
    judged = judge(world, leads, exact=True)
    assert 0.9 < judged.recall < 1.0
    assert [each for each in judged.differences if each.unexplained] == [], f"\n{judged}"
    silent = [each for each in leads if not each["executives"] and _unknown(each) & {OFFICERS, PSC}]
    assert done.code == (1 if rejects or silent else 0), done.err


def _unknown(line: Any) -> set[str]:
    return {question for question, outcome in line["outcomes"].items() if outcome["state"] == "unknown"}


def soup(line: Any, calm: Any) -> None:
    """A lead or a reject beside the lead of a run in which nothing failed."""
    number, unknown = calm["company"]["number"], _unknown(line)
    assert tuple(line["outcomes"]) == QUESTIONS
    for question, outcome in line["outcomes"].items():
        assert question in unknown or outcome == calm["outcomes"][question], f"{number}: {question}"
    if "executives" not in line:
        assert PROFILE in unknown
        return
    assert PROFILE in unknown or line["company"] == calm["company"], number
    if PROFILE in unknown and calm["company"]["status"] in ENDED:
        return  # that nobody decides in it any more stands in the profile, which says that it is missing
    if not unknown & {OFFICERS, PSC}:
        assert line["executives"] == calm["executives"], number
    names = [each["name"]["full"] for each in calm["executives"]]
    for executive in line["executives"]:
        names.remove(executive["name"]["full"])
