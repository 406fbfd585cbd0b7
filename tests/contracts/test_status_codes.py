"""What status codes and the usual headers say, for an API without code of its own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import Failed, Malformed, Nothing, Ok, RawReply, Refused, RetryAt, Window, by_status, quota_headers
from leadgen_core.testing import scripted_reply

NOW = 1_769_778_862.0
NOTHING = {"error": "no such member"}


def reply(status: int, body: object = None, **headers: str) -> RawReply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return scripted_reply(status, body, named, received_at=NOW)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (reply(200, {}), Ok()),
        (reply(200, b"<html>"), Malformed("the Guild answered 200 without JSON")),
        (reply(201, {}), Malformed("the Guild answered 201")),
        (reply(404, {"error": "no such member", "id": 7}), Nothing()),
        (reply(404, {"error": "no such page"}), Malformed("the Guild answered 404")),
        (reply(404, b"<html>"), Malformed("the Guild answered 404")),
        (reply(404, ["no such member"]), Malformed("the Guild answered 404")),
        (reply(429, {}, retry_after="7"), RetryAt(NOW + 7)),
        (reply(429, {}, retry_after="Fri, 30 Jan 2026 13:14:52 GMT"), RetryAt(NOW + 30)),
        (reply(429, {}, retry_after="soon"), RetryAt(None)),
        (reply(429, {}, x_ratelimit_reset="30"), RetryAt(NOW + 30)),
        (reply(429, {}, ratelimit_reset=str(int(NOW) + 5)), RetryAt(NOW + 5)),
        (reply(429, {}), RetryAt(None)),
        (reply(503, b"", retry_after="7"), Failed("the Guild answered 503")),
        (reply(302, b""), Malformed("the Guild answered 302")),
        (reply(401, {}), Refused("the Guild does not accept the credential (401): check api_key")),
        (reply(403, {}), Refused("the Guild does not accept the credential (403): check api_key")),
    ],
)
def test_what_an_answer_means(answer: RawReply, meaning: object) -> None:
    assert by_status(answer, who="the Guild", nothing=NOTHING) == meaning


def test_without_the_words_of_the_api_no_404_is_proof() -> None:
    assert isinstance(by_status(reply(404, {})), Malformed)
    assert isinstance(by_status(reply(404, {}), nothing={}), Malformed)


@pytest.mark.parametrize(
    ("headers", "windows"),
    [
        ({"x-ratelimit-limit": "60", "x-ratelimit-remaining": "59", "x-ratelimit-reset": "12"}, (59, NOW + 12)),
        ({"ratelimit-limit": "60, 60;w=60", "ratelimit-remaining": "0", "ratelimit-reset": "0"}, (0, NOW)),
        ({"x-rate-limit-limit": "60", "x-rate-limit-remain": "1", "x-rate-limit-reset": "1769778900"}, (1, 1769778900)),
        ({"x-ratelimit-limit": "60", "x-ratelimit-remain": "1", "x-ratelimit-reset": "1769778900000"}, (1, 1769778900)),
        ({"x-ratelimit-limit": "60", "x-ratelimit-remaining": "61", "x-ratelimit-reset": "12"}, None),
        ({"x-ratelimit-limit": "0", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "12"}, None),
        ({"x-ratelimit-limit": "60", "x-ratelimit-remaining": "59"}, None),
        ({"x-ratelimit-limit": "60", "x-ratelimit-remaining": "59", "x-ratelimit-reset": "3999999999"}, None),
        ({"x-ratelimit-limit": "many", "x-ratelimit-remaining": "59", "x-ratelimit-reset": "12"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_quota_that_headers_state(headers: dict[str, str], windows: tuple[int, float] | None) -> None:
    expected = () if windows is None else (Window(60, 60.0, *windows),)
    assert quota_headers(60.0)(headers, NOW) == expected


_HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "ratelimit-reset"]),
    st.text(max_size=20) | st.integers().map(str),
)


@given(st.integers(100, 599), _HEADERS, st.none() | st.dictionaries(st.text(), st.integers()))
def test_whatever_comes_has_a_meaning(status: int, headers: dict[str, str], body: Any) -> None:
    by_status(scripted_reply(status, body, headers, received_at=NOW), nothing={"a": 1})
    for window in quota_headers(60.0)(headers, NOW):
        assert window.remaining is not None
        assert 0 <= window.remaining <= window.limit
