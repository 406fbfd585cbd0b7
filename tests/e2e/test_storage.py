"""Bad rows beside good ones, a disk that fills, a second run on one output, later outputs."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.kit import CLOCK, LEADGEN, PLUGINS, Home
from tests.replay.fixtures import MakeRegister
from tests.replay.running import RegisterThread


@pytest.fixture
def register(make_register: MakeRegister) -> RegisterThread:
    return make_register(limit=1_000_000)


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    return Home.at(tmp_path, register)


def test_what_people_hand_over_is_read(home: Home) -> None:
    """BOM, CRLF, duplicates (one lead, both rows), lost zeros (repaired, and said so), bad rows with their line."""
    huge = b"7" * 10_000_000
    (home.path / "in.csv").write_bytes(
        b"\xef\xbb\xbfCompany Number,our_ref\r\n9370755,A-17\r\n"
        + huge
        + b",B\r\n09370755,C\r\nno-number,D\r\n00000001,E\r\n"
    )
    done = home.run()
    assert done.code == 1, done.err
    first, second = home.leads()
    assert first["input"] == {
        "rows": [2, 4],
        "columns": {"our_ref": "A-17"},
        "repaired": ["company number 9370755 read as 09370755"],
    }
    assert second["input"]["rows"] == [6]
    big, none = home.rejects()
    assert (big["rows"], big["state"]) == ([3], "bad")
    assert "10000000 characters" in big["because"]
    assert (none["rows"], none["state"]) == ([5], "bad")
    assert none["because"].startswith("company_number: ")
    assert none["input"] == {"company_number": "no-number", "our_ref": "D"}
    assert "line 5" in done.err
    assert "9370755 read as 09370755" in done.err


def test_standard_input_and_json_lines(home: Home) -> None:
    stdin = b'{"company_number": 9370755, "ref": 7}\n{"company_number": "00000001"}\n'
    done = home.leadgen("run", "-", "--plugins", PLUGINS, "--clock", CLOCK, stdin=stdin)
    assert done.code == 0, done.err
    assert [lead["company"]["number"] for lead in home.leads()] == ["09370755", "00000001"]
    assert home.leads()[0]["input"]["columns"] == {"ref": "7"}
    before = (home.path / "leads.jsonl").read_bytes()
    again = home.leadgen("run", "-", "--plugins", PLUGINS, "--clock", CLOCK, "--resume")
    assert again.code == 0, again.err
    assert (home.path / "leads.jsonl").read_bytes() == before


def test_a_limit_and_then_the_rest(home: Home, register: RegisterThread) -> None:
    home.write([f"{place:08d}" for place in range(1, 21)])
    assert home.run("--limit", "5").code == 0
    assert len(home.leads()) == 5
    assert register.control.count() == 15
    assert home.run("--resume").code == 0
    assert [lead["company"]["number"] for lead in home.leads()] == [f"{place:08d}" for place in range(1, 21)]
    assert register.control.count() == 60


def test_a_sink_added_later_is_filled_without_one_call(home: Home, register: RegisterThread) -> None:
    home.write(["09370755", "00000001"])
    assert home.run().code == 0
    calls = register.control.count()
    done = home.run("--resume", "-o", "leads.jsonl", "-o", "more.csv")
    assert done.code == 0, done.err
    assert (home.path / "more.csv").read_text().count("\n") == 3
    assert register.control.count() == calls


def test_the_state_of_another_version_is_not_resumed(home: Home) -> None:
    home.write(["09370755"])
    assert home.run().code == 0
    leads = home.leads()
    (state,) = home.path.glob("*.run/run.db")
    with closing(sqlite3.connect(state)) as database:
        database.execute("PRAGMA user_version = 1")
    done = home.run("--resume")
    assert done.code == 2
    assert "is a run of another version of leadgen; end it with that or use --overwrite" in done.err
    assert home.leads() == leads
    assert home.run("--overwrite").code == 0


def test_another_input_is_not_resumed(home: Home) -> None:
    home.write(["09370755"])
    assert home.run().code == 0
    home.write(["00000001"])
    done = home.run("--resume")
    assert done.code == 2
    assert "in.csv: is not the input of the run that is resumed" in done.err
    assert home.run("--overwrite").code == 0
    assert [lead["company"]["number"] for lead in home.leads()] == ["00000001"]


def test_the_second_run_on_one_output_is_refused(home: Home, register: RegisterThread) -> None:
    home.write(["00000001"])
    register.control.hold("^/company/", after=0)
    first = subprocess.Popen(
        [LEADGEN, "run", "in.csv", "--plugins", PLUGINS], cwd=home.path, env=home.environ(), stderr=subprocess.PIPE
    )
    try:
        register.control.wait(1, "^/company/", stage="held", timeout=30)
        second = home.run("--resume")
        assert second.code == 2
        assert "another run is writing this output" in second.err
    finally:
        register.control.release()
        first.communicate(timeout=30)
    assert first.returncode == 0
    assert len(home.leads()) == 1


def limited(size: int) -> Callable[[], None]:
    """Files of this process cannot grow past ``size`` bytes: what a full disk looks like to a program."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return limit


@pytest.mark.parametrize("size", [4_000, 40_000, 100_000, 150_000, 250_000, 300_000])
def test_a_disk_that_fills_stops_the_run_with_nothing_half_written(home: Home, size: int) -> None:
    home.write([f"{place:08d}" for place in range(1, 151)])
    arguments = ("run", "in.csv", "--plugins", PLUGINS, "--clock", CLOCK, "-o", "leads.jsonl", "-o", "leads.csv")
    full = subprocess.run(
        [LEADGEN, *arguments], cwd=home.path, env=home.environ(), capture_output=True, check=False,
        preexec_fn=limited(size), timeout=60,
    )  # fmt: skip
    err = full.stderr.decode()
    assert full.returncode == 3, err
    assert "--resume" in err
    assert "Traceback" not in err
    for name in ("leads.jsonl", "leads.jsonl.rejects.jsonl"):
        if (home.path / name).exists():
            assert home.leads(name) is not None
            assert (home.path / name).read_bytes()[-1:] in (b"", b"\n")
    done = home.leadgen(*arguments, "--resume")
    assert done.code == 0, done.err
    assert [lead["company"]["number"] for lead in home.leads()] == [f"{place:08d}" for place in range(1, 151)]
    assert (home.path / "leads.csv").read_text(encoding="utf-8").count("\n") == 151
