"""The border: which addresses this process connects to, seen by an audit hook, and no other let through."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator
from typing import Any

from attrs import define, field

__all__ = ["Border", "border"]


@define
class Border:
    """``crossed``: what was tried and refused, in words. ``allowed``: addresses as ``host:port``."""

    allowed: Collection[str] = ()
    crossed: list[str] = field(factory=list)

    def refuse(self, what: str) -> None:
        if what not in self.crossed:
            self.crossed.append(what)
        raise PermissionError(f"{what} is none of the addresses that may be asked here")


_watching: list[Border] = []
_installed: list[bool] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and len(address) > 1:
            _judge(f"{address[0]}:{address[1]}")
        else:
            _watching[-1].refuse(f"the socket {address!r}")
    elif event == "socket.getaddrinfo":
        _judge(f"{_text(arguments[0])}:{_text(arguments[1])}")
    elif event in ("socket.gethostbyname", "socket.sendto"):
        _watching[-1].refuse(f"{_text(arguments[-1])}")


def _judge(address: str) -> None:
    if address not in _watching[-1].allowed:
        _watching[-1].refuse(address)


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


@contextlib.contextmanager
def border(allowed: Collection[str]) -> Iterator[Border]:
    """Refuse every connection but to ``allowed``, and remember what was tried.

    The hook itself stays for the life of the process (Python takes none back); outside this block it does nothing.
    """
    if not _installed:
        sys.addaudithook(_hook)
        _installed.append(True)
    watch = Border(allowed)
    _watching.append(watch)
    try:
        yield watch
    finally:
        _watching.remove(watch)
