"""The Guild's API over a :class:`World`, in which every company is a member. For ``--sandbox`` and for tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, ClassVar

from aiohttp import web

from leadgen_core.contracts.world import Appointment, Human, SimulatorDesk, World, WorldCompany

__all__ = ["Simulator"]

_OFFICES = {"director": "master", "secretary": "clerk"}
_PAGE = 2
_LIMIT, _LENGTH = 60, 60.0


class Simulator:
    """Its one key has 60 calls in 60 seconds, or in the desk's window; one too many is told when to come back."""

    credentials: ClassVar[tuple[str, ...]] = ("api_key",)

    def application(self, world: World, desk: SimulatorDesk) -> web.Application:
        guild = _Guild(world)
        application = web.Application(middlewares=[_gate(desk)])
        application.router.add_get("/members/{number}", guild.member)
        application.router.add_get("/members/{number}/officers", guild.officers)
        application.router.add_get("/members/{number}/accounts", guild.accounts)
        application.router.add_get("/search", guild.search)
        return application


class _Guild:
    """The four calls."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def member(self, request: web.Request) -> web.Response:
        company = self._company(request)
        return web.json_response({"name": company.name, "founded": _text(company.incorporated_on)})

    async def officers(self, request: web.Request) -> web.Response:
        rows = list(_officers(self._company(request)))
        page = int(request.query.get("page", "1"))
        end = page * _PAGE
        return web.json_response({"officers": rows[end - _PAGE : end], "next": page + 1 if len(rows) > end else None})

    async def accounts(self, request: web.Request) -> web.Response:
        accounts = self._company(request).accounts
        if accounts.made_up_to is None:
            return web.json_response({"error": "no accounts"}, status=404)
        return web.json_response({"made_up_to": _text(accounts.made_up_to), "overdue": accounts.overdue})

    async def search(self, request: web.Request) -> web.Response:
        name = request.query.get("name", "").casefold()
        rows = [
            {"number": each.number, "name": each.name, "postcode": each.address and each.address.postal_code}
            for each in self._world.companies()
            if each.name.casefold() == name
        ]
        return web.json_response({"members": rows})

    def _company(self, request: web.Request) -> WorldCompany:
        company = self._world.company(request.match_info["number"])
        if company is None:
            raise web.HTTPNotFound(text='{"error": "no such member"}', content_type="application/json")
        return company


def _officers(company: WorldCompany) -> Iterator[dict[str, Any]]:
    """Those humans that serve now: bodies and former officers are not listed."""
    for each in company.appointments:
        if isinstance(each.who, Human) and each.resigned_on is None and each.appointed_on is not None:
            yield _officer(each, each.who)


def _officer(appointment: Appointment, human: Human) -> dict[str, Any]:
    return {
        "id": appointment.officer,
        "surname": human.surname,
        "forenames": " ".join(filter(None, (human.forename, human.middle))) or "-",
        "office": _OFFICES.get(appointment.role, appointment.role),
        "since": _text(appointment.appointed_on),
        "born": human.born and f"{human.born[0]:04}-{human.born[1]:02}",
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _gate(desk: SimulatorDesk) -> Any:
    """The key, and a fixed window that the first call after the last one's end opens."""
    length = _LENGTH if desk.window is None else desk.window
    ends, used = desk.monotonic() + length - desk.phase, 0

    @web.middleware
    async def gate(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        nonlocal ends, used
        if request.headers.get("X-Guild-Key") != desk.credentials["api_key"]:
            return web.json_response({"error": "wrong key"}, status=401)
        now = desk.monotonic()
        if now >= ends:
            ends, used = now + length, 0
        used += 1
        if used > _LIMIT:
            return web.json_response({}, status=429, headers={"Retry-After": str(int(ends - now) + 1)})
        return await handler(request)

    return gate
