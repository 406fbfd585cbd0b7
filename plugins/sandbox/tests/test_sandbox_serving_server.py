"""The servers: ports, credentials, clocks, simulators that break, clients that misbehave."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from leadgen_sandbox.serving.desk import Desk, drawn_credentials

from leadgen_core import UsageError
from plugins.sandbox.tests.sandbox_standin import CLOCK, Offer, Served, Spec, TinyWorld, served

PATH = "/company/00000001"


async def status(sandbox: Served, path: str = PATH, api: str = "tiny") -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(sandbox.url(path, api), headers=sandbox.headers(api)) as answer,
    ):
        return answer.status


async def raw(sandbox: Served, content: bytes) -> bytes:
    """What comes back for these bytes until the server closes the connection."""
    parts = urlsplit(sandbox.apis["tiny"]["base_url"])
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(content)
        async with asyncio.timeout(10):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


# --- ports and credentials --------------------------------------------------------------------------------


async def test_each_api_has_a_port_and_credentials_of_its_own() -> None:
    async with served(Offer(Spec("b")), Offer(Spec("a"))) as sandbox:
        assert list(sandbox.apis) == ["a", "b"]
        for api in sandbox.apis.values():
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", api["base_url"])
        assert len({api["base_url"] for api in sandbox.apis.values()}) == 2
        assert len({api["api_key"] for api in sandbox.apis.values()}) == 2
        assert [await status(sandbox, api=api) for api in "ab"] == [200, 200]
        wrong = {"Authorization": sandbox.headers("b")["Authorization"]}
        async with aiohttp.ClientSession() as session, session.get(sandbox.url(PATH, "a"), headers=wrong) as answer:
            assert answer.status == 401


def test_credentials_depend_on_the_seed_alone() -> None:
    drawn = drawn_credentials(1, "tiny", ["api_key", "token"])
    assert drawn == drawn_credentials(1, "tiny", ["api_key", "token"])
    assert len({*drawn.values(), *drawn_credentials(2, "tiny", ["api_key", "token"]).values()}) == 4
    assert "Secret" not in repr(drawn)
    assert drawn["api_key"] not in repr(Desk(credentials=drawn))


def free_ports(count: int) -> int:
    """The first of so many ports in a row that nobody has."""
    for first in range(20_000, 32_000, 16):
        holders = [socket.socket() for _ in range(count)]
        try:
            for place, holder in enumerate(holders):
                holder.bind(("127.0.0.1", first + place))
        except OSError:
            continue
        else:
            return first
        finally:
            for holder in holders:
                holder.close()
    raise OSError("no ports")


async def test_a_given_port_is_the_first_and_a_broken_simulator_keeps_its_place() -> None:
    port = free_ports(3)
    offers = [Offer(Spec("a")), Offer(Spec("b"), RuntimeError("hunter2")), Offer(Spec("c"))]
    async with served(*offers, port=port) as sandbox:
        ports = {api: urlsplit(entry["base_url"]).port for api, entry in sandbox.apis.items()}
        assert ports == {"a": port, "c": port + 2}


async def test_a_port_in_use_is_told_and_nothing_stays_open() -> None:
    port = free_ports(2)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port + 1))
        holder.listen()
        with pytest.raises(UsageError, match=f"--port {port}: the port {port + 1} for b is in use"):
            async with served(Offer(Spec("a")), Offer(Spec("b")), port=port):
                pass
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))


async def test_ports_end_somewhere() -> None:
    with pytest.raises(UsageError, match="--port 65535: there are 2 APIs"):
        async with served(Offer(Spec("a")), Offer(Spec("b")), port=65_535):
            pass


# --- simulators that break --------------------------------------------------------------------------------


class Broken:
    """A simulator whose parts can be replaced."""

    def __init__(self, application: Any = None, credentials: Any = ("api_key",)) -> None:
        self.credentials: Sequence[str] = credentials
        self._application = application

    def application(self, _world: object, _desk: object) -> Any:
        if isinstance(self._application, BaseException):
            raise self._application
        return self._application


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (RuntimeError("hunter2"), "RuntimeError"),
        (SystemExit(7), "SystemExit"),
        (object(), "AttributeError"),
        (Broken(ValueError("hunter2")), "ValueError"),
        (Broken("no application"), "TypeError"),
        (Broken(web.Application(), credentials=7), "TypeError"),
    ],
)
async def test_a_simulator_that_raises_is_named_and_left_out(broken: Any, kind: str) -> None:
    offer = Offer(Spec("broken"), broken, "acme (acme-leads 1.2)")
    async with served(offer, Offer()) as sandbox:
        assert list(sandbox.apis) == ["tiny"]
        assert await status(sandbox) == 200
        assert sandbox.said == [
            f"the simulator of broken is left out: the plugin acme (acme-leads 1.2) broke with {kind}"
        ]


async def test_a_simulator_that_raises_while_it_answers_is_named_once() -> None:
    async with served() as sandbox:
        assert [await status(sandbox, "/company/00000003") for _ in range(3)] == [500] * 3
        assert await status(sandbox) == 200
        assert sandbox.said == ["the simulator of tiny failed: the plugin tiny (guest-tiny 1.0) raised KeyError"]


# --- clients that misbehave -------------------------------------------------------------------------------


async def test_http_1_0_is_answered() -> None:
    async with served() as sandbox:
        key = sandbox.headers()["Authorization"].encode()
        answer = await raw(sandbox, b"GET /company/00000001 HTTP/1.0\r\nAuthorization: " + key + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.0 200 ")
        assert b"COMPANY 00000001 LTD" in answer
        assert await status(sandbox) == 200


@pytest.mark.parametrize(
    "headers",
    [b"X: " + b"y" * (1 << 20), b"".join(b"X-%d: y\r\n" % number for number in range(80_000)), b"X" * (1 << 20)],
    ids=["one header", "many headers", "one name"],
)
async def test_a_megabyte_of_headers_is_refused_and_others_go_on(headers: bytes) -> None:
    async with served() as sandbox:
        waiting = asyncio.ensure_future(raw(sandbox, b"GET / HTTP/1.1\r\nHost: x\r\n"))  # and never an end of it
        answer = await raw(sandbox, b"GET /company/00000001 HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n")
        # Closed with bytes of ours unread, the kernel may reset the connection before the answer is read.
        assert answer == b"" or answer.split(b" ")[1] in {b"400", b"431"}
        assert await status(sandbox) == 200
        assert sandbox.said == []
        waiting.cancel()


@pytest.mark.parametrize(
    "content", [b"\x00\xff\x16\x03\x01", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 9 + b"?"]
)
async def test_what_is_no_http_is_refused(content: bytes) -> None:
    async with served() as sandbox:
        answer = await raw(sandbox, content + b"\r\n\r\n")
        assert answer == b"" or answer.split(b" ")[1] == b"400"
        assert await status(sandbox) == 200
        assert sandbox.said == []


async def test_a_client_that_goes_away_ends_its_answer() -> None:
    """Stalled answers would pile up else, one for each client that lost its patience."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def stalled(_request: web.Request) -> web.Response:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return web.Response()

    application = web.Application()
    application.router.add_get("/", stalled)
    async with served(Offer(simulator=Broken(application))) as sandbox:
        asking = asyncio.ensure_future(raw(sandbox, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
        async with asyncio.timeout(10):
            await begun.wait()
            asking.cancel()
            await ended.wait()


# --- clocks -----------------------------------------------------------------------------------------------


async def test_the_servers_clock_starts_where_it_is_told_and_goes_on() -> None:
    async with served(clock=CLOCK) as sandbox:
        async with aiohttp.ClientSession() as session, session.get(sandbox.url(PATH)) as answer:
            date = parsedate_to_datetime(answer.headers["Date"])
        assert 0 <= (date - CLOCK).total_seconds() <= 5
    wall = [1000.0]
    desk = Desk(credentials={}, start=datetime.fromtimestamp(5, CLOCK.tzinfo), wall=lambda: wall[0])
    assert desk.now() == 5
    wall[0] += 60
    assert desk.now() == 65
    assert Desk(credentials={}, wall=lambda: wall[0]).now() == 1060


def test_the_stand_in_is_a_world() -> None:
    world = TinyWorld()
    assert [company.number for company in world.companies()] == list(world.numbers)
    assert len(world) == 3
    assert world.company("99999999") is None
    assert list(world.presences("x")) == []
    assert world.facet("x") == {}
