"""Wire: bounds, parsing, redaction and what every way of failing means, on real sockets."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientRequest, web
from multidict import CIMultiDict, CIMultiDictProxy

from leadgen_core.contracts.api import ApiSpec, Meaning, Ok, RawReply, Request
from leadgen_core.contracts.keeping import keeper
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.events import Attempt
from leadgen_core.gateway import Tier, lean, wire
from leadgen_core.gateway.wire import Headers, _parse
from leadgen_core.model.answers import Cause, Unanswered
from tests.gateway.gateway_kit import (
    ACME,
    SERVER_TIME,
    FakeLimiter,
    ImpatientClock,
    JsonStore,
    Recorder,
    answers,
    gateway,
    item,
    json_response,
    make_spec,
    upstream,
)


@pytest.fixture(params=["lean", "session"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of a GET: with the aiohttp that ``lean`` knows, and with any other."""
    monkeypatch.setattr(lean, "USABLE", request.param == "lean")


@asynccontextmanager
async def raw_server(answer: bytes, *, close: bool = True) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that sends these bytes to every request."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            requests.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            await writer.drain()
            if not close:
                await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield "http://{}:{}".format(*server.sockets[0].getsockname()), requests


async def failure(base_url: str, operation: str = "quick", spec: ApiSpec = ACME) -> tuple[Unanswered, list[Attempt]]:
    recorder = Recorder()
    async with gateway(base_url, clock=ImpatientClock(), recorder=recorder, spec=spec) as made:
        with pytest.raises(Unanswered) as caught:
            await made.ask(item("1", operation), "q")
    return caught.value, recorder.of(Attempt)


def head(*lines: str) -> bytes:
    return ("\r\n".join(["HTTP/1.1 200 OK", *lines]) + "\r\n\r\n").encode()


# --- what goes out ----------------------------------------------------------------------------------------


async def test_a_request_goes_out_as_it_was_built() -> None:
    bodies: list[Any] = []
    async with upstream() as server, gateway(server.base_url + "/v1/") as made:

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            bodies.append(await request.read())
            return json_response({})

        server.answer = answer
        await made.ask(Lookup.get(ACME, "item", "/find", {"q": "a&b c", "n": 5}), "q")
        request = Request("/post", {"x": "1"}, "POST", {"X-Own": "yes", "Authorization": "theirs"}, {"a": [1]})
        await made.ask(Lookup(ACME, "item", "p", lambda _keys: request), "q")
    get, post = server.asked
    assert (get.method, get.path_qs) == ("GET", "/v1/find?q=a%26b+c&n=5")
    assert get.headers["User-Agent"] == "leadgen"
    assert (post.method, post.path_qs, bodies[1]) == ("POST", "/v1/post?x=1", b'{"a":[1]}')
    assert (post.headers["X-Own"], post.headers["Content-Type"]) == ("yes", "application/json")
    assert post.headers.getall("Authorization") == [get.headers["Authorization"]]


async def test_connections_are_kept_and_cookies_are_not() -> None:
    ports: set[object] = set()
    async with upstream() as server, gateway(server.base_url) as made:

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            ports.add(request.transport and request.transport.get_extra_info("peername"))
            response = json_response({})
            response.set_cookie("JSESSIONID", "1")
            return response

        server.answer = answer
        for key in "123":
            await made.ask(item(key), "q")
    assert len(ports) == 1
    assert all("Cookie" not in request.headers for request in server.asked)


async def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with upstream() as server, gateway(server.base_url) as made:
        await made.ask(item(), "q")
    assert len(server.asked) == 1


# --- what comes back --------------------------------------------------------------------------------------


async def test_a_body_is_redacted_before_anything_else_sees_it() -> None:
    store = JsonStore()
    async with upstream() as server, gateway(server.base_url, caches=[Tier("disk", store, True)]) as made:
        server.answer = answers(lambda: json_response({"name": "Acme", "nationality": "Ruritanian", "born": "1871-04"}))
        cold = await made.ask(item(), "q")
        warm = await made.ask(item(), "q")
    assert cold == warm
    assert cold.body == {"name": "Acme", "born": "keyed(7)"}
    assert "Ruritanian" not in str(store.texts)
    assert "1871" not in str(store.texts)
    assert store.texts


async def test_provenance_says_what_was_asked_and_when() -> None:
    async with upstream() as server, gateway(server.base_url) as made:
        reply = await made.ask(Lookup.get(ACME, "item", "/find", {"q": "a b"}), "acme.items")
    provenance = reply.provenance
    assert provenance.question == "acme.items"
    assert provenance.url == f"{server.base_url}/find?q=a+b"
    assert provenance.good_until is not None
    assert (provenance.good_until - provenance.retrieved_at).total_seconds() == 3600
    assert provenance.stale_since is None


async def test_nothing_is_a_reply() -> None:
    async with upstream() as server, gateway(server.base_url) as made:
        server.answer = answers(lambda: web.Response(status=404))
        reply = await made.ask(item(), "q")
    assert (reply.nothing, reply.body) == (True, None)


@pytest.mark.parametrize(
    ("content", "content_type", "body", "is_json"),
    [
        (b'{"a": 1}', "application/json; charset=utf-8", {"a": 1}, True),
        (b'{"a": 1}', "application/vnd.acme+JSON", {"a": 1}, True),
        (b'  [{"a": 1}]', "text/plain", [{"a": 1}], True),
        (b"12", "application/json", 12, True),
        (b"null", "application/json", None, True),
        (b"12", "text/plain", b"12", False),
        (b"size must not exceed 5000", "application/json", b"size must not exceed 5000", False),
        (b'{"a": ', "application/json", b'{"a": ', False),
        (b"<html>502</html>", "text/html", b"<html>502</html>", False),
        (b"", "application/json", b"", False),
        (b"\xff\xfe{", "application/json", b"\xff\xfe{", False),
    ],
)
def test_json_is_told_by_its_type_or_by_its_looks(content: bytes, content_type: str, body: Any, is_json: bool) -> None:
    assert _parse(content, content_type) == (body, is_json)


def watching(seen: list[RawReply]) -> Callable[[str, RawReply], Meaning]:
    def classify(_operation: str, reply: RawReply) -> Meaning:
        seen.append(reply)
        return Ok()

    return classify


async def test_an_answer_is_handed_over_with_lower_case_names_and_the_servers_time() -> None:
    seen: list[RawReply] = []
    spec = make_spec(classify=watching(seen))
    async with upstream() as server, gateway(server.base_url, spec=spec) as made:
        server.answer = answers(lambda: json_response({"a": 1}, 418, X_Remaining="7"))
        await made.ask(item(), "q")
    assert (seen[0].status, seen[0].body, seen[0].is_json, seen[0].received_at) == (418, {"a": 1}, True, SERVER_TIME)
    assert seen[0].headers["x-remaining"] == "7"
    assert all(name == name.lower() for name in seen[0].headers)


async def test_each_answer_has_the_time_of_its_own_date() -> None:
    seen: list[RawReply] = []
    async with upstream() as server, gateway(server.base_url, spec=make_spec(classify=watching(seen))) as made:
        server.answer = answers(
            lambda: json_response({}),
            lambda: json_response({}),
            lambda: json_response({}, Date="Fri, 30 Jan 2026 13:14:25 GMT"),
            lambda: json_response({}),
        )
        for key in "1234":
            await made.ask(item(key), "q")
    assert [reply.received_at - SERVER_TIME for reply in seen] == [0, 0, 3, 0]


@pytest.mark.parametrize("date", [[], ["Date: yesterday"], ["Date: "]])
async def test_without_a_usable_date_the_own_wall_clock_counts(
    date: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[RawReply] = []
    spec = make_spec(classify=watching(seen))
    async with (
        raw_server(head("Content-Length: 2", *date) + b"{}") as (base_url, _),
        gateway(base_url, spec=spec) as made,
    ):
        monkeypatch.setattr(made._open("acme").wire, "_wall", lambda: 12345.0)
        await made.ask(item(), "q")
    assert seen[0].received_at == 12345.0


async def test_each_request_is_an_event() -> None:
    recorder = Recorder()
    async with upstream() as server, gateway(server.base_url, recorder=recorder, clock=ImpatientClock()) as made:
        server.answer = answers(
            lambda: json_response({}, 500),
            lambda: json_response({}, 429),
            lambda: web.Response(status=302, headers={"Location": "/b"}),
            lambda: web.Response(status=404),
        )
        await made.ask(item(), "q")
    attempts = recorder.of(Attempt)
    assert [(attempt.api, attempt.operation, attempt.meaning, attempt.status) for attempt in attempts] == [
        ("acme", "item", "failed", 500),
        ("acme", "item", "retryat", 429),
        ("acme", "item", "redirect", 302),
        ("acme", "item", "nothing", 404),
    ]
    assert all(0 < attempt.seconds < 5 for attempt in attempts)


# --- what goes wrong --------------------------------------------------------------------------------------


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


async def test_were_the_hook_never_called_the_permit_is_still_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire._Request, "send", ClientRequest.send)
    limiter = FakeLimiter()
    async with upstream() as server, gateway(server.base_url, limiter=limiter) as made:
        await made.ask(item(), "q")
    assert limiter.ends == [["sent", "answered"]]


async def test_closing_closes_the_connections() -> None:
    async with upstream() as server:
        async with gateway(server.base_url) as made:
            await made.ask(item(), "q")
            session = made._open("acme").wire._session
            assert session is not None
        assert session.closed


def test_headers_are_found_by_their_lower_case_names_and_the_last_of_two_counts() -> None:
    received = CIMultiDictProxy(CIMultiDict([("X-Left", "5"), ("Date", "d"), ("x-left", "4")]))
    headers = Headers(received)
    assert dict(headers) == {"x-left": "4", "date": "d"}
    assert len(headers) == 2
    assert headers["x-left"] == headers.get("x-left") == "4"
    assert "X-Left" not in headers
    assert headers.get("X-Left") is None
    assert headers.get("none", "-") == "-"
    with pytest.raises(KeyError):
        headers["none"]
