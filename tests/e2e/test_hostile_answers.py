"""A source that misbehaves: its own question is Unknown, it is named, and everybody else's work is delivered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.hostile_kit import SOURCE, WHO, Outcome, install_hostile, leaves_no_trace, run_here
from tests.e2e.kit import Home
from tests.replay.running import RegisterThread

PLUGIN, QUESTION = "hostile-answers", "hostile-answers.facts"
TOKEN = "a-token-of-the-guest-0123456789"
NUMBERS = ["00000001", "00000002"]


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = install_hostile(Home.at(tmp_path, register, LEADGEN_HOSTILE_ANSWERS__TOKEN=TOKEN))
    home.write(NUMBERS)
    for place in home.env["PYTHONPATH"].split(":"):
        monkeypatch.syspath_prepend(place)
    return home


def delivered(outcome: Outcome) -> None:
    """What the others do is as it would be without the guest."""
    assert outcome.summary.exit_code() == 0
    assert [lead["company"]["number"] for lead in outcome.leads] == NUMBERS
    assert all(len(lead["executives"]) == 1 for lead in outcome.leads)
    assert not any("FORGED" in str(lead) or "ANOTHER" in str(lead) for lead in outcome.leads)


RAISES = {
    "error": ("RuntimeError", f"{QUESTION} raised RuntimeError"),
    "exit": ("SystemExit", f"{QUESTION} raised SystemExit"),
    "interrupt": ("KeyboardInterrupt", f"{QUESTION} raised KeyboardInterrupt"),
    "cancelled": ("CancelledError", f"{QUESTION} raised CancelledError"),
    "cancels-itself": ("CancelledError", f"{QUESTION} raised CancelledError"),
    "abyss": ("_Abyss", f"{QUESTION} raised _Abyss"),
    "stopped": ("Stopped", f"{QUESTION} raised Stopped"),
    "moody": ("RuntimeError", f"{QUESTION} raised RuntimeError"),
    "unanswered-garbage": ("GarbageError", f"{QUESTION} gave a reason that is no text"),
    "nothing": ("GarbageError", f"{QUESTION} returned NoneType, which is no answer"),
    "list": ("GarbageError", f"{QUESTION} returned list, which is no answer"),
    "generator": ("GarbageError", f"{QUESTION} returned generator, which is no answer"),
    "no-claims": ("TypeError", f"{QUESTION} raised TypeError"),
    "text-claims": ("GarbageError", f"{QUESTION} returned a str, which its spec does not name"),
    "wrong-types": ("GarbageError", f"{QUESTION} returned a claim with a wrong value in CompanyProfile.name"),
    "huge-name": ("GarbageError", f"{QUESTION} returned a claim with a wrong value in CompanyProfile.name"),
    "chameleon": ("GarbageError", f"{QUESTION} put forward a str, which is no subject"),
    "bad-cause": ("GarbageError", f"{QUESTION} gave a reason that is no text"),
    "million": ("GarbageError", f"{QUESTION} returned more than 10000 claims"),
    "endless": ("GarbageError", f"{QUESTION} returned more than 10000 claims"),
    "other-type": ("GarbageError", f"{QUESTION} returned a OfficerAppointment, which its spec does not name"),
    "put-forward": ("GarbageError", f"{QUESTION} returned a Host, which its spec does not name"),
    "other-company": (
        "GarbageError",
        f"{QUESTION} returned a CompanyProfile of another company than it was asked about",
    ),
    "other-source": ("GarbageError", f"{QUESTION} returned a claim with the provenance of another source"),
    "other-api": ("NotItsApiError", f"{QUESTION} asked an API that its spec does not name"),
}


@pytest.mark.parametrize("what", RAISES)
async def test_it_is_unknown_by_plugin_error(
    home: Home, what: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOSTILE_ANSWER", what)
    outcome = await run_here(home, PLUGIN)
    delivered(outcome)
    error, because = RAISES[what]
    for lead in outcome.leads:
        said = lead["outcomes"][QUESTION]
        assert (said["state"], said["cause"], said["because"]) == ("unknown", "plugin error", because)
    assert outcome.summary.broken == {f"{PLUGIN} ({WHO}) {QUESTION}: {error}": 2}
    assert {(e.plugin, f"{e.distribution} {e.version}", e.where) for e in outcome.broke} == {(PLUGIN, WHO, QUESTION)}
    assert leaves_no_trace(home)
    assert leaves_no_trace(home, TOKEN)
    assert TOKEN not in "".join(capfd.readouterr())


@pytest.mark.parametrize("what", ["hang", "swallow"])
async def test_it_is_unknown_by_timeout(home: Home, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE_ANSWER", what)
    outcome = await run_here(home, PLUGIN, sets=("run.answer_timeout=0.2",))
    delivered(outcome)
    for lead in outcome.leads:
        said = lead["outcomes"][QUESTION]
        assert (said["state"], said["cause"]) == ("unknown", "timeout")
        assert said["because"].startswith(f"{QUESTION} took more than 0.2 s")
    assert bool(outcome.broke) == (what == "swallow")  # to be slow is no breach, not to be cancelled is


@pytest.mark.parametrize("what", ["leak-claim", "leak-because"])
async def test_a_credential_in_what_it_gives_is_covered_and_it_is_named(
    home: Home, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_ANSWER", what)
    outcome = await run_here(home, PLUGIN)
    delivered(outcome)
    assert leaves_no_trace(home, TOKEN)
    assert outcome.summary.broken == {f"{PLUGIN} ({WHO}) {QUESTION}: LeakedSecret": 2}


async def test_a_credential_in_the_name_of_a_type_is_covered(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTILE_ANSWER", "leak-type")
    token = "TokenOfTheGuestWithoutDashes"
    outcome = await run_here(home, PLUGIN, LEADGEN_HOSTILE_ANSWERS__TOKEN=token)
    delivered(outcome)
    assert leaves_no_trace(home, token)


def test_the_source_is_where_this_test_thinks() -> None:
    assert (SOURCE / "src" / "leadgen_hostile" / "answers.py").is_file()
