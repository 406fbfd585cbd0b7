"""One world in which chosen companies meet a fault, and what a run must make of it.

All runs have the same input, so the lead of each company can be compared with that of a run in which nothing fails.
First come companies that no fault meets: whatever the others meet must not harm them. The last rows are the victims:
for each question one whose calls are always hit and one whose first call is hit.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from attrs import evolve, field, frozen
from leadgen_sandbox.world import HAND_NUMBERS

from tests.e2e.kit import Home, Run
from tests.e2e.world_kit import API, OFFICERS, PROFILE, PSC, SEARCH, Sandboxed, sandbox, without_port

__all__ = [
    "ALWAYS",
    "CONTROL",
    "ONCE",
    "PAGED",
    "REGISTER",
    "Scene",
    "Spoilt",
    "Victim",
    "faults_of",
    "make_scene",
    "secrets_kept",
    "spoilt_by",
]

COMPANIES = 400
HEALTHY = 100
PAGED = "01640093"
"""By hand: its officers come in three pages, of which the second is hit."""
REGISTER = "register"
ALWAYS, ONCE = 1_000_000, 1
CONTROL = "person-with-significant-control"


@frozen
class Victim:
    """A company that meets the fault: at which question (or at all: ``register``) and how often."""

    question: str
    count: int
    number: str
    name: str = ""
    """Asked by name, where that is what is hit."""

    @property
    def pattern(self) -> str:
        """The requests that are hit, as a regular expression for the faults file."""
        return {
            PROFILE: f"^/company/{self.number}$",
            OFFICERS: rf"^/company/{self.number}/officers\?.*start_index={100 if self.number == PAGED else 0}\b",
            PSC: rf"^/company/{self.number}/persons-with-significant-control\?",
            REGISTER: f"^/company/{self.number}",
            SEARCH: rf"^/search/companies\?q={re.escape(quote_plus(self.name))}&",
        }[self.question]

    @property
    def row(self) -> str:
        """Of the input."""
        return f",{self.name}" if self.name else f"{self.number},"

    def __str__(self) -> str:
        how = "always" if self.count == ALWAYS else "once"
        return f"{self.question} {how} of {self.name or self.number}"


@frozen
class Spoilt:
    """A run of the scene's input against a sandbox with faults."""

    home: Home
    done: Run
    leads: Mapping[str, Any]
    """By number, without what names the port."""
    rejects: Sequence[Any]
    said: str
    """By the sandbox."""
    key: str

    def reject(self, victim: Victim) -> Any:
        """Of this victim; fails when there is none."""
        given = "name" if victim.name else "company_number"
        (found,) = [each for each in self.rejects if each["input"].get(given) == (victim.name or victim.number)]
        return found


@frozen
class Scene:
    """The input, its victims, and what a run makes of it when nothing fails."""

    folder: Path
    healthy: tuple[str, ...]
    victims: tuple[Victim, ...]
    undisturbed: Mapping[str, Any] = field(factory=dict)

    @contextmanager
    def sandboxed(self, name: str, faults: str, window: int = 300) -> Iterator[tuple[Sandboxed, Home]]:
        """The world with these faults, and a folder with the input. ``window``: seconds of the quota's."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "faults.toml").write_text(faults, encoding="utf-8")
        options = ("--companies", str(COMPANIES), "--window", str(window), "--faults", "faults.toml")
        with sandbox(folder, *options) as world:
            home = world.home(folder)
            rows = [*(f"{number}," for number in self.healthy), *(victim.row for victim in self.victims)]
            home.write(rows, header="company_number,name")
            # One key, so that birth keys and with them the whole lead are the same in every run.
            yield world, Home(folder, {**home.env, "LEADGEN_RUN__INSTALLATION_KEY": "of-the-error-suite"})

    def run(self, name: str, faults: str, window: int = 300) -> Spoilt:
        """Run the input to its end."""
        with self.sandboxed(name, faults, window) as (world, home):
            return spoilt_by(world, home, home.run())

    def of(self, question: str, count: int) -> Victim:
        """The victim of this question and this count that is not :data:`PAGED`."""
        return next(v for v in self.victims if (v.question, v.count) == (question, count) and v.number != PAGED)


def spoilt_by(world: Sandboxed, home: Home, done: Run) -> Spoilt:
    """What a run left behind."""
    leads = {lead["company"]["number"]: lead for lead in without_port(home.path / "leads.jsonl")}
    return Spoilt(home, done, leads, home.rejects(), world.errors.read_text(), world.apis[API]["api_key"])


def make_scene(folder: Path) -> Scene:
    """Choose the companies, and run them undisturbed."""
    with sandbox(folder, "--companies", str(COMPANIES), "--window", "1") as world:
        home = world.home(folder)
        home.write(world.truth)
        done = home.run("--quiet")
        assert done.code == 0, done.err
        leads = {lead["company"]["number"]: lead for lead in home.leads()}
    fit = [number for number in leads if number not in HAND_NUMBERS and _is_fit(leads[number])]
    victims = []
    for question in (PROFILE, OFFICERS, PSC, REGISTER, SEARCH):
        for count in (ALWAYS, ONCE):
            number = fit.pop()
            name = leads[number]["company"]["name"] if question == SEARCH else ""
            victims.append(Victim(question, count, number, name))
    victims.append(Victim(OFFICERS, ALWAYS, PAGED))
    chosen = {victim.number for victim in victims}
    healthy = [number for number in leads if number not in chosen][:HEALTHY]
    scene = Scene(folder, tuple(healthy), tuple(victims))
    undisturbed = scene.run("undisturbed", "")
    assert undisturbed.done.code == 0, undisturbed.done.err
    assert len(undisturbed.leads) == HEALTHY + len(victims)
    return evolve(scene, undisturbed=undisturbed.leads)


def _is_fit(lead: Any) -> bool:
    """Whether something is lost with each of the two lists and nobody is lost with both, under one plain name."""
    roles = [{role["role"] for role in executive["roles"]} for executive in lead["executives"]]
    return (
        lead["company"]["status"] == "active"
        and any(CONTROL in each for each in roles)
        and any(each - {CONTROL} for each in roles)
        and re.fullmatch(r"[A-Z ]+", lead["company"]["name"]) is not None
    )


def faults_of(victims: Sequence[Victim], kind: str, parameters: str = "") -> str:
    """The faults file in which these meet a fault."""
    return "\n".join(
        f"[[{API}.script]]\npath = '{victim.pattern}'\ncount = {victim.count}\nfault = '{kind}'\n{parameters}"
        for victim in victims
    )


def secrets_kept(spoilt: Spoilt) -> None:
    """The key stands neither in what was printed nor in any file of the run."""
    secrets = [spoilt.key.encode(), base64.b64encode(f"{spoilt.key}:".encode()), b"of-the-error-suite"]
    written = [spoilt.done.err.encode(), spoilt.done.out.encode()]
    written += [path.read_bytes() for path in spoilt.home.path.rglob("*") if path.is_file()]
    assert len(written) > 4
    for secret in secrets:
        assert not any(secret in each for each in written), "a secret was written"
