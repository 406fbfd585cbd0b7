"""A plugin from the template as a stranger has it: made, installed beside wheels in a fresh environment, tested there,
checked there, and run there against its own simulator. Nothing of the checkout is on the way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

from leadgen_core.app.authoring import kinds
from tests.packaging.building import SECONDS, build_wheels, constraints, uv

pytestmark = pytest.mark.soak


@frozen
class Fresh:
    """An environment with the core, its extra for authors and the plugins that a run needs."""

    folder: Path
    python: Path

    def run(self, *command: str, cwd: Path, code: int = 0) -> str:
        """What a program of the environment prints."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("LEADGEN_", "PYTHON"))}
        done = subprocess.run(
            [str(self.python.with_name(command[0])), *command[1:]],
            cwd=cwd,
            env={**environ, "XDG_DATA_HOME": str(self.folder / "data")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    folder = tmp_path_factory.mktemp("fresh")
    wheels = build_wheels(folder / "wheels")
    environment = folder / "environment"
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    uv("venv", "--quiet", "--python", sys.executable, environment, cwd=folder)
    ours = [wheels[f"leadgen-{name}"] for name in ("files", "identity", "quota", "sandbox")]
    core = f"leadgen-core[authoring] @ {wheels['leadgen-core'].as_uri()}"
    install = ("pip", "install", "--quiet", "--python", python, "--constraint", constraints(folder))
    uv(*install, core, *ours, "pytest", "pytest-asyncio", "mypy", cwd=folder)
    return Fresh(folder, python)


@pytest.mark.parametrize("kind", kinds())
def test_a_new_plugin_works_at_once(kind: str, fresh: Fresh, tmp_path: Path) -> None:
    name = f"acme-{kind}"
    fresh.run("leadgen", "plugins", "new", name, "--kind", kind, cwd=tmp_path)
    plugin = tmp_path / f"leadgen-{name}"
    # Not editable: a file that its wheel lacks must be missed.
    uv("pip", "install", "--quiet", "--python", fresh.python, "--no-deps", plugin, cwd=tmp_path)

    tests = fresh.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=plugin)
    assert " passed" in tests
    fresh.run("python", "-m", "mypy", "src", "tests", cwd=plugin)
    found = json.loads(fresh.run("leadgen", "plugins", "check", name, "--json", cwd=tmp_path))
    assert (found["plugin"], found["failed"]) == (name, 0)
    assert found["passed"] > 0
    assert name in fresh.run("leadgen", "plugins", "list", cwd=tmp_path)


def test_a_run_with_a_new_source(fresh: Fresh, tmp_path: Path) -> None:
    fresh.run("leadgen", "plugins", "new", "journey", "--kind", "source", cwd=tmp_path)
    plugin = tmp_path / "leadgen-journey"
    uv("pip", "install", "--quiet", "--python", fresh.python, "--no-deps", plugin, cwd=tmp_path)
    fresh.run("leadgen", "run", "companies.csv", "--plugins", "journey,identity,quota,files", "--sandbox", cwd=plugin)
    leads = [json.loads(line) for line in (plugin / "leads.jsonl").read_bytes().splitlines()]
    assert len(leads) == 5
    assert all(lead["company"]["name"] and lead["executives"] for lead in leads)
    assert {lead["outcomes"]["journey.companies"]["state"] for lead in leads} == {"found"}
    assert {link["source"] for lead in leads for each in lead["executives"] for link in each["evidence"]} == {
        "journey.companies"
    }
