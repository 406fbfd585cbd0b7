"""Lean: a plain GET over aiohttp's own connections and parser, without what a session builds for each request.

Pool, DNS cache, TLS, time-outs of connecting, parser, decompression and their errors are aiohttp's. Left out are the
request, response, writer and timer objects of ``ClientSession.request``, which cost more than all of that.

The methods that are used here (``BaseConnector.connect``, ``ResponseHandler.set_response_params`` and ``read``) are
public by name, but aiohttp documents none of them. So this is used with the release series that it was written for
only (:data:`USABLE`), and everything else goes through the session.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from leadgen_core.gateway.patience import Patience

if TYPE_CHECKING:
    from multidict import CIMultiDictProxy

__all__ = ["USABLE", "Lean", "TooLargeError"]

USABLE = aiohttp.__version__.startswith("3.14.")
"""Whether this is a release series of aiohttp that was looked through for this module."""
_ORIGINS = 64
"""Heads that are kept: an API has one or two origins, and few sets of headers."""
_UNTIMED = aiohttp.ClientTimeout(total=None)
_BREAKS = re.compile(r"[\r\n\0]")
_INFORMATIONAL = range(100, 200)
_SWITCHING = 101


class TooLargeError(Exception):
    """The body is longer than its bound."""


class Lean:
    """GET requests of one session. ``most`` bounds the status line and each header, in bytes."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        user_agent: str,
        most: int,
        reads: Callable[[int, CIMultiDictProxy[str]], bool],
    ) -> None:
        """``reads`` says by status and headers whether the body is wanted."""
        self._session = session
        self._user_agent = user_agent
        self._most = most
        self._reads = reads
        self._loop = asyncio.get_running_loop()
        self._patience = Patience()
        self._heads: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[aiohttp.ClientRequest, bytes]] = {}

    async def get(
        self, url: str, headers: Mapping[str, str], seconds: float, most: int, sent: Callable[[], None]
    ) -> tuple[int, CIMultiDictProxy[str], bytes | None]:
        """Status, headers and body, None where it is not wanted.

        ``url`` is ASCII, without fragment, as ``Home`` makes it. ``seconds`` bound all of it. ``sent`` is called when
        the connection is there, before the first byte leaves; when it raises, nothing is sent. Raises
        ``TooLargeError`` for a body of more than ``most`` bytes, and what ``ClientSession.request`` raises.
        """
        slash = url.find("/", 8)
        key = (url[:slash], tuple(headers.items()))
        request, head = self._heads.get(key) or self._head(key)
        connector = self._session.connector
        if connector is None:
            raise aiohttp.ClientConnectionError("the session is closed")
        with self._patience.within(seconds):
            connection = await connector.connect(request, [], _UNTIMED)
            try:
                sent()
                protocol = connection.protocol
                if protocol is None or protocol.transport is None or protocol.transport.is_closing():
                    raise aiohttp.ClientConnectionResetError("the connection was closed")
                protocol.set_response_params(read_until_eof=True, max_line_size=self._most, max_field_size=self._most)
                protocol.transport.write(b"GET %b HTTP/1.1\r\n%b" % (url[slash:].encode("ascii"), head))
                try:
                    message, payload = await protocol.read()
                    while message.code in _INFORMATIONAL and message.code != _SWITCHING:
                        message, payload = await protocol.read()
                except HttpProcessingError as error:
                    raise aiohttp.ClientResponseError(request.request_info, (), status=error.code) from error
                body = await _read(payload, most) if self._reads(message.code, message.headers) else None
            except BaseException:
                connection.close()
                raise
        connection.release()  # which closes it, unless all of the body was read
        return message.code, message.headers, body

    def _head(self, key: tuple[str, tuple[tuple[str, str], ...]]) -> tuple[aiohttp.ClientRequest, bytes]:
        """A request that stands for all to this origin, and its header lines as aiohttp would write them."""
        origin, headers = key
        request = aiohttp.ClientRequest(
            "GET",
            URL(origin + "/", encoded=True),
            headers={"User-Agent": self._user_agent, **dict(headers)},
            loop=self._loop,
            session=self._session,
        )
        lines = [f"{name}: {value}" for name, value in request.headers.items()]
        if any(_BREAKS.search(line) for line in lines):
            raise ValueError("a header with a line break")
        if len(self._heads) >= _ORIGINS:
            self._heads.clear()
        made = self._heads[key] = (request, ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8"))
        return made


async def _read(payload: aiohttp.StreamReader, most: int) -> bytes:
    """The decompressed body. Reading stops at the bound."""
    body = await payload.readany()
    if payload.at_eof() and len(body) <= most:
        return body  # most are there with their head
    chunks = [body]
    size = len(body)
    while size <= most and (chunk := await payload.readany()):
        chunks.append(chunk)
        size += len(chunk)
    if size > most:
        raise TooLargeError
    return b"".join(chunks)
