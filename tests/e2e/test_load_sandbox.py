"""1,000 companies, 256 in flight, shortened windows: all of the quota is used and no more, in flat memory."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.kit import Home
from tests.e2e.relay import Overheard, relay
from tests.e2e.world_kit import API, PROFILE, QUESTIONS, Sandboxed, judge, peak_mb, run_apart, sandbox

COMPANIES = 1_000
STRANGERS = 10
"""Further numbers, of nobody."""
WINDOW = 4
"""Seconds. The server ends its windows on whole seconds, so they last 3 to 4."""
LIMIT = 600
SETTINGS = ("--set", "run.in_flight=256", "--set", "memory.max_items=256")
"""The cache's own bound is some 15 MB, which it fills at 1,300 companies: another test's business."""
NOBODY = [f"99{place:06d}" for place in range(STRANGERS)]


def rows_of(world: Sandboxed) -> list[str]:
    """The numbers of all, with those of nobody spread among them."""
    numbers = list(world.truth)
    step = len(numbers) // STRANGERS
    for place, number in enumerate(NOBODY):
        numbers.insert(place * (step + 1), number)
    return numbers


def check(home: Home, name: str, numbers: list[str]) -> list[Any]:
    """Each row once, in order, with an outcome for every question; gives the leads."""
    leads, rejects = home.leads(name), home.rejects(name)
    placed = {number: [row] for row, number in enumerate(numbers, start=2)}
    assert [lead["input"]["rows"] for lead in leads] == [placed[n] for n in numbers if n not in NOBODY]
    assert [lead["company"]["number"] for lead in leads] == [number for number in numbers if number not in NOBODY]
    assert [(reject["rows"], reject["number"]) for reject in rejects] == [(placed[n], n) for n in NOBODY]
    assert {(reject["state"], reject["outcomes"][PROFILE]["state"]) for reject in rejects} == {("absent", "absent")}
    for lead in leads:
        assert tuple(lead["outcomes"]) == QUESTIONS, lead["company"]["number"]
        assert all(outcome["asked"] == 1 for outcome in lead["outcomes"].values())
    return leads


@pytest.mark.soak
def test_a_thousand_companies_use_the_quota_up_and_no_more(tmp_path: Path) -> None:
    with sandbox(tmp_path, "--companies", str(COMPANIES), "--window", str(WINDOW)) as world:
        apis = {API: dict(world.apis[API])}
        with relay(apis[API]["base_url"]) as heard:
            apis[API]["base_url"] = heard.base_url
            home = world.home(tmp_path, apis)
            numbers = rows_of(world)
            home.write(numbers[:200], "small.csv")
            small = run_apart(home, "-o", "small.jsonl", *SETTINGS, name="small.csv")
            assert small.code == 0, small.err
            heard.forget()
            home.write(numbers)
            large = run_apart(home, "-o", "large.jsonl", *SETTINGS)
    assert large.code == 0, large.err
    leads = check(home, "large.jsonl", numbers)
    judged = judge(world, leads, exact=False)
    assert judged.right == judged.found == judged.true, f"\n{judged}"
    assert {outcome["state"] for lead in leads for outcome in lead["outcomes"].values()} == {"found", "absent"}
    quota(heard, large.err)
    assert peak_mb(large.err) <= peak_mb(small.err) + 10, f"{small.err}\n{large.err}"


def quota(heard: Overheard, said: str) -> None:
    """What the server counted: nothing refused, each window used up, the next begun without delay."""
    assert 429 not in heard.statuses
    assert set(heard.statuses) == {200, 404}
    periods = [heard.periods[reset] for reset in sorted(heard.periods)]
    assert {period.limit for period in periods} == {LIMIT}
    assert len(periods) <= math.ceil(len(heard.statuses) / LIMIT) + 1
    for period in periods[1:-1]:  # the run before it may have had part of the first
        assert period.used >= 0.9, periods
    assert periods[-1].reset - periods[0].reset <= (WINDOW + 1) * (len(periods) - 1), periods
    calls = re.search(r"calls companies-house +(\d+), 100.0% answered\n", said)
    assert calls is not None, said
    assert int(calls[1]) == len(heard.statuses)
    wall = re.search(r"run +([\d.]+) s", said)
    assert wall is not None
    assert float(wall[1]) <= (WINDOW + 1) * len(periods) + 5, said


@pytest.mark.soak
def test_a_thousand_companies_while_calls_fail(tmp_path: Path) -> None:
    """The same under the faults of ``realistic``: none refused, few unknown, nobody missed without a word."""
    with sandbox(tmp_path, "--companies", str(COMPANIES), "--window", str(WINDOW), "--world", "realistic") as world:
        home = world.home(tmp_path)
        numbers = rows_of(world)
        home.write(numbers)
        done = home.run("-o", "leads.jsonl", *SETTINGS)
    assert done.code in {0, 1}, done.err
    assert "refused by the quota" not in done.err
    assert "breaker" not in done.err
    leads = check(home, "leads.jsonl", numbers)
    outcomes = [outcome for lead in leads for outcome in lead["outcomes"].values()]
    assert sum(outcome["state"] == "unknown" for outcome in outcomes) <= 0.01 * len(outcomes)
    judged = judge(world, leads, exact=False)
    assert [each for each in judged.differences if each.unexplained] == [], f"\n{judged}"
    assert min(judged.precision, judged.recall) >= 0.98, f"\n{judged}"
