"""The naive baselines on lists written by hand, and the limits that they must keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from attrs import evolve
from leadgen_sandbox.evaluation.baselines import (
    BASELINES,
    JOINS,
    SuffixRule,
    ends_like_a_company,
    entries,
    measure,
    measure_joins,
    suffix_rule,
)
from leadgen_sandbox.evaluation.jaro import jaro_winkler
from leadgen_sandbox.evaluation.scoring import Figures
from leadgen_sandbox.evaluation.thresholds import Limits, limits, read_limits, too_easy

from leadgen_core import UsageError
from leadgen_core.contracts.world import Appointment, Body, Control, WorldCompany
from plugins.sandbox.tests.sandbox_evaluation_kit import (
    TODAY,
    HandWorld,
    companies_of,
    company,
    control,
    human,
    officer,
)

ONE = "00000001"
COUNCIL = Body(name="Borough Council Of Ambleby")
LIMITED = Body(name="Ambleby Nominees Limited")
CORPORATE = "corporate-entity-person-with-significant-control"


def found(name: str, appointments: Sequence[Appointment] = (), controls: Sequence[Control] = ()) -> list[str]:
    """Whom a baseline finds in a company of these lists."""
    listed = entries(company(ONE, appointments, controls), TODAY)
    return sorted(each.name for each in BASELINES[name](listed))


# --- what they are given ---------------------------------------------------------------------------------------


def test_the_lists_write_names_as_the_register_does() -> None:
    jane = human("jane", "Jane Mary Smith", title="Dr")
    listed = entries(company(ONE, [officer(jane)], [control(jane)]), TODAY)
    assert [each.text for each in listed] == ["SMITH, Jane Mary, Dr", "Dr Jane Mary Smith"]
    assert {each.name for each in listed} == {"Jane Mary Smith"}
    jack = human("jack", "Jack Hill", title="Mr")
    assert [each.text for each in entries(company(ONE, [officer(jack)], [control(jack)]), TODAY)] == [
        "HILL, Jack",
        "Mr Jack Hill",
    ]


def test_only_who_decides_and_is_current_is_an_entry() -> None:
    ann = human("ann", "Ann Smith")
    gone = date(2024, 1, 1)
    listed = company(
        ONE,
        [
            officer(ann),
            officer(ann, role="secretary"),
            officer(ann, role="llp-member"),
            officer(ann, role="llp-designated-member"),
            officer(ann, resigned_on=gone),
            officer(ann, resigned_on=date(2026, 2, 1)),
            officer(LIMITED, role="corporate-director"),
            officer(LIMITED, role="corporate-secretary"),
        ],
        [control(ann), control(ann, ceased_on=gone), control(None), control(COUNCIL, kind=CORPORATE)],
    )
    assert len(entries(listed, TODAY)) == 6
    assert entries(company(ONE, [officer(ann)], status="dissolved"), TODAY) == []


# --- what they make of it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("exact_full_name", ["Ann Smith", "Ann Smith", "Borough Council Of Ambleby", "Rob Smith"]),
        ("ordered_full_name", ["Ann Smith", "Borough Council Of Ambleby", "Rob Smith"]),
        ("surname_company", ["Ann Smith", "Borough Council Of Ambleby"]),
        ("legal_suffix", ["Ann Smith", "Borough Council Of Ambleby", "Rob Smith"]),
        ("jaro_winkler", ["Ann Smith", "Borough Council Of Ambleby", "Rob Smith"]),
    ],
)
def test_one_couple_and_one_council(name: str, expected: list[str]) -> None:
    ann, rob = human("ann", "Ann Smith", title="Mrs"), human("rob", "Rob Smith")
    assert found(name, [officer(ann), officer(rob)], [control(ann), control(COUNCIL, kind=CORPORATE)]) == expected


def test_only_the_suffix_rule_leaves_companies_out() -> None:
    lists = [officer(human("ann", "Ann Smith")), officer(LIMITED, role="corporate-director")]
    assert {name: len(found(name, lists)) for name in BASELINES} == {
        "exact_full_name": 2,
        "ordered_full_name": 2,
        "surname_company": 2,
        "legal_suffix": 1,
        "jaro_winkler": 2,
    }


def test_jaro_winkler_joins_what_is_alike_even_by_way_of_a_third() -> None:
    names = ["Jonathan Smithson", "Jonathon Smithson", "Jonathon Smithsen", "Rob Hill"]
    assert found("jaro_winkler", [officer(human(name, name)) for name in names]) == ["Jonathan Smithson", "Rob Hill"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # Winkler's published table
        ("MARTHA", "MARHTA", 0.961),
        ("DIXON", "DICKSONX", 0.813),
        ("DWAYNE", "DUANE", 0.840),
        ("SHACKLEFORD", "SHACKELFORD", 0.982),
        ("JERALDINE", "GERALDINE", 0.926),
        ("JONES", "JOHNSON", 0.832),
        ("ABROMS", "ABRAMS", 0.922),
        ("ABC", "XYZ", 0.0),
        ("", "ABC", 0.0),
        ("", "", 1.0),
        ("A", "A", 1.0),
    ],
)
def test_jaro_winkler(one: str, other: str, expected: float) -> None:
    assert jaro_winkler(one, other) == pytest.approx(expected, abs=0.0006)
    assert jaro_winkler(other, one) == pytest.approx(jaro_winkler(one, other))


def test_figures_are_in_our_units() -> None:
    ann = human("ann", "Ann Smith")
    listed = [
        company(ONE, [officer(ann)], [control(ann)]),
        company("00000002", [officer(human("bob", "Bob Smith")), officer(human("eve", "Eve Smith"))]),
    ]
    truth = {ONE: [("ann", "Ann Smith")], "00000002": [("bob", "Bob Smith"), ("eve", "Eve Smith")]}
    figures = measure(HandWorld(tuple(listed)), companies_of(listed, truth))
    assert {name: (each.n, each.true, each.found, each.correct) for name, each in figures.items()} == {
        "exact_full_name": (2, 3, 4, 3),
        "ordered_full_name": (2, 3, 3, 3),
        "surname_company": (2, 3, 2, 2),
        "legal_suffix": (2, 3, 3, 3),
        "jaro_winkler": (2, 3, 3, 3),
    }


def test_joins_are_measured_on_pairs_of_the_two_lists() -> None:
    ann, rob = human("ann", "Ann Mary Smith"), human("rob", "Rob Smith")
    listed = company(
        ONE,
        [officer(ann), officer(rob, resigned_on=date(2024, 1, 1)), officer(LIMITED, role="corporate-director")],
        [control(human("ann", "Ann Smith")), control(rob), control(COUNCIL, kind=CORPORATE), control(None)],
    )
    joins = measure_joins(HandWorld((listed,)))
    assert {name: (each.true, each.found, each.correct) for name, each in joins.items()} == {
        "ordered_full_name": (2, 1, 1),  # Rob; Ann's middle name is in the way
        "surname_company": (2, 4, 2),
        "jaro_winkler": (2, 2, 2),
    }


# --- the suffix rule -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Acme Ltd.", "ACME LIMITED", "Acme S.A.", "Acme S.à r.l.", "Acme B.V.", "Acme (UK) PLC"]
)
def test_ends_like_a_company(name: str) -> None:
    assert ends_like_a_company(name)


@pytest.mark.parametrize("name", ["Ann Smith", "Borough Council Of Ambleby", "Acme Limited (The)", "", "..."])
def test_does_not_end_like_a_company(name: str) -> None:
    assert not ends_like_a_company(name)


def test_the_rule_is_measured_on_every_body_once() -> None:
    listed: list[WorldCompany] = [
        company(
            ONE,
            [
                officer(LIMITED, role="corporate-secretary"),
                officer(LIMITED, role="corporate-secretary", resigned_on=date(2020, 1, 1)),
                officer(COUNCIL, role="director"),
                officer(human("ann", "Ann Smith")),
            ],
            [control(COUNCIL, kind=CORPORATE), control(None)],
        ),
        company("00000002", [officer(LIMITED, role="corporate-director")]),
    ]
    rule = suffix_rule(listed)
    assert rule == SuffixRule(officers=3, officers_wrong=1, controls=1, controls_wrong=1)
    assert rule.share_wrong == pytest.approx(1 / 3)


# --- the limits ------------------------------------------------------------------------------------------------

LIMITS = Limits(
    judged_from=1,
    f1_at_most=dict.fromkeys(BASELINES, 0.85),
    join_f1_at_most=dict.fromkeys(JOINS, 0.85),
    suffix_rule_wrong_at_least=0.2,
)
WELL, BADLY = (Figures(n=10, true=100, found=100, correct=right) for right in (86, 85))
HARD = dict.fromkeys(BASELINES, BADLY)
HARD_JOINS = dict.fromkeys(JOINS, BADLY)
WRONG = SuffixRule(officers=10, officers_wrong=2)


def test_a_hard_world_passes() -> None:
    assert too_easy(LIMITS, HARD, HARD_JOINS, WRONG) == []


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_that_does_well_trips(name: str) -> None:
    (said,) = too_easy(LIMITS, {**HARD, name: WELL}, HARD_JOINS, WRONG)
    assert said == (
        f"the world is too easy: the baseline {name} has F1 0.860, at most 0.85 is allowed "
        "(86 right of 100 found and 100 true)"
    )


@pytest.mark.parametrize("name", JOINS)
def test_a_join_that_does_well_trips(name: str) -> None:
    (said,) = too_easy(LIMITS, HARD, {**HARD_JOINS, name: WELL}, WRONG)
    assert said == (
        f"the world is too easy: the join of {name} has F1 0.860, at most 0.85 is allowed "
        "(86 right of 100 found and 100 true pairs)"
    )


def test_a_baseline_without_a_limit_trips_nothing() -> None:
    assert too_easy(evolve(LIMITS, f1_at_most={}), dict.fromkeys(BASELINES, WELL), HARD_JOINS, WRONG) == []


@pytest.mark.parametrize(
    ("rule", "words"), [(SuffixRule(officers=10, officers_wrong=1), "10.0%"), (SuffixRule(), "no company")]
)
def test_a_suffix_rule_that_does_well_trips(rule: SuffixRule, words: str) -> None:
    (said,) = too_easy(LIMITS, HARD, HARD_JOINS, rule)
    assert words in said


@pytest.mark.parametrize("profile", ["clean", "realistic"])
def test_the_frozen_limits_can_trip(profile: str) -> None:
    frozen = limits(profile)
    perfect = Figures(n=10, true=100, found=100, correct=100)
    said = too_easy(frozen, dict.fromkeys(BASELINES, perfect), dict.fromkeys(JOINS, perfect), SuffixRule(officers=100))
    assert len(said) == len(frozen.f1_at_most) + len(frozen.join_f1_at_most) + 1 > 4


@pytest.mark.parametrize(
    "change", [{"f1_at_most": {"exact_name": 0.5}}, {"join_f1_at_most": {"legal_suffix": 0.5}}, {"more": 1}]
)
def test_limits_of_something_else_are_refused(change: dict[str, object]) -> None:
    whole = {"f1_at_most": {}, "join_f1_at_most": {}, "suffix_rule_wrong_at_least": 0.2}
    assert read_limits({"judged_from": 1, "clean": whole}, "clean").suffix_rule_wrong_at_least == 0.2
    for raw in ({"judged_from": 1, "clean": whole | change}, {"clean": whole}, {"judged_from": 1}):
        with pytest.raises(UsageError, match=r"\[clean\] is not what it should be"):
            read_limits(raw, "clean")
