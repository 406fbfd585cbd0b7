"""The servers: each simulator on a port of 127.0.0.1, with what protects it and the faults in front of it."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from email.utils import formatdate
from typing import Any, Protocol

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from attrs import field, frozen

from leadgen_core import UsageError
from leadgen_core.contracts.world import World
from leadgen_sandbox.serving.acting import faulty
from leadgen_sandbox.serving.desk import Desk, drawn_credentials
from leadgen_sandbox.serving.faults import ApiFaults, Scripted

__all__ = ["HOST", "Offered", "Serving", "Settings"]

HOST = "127.0.0.1"
_BACKLOG = 1024
_PORTS = 65_535
_END = 0.2
"""Seconds that open answers get when the server ends; some of them stall for ever."""


class _Named(Protocol):
    @property
    def api(self) -> str: ...


class Offered(Protocol):
    """A simulator that a plugin offers: an ``Offer`` of the registry."""

    @property
    def plugin(self) -> object: ...
    @property
    def spec(self) -> _Named: ...
    def make(self) -> Any: ...


@frozen(kw_only=True)
class Settings:
    """How the APIs are served.

    ``port``: of the first API by name; the others have those after it. 0: free ports. ``window``: seconds that
    quota windows are shortened to. ``clock``: what the servers' clocks say at first. ``faults``: by API.
    """

    seed: int
    port: int = 0
    window: float | None = None
    clock: datetime | None = None
    faults: Mapping[str, ApiFaults] = field(factory=dict)


class Serving:
    """All APIs, from :meth:`start` to :meth:`aclose`. ``say`` is told, in a sentence, what went wrong."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._stack = AsyncExitStack()

    async def start(self, offers: Sequence[Offered], world: World) -> dict[str, dict[str, str]]:
        """Serve each; gives by API its ``base_url`` and its credentials. A simulator that raises is left out.

        Raises UsageError when a port cannot be had.
        """
        port = self._settings.port
        if port and port + len(offers) - 1 > _PORTS:
            raise UsageError(f"--port {port}: there are {len(offers)} APIs and no ports after {_PORTS}")
        served = {}
        for place, offer in enumerate(sorted(offers, key=lambda each: each.spec.api)):
            api = offer.spec.api
            try:
                credentials, application = self._application(offer, world)
            except (Exception, SystemExit) as error:
                self._say(f"the simulator of {api} is left out: {_who(offer)} broke with {type(error).__name__}")
                continue
            # A simulator that is left out keeps its port free: the others stay where they are.
            bound = await self._listen(application, api, port and port + place)
            served[api] = {"base_url": f"http://{HOST}:{bound}", **credentials}
        return served

    async def aclose(self) -> None:
        """Close every port and cut what is still open."""
        await self._stack.aclose()

    def _application(self, offer: Offered, world: World) -> tuple[dict[str, str], web.Application]:
        settings, api = self._settings, offer.spec.api
        simulator = offer.make()
        faults = settings.faults.get(api, ApiFaults())
        credentials = drawn_credentials(settings.seed, api, tuple(simulator.credentials))
        desk = Desk(credentials=credentials, window=settings.window, phase=faults.window_phase, start=settings.clock)
        application = simulator.application(world, desk)
        if not isinstance(application, web.Application):
            raise TypeError(api)
        middlewares = [self._guard(offer)]
        if faults.rates or faults.scripts:
            middlewares.append(faulty(Scripted(settings.seed, api, faults), credentials.values()))
        application.middlewares[:0] = middlewares
        if settings.clock is not None:
            application.on_response_prepare.append(_dated(desk))
        return credentials, application

    def _guard(self, offer: Offered) -> Middleware:
        """A simulator that raises while it answers: 500, and one line for each kind of exception."""
        told: set[str] = set()

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                return await handler(request)
            except (web.HTTPException, ConnectionError):
                raise
            except Exception as error:
                kind = type(error).__name__
                if kind not in told:
                    told.add(kind)
                    self._say(f"the simulator of {offer.spec.api} failed: {_who(offer)} raised {kind}")
                return web.Response(status=500)

        return guard

    async def _listen(self, application: web.Application, api: str, port: int) -> int:
        # A client that goes away ends its handler: stalled answers do not pile up.
        runner = web.AppRunner(
            application, handler_cancellation=True, access_log=None, logger=_silent(), shutdown_timeout=_END
        )
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        try:
            await web.TCPSite(runner, HOST, port, backlog=_BACKLOG).start()
        except (OSError, OverflowError) as error:
            why = "is in use" if getattr(error, "errno", None) == errno.EADDRINUSE else "cannot be had"
            raise UsageError(f"--port {self._settings.port}: the port {port} for {api} {why}") from None
        bound: int = runner.addresses[0][1]
        return bound


def _who(offer: Offered) -> str:
    return f"the plugin {offer.plugin}"


def _dated(desk: Desk) -> Callable[[web.Request, web.StreamResponse], Any]:
    async def dated(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = formatdate(desk.now(), usegmt=True)

    return dated


def _silent() -> logging.Logger:
    """aiohttp's own log: requests that are no HTTP are answered, and are nobody's trouble."""
    logger = logging.getLogger("leadgen_sandbox.http")
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
    return logger
