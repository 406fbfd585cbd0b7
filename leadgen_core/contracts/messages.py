"""What passes between us and an upstream: requests, replies, what a reply means, what it says of the quota."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field

from leadgen_core.model.records import frozen

__all__ = [
    "Exhausted",
    "Failed",
    "Malformed",
    "Meaning",
    "Nothing",
    "Ok",
    "RawReply",
    "Refused",
    "Request",
    "RetryAt",
    "Window",
]


@frozen
class Request:
    """One HTTP request: a path below the API's base URL and its query. The gateway adds the rest."""

    path: str
    params: Mapping[str, str] = field(factory=dict)
    method: str = "GET"
    headers: Mapping[str, str] = field(factory=dict)
    json: Any = None


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
