"""What broken answers leave behind: nothing that only the collector could free, for it looks rarely in a run."""

from __future__ import annotations

import asyncio
import gc

import pytest
from aiohttp.client_proto import ResponseHandler

from leadgen_core.gateway import lean
from leadgen_core.model.answers import Unanswered
from tests.gateway.gateway_kit import ImpatientClock, gateway, item

BROKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b'{"a":'


async def _cut_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(BROKEN)
    writer.close()


def _connections() -> int:
    return sum(isinstance(each, ResponseHandler) for each in gc.get_objects())


@pytest.mark.parametrize("usable", [True, False], ids=["lean", "session"])
async def test_a_broken_answer_keeps_no_connection(usable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lean, "USABLE", usable)
    server = await asyncio.start_server(_cut_off, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    gc.collect()
    before = _connections()
    gc.disable()
    try:
        async with server, gateway(f"http://{host}:{port}", clock=ImpatientClock()) as made:
            for key in range(3):
                with pytest.raises(Unanswered):
                    await made.ask(item(str(key), "quick"), "q")
        await asyncio.sleep(0)  # closed connections are told so in the next turn
        assert _connections() == before
    finally:
        gc.enable()
