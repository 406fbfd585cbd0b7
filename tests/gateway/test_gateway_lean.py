"""Lean: what leaves and what comes back is what a session's request would have sent and given, on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from leadgen_core.contracts.protocols import PermitExpired
from leadgen_core.gateway import lean
from leadgen_core.gateway.lean import Lean, TooLargeError
from tests.gateway.gateway_kit import gateway, item, until

SECONDS = 5.0
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Sends the next of the prepared answers to each request; the last one for ever. ``hang``: to none."""

    def __init__(self, answers: list[bytes]) -> None:
        self.answers = answers
        self.base = ""
        self.requests: list[bytes] = []
        self.connections = 0
        self.open = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.writers.append(writer)
        try:
            while True:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def serving(*answers: bytes) -> AsyncIterator[tuple[Server, Lean]]:
    made = Server(list(answers))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    async with server:
        made.base = "http://{}:{}".format(*server.sockets[0].getsockname())
        session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=5), cookie_jar=aiohttp.DummyCookieJar())
        async with session:
            yield made, Lean(session, "leadgen", 8190, lambda status, _headers: status != 302)


async def get(served: tuple[Server, Lean], path: str = "/x", most: int = 1000) -> tuple[int, bytes | None]:
    server, client = served
    status, _, body = await client.get(server.base + path, {"Authorization": "k"}, SECONDS, most, lambda: None)
    return status, body


async def test_the_bytes_that_leave_are_those_of_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(OK) as (server, _):
        for usable in (True, False):
            monkeypatch.setattr(lean, "USABLE", usable)
            async with gateway(server.base) as made:
                await made.ask(item("a%20b?c=d&e="), "p.s")
    ours, theirs = server.requests
    assert ours == theirs
    assert ours.startswith(b"GET /items/a%20b?c=d&e= HTTP/1.1\r\nHost: 127.0.0.1:")


async def test_a_connection_is_used_again() -> None:
    async with serving(OK) as served:
        assert [await get(served) for _ in range(3)] == [(200, b"{}")] * 3
        assert served[0].connections == 1


async def test_what_was_not_read_to_its_end_is_not_used_again() -> None:
    found = b"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 5000\r\n\r\nbegin"
    async with serving(found, OK) as served:
        assert await get(served) == (302, None)
        assert await get(served) == (200, b"{}")
        assert served[0].connections == 2
        await until(lambda: served[0].open == 1)


async def test_a_body_beyond_its_bound_closes_the_connection() -> None:
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 2000
    async with serving(long) as served:
        with pytest.raises(TooLargeError):
            await get(served)
        await until(lambda: served[0].open == 0)


@pytest.mark.parametrize("length", [1000, 1001])
async def test_the_bound_itself_is_allowed(length: int) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length + b"x" * length) as served:
        if length == 1000:
            assert await get(served) == (200, b"x" * 1000)
        else:
            with pytest.raises(TooLargeError):
                await get(served)


async def test_a_body_in_chunks_is_put_together() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    async with serving(chunked) as served:
        assert [await get(served), await get(served)] == [(200, b"abcde")] * 2
        assert served[0].connections == 1


async def test_words_before_the_answer_are_passed_over() -> None:
    async with serving(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK) as served:
        assert await get(served) == (200, b"{}")


async def test_a_kept_connection_that_the_server_closed_is_not_used() -> None:
    async with serving(OK) as served:
        await get(served)
        served[0].writers[0].close()
        await until(lambda: served[0].open == 0)
        await asyncio.sleep(0)
        try:
            await get(served)
        except aiohttp.ServerDisconnectedError:
            await get(served)  # the end had not arrived here yet; the retry above takes care of it
        assert served[0].connections == 2


async def test_who_is_cancelled_closes_the_connection() -> None:
    async with serving(b"") as served:
        task = asyncio.get_running_loop().create_task(get(served))
        await until(lambda: len(served[0].requests) == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: served[0].open == 0)


async def test_a_server_that_is_silent_is_a_time_out() -> None:
    async with serving(b"") as (server, client):
        with pytest.raises(TimeoutError):
            await client.get(server.base + "/", {}, 0.05, 10, lambda: None)
        await until(lambda: server.open == 0)


async def test_nothing_is_sent_on_a_permit_that_is_void() -> None:
    def void() -> None:
        raise PermitExpired

    async with serving(OK) as (server, client):
        with pytest.raises(PermitExpired):
            await client.get(server.base + "/", {}, SECONDS, 10, void)
        await until(lambda: server.connections == 1 and server.open == 0)
        assert server.requests == []


async def test_no_header_breaks_its_line() -> None:
    async with serving(OK) as (server, client):
        for value in ("a\r\nX: y", "a\nX: y", "a\0"):
            with pytest.raises(ValueError, match="line break"):
                await client.get(server.base + "/", {"X-Key": value}, SECONDS, 10, lambda: None)
        assert server.connections == 0


async def test_a_closed_session_asks_nothing() -> None:
    async with serving(OK) as (server, client):
        await client._session.close()
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.get(server.base + "/", {}, SECONDS, 10, lambda: None)


# --- what the bytes above never show ----------------------------------------------------------------------


class Pieces:
    """A body that comes in these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def at_eof(self) -> bool:
        return not self.pieces

    async def readany(self) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


@pytest.mark.parametrize("pieces", [(b"x" * 1000, b"y"), (b"x" * 999, b"yz"), (b"x", b"y" * 1000), (b"x" * 1001,)])
async def test_what_comes_after_the_bound_is_noticed(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(TooLargeError):
        await lean._read(Pieces(*pieces), 1000)  # type: ignore[arg-type]


async def test_pieces_up_to_the_bound_are_put_together() -> None:
    assert await lean._read(Pieces(b"x" * 999, b"y"), 1000) == b"x" * 999 + b"y"  # type: ignore[arg-type]


async def test_each_set_of_headers_has_its_own_head_and_few_are_kept() -> None:
    async with serving(OK) as (server, client):
        for key in range(200):
            await client.get(server.base + "/", {"X-Key": str(key)}, SECONDS, 10, lambda: None)
        assert [request.count(b"X-Key: %d\r\n" % key) for key, request in enumerate(server.requests)] == [1] * 200
        assert len(client._heads) <= 64


async def test_a_connection_that_closes_in_the_last_moment_is_not_written_to() -> None:
    async with serving(OK) as (server, client):
        connector = client._session.connector
        assert connector is not None

        def closes() -> None:
            for protocol in connector._acquired:
                assert protocol.transport is not None
                protocol.transport.close()

        with pytest.raises(aiohttp.ClientConnectionResetError):
            await client.get(server.base + "/", {}, SECONDS, 10, closes)
        assert server.requests == []


async def test_another_protocol_is_an_answer_and_nothing_is_waited_for() -> None:
    async with serving(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n") as served:
        status, _ = await get(served)
        assert status == 101
