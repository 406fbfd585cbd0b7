"""Wire: one HTTP exchange within its bounds, classified and redacted before anything else sees the body.

With ``lean`` the only module that imports aiohttp; both are imported when the first request is made. A plain GET goes
through ``lean`` where that knows this aiohttp, everything else through the session.

aiohttp repeats an idempotent request by itself when a kept-alive connection turns out to be closed
(``aiohttp/client.py``, ``_retry_connection``, which has no public switch). A repeat has no permit, so the ticket
refuses to be sent twice and the failure goes to our own retry.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, get_args

import aiohttp
import orjson
from yarl import URL

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import ApiSpec, Failed, Keyed, Malformed, Meaning, Ok, RawReply
from leadgen_core.contracts.keeping import Unreadable
from leadgen_core.contracts.protocols import PermitExpired
from leadgen_core.events import Attempt, Events
from leadgen_core.gateway import lean
from leadgen_core.gateway.exchange import OK, Call, ResentError, Result, Ticket
from leadgen_core.gateway.lean import Lean, TooLargeError
from leadgen_core.model.making import maker

if TYPE_CHECKING:
    from aiohttp.connector import Connection
    from multidict import CIMultiDictProxy

__all__ = ["Headers", "Wire"]

_HEADER = 8190
"""Bytes of the status line and of one header."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_AGENT = "leadgen"
_raw_reply, _attempt = maker(RawReply), maker(Attempt)
_TICKET: ContextVar[Ticket] = ContextVar("ticket")


class _Request(aiohttp.ClientRequest):
    """Knows the moment at which the first byte leaves: the connection is there, the headers are written next.

    ``TraceConfig.on_request_headers_sent`` fires at the same point, but tracing costs 11 µs a request (a sixth of
    what raw aiohttp takes), this override next to nothing. Were it ever not called, ``Wire.send`` makes up for it
    when the answer is there.
    """

    def send(self, conn: Connection) -> Coroutine[Any, Any, aiohttp.ClientResponse]:
        _TICKET.get().sent()
        return super().send(conn)


class Headers(Mapping[str, str]):
    """An answer's headers with lower-case names; of one that came twice, the last. Made of aiohttp's when read."""

    __slots__ = ("_received",)

    def __init__(self, received: CIMultiDictProxy[str]) -> None:
        self._received = received

    def __getitem__(self, name: str) -> str:
        if not name.islower():
            raise KeyError(name)
        return self._received.getall(name)[-1]

    def get(self, name: str, default: Any = None) -> Any:
        """Without an exception for one that is not there: most are looked for in vain."""
        values = self._received.getall(name, None)
        return default if values is None or not name.islower() else values[-1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._received and name.islower()

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.lower() for name in self._received))

    def __len__(self) -> int:
        return len({name.lower() for name in self._received})


_NAMES = {meaning: meaning.__name__.lower() for meaning in get_args(Meaning)}


class Wire:
    """The connections of one API. Nothing is kept between requests but the connections: no cookies, no proxies."""

    def __init__(
        self,
        spec: ApiSpec,
        clock: Clock,
        events: Events,
        keyed: Keyed,
        connections: int,
        *,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._spec = spec
        self._clock = clock
        self._events = events
        self._keyed = keyed
        self._wall = wall
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._lean: Lean | None = None
        self._classify, self._redact = spec.classify, spec.redact
        self._timeouts = {
            name: aiohttp.ClientTimeout(total=operation.timeout) for name, operation in spec.operations.items()
        }
        self._date: tuple[str | None, float] = (None, 0.0)
        """The last ``Date`` header and what it says: it changes once a second."""

    async def send(self, call: Call, url: str, signed: Mapping[str, str], ticket: Ticket) -> Result:
        """One exchange. Whatever goes wrong is a ``Meaning``, but for cancellation and ``PermitExpired``."""
        started = self._clock.monotonic()
        try:
            result = await self._exchange(call, url, signed, ticket)
        except asyncio.CancelledError:
            if ticket.was_sent:
                self._report(call, "cancelled", None, started)
            raise
        except Exception as error:
            if ticket.expired:
                raise PermitExpired from None  # no attempt: nothing was sent
            result = _failure(error, call, url)
            _let_go(error)
        # What a plugin's classify returns may be anything, so it is not looked for as if it were one of ours.
        name = _NAMES.get(type(result.meaning), "other") if result.location is None else "redirect"
        self._report(call, name, result.status, started)
        return result

    async def _exchange(self, call: Call, url: str, signed: Mapping[str, str], ticket: Ticket) -> Result:
        request = call.request
        session = self._session or self._open()
        content: bytes | None
        if self._lean is not None and request.method == "GET" and not request.headers and request.json is None:
            status, raw_headers, content = await self._lean.get(
                url, signed, call.operation.timeout, call.operation.max_bytes, ticket.sent
            )
        else:
            status, raw_headers, content = await self._by_session(session, call, url, signed, ticket)
        received = Headers(raw_headers)
        received_at = self._received_at(received.get("date"))
        if content is None:
            if status == _NOT_MODIFIED:
                return Result(OK, None, url, status, received, received_at)
            if request.method != "GET":
                return Result(Malformed(f"a redirect of a {request.method}"), None, url, status, received, received_at)
            return Result(OK, None, url, status, received, received_at, False, received["location"])
        body, is_json = _parse(content, received.get("content-type", ""))
        raw = _raw_reply(status, received, body, is_json, received_at)
        meaning, kept = self._understand(call.name, raw)
        return Result(meaning, kept, url, status, received, received_at)

    async def _by_session(
        self, session: aiohttp.ClientSession, call: Call, url: str, signed: Mapping[str, str], ticket: Ticket
    ) -> tuple[int, CIMultiDictProxy[str], bytes | None]:
        """Status, headers and body; no body of a redirect and of a 304 that was asked for."""
        request = call.request
        headers: Mapping[str, str] = signed
        data: bytes | None = None
        if request.headers or request.json is not None:
            headers = {**request.headers, **signed}
            if request.json is not None:
                data = orjson.dumps(request.json)
                headers["Content-Type"] = "application/json"
        token = _TICKET.set(ticket)
        try:
            async with session.request(
                request.method,
                URL(url, encoded=True),
                headers=headers,
                data=data,
                timeout=self._timeouts[call.name],
                allow_redirects=False,
            ) as answer:
                if not ticket.was_sent:
                    ticket.sent()
                if not _wants(answer.status, answer.headers) or (answer.status == _NOT_MODIFIED and call.conditional):
                    return answer.status, answer.headers, None
                return answer.status, answer.headers, await _read(answer, call.operation.max_bytes)
        finally:
            _TICKET.reset(token)

    def _understand(self, operation: str, raw: RawReply) -> tuple[Meaning, Any]:
        """What the answer means, and what may be kept of it. Of exceptions only the type: texts may be personal."""
        try:
            meaning = self._classify(operation, raw)
        except Exception as error:
            return Malformed(f"{operation}: classify raised {type(error).__name__}"), None
        if not isinstance(meaning, Ok):
            return meaning, None
        try:
            return meaning, self._redact(operation, raw.body, self._keyed)
        except Unreadable as error:  # which names members, never what stood there
            return Malformed(f"{operation}: {error}"), None
        except Exception as error:
            return Malformed(f"{operation}: redact raised {type(error).__name__}"), None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=_Request,
                headers={"User-Agent": _AGENT},
                trust_env=False,
                max_line_size=_HEADER,
                max_field_size=_HEADER,
            )
            if lean.USABLE:
                self._lean = Lean(self._session, _AGENT, _HEADER, _wants)
        return self._session

    def _received_at(self, date: str | None) -> float:
        """The server's ``Date`` as epoch seconds, else our own wall clock's time (never the run's fixed one)."""
        if date is None:
            return self._wall()
        if date != self._date[0]:
            try:
                self._date = (date, parsedate_to_datetime(date).timestamp())
            except (ValueError, OverflowError):
                return self._wall()
        return self._date[1]

    def _report(self, call: Call, meaning: str, status: int | None, started: float) -> None:
        self._events.emit(_attempt(self._spec.name, call.name, meaning, status, self._clock.monotonic() - started))

    async def aclose(self) -> None:
        """Close the connections."""
        session, self._session, self._lean = self._session, None, None
        if session is not None:
            await session.close()


def _wants(status: int, headers: CIMultiDictProxy[str]) -> bool:
    """Whether the body is: that of a redirect is not."""
    return status not in _REDIRECTS or "location" not in headers


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """The decompressed body. Reading stops at the bound; the rest of the connection is thrown away."""
    chunks: list[bytes] = []
    size = 0
    while chunk := await answer.content.readany():
        size += len(chunk)
        if size > most:
            answer.close()
            raise TooLargeError
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _parse(content: bytes, content_type: str) -> tuple[Any, bool]:
    """JSON by its content type or by its first sign, since both are wrong at times; else the bytes."""
    if content and ("json" in content_type.lower() or content.lstrip()[:1] in (b"{", b"[")):
        try:
            return orjson.loads(content), True
        except orjson.JSONDecodeError:
            pass  # companies-house.md §1.3: plain sentences under a JSON content type
    return content, False


def _let_go(error: BaseException | None) -> None:
    """Forget the frames of an exception that is done with.

    aiohttp keeps it in the stream that its frames hold, connection and buffers with it: many broken answers would
    fill the memory until the collector, which looks rarely, comes by.
    """
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


def _failure(error: Exception, call: Call, url: str) -> Result:
    """What a broken exchange means. No text of the library's: it holds addresses."""
    meaning: Meaning
    if isinstance(error, TimeoutError):
        return Result(Failed(f"no answer within {call.operation.timeout:g} s"), url=url, timed_out=True)
    if isinstance(error, TooLargeError):
        meaning = Malformed(f"the answer is larger than {call.operation.max_bytes} bytes")
    elif isinstance(error, aiohttp.ClientConnectorCertificateError):
        meaning = Failed("the server's certificate is not valid")
    elif isinstance(error, aiohttp.ClientConnectorError):
        meaning = Failed("no connection to the server")
    elif isinstance(error, aiohttp.InvalidURL):
        meaning = Malformed("the request has no valid address")
    elif isinstance(error, aiohttp.ClientPayloadError):
        meaning = Failed("the answer was cut off or cannot be decompressed")
    elif isinstance(error, aiohttp.ClientResponseError):
        meaning = Malformed("the answer is no valid HTTP")
    elif isinstance(error, aiohttp.ClientError | OSError | ResentError):
        meaning = Failed("the connection broke")
    else:
        meaning = Malformed(f"the exchange raised {type(error).__name__}")
    return Result(meaning, url=url)
