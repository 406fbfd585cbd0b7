"""``leadgen discover``: companies from the register's advanced search, whole or not at all; ``run`` reads them."""

from __future__ import annotations

import csv
import signal
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from leadgen_core.cli.discover import command
from tests.e2e.guests import install
from tests.e2e.kit import CLOCK, LEADGEN, Home, Run, lines
from tests.replay import ADVANCED, STATUS_ROWS, Fault
from tests.replay.fixtures import MakeRegister
from tests.replay.running import RegisterThread

SEARCH = "^/advanced-search/"
HEADER = ["company_number", "name", "postcode", "status"]


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    return Home.at(tmp_path, register)


def discover(home: Home, *arguments: str, plugins: str = "companies-house,quota,memory") -> Run:
    return home.leadgen("discover", "--plugins", plugins, "--clock", CLOCK, *arguments)


def rows(text: str) -> list[list[str]]:
    header, *rest = csv.reader(text.splitlines())
    assert header == HEADER
    return rest


def nothing_but(home: Home, *names: str) -> bool:
    return {path.name for path in home.path.iterdir()} - {"data"} == set(names)


# --- the list ---------------------------------------------------------------------------------------------


def test_what_is_found_feeds_a_run(home: Home, register: RegisterThread) -> None:
    done = discover(home, "--sic", "43210,26400", "--status", "active", "-o", "found.csv")
    assert done.code == 0, done.err
    assert done.out == ""
    found = rows((home.path / "found.csv").read_text())
    assert ["09370755", "NES ITALIA LTD", "M4 1BF", "active"] in found
    assert len(found) == 23  # of 25 companies of the code 43210, three are in liquidation
    assert register.control.count(SEARCH) == 1
    assert nothing_but(home, "found.csv")

    ran = home.run(name="found.csv")
    assert ran.code == 0, ran.err
    leads = home.leads()
    assert [lead["company"]["number"] for lead in leads] == [row[0] for row in found]
    assert [lead["company"]["name"] for lead in leads] == [row[1] for row in found]
    days = [lead["company"]["incorporated_on"] for lead in leads]
    assert days == sorted(days)
    assert {lead["input"]["columns"]["status"] for lead in leads} == {"active"}
    (real,) = (lead for lead in leads if lead["company"]["number"] == "09370755")
    assert [person["name"]["full"] for person in real["executives"]] == ["Uriel Perugia"]
    assert home.rejects() == []
    assert register.violations == []


def test_more_than_the_search_can_reach_is_listed_whole(home: Home, register: RegisterThread) -> None:
    done = discover(home, "--sic", "62012", "-o", "found.jsonl")
    assert done.code == 0, done.err
    found = lines(home.path / "found.jsonl")
    assert len(found) == ADVANCED // 2
    assert {each["company_number"] for each in found} == {f"{60_000_000 + place}" for place in range(0, ADVANCED, 2)}
    assert list(found[0]) == HEADER
    assert 2 < register.control.count(SEARCH) < 20
    assert register.control.count(status=500) == 0
    assert register.violations == []
    assert "companies                  12500 (by companies-house.discovery)" in done.err
    assert f"calls companies-house      {register.control.count(SEARCH)}, 100.0% answered" in done.err


def test_standard_output_carries_the_list_and_nothing_else(home: Home) -> None:
    arguments = ("--sic", "43210", "--location", "bath YORK", "--type", "LTD", "--incorporated-from", "2000-01-01")
    plain = discover(home, *arguments)
    assert plain.code == 0, plain.err
    found = rows(plain.out)
    assert 0 < len(found) < 25
    quiet = discover(home, *arguments, "--quiet", "--limit", "3", "-o", "-")
    assert rows(quiet.out) == found[:3]
    assert quiet.err == ""
    ran = home.leadgen("run", "-", "--plugins", "companies-house,identity,quota,memory,files", stdin=quiet.out.encode())
    assert ran.code == 0, ran.err
    assert len(home.leads()) == 3


def test_an_empty_list_is_a_header(home: Home) -> None:
    done = discover(home, "--sic", "99999")
    assert (done.code, done.out) == (0, ",".join(HEADER) + "\n")


def test_the_quota_is_kept(tmp_path: Path, make_register: MakeRegister) -> None:
    register = make_register(limit=8, window=1.0)
    done = discover(Home.at(tmp_path, register), "--sic", "62012", "-o", "found.csv")
    assert done.code == 0, done.err
    assert register.control.refused == 0
    assert register.control.count(SEARCH) > 8


# --- no list ----------------------------------------------------------------------------------------------


def test_undated_companies_among_too_many_are_said(home: Home, register: RegisterThread) -> None:
    done = discover(home, "-o", "found.csv")
    assert done.code == 3
    assert f"3 of {ADVANCED + 4} companies have no date of incorporation" in done.err
    assert "nothing was written" in done.err
    assert nothing_but(home)
    assert register.control.count(SEARCH) == 2


@pytest.mark.parametrize(
    ("row", "says"),
    [("401-wrong-key", "api_key"), ("400-sentence", "upgrade leadgen-companies-house")],
)
def test_a_failure_on_the_way_writes_nothing(home: Home, register: RegisterThread, row: str, says: str) -> None:
    register.control.script(STATUS_ROWS[row].on(SEARCH, skip=4))
    (home.path / "found.csv").write_text("an older list\n")
    done = discover(home, "--sic", "62012", "-o", "found.csv", "--overwrite")
    assert done.code == 3, done.err
    (line,) = (line for line in done.err.splitlines() if line.startswith("leadgen: "))
    assert line.startswith("leadgen: companies-house.discovery: ")
    assert says in line
    assert line.endswith("; nothing was written")
    assert (home.path / "found.csv").read_text() == "an older list\n"
    assert nothing_but(home, "found.csv")
    register.control.script(STATUS_ROWS[row].on(SEARCH))
    assert discover(home, "--sic", "62012").out == ""


def test_a_transient_failure_is_asked_again(home: Home, register: RegisterThread) -> None:
    register.control.script(Fault(path=SEARCH, status=500, count=1))
    done = discover(home, "--sic", "43210", "-o", "found.csv")
    assert done.code == 0, done.err
    assert len(rows((home.path / "found.csv").read_text())) == ADVANCED // 1000
    assert register.control.count(SEARCH) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_list_is_no_list(home: Home, register: RegisterThread, number: int) -> None:
    register.control.hold(SEARCH, after=3)
    child = subprocess.Popen(
        [LEADGEN, "discover", "--plugins", "companies-house,quota", "--sic", "62012", "-o", "found.csv"],
        cwd=home.path, env=home.environ(), stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        register.control.wait(1, SEARCH, stage="held", timeout=30)
        child.send_signal(number)
        _, err = child.communicate(timeout=30)
    finally:
        child.kill()
        register.control.release()
    assert child.returncode == 130, err
    assert b"Traceback" not in err
    assert nothing_but(home)


# --- refused before any call ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--sic", "62012,"], "sic_codes holds an empty value"),
        (["--status", ""], "statuses holds an empty value"),
        (["--location", " "], "location holds an empty value"),
        (["--incorporated-from", "2026-13-01"], "--incorporated-from"),
        (["--incorporated-to", "20260101"], "a day such as 2026-01-30 is expected"),
        (["--incorporated-to", ""], "a day such as 2026-01-30 is expected"),
        (["--incorporated-from", "2026-01-02", "--incorporated-to", "2026-01-01"], "incorporated_from lies after"),
        (["--limit", "0"], "--limit"),
        (["--name", "x"], "No such option"),
    ],
)
def test_a_query_that_is_none_is_bad_usage(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 2
    assert says in done.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--status", "active,registered"], "the register has no status 'registered'; the nearest is"),
        (["--type", "limited"], "has no company type 'limited'; the nearest is"),
        (["--sic", "620"], "'620' is no SIC code"),
        (["-o", "there.csv"], "there.csv: exists; use --overwrite to replace it"),
        (["-o", "found.xlsx"], "ends with neither .csv nor .jsonl"),
        (["-o", "nowhere/found.csv"], "there is no folder nowhere"),
    ],
)
def test_bad_usage_costs_no_call(home: Home, register: RegisterThread, arguments: list[str], says: str) -> None:
    (home.path / "there.csv").write_text("mine")
    done = discover(home, *arguments)
    assert done.code == 2, done.err
    assert says in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert register.control.count() == 0
    assert (home.path / "there.csv").read_text() == "mine"
    assert nothing_but(home, "there.csv")


def test_plugins_that_cannot_list_are_refused_with_the_line_that_works(home: Home, register: RegisterThread) -> None:
    for plugins, problem, works in (
        ("memory", "no loaded plugin lists companies", "memory,companies-house,quota"),
        ("companies-house", "has a quota and no rate limiter is loaded", "companies-house,quota"),
    ):
        done = discover(home, "--sic", "62012", plugins=plugins)
        assert done.code == 2
        assert f"{problem}. This would work: leadgen discover --plugins {works}\n" in done.err
    keyless = Home(home.path, {key: value for key, value in home.env.items() if not key.endswith("API_KEY")})
    done = discover(keyless, "--sic", "62012")
    assert done.code == 2
    assert "companies-house needs api_key" in done.err
    assert register.control.count() == 0


# --- discoverers of others --------------------------------------------------------------------------------

GUEST = """
    from leadgen_core import Candidate, CompanyNumber, DiscovererSpec, Plugin, hookimpl

    PLUGIN = Plugin(api_version=1)

    class Lister:
        def __init__(self, config):
            pass

        async def discover(self, query, ctx):
            {body}
            yield Candidate(CompanyNumber("01234567"), "=SUM(1) \\n & Sons, Ltd")
            yield Candidate(CompanyNumber("SC000001"), "Two", "active", "LS1 1AA")

    @hookimpl
    def leadgen_discoverers():
        return [DiscovererSpec(name="list", factory=f"{{__name__}}:Lister")]
"""


def guest(home: Home, body: str = "pass") -> Home:
    return install(home, "lister", GUEST.format(body=body))


def test_a_discoverer_needs_no_more_than_its_method(home: Home) -> None:
    home = guest(home)
    done = discover(home, "-o", "found.csv", plugins="lister")
    assert done.code == 0, done.err
    assert (home.path / "found.csv").read_text() == (
        "company_number,name,postcode,status\n"
        '01234567,"\'=SUM(1) & Sons, Ltd",,\n'
        "SC000001,Two,LS1 1AA,active\n"
    )  # fmt: skip
    done = discover(home, "-o", "found.jsonl", "--limit", "1", plugins="lister")
    assert lines(home.path / "found.jsonl") == [
        {"company_number": "01234567", "name": "=SUM(1) & Sons, Ltd", "postcode": None, "status": None}
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise KeyError('secret')", "lister.list (guest-lister 1.0) broke: KeyError"),
        ("import time; time.sleep(3)", "lister (guest-lister 1.0) has blocked the event loop; nothing was written"),
    ],
)
def test_a_discoverer_that_breaks_is_named(home: Home, body: str, says: str) -> None:
    done = discover(guest(home, body), "-o", "found.csv", "--set", "run.block_seconds=0.5", plugins="lister")
    assert done.code == 3, done.err
    assert says in done.err
    assert "secret" not in done.err
    assert "nothing was written" in done.err
    assert not (home.path / "found.csv").exists()
