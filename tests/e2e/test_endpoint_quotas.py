"""A plugin whose API counts endpoints apart, as an operator sees it: what is declared, refused, tried and used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.guests import install
from tests.e2e.kit import Home

GUEST = """
from datetime import timedelta

from aiohttp import web

import leadgen_core as lg

PLUGIN = lg.Plugin(api_version=1, config=lg.ApiConfig)
DAY = lg.Lifetime(timedelta(days=1), timedelta(days=1))
API = lg.ApiSpec(
    name="twin",
    controller="Twin",
    base_url="https://twin.example",
    operations={
        "profile": lg.Operation("data", path="/profile/{number}", keep={"name": str}, quota="profile"),
        "search": lg.Operation("data", path="/search/{number}", keep={"name": str}, quota="QUOTA"),
    },
    lifetimes={"data": DAY},
    quotas={"profile": (lg.Window(300, 900.0),), "search": ()},
    read_windows=lg.quota_headers(900.0),
    probe=("profile", lg.Request("/profile/probe")),
)


@lg.hookimpl
def leadgen_sources():
    facts = f"{__name__}:facts"
    return [lg.SourceSpec(name="facts", factory=facts, asks=lg.CompanyNumber, yields=(lg.CompanyProfile,), api=API)]


@lg.hookimpl
def leadgen_simulators():
    return [lg.SimulatorSpec(name="twin", factory=f"{__name__}:Simulator", api="twin")]


async def facts(number, ctx):
    for operation in ("profile", "search"):
        reply = await ctx.ask(API.get(operation, number=number))
    return lg.Found([lg.CompanyProfile(provenance=reply.provenance, number=number, name=reply.body["name"])])


class Simulator:
    credentials = ()

    def application(self, world, desk):
        left = {"profile": 300, "search": 60}

        async def answer(request):
            name = request.match_info["name"]
            left[name] -= 1
            limit = {"profile": 300, "search": 60}[name]
            headers = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left[name])}
            headers["X-RateLimit-Reset"] = str(int(desk.now()) + 900)
            return web.json_response({"name": "Twin Ltd"}, headers=headers)

        application = web.Application()
        application.router.add_get("/{name}/{number}", answer)
        return application
"""
PLUGINS = "twin,identity,quota,files"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path, {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)})
    home.write(["00000001", "00000002", "00000003"])
    return install(home, "twin", GUEST.replace("QUOTA", "search"))


def test_what_it_declares_is_shown_by_name(home: Home) -> None:
    shown = home.leadgen("plugins", "show", "twin")
    assert shown.code == 0, shown.err
    assert "  quota profile: 300 calls in 900 s, for profile\n" in shown.out
    assert "  quota search: as the server states it, for search\n" in shown.out


def test_a_run_shows_each_quota_and_first_the_tightest(home: Home) -> None:
    run = ("run", "in.csv", "--sandbox", "--plugins", PLUGINS)
    done = home.leadgen(*run, "-o", "a.jsonl")
    said = {name.strip(): text.strip() for name, _, text in (line.partition("  ") for line in done.err.splitlines())}
    assert said["quota twin"] == said["quota twin search"] == "3 of 60 used in this window of 900 s", done.err
    assert said["quota twin profile"] == "3 of 300 used in this window of 900 s"
    done = home.leadgen(*run, "-o", "b.jsonl", "--log-format", "json")
    entries = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    (twin,) = (entry["summary"]["apis"]["twin"] for entry in entries if "summary" in entry)
    assert (twin["quota"]["limit"], twin["quota"]["used"]) == (60, 3)
    assert {name: (each["limit"], each["used"]) for name, each in twin["quotas"].items()} == {
        "profile": (300, 3),
        "search": (60, 3),
    }
    assert twin["quotas"]["search"] == twin["quota"]


def test_doctor_says_of_which_quota_it_speaks(home: Home) -> None:
    done = home.leadgen("doctor", "--sandbox", "--plugins", PLUGINS)
    assert "299 of 300 calls left in this window of the quota profile" in done.out, done.out + done.err


def test_it_is_refused_without_a_limiter(home: Home) -> None:
    done = home.leadgen("run", "in.csv", "--sandbox", "--plugins", "twin,identity,files")
    assert done.code == 2
    assert "twin.facts has a quota and no rate limiter is loaded" in done.err


def test_a_quota_that_it_does_not_declare_is_refused(home: Home) -> None:
    wrong = install(home, "typo", GUEST.replace("QUOTA", "serach"))
    done = wrong.leadgen("run", "in.csv", "--sandbox", "--plugins", "typo,identity,quota,files")
    assert done.code == 2
    assert (
        "the plugin typo (guest-typo 1.0): the API twin of facts declares no quota serach, "
        "which its operation search counts against"
    ) in done.err
