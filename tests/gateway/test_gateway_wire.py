"""Wire: what goes out and what comes back, on real sockets, both ways of a GET."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientRequest, web
from multidict import CIMultiDict, CIMultiDictProxy

from leadgen_core.contracts.api import Meaning, Ok, RawReply, Request
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.events import Attempt
from leadgen_core.gateway import Tier, wire
from leadgen_core.gateway.wire import Headers, _parse
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
from tests.gateway.wire_kit import head, raw_server

pytestmark = pytest.mark.usefixtures("way")


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


async def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    answer = head("Content-Type: application/json") + b'{"a": 1}'
    async with raw_server(answer) as (base_url, _), gateway(base_url) as made:
        assert (await made.ask(item(), "q")).body == {"a": 1}


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
