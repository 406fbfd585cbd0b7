"""The newcomer's first minute: the examples against the sandbox, with no key, no service and no configuration."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.guests import install
from tests.e2e.kit import CLOCK, LEADGEN, PLUGINS, Home

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A machine that nothing was ever configured on."""
    return Home(tmp_path, {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")})


def example(home: Home, name: str) -> list[dict[str, str]]:
    shutil.copy(EXAMPLES / name, home.path)
    with (EXAMPLES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@contextmanager
def sandbox(home: Home, *arguments: str) -> Iterator[dict[str, dict[str, str]]]:
    """``leadgen sandbox`` beside the run; gives its first line."""
    process = subprocess.Popen(
        [LEADGEN, "sandbox", *arguments], cwd=home.path, env=home.environ(), stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=10)


def pointed(apis: dict[str, dict[str, str]]) -> dict[str, str]:
    """The environment that points each plugin at its API."""
    return {
        f"LEADGEN_{api.replace('-', '_')}__{name}".upper(): value
        for api, entry in apis.items()
        for name, value in entry.items()
    }


def comparable(path: Path) -> list[Any]:
    """The lines of an output without what names the port."""
    return [json.loads(re.sub(rb"http://127\.0\.0\.1:\d+", b"here", line)) for line in path.read_bytes().splitlines()]


# --- the examples -----------------------------------------------------------------------------------------


def test_the_first_command_gives_a_lead_with_its_executives_for_every_company(home: Home) -> None:
    rows = example(home, "companies.csv")
    assert len(rows) == 12
    assert {bool(row["company_number"]) for row in rows} == {True, False}
    done = home.leadgen("run", "companies.csv", "--sandbox")
    assert done.code == 0, done.err
    assert home.rejects() == []
    leads = home.leads()
    assert [lead["input"]["rows"] for lead in leads] == [[place] for place in range(2, 14)]
    for row, lead in zip(rows, leads, strict=True):
        assert row["company_number"] in ("", lead["company"]["number"])
        assert lead["company"]["status"] == "active"
        assert lead["executives"], lead["company"]
        assert all(each["evidence"] and each["roles"] for each in lead["executives"])
        assert {outcome["state"] for outcome in lead["outcomes"].values()} <= {"found", "absent"}
    assert len({lead["company"]["number"] for lead in leads}) == 12
    number = leads[0]["company"]["number"]
    assert leads[0]["executives"][0]["name"]["full"] in home.leadgen("explain", number).out


def test_the_second_example_shows_each_kind_of_trouble(home: Home) -> None:
    example(home, "trouble.csv")
    done = home.leadgen("run", "trouble.csv", "--sandbox")
    assert done.code == 1, done.err
    by_what = {row["input"]["what"]: row for row in home.rejects()}
    assert {what: row["state"] for what, row in by_what.items()} == {
        "bad": "bad",
        "unknown number": "absent",
        "unknown name": "absent",
        "ambiguous name": "ambiguous",
        "duplicate name": "duplicate",
    }
    assert len(by_what["ambiguous name"]["candidates"]) >= 2
    leads = {lead["input"]["columns"]["what"]: lead for lead in home.leads()}
    assert set(leads) == {"lost zeros", "dissolved"}
    assert len(leads["lost zeros"]["input"]["rows"]) == 2
    assert leads["lost zeros"]["input"]["repaired"]
    assert leads["dissolved"]["company"]["status"] == "dissolved"
    assert leads["dissolved"]["executives"] == []


# --- with and without -------------------------------------------------------------------------------------


def test_a_sandbox_on_another_port_behaves_the_same(home: Home) -> None:
    rows = [*example(home, "companies.csv"), *example(home, "trouble.csv")]
    home.write((f'{row["company_number"]},"{row["name"]}"' for row in rows), header="company_number,name")
    run = ("run", "in.csv", "--clock", CLOCK)
    with_option = home.leadgen(*run, "--sandbox", "-o", "a.jsonl")
    with sandbox(home) as apis:
        by_hand = home.leadgen(*run, "-o", "b.jsonl", env=pointed(apis))
    assert (with_option.code, by_hand.code) == (1, 1), by_hand.err
    assert comparable(home.path / "a.jsonl") == comparable(home.path / "b.jsonl")
    rejects = comparable(home.path / "a.jsonl.rejects.jsonl")
    assert rejects == comparable(home.path / "b.jsonl.rejects.jsonl")
    assert len(rejects) == 5


def test_a_named_list_and_a_configured_one_need_no_key_either(home: Home) -> None:
    example(home, "companies.csv")
    done = home.leadgen("run", "companies.csv", "--sandbox", "--plugins", PLUGINS, "-o", "named.jsonl")
    assert done.code == 0, done.err
    shutil.copy(EXAMPLES / "leadgen.toml", home.path)
    done = home.leadgen("run", "companies.csv", "--sandbox", "--profile", "staging")
    assert done.code == 0, done.err
    assert len(home.leads()) == 12


def test_another_world_beside_the_run(home: Home) -> None:
    """What ``--sandbox`` does not take as an option is had by a sandbox of one's own."""
    example(home, "companies.csv")
    with sandbox(home, "--world", "realistic", "--seed", "7") as apis:
        done = home.leadgen("run", "companies.csv", env=pointed(apis))
    assert done.code == 0, done.err
    assert len(home.leads()) == 12


# --- a third party ----------------------------------------------------------------------------------------

PARISH = """
from datetime import timedelta

from attrs import frozen

from leadgen_core import (
    Absent, AuthKind, ApiSpec, CompanyNumber, CompanyProfile, Credential, Found, Lifetime, Lookup, Nothing, Ok,
    Operation, Plugin, Secret, SimulatorSpec, SourceSpec, Window, hookimpl,
)


@frozen
class Config:
    base_url: str = "https://parish.example"
    token: Secret | None = None


PLUGIN = Plugin(api_version=1, config=Config)
API = ApiSpec(
    name="parish", controller="The Parish", base_url="https://parish.example",
    credential=Credential(field="token", kind=AuthKind.BEARER),
    operations={"page": Operation(lifetime="pages")},
    classify=lambda operation, reply: Ok() if reply.status == 200 else Nothing(),
    lifetimes={"pages": Lifetime(timedelta(1), timedelta(1))},
    redact=lambda operation, body, keyed: body,
)


@hookimpl
def leadgen_sources():
    return [SourceSpec(
        name="pages", factory=f"{__name__}:Pages", asks=CompanyNumber, yields=(CompanyProfile,), api=API
    )]


@hookimpl
def leadgen_simulators():
    return [SimulatorSpec(name="simulator", factory=f"{__name__}:Simulator", api="parish")]


class Pages:
    def __init__(self, config):
        pass

    async def answer(self, subject, ctx):
        reply = await ctx.ask(Lookup.get(API, "page", f"/{subject}"))
        if reply.nothing:
            return Absent()
        return Found([CompanyProfile(provenance=reply.provenance, number=subject, name=reply.body["name"])])


class Simulator:
    credentials = ("token",)

    def __init__(self, config):
        pass

    def application(self, world, desk):
        from aiohttp import web

        async def page(request):
            if request.headers.get("Authorization") != f"Bearer {desk.credentials['token']}":
                return web.Response(status=500)
            company = world.company(request.match_info["number"])
            return web.json_response({"name": company.name}) if company else web.Response(status=404)

        application = web.Application()
        application.router.add_get("/{number}", page)
        return application
"""


def test_a_third_partys_source_runs_against_its_own_simulator(home: Home) -> None:
    example(home, "companies.csv")
    home = install(home, "parish", PARISH)
    done = home.leadgen("run", "companies.csv", "--sandbox")
    assert done.code == 0, done.err
    assert "parish (guest-parish 1.0) taken" in done.err
    assert [lead["outcomes"]["parish.pages"]["state"] for lead in home.leads()] == ["found"] * 12


def test_one_that_breaks_is_told_and_the_run_goes_on(home: Home) -> None:
    example(home, "companies.csv")
    broken = PARISH.replace("def application(self, world, desk):", "def application(self, world, desk):\n        1 / 0")
    done = install(home, "parish", broken).leadgen("run", "companies.csv", "--sandbox")
    assert done.code == 0, done.err
    assert "sandbox" in done.err
    assert "parish (guest-parish 1.0) broke with ZeroDivisionError" in done.err
    assert "parish (guest-parish 1.0) is left out: no installed plugin simulates its API parish" in done.err
