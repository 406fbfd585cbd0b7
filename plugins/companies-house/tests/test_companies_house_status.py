"""Every row of the status table (companies-house.md §1.3) and the quota headers (§1.2)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadgen_companies_house import Config
from leadgen_companies_house.sources import Officers, Profile, Psc, Search
from leadgen_companies_house.status import classify, read_windows

from leadgen_core import (
    Absent,
    Cause,
    CompanyNumber,
    Failed,
    Malformed,
    NameQuery,
    Nothing,
    Ok,
    RawReply,
    Refused,
    RetryAt,
    Source,
    Unanswered,
    Window,
)
from leadgen_core.testing import ScriptedContext, scripted_reply

RESET = 1769779001
NOW = 1769778864.0
QUOTA = {
    "x-ratelimit-limit": "600",
    "x-ratelimit-remain": "488",
    "x-ratelimit-reset": str(RESET),
    "x-ratelimit-window": "5m",
}
JSON = {"content-type": "application/json", **QUOTA}
HTML = {"content-type": "text/html"}
PAGE = b"<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid response.</body></html>"
UNKNOWN_2026 = {
    "message": '404 NOT_FOUND "Resource not found for company profile 00000000"',
    "request_id": "a" * 28,
    "timestamp": "2026-01-30T13:14:24.607342395",
}
UNKNOWN_2024 = {"errors": [{"type": "ch:service", "error": "company-profile-not-found"}]}
NO_RESOURCE = {"error": "Not Found", "path": "/company/00000000/insolvency", "status": 404, "timestamp": "2026-04-21"}
INVALID_KEY = {"error": "Invalid Authorization", "type": "ch:service"}
NO_KEY = {"error": "Empty Authorization header", "type": "ch:service"}
LONG_NUMBER = {"exception_id": "a" * 12, "error": "Internal server error"}

ROWS: list[tuple[str, RawReply, object]] = [
    ("401 wrong key", scripted_reply(401, INVALID_KEY, JSON), Cause.FORBIDDEN),
    ("401 no key", scripted_reply(401, NO_KEY, JSON), Cause.FORBIDDEN),
    ("401 empty", scripted_reply(401, b""), Cause.FORBIDDEN),
    ("403 unknown body", scripted_reply(403, b"", HTML), Cause.FORBIDDEN),
    ("404 company 2026", scripted_reply(404, UNKNOWN_2026, JSON), Absent),
    ("404 company 2024", scripted_reply(404, UNKNOWN_2024, JSON), Absent),
    ("404 no resource", scripted_reply(404, NO_RESOURCE, JSON), Absent),
    ("404 empty", scripted_reply(404, b"", {"content-length": "0", **QUOTA}), Absent),
    ("404 html", scripted_reply(404, b"<html><h1>404 Not Found</h1></html>", {**HTML, **QUOTA}), Cause.MALFORMED),
    ("404 html, empty", scripted_reply(404, b"", {**HTML, **QUOTA}), Cause.MALFORMED),
    ("404 of another server, empty", scripted_reply(404, b"", {"content-length": "0"}), Cause.MALFORMED),
    ("404 of another server, text", scripted_reply(404, b"404 page not found", QUOTA), Cause.MALFORMED),
    ("404 of another server, json", scripted_reply(404, {"message": "Not Found"}, QUOTA), Cause.MALFORMED),
    ("404 of another server, framework", scripted_reply(404, NO_RESOURCE, {}), Cause.MALFORMED),
    ("404 foreign path", scripted_reply(404, {**NO_RESOURCE, "path": "/v1/things"}, QUOTA), Cause.MALFORMED),
    ("404 errors of another kind", scripted_reply(404, {"errors": ["x"]}, QUOTA), Cause.MALFORMED),
    ("404 no errors", scripted_reply(404, {"errors": []}, QUOTA), Cause.MALFORMED),
    ("400 sentence under a JSON type", scripted_reply(400, b"Invalid date", JSON), Cause.MALFORMED),
    ("400 empty", scripted_reply(400, b"", QUOTA), Cause.MALFORMED),
    ("406 version", scripted_reply(406, b""), Cause.MALFORMED),
    ("410 expired version", scripted_reply(410, b""), Cause.MALFORMED),
    ("416 beyond the window", scripted_reply(416, b"", QUOTA), Cause.MALFORMED),
    ("422 page size", scripted_reply(422, b"size must be at most 5000", JSON), Cause.MALFORMED),
    ("429 quota", scripted_reply(429, b"", QUOTA, NOW), Cause.THROTTLED),
    ("500 long number", scripted_reply(500, LONG_NUMBER, JSON), Cause.FAILED),
    ("500 plain text", scripted_reply(500, b"wrong search_type", JSON), Cause.FAILED),
    ("502", scripted_reply(502, PAGE, HTML), Cause.FAILED),
    ("503", scripted_reply(503, PAGE, HTML), Cause.FAILED),
    ("504", scripted_reply(504, b""), Cause.FAILED),
    ("200 html", scripted_reply(200, PAGE, HTML), Cause.MALFORMED),
    ("200 list", scripted_reply(200, [], JSON), Cause.MALFORMED),
    ("200 null", scripted_reply(200, b"null", JSON), Cause.MALFORMED),
    ("200 empty", scripted_reply(200, b""), Cause.MALFORMED),
    ("204", scripted_reply(204, b""), Cause.MALFORMED),
    ("301", scripted_reply(301, b"", {"location": "https://elsewhere.example/"}), Cause.MALFORMED),
    ("302", scripted_reply(302, b""), Cause.MALFORMED),
    ("418", scripted_reply(418, b""), Cause.MALFORMED),
]
SOURCES: list[tuple[Source, object]] = [
    (Profile(Config()), CompanyNumber("00000000")),
    (Officers(Config()), CompanyNumber("00000000")),
    (Psc(Config()), CompanyNumber("00000000")),
    (Search(Config()), NameQuery("Nobody Ltd")),
]


@pytest.mark.parametrize(("source", "subject"), SOURCES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(("raw", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
async def test_each_row_of_the_table_gives_its_answer(
    raw: RawReply, expected: object, source: Source, subject: object
) -> None:
    ctx = ScriptedContext(lambda _request: raw)

    if isinstance(expected, Cause):
        with pytest.raises(Unanswered) as unanswered:
            await source.answer(subject, ctx)
        assert unanswered.value.cause is expected
    else:
        answer = await source.answer(subject, ctx)
        assert isinstance(answer, Absent)
        assert answer.because


@pytest.mark.parametrize(("raw", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_is_wrong_is_said_without_the_answer_s_words(raw: RawReply, expected: object) -> None:
    meaning = classify("profile", raw)

    if isinstance(meaning, Malformed | Failed):
        assert str(raw.status) in meaning.because or raw.status == 404
        assert "invalid response" not in meaning.because
    if isinstance(meaning, Refused):
        assert str(raw.status) in meaning.mend
        assert "key" in meaning.mend
    if raw.status == 404 and expected is not Absent:
        assert "base_url" in getattr(meaning, "because", "")


def test_the_recorded_404s_and_416_are_what_they_are(register_data: Path) -> None:
    def recorded(name: str) -> RawReply:
        saved: dict[str, Any] = json.loads((register_data / "recorded" / name).read_text())
        body = saved["content"].get("json", b"")
        return RawReply(saved["status_code"], saved["headers"], body, isinstance(body, dict), NOW)

    assert classify("profile", recorded("company_00000000.json")) == Nothing()
    assert classify("profile", recorded("company_invalid.json")) == Nothing()
    beyond = recorded("search_companies__q-Apple_start_index-900_items_per_page-200.json")
    assert isinstance(classify("search", beyond), Malformed)
    for name in ("company_00000000.json", "search_companies__q-Apple_start_index-900_items_per_page-200.json"):
        assert read_windows(recorded(name).headers, NOW)[0].limit == 600
    bodies = json.loads((register_data / "samples" / "rest" / "error_bodies.json").read_text())
    headers = json.loads((register_data / "samples" / "rest" / "headers_2026.json").read_text())["404_empty_body"]
    for name, body in bodies.items():
        if name.startswith("404"):
            assert classify("profile", scripted_reply(404, body, headers)) == Nothing(), name
    assert classify("psc", scripted_reply(404, b"", headers)) == Nothing()


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        (QUOTA, float(RESET)),
        ({}, None),
        ({"x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-reset": ""}, None),
        ({"x-ratelimit-reset": str(RESET * 1000)}, None),
        ({"x-ratelimit-reset": str(int(NOW) - 10)}, None),
        ({"x-ratelimit-reset": "9" * 5000}, None),
        ({"retry-after": "30"}, NOW + 30),
        ({"retry-after": "99999999"}, None),
        ({"retry-after": "Fri, 30 Jan 2026 13:14:24 GMT"}, None),
        ({**QUOTA, "retry-after": "5"}, float(RESET)),
    ],
)
def test_a_429_says_when_to_ask_again_if_it_can(headers: dict[str, str], at: float | None) -> None:
    assert classify("profile", scripted_reply(429, b"", headers, NOW)) == RetryAt(at)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Window(600, 300.0, 488, float(RESET))),
        ({"x-ratelimit-limit": "1200"}, Window(1200, 300.0, 488, float(RESET))),
        ({"x-ratelimit-remain": " 0 "}, Window(600, 300.0, 0, float(RESET))),
        ({"x-ratelimit-window": "300"}, Window(600, 300.0, 488, float(RESET))),
        ({"x-ratelimit-window": "300s"}, Window(600, 300.0, 488, float(RESET))),
        ({"x-ratelimit-window": "5 Minutes"}, Window(600, 300.0, 488, float(RESET))),
        ({"x-ratelimit-window": "1h"}, Window(600, 3600.0, 488, float(RESET))),
        ({"x-ratelimit-window": "1h30m0s"}, Window(600, 5400.0, 488, float(RESET))),
        ({"x-ratelimit-window": "1d"}, Window(600, 86400.0, 488, float(RESET))),
        ({"x-ratelimit-window": "5 fortnights"}, None),
        ({"x-ratelimit-window": "m5"}, None),
        ({"x-ratelimit-window": "-5m"}, None),
        ({"x-ratelimit-window": "0m"}, None),
        ({"x-ratelimit-limit": "many"}, None),
        ({"x-ratelimit-limit": "0"}, None),
        ({"x-ratelimit-limit": "-600"}, None),
        ({"x-ratelimit-limit": "6e2"}, None),
        ({"x-ratelimit-remain": "601"}, None),
        ({"x-ratelimit-remain": "-1"}, None),
        ({"x-ratelimit-remain": "٣"}, None),
        ({"x-ratelimit-reset": "never"}, None),
        ({"x-ratelimit-reset": "0"}, None),
        ({"x-ratelimit-reset": str(RESET * 1000)}, None),
    ],
)
def test_the_quota_is_read_or_nothing_is_stated(change: dict[str, str], expected: Window | None) -> None:
    assert tuple(read_windows({**QUOTA, **change}, NOW)) == (() if expected is None else (expected,))


@pytest.mark.parametrize("missing", sorted(QUOTA))
def test_a_missing_header_states_nothing(missing: str) -> None:
    assert read_windows({name: value for name, value in QUOTA.items() if name != missing}, NOW) == ()


def test_the_document_api_s_spelling_is_read_too() -> None:
    headers = {name.replace("-remain", "-remaining"): value for name, value in QUOTA.items()}

    assert read_windows(headers, NOW) == (Window(600, 300.0, 488, float(RESET)),)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "errors", "error", "type", "path"]) | st.text(), inner, max_size=4
        )
    ),
    max_leaves=8,
)
header_names = st.sampled_from([*QUOTA, "x-ratelimit-remaining", "retry-after", "content-type"]) | st.text()


@settings(max_examples=150, deadline=None)
@given(
    status=st.integers() | st.sampled_from([200, 404, 429, 500]),
    body=json_values,
    is_json=st.booleans(),
    headers=st.dictionaries(header_names, st.text() | st.from_regex(r"\d{1,20}[smhd]?", fullmatch=True), max_size=6),
    received_at=st.floats(allow_nan=False, allow_infinity=False),
)
def test_no_answer_whatsoever_breaks_the_reading(
    status: int, body: Any, is_json: bool, headers: dict[str, str], received_at: float
) -> None:
    raw = RawReply(status, headers, body, is_json, received_at)

    meaning = classify("officers", raw)
    assert isinstance(meaning, Ok | Nothing | RetryAt | Failed | Refused | Malformed)
    assert isinstance(meaning, Ok) == (status == 200 and is_json and isinstance(body, dict))
    assert not isinstance(meaning, Nothing) or status == 404
    for window in read_windows(headers, received_at):
        assert window.limit > 0
        assert window.length > 0
        assert window.remaining is not None
        assert 0 <= window.remaining <= window.limit
