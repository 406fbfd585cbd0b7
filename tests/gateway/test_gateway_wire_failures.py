"""Wire: bounds and what every way of failing means, on real sockets, both ways of a GET."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from typing import Any

import pytest

from leadgen_core.contracts.api import ApiSpec, Request
from leadgen_core.contracts.keeping import keeper
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.events import Attempt
from leadgen_core.model.answers import Cause, Unanswered
from tests.gateway.gateway_kit import (
    ACME,
    ImpatientClock,
    Recorder,
    answers,
    gateway,
    item,
    json_response,
    make_spec,
    upstream,
)
from tests.gateway.wire_kit import head, raw_server

pytestmark = pytest.mark.usefixtures("way")


async def failure(base_url: str, operation: str = "quick", spec: ApiSpec = ACME) -> tuple[Unanswered, list[Attempt]]:
    recorder = Recorder()
    async with gateway(base_url, clock=ImpatientClock(), recorder=recorder, spec=spec) as made:
        with pytest.raises(Unanswered) as caught:
            await made.ask(item("1", operation), "q")
    return caught.value, recorder.of(Attempt)


async def test_a_server_that_does_not_answer_is_a_time_out() -> None:
    async with raw_server(b"", close=False) as (base_url, requests):
        error, attempts = await failure(base_url)
    assert (error.cause, error.because) == (Cause.TIMEOUT, "no answer within 0.2 s")
    assert len(requests) == len(attempts) == 2
    assert {attempt.meaning for attempt in attempts} == {"failed"}


async def test_the_time_out_holds_for_the_whole_body() -> None:
    async with raw_server(head("Content-Length: 100") + b'{"a":', close=False) as (base_url, _):
        error, _ = await failure(base_url)
    assert error.cause is Cause.TIMEOUT


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (b"", "the connection broke"),
        (head("Content-Length: 100") + b'{"a":', "the answer was cut off or cannot be decompressed"),
        (head("Transfer-Encoding: chunked") + b"5\r\n{", "the answer was cut off or cannot be decompressed"),
        (
            head("Content-Encoding: gzip", "Content-Length: 2") + b"{}",
            "the answer was cut off or cannot be decompressed",
        ),
    ],
)
async def test_a_broken_answer_is_a_failure_and_is_asked_for_again(answer: bytes, because: str) -> None:
    async with raw_server(answer) as (base_url, requests):
        error, _ = await failure(base_url)
    assert (error.cause, error.because) == (Cause.FAILED, because)
    assert len(requests) == 4


async def test_no_connection_is_a_failure() -> None:
    async with raw_server(b"") as (base_url, _):
        pass
    error, attempts = await failure(base_url)
    assert (error.cause, error.because) == (Cause.FAILED, "no connection to the server")
    assert [attempt.status for attempt in attempts] == [None] * 4


@pytest.mark.parametrize(
    "answer",
    [
        b"SMTP 220 hello\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 9000 + b"\r\nContent-Length: 2\r\n\r\n{}",
        head("X-Long: " + "x" * 9000, "Content-Length: 2") + b"{}",
        head("Content-Length: many") + b"{}",
    ],
)
async def test_what_is_no_http_is_malformed_and_not_repeated(answer: bytes) -> None:
    async with raw_server(answer) as (base_url, requests):
        error, _ = await failure(base_url)
    assert (error.cause, error.because) == (Cause.MALFORMED, "the answer is no valid HTTP")
    assert len(requests) == 1


@pytest.mark.parametrize("coding", ["identity", "gzip", "deflate", "chunked"])
async def test_reading_stops_at_the_bound_for_the_decompressed_body(coding: str) -> None:
    body = b'"' + b"a" * 5_000_000 + b'"'
    if coding == "gzip":
        answer = head("Content-Encoding: gzip", f"Content-Length: {len(packed := gzip.compress(body, 1))}") + packed
    elif coding == "deflate":
        answer = head("Content-Encoding: deflate", f"Content-Length: {len(packed := zlib.compress(body, 1))}") + packed
    elif coding == "chunked":
        answer = head("Transfer-Encoding: chunked") + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    else:
        answer = head(f"Content-Length: {len(body)}") + body
    async with raw_server(answer) as (base_url, requests):
        error, _ = await failure(base_url)
    assert (error.cause, error.because) == (Cause.MALFORMED, "the answer is larger than 1000 bytes")
    assert len(requests) == 1


async def test_a_body_of_just_the_bound_is_read() -> None:
    body = b'"' + b"a" * 998 + b'"'
    async with (
        raw_server(head(f"Content-Length: {len(body)}", "Content-Type: application/json") + body) as (
            base_url,
            _,
        ),
        gateway(base_url) as made,
    ):
        assert (await made.ask(item("1", "quick"), "q")).body == "a" * 998


@pytest.mark.parametrize("stage", ["classify", "redact"])
async def test_an_exception_in_the_specs_functions_is_malformed_and_its_text_is_not_repeated(stage: str) -> None:
    def breaks(*_: object) -> Any:
        raise LookupError("Jane Smith, born 1871")

    async with upstream() as server:
        error, attempts = await failure(server.base_url, "item", make_spec(**{stage: breaks}))
    assert (error.cause, error.because) == (Cause.MALFORMED, f"item: {stage} raised LookupError")
    assert error.__context__ is None or "Jane" not in str(error.__context__)
    assert [attempt.meaning for attempt in attempts] == ["malformed"]


async def test_what_is_of_another_shape_is_malformed_and_its_place_is_told() -> None:
    shape = keeper({"people": [{"name": str}]})
    async with upstream() as server:
        server.answer = answers(lambda: json_response({"people": [{"name": {"Jane Smith": "born 1871"}}]}))
        spec = make_spec(redact=lambda _operation, body, keyed: shape(body, keyed))
        error, attempts = await failure(server.base_url, "item", spec)
    assert (error.cause, error.because) == (Cause.MALFORMED, "item: people[0].name is no text")
    assert [attempt.meaning for attempt in attempts] == ["malformed"]


async def test_a_request_that_cannot_be_sent_is_malformed() -> None:
    async with upstream() as server, gateway(server.base_url) as made:
        lookup = Lookup(ACME, "item", "x", lambda _keys: Request("/a", headers={"X-Own": "a\r\nX-Evil: 1"}))
        with pytest.raises(Unanswered) as caught:
            await made.ask(lookup, "q")
    assert caught.value.cause is Cause.MALFORMED
    assert server.asked == []


async def test_a_cancelled_request_that_was_sent_is_an_event() -> None:
    recorder = Recorder()
    async with raw_server(b"", close=False) as (base_url, requests), gateway(base_url, recorder=recorder) as made:
        task = asyncio.create_task(made.ask(item(), "q"))
        while not requests:  # noqa: ASYNC110 - a server's list is no event
            await asyncio.sleep(0.001)
        task.cancel()
        while not recorder.of(Attempt):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert [attempt.meaning for attempt in recorder.of(Attempt)] == ["cancelled"]
