"""Addresses: what a request's URL is, where a redirect may lead, and that neither leaves the allowed origins.

URLs at home are put together from the configured origin and a path, never parsed from what somebody else wrote,
so that two parsers cannot disagree about the host that is sent a credential.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from leadgen_core.contracts.api import Request
from leadgen_core.errors import UsageError
from leadgen_core.model.answers import Cause, Unanswered

__all__ = ["Home"]

_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[^!-~]|[\\#]")
"""Whatever is no printable ASCII, and two signs that parsers read in more than one way."""
_DOTS = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
"""Segments that a server resolves upwards. ``Lookup.segment`` leaves dots alone, so they are refused here."""


class Home:
    """One API's origin, the path that its base URL may have, and the other hosts it may redirect to.

    Raises ``UsageError`` for a base URL that is none; the value is not repeated, it may hold a password.
    """

    def __init__(self, base_url: str, hosts: tuple[str, ...], owner: str) -> None:
        flaw = UsageError(
            f"{owner}: base_url must be an http or https address like https://host/path, without user, query or blank"
        )
        try:
            parts = urlsplit(base_url)
            origin = _origin(parts)
        except ValueError:
            raise flaw from None
        path = parts.path.rstrip("/")
        if _UNSAFE.search(base_url) or "@" in parts.netloc or "?" in base_url or _DOTS.search(path):
            raise flaw
        self._scheme = origin[0]
        self._origin = origin
        self.origin = _text(origin)
        self._base = self.origin + path
        self._hosts = frozenset(host.lower() for host in hosts)

    def url(self, request: Request) -> str:
        """The URL of a request. Raises ``Unanswered(malformed)`` for a path that is not one below the base URL."""
        path = request.path
        if path[:1] != "/" or _UNSAFE.search(path) or _climbs(path):
            raise Unanswered(Cause.MALFORMED, "a request's path must begin with / and be quoted, without dot segments")
        if not request.params:
            return self._base + path
        return f"{self._base}{path}{'&' if '?' in path else '?'}{_query(tuple(request.params.items()))}"

    def follow(self, current: str, location: str) -> tuple[str, bool]:
        """Where a redirect leads, and whether that is at home (only there is a request signed).

        Raises ``ValueError`` with a sentence for one that may not be followed.
        """
        if _UNSAFE.search(location.partition("#")[0]):
            raise ValueError("a redirect to an address that is none")
        try:
            target = urlsplit(urljoin(current, location))
            origin = _origin(target)
        except ValueError:
            raise ValueError("a redirect to an address that is none") from None
        tail = (target.path or "/") + (f"?{target.query}" if target.query else "")
        if "@" in target.netloc:
            raise ValueError("a redirect to an address with a user in it")
        if origin == self._origin:
            return self.origin + tail, True
        if origin[1] in self._hosts and origin[0] in ("https", self._scheme):
            return _text(origin) + tail, False
        raise ValueError("a redirect to another origin")


def _climbs(path: str) -> bool:
    """Whether a segment leads upwards. The search is slow, and hardly any path has what it looks for."""
    return ("/." in path or "/%2" in path) and _DOTS.search(path.partition("?")[0]) is not None


@lru_cache(maxsize=256)
def _query(params: tuple[tuple[str, str], ...]) -> str:
    """Encoded; most requests of an API have one of a few queries (a page size), and encoding is slow."""
    return urlencode(params)


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    """Scheme, host, port. Raises ``ValueError`` unless it is HTTP with a host."""
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("not an http address")
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def _text(origin: tuple[str, str, int]) -> str:
    scheme, host, port = origin
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port == _PORTS[scheme] else f"{scheme}://{shown}:{port}"
