"""Faults done to requests: a middleware in front of a simulator.

What an API says of itself stays its own: a 429 has the simulator's quota headers and spends its quota, a wrong key
is refused in the simulator's words. What a proxy would say never reaches the simulator.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import socket
import struct
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from leadgen_sandbox.serving.faults import Fault, Kind, Scripted
from leadgen_sandbox.serving.spoiling import drifted, retyped

__all__ = ["Sleep", "faulty"]

Sleep = Callable[[float], Awaitable[object]]

_REMAINING = re.compile(r"x-(?:\w+-)?rate-?limit-remain(?:ing)?", re.IGNORECASE)
_RESET = re.compile(r"x-(?:\w+-)?rate-?limit-reset|retry-after", re.IGNORECASE)
_OF_THE_BODY = ("Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "ETag")
_BAD_GATEWAY = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_INTERNAL = b'{"error":"Internal server error"}'
_PROMISED = 64
"""Bytes that a truncated answer without a body promises."""
_REFUSED = frozenset({401, 403, 429})
"""Answers that stand whatever else would go wrong: they come before the work that can fail."""


def faulty(scripted: Scripted, credentials: Collection[str], sleep: Sleep = asyncio.sleep) -> Middleware:
    """The middleware. ``credentials`` are the values that the API accepts, to be spoilt for a wrong key."""
    act = _Acting(tuple(credentials), sleep)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = scripted.take(request.method, request.raw_path)
        return await _answer(request, handler) if fault is None else await act(fault, request, handler)

    return middleware


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The simulator's answer, also where it raises one (an unknown path)."""
    try:
        return await handler(request)
    except web.HTTPException as answer:
        return answer


class _Acting:
    def __init__(self, credentials: tuple[str, ...], sleep: Sleep) -> None:
        self._credentials = credentials
        self._sleep = sleep

    async def __call__(self, fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
        match fault.kind:
            case Kind.BAD_GATEWAY:
                return web.Response(status=502, body=_BAD_GATEWAY, content_type="text/html")
            case Kind.STALL:
                return await self._stalled(fault, request)
            case Kind.RESET:
                return _reset(request)
            case Kind.SLOW:
                await self._sleep(fault.number("seconds") or 0.0)
                return await _answer(request, handler)
            case Kind.WRONG_KEY:
                return await _answer(self._spoilt(request), handler)
        answer = await _answer(request, handler)
        if not isinstance(answer, web.Response) or answer.prepared or answer.status in _REFUSED:
            return answer  # a stream that has begun cannot be changed any more
        match fault.kind:
            case Kind.THROTTLED:
                return _throttled(answer, fault.number("retry_after") or 0.0)
            case Kind.FAILED:
                return web.Response(status=500, body=_INTERNAL, headers=_kept(answer), content_type="application/json")
            case Kind.TRUNCATED:
                return await _truncated(request, answer, fault.number("share") or 0.0)
            case Kind.WRONG_TYPE if fault.word("of") == "content-type":
                headers = _kept(answer)
                return web.Response(status=answer.status, body=answer.body, headers=headers, content_type="text/plain")
            case Kind.WRONG_TYPE:
                return _changed(answer, retyped)
        return _changed(answer, lambda body: drifted(body, fault.word("how")))

    async def _stalled(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        """Nothing comes; a client that goes away ends it, as the server cancels its handler."""
        seconds = fault.number("seconds")
        if seconds is None:
            await asyncio.Event().wait()
        else:
            await self._sleep(seconds)
        return _reset(request)

    def _spoilt(self, request: web.Request) -> web.Request:
        """The same request with another key wherever it has one of ours: in a header, in Basic, in the query."""
        headers = request.headers.copy()
        for name in set(headers):
            headers[name] = self._wrong(headers[name])
        url = request.rel_url.update_query(
            {name: self._wrong(value) for name, value in request.query.items() if value in self._credentials}
        )
        return request.clone(headers=headers, rel_url=url)

    def _wrong(self, text: str) -> str:
        for credential in self._credentials:
            text = text.replace(credential, "wrong")
        scheme, _, value = text.partition(" ")
        if scheme.lower() != "basic":
            return text
        try:
            user = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return text
        return f"{scheme} {base64.b64encode(self._wrong(user).encode()).decode()}"


def _kept(answer: web.Response) -> MutableMapping[str, str]:
    """The headers that do not speak of the body: those of the quota, above all."""
    headers = answer.headers.copy()
    for name in _OF_THE_BODY:
        headers.popall(name, None)
    return headers


def _throttled(answer: web.Response, retry_after: float) -> web.Response:
    """A refusal by the quota: nothing left of it, until when it itself says, or for so many seconds."""
    headers = _kept(answer)
    for name in list(headers):
        if _REMAINING.fullmatch(name):
            headers[name] = "0"
    if not any(_RESET.fullmatch(name) for name in headers):
        headers["Retry-After"] = f"{retry_after:.0f}"
    return web.Response(status=429, headers=headers)


def _changed(answer: web.Response, change: Callable[[Any], Any]) -> web.Response:
    """The answer with its JSON changed; one that is no JSON stays as it is."""
    try:
        body = orjson.loads(answer.body if isinstance(answer.body, bytes) else b"")
    except orjson.JSONDecodeError:
        return answer
    return web.Response(
        status=answer.status, body=orjson.dumps(change(body)), headers=_kept(answer), content_type=answer.content_type
    )


async def _truncated(request: web.Request, answer: web.Response, share: float) -> web.StreamResponse:
    """All headers, part of the body, and then the connection is closed."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    headers = answer.headers.copy()
    headers.popall("Content-Length", None)
    cut = web.StreamResponse(status=answer.status, headers=headers)
    cut.content_length = len(body) or _PROMISED
    await cut.prepare(request)
    await cut.write(body[: min(int(len(body) * share), max(len(body) - 1, 0))])
    if request.transport is not None:
        request.transport.close()
    return cut


def _reset(request: web.Request) -> web.Response:
    """The connection is reset; what is returned goes nowhere."""
    if request.transport is not None:
        # Lingering for no time makes the kernel send RST instead of an orderly end.
        raw = request.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
