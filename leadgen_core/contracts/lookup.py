"""Lookup and Reply: the only way to ask an API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from leadgen_core.contracts.api import ApiSpec, Request
from leadgen_core.model.claims import Provenance
from leadgen_core.model.making import maker
from leadgen_core.model.records import frozen

__all__ = ["Lookup", "Reply"]

_request = maker(Request)


@frozen
class Reply:
    """What an API said: the redacted ``body`` (JSON or bytes), or ``nothing`` when it says there is none.

    Replies are shared between companies, so treat ``body`` as read-only.
    """

    body: Any
    nothing: bool
    provenance: Provenance


@frozen
class Lookup:
    """A question to an API: the same ``(api, operation, key)`` is asked upstream once and cached once.

    An ordinary API needs :meth:`get` only. An API that takes many keys in one call sets ``max_keys``,
    ``build`` for a request of several keys, and ``split`` to give each key its part of the answer (None for
    a key of which the answer says that there is nothing).
    """

    api: ApiSpec
    operation: str
    key: str
    build: Callable[[Sequence[str]], Request]
    max_keys: int = 1
    split: Callable[[Any, Sequence[str]], Mapping[str, Any]] | None = None

    @classmethod
    def get(cls, api: ApiSpec, operation: str, path: str, params: Mapping[str, str | int] | None = None) -> Lookup:
        """One GET. ``path`` is taken as it stands: put variable parts through :meth:`segment`."""
        make = _lookup if cls is Lookup else cls
        if not params:
            request = _request(path)
            return make(api, operation, path, lambda _keys: request)
        query, sorted_query = _query(tuple([(name, str(value)) for name, value in params.items()]))
        request = _request(path, query)
        return make(api, operation, f"{path}?{sorted_query}", lambda _keys: request)

    def following(self, reply: Reply) -> Lookup | None:
        """The lookup of the next page, as the operation's ``paging`` says; None after the last page."""
        paging = self.api.operations[self.operation].paging
        if paging is None:
            raise ValueError(f"{self.api.name}.{self.operation} declares no paging: give pages a function")
        turn = reply.body.get(paging.member) if isinstance(reply.body, dict) else None
        if turn is None or turn == "":
            return None
        request = self.build([self.key])
        return Lookup.get(self.api, self.operation, request.path, {**request.params, paging.parameter: turn})

    @staticmethod
    def segment(text: str) -> str:
        """The text as one segment of a path: nothing in it can change the path."""
        return text if text.isascii() and text.isalnum() else quote(text, safe="")


_lookup = maker(Lookup)


@lru_cache(maxsize=256)
def _query(params: tuple[tuple[str, str], ...]) -> tuple[Mapping[str, str], str]:
    """The query as it is sent, and in an order that makes equal queries equal keys.

    Most lookups of an API have one of a few queries (a page size), and encoding is slow.
    """
    return MappingProxyType(dict(params)), urlencode(sorted(params))
