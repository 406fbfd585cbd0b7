"""Each row of the register's status table (companies-house.md §1.3) becomes its three-way answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.kit import Home, Run
from tests.replay.faults import STATUS_ROWS
from tests.replay.fixtures import MakeRegister
from tests.replay.running import RegisterThread

NUMBER = "00000001"
PROFILE = f"^/company/{NUMBER}$"

FORBIDDEN = ("unknown", "forbidden")
MALFORMED = ("unknown", "malformed")
FAILED = ("unknown", "failed")
ABSENT = ("absent", None)
EXPECTED = {
    "401-wrong-key": FORBIDDEN,
    "401-no-header": FORBIDDEN,
    "403": FORBIDDEN,
    "404-company-2026": ABSENT,
    "404-company-2024": ABSENT,
    "404-insolvency": ABSENT,
    "404-empty": ABSENT,
    "400-sentence": MALFORMED,
    "400-empty": MALFORMED,
    "416": MALFORMED,
    "422": MALFORMED,
    "500-number": FAILED,
    "500-sentence": FAILED,
    "500-empty": FAILED,
    "502": FAILED,
    "503": FAILED,
    "504": FAILED,
}


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    home = Home.at(tmp_path, register)
    home.write([NUMBER])
    return home


def test_every_row_of_the_table_is_here() -> None:
    assert set(EXPECTED) == set(STATUS_ROWS) - {"429", "429-page"}


def outcome(row: str, folder: Path) -> tuple[str, Run, Any, int, int]:
    """The register answers so to everything: how the run ended, its one reject, leads, calls of the profile."""
    folder.mkdir()
    with RegisterThread() as register:
        home = Home.at(folder, register)
        home.write([NUMBER])
        register.control.script(STATUS_ROWS[row].on("^/company/", count=1000))
        done = home.run()
        (reject,) = home.rejects()
        return row, done, reject, len(home.leads()), register.control.count(PROFILE)


def test_each_row_for_good(tmp_path: Path) -> None:
    """The input row is a reject with the state and the cause. All at once: each takes the seconds of its retries."""
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda row: outcome(row, tmp_path / row), sorted(EXPECTED)))
    for row, done, reject, leads, calls in outcomes:
        assert (reject["state"], reject["cause"]) == EXPECTED[row], (row, done.err)
        assert reject["outcomes"]["companies-house.profile"]["state"] == EXPECTED[row][0], row
        assert done.code == (0 if EXPECTED[row] == ABSENT else 1), row
        assert leads == 0, row
        if EXPECTED[row] in (FORBIDDEN, MALFORMED):
            assert calls == 1, row


@pytest.mark.parametrize("row", ["403", "422", "502"])
def test_a_profile_that_fails_does_not_hide_the_people(home: Home, register: RegisterThread, row: str) -> None:
    register.control.script(STATUS_ROWS[row].on(PROFILE, count=1000))
    done = home.run()
    assert done.code == 0, done.err
    (lead,) = home.leads()
    assert lead["company"]["name"] is None
    assert len(lead["executives"]) == 1
    assert lead["outcomes"]["companies-house.profile"]["cause"] == EXPECTED[row][1]


@pytest.mark.parametrize("row", ["500-empty", "502"])
def test_a_failure_that_passes_is_asked_again(home: Home, register: RegisterThread, row: str) -> None:
    register.control.script(STATUS_ROWS[row].on("^/company/", count=1))
    done = home.run()
    assert done.code == 0, done.err
    assert len(home.leads()) == 1
    assert register.control.count() == 4


def test_a_refusal_by_the_quota_is_waited_for(home: Home, register: RegisterThread) -> None:
    register.control.set_quota(600, 1.0)
    register.control.script(STATUS_ROWS["429"].on("^/company/", count=1))
    done = home.run()
    assert done.code == 0, done.err
    assert len(home.leads()) == 1
    assert register.control.count() == 4


def test_officers_that_fail_are_an_unknown_of_the_lead(home: Home, register: RegisterThread) -> None:
    """The PSC list still names the person; what is not known is said."""
    register.control.script(STATUS_ROWS["502"].on("/officers", count=1000))
    done = home.run()
    assert done.code == 0, done.err
    (lead,) = home.leads()
    assert len(lead["executives"]) == 1
    assert lead["outcomes"]["companies-house.officers"] == {
        "state": "unknown",
        "cause": "failed",
        "because": lead["outcomes"]["companies-house.officers"]["because"],
        "until": None,
        "stale_since": None,
        "asked": 1,
        "found": 0,
        "absent": 0,
        "unknown": 1,
    }
    assert "companies-house.officers failed" in done.err


def test_a_refused_key_stops_the_run_and_can_be_resumed(tmp_path: Path, make_register: MakeRegister) -> None:
    """Asking a thousand times with a wrong key helps nobody; what was not asked is done after the mend."""
    register = make_register(limit=10_000)
    home = Home.at(tmp_path, register)
    home.write([f"{place:08d}" for place in range(1, 301)])
    wrong = {"LEADGEN_COMPANIES_HOUSE__API_KEY": "not-the-key"}
    done = home.run("--set", "run.in_flight=4", env=wrong)
    assert done.code == 3, done.err
    assert "api_key" in done.err
    assert "--resume" in done.err
    assert "not-the-key" not in done.err
    assert "of companies-house was refused" in done.err
    assert register.control.count() < 20
    done = home.run("--resume", "--retry", "unknown")
    assert done.code == 0, done.err
    assert len(home.leads()) == 300
