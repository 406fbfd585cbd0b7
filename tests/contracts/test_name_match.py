"""A search by name: one hit, none, or candidates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import (
    Absent,
    Candidate,
    Cause,
    CompanyNumber,
    Found,
    NameMatch,
    NameQuery,
    Provenance,
    Unknown,
    name_match,
)

SEEN = Provenance("guild.search", "https://guild.example/search", datetime(2026, 1, 30, tzinfo=UTC))


def hit(number: int, name: str, postcode: str | None = None) -> Candidate:
    return Candidate(CompanyNumber.parse(str(number)), name, postcode=postcode)


@pytest.mark.parametrize(
    "name", ["Bloggs & Sons Ltd", "BLOGGS AND SONS LIMITED", "bloggs  and sons ltd.", "Blöggs & Sons Ltd"]
)
def test_the_one_hit_of_this_name(name: str) -> None:
    hits = [hit(1, "BLOGGS & SONS LIMITED"), hit(2, "BLOGGS & SON LIMITED")]
    answer = name_match(NameQuery(name), hits, SEEN)
    match = NameMatch(provenance=SEEN, query=name, number=CompanyNumber("00000001"), name="BLOGGS & SONS LIMITED")
    assert answer == Found((match,))


def test_no_hit_is_proof() -> None:
    assert isinstance(name_match(NameQuery("Bloggs"), [], SEEN), Absent)


def test_others_are_candidates_and_no_match() -> None:
    hits = [hit(number, "BLOGGS (LEEDS) LIMITED") for number in range(1, 20)]
    answer = name_match(NameQuery("Bloggs Limited"), hits, SEEN)
    assert isinstance(answer, Unknown)
    assert (answer.cause, list(answer.candidates)) == (Cause.AMBIGUOUS, hits[:10])


@pytest.mark.parametrize(
    ("asked", "shown", "found"),
    [
        (None, ("LS1 1AA", "LS2 2BB"), None),
        ("ls11aa", ("LS1 1AA", "LS2 2BB"), 1),
        ("LS1 1AA", ("LS1 1AA", "ls1 1aa"), None),
        ("LS1 1AA", (None, "LS2 2BB"), 1),
        ("LS1 1AA", (None, "LS1 1AA"), 2),
        ("LS9 9ZZ", ("LS1 1AA", "LS2 2BB"), None),
    ],
)
def test_a_postcode_decides_among_equal_names(
    asked: str | None, shown: tuple[str | None, ...], found: int | None
) -> None:
    hits = [hit(number, "BLOGGS LTD", postcode) for number, postcode in enumerate(shown, start=1)]
    answer = name_match(NameQuery("Bloggs Limited", asked), hits, SEEN)
    if found is None:
        assert isinstance(answer, Unknown)
        assert answer.candidates
    else:
        assert isinstance(answer, Found)
        assert [claim.number.value for claim in answer.claims if isinstance(claim, NameMatch)] == [f"0000000{found}"]


@given(st.text(), st.none() | st.text(), st.lists(st.builds(hit, st.integers(1, 9), st.text(), st.none() | st.text())))
def test_any_text_has_an_answer(name: str, postcode: str | None, hits: list[Candidate]) -> None:
    answer = name_match(NameQuery(name, postcode), hits, SEEN)
    assert isinstance(answer, Absent) == (not hits)
