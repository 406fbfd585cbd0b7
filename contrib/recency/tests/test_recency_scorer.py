"""The score recency: what counts, what does not, and its bounds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import leadgen_recency
import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadgen_recency.scorer import Recency

from leadgen_core import (
    Company,
    Executive,
    Lead,
    NoConfig,
    PersonName,
    PreviousName,
    Role,
    RunStamp,
    Score,
    Scorer,
)

NOW = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC)


def ago(days: int) -> date:
    return NOW.date() - timedelta(days=days)


def lead(founded: date | None = None, renamed: date | None = None, appointed: date | None = None) -> Lead:
    names = () if renamed is None else (PreviousName(name="OLD NAME LTD", ceased_on=renamed),)
    roles = (Role(role="director", since=appointed),)
    return Lead(
        company=Company(number="01234567", incorporated_on=founded, previous_names=names),
        executives=(Executive(name=PersonName(full="Jane Smith"), roles=roles),),
        provenance=RunStamp(run="test", generated_at=NOW),
    )


def scored(subject: Lead) -> Score | None:
    return Recency(NoConfig()).score(subject, NOW).get("recency")


@pytest.mark.parametrize(
    ("days", "points"),
    [(0, 60), (183, 60), (184, 50), (365, 50), (366, 35), (730, 35), (731, 15), (1825, 15), (1826, 0), (40000, 0)],
)
def test_a_founding(days: int, points: int) -> None:
    found = scored(lead(founded=ago(days)))
    assert found is not None
    assert found.value == points
    assert [reason.because for reason in found.reasons] == ([f"founded {days} days ago"] if points else [])


@pytest.mark.parametrize(("days", "points"), [(0, 25), (365, 25), (366, 10), (730, 10), (731, 0)])
def test_a_change_of_name(days: int, points: int) -> None:
    found = scored(lead(founded=ago(9999), renamed=ago(days)))
    assert found is not None
    assert found.value == points


@pytest.mark.parametrize(("days", "points"), [(0, 15), (365, 15), (366, 0)])
def test_a_new_executive(days: int, points: int) -> None:
    found = scored(lead(founded=ago(9999), appointed=ago(days)))
    assert found is not None
    assert found.value == points


def test_the_first_directors_are_no_change() -> None:
    found = scored(lead(founded=ago(100), appointed=ago(69)))
    assert found is not None
    assert [reason.because for reason in found.reasons] == ["founded 100 days ago"]
    later = scored(lead(founded=ago(100), appointed=ago(68)))
    assert later is not None
    assert later.value == 75


def test_everything_at_once_is_a_hundred() -> None:
    found = scored(lead(founded=ago(100), renamed=ago(10), appointed=ago(5)))
    assert found is not None
    assert found.value == 100
    assert [(reason.points, reason.because) for reason in found.reasons] == [
        (60, "founded 100 days ago"),
        (25, "renamed 10 days ago"),
        (15, "executive appointed 5 days ago"),
    ]


def test_unknown_is_not_old() -> None:
    assert scored(lead()) is None
    old = scored(lead(founded=ago(9999)))
    assert old is not None
    assert old.value == 0


def test_the_future_does_not_count() -> None:
    assert scored(lead(founded=ago(-1))) is None
    found = scored(lead(founded=ago(100), renamed=ago(-1)))
    assert found is not None
    assert found.value == 60


DAYS = st.none() | st.dates(date(1850, 1, 1), date(2030, 1, 1))


@given(DAYS, DAYS, DAYS)
def test_a_score_is_the_sum_of_its_reasons(founded: date | None, renamed: date | None, appointed: date | None) -> None:
    found = scored(lead(founded, renamed, appointed))
    if found is not None:
        assert 0 <= found.value <= 100
        assert found.value == sum(reason.points for reason in found.reasons)


@given(st.integers(0, 50000), st.integers(0, 50000))
def test_who_is_younger_never_scores_less(one: int, other: int) -> None:
    younger, older = (scored(lead(founded=ago(days))) for days in sorted((one, other)))
    assert younger is not None
    assert older is not None
    assert younger.value >= older.value


def test_the_spec_names_what_the_factory_makes() -> None:
    (spec,) = leadgen_recency.leadgen_scorers()
    module, _, attribute = spec.factory.partition(":")
    scorer: Scorer = getattr(import_module(module), attribute)(leadgen_recency.PLUGIN.config())
    assert set(scorer.score(lead(founded=ago(1)), NOW)) == set(spec.scores)
