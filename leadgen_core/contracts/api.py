"""ApiSpec: all that is particular about one upstream, declared once and shared by the sources that use it.

The gateway stays general because everything it must know of an API stands here: where it is, how it is
signed, what its status codes mean, what its quota headers say, what may be kept of its answers, how long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from attrs import field, frozen

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
    "RawReply",
    "Refused",
    "Request",
    "RetryAt",
    "Window",
]


# --- what is asked ----------------------------------------------------------------------------------------


@frozen
class Request:
    """One HTTP request: a path below the API's base URL and its query. The gateway adds the rest."""

    path: str
    params: Mapping[str, str] = field(factory=dict)
    method: str = "GET"
    headers: Mapping[str, str] = field(factory=dict)
    json: Any = None


@frozen
class Lifetime:
    """How long data of one class may be used.

    Past ``soft`` it is asked for again, but may be served, marked, while the API is down; past ``hard`` it is
    never served. ``persist``: may be written to a disk; ``export``: may leave in a lead.
    """

    soft: timedelta
    hard: timedelta
    persist: bool = True
    export: bool = True


@frozen
class Operation:
    """One kind of call: its class of data and whether it may be sent again.

    ``timeout`` bounds one attempt in seconds; ``max_bytes`` bounds the body.
    """

    lifetime: str
    idempotent: bool = True
    timeout: float = 20.0
    max_bytes: int = 8 * 1024 * 1024


# --- what the answer means --------------------------------------------------------------------------------


@frozen
class RawReply:
    """What came over the wire: ``headers`` with lower-case names, ``body`` parsed JSON where it is JSON.

    ``is_json`` tells whether it was; otherwise ``body`` is bytes. ``received_at`` is the time of arrival by
    the server's ``Date`` (epoch seconds), or by our clock when there is none.
    """

    status: int
    headers: Mapping[str, str]
    body: Any
    is_json: bool
    received_at: float


@frozen
class Ok:
    """The answer holds what was asked for."""


@frozen
class Nothing:
    """The upstream says that there is no such thing. ``ctx.ask`` returns this too: see ``Reply.nothing``."""


@frozen
class RetryAt:
    """Refused for now by a quota; ``at`` is when to ask again (epoch seconds, server's clock), None: unknown."""

    at: float | None = None


@frozen
class Failed:
    """The upstream failed (5xx, broken connection). The breaker counts it; idempotent calls are repeated."""

    because: str = ""


@frozen
class Exhausted:
    """A quota that this run cannot outwait (a day's) is used up until then (epoch seconds)."""

    until: float


@frozen
class Refused:
    """Refused for good: wrong key, no permission. ``mend`` says in one sentence what the operator can do."""

    mend: str


@frozen
class Malformed:
    """The answer is none that the documentation allows."""

    because: str = ""


Meaning = Ok | Nothing | RetryAt | Failed | Exhausted | Refused | Malformed
"""What an answer can mean."""


# --- quota ------------------------------------------------------------------------------------------------


@frozen
class Window:
    """A quota: ``limit`` calls in ``length`` seconds.

    As the server states it, ``remaining`` calls are left and the window ends at ``resets_at`` (epoch seconds
    by the server's clock, usually whole seconds); both are None where only the rule is known.
    """

    limit: int
    length: float
    remaining: int | None = None
    resets_at: float | None = None


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


Keyed = Callable[[str], str]
"""The HMAC of a text under the installation's key: equal for equal texts, useless without the key."""


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
      reads what it says. The config field ``quota_field`` (calls a window) caps both.
    - ``classify(operation, reply)`` says what an answer means; network failures never reach it.
    - ``redact(operation, body, keyed)`` returns the part of an ``Ok`` body that may be kept. It runs before
      cache, recording or parser see the body; build a new object from what you need, so that what an API adds
      tomorrow is dropped too. An exception in ``classify`` or ``redact`` makes the answer ``Malformed``.
    - ``lifetimes``: by class of data, the provider's terms as code.
    - ``probe``: a harmless request with which ``leadgen doctor`` tests reachability and credential.
    """

    name: str
    controller: str
    base_url: str
    operations: Mapping[str, Operation]
    classify: Callable[[str, RawReply], Meaning]
    redact: Callable[[str, Any, Keyed], Any]
    lifetimes: Mapping[str, Lifetime]
    base_url_field: str = "base_url"
    credential: Credential | None = None
    hosts: tuple[str, ...] = ()
    windows: Sequence[Window] = ()
    read_windows: Callable[[Mapping[str, str], float], Sequence[Window]] | None = None
    quota_field: str = "quota"
    price_usd: Mapping[str, float] = field(factory=dict)
    probe: tuple[str, Request] | None = None
