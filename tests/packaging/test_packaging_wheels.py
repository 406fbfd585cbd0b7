"""Every plugin as a user has it: wheels in a fresh environment, without the checkout, and its tests there.

An editable workspace hides undeclared imports, files that no wheel ships, and helpers that only the checkout
has. The environments are made two at a time; dependencies come from uv's cache, our own wheels never do, since
they lie in a new folder (a wheel of an equal version would be taken from the cache: the installed files are
compared with the sources).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from attrs import frozen

from tests.packaging.building import SECONDS, build_wheels, constraints, uv
from tests.packaging.layout import CONTRIB, PLUGINS, ROOT, ROOT_PROJECT, Distribution, requirement_name

pytestmark = pytest.mark.soak

OURS = {each.name: each for each in [*PLUGINS, *CONTRIB]}
_ORIGINS = """
import importlib, json, sys
print(json.dumps({name: importlib.import_module(name).__file__ for name in sys.argv[1:]}))
"""


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel of each distribution of the repository, newly built, by its name."""
    return build_wheels(tmp_path_factory.mktemp("wheels"), CONTRIB)


@frozen
class Trial:
    """What became of one plugin in its own environment."""

    origins: dict[str, str]
    """Where its package and the core were imported from."""
    site: Path
    passed: bool
    output: str


@pytest.fixture(scope="session")
def trials(
    wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[dict[str, Future[Trial]]]:
    """Those of the plugins that this session tests, all begun at once."""
    asked = {item.callspec.id for item in request.session.items if hasattr(item, "callspec")}
    pins = constraints(tmp_path_factory.mktemp("constraints"))
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {
            name: pool.submit(_try, each, wheels, pins, tmp_path_factory.mktemp(name))
            for name, each in OURS.items()
            if str(each) in asked
        }
        pool.shutdown(cancel_futures=True)


def _try(each: Distribution, wheels: dict[str, Path], pins: Path, folder: Path) -> Trial:
    environment, work = folder / "environment", folder / "work"
    ours = _ours(each)
    others = [text for text in each.test_requirements if requirement_name(text) not in OURS]
    # The options of the repository's pytest, which _pytest_options gives it, need these.
    others += ["pytest", "pytest-asyncio", "pytest-xdist", "hypothesis"]
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    uv("venv", "--quiet", "--python", sys.executable, environment, cwd=folder)
    install = ("pip", "install", "--quiet", "--python", python, "--constraint", pins)
    uv(*install, *(wheels[name] for name in ours), *others, cwd=folder)
    origins = _run([python, "-I", "-c", _ORIGINS, "leadgen_core", each.package], cwd=folder)
    assert origins.returncode == 0, origins.stdout
    tests = work / each.folder.relative_to(ROOT) / "tests"
    shutil.copytree(each.folder / "tests", tests, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(each.folder / "README.md", tests.parent)
    (work / "pyproject.toml").write_text(_pytest_options(tests.relative_to(work)))
    done = _run([python, "-I", "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"], cwd=work)
    found: dict[str, str] = json.loads(origins.stdout.splitlines()[-1])
    return Trial(found, Path(found["leadgen_core"]).parents[1], done.returncode == 0, done.stdout)


def _ours(each: Distribution) -> set[str]:
    """The distributions of this repository that it and its tests need, by what they declare."""
    found = {each.name}
    left = [*each.requirements, *each.test_requirements]
    while left:
        name = requirement_name(left.pop())
        if name == "leadgen-core":
            found.add(name)
        elif name in OURS and name not in found:
            found.add(name)
            left.extend(OURS[name].requirements)
    return found


def _run(command: list[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
    # Under CI, Hypothesis takes its own profile without deadlines: ours stand in the conftest.py of the checkout.
    environ = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "HYPOTHESIS_PROFILE"}}
    environ |= {"CI": "true", "LEADGEN_SHARED": os.environ.get("LEADGEN_SHARED") or str(ROOT.parent / "shared")}
    return subprocess.run(
        command,
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def _pytest_options(tests: Path) -> str:
    """Those of the repository, which are no part of a plugin's folder. Strings and lists are JSON in TOML too."""
    options = {**ROOT_PROJECT["tool"]["pytest"]["ini_options"], "testpaths": [tests.as_posix()], "pythonpath": ["."]}
    return "[tool.pytest.ini_options]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())


@pytest.mark.parametrize("each", OURS.values(), ids=str)
def test_a_plugin_works_as_it_is_installed(each: Distribution, trials: dict[str, Future[Trial]]) -> None:
    trial = trials[each.name].result(SECONDS)
    for package, source in (("leadgen_core", ROOT / "leadgen_core"), (each.package, each.source)):
        installed = trial.site / package
        assert Path(trial.origins[package]) == installed / "__init__.py"
        assert installed.parent.name == "site-packages"
        assert _differences(source, installed) == []
    assert trial.passed, trial.output


def _differences(source: Path, installed: Path) -> list[str]:
    """The files of a package that are not installed as they stand in the checkout."""
    return [
        str(file.relative_to(source))
        for file in sorted(source.rglob("*"))
        if file.is_file()
        and "__pycache__" not in file.parts
        and (not (copy := installed / file.relative_to(source)).is_file() or copy.read_bytes() != file.read_bytes())
    ]


def test_every_distribution_has_a_wheel(wheels: dict[str, Path]) -> None:
    assert set(wheels) == {"leadgen-core", *OURS}
