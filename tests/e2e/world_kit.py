"""A sandbox beside the run, in its own process as its user starts it, and what is true in its world.

The comparison here is a second one, apart from that of ``leadgen evaluate``: it knows nothing but the file that
``--truth`` writes, and reads nothing but the lines that ``leadgen run`` delivers.
"""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from tests.e2e.kit import CLOCK, LEADGEN, PLUGINS, Home, Run

__all__ = [
    "API",
    "OFFICERS",
    "PROFILE",
    "PSC",
    "QUESTIONS",
    "SEARCH",
    "Decider",
    "Difference",
    "Judged",
    "Sandboxed",
    "judge",
    "peak_mb",
    "run_apart",
    "sandbox",
    "without_port",
]

API = "companies-house"
PROFILE, OFFICERS, PSC, SEARCH = (f"{API}.{name}" for name in ("profile", "officers", "psc", "search"))
QUESTIONS = (PROFILE, OFFICERS, PSC)
"""Those that are asked of every number."""

_PATIENCE = 10.0


# --- the process ------------------------------------------------------------------------------------------


@frozen
class Decider:
    """A human who decides in a company, as ``--truth`` has them."""

    name: str
    roles: tuple[str, ...]
    day: str | None
    """The first of their oldest role, or the day before which that was."""
    spellings: tuple[str, ...]

    @property
    def lists(self) -> frozenset[str]:
        """The questions whose answers name them, if the lists are right."""
        return frozenset(PSC if role.startswith("individual-") else OFFICERS for role in self.roles)


@frozen
class Sandboxed:
    """A sandbox that runs."""

    apis: Mapping[str, Mapping[str, str]]
    truth: Mapping[str, tuple[Decider, ...]]
    """By number, in the world's order: those designed by hand come first."""
    traps: Mapping[str, str]
    errors: Path
    """What it says on standard error."""

    def home(self, path: Path, apis: Mapping[str, Mapping[str, str]] | None = None) -> Home:
        """A folder whose plugins are pointed at this sandbox, or at what stands before it."""
        pointed = {
            f"LEADGEN_{api.replace('-', '_')}__{name}".upper(): value
            for api, entry in (apis or self.apis).items()
            for name, value in entry.items()
        }
        return Home(path, {"HOME": str(path), "XDG_DATA_HOME": str(path / "data"), **pointed})


@contextmanager
def sandbox(folder: Path, *arguments: str, name: str = "sandbox") -> Iterator[Sandboxed]:
    """``leadgen sandbox`` while this is open. Its truth stays with the test: no run gets to know where it is."""
    truth, errors = folder / f"{name}.truth.json", folder / f"{name}.err"
    plain = Home(folder, {"HOME": str(folder)})
    with errors.open("wb") as said:
        process = subprocess.Popen(
            [LEADGEN, "sandbox", "--truth", str(truth), "--until-stdin-ends", *arguments],
            cwd=folder,
            env=plain.environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, errors.read_text()
            known = json.loads(truth.read_bytes())
            people = {number: tuple(map(_decider, those)) for number, those in known["executives"].items()}
            yield Sandboxed(json.loads(line), people, known["traps"], errors)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _decider(entry: Mapping[str, Any]) -> Decider:
    day = entry["since"] or entry["before"]
    return Decider(entry["name"], tuple(entry["roles"]), day, tuple(entry["spellings"]))


# --- leads against the truth ------------------------------------------------------------------------------


@frozen
class Difference:
    """What is wrong with one company's executives. ``unexplained``: missed, and no ``Unknown`` says why."""

    number: str
    trap: str
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    unexplained: tuple[str, ...]

    def __str__(self) -> str:
        words = [f"{self.number} ({self.trap or 'an ordinary company'}):"]
        for what, names in (("wrong", self.wrong), ("missed", self.missed), ("unexplained", self.unexplained)):
            if names:
                words.append(f"{what}: {', '.join(names)}")
        return " ".join(words)


@define
class Judged:
    """Counts over companies, and each that is not flawless."""

    true: int = 0
    found: int = 0
    right: int = 0
    differences: list[Difference] = field(factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.true

    def __str__(self) -> str:
        lines = [f"precision {self.right}/{self.found}, recall {self.right}/{self.true}"]
        return "\n".join([*lines, *map(str, self.differences)])


def judge(world: Sandboxed, leads: Sequence[Any], *, exact: bool) -> Judged:
    """Compare leads with the truth, company by company.

    A found executive is a true one when the name is theirs: ``exact``, sign by sign; else in any form that an entry
    of the company has (case, accents, blanks and hyphens apart). Where two humans bear it, the first day of a role
    tells them apart. Each true one is found once: the second time is wrong.
    """
    judged = Judged()
    for lead in leads:
        number = lead["company"]["number"]
        left, wrong = list(world.truth[number]), []
        judged.true += len(left)
        for executive in lead["executives"]:
            judged.found += 1
            meant = _meant(executive, left, exact=exact)
            if meant is None:
                wrong.append(executive["name"]["full"])
                continue
            left.remove(meant)
            judged.right += 1
        if wrong or left:
            silent = {question for question, outcome in lead["outcomes"].items() if outcome["state"] == "unknown"}
            judged.differences.append(
                Difference(
                    number,
                    world.traps.get(number, ""),
                    tuple(wrong),
                    tuple(one.name for one in left),
                    tuple(one.name for one in left if not one.lists <= silent),
                )
            )
    return judged


def _meant(executive: Any, left: Sequence[Decider], *, exact: bool) -> Decider | None:
    name = executive["name"]["full"]
    days = [role["since"] or role["before"] for role in executive["roles"]]
    fits = [one for one in left if (one.name == name if exact else _key(name) in map(_key, one.spellings))]
    return min(fits, key=lambda one: one.day not in days, default=None)


def _key(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if sign.isalnum())


# --- what a run needs and says --------------------------------------------------------------------------------------


def run_apart(home: Home, *arguments: str, name: str = "in.csv") -> Run:
    """As :meth:`Home.run`, but from a small process: on Linux the peak of a process begins with its parent's."""
    command = [LEADGEN, "run", name, "--plugins", PLUGINS, "--clock", CLOCK, *arguments]
    done = subprocess.run(
        ["sh", "-c", '"$@"; exit $?', "sh", *command],
        cwd=home.path,
        env=home.environ(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def peak_mb(said: str) -> float:
    """Peak memory, from the summary."""
    match = re.search(r"peak memory (\d+) MB", said)
    assert match is not None, said
    return float(match.group(1))


def without_port(path: Path) -> list[Any]:
    """The lines of an output without what names the port."""
    return [json.loads(re.sub(rb"http://127\.0\.0\.1:\d+", b"here", line)) for line in path.read_bytes().splitlines()]
