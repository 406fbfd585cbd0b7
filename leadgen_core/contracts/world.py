"""The world: what is there to be found, as each simulated source would know it. Read-only, seeded, invented.

Simulators see it and nothing else does: neither the gateway nor the engine nor any module on the way of a lead
may import this (import-linter keeps it). What is *true* of a company (who decides there) is not in it either;
``leadgen evaluate`` gets that from the generator.

Entries say what their source says, so a name in :class:`Control` may be spelt otherwise than the same human's
in :class:`Appointment`: sources disagree, lag and omit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from attrs import field

from leadgen_core.model.records import frozen

__all__ = [
    "AccountsState",
    "Appointment",
    "Body",
    "Control",
    "Human",
    "Place",
    "Presence",
    "Simulator",
    "SimulatorDesk",
    "World",
    "WorldCompany",
]


@frozen(kw_only=True)
class Place:
    """A postal address, in the members that the register uses (companies-house.md §1.6)."""

    care_of: str | None = None
    po_box: str | None = None
    premises: str | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    locality: str | None = None
    region: str | None = None
    country: str | None = None
    postal_code: str | None = None


@frozen(kw_only=True)
class Human:
    """A human as one entry of a source writes them. ``person`` is who it is: equal for one human everywhere."""

    person: str
    surname: str
    forename: str | None = None
    middle: str | None = None
    title: str | None = None
    honours: str | None = None
    born: tuple[int, int] | None = None
    """Year and month, as this entry has them."""
    nationality: str | None = None
    residence: str | None = None
    occupation: str | None = None
    address: Place | None = None
    verified_on: date | None = None
    """Since when their identity is verified (companies-house.md §1.11)."""


@frozen(kw_only=True)
class Body:
    """A company or other body as one entry of a source writes it."""

    name: str
    registration: str | None = None
    """Free text, as it was typed: ``Sc095000``."""
    identification_type: str | None = "uk-limited-company"
    """None: the entry has no identification block (a company under a personal role, §1.10)."""
    legal_form: str | None = None
    legal_authority: str | None = None
    place_registered: str | None = None
    country_registered: str | None = None
    address: Place | None = None


@frozen(kw_only=True)
class Appointment:
    """A line of a company's list of officers. ``officer`` is the officer's id; one human can have several."""

    id: str
    officer: str
    role: str
    who: Human | Body
    appointed_on: date | None = None
    appointed_before: date | None = None
    resigned_on: date | None = None


@frozen(kw_only=True)
class Control:
    """A line of a company's list of persons with significant control. ``who`` None: super-secure."""

    id: str
    kind: str
    who: Human | Body | None = None
    natures: tuple[str, ...] = ()
    notified_on: date | None = None
    ceased_on: date | None = None


@frozen(kw_only=True)
class AccountsState:
    """What the register says of a company's accounts; ``type`` is one of its 17 (``"null"``: never filed)."""

    type: str = "null"
    made_up_to: date | None = None
    next_due: date | None = None
    overdue: bool = False


@frozen(kw_only=True)
class Presence:
    """A web site or an account at a network: ``provider`` is ``website``, ``x``, ``linkedin`` or ``facebook``.

    ``owner`` is the number of the company whose it really is, None for a stranger's.
    """

    provider: str
    handle: str
    owner: str | None
    facts: Mapping[str, Any] = field(factory=dict)
    """What the provider's simulator needs, by names that its plugin documents."""


@frozen(kw_only=True)
class WorldCompany:
    """One company. ``trap`` says in one line what makes it hard; empty for an ordinary one."""

    number: str
    name: str
    status: str
    type: str
    jurisdiction: str = "england-wales"
    status_detail: str | None = None
    subtype: str | None = None
    incorporated_on: date | None = None
    ceased_on: date | None = None
    sic_codes: tuple[str, ...] = ()
    address: Place | None = None
    previous_names: tuple[tuple[str, date, date], ...] = ()
    """Name, from, until."""
    appointments: tuple[Appointment, ...] = ()
    controls: tuple[Control, ...] = ()
    statements: tuple[str, ...] = ()
    """Codes of PSC statements in force."""
    accounts: AccountsState = field(factory=AccountsState)
    confirmation_overdue: bool = False
    presences: tuple[Presence, ...] = ()
    trap: str = ""


class World(Protocol):
    """Everything that simulators may know."""

    @property
    def seed(self) -> int:
        """Another world for each."""
        ...

    @property
    def profile(self) -> str:
        """``clean`` or ``realistic``."""
        ...

    @property
    def today(self) -> date:
        """The world's day: what has ended by then has ended."""
        ...

    def __len__(self) -> int:
        """How many companies."""
        ...

    def company(self, number: str) -> WorldCompany | None:
        """The company of this number."""
        ...

    def companies(self) -> Iterator[WorldCompany]:
        """All of them, in a stable order."""
        ...

    def presences(self, provider: str) -> Iterator[tuple[WorldCompany | None, Presence]]:
        """Every site or account of a provider with the company that points to it, strangers' included."""
        ...

    def facet(self, name: str) -> Mapping[str, Any]:
        """What a plugin added to this world under this name; empty when nobody did."""
        ...


class SimulatorDesk(Protocol):
    """What the sandbox lends a simulator: credentials that it must ask for, time, the length of its windows."""

    @property
    def credentials(self) -> Mapping[str, str]:
        """By the names that stand in the sandbox's JSON (``api_key``, ``bearer_token``)."""
        ...

    @property
    def window(self) -> float | None:
        """Seconds that quota windows are shortened to; None: as the real API has them."""
        ...

    @property
    def phase(self) -> float:
        """Seconds of the first quota window that are over already when its first call comes."""
        ...

    def now(self) -> float:
        """Epoch seconds by this server's clock."""
        ...

    def monotonic(self) -> float:
        """Seconds for measuring windows."""
        ...


class Simulator(Protocol):
    """Stands in for one API. The sandbox puts faults in front of it and serves it on a port of its own."""

    credentials: Sequence[str]
    """Names of the credentials that its API has; the sandbox draws their values."""

    def application(self, world: World, desk: SimulatorDesk) -> Any:
        """The ``aiohttp.web.Application``. Answers must cost little: prepare what can be prepared."""
        ...
