"""Shapes: what is kept of a body, what is dropped, and what a body that is of another shape is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import BirthKey, CompanyNumber, Maybe, PostcodeKey, Unreadable
from leadgen_core.contracts.keeping import keeper


def keyed(text: str) -> str:
    return f"<{text}>"


def keep(shape: Any, body: Any) -> Any:
    return keeper(shape)(body, keyed)


def test_what_the_shape_does_not_name_is_dropped() -> None:
    shape = {"name": str, "officers": [{"id": str, "since": date}]}
    body = {"name": "A", "founded": "x", "officers": [{"id": 7, "since": "2015-06-01", "home": "1 Lane"}]}
    assert keep(shape, body) == {"name": "A", "officers": [{"id": "7", "since": "2015-06-01"}]}


@pytest.mark.parametrize(
    ("shape", "value", "kept"),
    [
        (str, " Jane ", "Jane"),
        (str, 12, "12"),
        (int, "12", 12),
        (int, -3, -3),
        (CompanyNumber, " sc 1234", "SC001234"),
        (CompanyNumber, 1234567, "01234567"),
        (float, 2, 2.0),
        (bool, False, False),
        (date, "2015-06-01T08:47:45.378Z", "2015-06-01"),
        (date | None, " ", None),
        (str | None, None, None),
        (BirthKey, "1970-05", "<1970-05>"),
        (BirthKey, "1970-05-12", "<1970-05>"),
        (BirthKey, {"month": 5, "year": 1970, "day": 12}, "<1970-05>"),
        (BirthKey | None, "", None),
        (PostcodeKey, "sw1a 1aa", "<SW1A1AA>"),
        (Maybe([str]), None, None),
        (Maybe({"a": int}), {"a": 1}, {"a": 1}),
        ([int], [], []),
    ],
)
def test_what_is_kept(shape: Any, value: Any, kept: Any) -> None:
    assert keep(shape, value) == kept
    assert keep({"it": shape}, {"it": value}) == {"it": kept}


@pytest.mark.parametrize(
    ("shape", "value", "wanted"),
    [
        (str, "  ", "text"),
        (str, True, "text"),
        (str, 1.5, "text"),
        (int, True, "whole number"),
        (int, 1.0, "whole number"),
        (int, "1e3", "whole number"),
        (int, 10**30, "whole number"),
        (CompanyNumber, "123456789", "company number"),
        (CompanyNumber, None, "company number"),
        (float, float("nan"), "number"),
        (bool, 1, "truth value"),
        (date, "2015-02-30", "date"),
        (date, "Unknown", "date"),
        (date, 20150601, "date"),
        (BirthKey, "1970", "month and year"),
        (BirthKey, "1970-13", "month and year"),
        (BirthKey, {"year": "x", "month": 5}, "month and year"),
        (PostcodeKey, " - ", "postcode"),
        ([str], {}, "list"),
        ({"a": str}, [], "object"),
        (str | None, [], "text"),
    ],
)
def test_a_value_of_another_type(shape: Any, value: Any, wanted: str) -> None:
    with pytest.raises(Unreadable, match=f"^the body is no {wanted}$"):
        keep(shape, value)
    with pytest.raises(Unreadable, match=f"^it is no {wanted}$"):
        keep({"it": shape}, {"it": value})


def test_the_place_is_named_and_the_value_is_not() -> None:
    shape = {"data": {"officers": [{"since": date}]}}
    body = {"data": {"officers": [{"since": "2015-06-01"}, {"since": "SECRET"}]}}
    with pytest.raises(Unreadable) as caught:
        keep(shape, body)
    assert str(caught.value) == "data.officers[1].since is no date"
    assert caught.value.__cause__ is None


def test_a_missing_member_is_unreadable_unless_it_may_be_missing() -> None:
    with pytest.raises(Unreadable, match=r"^name is no text$"):
        keep({"name": str}, {})
    assert keep({"name": str | None, "list": Maybe([str])}, {}) == {"name": None, "list": None}


@pytest.mark.parametrize(
    "shape", [None, "str", bytes, [], [str, int], str | int, str | int | None, Maybe, {"a": object}]
)
def test_what_is_no_shape(shape: Any) -> None:
    with pytest.raises(TypeError, match="is no shape"):
        keeper(shape)


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["1970-05-01", "7"])
_JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner))
_SHAPE = {"a": str | None, "b": [{"a": BirthKey | None, "b": Maybe([date]), "c": int | None}], "c": Maybe({"a": float})}


@given(_JSON)
def test_whatever_comes_is_kept_as_json_or_unreadable(body: Any) -> None:
    try:
        kept = keep(_SHAPE, body)
    except Unreadable:
        return
    assert set(kept) == {"a", "b", "c"}
    assert orjson.loads(orjson.dumps(kept)) == kept
    assert keep({"b": [{"b": Maybe([date]), "c": int | None}]}, kept) == {
        "b": [{"b": row["b"], "c": row["c"]} for row in kept["b"]]
    }
