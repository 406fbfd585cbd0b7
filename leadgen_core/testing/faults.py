"""What can go wrong between an API and who asks it, each as one thing done to one request."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler
from attrs import field, frozen

__all__ = ["CUT", "FOREIGN", "HANG", "HTML", "HUGE", "RESET", "Fault", "answering", "suffer"]

_PAGE = b"<html><body><h1>Service unavailable</h1></body></html>"
_NOT_FOUND = b"<html><head><title>404 Not Found</title></head><body>nginx</body></html>"


@frozen
class Fault:
    """``kind`` is ``answer`` (with status, body and headers), ``reset``, ``hang``, ``cut`` or ``huge``."""

    kind: str
    name: str
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(factory=dict)


def answering(name: str, status: int, body: bytes = b"", **headers: str) -> Fault:
    """An answer in place of the API's. ``retry_after="7"`` becomes the header ``retry-after``."""
    named = {header.replace("_", "-"): value for header, value in headers.items()}
    return Fault("answer", name, status, body, named)


RESET = Fault("reset", "the connection breaks")
HANG = Fault("hang", "no answer comes")
CUT = Fault("cut", "the answer is cut off")
HUGE = Fault("huge", "the answer is larger than its bound")
HTML = answering("200 with a page of HTML", 200, _PAGE, content_type="text/html")
FOREIGN = answering("a 404 of another server", 404, _NOT_FOUND, content_type="text/html")
"""What a wrong ``base_url`` gives for every company."""


async def suffer(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer the request as the fault has it."""
    if fault.kind == "answer":
        return web.Response(status=fault.status, body=fault.body, headers=fault.headers)
    if fault.kind == "hang":
        await asyncio.Event().wait()
    if fault.kind == "cut":
        return await _cut(request, await handler(request))
    if fault.kind == "huge":
        return await _huge(request)
    return _reset(request)


def _reset(request: web.Request) -> web.StreamResponse:
    """RST: the connection breaks in the middle of things."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)


async def _cut(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """Half of the body under the headers of all of it, and then the end of the connection."""
    body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b""
    half = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    half.content_length = len(body) + 64
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half


async def _huge(request: web.Request) -> web.StreamResponse:
    """A body that goes on until the client has had enough."""
    endless = web.StreamResponse(status=200, headers={"Content-Type": "application/json"})
    await endless.prepare(request)
    await endless.write(b'{"padding": "')
    while True:
        await endless.write(b"x" * 65536)
