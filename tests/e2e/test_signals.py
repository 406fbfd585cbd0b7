"""SIGINT and SIGTERM drain: what is finished is delivered, exit code 130, and the run resumes."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.kit import CLOCK, LEADGEN, PLUGINS, Home
from tests.replay.fixtures import MakeRegister


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_drains_and_the_run_resumes(tmp_path: Path, make_register: MakeRegister, number: int) -> None:
    register = make_register(limit=100_000)
    home = Home.at(tmp_path, register)
    home.write([f"{place:08d}" for place in range(1, 61)])
    register.control.hold("^/company/", after=90)
    child = subprocess.Popen(
        [LEADGEN, "run", "in.csv", "--plugins", PLUGINS, "--clock", CLOCK, "--set", "run.in_flight=8"],
        cwd=home.path, env=home.environ(), stderr=subprocess.PIPE,
    )  # fmt: skip
    register.control.wait(1, "^/company/", stage="held", timeout=30)
    child.send_signal(number)
    register.control.release()
    _, err = child.communicate(timeout=30)
    assert child.returncode == 130, err
    delivered = len(home.leads())
    assert 20 <= delivered < 60
    done = home.run("--resume")
    assert done.code == 0, done.err
    assert [lead["company"]["number"] for lead in home.leads()] == [f"{place:08d}" for place in range(1, 61)]


def test_a_second_signal_ends_at_once(tmp_path: Path, make_register: MakeRegister) -> None:
    register = make_register(limit=100_000)
    home = Home.at(tmp_path, register)
    home.write([f"{place:08d}" for place in range(1, 21)])
    register.control.hold("^/company/", after=0)
    child = subprocess.Popen(
        [LEADGEN, "run", "in.csv", "--plugins", PLUGINS, "--set", "run.drain_seconds=1000"],
        cwd=home.path, env=home.environ(), stderr=subprocess.PIPE,
    )  # fmt: skip
    register.control.wait(1, "^/company/", stage="held", timeout=30)
    child.send_signal(signal.SIGINT)
    assert child.stderr is not None
    while b"interrupted" not in child.stderr.readline():
        pass
    child.send_signal(signal.SIGINT)
    try:
        _, err = child.communicate(timeout=30)
    finally:
        child.kill()
        register.control.release()
    assert child.returncode == 130, err


def test_a_drain_that_takes_too_long_is_cut(tmp_path: Path, make_register: MakeRegister) -> None:
    register = make_register(limit=100_000)
    home = Home.at(tmp_path, register)
    home.write(["00000001"])
    register.control.hold("^/company/", after=0)
    child = subprocess.Popen(
        [LEADGEN, "run", "in.csv", "--plugins", PLUGINS, "--set", "run.drain_seconds=0.1"],
        cwd=home.path, env=home.environ(), stderr=subprocess.PIPE,
    )  # fmt: skip
    register.control.wait(1, "^/company/", stage="held", timeout=30)
    child.send_signal(signal.SIGINT)
    try:
        _, err = child.communicate(timeout=30)
    finally:
        child.kill()
        register.control.release()
    assert child.returncode == 130, err
    assert home.leads() == []
