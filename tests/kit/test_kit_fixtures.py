"""The fixtures that come with leadgen-core, and that they cost nothing who does not use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiohttp

from leadgen_core import CompanyNumber, Found
from leadgen_core.registry import Registry
from leadgen_core.testing import ScriptedContext, SmallWorld, VirtualClock, scripted_reply
from tests.kit import sound
from tests.kit.broken import quiet
from tests.kit.sound_simulator import Simulator

_TESTS = """
def test_nothing():
    pass
"""
_CONFIG = """
[pytest]
filterwarnings = error
asyncio_default_fixture_loop_scope = function
"""
_CONFTEST = """
import json, sys
def pytest_sessionfinish(session):
    there = session.config.pluginmanager.get_plugin("leadgen") is not None
    with open("seen.json", "w") as seen:
        json.dump({"modules": sorted(sys.modules), "there": there}, seen)
"""


def test_a_run_that_uses_none_imports_next_to_nothing_of_leadgen(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(_TESTS)
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function\n"
    )
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LEADGEN_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        check=False,
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert seen["there"]
    ours = {name for name in seen["modules"] if name.startswith("leadgen_")}
    assert ours == {"leadgen_core", "leadgen_core.pytest_plugin"}
    assert {"aiohttp", "attrs", "loguru", "orjson"}.isdisjoint(seen["modules"])


async def test_the_clock_stands_until_it_is_moved(leadgen_clock: VirtualClock) -> None:
    before = leadgen_clock.now()
    await leadgen_clock.advance(90.0)
    assert (leadgen_clock.now() - before).total_seconds() == 90.0


async def test_a_source_over_a_script(leadgen_context: Callable[..., ScriptedContext]) -> None:
    bodies: dict[str, Any] = {
        "/companies/09370001": {"name": "BRAMBLE TEXTILES LTD"},
        "/companies/09370001/officers": {"officers": [], "next": None},
    }
    ctx = leadgen_context(lambda request: scripted_reply(200, bodies[request.path]))
    answer = await sound.Members(sound.Config()).answer(CompanyNumber("09370001"), ctx)
    assert isinstance(answer, Found)
    assert [request.path for request in ctx.asked] == list(bodies)


def test_a_registry_of_what_is_named_and_of_nothing_else(leadgen_registry: Callable[..., Registry]) -> None:
    registry = leadgen_registry(two_words=quiet)
    assert registry.names == ("two-words",)
    (record,) = registry.open("two-words").records
    assert record.spec.name == "fit"


async def test_a_simulator_over_the_small_world(
    leadgen_serve: Callable[..., AbstractAsyncContextManager[str]], leadgen_world: SmallWorld
) -> None:
    first = next(leadgen_world.companies())
    async with (
        leadgen_serve(Simulator(sound.Config()), leadgen_world, api_key="k") as url,
        aiohttp.ClientSession() as session,
        session.get(f"{url}/companies/{first.number}", headers={"X-Key": "k"}) as answer,
    ):
        assert await answer.json() == {"name": first.name}
