"""The recorded answers come out as recorded, for any paging, with live headers."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from tests.replay import RegisterThread
from tests.replay.asking import ask
from tests.support import shared

LIVE = ("connection", "date", "server", "set-cookie", "x-ratelimit-remain", "x-ratelimit-reset")


@pytest.fixture(scope="module")
def register() -> Iterator[RegisterThread]:
    with RegisterThread(limit=10_000) as running:
        yield running


def recordings() -> list[dict[str, Any]]:
    return [orjson.loads(file.read_bytes()) for file in sorted(shared("companies-house", "recorded").glob("*.json"))]


def test_every_recorded_url_is_answered_as_recorded(register: RegisterThread) -> None:
    assert len(recordings()) >= 8
    for record in recordings():
        url = urlsplit(record["url"])
        got = ask(register, f"{url.path}?{url.query}" if url.query else url.path)
        assert got.status == record["status_code"]
        assert (got.json if got.body else "") == record["content"].get("json", "")


def test_the_recorded_headers_are_kept_and_the_moment_is_live(register: RegisterThread) -> None:
    recorded = {record["url"].rsplit("/", 1)[1]: record["headers"] for record in recordings()}
    for number in ("09370755", "00000000"):
        got = ask(register, f"/company/{number}")
        expected = {name: value for name, value in recorded[number].items() if name not in LIVE}
        kept = {name: value for name, value in got.headers.items() if name not in LIVE}
        assert kept == expected | {"x-ratelimit-limit": "10000"}
        assert got.headers["set-cookie"].startswith("JSESSIONID=")
        age = parsedate_to_datetime(got.headers["date"]).timestamp() - register.options.now()
        assert -5 < age <= 0


def test_an_empty_answer_has_no_content_type(register: RegisterThread) -> None:
    got = ask(register, "/search/companies?q=Apple&start_index=900&items_per_page=200")
    assert (got.status, got.body) == (416, b"")
    assert got.headers["content-length"] == "0"
    assert "content-type" not in got.headers


@pytest.mark.parametrize(
    ("query", "start", "size"),
    [("", 0, 35), ("?items_per_page=200", 0, 200), ("?items_per_page=1&start_index=1", 1, 1)],
)
def test_officers_have_no_clamp(register: RegisterThread, query: str, start: int, size: int) -> None:
    got = ask(register, f"/company/09370755/officers{query}").json
    assert (got["start_index"], got["items_per_page"], got["total_results"]) == (start, size, 1)
    assert len(got["items"]) == (0 if start else 1)


@pytest.mark.parametrize(("query", "size"), [("", 25), ("?items_per_page=100", 100), ("?items_per_page=500", 100)])
def test_psc_are_clamped_to_a_hundred(register: RegisterThread, query: str, size: int) -> None:
    got = ask(register, f"/company/09370755/persons-with-significant-control{query}").json
    assert (got["items_per_page"], got["total_results"], len(got["items"])) == (size, 1, 1)


@pytest.mark.parametrize(("asked", "officers", "psc"), [(0, 35, 25), (-7, 7, 7)])
def test_page_sizes_of_zero_and_below(register: RegisterThread, asked: int, officers: int, psc: int) -> None:
    for path, size in (("officers", officers), ("persons-with-significant-control", psc)):
        assert ask(register, f"/company/09370755/{path}?items_per_page={asked}").json["items_per_page"] == size


def test_the_search_is_paged_again(register: RegisterThread) -> None:
    def page(query: str) -> Any:
        return ask(register, f"/search/companies?q=apple{query}").json

    whole = page("&items_per_page=200")
    assert (whole["items_per_page"], len(whole["items"]), whole["total_results"]) == (100, 100, 6580)
    first = page("")
    assert (first["items_per_page"], first["page_number"], first["items"]) == (20, 1, whole["items"][:20])
    third = page("&items_per_page=30&start_index=60")
    assert (third["page_number"], third["items"]) == (3, whole["items"][60:90])
    beyond = page("&items_per_page=50&start_index=100")
    assert len(beyond["items"]) == 50
    numbers = {item["company_number"] for item in [*whole["items"], *beyond["items"]]}
    assert len(numbers) == 150


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("&start_index=800&items_per_page=200", 200),
        ("&start_index=900&items_per_page=100", 200),
        ("&start_index=900&items_per_page=101", 416),
        ("&start_index=980", 200),
        ("&start_index=981", 416),
    ],
)
def test_the_reachable_window_is_judged_by_the_size_asked_for(
    register: RegisterThread, query: str, status: int
) -> None:
    assert ask(register, f"/search/companies?q=Apple{query}").status == status


@pytest.mark.parametrize("query", ["order_by=name", "filter=resigned", "register_type=auditors"])
def test_wrong_values_for_officers_are_an_empty_400(register: RegisterThread, query: str) -> None:
    got = ask(register, f"/company/09370755/officers?{query}")
    assert (got.status, got.body) == (400, b"")


def test_other_paths_are_an_empty_404(register: RegisterThread) -> None:
    for path in ("/company/09370755/insolvency", "/company/09370755/exemptions", "/nothing", "/"):
        got = ask(register, path)
        assert (got.status, got.body) == (404, b"")
        assert got.headers["x-ratelimit-limit"] == "10000"


def test_a_number_longer_than_eight_characters_is_a_500(register: RegisterThread) -> None:
    got = ask(register, "/company/093707551")
    assert (got.status, sorted(got.json)) == (500, ["error", "exception_id"])
