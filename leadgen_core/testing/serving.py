"""An API on a port of 127.0.0.1: a simulator or a script, what it was asked, and what goes wrong in front of it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler
from attrs import define, field

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import RawReply, Request
from leadgen_core.testing.faults import Fault, answering, suffer

__all__ = ["Asked", "Desk", "Front", "first_pages", "scripted_application", "served"]

_END = 0.2
"""Seconds that open answers get when a server ends; those that hang are cut."""


@define
class Desk:
    """A :class:`leadgen_core.contracts.world.SimulatorDesk` whose time is ``ahead`` (seconds) of ``clock``'s."""

    clock: Clock
    credentials: Mapping[str, str] = field(factory=dict, repr=False)
    window: float | None = None
    phase: float = 0.0
    ahead: float = 0.0

    def now(self) -> float:
        return self.clock.now().timestamp() + self.ahead

    def monotonic(self) -> float:
        return self.clock.monotonic() + self.ahead


@define
class Asked:
    """One request that reached the server, and its answer."""

    method: str
    target: str
    headers: Mapping[str, str]
    sent: bytes = b""
    status: int | None = None
    body: bytes = b""
    answered: Mapping[str, str] = field(factory=dict)
    """The headers of the answer."""


@define(eq=False)
class Front:
    """What stands in front of an API: it remembers every request and does what ``fault`` says.

    ``fault(place, request)`` is asked for each, with its place from 0; None lets it through.
    """

    fault: Callable[[int, web.Request], Fault | None] = field(default=lambda _place, _request: None)
    asked: list[Asked] = field(factory=list)
    before: Callable[[], None] = field(default=lambda: None)
    """Called before a request is passed on."""

    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        place = len(self.asked)
        record = Asked(request.method, request.raw_path, dict(request.headers), await request.read())
        self.asked.append(record)
        fault = self.fault(place, request)
        self.before()
        try:
            response = await (handler(request) if fault is None else suffer(fault, request, handler))
        except web.HTTPException as answer:
            record.status = answer.status
            raise
        record.status = response.status
        record.answered = dict(response.headers)
        body = getattr(response, "body", None)
        record.body = body if isinstance(body, bytes) else b""
        return response


def first_pages(asked: Iterable[Asked]) -> dict[str, Fault]:
    """By path, the first answer to it: given to every request, a list has no end."""
    firsts: dict[str, Fault] = {}
    for each in asked:
        if each.status == 200:
            kind = each.answered.get("Content-Type", "application/json")
            path = unquote(each.target.partition("?")[0])
            firsts.setdefault(path, answering("the first page", 200, each.body, content_type=kind))
    return firsts


@asynccontextmanager
async def served(application: web.Application, front: Front | None = None) -> AsyncIterator[str]:
    """Serve it on a free port of 127.0.0.1; gives its base URL. A client that goes away ends its handler."""
    if front is not None:

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await front.handle(request, handler)

        application.middlewares.insert(0, middleware)
    runner = web.AppRunner(
        application, handler_cancellation=True, access_log=None, logger=_silent(), shutdown_timeout=_END
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _silent() -> logging.Logger:
    """aiohttp's own log: what breaks here is broken on purpose, and who asks sees the answer."""
    logger = logging.getLogger("leadgen_core.testing.http")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger


def scripted_application(script: Callable[[Request], RawReply]) -> web.Application:
    """An API that answers what ``script`` says."""

    async def answer(request: web.Request) -> web.Response:
        sent: Any = await request.read()
        reply = script(
            Request(
                request.rel_url.raw_path,
                dict(request.query),
                request.method,
                dict(request.headers),
                orjson.loads(sent) if sent else None,
            )
        )
        headers = dict(reply.headers)
        if reply.is_json:
            headers.setdefault("Content-Type", "application/json")
        body = orjson.dumps(reply.body) if reply.is_json and not isinstance(reply.body, bytes) else reply.body
        return web.Response(status=reply.status, body=body, headers=headers)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    return application
