"""Every company designed by hand, end to end, where all goes well and the lists agree: whatever is wrong is ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import frozen
from leadgen_sandbox.world import HAND_NUMBERS

from tests.e2e.kit import Home, Run
from tests.e2e.relay import Overheard, relay
from tests.e2e.world_kit import API, OFFICERS, PSC, QUESTIONS, SEARCH, Judged, Sandboxed, judge, sandbox

MEANT = {
    "05640093": "13104776",  # two of one name: the one that lives is meant
    "BR016914": None,  # two of one name, an establishment and its company, and both go on: nobody can say
    "FC031776": None,
}
"""By number, which company its name means where that is not itself; None: ambiguous."""


@frozen
class Journey:
    """One run by number over all companies designed by hand."""

    world: Sandboxed
    heard: Overheard
    home: Home
    done: Run
    leads: list[Any]
    judged: Judged


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    folder = tmp_path_factory.mktemp("clean")
    with sandbox(folder, "--world", "clean", "--companies", str(len(HAND_NUMBERS)), "--window", "2") as world:
        apis = {API: dict(world.apis[API])}
        with relay(apis[API]["base_url"]) as heard:
            apis[API]["base_url"] = heard.base_url
            home = world.home(folder, apis)
            home.write(world.traps)
            done = home.run("-o", "numbers.jsonl", "--quiet")
            leads = home.leads("numbers.jsonl")
            yield Journey(world, heard, home, done, leads, judge(world, leads, exact=True))


def test_every_company_is_a_lead_in_the_order_of_the_input(journey: Journey) -> None:
    assert journey.done.code == 0, journey.done.err
    assert list(journey.world.traps) == list(HAND_NUMBERS)
    assert len(HAND_NUMBERS) >= 60
    assert [lead["company"]["number"] for lead in journey.leads] == list(journey.world.traps)
    assert [lead["input"]["rows"] for lead in journey.leads] == [[row + 2] for row in range(len(journey.leads))]
    assert journey.home.rejects("numbers.jsonl") == []


def test_the_executives_are_those_who_decide_and_nobody_else(journey: Journey) -> None:
    """By full name, sign by sign: precision and recall are 1.0."""
    judged = journey.judged
    assert judged.differences == [], f"\n{judged}"
    assert judged.right == judged.found == judged.true > 400


def test_every_question_has_an_answer(journey: Journey) -> None:
    for lead in journey.leads:
        number, outcomes = lead["company"]["number"], lead["outcomes"]
        assert set(outcomes) == set(QUESTIONS), number
        assert {outcome["state"] for outcome in outcomes.values()} <= {"found", "absent"}, number
        assert lead["company"]["name"], number
        proven = {question for question in (OFFICERS, PSC) if outcomes[question]["state"] == "absent"}
        named = {question for one in journey.world.truth[number] for question in one.lists}
        assert not named & proven, f"{number}: {named & proven} is told to have nobody"


def test_each_has_their_day_and_the_links_of_the_lists_that_name_them(journey: Journey) -> None:
    for lead in journey.leads:
        number = lead["company"]["number"]
        truth = sorted((one.name, one.day, sorted(one.lists)) for one in journey.world.truth[number])
        assert sorted(map(_proven, lead["executives"])) == truth, journey.world.traps[number]


def _proven(executive: Any) -> tuple[str, str, list[str]]:
    """Name, first day, and the lists that are cited for a role that decides: a secretary's is cited too."""
    claims = {f"is-{now}{role['role']}" for role in executive["roles"] for now in ("", "current-")}
    cited = {link["source"] for link in executive["evidence"] if link["claim"] in claims}
    first = min(role["since"] or role["before"] for role in executive["roles"])
    return executive["name"]["full"], first, sorted(cited)


def test_a_name_means_its_company_or_nobody_can_say(journey: Journey) -> None:
    """By name, as people type it: in small letters."""
    names = [lead["company"]["name"] for lead in journey.leads]
    home = journey.home
    home.write((f'"{name.lower()}"' for name in names), "names.csv", header="name")
    done = home.run("-o", "names.jsonl", "--quiet", name="names.csv")
    assert done.code == 1, done.err
    found = {row: lead for lead in home.leads("names.jsonl") for row in lead["input"]["rows"]}
    rejected = {row: reject for reject in home.rejects("names.jsonl") for row in reject["rows"]}
    by_number = {lead["company"]["number"]: lead for lead in journey.leads}
    for row, number in enumerate(journey.world.traps, start=2):
        meant = MEANT.get(number, number)
        if meant is None:
            assert rejected[row]["state"] == "ambiguous", number
            assert number in {each["number"] for each in rejected[row]["candidates"]}
            continue
        lead = found[row]
        assert lead["company"]["number"] == meant, journey.world.traps[number]
        assert lead["outcomes"][SEARCH]["state"] == "found"
        same = by_number[meant]
        assert [each["name"] for each in lead["executives"]] == [each["name"] for each in same["executives"]]
    assert len(found) + len(rejected) == len(names)


def test_no_more_is_asked_than_must_be(journey: Journey) -> None:
    """A profile for each company, a page of each list that the profile links to, further pages of the long ones."""
    absent = sum(
        lead["outcomes"][question]["state"] == "absent" for lead in journey.leads for question in (OFFICERS, PSC)
    )
    pages = 2 + 1  # of 230 officers, of 131 people with significant control
    audit = journey.home.path / "numbers.jsonl.run" / "audit.jsonl"
    signed = re.findall(r'"requests": ?(\d+)', audit.read_text())
    assert [int(count) for count in signed] == [3 * len(journey.leads) - absent + pages]


def test_the_server_has_refused_nothing_and_failed_at_nothing(journey: Journey) -> None:
    """All runs of this module."""
    assert set(journey.heard.statuses) == {200}
    assert journey.world.errors.read_text() == ""
