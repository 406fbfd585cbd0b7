"""ApiSpec: all that is particular about one upstream, declared once and shared by the sources that use it.

The gateway stays general because everything it must know of an API stands here: where it is, how it is
signed, what its status codes mean, what its quota headers say, what may be kept of its answers, how long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import Factory, field

from leadgen_core.contracts.keeping import Keyed, Maybe, Shape, keeper
from leadgen_core.contracts.messages import (
    Exhausted,
    Failed,
    Malformed,
    Meaning,
    Nothing,
    Ok,
    RawReply,
    Refused,
    Request,
    RetryAt,
    Window,
)
from leadgen_core.contracts.status import by_status
from leadgen_core.model.records import frozen

if TYPE_CHECKING:
    from leadgen_core.contracts.lookup import Lookup

__all__ = [
    "ApiSpec",
    "AuthKind",
    "Credential",
    "Exhausted",
    "Failed",
    "Keyed",
    "Lifetime",
    "Malformed",
    "Meaning",
    "Nothing",
    "Ok",
    "Operation",
    "Paging",
    "RawReply",
    "Refused",
    "Request",
    "RetryAt",
    "Window",
]


@frozen
class Lifetime:
    """How long data of one class may be used.

    Past ``soft`` it is asked for again, but may be served, marked, while the API is down; past ``hard`` it is
    never served. ``persist``: may be written to a disk; ``export``: may leave in a lead. For
    ``stale_while_revalidate`` past ``soft`` it is served at once, marked, and asked for in the background.
    """

    soft: timedelta
    hard: timedelta
    persist: bool = True
    export: bool = True
    stale_while_revalidate: timedelta = timedelta(0)


@frozen
class Paging:
    """How an API turns pages: ``member`` of a body is the value of the query's ``parameter`` for the next page.

    On the last page that member is null, or not there. (An API that counts, or links, needs a function:
    ``ctx.pages(first, following)``.)
    """

    parameter: str
    member: str


@frozen
class Operation:
    """One kind of call: its class of data and whether it may be sent again.

    ``timeout`` bounds one attempt in seconds; ``max_bytes`` bounds the body. The rest is for an API that needs
    no code of its own to be asked and understood:

    - ``path``: below the base URL, with names in braces for its variable parts (``/members/{number}``), so that
      :meth:`ApiSpec.get` can make a lookup of it;
    - ``keep``: the shape of what may be kept of an ``Ok`` body (:mod:`leadgen_core.contracts.keeping`);
    - ``nothing``: members of the JSON object with which a 404 says that there is no such thing; without them a
      404 is malformed;
    - ``paging``: how ``ctx.pages`` finds the next page.

    ``quota`` is the name of the quota that calls of this operation count against, one of :attr:`ApiSpec.quotas`.
    Operations that name the same one share it; those that name none share the API's common one.
    """

    lifetime: str
    idempotent: bool = True
    timeout: float = 20.0
    max_bytes: int = 8 * 1024 * 1024
    path: str | None = field(default=None, kw_only=True)
    keep: Shape = field(default=None, kw_only=True)
    nothing: Mapping[str, Any] | None = field(default=None, kw_only=True)
    paging: Paging | None = field(default=None, kw_only=True)
    quota: str = field(default="", kw_only=True)


# --- credentials ------------------------------------------------------------------------------------------


class AuthKind(StrEnum):
    """How a request is signed. Other kinds come with plugins."""

    BASIC = "basic"
    """The key is the user of HTTP Basic, the password is empty."""
    BEARER = "bearer"
    HEADER = "header"
    """The key stands in the header named by :attr:`Credential.header`."""


@frozen
class Credential:
    """Which config field holds the key, and how it signs.

    ``kind_field`` names a config field that lets the operator choose another kind (``auth = "bearer"``).
    """

    field: str = "api_key"
    kind: AuthKind = AuthKind.BASIC
    header: str | None = None
    kind_field: str | None = None


_VARIABLE = re.compile(r"\{([A-Za-z_]\w*)\}")


def _classify(spec: ApiSpec) -> Callable[[str, RawReply], Meaning]:
    """By status code; see :func:`by_status`."""
    refused = "it asks for one, and none is declared" if spec.credential is None else f"check {spec.credential.field}"
    operations, who = spec.operations, spec.controller

    def classify(operation: str, reply: RawReply) -> Meaning:
        return by_status(reply, who=who, nothing=operations[operation].nothing, refused=refused)

    return classify


def _redact(spec: ApiSpec) -> Callable[[str, Any, Keyed], Any]:
    """By the operations' shapes, of which each must have one: nothing is kept by accident."""
    keepers = {}
    for name, operation in spec.operations.items():
        if operation.keep is None:
            raise ValueError(f"{spec.name}.{name}: say in keep what may be kept of its answers, or give redact")
        keepers[name] = keeper(operation.keep)
        shape = operation.keep.shape if isinstance(operation.keep, Maybe) else operation.keep
        paging = operation.paging
        if paging is not None and not (isinstance(shape, dict) and paging.member in shape):
            raise ValueError(f"{spec.name}.{name}: keep drops {paging.member}, by which its pages are turned")

    def redact(operation: str, body: Any, keyed: Keyed) -> Any:
        return keepers[operation](body, keyed)

    return redact


@frozen(kw_only=True)
class ApiSpec:
    """One upstream.

    - ``name``: lower case, unique; ``controller``: the data controller, which decides whether two sources are
      independent of each other.
    - ``base_url``: the default; the plugin's config field ``base_url_field`` overrides it. Its origin is
      allowed as it stands, private or plain HTTP; redirects to any other origin are refused unless its host
      is in ``hosts``.
    - ``operations``: every operation that a :class:`Lookup` may name.
    - ``windows``: the quota rules before the server has said anything; ``read_windows(headers, received_at)``
      reads what it says. The config field ``quota_field`` (calls a window) caps both. ``timeout_field``: the one
      by which the operator bounds each attempt, in seconds.
    - ``quotas``: where the server counts endpoints apart, the rules of each quota that an operation names; none, as
      in ``{"search": ()}``, where it states them itself. A call counts against one quota alone, and what its answer
      says, a 429 too, concerns that one alone; the cap holds for each. ``windows`` are then those of the operations
      that name none. Two rules of one quota have different lengths.
    - A rule whose windows lie on the clock, whenever the first call was, has ``resets_at``: any moment at which one
      ends. ``Window(100, 86_400.0, resets_at=0.0)`` is a day that ends at 00:00 UTC. By the ``Date`` of each answer
      the limiter is told of its end, unless ``read_windows`` has said something of this length.
    - ``classify(operation, reply)`` says what an answer means; network failures never reach it. Without one,
      :func:`~leadgen_core.by_status` and the operations' ``nothing`` say it.
    - ``redact(operation, body, keyed)`` returns the part of an ``Ok`` body that may be kept. It runs before
      cache, recording or parser see the body; build a new object from what you need, so that what an API adds
      tomorrow is dropped too. Without one, every operation has ``keep``. An exception in ``classify`` or
      ``redact`` makes the answer ``Malformed``.
    - ``lifetimes``: by class of data, the provider's terms as code.
    - ``probe``: a harmless request with which ``leadgen doctor`` tests reachability and credential.
    """

    name: str
    controller: str
    base_url: str
    operations: Mapping[str, Operation]
    lifetimes: Mapping[str, Lifetime]
    base_url_field: str = "base_url"
    credential: Credential | None = None
    hosts: tuple[str, ...] = ()
    windows: Sequence[Window] = ()
    read_windows: Callable[[Mapping[str, str], float], Sequence[Window]] | None = None
    quota_field: str = "quota"
    timeout_field: str = "timeout"
    price_usd: Mapping[str, float] = field(factory=dict)
    quotas: Mapping[str, Sequence[Window]] = field(factory=dict)
    probe: tuple[str, Request] | None = None
    classify: Callable[[str, RawReply], Meaning] = field(default=Factory(_classify, takes_self=True))
    redact: Callable[[str, Any, Keyed], Any] = field(default=Factory(_redact, takes_self=True))

    @property
    def limited(self) -> bool:
        """Whether it is known to count calls."""
        return bool(self.windows or self.quotas)

    def rules(self, quota: str = "") -> Sequence[Window]:
        """What is known beforehand of the quota of this name; the common one's is empty."""
        return self.quotas[quota] if quota else self.windows

    def get(self, operation: str, /, **values: object) -> Lookup:
        """One GET of an operation that has a ``path``.

        Values by the names in its braces fill them, quoted; the others are the query, those that are None left out.
        Raises ``ValueError`` for an operation without path and for a name of the path that has no value.
        """
        from leadgen_core.contracts.lookup import Lookup

        found = self.operations.get(operation)
        if found is None or found.path is None:
            raise ValueError(f"{self.name} declares no operation {operation} with a path")
        query = {name: str(value) for name, value in values.items() if value is not None}

        def fill(match: re.Match[str]) -> str:
            value = query.pop(match[1], "")
            if not value:
                raise ValueError(f"{self.name}.{operation}: the path needs a value for {match[1]}")
            return Lookup.segment(value)

        return Lookup.get(self, operation, _VARIABLE.sub(fill, found.path), query)
