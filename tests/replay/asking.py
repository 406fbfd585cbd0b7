"""A plain client for tests of the replay server itself."""

from __future__ import annotations

import http.client
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
from attrs import frozen

__all__ = ["Asked", "Got", "ask", "basic"]


class Asked(Protocol):
    """What can be asked: a register in a thread or a process."""

    base_url: str
    key: str


@frozen
class Got:
    """One answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


def basic(key: str, password: str = "") -> str:
    """The value of an Authorization header."""
    return "Basic " + b64encode(f"{key}:{password}".encode()).decode()


def ask(
    register: Asked, path: str, *, authorization: str | None = "", method: str = "GET", timeout: float = 10.0
) -> Got:
    """Ask with the register's own key; ``authorization``: another header, None: no header."""
    headers = {} if authorization is None else {"Authorization": authorization or basic(register.key)}
    connection = http.client.HTTPConnection(urlsplit(register.base_url).netloc, timeout=timeout)
    try:
        connection.request(method, path, headers=headers)
        reply = connection.getresponse()
        return Got(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()
