"""Auth: how a request is signed, and that no credential goes anywhere else."""

from __future__ import annotations

import asyncio
import base64
import gc
import io
import traceback
from collections.abc import Mapping

import pytest
from aiohttp import web

from leadgen_core.contracts.api import AuthKind, Credential, Request
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.errors import UsageError
from leadgen_core.events import CredentialEvent
from leadgen_core.gateway import Tier
from leadgen_core.gateway.auth import signature
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.secrets import Secret
from tests.gateway.gateway_kit import (
    ACME,
    FakeLimiter,
    ImpatientClock,
    JsonStore,
    Recorder,
    Upstream,
    gateway,
    item,
    json_response,
    make_spec,
    upstream,
)

KEY = "hunter2-MARK"
SECRET = Secret(KEY)


@pytest.mark.parametrize(
    ("credential", "kind", "expected"),
    [
        (Credential(), None, {"Authorization": "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()}),
        (Credential(), AuthKind.BEARER, {"Authorization": f"Bearer {KEY}"}),
        (Credential(kind=AuthKind.BEARER), None, {"Authorization": f"Bearer {KEY}"}),
        (Credential(kind=AuthKind.HEADER, header="X-Key"), None, {"X-Key": KEY}),
        (None, None, {}),
    ],
)
async def test_how_a_request_is_signed(
    credential: Credential | None, kind: AuthKind | None, expected: Mapping[str, str]
) -> None:
    async with (
        upstream() as server,
        gateway(server.base_url, spec=make_spec(credential=credential), secret=SECRET, kind=kind) as made,
    ):
        await made.ask(item(), "q")
    sent = server.asked[0].headers
    assert {name: sent[name] for name in expected} == expected
    if not expected:
        assert "Authorization" not in sent


@pytest.mark.parametrize("key", ["", "a b\n", "a\r\nX-Evil: 1", "schlüssel", " a", "\x00"])
@pytest.mark.parametrize("kind", [AuthKind.BEARER, AuthKind.HEADER])
def test_a_key_that_no_header_can_carry_is_refused_without_being_repeated(key: str, kind: AuthKind) -> None:
    with pytest.raises(UsageError, match="api_key") as caught:
        signature(Credential(header="X-Key"), Secret(key), kind, "acme")
    assert len(key.strip()) < 2 or key.strip() not in str(caught.value)


def test_a_basic_key_may_be_any_text() -> None:
    headers = signature(Credential(), Secret("schlüssel\n"), None, "acme")
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode() == "schlüssel\n:"


def test_a_header_key_needs_its_header() -> None:
    with pytest.raises(UsageError, match="header"):
        signature(Credential(kind=AuthKind.HEADER), SECRET, None, "acme")


async def test_the_audit_hears_of_the_first_use_the_first_refusal_and_the_count() -> None:
    recorder = Recorder()
    async with upstream() as server, gateway(server.base_url, secret=SECRET, recorder=recorder) as made:
        assert made.signed() == {("acme-plugin", "acme", SECRET.id): 0}
        await made.ask(item("1"), "q")
        await made.ask(item("2"), "q")

        async def refuse(request: web.BaseRequest) -> web.StreamResponse:
            return json_response({}, 401)

        server.answer = refuse
        for key in ("3", "4"):
            with pytest.raises(Unanswered) as caught:
                await made.ask(item(key), "q")
            assert (caught.value.cause, caught.value.because) == (Cause.FORBIDDEN, "set the api_key")
        assert made.signed() == {("acme-plugin", "acme", SECRET.id): 4}
    assert recorder.of(CredentialEvent) == [
        CredentialEvent("first used", SECRET.id, "acme-plugin", "acme"),
        CredentialEvent("refused", SECRET.id, "acme-plugin", "acme"),
    ]


async def test_without_the_credential_that_it_needs_an_api_is_not_asked() -> None:
    async with upstream() as server, gateway(server.base_url, secret=None) as made:
        with pytest.raises(Unanswered, match="api_key is not set") as caught:
            await made.ask(item(), "q")
        assert caught.value.cause is Cause.NOT_CONFIGURED
        assert made.signed() == {}
    assert server.asked == []


def redirecting(server: Upstream, location: str) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/items/1":
            return web.Response(status=302, headers={"Location": location})
        return json_response({"at": request.path})

    server.answer = answer


async def test_a_redirect_at_home_is_signed() -> None:
    async with upstream() as server, gateway(server.base_url, secret=SECRET) as made:
        redirecting(server, "/moved?x=1")
        reply = await made.ask(item(), "q")
        assert made.signed() == {("acme-plugin", "acme", SECRET.id): 2}
    assert server.paths == ["/items/1", "/moved?x=1"]
    assert all("Authorization" in request.headers for request in server.asked)
    assert reply.provenance.url == f"{server.base_url}/moved?x=1"


@pytest.mark.parametrize(
    ("credential", "header"),
    [(Credential(), "Authorization"), (Credential(kind=AuthKind.HEADER, header="X-Key"), "X-Key")],
)
async def test_a_redirect_to_a_declared_host_is_followed_without_the_credential(
    credential: Credential, header: str
) -> None:
    async with upstream() as server, upstream() as elsewhere:
        location = elsewhere.base_url.replace("127.0.0.1", "localhost") + "/document"
        redirecting(server, location)
        redirecting(elsewhere, "/nowhere")
        limiter = FakeLimiter()
        spec = make_spec(credential=credential, hosts=("localhost",))
        async with gateway(server.base_url, spec=spec, secret=SECRET, limiter=limiter) as made:
            reply = await made.ask(item(), "q")
            assert made.signed() == {("acme-plugin", "acme", SECRET.id): 1}
        assert reply.body == {"at": "/document"}
        assert header in server.asked[0].headers
        assert KEY not in str(elsewhere.asked[0].headers)
        assert header not in elsewhere.asked[0].headers
        assert len(limiter.permits) == 1


async def test_a_closed_binding_follows_no_redirect_to_a_declared_host_either() -> None:
    spec = make_spec(hosts=("localhost",))
    async with upstream() as server, upstream() as elsewhere:
        redirecting(server, elsewhere.base_url.replace("127.0.0.1", "localhost") + "/document")
        async with gateway(server.base_url, spec=spec, secret=SECRET, closed=True) as made:
            with pytest.raises(Unanswered, match="another origin"):
                await made.ask(item(), "q")
    assert elsewhere.asked == []


async def test_a_redirect_to_any_other_origin_is_not_followed() -> None:
    async with upstream() as server, upstream() as elsewhere, gateway(server.base_url, secret=SECRET) as made:
        redirecting(server, elsewhere.base_url + "/steal")
        with pytest.raises(Unanswered, match="another origin") as caught:
            await made.ask(item(), "q")
        assert caught.value.cause is Cause.MALFORMED
    assert elsewhere.asked == []


async def test_redirects_end_after_three_and_only_a_get_is_redirected() -> None:
    async with upstream() as server, gateway(server.base_url, secret=SECRET) as made:

        async def loop(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=307, headers={"Location": f"/again{len(server.asked)}"})

        server.answer = loop
        with pytest.raises(Unanswered, match="redirects"):
            await made.ask(item(), "q")
        assert len(server.asked) == 4
        lookup = Lookup(ACME, "pay", "p", lambda _keys: Request("/pay", method="POST", json={"a": 1}))
        with pytest.raises(Unanswered, match="redirect of a POST"):
            await made.ask(lookup, "q")
        assert len(server.asked) == 5


async def test_no_credential_stands_in_a_cache_an_event_an_error_or_a_printed_object() -> None:
    store, recorder, limiter = JsonStore(), Recorder(), FakeLimiter()
    printed = io.StringIO()
    async with (
        upstream() as server,
        gateway(
            server.base_url,
            secret=SECRET,
            caches=[Tier("disk", store, True)],
            recorder=recorder,
            limiter=limiter,
            clock=ImpatientClock(),
        ) as made,
    ):
        reply = await made.ask(item("1"), "q")

        async def break_off(request: web.BaseRequest) -> web.StreamResponse:
            assert request.transport is not None
            request.transport.close()
            await asyncio.Event().wait()
            return json_response({})

        server.answer = break_off
        try:
            await made.ask(item("2"), "q")
        except Unanswered as error:
            traceback.print_exception(error, file=printed)
        gc.collect()
        objects = f"{limiter.meters} {reply} {made!r} {vars(made)}"
        seen = f"{store.texts} {store.ttls} {recorder.all} {objects} {printed.getvalue()}"
    assert "Unanswered" in seen
    for form in (KEY, base64.b64encode(f"{KEY}:".encode()).decode()):
        assert form not in seen
