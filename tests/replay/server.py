"""The server: HTTP around :class:`~tests.replay.answers.Register`, with key, quota, faults, log and gate."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import time
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Callable, Iterable
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from aiohttp import web
from attrs import evolve, field, frozen
from multidict import CIMultiDict

from tests.replay.answers import Answer, Register
from tests.replay.checker import Checker, load_specs
from tests.replay.control import Control, Entry
from tests.replay.faults import STATUS_ROWS, Action, Fault
from tests.replay.quota import Quota, Standing
from tests.replay.recorded import Head, load
from tests.replay.remote import answer_control
from tests.replay.shapes import is_known

__all__ = ["Options", "Server"]

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization"})
_CONTROL = "/_control"
_BARE = Head((), chunked=False)


@frozen(kw_only=True)
class Options:
    """How the register behaves.

    - ``recorded``, ``specs``: folders of the recorded answers and of the specifications.
    - ``keys``: for HTTP Basic, as user; ``tokens``: for Bearer. Each has a quota of its own.
    - ``limit`` calls per ``window`` seconds.
    - ``marks``: see :mod:`tests.replay.marks`.
    - ``known``: which numbers there are; ``unknown``: a regular expression of more that there are not.
    - ``tolerate``: query parameters that the checker lets pass although the specifications lack them.
    - ``now``: epoch seconds, for ``Date``, windows and log; ``offset``: seconds by which this clock is ahead.
    """

    recorded: Path
    specs: Path
    keys: tuple[str, ...] = field(default=("test-key",), converter=tuple)
    tokens: tuple[str, ...] = field(default=("test-token",), converter=tuple)
    limit: int = 600
    window: float = 300.0
    marks: bool = False
    known: Callable[[str], bool] | None = None
    unknown: str | None = None
    tolerate: frozenset[str] = field(default=frozenset(), converter=frozenset)
    faults: tuple[Fault, ...] = field(default=(), converter=tuple)
    now: Callable[[], float] = time.time
    offset: float = 0.0


def _known(options: Options) -> Callable[[str], bool] | None:
    if options.unknown is None:
        return options.known
    pattern, known = re.compile(options.unknown), options.known or is_known
    return lambda number: known(number) and pattern.fullmatch(number) is None


def _clock(options: Options) -> Callable[[], float]:
    return lambda: options.now() + options.offset


class Server:
    """One register. :meth:`start` it in a running loop; steer it by ``control``."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._now = _clock(options)
        recorded = load(options.recorded)
        self._empty = recorded.empty
        self._register = Register(recorded, known=_known(options), marks=options.marks)
        self._checker = Checker(load_specs(options.specs), options.tolerate)
        self._quota = Quota(options.limit, options.window, self._now)
        self.control = Control(self._quota)
        self.control.faults.set(options.faults)
        json = Head((*recorded.empty.fields, ("content-type", "application/json")), chunked=False)
        self._refusals = {
            row: Answer(401, json, STATUS_ROWS[row].content) for row in ("401-wrong-key", "401-no-header")
        }
        self._credentials = dict(_credentials(options))
        self._header_sets: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}
        self._date = (0, "")
        self._runner: web.ServerRunner | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Listen, and return the base URL."""
        self.control.bind(asyncio.get_running_loop())
        # A client that goes away ends its handler: stalled and held answers do not pile up.
        server = web.Server(self._handle, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=1024)
        await site.start()
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def aclose(self) -> None:
        self.control.release()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- one request ----------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        target = request.raw_path
        path, _, raw_query = target.partition("?")
        query = parse_qsl(raw_query, keep_blank_values=True) if raw_query else []
        if path.startswith(_CONTROL):
            return await answer_control(self.control, request, path[len(_CONTROL) :], dict(query))
        entry = Entry(request.method, path, query, target, self._headers(request), self._now())
        self.control.begin(entry)
        try:
            self._checker.check(request.method, path, query, self.control.violate)
            return await self._answer(request, entry)
        finally:
            self.control.end()

    async def _answer(self, request: web.BaseRequest, entry: Entry) -> web.StreamResponse:
        fault = self.control.faults.take(entry.target)
        refused = self._authorize(request.headers.get("Authorization"), entry)
        standing = None
        if refused is not None and not (fault and fault.keyless):
            answer = refused
        else:
            if entry.credential is not None and (fault is None or fault.quota):
                standing = self._quota.spend(entry.credential)
            if standing is not None and standing.over:
                answer = Answer(429, self._empty, b"")
            elif fault is not None and fault.status is not None:
                answer = Answer(fault.status, self._empty if fault.quota else _BARE, fault.content)
            else:
                answer = self._real(request.method, entry)
                if fault is not None and fault.body is not None:
                    answer = evolve(answer, body=fault.content)
        headers = self._live(standing)
        for name, value in answer.head.fields:
            headers.setdefault(name, value)
        if fault is None:
            await self.control.pass_gate(entry)
            self.control.answered(entry, answer.status)
            return _response(request, answer, headers)
        for name, text in fault.headers.items():
            headers.pop(name, None)
            if text is not None:
                headers[name] = text
        if fault.delay:
            await asyncio.sleep(fault.delay)
        await self.control.pass_gate(entry)
        self.control.answered(entry, answer.status if fault.action in {Action.ANSWER, Action.TRUNCATE} else 0)
        return await _act(fault.action, request, answer, headers)

    def _real(self, method: str, entry: Entry) -> Answer:
        if method != "GET":
            return Answer(404, self._empty, b"")
        parts = entry.path[1:].split("/")
        if "%" in entry.path:
            parts = [unquote(part) for part in parts]
        return self._register.answer(parts, dict(reversed(entry.query)))

    # --- parts of it ----------------------------------------------------------------------------------------

    def _headers(self, request: web.BaseRequest) -> tuple[tuple[str, str], ...]:
        """Without the key. A client sends the same ones again and again: each set is kept once."""
        headers = tuple(
            (name, value)
            for name, value in ((name.lower(), value) for name, value in request.headers.items())
            if name not in _SECRET_HEADERS
        )
        return self._header_sets.setdefault(headers, headers)

    def _authorize(self, header: str | None, entry: Entry) -> Answer | None:
        """The 401 of §1.3, or None and the credential in the log."""
        row = "401-no-header" if not header else "401-wrong-key"
        entry.credential = self._credentials.get(_presented(header)) if header else None
        if entry.credential is not None:
            return None
        return self._refusals[row]

    def _live(self, standing: Standing | None) -> CIMultiDict[str]:
        second = int(self._now())
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True))
        headers = CIMultiDict({"date": self._date[1]})
        if standing is not None:
            headers["x-ratelimit-limit"] = str(standing.limit)
            headers["x-ratelimit-remain"] = str(standing.remain)
            headers["x-ratelimit-reset"] = str(standing.reset)
            headers["x-ratelimit-window"] = self._quota.label
        return headers


def _credentials(options: Options) -> Iterable[tuple[str, str]]:
    for place, key in enumerate(options.keys):
        yield f"basic {key}", f"key:{place}"
    for place, key in enumerate(options.tokens):
        yield f"bearer {key}", f"token:{place}"


def _presented(header: str) -> str:
    """``basic <user>`` (the password is ignored, §1.1) or ``bearer <token>``; anything else matches nothing."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return f"bearer {value.strip()}"
    if scheme.lower() != "basic":
        return ""
    try:
        return "basic " + b64decode(value.strip(), validate=True).decode().partition(":")[0]
    except (BadBase64, UnicodeDecodeError):
        return ""


# --- sending ------------------------------------------------------------------------------------------------


def _response(request: web.BaseRequest, answer: Answer, headers: CIMultiDict[str]) -> web.Response:
    response = web.Response(body=answer.body, status=answer.status, headers=headers)
    if answer.head.chunked and request.version.minor:
        response.enable_chunked_encoding()
    return response


async def _act(
    action: Action, request: web.BaseRequest, answer: Answer, headers: CIMultiDict[str]
) -> web.StreamResponse:
    if action is Action.STALL:
        await asyncio.Event().wait()
    if action is Action.TRUNCATE:
        return await _truncated(request, answer, headers)
    if action is Action.RESET and request.transport is not None:
        # Lingering for no time makes the kernel send RST instead of an orderly end.
        raw = request.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return _response(request, answer, headers)


async def _truncated(request: web.BaseRequest, answer: Answer, headers: CIMultiDict[str]) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
