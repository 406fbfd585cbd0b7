"""Envelopes: nothing that anybody can write into a tier raises or outlives the terms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core.gateway.entry import VERSION, Entry, read_entry

NOW = 1_769_778_862.0
HOUR = 3600.0

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
ODD = JSON | st.sampled_from([10**400, -(10**400), 1e308, float("nan"), float("inf"), True, VERSION, "=bad base64="])
NAMES = ("v", "body", "nothing", "url", "at", "soft", "hard", "bytes")
ENVELOPES = st.fixed_dictionaries(
    {}, optional={name: ODD | st.just(VERSION) | st.floats(NOW - HOUR, NOW + HOUR) | st.booleans() for name in NAMES}
)


def envelope(**changes: Any) -> dict[str, Any]:
    made = Entry({"a": 1}, False, "https://acme.example/1", NOW, NOW + HOUR, NOW + 2 * HOUR).envelope()
    return made | changes


@given(JSON | ENVELOPES)
def test_whatever_stands_in_a_tier_is_an_entry_or_a_miss(value: Any) -> None:
    entry = read_entry(value, NOW, HOUR, 2 * HOUR)
    if entry is not None:
        assert NOW < entry.hard <= entry.at + 2 * HOUR
        assert entry.soft <= min(entry.hard, entry.at + HOUR)
        assert entry.reply("a.b").provenance.url == entry.url


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
    | st.binary()
)
def test_a_body_comes_back_from_json_as_it_was(body: Any) -> None:
    entry = Entry(body, False, "https://acme.example/1", NOW, NOW + HOUR, NOW + 2 * HOUR)
    again = read_entry(json.loads(json.dumps(entry.envelope())), NOW, HOUR, 2 * HOUR)
    assert again == entry


@pytest.mark.parametrize(
    "changes",
    [
        {"v": VERSION + 1},
        {"v": True},
        {"v": str(VERSION)},
        {"nothing": 0},
        {"url": None},
        {"at": "2026-01-30"},
        {"hard": float("nan")},
        {"soft": True},
        {"hard": 10**400},
        {"hard": NOW},
        {"at": NOW + HOUR},
        {"bytes": True},
        {"bytes": True, "body": "not base64!"},
    ],
)
def test_an_entry_that_is_none_is_a_miss(changes: dict[str, Any]) -> None:
    assert read_entry(envelope(), NOW, HOUR, 2 * HOUR) is not None
    assert read_entry(envelope(**changes), NOW, HOUR, 2 * HOUR) is None


def test_terms_that_were_tightened_since_hold_for_old_entries() -> None:
    entry = read_entry(envelope(at=NOW - 100, hard=NOW + 1e9, soft=NOW + 1e9), NOW, 50.0, 200.0)
    assert entry is not None
    assert (entry.soft, entry.hard) == (NOW - 50, NOW + 100)
    assert read_entry(envelope(at=NOW - 100), NOW, 10.0, 100.0) is None


def test_nothing_has_no_body() -> None:
    entry = read_entry(envelope(nothing=True, body={"smuggled": 1}), NOW, HOUR, 2 * HOUR)
    assert entry is not None
    assert (entry.nothing, entry.body) == (True, None)


def test_a_stale_reply_says_since_when() -> None:
    entry = Entry({}, False, "u", NOW, NOW + HOUR, NOW + 2 * HOUR)
    assert entry.reply("q").provenance.stale_since is None
    entry.stale = True
    provenance = entry.reply("q").provenance
    assert provenance.stale_since == provenance.good_until
    assert provenance.retrieved_at.timestamp() == NOW
    assert provenance.retrieved_at.tzinfo is not None
