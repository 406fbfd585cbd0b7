"""law: kill -9 at any moment, run again with --resume: every company is in every sink exactly once, in input order."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.kit import CLOCK, PLUGINS, Home, Run
from tests.replay.companies import company_name
from tests.replay.fixtures import MakeRegister
from tests.replay.running import RegisterThread

COMPANIES = 200
OUTPUTS = ("leads.jsonl", "leads.csv", "leads.jsonl.rejects.jsonl")
ARGUMENTS = (
    *("run", "in.csv", "--plugins", PLUGINS, "--clock", CLOCK, "-o", "leads.jsonl", "-o", "leads.csv"),
    *("--set", "run.in_flight=8"),  # few at a time, so that delivery goes in many steps
)


def rows() -> list[str]:
    """200 companies with what makes order hard: unknown numbers, names, and names of companies in other rows."""
    made = []
    for place in range(COMPANIES):
        number = f"{place + 1:08d}"
        if place % 20 == 7:
            number = f"99{place:06d}"
        if place % 20 == 11:
            made.append(f',"{company_name(number)}"')
        elif place % 20 == 12:
            made.append(f',"{company_name(f"{place - 1:08d}")}"')
        else:
            made.append(f"{number},")
    return made


def points(seed: int) -> list[str]:
    """Twenty moments: ten upstream answers, five commits, five writes of a sink."""
    draw = random.Random(seed)
    answers = [f"answer:{draw.randrange(1, 3 * COMPANIES - 60)}" for _ in range(10)]
    commits = [f"commit:{draw.randrange(1, COMPANIES)}" for _ in range(5)]
    writes = [f"write:{draw.randrange(1, 24)}" for _ in range(5)]
    return answers + commits + writes


@pytest.fixture(scope="module")
def register() -> Iterator[RegisterThread]:
    """One register for all, since its address stands in the evidence."""
    with RegisterThread(limit=1_000_000) as running:
        yield running


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, register: RegisterThread) -> dict[str, bytes]:
    """What an uninterrupted run writes."""
    home = Home.at(tmp_path_factory.mktemp("whole"), register)
    home.write(rows(), header="company_number,name")
    done = home.leadgen(*ARGUMENTS)
    assert done.code == 0, done.err
    return {name: (home.path / name).read_bytes() for name in OUTPUTS}


def kill_at(home: Home, point: str, *more: str) -> None:
    """Run until the point, then kill -9."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.child", *ARGUMENTS, *more],
        cwd=home.path,
        env=home.environ({"STOP_AT": point, "PYTHONPATH": str(Path(__file__).parents[2])}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    first = child.stdout.readline()
    if first == b"stopped\n":
        child.kill()
    _, err = child.communicate(timeout=60)
    assert first == b"stopped\n", f"the run ended before {point}: {err.decode()[-2000:]}"


def resume(home: Home) -> Run:
    return home.leadgen(*ARGUMENTS, "--resume")


@pytest.mark.parametrize("point", points(20260130))
def test_killed_and_resumed_the_files_are_those_of_an_uninterrupted_run(
    point: str, tmp_path: Path, whole: dict[str, bytes], register: RegisterThread
) -> None:
    home = Home.at(tmp_path, register)
    home.write(rows(), header="company_number,name")
    kill_at(home, point)
    done = resume(home)
    assert done.code == 0, done.err
    for name in OUTPUTS:
        assert (home.path / name).read_bytes() == whole[name], name


def test_killed_again_and_again(tmp_path: Path, whole: dict[str, bytes], register: RegisterThread) -> None:
    home = Home.at(tmp_path, register)
    home.write(rows(), header="company_number,name")
    kill_at(home, "answer:1")
    for point in ("write:1", "commit:30", "answer:60", "write:2", "commit:1"):
        kill_at(home, point, "--resume")
    assert resume(home).code == 0
    for name in OUTPUTS:
        assert (home.path / name).read_bytes() == whole[name], name


def test_a_finished_run_resumes_to_nothing(tmp_path: Path, make_register: MakeRegister) -> None:
    register = make_register(limit=100_000)
    home = Home.at(tmp_path, register)
    home.write(["00000001", "00000002"])
    assert home.leadgen(*ARGUMENTS).code == 0
    before = {name: (home.path / name).read_bytes() for name in OUTPUTS}
    calls = register.control.count()
    assert resume(home).code == 0
    assert {name: (home.path / name).read_bytes() for name in OUTPUTS} == before
    assert register.control.count() == calls
