"""What happens in a run, as records. The summary, the audit file and monitors listen; nobody answers.

No event carries a secret, personal data or a company's name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from leadgen_core.model.records import frozen

__all__ = [
    "Attempt",
    "BreakerMoved",
    "CacheHit",
    "CacheMiss",
    "CompanyDone",
    "CredentialEvent",
    "Events",
    "LeaseDown",
    "LeaseWaited",
    "PluginBroke",
    "Throttled",
    "TierDown",
]

E = TypeVar("E")


@frozen
class Attempt:
    """One request upstream has ended. ``meaning`` is the lower-case name of its Meaning; seconds on the wire."""

    api: str
    operation: str
    meaning: str
    status: int | None
    seconds: float


@frozen
class CacheHit:
    """A reply came from this tier (``flight`` when another caller was already asking)."""

    api: str
    tier: str
    stale: bool = False


@frozen
class CacheMiss:
    """No tier had it."""

    api: str


@frozen
class Throttled:
    """A request waited this long (seconds) for its permit. ``quota`` names its quota, empty for an API's common one."""

    api: str
    seconds: float
    quota: str = ""


@frozen
class BreakerMoved:
    """A circuit breaker went to ``state``: closed, open or half-open."""

    api: str
    state: str


@frozen
class TierDown:
    """A cache tier failed and is skipped for a while."""

    tier: str
    error: str


@frozen
class LeaseWaited:
    """A question waited this long (seconds) for another process that was asking the same."""

    api: str
    seconds: float


@frozen
class LeaseDown:
    """Leases between processes failed; the run goes on without them for a while."""

    error: str


@frozen
class CredentialEvent:
    """``what``: resolved, first used, refreshed, refused, signed (with ``requests``). Never the value."""

    what: str
    credential: str
    plugin: str
    api: str
    requests: int | None = None


@frozen
class PluginBroke:
    """A plugin failed; the run goes on. ``error`` is the exception's type, its text may hold anything."""

    plugin: str
    distribution: str
    version: str
    where: str
    error: str


@frozen
class CompanyDone:
    """A company reached the outbox. ``seconds`` since it was admitted; ``unanswered``: questions and causes."""

    ordinal: int
    state: str
    executives: int
    seconds: float
    unanswered: tuple[str, ...] = ()


class Events:
    """Delivers each event to those who asked for its type, at once, in the order in which they asked."""

    def __init__(self) -> None:
        self._listeners: defaultdict[type, list[Callable[[Any], None]]] = defaultdict(list)

    def on(self, kind: type[E], listener: Callable[[E], None]) -> None:
        """Call ``listener`` with every event of this type from now on."""
        self._listeners[kind].append(listener)

    def off(self, kind: type[E], listener: Callable[[E], None]) -> None:
        """Call ``listener`` no more."""
        self._listeners[kind].remove(listener)

    def emit(self, event: object) -> None:
        """Tell those who listen."""
        for listener in self._listeners.get(type(event), ()):
            listener(event)
