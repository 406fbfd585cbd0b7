"""Each question × each fault: the three-way answer is right, and nothing else of any lead is harmed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from attrs import frozen

from tests.e2e.errors_kit import (
    ALWAYS,
    CONTROL,
    ONCE,
    PAGED,
    REGISTER,
    Scene,
    Spoilt,
    Victim,
    faults_of,
    make_scene,
    secrets_kept,
)
from tests.e2e.world_kit import OFFICERS, PROFILE, PSC, QUESTIONS, SEARCH

pytestmark = pytest.mark.soak


@frozen
class Fault:
    """A line of the table: what the question becomes where the fault always comes, and where it comes once.

    None: the right answer. What is malformed is not asked again: an API that changes does not change back.
    """

    kind: str
    always: str | None
    once: str | None
    parameters: str = ""
    understood: frozenset[str] = frozenset()
    """Questions that have the right answer all the same."""

    def cause(self, victim: Victim) -> str | None:
        """Why a question of this victim stays unknown; None: none does."""
        return self.always if victim.count == ALWAYS else self.once

    def hit(self, victim: Victim) -> frozenset[str]:
        """Those that stay unknown. Of a company's calls the profile's comes first."""
        if self.cause(victim) is None:
            return frozenset()
        if victim.question != REGISTER:
            return frozenset({victim.question}) - self.understood
        return frozenset(QUESTIONS if victim.count == ALWAYS else QUESTIONS[:1]) - self.understood


FAULTS = {
    "500": Fault("500", "failed", None),
    "502": Fault("502-html", "failed", None),
    "slow": Fault("slow", None, None, "seconds = 0.5"),
    "reset": Fault("reset", "failed", None),
    "truncated": Fault("truncated", "failed", None),
    "truncated to nothing": Fault("truncated", "failed", None, "share = 0"),
    "values of other types": Fault("wrong-type", "malformed", "malformed"),
    "another content type": Fault("wrong-type", None, None, "of = 'content-type'"),
    "members renamed": Fault("schema-drift", "malformed", "malformed"),
    "members added": Fault("schema-drift", None, None, "how = 'add'"),
    # The register's own store wraps profiles just so.
    "wrapped": Fault("schema-drift", "malformed", "malformed", "how = 'wrap'", frozenset({PROFILE})),
    "wrong key": Fault("wrong-key", "forbidden", "forbidden"),
}
WAITING = {
    "429": Fault("429", "throttled", None),
    "stall": Fault("stall", "timeout", None),
}
"""Those that take their time, a minute or more: together in one test."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(tmp_path_factory.mktemp("errors"))


@pytest.mark.parametrize("name", FAULTS)
def test_each_question(scene: Scene, name: str) -> None:
    fault = FAULTS[name]
    spoilt = scene.run(name.replace(" ", "-"), faults_of(scene.victims, fault.kind, fault.parameters))
    check(scene, spoilt, fault, scene.victims)


def test_each_question_where_the_answer_is_to_wait(scene: Scene) -> None:
    """A refusal is for the whole API, so each question that is always refused has a sandbox of its own."""
    single = [victim for victim in scene.victims if victim.question in {*QUESTIONS, SEARCH}]
    once = [victim for victim in single if victim.count == ONCE]
    always = [victim for victim in single if victim.count == ALWAYS and victim.number != PAGED]
    throttled, stalled = WAITING["429"], WAITING["stall"]
    jobs = [("stalled", stalled, always), ("stalled-once", stalled, once), ("429-once", throttled, once)]
    jobs += [(f"429-{victim.question}", throttled, [victim]) for victim in always]

    def work(job: tuple[str, Fault, list[Victim]]) -> Spoilt:
        name, fault, victims = job
        # A refusal is over with its window; a stalled call that a new window begins with would hold up the others.
        return scene.run(name, faults_of(victims, fault.kind), window=1 if fault is throttled else 300)

    with ThreadPoolExecutor(len(jobs)) as threads:
        for (_, fault, victims), spoilt in zip(jobs, threads.map(work, jobs), strict=True):
            check(scene, spoilt, fault, victims)
            if fault is throttled:
                assert " refused by the quota" in spoilt.done.err, spoilt.done.err


# --- what must be -----------------------------------------------------------------------------------------


def check(scene: Scene, spoilt: Spoilt, fault: Fault, victims: Sequence[Victim]) -> None:
    assert spoilt.said == ""
    assert "Traceback" not in spoilt.done.err, spoilt.done.err
    secrets_kept(spoilt)
    hit = {victim.number: fault.hit(victim) for victim in victims}
    lost = [victim for victim in victims if hit[victim.number] >= {*QUESTIONS} or SEARCH in hit[victim.number]]
    bare = {number for number, questions in hit.items() if questions >= {OFFICERS, PSC}}
    assert spoilt.done.code == (1 if lost or bare else 0), spoilt.done.err
    assert len(spoilt.rejects) == len(lost)
    for victim in lost:
        cause = fault.cause(victim)
        assert cause is not None
        rejected(spoilt, victim, cause)
    assert list(spoilt.leads) == [number for number in scene.undisturbed if number not in {v.number for v in lost}]
    for number, lead in spoilt.leads.items():
        questions = hit.get(number)
        if questions:
            delivered(lead, scene.undisturbed[number], questions, fault)
        else:
            assert lead == scene.undisturbed[number], f"{number} is harmed"


def rejected(spoilt: Spoilt, victim: Victim, cause: str) -> None:
    """Nothing is known of the row, and it says so: it is never told to be absent."""
    reject = spoilt.reject(victim)
    assert (reject["state"], reject["cause"]) == ("unknown", cause), victim
    assert set(reject["outcomes"]) == ({SEARCH} if victim.question == SEARCH else set(QUESTIONS))
    for question, outcome in reject["outcomes"].items():
        assert (outcome["state"], outcome["cause"]) == ("unknown", cause), f"{victim}: {question}"
        assert outcome["because"]


def delivered(lead: Any, before: Any, hit: frozenset[str], fault: Fault) -> None:
    """All but the answers that are missing is as it would be."""
    number = before["company"]["number"]
    for question, outcome in lead["outcomes"].items():
        if question in hit:
            assert (outcome["state"], outcome["cause"]) == ("unknown", fault.always), f"{number}: {question}"
            assert outcome["because"]
            assert (outcome["asked"], outcome["unknown"]) == (1, 1)
        else:
            assert outcome == before["outcomes"][question], f"{number}: {question}"
    assert list(lead) == list(before)
    rest = set(lead) - {"company", "executives", "outcomes"}
    assert {name: lead[name] for name in rest} == {name: before[name] for name in rest}
    if PROFILE in hit:
        assert {name: value for name, value in lead["company"].items() if value} == {"number": number}
    else:
        assert lead["company"] == before["company"]
    if number == PAGED:
        # What the other pages say is kept; the outcome says that it is not all.
        assert 0 < len(lead["executives"]) < len(before["executives"])
        assert all(executive in before["executives"] for executive in lead["executives"])
        return
    assert [_shown(each) for each in lead["executives"]] == _without(hit, before["executives"]), number
    assert not hit & {link["source"] for each in lead["executives"] for link in each["evidence"]}


def _shown(executive: Any) -> tuple[str, list[Any]]:
    return executive["name"]["full"], executive["roles"]


def _without(hit: frozenset[str], executives: Any) -> list[tuple[str, list[Any]]]:
    """Those whom the other list names, with the roles that it gives."""
    left = []
    for executive in executives:
        lists = [(role, PSC if role["role"] == CONTROL else OFFICERS) for role in executive["roles"]]
        roles = [role for role, named_by in lists if named_by not in hit]
        if roles:
            left.append((executive["name"]["full"], roles))
    return left
