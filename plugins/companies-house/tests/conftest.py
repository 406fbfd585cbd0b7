"""The folder of recorded answers; a small world made by hand, and the simulated register over it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from attrs import define, field
from leadgen_companies_house import Config
from leadgen_companies_house.simulator import Simulator

from leadgen_core.contracts.world import (
    AccountsState,
    Appointment,
    Body,
    Control,
    Human,
    Place,
    Presence,
    SimulatorDesk,
    World,
    WorldCompany,
)
from leadgen_core.testing import VirtualClock


@pytest.fixture(scope="session")
def register_data() -> Path:
    """``data/companies-house`` of the shared folder (LEADGEN_SHARED, or ``shared`` in a folder above this one).

    It holds personal data of the public register and is never copied into the repository; without it the tests
    that read it are skipped.
    """
    named = os.environ.get("LEADGEN_SHARED")
    roots = [Path(named)] if named else [folder / "shared" for folder in Path(__file__).resolve().parents]
    for root in roots:
        if (root / "data" / "companies-house").is_dir():
            return root / "data" / "companies-house"
    pytest.skip("the recorded answers (shared/data/companies-house) are not beside this checkout")


# --- the world ----------------------------------------------------------------------------------------------


@define
class _World:
    """A world of these companies."""

    by_number: Mapping[str, WorldCompany]
    seed: int = 7
    profile: str = "clean"
    today: date = date(2026, 1, 30)

    def __len__(self) -> int:
        return len(self.by_number)

    def company(self, number: str) -> WorldCompany | None:
        return self.by_number.get(number)

    def companies(self) -> Iterator[WorldCompany]:
        yield from self.by_number.values()

    def presences(self, provider: str) -> Iterator[tuple[WorldCompany | None, Presence]]:
        yield from ()

    def facet(self, name: str) -> Mapping[str, Any]:
        return {}


_HOME = Place(premises="12", address_line_1="Loom Street", locality="Ashby", country="England", postal_code="LE65 9ZZ")
_OFFICE = Place(
    premises="Unit 4", address_line_1="Kiln Yard", locality="Ashby", country="England", postal_code="LE65 9ZX"
)
_LONG_AGO = date(2010, 3, 1)


def _human(surname: str, forename: str | None, **rest: Any) -> Human:
    known: dict[str, Any] = {
        "person": f"{forename} {surname}",
        "title": "Mr",
        "born": (1971, 4),
        "nationality": "British",
        "residence": "England",
        "occupation": "Engineer",
        "address": _HOME,
    }
    return Human(surname=surname, forename=forename, **(known | rest))


def _post(
    id_: str, who: Human | Body, role: str = "director", since: date | None = _LONG_AGO, **rest: Any
) -> Appointment:
    return Appointment(
        **{"id": f"app-{id_}", "officer": f"off-{id_}", "role": role, "who": who, "appointed_on": since} | rest
    )


def _control(id_: str, who: Human | Body | None, kind: str | None = None, **rest: Any) -> Control:
    short = "super-secure" if who is None else "corporate-entity" if isinstance(who, Body) else "individual"
    known: dict[str, Any] = {
        "id": f"psc-{id_}",
        "kind": kind or f"{short}-person-with-significant-control",
        "who": who,
        "natures": ("ownership-of-shares-75-to-100-percent",) if who else (),
        "notified_on": date(2016, 4, 6) if who else None,
    }
    return Control(**(known | rest))


def _company(number: str, name: str, *posts: Appointment, **rest: Any) -> WorldCompany:
    known: dict[str, Any] = {
        "status": "active",
        "type": "ltd",
        "incorporated_on": _LONG_AGO,
        "sic_codes": ("62012",),
        "address": _OFFICE,
        "appointments": posts,
        "accounts": AccountsState(type="micro-entity", made_up_to=date(2025, 3, 31), next_due=date(2026, 12, 31)),
    }
    return WorldCompany(number=number, name=name, **(known | rest))


def _plain() -> Iterator[WorldCompany]:
    """Companies without a trap, the first of which is like the recorded one."""
    boss = _human("Quill", "Ada", title="Mrs", occupation=None, verified_on=date(2026, 1, 2))
    owner = _human("Quill", "Ada", title="Mrs")
    yield _company(
        "09370001",
        "BRAMBLE TEXTILES LTD",
        _post("ada", boss, since=date(2014, 12, 31)),
        incorporated_on=date(2014, 12, 31),
        sic_codes=("26400", "46520"),
        controls=(_control("ada-2", owner),),
        accounts=AccountsState(type="dormant", made_up_to=date(2024, 12, 31), next_due=date(2026, 9, 30)),
    )
    pair = (
        _post("mara", _human("Thorne", "Mara", middle="Jane", title="Ms"), "llp-designated-member"),
        _post("olek", _human("Thorne", "Olek"), "llp-designated-member"),
        _post(
            "kilnhold", Body(name="KILN HOLDINGS LTD", registration="04112233", address=_OFFICE), "corporate-llp-member"
        ),
    )
    yield _company(
        "OC300004", "THORNE & MERE LLP", *pair, type="llp", sic_codes=(), controls=(_control("mara", pair[0].who),)
    )
    yield _company(
        "08000010",
        "FENLAND KITCHENS COMMUNITY INTEREST COMPANY",
        _post("rhys", _human("Ó Brádaigh", "Rhys")),
        type="private-limited-guarant-nsc",
        subtype="community-interest-company",
        statements=("no-individual-or-entity-with-signficant-control",),
    )
    yield _company("08000011", "BRAMBLE HOLDINGS LIMITED", _post("ada", owner), incorporated_on=date(2019, 7, 1))
    yield _company(
        "08000012", "BRAMBLE HOLDINGS LTD", _post("zed", _human("Zed", "Una")), incorporated_on=date(2021, 7, 1)
    )


def _traps() -> Iterator[WorldCompany]:
    ada = _human("Quill", "Ada", title="Mrs")
    yield _company(
        "01000002",
        "BRAMBLE WORKS LIMITED",
        _post("ada", ada),
        _post("gone", _human("Pike", "Noel"), resigned_on=date(2012, 5, 5)),
        status="dissolved",
        ceased_on=date(2021, 11, 30),
        accounts=AccountsState(type="null"),
    )
    yield _company("01000003", "OAK QUAY LTD", _post("oak", ada), status="liquidation")
    corporate = Body(
        name="ARGOSY NOMINEES LIMITED",
        registration="Sc095000",
        legal_form="Private Limited Company",
        legal_authority="Companies Act 2006",
        place_registered="Companies House",
        country_registered="Scotland",
        address=_OFFICE,
    )
    yield _company(
        "SC095005",
        "HEATHER QUAY LIMITED",
        _post("iona", _human("Mac Leod", "Iona", title="Dr", honours="OBE", middle="Mary Ann")),
        _post("argosy", corporate, "corporate-director"),
        _post("argosy-s", corporate, "corporate-secretary"),
        _post("sec", _human("Bell", "Ivy", title="Miss"), "secretary"),
        _post("masked", Body(name="MASKED DIRECTOR LTD", identification_type=None), "director"),
        jurisdiction="scotland",
        controls=(_control("argosy", corporate), _control("past", ada, ceased_on=date(2019, 3, 31))),
        previous_names=(
            ("APPLEGARTH & SENIOR LEISURE LIMITED", _LONG_AGO, date(2015, 6, 1)),
            ("HEATHER LOOM LTD", date(2015, 6, 1), date(2020, 1, 27)),
        ),
    )
    yield _company("01000006", "SEALED LTD", _post("seal", ada), controls=(_control("sealed", None),))
    yield _company(
        "00500007",
        "OLD FORGE LIMITED",
        _post("old", _human("Rook", "Jem"), since=None, appointed_before=date(1991, 8, 14)),
        _post("mono", _human("Suharto", None)),
        _post("late", _human("Rook", "Abel", title="Sir"), since=date(2022, 2, 2)),
        incorporated_on=date(1948, 2, 29),
        status_detail="active-proposal-to-strike-off",
        accounts=AccountsState(type="full", made_up_to=date(2022, 2, 28), next_due=date(2023, 11, 30), overdue=True),
        confirmation_overdue=True,
    )
    yield _company("01000008", "NOBODY HOME LTD", controls=())
    stub: dict[str, Any] = {"sic_codes": (), "address": None, "accounts": AccountsState(), "incorporated_on": None}
    cio = "charitable-incorporated-organisation"
    yield _company("CE000010", "THE MEADOW TRUST", type=cio, **stub)
    yield _company("CE000011", "THE MARSH TRUST", type=cio, **(stub | {"status": "removed"}))
    yield _company(
        "IP27215R",
        "MEADOW GROWERS LIMITED",
        type="industrial-and-provident-society",
        **(stub | {"status": ""}),
    )
    abroad = Place(
        premises="Harbour House", address_line_1="Road Town", locality="Tortola", country="Virgin Islands, British"
    )
    yield _company(
        "OE006930",
        "MEADOW INVESTMENTS (BVI) LIMITED",
        _post(
            "bvi",
            Body(name="BVI MANAGERS INC", identification_type="non-eea", address=abroad),
            "corporate-managing-officer",
        ),
        type="registered-overseas-entity",
        status="registered",
        jurisdiction="noneu",
        address=abroad,
        sic_codes=(),
        accounts=AccountsState(),
        controls=(
            _control("bo", ada, "individual-beneficial-owner"),
            _control("bo-s", None, "super-secure-beneficial-owner"),
        ),
    )


def _partnership() -> WorldCompany:
    """A Scottish limited partnership; a council and somebody whose particulars are withheld control it."""
    partner = Body(name="KILN GENERAL PARTNER LTD", registration="SC123", address=_OFFICE)
    hidden = _human("Vale", "Orla", title=None, born=None, nationality=None, residence=None, address=None)
    council = Body(
        name="Ashby Council",
        identification_type=None,
        legal_form="Local Authority",
        legal_authority="Local Government Act",
    )
    return _company(
        "SL000020",
        "ASHBY LOOMS LP",
        _post("gp", partner, "corporate-general-partner-in-a-limited-partnership"),
        _post("lp", hidden, "limited-partner-in-a-limited-partnership"),
        type="limited-partnership",
        subtype="slp",
        jurisdiction="scotland",
        accounts=AccountsState(),
        controls=(
            _control("council", council, "legal-person-person-with-significant-control"),
            _control("hidden", hidden, "individual-person-with-significant-control"),
        ),
    )


def _crowd() -> WorldCompany:
    """230 directors and 130 PSCs, of which every tenth has ceased."""
    people = [_human(f"Crowd{place:03d}", "Kit", born=(1950 + place % 50, 1 + place % 12)) for place in range(230)]
    return _company(
        "07000001",
        "CROWD OWNED LIMITED",
        *(_post(f"c{place}", who, officer="off-crowd") for place, who in enumerate(people)),
        controls=tuple(
            _control(f"c{place}", who, ceased_on=date(2020, 1, 1) if place % 10 == 0 else None)
            for place, who in enumerate(people[:130])
        ),
    )


@pytest.fixture(scope="session")
def make_world() -> Callable[[Iterable[WorldCompany]], World]:
    """A world of these companies, on 30 January 2026."""
    return lambda companies: _World({company.number: company for company in companies})


@pytest.fixture(scope="session")
def world(make_world: Callable[[Iterable[WorldCompany]], World]) -> World:
    """21 companies, most of them with a trap. ``09370001`` is like the recorded one."""
    return make_world(chain(_plain(), _traps(), (_partnership(), _crowd())))


# --- the simulated register ---------------------------------------------------------------------------------


@define
class _Desk:
    clock: VirtualClock
    credentials: Mapping[str, str] = field(factory=lambda: {"api_key": "sandbox-key"})
    window: float | None = None
    phase: float = 0.0

    def now(self) -> float:
        return self.clock.now().timestamp()

    def monotonic(self) -> float:
        return self.clock.monotonic()


@pytest.fixture
def clock() -> VirtualClock:
    """Stands at 13:14:22 on 30 January 2026 until it is moved."""
    return VirtualClock()


@pytest.fixture
def make_desk(clock: VirtualClock) -> Callable[..., SimulatorDesk]:
    """A desk with the key ``sandbox-key``; ``window`` and ``phase`` in seconds."""
    return lambda **changes: _Desk(clock, **changes)


@pytest.fixture
def desk(make_desk: Callable[..., SimulatorDesk]) -> SimulatorDesk:
    return make_desk()


@pytest_asyncio.fixture
async def serve() -> AsyncIterator[Callable[[World, SimulatorDesk], Awaitable[str]]]:
    """Serves the simulated register of a world on a port of its own, and gives its base URL."""
    runners: list[web.AppRunner] = []

    async def start(world: World, desk: SimulatorDesk) -> str:
        runner = web.AppRunner(Simulator(Config()).application(world, desk), access_log=None)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Makes the independent client of the package ``companies-house`` for a base URL."""
    package = pytest.importorskip(
        "companies_house", reason="the independent client is in the group conformance: uv sync --group conformance"
    )
    clients: list[Any] = []

    def client(url: str, **options: Any) -> Any:
        monkeypatch.setattr("companies_house.companies_house.BASE_URL", url)
        clients.append(package.CompaniesHouse("sandbox-key", **options))
        return clients[-1]

    yield client
    for each in clients:
        each.close()
