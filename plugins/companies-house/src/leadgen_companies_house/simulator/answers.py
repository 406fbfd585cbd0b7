"""What the service sends: status, body, and which of the register's sets of headers goes with it (§1.3)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from enum import Enum, auto
from hashlib import blake2b
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

import orjson
from attrs import frozen

__all__ = [
    "NOTHING",
    "Answer",
    "BadParameter",
    "Form",
    "Json",
    "Query",
    "Recent",
    "Serial",
    "etag",
    "found",
    "refused",
    "token",
    "truth",
]

Json = dict[str, Any]
T = TypeVar("T")

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" * 4
"""A letter for each byte."""


class Form(Enum):
    """Which headers and framing an answer has; recorded are :attr:`JSON`, :attr:`EMPTY` and :attr:`SHORT`."""

    JSON = auto()
    """Chunked JSON of a service with a session cookie; also plain text, which goes out under a JSON content type."""
    EMPTY = auto()
    """``content-length: 0`` and no content type."""
    SHORT = auto()
    """JSON with a length, without cookie and cache headers: the registered office address."""


@frozen
class Answer:
    """An answer before quota, date and cookie. ``keep``: it is the same for every call."""

    status: int
    body: bytes = b""
    form: Form = Form.EMPTY
    keep: bool = True


NOTHING = Answer(404)


def found(body: Json, form: Form = Form.JSON) -> Answer:
    """200 with this object."""
    return Answer(200, orjson.dumps(body), form)


def refused(status: int, sentence: str = "") -> Answer:
    """An answer of an error status: empty, or one plain sentence under a JSON content type."""
    return Answer(status, sentence.encode(), Form.JSON if sentence else Form.EMPTY)


class BadParameter(ValueError):
    """A parameter is refused with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"refused with {answer.status}")
        self.answer = answer


class Query:
    """The parameters of a request."""

    def __init__(self, raw: str) -> None:
        self._pairs: dict[str, list[str]] = {}
        if "%" in raw or "+" in raw:
            pairs = parse_qsl(raw, keep_blank_values=True)
        else:  # what most requests look like, at a quarter of the cost
            pairs = [(name, value) for name, _, value in (part.partition("=") for part in raw.split("&")) if name]
        for name, value in pairs:
            self._pairs.setdefault(name, []).append(value)

    def text(self, name: str) -> str | None:
        """The first value as it was sent, None when the parameter is not there."""
        values = self._pairs.get(name)
        return values[0] if values else None

    def texts(self, name: str) -> list[str] | None:
        """The values of a list: repeated keys, each also split at commas; None when the parameter is not there."""
        values = self._pairs.get(name)
        return None if values is None else [part for value in values for part in value.split(",")]

    def integer(self, name: str, default: int) -> int:
        """A number, ``default`` when the parameter is not there or empty; raises :class:`BadParameter` (400) else."""
        text = self.text(name)
        if not text:
            return default
        digits = text[1:] if text[0] in "+-" else text
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            raise BadParameter(refused(400))
        return int(text)

    def page(self, default: int, maximum: int) -> tuple[int, int]:
        """Start and clamped size of a page: a size of 0 means the default, a negative one its absolute value (§1.5)."""
        size = abs(self.integer("items_per_page", default)) or default
        return max(0, self.integer("start_index", 0)), min(size, maximum)


def truth(query: Query, name: str) -> bool:
    """A parameter ``true`` or ``false``, false when it is not there; raises :class:`BadParameter` (400) else."""
    text = (query.text(name) or "false").lower()
    if text not in {"true", "false"}:
        raise BadParameter(refused(400))
    return text == "true"


# --- opaque values ------------------------------------------------------------------------------------------


def _digest(parts: Sequence[object], size: int) -> bytes:
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=size).digest()


def etag(*parts: object) -> str:
    """40 hexadecimal digits, the same for the same parts."""
    return _digest(parts, 20).hex()


def token(length: int, *parts: object) -> str:
    """A URL-safe id of this many characters (at most 64), the same for the same parts."""
    return _spelt(_digest(parts, length))


def _spelt(digest: bytes) -> str:
    return digest.translate(_ALPHABET).decode()


class Serial:
    """Values that differ from call to call, in an order that the seed fixes."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._calls = 0

    def next(self, size: int) -> bytes:
        """The next value of so many bytes."""
        self._calls += 1
        return _digest((self._seed, self._calls), size)

    def text(self, length: int) -> str:
        """The next value as an id of so many characters (at most 64)."""
        return _spelt(self.next(length))


class Recent(Generic[T]):
    """The entries used last, up to a bound on the sum of their sizes."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._entries: OrderedDict[str, tuple[T, int]] = OrderedDict()

    def get(self, key: str) -> T | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: str, value: T, size: int = 1) -> T:
        """Keep this and return it; what was used longest ago makes room."""
        if (old := self._entries.pop(key, None)) is not None:
            self._used -= old[1]
        self._entries[key] = (value, size)
        self._used += size
        while self._used > self._room:
            self._used -= self._entries.popitem(last=False)[1][1]
        return value
