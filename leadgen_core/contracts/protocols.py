"""Protocols: the objects that factories make. A plugin needs no base class, only these methods.

Every object may have ``async def aclose(self) -> None``; it is called once, when the run ends.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import orjson
from attrs import Attribute, field
from attrs.validators import ge, optional

from leadgen_core.contracts.api import Window
from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.model.answers import Answer, Outcome
from leadgen_core.model.claims import Candidate, Claim
from leadgen_core.model.lead import Lead, Score
from leadgen_core.model.records import frozen
from leadgen_core.model.subjects import CompanyNumber, Subject

__all__ = [
    "Case",
    "Context",
    "Delivery",
    "Discoverer",
    "DiscoveryQuery",
    "Ending",
    "Lease",
    "Meter",
    "Permit",
    "PermitExpired",
    "Priority",
    "RateLimiter",
    "Resolver",
    "Scorer",
    "Screen",
    "Sink",
    "Source",
    "Target",
    "Wish",
]


# --- sources ----------------------------------------------------------------------------------------------


class Context(Protocol):
    """What the engine lends a source while it answers one question."""

    question: str
    """``<plugin>.<source>``."""

    def now(self) -> datetime:
        """The run's time in UTC (``--clock`` fixes it); use no other clock for what goes into claims."""
        ...

    async def ask(self, lookup: Lookup) -> Reply:
        """The reply, from cache or upstream.

        Raises :class:`~leadgen_core.Unanswered` when there is none; leave it uncaught and the engine makes the
        ``Unknown`` of it, with what was handed to :meth:`keep`.
        """
        ...

    def pages(
        self, first: Lookup, following: Callable[[Reply], Lookup | None] | None = None, *, limit: int = 200
    ) -> AsyncIterator[Reply]:
        """The reply to ``first`` and to each following lookup, until ``following`` gives None.

        Without ``following``, the operation's :class:`~leadgen_core.Paging` says how pages are turned.
        More than ``limit`` pages raise ``Unanswered(malformed)``: paging always ends.
        """
        ...

    def keep(self, claims: Claim | Iterable[Claim]) -> None:
        """Hand over a claim, or several, at once, so that they survive if the rest of the answer does not come.

        They are part of whatever answer follows, so ``Found()`` is enough at the end; claims in both are counted
        once.
        """
        ...


class Source(Protocol):
    """Observes; it never judges. Exceptions become ``Unknown(plugin error)``."""

    async def answer(self, subject: Any, ctx: Context) -> Answer:
        """One of the three answers about one subject of the spec's ``asks`` type."""
        ...


# --- discoverers ------------------------------------------------------------------------------------------


def _filled(_query: object, attribute: Attribute[Any], value: Any) -> None:
    """An empty value would ask for everything where something was meant."""
    values = (value,) if isinstance(value, str) else value or ()
    if not all(isinstance(text, str) and text.strip() for text in values):
        raise ValueError(f"{attribute.name} holds an empty value")


@frozen(kw_only=True)
class DiscoveryQuery:
    """Which companies to list: those that fit every member that is given, and one of its values.

    The days of incorporation are inclusive. ``limit``: the first so many, in the discoverer's order.
    Raises ``ValueError`` for an empty value, a range that ends before it begins and a limit below 1.
    """

    sic_codes: tuple[str, ...] = field(default=(), validator=_filled)
    location: str | None = field(default=None, validator=_filled)
    incorporated_from: date | None = None
    incorporated_to: date | None = None
    statuses: tuple[str, ...] = field(default=(), validator=_filled)
    types: tuple[str, ...] = field(default=(), validator=_filled)
    limit: int | None = field(default=None, validator=optional(ge(1)))

    def __attrs_post_init__(self) -> None:
        if self.incorporated_from and self.incorporated_to and self.incorporated_from > self.incorporated_to:
            raise ValueError("incorporated_from lies after incorporated_to")


class Discoverer(Protocol):
    """Lists companies, each once, always in the same order. An async generator fits."""

    def discover(self, query: DiscoveryQuery, ctx: Context) -> AsyncIterator[Candidate]:
        """The companies of ``query``, to the last; it ends early for nothing but ``query.limit``.

        Let ``Unanswered`` out, and raise it where the rest cannot be had: a short list must never pass for a
        whole one. Raises :class:`~leadgen_core.UsageError` before anything is asked, for a query that it
        cannot take.
        """
        ...


# --- rate limiters ----------------------------------------------------------------------------------------


@frozen
class Meter:
    """What a quota is counted by: an API, a credential (its id, never its value) and the quota's name.

    ``quota`` is empty for the one that an API's endpoints share, else the name of one that some of them have for
    themselves (:attr:`Operation.quota`); meters that differ in it have nothing in common.
    ``windows`` are the rules known beforehand; ``cap`` is the operator's own limit (calls a window), which no
    answer raises.
    """

    api: str
    credential: str
    windows: tuple[Window, ...] = field(default=(), eq=False)
    cap: int | None = field(default=None, eq=False)
    quota: str = ""


class PermitExpired(Exception):
    """The permit is void: nothing may be sent on it, nothing was, and a new one is to be asked for."""


class Permit(Protocol):
    """The right to send one request. Exactly one of ``give_back``, ``answered`` and ``refused`` ends it."""

    def sent(self) -> None:
        """The first byte leaves: from now on the server may count it, whatever happens to us.

        Raises :class:`PermitExpired` when too long has passed since it was granted (the process was stopped, or
        its loop hung, or its slot was busy): others may have had its place by then. The permit has then ended.
        """
        ...

    def give_back(self) -> None:
        """No answer will come. Not sent: the place is free again; sent: it is spent."""
        ...

    def answered(self, windows: Sequence[Window], server_time: float) -> None:
        """An answer came. ``windows``: what it says of the quota; ``server_time``: its ``Date`` (epoch seconds)."""
        ...

    def refused(self, retry_at: float | None, windows: Sequence[Window], server_time: float) -> None:
        """The server said 429: nobody asks again before ``retry_at`` (epoch seconds by its clock)."""
        ...


class Priority(IntEnum):
    """Who goes first when a quota is short; nobody is starved."""

    INTERACTIVE = 0
    """Somebody sits before a screen and waits."""
    BULK = 1


@frozen
class Wish:
    """Who asks for a permit: the plugin that asks the question, and how urgent it is."""

    plugin: str = ""
    priority: Priority = Priority.BULK


class RateLimiter(Protocol):
    """Never over, never idle."""

    async def acquire(self, meter: Meter, wish: Wish = ...) -> Permit:
        """Wait until a request may be sent. Cancellation while waiting costs nothing."""
        ...

    def status(self, meter: Meter) -> Window | None:
        """What is known of the current window, for the summary; None before the first answer."""
        ...


# --- leases -----------------------------------------------------------------------------------------------


@frozen
class Ending:
    """How the holder of a lease ended: ``failure`` is what its waiters shall hear; None: the answer is in the cache.

    ``failure`` is small and JSON; it holds neither secrets nor personal data.
    """

    failure: Mapping[str, Any] | None = None


class Lease(Protocol):
    """Between processes, one asks upstream and the others wait: a lock with an end, and word of how it ended.

    Keys are those of the cache. Every method raises when the store cannot be reached; the gateway then goes on
    without leases.
    """

    async def take(self, key: str, seconds: float) -> str | None:
        """A token if the lease is ours for so long, None when somebody else holds it."""
        ...

    async def extend(self, key: str, token: str, seconds: float) -> bool:
        """Hold it for so much longer from now. False: it was lost."""
        ...

    async def release(self, key: str, token: str, ending: Ending) -> None:
        """Give it up and tell those who wait. Without effect when it was lost."""
        ...

    async def wait(self, key: str, seconds: float) -> Ending | None:
        """How the present holder ended. None: it vanished without a word, or ``seconds`` are over."""
        ...


# --- resolve, screen, score -------------------------------------------------------------------------------


@frozen(kw_only=True)
class Case:
    """All that is known of one company when it is resolved."""

    number: CompanyNumber | None
    claims: tuple[Claim, ...]
    outcomes: Mapping[str, Outcome]
    now: datetime


class Resolver(Protocol):
    """Pure: the same case gives the same lead. No I/O, no clock of its own."""

    def resolve(self, case: Case, draft: Lead) -> Lead:
        """The draft (run stamp, input and outcomes filled in) with company, site, accounts and executives."""
        ...


class Screen(Protocol):
    """Closed when it breaks: a company whose screen raises is set aside, never delivered."""

    async def admit(self, subject: Subject) -> bool:
        """Whether this subject may be asked about at all. False costs no call."""
        ...

    async def people(self, lead: Lead) -> Lead:
        """The lead without those who must not be profiled; ``compliance.suppressed_people`` counts them."""
        ...

    async def release(self, lead: Lead, sink: str) -> Lead | None:
        """Asked once more at delivery: the lead as this sink may have it, or None to hold it back."""
        ...


class Scorer(Protocol):
    """Pure: lead to scores with reasons."""

    def score(self, lead: Lead, now: datetime) -> Mapping[str, Score]:
        """Scores by the names in the spec's ``scores``; one that is left out is null in the lead: not known."""
        ...


# --- sinks ------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Target:
    """One output: where it goes, in which preset, and the carried-through columns of the input."""

    path: Path
    preset: str | None = None
    columns: tuple[str, ...] = ()
    run: str = ""


@frozen(kw_only=True)
class Delivery:
    """One lead on its way: ``ordinal`` counts companies in input order from 0, ``line`` is its JSON in one line.

    ``key`` is the stable idempotency key of this company in this run; the line has no line's end.
    """

    ordinal: int
    revision: int
    key: str
    line: bytes

    @cached_property
    def body(self) -> Mapping[str, Any]:
        """The same, parsed."""
        parsed: Mapping[str, Any] = orjson.loads(self.line)
        return parsed


class Sink(Protocol):
    """Writes leads. It goes back to exactly the checkpoint it is opened with, so nothing is written twice."""

    async def open(self, target: Target, checkpoint: str | None) -> None:
        """Begin (None: from nothing) or go back to the state that ``write`` reported with this checkpoint."""
        ...

    async def write(self, deliveries: Sequence[Delivery]) -> str:
        """Write these (there may be none) and return the new checkpoint once they would survive the process.

        A full disk raises the ``OSError`` as it is, with nothing of ``deliveries`` left half written.
        """
        ...

    async def replace(self, target: Target, deliveries: AsyncIterator[Delivery]) -> str:
        """Write the output anew from all these, atomically, because earlier leads were revised.

        It may be the first call, without ``open``; afterwards the sink stands at the checkpoint that it returns.
        """
        ...
