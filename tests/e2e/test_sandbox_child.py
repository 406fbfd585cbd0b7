"""``--sandbox`` from the side of the core: any process that prints the line, its life, and what a run takes from it.

The command ``sandbox`` is a guest's here, which says what the test wants; the register behind it is the replay's.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from leadgen_core.app import sandbox as module
from leadgen_core.app.sandbox import Sandbox
from leadgen_core.errors import UsageError
from leadgen_core.registry import Registry
from tests.e2e.guests import install
from tests.e2e.kit import LEADGEN, PLUGINS, Home
from tests.replay.running import RegisterThread

COMMAND = """
import json
import os
import sys

import click

from leadgen_core import Plugin

PLUGIN = Plugin(api_version=1)


@click.command("sandbox", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def sandbox():
    seen = {"pid": os.getpid(), "session": os.getsid(0), "path": sys.path[0], "arguments": sys.argv[1:],
            "ours": sorted(name for name in os.environ if name.startswith("LEADGEN_"))}
    with open(os.environ["CHILD"], "w") as file:
        json.dump(seen, file)
    sys.stderr.write(os.environ.get("CHILD_SAYS", ""))
    sys.stderr.flush()
    sys.stdout.write(os.environ.get("CHILD_LINE", ""))
    sys.stdout.flush()
    if os.environ.get("CHILD_LINE") or os.environ.get("CHILD_WAITS"):
        while os.read(0, 1):
            pass
"""
KEY = "LEADGEN_COMPANIES_HOUSE__API_KEY"
URL = "LEADGEN_COMPANIES_HOUSE__BASE_URL"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """No key, no address: only a command that is a sandbox; it stands in the place of ours, whose name it has."""
    home = Home(tmp_path, {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)})
    home.write(["00000001", "00000002"])
    env = {"CHILD": str(tmp_path / "child.json"), **home.env}
    return install(Home(tmp_path, env), "sandbox", COMMAND, distribution="leadgen-sandbox", command="sandbox")


def line(register: RegisterThread, **more: object) -> str:
    return json.dumps({"companies-house": {"base_url": register.base_url, "api_key": register.key}, **more}) + "\n"


def child(home: Home) -> dict[str, object]:
    seen: dict[str, object] = json.loads((home.path / "child.json").read_text())
    return seen


def gone(home: Home) -> bool:
    """Whether the child has ended."""
    try:
        os.kill(int(str(child(home)["pid"])), 0)
    except ProcessLookupError:
        return True
    return False


# --- what a run takes from it -----------------------------------------------------------------------------


def test_without_any_key_the_plugins_are_found_and_pointed_at_it(home: Home, register: RegisterThread) -> None:
    done = home.leadgen("run", "in.csv", "--sandbox", env={"CHILD_LINE": line(register)})
    assert done.code == 0, done.err
    assert len(home.leads()) == 2
    first, second, *_ = done.err.splitlines()
    assert "companies-house (leadgen-companies-house 0.1.0) taken" in first
    assert "sandbox: every company and person is invented; simulated: companies-house" in second
    assert gone(home)


def test_it_is_a_process_of_its_own_that_sees_nothing_of_ours(home: Home, register: RegisterThread) -> None:
    env = {"CHILD_LINE": line(register), KEY: "real-key", "LEADGEN_PROFILE": "development"}
    assert home.leadgen("run", "in.csv", "--sandbox", env=env).code == 0
    seen = child(home)
    assert seen["session"] == seen["pid"]
    assert seen["ours"] == []
    assert seen["path"] not in ("", str(home.path))
    assert seen["arguments"] == ["sandbox", "--port", "0", "--until-stdin-ends"]


def test_no_real_key_is_looked_for_and_no_other_host_reached(home: Home, register: RegisterThread) -> None:
    """Whatever is configured, in every layer, the sandbox has the last word; references are not followed."""
    (home.path / "leadgen.toml").write_text(
        '[run]\ninstallation_key = "env:NOT_THERE_EITHER"\n'
        '[companies-house]\napi_key = "file:not-there.key"\nauth = "bearer"\nbase_url = "https://real.example"\n'
        '[profiles.staging.companies-house]\napi_key = "keyring:not/there"\n'
    )
    env = {"CHILD_LINE": line(register), URL: "http://127.0.0.1:9"}
    sets = ("--set", "companies-house.api_key=env:NOT_THERE", "--set", "companies-house.base_url=http://127.0.0.1:9")
    done = home.leadgen("run", "in.csv", "--plugins", PLUGINS, "--profile", "staging", *sets, "--sandbox", env=env)
    assert done.code == 0, done.err
    assert {entry.credential for entry in register.control.log()} == {"key:0"}
    assert "not-there" not in done.err
    assert not (home.path / "data").exists()


GUEST = """
from leadgen_core import *
from leadgen_core import CompanyNumber, CompanyProfile
from attrs import frozen
from datetime import timedelta


@frozen
class Config:
    {fields}


PLUGIN = Plugin(api_version=1, config=Config)
API = ApiSpec(
    name="parish", controller="The Parish", base_url="http://127.0.0.1:9", credential=Credential(field="token"),
    operations={{"page": Operation(lifetime="pages")}}, classify=lambda operation, reply: Ok(),
    lifetimes={{"pages": Lifetime(timedelta(1), timedelta(1))}}, redact=lambda operation, body, keyed: body,
)


@hookimpl
def leadgen_sources():
    made = f"{{__name__}}:Pages"
    return [SourceSpec(name="pages", factory=made, asks=CompanyNumber, yields=(CompanyProfile,), api=API)]


class Pages:
    def __init__(self, config):
        self.config = config

    async def answer(self, subject, ctx):
        await ctx.ask(Lookup.get(API, "page", "/company/00000006"))
        return Absent(because=f"{{self.config}}")
"""
FIELDS = 'base_url: str = "http://127.0.0.1:9"\n    token: Secret | None = None\n    other: Secret | None = None'


def test_an_api_without_a_simulator_is_refused_by_name_and_left_out_else(home: Home, register: RegisterThread) -> None:
    home = install(home, "parish", GUEST.format(fields=FIELDS))
    env = {"CHILD_LINE": line(register), "LEADGEN_PARISH__TOKEN": "env:NOT_THERE"}
    done = home.leadgen("run", "in.csv", "--plugins", f"{PLUGINS},parish", "--sandbox", env=env)
    assert done.code == 2
    assert (
        "parish asks the API parish, which no installed plugin simulates; --plugins no:parish leaves it out" in done.err
    )
    assert not (home.path / "leads.jsonl").exists()
    assert gone(home)
    done = home.leadgen("run", "in.csv", "--sandbox", env=env)
    assert done.code == 0, done.err
    assert "parish (guest-parish 1.0) is left out: no installed plugin simulates its API parish" in done.err


def test_each_plugin_gets_the_keys_of_its_own_api(home: Home, register: RegisterThread) -> None:
    home = install(home, "parish", GUEST.format(fields=FIELDS))
    parish = {"base_url": register.base_url, "token": register.key, "unknown_here": "x"}
    env = {"CHILD_LINE": line(register, parish=parish), "LEADGEN_PARISH__OTHER": "env:NOT_THERE"}
    done = home.leadgen("run", "in.csv", "--plugins", f"{PLUGINS},parish", "--sandbox", env=env)
    assert done.code == 0, done.err
    assert {lead["outcomes"]["parish.pages"]["state"] for lead in home.leads()} == {"absent"}
    assert register.control.count("^/company/00000006$") >= 1


def test_a_plugin_that_cannot_be_pointed_anywhere_is_refused(home: Home, register: RegisterThread) -> None:
    home = install(home, "parish", GUEST.format(fields="token: Secret | None = None"))
    env = {"CHILD_LINE": line(register, parish={"base_url": register.base_url, "token": "x"})}
    done = home.leadgen("run", "in.csv", "--plugins", f"{PLUGINS},parish", "--sandbox", env=env)
    assert done.code == 2
    assert "the API of pages is placed by base_url, a field that its config lacks" in done.err
    assert not (home.path / "leads.jsonl").exists()
    assert gone(home)


def test_the_line_that_would_work_has_the_option(home: Home, register: RegisterThread) -> None:
    plugins = "companies-house,identity,memory,files"
    done = home.leadgen("run", "in.csv", "--plugins", plugins, "--sandbox", env={"CHILD_LINE": line(register)})
    assert done.code == 2
    command = done.err.strip().rpartition("This would work: ")[2].split()
    assert "--sandbox" in command
    assert home.leadgen(*command[1:], env={"CHILD_LINE": line(register)}).code == 0


def test_doctor_looks_at_the_sandbox(home: Home, register: RegisterThread) -> None:
    done = home.leadgen("doctor", "--sandbox", env={"CHILD_LINE": line(register)})
    assert done.code == 0, done.out + done.err
    assert f"ok   API companies-house at {register.base_url}" in done.out
    assert gone(home)
    assert home.leadgen("doctor", "--sandbox", "--offline", env={"CHILD_LINE": line(register)}).code == 0
    assert gone(home)


def test_what_it_complains_of_stands_in_the_log(home: Home, register: RegisterThread) -> None:
    env = {"CHILD_LINE": line(register), "CHILD_SAYS": "the simulator of x is left out\n"}
    done = home.leadgen("run", "in.csv", "--sandbox", env=env)
    assert done.code == 0, done.err
    (words,) = (line for line in done.err.splitlines() if "the simulator of x is left out" in line)
    assert "WARNING" in words


# --- when it does not do what it should -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({}, "the sandbox did not start: its process ended with exit code 0"),
        (
            {"CHILD_SAYS": "one\nleadgen: the port is in use\n"},
            "leadgen: the sandbox did not start: the port is in use",
        ),
        ({"CHILD_LINE": "not json\n"}, "the first line of leadgen sandbox is not the JSON object"),
        ({"CHILD_LINE": "[]\n"}, "is not the JSON object"),
        ({"CHILD_LINE": '{"x": {}}\n'}, "is not the JSON object"),
        ({"CHILD_LINE": '{"x": {"base_url": 7}}\n'}, "is not the JSON object"),
        ({"CHILD_LINE": '{"x": {"base_url": "https://real.example"}}\n'}, "is not the JSON object"),
        ({"CHILD_LINE": '{"x": {"base_url": "http://127.0.0.1:80@real.example"}}\n'}, "is not the JSON object"),
        ({"CHILD_LINE": '{"x": {"base_url": "http://127.0.0.1:80", "key": 7}}\n'}, "is not the JSON object"),
    ],
)
def test_a_sandbox_that_does_not_start_is_one_sentence(home: Home, env: dict[str, str], says: str) -> None:
    done = home.leadgen("run", "in.csv", "--sandbox", env=env)
    assert done.code == 2
    (sentence,) = done.err.splitlines()
    assert says in sentence
    assert not (home.path / "leads.jsonl").exists()
    assert gone(home)


def test_it_must_be_installed(home: Home) -> None:
    done = home.leadgen("run", "in.csv", "--sandbox", env={"LEADGEN_PLUGINS": PLUGINS})
    assert done.code == 2
    assert done.err == (
        "leadgen: --sandbox needs the plugin sandbox, which is not installed: pip install leadgen-sandbox\n"
    )


def test_one_that_never_says_anything_is_ended(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.5)
    monkeypatch.syspath_prepend(home.env["PYTHONPATH"])
    with (
        Sandbox(Registry.discover({}), {**home.environ(), "CHILD_WAITS": "1"}, home.path) as sandbox,
        pytest.raises(UsageError, match="did not start within"),
    ):
        assert sandbox.apis
    with pytest.raises(ChildProcessError):
        os.waitpid(sandbox.pid, os.WNOHANG)


# --- it cannot outlive the run ----------------------------------------------------------------------------


@pytest.fixture
def running(home: Home, register: RegisterThread) -> Callable[[], subprocess.Popen[bytes]]:
    def run() -> subprocess.Popen[bytes]:
        register.control.hold("^/company/")
        process = subprocess.Popen(
            [LEADGEN, "run", "in.csv", "--sandbox", "--set", "run.drain_seconds=0.1"],
            cwd=home.path, env=home.environ({"CHILD_LINE": line(register)}), stderr=subprocess.PIPE,
        )  # fmt: skip
        register.control.wait(1, "^/company/", stage="held", timeout=30)
        return process

    return run


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_the_run_however_that_ends(
    home: Home, register: RegisterThread, running: Callable[[], subprocess.Popen[bytes]], number: int
) -> None:
    process = running()
    watched = os.pidfd_open(int(str(child(home)["pid"])))
    try:
        process.send_signal(number)
        process.communicate(timeout=30)
        register.control.release()
        poll = select.poll()
        poll.register(watched)
        assert poll.poll(10_000), "the child is still there"
    finally:
        os.close(watched)
        process.kill()
