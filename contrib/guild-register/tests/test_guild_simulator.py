"""The simulated Guild over HTTP: what the sources ask of it, its key, its pages, its quota."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from attrs import frozen
from leadgen_guild_register.simulator import Simulator

from leadgen_core.contracts.world import AccountsState, Appointment, Body, Human, Place, Presence, WorldCompany

KEY = {"X-Guild-Key": "k"}


def _appointed(place: int, **changes: Any) -> Appointment:
    human = Human(person=f"p{place}", surname=f"Smith{place}", forename="Jane", middle="Q.", born=(1970, place))
    values: dict[str, Any] = {"id": f"a{place}", "officer": f"o{place}", "role": "director", "who": human}
    return Appointment(**(values | {"appointed_on": date(2015, 6, place)} | changes))


COMPANY = WorldCompany(
    number="01234567",
    name="EXAMPLE LTD",
    status="active",
    type="ltd",
    incorporated_on=date(2014, 12, 30),
    address=Place(postal_code="LS1 1AA"),
    accounts=AccountsState(type="small", made_up_to=date(2025, 3, 31)),
    appointments=(
        *(_appointed(place) for place in (1, 2, 3)),
        _appointed(4, resigned_on=date(2020, 1, 1)),
        _appointed(5, who=Body(name="EXAMPLE SECRETARIES LTD"), role="corporate-secretary"),
    ),
)
YOUNG = WorldCompany(number="07654321", name="YOUNG LTD", status="active", type="ltd")


@frozen
class Small:
    """A world of two companies."""

    seed: int = 1
    profile: str = "clean"
    today: date = date(2026, 1, 30)

    def __len__(self) -> int:
        return 2

    def company(self, number: str) -> WorldCompany | None:
        return {each.number: each for each in self.companies()}.get(number)

    def companies(self) -> Iterator[WorldCompany]:
        return iter((COMPANY, YOUNG))

    def presences(self, provider: str) -> Iterator[tuple[WorldCompany | None, Presence]]:
        return iter(())

    def facet(self, name: str) -> Mapping[str, Any]:
        return {}


class Desk:
    credentials: Mapping[str, str] = {"api_key": "k"}
    window: float | None = None
    phase = 0.0
    time = 0.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time


class Client:
    """Asks the simulator on localhost."""

    def __init__(self, session: aiohttp.ClientSession, desk: Desk) -> None:
        self._session = session
        self.desk = desk

    async def get(self, path: str, headers: Mapping[str, str] = KEY) -> tuple[int, Any, Mapping[str, str]]:
        async with self._session.get(path, headers=headers) as answer:
            return answer.status, await answer.json(), answer.headers


@pytest_asyncio.fixture
async def guild() -> AsyncIterator[Client]:
    desk = Desk()
    runner = web.AppRunner(Simulator().application(Small(), desk))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession(f"http://{host}:{port}") as session:
        yield Client(session, desk)
    await runner.cleanup()


async def test_a_member(guild: Client) -> None:
    assert (await guild.get("/members/01234567"))[1] == {"name": "EXAMPLE LTD", "founded": "2014-12-30"}
    assert (await guild.get("/members/00000001"))[:2] == (404, {"error": "no such member"})


async def test_pages_of_officers_who_serve_now(guild: Client) -> None:
    _, first, _ = await guild.get("/members/01234567/officers")
    assert [row["surname"] for row in first["officers"]] == ["Smith1", "Smith2"]
    assert first["officers"][0] == {
        "id": "o1",
        "surname": "Smith1",
        "forenames": "Jane Q.",
        "office": "master",
        "since": "2015-06-01",
        "born": "1970-01",
    }
    _, second, _ = await guild.get(f"/members/01234567/officers?page={first['next']}")
    assert ([row["surname"] for row in second["officers"]], second["next"]) == (["Smith3"], None)


async def test_accounts_and_a_search(guild: Client) -> None:
    assert (await guild.get("/members/01234567/accounts"))[1] == {"made_up_to": "2025-03-31", "overdue": False}
    assert (await guild.get("/members/07654321/accounts"))[:2] == (404, {"error": "no accounts"})
    _, found, _ = await guild.get("/search?name=example+ltd")
    assert found == {"members": [{"number": "01234567", "name": "EXAMPLE LTD", "postcode": "LS1 1AA"}]}
    assert (await guild.get("/search?name=nobody"))[1] == {"members": []}


@pytest.mark.parametrize("headers", [{}, {"X-Guild-Key": "other"}])
async def test_a_wrong_key(guild: Client, headers: Mapping[str, str]) -> None:
    assert (await guild.get("/members/01234567", headers))[0] == 401


async def test_one_call_too_many_is_told_when_to_come_back(guild: Client) -> None:
    assert {(await guild.get("/members/01234567"))[0] for _ in range(60)} == {200}
    guild.desk.time = 20.0
    status, _, headers = await guild.get("/members/01234567")
    assert (status, headers["Retry-After"]) == (429, "41")
    guild.desk.time += 41
    assert (await guild.get("/members/01234567"))[0] == 200
