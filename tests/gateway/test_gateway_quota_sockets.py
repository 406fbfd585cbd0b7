"""Quota on real sockets: what is sent, when, and how the permit of each request ends."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.secrets import Secret
from tests.gateway.gateway_kit import (
    SERVER_TIME,
    FakeLimiter,
    ImpatientClock,
    answers,
    gateway,
    item,
    json_response,
    until,
    upstream,
)


async def test_a_permit_is_sent_when_the_request_leaves_and_answered_when_it_is_back() -> None:
    async with upstream() as server:
        limiter = FakeLimiter()
        arrived, go = asyncio.Event(), asyncio.Event()

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            arrived.set()
            await go.wait()
            return json_response({}, x_remaining="599")

        server.answer = answer
        async with gateway(server.base_url, limiter=limiter) as made:
            task = asyncio.create_task(made.ask(item(), "q"))
            await arrived.wait()
            assert limiter.ends == [["sent"]]
            go.set()
            await task
            assert limiter.permits[0].calls == ["sent", ("answered", [599], SERVER_TIME)]


async def test_cancelled_after_it_was_sent_the_permit_ends_as_one_that_was_sent() -> None:
    async with upstream() as server:
        limiter = FakeLimiter()
        arrived = asyncio.Event()

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            arrived.set()
            await asyncio.Event().wait()
            return json_response({})

        server.answer = answer
        async with gateway(server.base_url, limiter=limiter) as made:
            task = asyncio.create_task(made.ask(item(), "q"))
            await arrived.wait()
            task.cancel()
            await until(lambda: limiter.ends == [["sent", "give_back"]])
            assert made.signed() == {("acme-plugin", "acme", Secret("k3y").id): 1}


async def test_a_connection_that_is_refused_gives_every_permit_back() -> None:
    async with upstream() as server:
        base_url = server.base_url
    limiter = FakeLimiter()
    async with gateway(base_url, limiter=limiter, clock=ImpatientClock()) as made:
        with pytest.raises(Unanswered) as caught:
            await made.ask(item(), "q")
        assert caught.value.cause is Cause.FAILED
        assert limiter.ends == [["give_back"]] * 4
        assert list(made.signed().values()) == [0]


async def test_each_attempt_has_a_fresh_permit() -> None:
    async with upstream() as server:
        server.answer = answers(
            lambda: json_response({}, 500),
            lambda: json_response({}, 429, x_retry_at=str(SERVER_TIME + 1)),
            lambda: json_response({}),
        )
        limiter = FakeLimiter()
        async with gateway(server.base_url, limiter=limiter, clock=ImpatientClock()) as made:
            await made.ask(item(), "q")
        assert limiter.ends == [["sent", "answered"], ["sent", "refused"], ["sent", "answered"]]


async def test_the_http_library_never_sends_a_request_twice_by_itself() -> None:
    """A kept-alive connection that the server closes on the next request: aiohttp would repeat a GET unasked."""
    received = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal received
        while await reader.readuntil(b"\r\n\r\n"):
            received += 1
            if received % 2 == 0:
                break
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        base_url = "http://{}:{}".format(*server.sockets[0].getsockname())
        limiter = FakeLimiter()
        async with gateway(base_url, limiter=limiter, clock=ImpatientClock()) as made:
            await made.ask(item("1"), "q")
            await made.ask(item("2"), "q")
        assert received == 3
        assert limiter.ends == [["sent", "answered"], ["sent", "give_back"], ["sent", "answered"]]
