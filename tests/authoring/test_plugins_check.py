"""``leadgen plugins check``: what it says of a plugin that keeps the contract, of one that does not, and of none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.guests import install
from tests.e2e.kit import Home

SOUND = """
from leadgen_core import Plugin, Reason, Score, ScorerSpec, hookimpl

PLUGIN = Plugin(api_version=1)


@hookimpl
def leadgen_scorers():
    return [ScorerSpec(name="fit", factory=f"{__name__}:score", scores=("fit",))]


def score(lead, now):
    return {"fit": Score(value=50, reasons=(Reason(points=50, because="it is a company"),))}
"""
BROKEN = SOUND.replace("def score(lead, now):", "calls = []\n\ndef score(lead, now):\n    calls.append(0)").replace(
    "50", "len(calls)"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")})


def report(home: Home, name: str, code: int) -> dict[str, Any]:
    done = home.leadgen("plugins", "check", name, "--json")
    assert done.code == code, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_one_that_keeps_the_contract(home: Home) -> None:
    done = install(home, "fit", SOUND).leadgen("plugins", "check", "fit")
    assert done.code == 0, done.out + done.err
    first, *lines = done.out.splitlines()
    assert first == "fit (guest-fit 1.0), module guest_fit"
    assert "scorer fit.fit" in lines
    assert "  ok   the same lead at the same time has the same scores, from one object or from two" in lines
    assert "FAIL" not in done.out
    assert ", 0 failed, " in lines[-1]


def test_one_that_does_not(home: Home) -> None:
    home = install(home, "fit", BROKEN)
    done = home.leadgen("plugins", "check", "fit")
    assert done.code == 1, done.err
    place = done.out.splitlines().index(
        "  FAIL the same lead at the same time has the same scores, from one object or from two"
    )
    seen, mend, known = (line.strip() for line in done.out.splitlines()[place + 1 : place + 4])
    assert seen == "seen: asked again, one object gave other scores"
    assert mend.startswith("mend: keep nothing between leads")
    assert known == "this is scorer.deterministic"

    found = report(home, "fit", 1)
    assert (found["plugin"], found["distribution"], found["version"]) == ("fit", "guest-fit", "1.0")
    assert found["failed"] >= 1
    assert found["passed"] + found["failed"] + found["not_checked"] == len(found["findings"])
    (finding,) = (each for each in found["findings"] if each["check"] == "scorer.deterministic")
    assert (finding["question"], finding["state"]) == ("fit.fit", "failed")
    assert finding["because"] == "asked again, one object gave other scores"
    assert finding["mend"]


def test_what_a_plugin_prints_is_no_part_of_the_report(home: Home) -> None:
    chatty = SOUND.replace("def score(lead, now):", "def score(lead, now):\n    print('hello')")
    found = report(install(home, "fit", chatty), "fit", 0)
    assert found["failed"] == 0


def test_one_that_is_not_installed(home: Home) -> None:
    done = install(home, "fit", SOUND).leadgen("plugins", "check", "fitt")
    assert done.code == 2
    assert done.err == "leadgen: there is no plugin fitt; the nearest is fit\n"
    assert done.out == ""


@pytest.mark.parametrize(
    ("code", "because"),
    [
        ("1 / 0", "importing guest_fit failed with ZeroDivisionError"),
        ("import nowhere_at_all", "importing guest_fit failed with ModuleNotFoundError (nowhere_at_all)"),
        ("raise SystemExit(0)", "importing guest_fit failed with SystemExit"),
        ("x = 1", "guest_fit has no PLUGIN = Plugin(api_version=..., config=...)"),
    ],
)
def test_one_that_cannot_be_opened(code: str, because: str, home: Home) -> None:
    done = install(home, "fit", code).leadgen("plugins", "check", "fit", "--json")
    assert done.code == 2
    assert done.err == f"leadgen: the plugin fit (guest-fit 1.0): {because}\n"
    assert done.out == ""


def test_an_entry_point_to_a_module_that_is_not_there(home: Home) -> None:
    home = install(home, "fit", SOUND)
    (home.path / "site" / "guest-fit" / "guest_fit.py").unlink()
    done = home.leadgen("plugins", "check", "fit")
    assert done.code == 2
    assert done.err == (
        "leadgen: the plugin fit (guest-fit 1.0): importing guest_fit failed with ModuleNotFoundError (guest_fit)\n"
    )


def test_a_folder_without_metadata_is_not_installed(home: Home) -> None:
    home = install(home, "fit", SOUND)
    for file in (home.path / "site" / "guest-fit").glob("*.dist-info/*"):
        file.unlink()
    done = home.leadgen("plugins", "check", "fit")
    assert done.code == 2
    assert "there is no plugin fit" in done.err


def package(home: Home, samples: str) -> Home:
    """The sound plugin as a package with this module of samples."""
    home = install(home, "fit", SOUND)
    site = home.path / "site" / "guest-fit"
    (site / "guest_fit").mkdir()
    (site / "guest_fit.py").rename(site / "guest_fit" / "__init__.py")
    (site / "guest_fit" / "samples.py").write_text(samples)
    return home


def test_samples_that_cannot_be_had(home: Home) -> None:
    home = package(home, "SAMPLES = {}")
    done = home.leadgen("plugins", "check", "fit")
    assert done.code == 2
    assert done.err == "leadgen: guest_fit.samples has no SAMPLES = Samples(...)\n"
    samples = home.path / "site" / "guest-fit" / "guest_fit" / "samples.py"
    samples.write_text("import nowhere_at_all")
    done = home.leadgen("plugins", "check", "fit")
    assert done.code == 2
    assert "guest_fit.samples cannot be imported: it raised ModuleNotFoundError" in done.err
    samples.write_text("from leadgen_core.testing import Samples\nSAMPLES = Samples(config={'colour': 'red'})\n")
    assert home.leadgen("plugins", "check", "fit").code == 0


def test_without_hypothesis_the_line_that_installs_it(home: Home) -> None:
    home = install(home, "fit", SOUND)
    (home.path / "site" / "guest-fit" / "sitecustomize.py").write_text("import sys\nsys.modules['hypothesis'] = None\n")
    done = home.leadgen("plugins", "check", "fit")
    assert done.code == 2
    assert "pip install 'leadgen-core[authoring]'" in done.err
