"""HTTP around the register: the key, the quota, the headers of each form (companies-house.md §1.1-1.3)."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Mapping
from email.utils import formatdate
from hmac import compare_digest

from aiohttp import web

from leadgen_companies_house.simulator.answers import Answer, Form, Serial, refused
from leadgen_companies_house.simulator.register import Register
from leadgen_companies_house.simulator.window import FixedWindow, Standing
from leadgen_core.contracts.world import SimulatorDesk

__all__ = ["Service"]

_LIMIT, _LENGTH = 600, 300.0
_PROXY = {
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Headers": (
        "X-RateLimit-Query, origin, content-type, content-length, user-agent, host, accept, authorization"
    ),
    "Access-Control-Expose-Headers": (
        "X-RateLimit-Window, X-RateLimit-Limit, X-RateLimit-Remain, X-RateLimit-Reset, Location, www-authenticate, "
        "cache-control, pragma, content-type, expires, last-modified"
    ),
    "Access-Control-Max-Age": "3600",
}
_SECURED = {
    "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
    "Expires": "0",
    "Pragma": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-XSS-Protection": "0",
}
_JSON = {"Content-Type": "application/json"}
_HEADERS: Mapping[Form, Mapping[str, str]] = {
    Form.JSON: {**_PROXY, **_SECURED, **_JSON},
    Form.EMPTY: {**_PROXY, **_SECURED},
    Form.SHORT: {**_PROXY, **_JSON},
}

_NO_KEY = Answer(401, b'{"error":"Empty Authorization header","type":"ch:service"}', Form.SHORT)
_WRONG_KEY = Answer(401, b'{"error":"Invalid Authorization","type":"ch:service"}', Form.SHORT)
_TOO_MANY = refused(429)  # what the real one says in the body is not known (§6)
_NOT_ALLOWED = refused(405)


class Service:
    """One register with one key. Every answer to the right key spends its quota and says so."""

    def __init__(self, register: Register, desk: SimulatorDesk, seed: str) -> None:
        self._register = register
        self._key = desk.credentials["api_key"].encode()
        self._now = desk.now
        length = _LENGTH if desk.window is None else desk.window
        self._window = FixedWindow(_LIMIT, length, phase=desk.phase, now=desk.now, monotonic=desk.monotonic)
        self._sessions = Serial(f"{seed} session")
        self._accepted: str | None = None
        self._date = (-1, "")

    def application(self) -> web.Application:
        """One route for everything: the register finds its way itself."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self.handle)
        application.on_response_prepare.append(_unsigned)
        return application

    async def handle(self, request: web.Request) -> web.StreamResponse:
        refusal = self._refusal(request.headers.get("Authorization"))
        standing = None if refusal is not None else self._window.spend()
        if refusal is not None:
            answer = refusal
        elif standing is not None and standing.over:
            answer = _TOO_MANY
        elif request.method not in {"GET", "HEAD"}:
            answer = _NOT_ALLOWED
        else:
            answer = self._register.answer(str(request.rel_url))
        response = web.Response(body=answer.body, status=answer.status, headers=self._headers(answer, standing))
        if answer.form is Form.JSON and request.version.minor:
            response.enable_chunked_encoding()
        return response

    def _refusal(self, header: str | None) -> Answer | None:
        if header is None or not header.strip():
            return _NO_KEY
        if header == self._accepted:
            return None
        if not compare_digest(_presented(header), self._key):
            return _WRONG_KEY
        self._accepted = header  # a client sends the same one again and again
        return None

    def _headers(self, answer: Answer, standing: Standing | None) -> dict[str, str]:
        second = int(self._now())
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True))
        headers = {**_HEADERS[answer.form], "Date": self._date[1]}
        if answer.form is not Form.SHORT:
            headers["Set-Cookie"] = f"JSESSIONID={self._sessions.next(16).hex().upper()}; Path=/; HttpOnly"
        if standing is not None:
            headers["X-RateLimit-Limit"] = str(self._window.limit)
            headers["X-RateLimit-Remain"] = str(standing.remain)
            headers["X-RateLimit-Reset"] = str(standing.reset)
            headers["X-RateLimit-Window"] = self._window.label
        return headers


def _presented(header: str) -> bytes:
    """The key in a header: the user of Basic, whatever its password (§1.1), or a bearer token; empty for others."""
    scheme, _, value = header.partition(" ")
    kind, value = scheme.lower(), value.strip()
    if kind == "bearer":
        return value.encode(errors="surrogateescape")
    if kind != "basic":
        return b""
    try:
        return b64decode(value, validate=True).partition(b":")[0]
    except (BadBase64, ValueError):
        return b""


async def _unsigned(_request: web.Request, response: web.StreamResponse) -> None:
    """The register's answers name no server software."""
    response.headers.popall("Server", None)
