"""Plugins that break: each is named with its distribution and version, and harms nobody else (law)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.guests import install
from tests.e2e.kit import PLUGINS, Home
from tests.replay.running import RegisterThread

SOURCE = """
import asyncio
import time

from leadgen_core import Absent, CompanyNumber, CompanyProfile, Plugin, SourceSpec, hookimpl

PLUGIN = Plugin(api_version={version})
{at_import}


@hookimpl
def leadgen_sources():
    return [SourceSpec(name="facts", factory=f"{{__name__}}:Facts", asks=CompanyNumber, yields=(CompanyProfile,))]


class Facts:
    def __init__(self, config):
        {at_making}

    async def answer(self, subject, ctx):
        {at_answer}
        return Absent()
"""


def guest(*, version: int = 1, at_import: str = "", at_making: str = "pass", at_answer: str = "pass") -> str:
    return SOURCE.format(version=version, at_import=at_import, at_making=at_making, at_answer=at_answer)


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    home = Home.at(tmp_path, register)
    home.write(["00000001", "00000002", "00000003"])
    return home


def run(home: Home, *arguments: str, plugins: str = f"{PLUGINS},guest") -> tuple[int, str]:
    done = home.leadgen("run", "in.csv", "--plugins", plugins, *arguments)
    assert "Traceback" not in done.err or done.code == 3, done.err
    return done.code, done.err


def test_a_guest_that_behaves(home: Home) -> None:
    code, err = run(install(home, "guest", guest()))
    assert code == 0, err
    assert all(lead["outcomes"]["guest.facts"]["state"] == "absent" for lead in home.leads())


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (guest(at_import="raise RuntimeError('hunter2')"), "RuntimeError"),
        (guest(at_import="import a_module_that_is_not_there"), "a_module_that_is_not_there"),
        (guest(version=99), "upgrade leadgen-core"),
        (guest(version=0), "upgrade guest-guest"),
        (guest(at_making="raise RuntimeError('hunter2')"), "RuntimeError"),
        ("x = 1", "PLUGIN"),
    ],
)
def test_asked_for_by_name_and_broken_it_is_refused_before_any_work(
    home: Home, register: RegisterThread, code: str, says: str
) -> None:
    exit_code, err = run(install(home, "guest", code))
    assert exit_code == 2, err
    assert says in err
    assert "guest-guest 1.0" in err
    assert "hunter2" not in err
    assert register.control.count() == 0
    assert not (home.path / "leads.jsonl").exists()


@pytest.mark.parametrize("code", [guest(at_import="raise RuntimeError"), guest(version=99)])
def test_found_automatically_and_broken_it_is_left_out(home: Home, code: str) -> None:
    done = install(home, "guest", code).leadgen("run", "in.csv")
    assert done.code == 0, done.err
    assert "guest-guest 1.0" in done.err
    assert len(home.leads()) == 3


def test_two_plugins_of_one_name_are_refused_naming_both_distributions(home: Home, register: RegisterThread) -> None:
    twice = install(install(home, "guest", guest()), "guest", guest(), distribution="other-guest", version="2.0")
    code, err = run(twice)
    assert code == 2
    assert "guest-guest 1.0" in err
    assert "other-guest 2.0" in err
    assert register.control.count() == 0
    listed = twice.leadgen("plugins", "list")
    assert listed.code == 0
    assert listed.out.count("guest ") >= 2


def test_a_source_that_raises_is_unknown_and_the_lead_is_delivered(home: Home) -> None:
    code, err = run(install(home, "guest", guest(at_answer="raise RuntimeError('hunter2')")))
    assert code == 0, err
    assert "hunter2" not in err
    assert "guest (guest-guest 1.0) guest.facts: RuntimeError (3 times)" in err
    assert err.count("the plugin guest (guest-guest 1.0) broke in guest.facts: RuntimeError") == 1
    for lead in home.leads():
        assert lead["outcomes"]["guest.facts"]["cause"] == "plugin error"
        assert len(lead["executives"]) == 1


def test_a_source_that_hangs_is_unknown_by_timeout(home: Home) -> None:
    hanging = install(home, "guest", guest(at_answer="await asyncio.Event().wait()"))
    code, err = run(hanging, "--set", "run.answer_timeout=0.2")
    assert code == 0, err
    assert all(lead["outcomes"]["guest.facts"]["cause"] == "timeout" for lead in home.leads())


def test_a_source_that_blocks_the_loop_is_named_and_the_run_resumes_without_it(home: Home) -> None:
    blocking = install(home, "guest", guest(at_answer="time.sleep(600)"))
    code, err = run(blocking, "--set", "run.block_seconds=0.5")
    assert code == 3, err
    assert "guest (guest-guest 1.0) has blocked the event loop" in err
    assert "--plugins no:guest --resume" in err
    code, err = run(blocking, "--resume", plugins=PLUGINS)
    assert code == 0, err
    assert len(home.leads()) == 3


def test_a_scorer_a_screen_a_resolver_and_a_sink_that_break(home: Home) -> None:
    """Null, closed, set aside, exit 1: each its own way, and the rest of the run goes on."""
    scorer = install(
        home, "scorer",
        """
        from leadgen_core import Plugin, ScorerSpec, hookimpl
        PLUGIN = Plugin(api_version=1)
        @hookimpl
        def leadgen_scorers():
            return [ScorerSpec(name="bad", factory=f"{__name__}:Bad", scores=("bad",))]
        class Bad:
            def __init__(self, config): pass
            def score(self, lead, now): raise RuntimeError
        """,
    )  # fmt: skip
    code, err = run(scorer, "-o", "scored.jsonl", plugins=f"{PLUGINS},scorer")
    assert code == 0, err
    assert [lead["scores"] for lead in home.leads("scored.jsonl")] == [{"bad": None}] * 3
    screen = install(
        home, "screen",
        """
        from leadgen_core import Plugin, ScreenSpec, hookimpl
        PLUGIN = Plugin(api_version=1)
        @hookimpl
        def leadgen_screens():
            return [ScreenSpec(name="bad", factory=f"{__name__}:Bad")]
        class Bad:
            def __init__(self, config): pass
            async def admit(self, subject): return True
            async def people(self, lead): raise RuntimeError
            async def release(self, lead, sink): return lead
        """,
    )  # fmt: skip
    code, err = run(screen, "-o", "screened.jsonl", plugins=f"{PLUGINS},screen")
    assert code == 1, err
    assert home.leads("screened.jsonl") == []
    assert [reject["state"] for reject in home.rejects("screened.jsonl")] == ["failed"] * 3
    code, err = run(home, "-o", "screened.jsonl", "--resume", "--retry", "failed", plugins=PLUGINS)
    assert code == 0, err
    assert len(home.leads("screened.jsonl")) == 3
    assert home.rejects("screened.jsonl") == []
    sink = install(
        home, "sink",
        """
        from leadgen_core import Plugin, SinkSpec, hookimpl
        PLUGIN = Plugin(api_version=1)
        @hookimpl
        def leadgen_sinks():
            return [SinkSpec(name="bad", factory=f"{__name__}:Bad", endings=(".bad",))]
        class Bad:
            def __init__(self, config): pass
            async def open(self, target, checkpoint): target.path.touch()
            async def write(self, deliveries):
                if deliveries: raise RuntimeError
                return "0"
        """,
    )  # fmt: skip
    code, err = run(sink, "-o", "good.jsonl", "-o", "leads.bad", plugins=f"{PLUGINS},sink")
    assert code == 1, err
    assert "sink (guest-sink 1.0) write: RuntimeError" in err
    assert len(home.leads("good.jsonl")) == 3
