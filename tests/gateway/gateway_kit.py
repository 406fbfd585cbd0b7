"""What the gateway's tests share: a declared API, a recorder of events, a limiter and stores that can be hurt."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

from aiohttp import web

from leadgen_core import events as event_types
from leadgen_core.clock import Clock
from leadgen_core.contracts.api import (
    ApiSpec,
    AuthKind,
    Credential,
    Exhausted,
    Failed,
    Keyed,
    Lifetime,
    Malformed,
    Meaning,
    Nothing,
    Ok,
    Operation,
    RawReply,
    Refused,
    Request,
    RetryAt,
    Window,
)
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Lease, Meter, RateLimiter
from leadgen_core.events import Events
from leadgen_core.gateway import Binding, Gateway, Tier
from leadgen_core.secrets import Secret

T = TypeVar("T")

HOUR = 3600.0
DATE = "Fri, 30 Jan 2026 13:14:22 GMT"
SERVER_TIME = 1769778862.0
"""``DATE`` as epoch seconds."""


def classify(operation: str, reply: RawReply) -> Meaning:
    """A plain API: the quota in ``x-retry-at``, a used-up day in ``x-exhausted``."""
    if reply.status == 200:
        return Ok() if reply.is_json or operation == "page" else Malformed("no JSON")
    if reply.status == 404:
        return Nothing()
    if reply.status == 429:
        if "x-exhausted" in reply.headers:
            return Exhausted(float(reply.headers["x-exhausted"]))
        at = reply.headers.get("x-retry-at")
        return RetryAt(None if at is None else float(at))
    if reply.status in (401, 403):
        return Refused("set the api_key")
    if reply.status >= 500:
        return Failed()
    return Malformed(f"status {reply.status}")


def redact(_operation: str, body: Any, keyed: Keyed) -> Any:
    """Drops what must not be kept, keys the day of birth."""
    if not isinstance(body, dict):
        return body
    kept = {name: value for name, value in body.items() if name != "nationality"}
    if "born" in kept:
        kept["born"] = keyed(str(kept["born"]))
    return kept


def read_windows(headers: Any, _received_at: float) -> Sequence[Window]:
    if "x-remaining" not in headers:
        return ()
    return (Window(600, 300.0, int(headers["x-remaining"]), SERVER_TIME + 300),)


def make_spec(**changes: Any) -> ApiSpec:
    """An API ``acme`` with the operations item (an hour, two at most), page (bytes), secret (not to persist), pay."""
    values: dict[str, Any] = {
        "name": "acme",
        "controller": "Acme",
        "base_url": "https://acme.example",
        "operations": {
            "item": Operation("data"),
            "page": Operation("data"),
            "quick": Operation("data", timeout=0.2, max_bytes=1000),
            "secret": Operation("fleeting"),
            "pay": Operation("data", idempotent=False),
        },
        "classify": classify,
        "redact": redact,
        "lifetimes": {
            "data": Lifetime(timedelta(hours=1), timedelta(hours=2)),
            "fleeting": Lifetime(timedelta(hours=1), timedelta(hours=2), persist=False),
        },
        "credential": Credential(),
        "read_windows": read_windows,
        "windows": (Window(600, 300.0),),
        "probe": ("item", Request("/probe")),
    }
    return ApiSpec(**(values | changes))


ACME = make_spec()


def item(key: str = "1", operation: str = "item") -> Lookup:
    return Lookup.get(ACME, operation, f"/items/{key}")


class Recorder:
    """Hears every event."""

    def __init__(self) -> None:
        self.all: list[object] = []
        self.events = Events()
        for name in event_types.__all__:
            kind = getattr(event_types, name)
            if kind is not Events:
                self.events.on(kind, self.all.append)

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.all if isinstance(event, kind)]


class FakePermit:
    def __init__(self, limiter: FakeLimiter) -> None:
        self.calls: list[Any] = []
        self._limiter = limiter

    def give_back(self) -> None:
        self.calls.append("give_back")
        self._limiter.stumble()

    def sent(self) -> None:
        self.calls.append("sent")
        self._limiter.stumble()

    def answered(self, windows: Sequence[Window], server_time: float) -> None:
        self.calls.append(("answered", [window.remaining for window in windows], server_time))
        self._limiter.stumble()

    def refused(self, retry_at: float | None, windows: Sequence[Window], server_time: float) -> None:
        self.calls.append(("refused", retry_at, server_time))
        self._limiter.stumble()


class FakeLimiter:
    """Gives permits while the gate is open and records what becomes of each."""

    def __init__(self) -> None:
        self.permits: list[FakePermit] = []
        self.meters: list[Meter] = []
        self.wishes: list[object] = []
        self.waiting = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails_to_acquire = False
        self.fails_afterwards = False

    async def acquire(self, meter: Meter, wish: object = None) -> FakePermit:
        if self.fails_to_acquire:
            raise RuntimeError("a text that may hold anything")
        self.meters.append(meter)
        self.wishes.append(wish)
        self.waiting += 1
        try:
            await self.gate.wait()
        finally:
            self.waiting -= 1
        permit = FakePermit(self)
        self.permits.append(permit)
        return permit

    def status(self, meter: Meter) -> Window | None:
        return Window(600, 300.0, 600 - len(self.permits)) if meter in self.meters else None

    def stumble(self) -> None:
        if self.fails_afterwards:
            raise RuntimeError("a text that may hold anything")

    @property
    def ends(self) -> list[list[str]]:
        """Of each permit the names of the calls on it."""
        return [[call if isinstance(call, str) else call[0] for call in permit.calls] for permit in self.permits]


class JsonStore:
    """A tier that keeps text, as Redis does, and can be made to fail or to hang."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.ttls: dict[str, int] = {}
        self.error: Exception | None = None
        self.hangs = False
        self.calls = 0

    async def _suffer(self) -> None:
        self.calls += 1
        if self.error is not None:
            raise self.error
        if self.hangs:
            await asyncio.Event().wait()

    async def get(self, key: str) -> Any:
        await self._suffer()
        text = self.texts.get(key)
        return None if text is None else json.loads(text)

    async def set(self, key: str, value: Any, ttl: int) -> Any:
        await self._suffer()
        self.texts[key] = json.dumps(value)
        self.ttls[key] = ttl
        return True


class Upstream:
    """A real HTTP server on localhost. ``answer`` makes the response; ``asked`` lists the requests."""

    def __init__(self) -> None:
        self.asked: list[web.BaseRequest] = []
        self.base_url = ""
        self.answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]] = ok

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        return await self.answer(request)

    @property
    def paths(self) -> list[str]:
        return [request.path_qs for request in self.asked]


async def ok(_request: web.BaseRequest) -> web.StreamResponse:
    return json_response({"name": "Acme", "nationality": "Ruritanian"})


def json_response(body: Any, status: int = 200, **headers: str) -> web.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(
        text=json.dumps(body), status=status, content_type="application/json", headers={"Date": DATE} | named
    )


def answers(*responses: Callable[[], web.StreamResponse]) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    """Each response once, in order, the last one for ever."""
    left = list(responses)

    async def answer(_request: web.BaseRequest) -> web.StreamResponse:
        return (left.pop(0) if len(left) > 1 else left[0])()

    return answer


@asynccontextmanager
async def upstream() -> AsyncIterator[Upstream]:
    """The server, in the test's own loop."""
    server = Upstream()
    runner = web.ServerRunner(web.Server(server._handle), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.base_url = "http://{}:{}".format(*runner.addresses[0])
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def gateway(
    base_url: str,
    *,
    spec: ApiSpec = ACME,
    caches: Sequence[Tier] = (),
    limiter: RateLimiter | None = None,
    clock: Clock | None = None,
    recorder: Recorder | None = None,
    secret: Secret | None = Secret("k3y"),  # noqa: B008 - immutable
    kind: AuthKind | None = None,
    closed: bool = False,
    concurrency: int = 20,
    lease: Lease | None = None,
    at_most: float | None = None,
    cap: int | None = None,
) -> AsyncIterator[Gateway]:
    made = Gateway(
        [Binding(spec, "acme-plugin", base_url, secret, kind, cap, closed, at_most)],
        caches=caches,
        limiter=limiter,
        clock=clock or Clock(),
        events=(recorder or Recorder()).events,
        keyed=lambda text: f"keyed({len(text)})",
        key_id="key1",
        concurrency=concurrency,
        lease=lease,
    )
    try:
        yield made
    finally:
        await made.aclose()


class ImpatientClock(Clock):
    """Real, but nobody sleeps: waits are listed instead."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        super().__init__(sleep=self._skip)

    async def _skip(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool], within: float = 5.0) -> None:
    """Wait until it is so; what tests of real sockets do instead of sleeping."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - it watches a server and sockets, which set no event of ours
            await asyncio.sleep(0.001)


async def together(work: Iterable[Awaitable[T]], within: float = 15.0) -> list[T]:
    """All of it; what waits for ever fails instead of hanging."""
    async with asyncio.timeout(within):
        return await asyncio.gather(*work)
