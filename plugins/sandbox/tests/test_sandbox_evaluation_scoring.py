"""Scoring on leads and truth written by hand: exact counts."""

from __future__ import annotations

from datetime import date

import pytest
from leadgen_sandbox.evaluation.known import CONTROLS, OFFICERS, KnownCompany
from leadgen_sandbox.evaluation.names import key
from leadgen_sandbox.evaluation.scoring import Figures, Found, Mistake, score

from plugins.sandbox.tests.sandbox_evaluation_kit import companies_of, company, control, human, officer

ONE, TWO = "00000001", "00000002"
ANN, ROB = ("ann", "Ann Mary Smith"), ("rob", "Robert Smith")
BOTH = frozenset({OFFICERS, CONTROLS})


def smiths() -> list[KnownCompany]:
    """Ann is director and owner, with and without her middle name; Robert is director; Eve has resigned."""
    listed = company(
        ONE,
        [
            officer(human("ann", "Ann Mary Smith")),
            officer(human("rob", "Robert Smith"), since=date(2021, 5, 1)),
            officer(human("eve", "Eve Jones"), resigned_on=date(2024, 1, 1)),
        ],
        [control(human("ann", "Ann Smith"))],
    )
    return companies_of([listed, company(TWO)], {ONE: [ANN, ROB], TWO: []}, {ONE: "two of one surname"})


def figures(*names: str, unknown: frozenset[str] = frozenset()) -> Figures:
    """Ours when these are found in the first company."""
    return score(smiths(), {ONE: [Found(name) for name in names]}, {ONE: unknown}).all


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane O'Brien", "JANE O BRIEN"),
        ("Seán Ó Súilleabháin", "Sean O SUILLEABHAIN"),
        ("Mary-Ann Lloyd-Jones", "Mary Ann LLOYD JONES"),
        ("Dr Jane Smith", "Jane Smith"),
        ("Mr. John Smith OBE", "John Smith"),
        ("Jane Smith, FCA", "Jane Smith"),
        ("Prof. Sir Jane Smith KC PhD", "Jane Smith"),
        ("Jane Q. Smith", "Jane Q SMITH"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Q Smith", "Jane Smith"),
        ("J Smith", "Jane Smith"),
        ("Bill Smith", "William Smith"),
        ("Jane Smith", "Smith Jane"),
        ("Jane Smith", "Jane Smyth"),
        ("Jane Smith Jr", "Jane Smith"),
        ("", "Jane"),
    ],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_a_title_alone_is_a_name() -> None:
    assert (key("Dame"), key("Lord Lord"), key("…")) == ("dame", "lord", "")


def test_everybody_once() -> None:
    ours = figures("Ann Mary Smith", "Robert Smith")
    assert (ours.n, ours.true, ours.found, ours.correct) == (2, 2, 2, 2)
    assert (ours.precision, ours.recall, ours.f1) == (1.0, 1.0, 1.0)


def test_the_form_of_any_entry_is_right() -> None:
    assert figures("Ann Smith", "ROBERT SMITH").correct == 2


def test_the_second_of_one_human_is_wrong() -> None:
    ours = figures("Ann Mary Smith", "Ann Smith", "Robert Smith")
    assert (ours.found, ours.correct) == (3, 2)
    assert ours.precision == pytest.approx(2 / 3)
    assert ours.recall == 1.0


def test_likeness_is_not_enough() -> None:
    ours = figures("Anne Mary Smith", "Rob Smith")
    assert (ours.found, ours.correct, ours.precision, ours.recall, ours.f1) == (2, 0, 0.0, 0.0, 0.0)


def test_who_does_not_decide_is_wrong() -> None:
    verdict = score(smiths(), {ONE: [Found("Eve Jones"), Found("Ann Smith")], TWO: [Found("Ann Smith")]})
    assert (verdict.all.found, verdict.all.correct, verdict.all.true) == (3, 1, 2)
    assert verdict.mistakes == [
        Mistake(number=ONE, trap="two of one surname", wrong=("Eve Jones",), missed=("Robert Smith",), accounted=0),
        Mistake(number=TWO, trap="", wrong=("Ann Smith",), missed=(), accounted=0),
    ]


def test_a_company_that_is_not_in_the_world_counts_against_us() -> None:
    ours = score(smiths(), {"00000009": [Found("Ann Smith")]}).all
    assert (ours.n, ours.found, ours.correct) == (2, 1, 0)


def test_nothing_found_has_no_precision() -> None:
    ours = figures()
    assert (ours.precision, ours.recall, ours.f1, ours.missed) == (None, 0.0, 0.0, 2)
    assert Figures().as_json()["recall"] is None


@pytest.mark.parametrize(
    ("unknown", "accounted"),
    [
        (frozenset(), 0),
        (frozenset({OFFICERS}), 1),  # Robert; the list that answered names Ann
        (frozenset({CONTROLS}), 0),
        (BOTH, 2),
        (frozenset({"companies-house.profile"}), 0),
    ],
)
def test_the_missed_are_accounted_for_by_what_was_unknown(unknown: frozenset[str], accounted: int) -> None:
    ours = figures(unknown=unknown)
    assert (ours.missed, ours.missed_unknown) == (2, accounted)


def test_a_list_that_names_somebody_in_another_role_does_not_have_to_be_unknown() -> None:
    listed = company(ONE, [officer(human("ann", "Ann Smith"), role="secretary")], [control(human("ann", "Ann Smith"))])
    ours = score(companies_of([listed], {ONE: [ANN]}), {}, {ONE: frozenset({CONTROLS})}).all
    assert (ours.missed, ours.missed_unknown, ours.missed_unlisted) == (1, 1, 0)


def test_whom_no_list_names_is_counted_apart() -> None:
    listed = company(ONE, [officer(human("ann", "Ann Smith"), resigned_on=date(2025, 1, 1))])
    ours = score(companies_of([listed], {ONE: [ANN]}), {}, {ONE: BOTH}).all
    assert (ours.missed, ours.missed_unknown, ours.missed_unlisted) == (1, 0, 1)


def test_figures_by_trap_are_those_of_its_companies() -> None:
    traps = score(smiths(), {ONE: [Found("Ann Smith"), Found("Eve Jones")]}).by_trap
    assert list(traps) == ["two of one surname"]
    only = traps["two of one surname"]
    assert (only.n, only.true, only.found, only.correct, only.precision, only.recall) == (1, 2, 2, 1, 0.5, 0.5)


# --- father and son ---------------------------------------------------------------------------------------------

OLD, YOUNG = date(1998, 3, 1), date(2019, 7, 1)


def family(*, resigned: date | None = None) -> list[KnownCompany]:
    listed = company(
        ONE,
        [
            officer(human("father", "John Smith"), since=OLD, resigned_on=resigned),
            officer(human("son", "John Smith"), since=YOUNG),
        ],
    )
    son = ("son", "John Smith")
    return companies_of([listed], {ONE: [son] if resigned else [("father", "John Smith"), son]})


def found(*days: date) -> list[Found]:
    return [Found("John Smith", frozenset({day})) for day in days]


@pytest.mark.parametrize(
    ("days", "correct"), [((OLD, YOUNG), 2), ((YOUNG, OLD), 2), ((OLD,), 1), ((OLD, OLD), 1), ((date(2001, 1, 1),), 0)]
)
def test_a_name_of_two_humans_is_told_by_its_days(days: tuple[date, ...], correct: int) -> None:
    assert score(family(), {ONE: found(*days)}).all.correct == correct


def test_the_father_who_has_gone_is_not_his_son() -> None:
    gone = family(resigned=date(2015, 1, 1))
    assert score(gone, {ONE: found(OLD)}).all.correct == 0
    assert score(gone, {ONE: found(YOUNG)}).all.correct == 1
    assert score(gone, {ONE: [Found("John Smith")]}).all.correct == 1  # it says no day


def test_as_many_pairs_as_can_be() -> None:
    # The first found says no day and could be either; the second can only be the one whom the first was given.
    two = [Found("John Smith"), *found(OLD)]
    assert score(family(), {ONE: two}).all.correct == 2
    assert score(family(), {ONE: [*two, Found("John Smith")]}).all.correct == 2
