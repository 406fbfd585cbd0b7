"""What only a process of its own can show: exit codes, the streams, what is left running, what is printed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.hostile_kit import SECRET, WHO, install_hostile, leaves_no_trace
from tests.e2e.kit import LEADGEN, PLUGINS, Home, Run
from tests.replay.running import RegisterThread

TOKEN = "a-token-of-the-guest-0123456789"
NUMBERS = ["00000001", "00000002"]


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    home = install_hostile(Home.at(tmp_path, register, LEADGEN_HOSTILE_ANSWERS__TOKEN=TOKEN))
    home.write(NUMBERS)
    return home


def run(home: Home, plugin: str, *arguments: str, **env: str) -> Run:
    done = home.leadgen("run", "in.csv", "--plugins", f"{PLUGINS},{plugin}", *arguments, env=env, timeout=60)
    assert SECRET not in done.out + done.err
    assert TOKEN not in done.out + done.err
    assert done.out == ""
    assert leaves_no_trace(home)
    assert leaves_no_trace(home, TOKEN)
    return done


# --- before the run ---------------------------------------------------------------------------------------

BEFORE = {
    "import:error": "importing leadgen_hostile.imports failed with RuntimeError",
    "import:exit": "importing leadgen_hostile.imports failed with SystemExit",
    "import:base": "importing leadgen_hostile.imports failed with Base",
    "import:generator-exit": "importing leadgen_hostile.imports failed with GeneratorExit",
    "import:name": "importing leadgen_hostile.imports failed with a type without a proper name",
    "hook:error": "the hook leadgen_sources failed with RuntimeError",
    "hook:exit": "the hook leadgen_sources failed with SystemExit",
    "hook:nothing": "leadgen_sources returned NoneType, not a list of SourceSpec",
    "hook:twins": "leadgen_sources gave two specs of the name facts",
    "hook:endless": "leadgen_sources gave more than 1000 specs",
    "hook:huge": "leadgen_sources gave a spec with a wrong value in SourceSpec.name",
    "hook:yields": "leadgen_sources gave a spec with a wrong value in SourceSpec.yields",
    "hook:asks": "leadgen_sources gave a spec with a wrong value in SourceSpec.asks",
    "hook:api": "leadgen_sources gave a spec with a wrong value in SourceSpec.api",
    "hook:calls": "leadgen_sources gave a spec with a wrong value in SourceSpec.calls",
    "hook:subclass": "leadgen_sources gave _Odd, not SourceSpec",
    "missing:": "importing leadgen_hostile_that_is_not_there failed with ModuleNotFoundError"
    " (leadgen_hostile_that_is_not_there)",
}
_OPENING = """
import sys
from leadgen_core.registry import PluginFailed, Registry
for what in sys.argv[1:]:
    import os
    kind, _, how = what.partition(":")
    os.environ[f"HOSTILE_{kind.upper()}"] = how
    for name in [name for name in sys.modules if name.startswith("leadgen_hostile")]:
        del sys.modules[name]
    try:
        Registry.discover().open(f"hostile-{kind}")
    except PluginFailed as failure:
        print(failure)
"""


def test_each_way_of_breaking_before_the_run_is_one_sentence_with_distribution_and_version(home: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _OPENING, *BEFORE],
        env=home.environ(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = dict(zip(BEFORE, done.stdout.splitlines(), strict=True))
    assert said == {
        what: f"the plugin hostile-{what.partition(':')[0]} ({WHO}): {because}" for what, because in BEFORE.items()
    }
    assert SECRET not in done.stderr


@pytest.mark.parametrize("how", ["error", "exit"])
def test_asked_for_by_name_the_run_is_refused(home: Home, register: RegisterThread, how: str) -> None:
    done = run(home, "hostile-import", HOSTILE_IMPORT=how)
    assert done.code == 2
    assert f"leadgen: the plugin hostile-import ({WHO}): {BEFORE[f'import:{how}']}" in done.err
    assert register.control.count() == 0
    assert not (home.path / "leads.jsonl").exists()


def test_found_automatically_all_that_is_broken_is_left_out_with_a_warning(home: Home) -> None:
    """Import, hook, factory and a module that does not exist at once, and names that cannot be used."""
    done = home.leadgen("run", "in.csv", env={"HOSTILE_ANSWER": "error", "HOSTILE_PART": "scorer:error"})
    assert done.code == 0, done.err
    assert [lead["company"]["number"] for lead in home.leads()] == NUMBERS
    for name in ("hostile-import", "hostile-hook", "hostile-missing"):
        assert f"{name} ({WHO}) left out: " in done.err
    assert f"the plugin hostile-factory ({WHO}): making hostile-factory.facts failed with RuntimeError" in done.err
    for name in ("Hostile_Name", "hostile name"):
        assert f"{WHO} offers a plugin under a name that cannot be used: {name}; " in done.err
    assert f"{WHO} offers a plugin hostile-value whose entry point is no module: not a module" in done.err
    assert f"hostile-answers ({WHO}) hostile-answers.facts: RuntimeError (2 times)" in done.err
    assert SECRET not in done.err + done.out
    assert TOKEN not in done.err + done.out


@pytest.mark.parametrize("what", ["IMPORT", "HOOK"])
def test_what_never_comes_back_before_the_run_is_named(home: Home, what: str) -> None:
    program = "import leadgen_core.registry.patience as p; p.SECONDS = 1.0\nfrom leadgen_core.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "plugins", "show", f"hostile-{what.lower()}"],
        env=home.environ({f"HOSTILE_{what}": "hang"}),
        cwd=home.path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert f"leadgen: the plugin hostile-{what.lower()} ({WHO}): " in done.stderr
    assert "has not come back for 1 s" in done.stderr


def test_a_name_that_cannot_be_used_is_refused_with_its_place(home: Home) -> None:
    done = run(home, "Hostile_Name")
    assert done.code == 2
    assert f"{WHO} offers a plugin under a name that cannot be used: Hostile_Name" in done.err
    assert str(home.path / "hostile") in done.err


def test_list_show_and_doctor_stay_usable(home: Home) -> None:
    listed = home.leadgen("plugins", "list")
    assert listed.code == 0
    (missing,) = (line for line in listed.out.splitlines() if line.startswith("hostile-missing"))
    assert "its module leadgen_hostile_that_is_not_there is not there: install it again" in missing
    assert "companies-house" in listed.out
    assert "under a name that cannot be used: Hostile_Name" in listed.err
    shown = home.leadgen("plugins", "show", "companies-house")
    assert shown.code == 0
    broken = home.leadgen("plugins", "show", "hostile-import", env={"HOSTILE_IMPORT": "exit"})
    assert broken.code == 2
    assert f"the plugin hostile-import ({WHO}): importing" in broken.err
    assert broken.out == ""
    doctor = home.leadgen("doctor", "--offline", env={"HOSTILE_PART": "scorer:error"})
    assert doctor.code == 0, doctor.err
    assert f"out  plugin hostile-import ({WHO}) left out: " in doctor.out
    assert f"note {WHO} offers a plugin under a name that cannot be used: Hostile_Name" in doctor.out


def test_a_command_that_cannot_be_loaded(home: Home) -> None:
    helped = home.leadgen("--help")
    assert helped.code == 0
    assert "(command of leadgen-hostile)" in helped.out
    done = home.leadgen("hostile")
    assert done.code == 2
    assert f"leadgen: the command hostile of {WHO} cannot be loaded: SystemExit" in done.err


# --- during the run ---------------------------------------------------------------------------------------


def test_no_credential_gets_to_the_streams(home: Home) -> None:
    """Printed, logged in two ways, warned, and raised in a thread of its own."""
    done = run(home, "hostile-answers", HOSTILE_ANSWER="leak-print")
    assert done.code == 0, done.err
    for said in ("a plugin printed: printed *******", "printed to standard error *******", "logged *******",
                 "logged by logging *******", "warned *******", "RuntimeError: *******"):  # fmt: skip
        assert said in done.err


@pytest.mark.parametrize("what", ["exit", "close-streams"])
def test_it_neither_ends_the_process_nor_silences_it(home: Home, what: str) -> None:
    done = run(home, "hostile-answers", HOSTILE_ANSWER=what)
    assert done.code == 0, done.err
    assert [lead["company"]["number"] for lead in home.leads()] == NUMBERS
    assert "companies" in done.err


@pytest.mark.parametrize("what", ["block", "spin"])
def test_what_blocks_the_loop_is_named_and_the_run_resumes_without_it(home: Home, what: str) -> None:
    done = run(home, "hostile-answers", "--set", "run.block_seconds=0.5", HOSTILE_ANSWER=what)
    assert done.code == 3, done.err
    assert f"hostile-answers ({WHO}) has blocked the event loop" in done.err
    assert "--plugins no:hostile-answers --resume" in done.err
    again = home.run("--resume")
    assert again.code == 0, again.err
    assert [lead["company"]["number"] for lead in home.leads()] == NUMBERS


@pytest.mark.parametrize("what", ["thread", "swallow"])
def test_what_does_not_end_is_left_behind(home: Home, what: str) -> None:
    done = run(home, "hostile-answers", "--set", "run.answer_timeout=0.3", HOSTILE_ANSWER=what)
    assert done.code == 0, done.err
    assert [lead["company"]["number"] for lead in home.leads()] == NUMBERS
    if what == "thread":
        assert f"leadgen: something does not end, of hostile-answers ({WHO}); it is left behind" in done.err


def test_a_limiter_that_never_permits_can_be_interrupted(home: Home) -> None:
    """It cannot be told from a quota that is used up; the run waits, drains on the first signal and ends."""
    child = subprocess.Popen(
        [LEADGEN, "run", "in.csv", "--plugins", f"{PLUGINS},hostile-part",
         "--set", "run.limiter=hostile-part", "--set", "run.drain_seconds=0.2"],
        cwd=home.path, env=home.environ({"HOSTILE_PART": "limiter:hang"}), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stderr is not None
    for line in child.stderr:
        if "plugins: " in line:
            break
    while not (home.path / "leads.jsonl.rejects.jsonl").exists():
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130, said


# --- hosts ------------------------------------------------------------------------------------------------


def test_a_credential_follows_no_redirect(home: Home, make_hosts: tuple[str, list[str]]) -> None:
    base_url, elsewhere = make_hosts
    env = {"LEADGEN_HOSTILE_HOSTS__BASE_URL": base_url, "LEADGEN_HOSTILE_HOSTS__API_KEY": TOKEN}
    done = run(home, "hostile-hosts", **env)
    assert done.code == 0, done.err
    assert elsewhere == []
    for lead in home.leads():
        said = lead["outcomes"]["hostile-hosts.facts"]
        assert (said["state"], said["cause"]) == ("unknown", "malformed")
        assert "redirect to another origin" in said["because"]


@pytest.fixture
def make_hosts() -> object:
    """An API that redirects to another origin, and what that one was asked."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(str(self.headers))
            self.send_response(200)
            self.end_headers()

    elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{elsewhere.server_port}/stolen")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    api = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threads = [threading.Thread(target=each.serve_forever, daemon=True) for each in (api, elsewhere)]
    for thread in threads:
        thread.start()
    yield f"http://127.0.0.1:{api.server_port}", asked
    for each in (api, elsewhere):
        each.shutdown()
        each.server_close()
