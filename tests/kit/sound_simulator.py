"""The API of the sound plugin, over a world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from aiohttp import web

from leadgen_core.contracts.world import Appointment, Human, SimulatorDesk, World, WorldCompany

__all__ = ["PAGE", "Service", "Simulator"]

PAGE = 4
LISTED = 5
LIMIT, LENGTH = 30, 60.0


class Simulator:
    credentials: ClassVar[tuple[str, ...]] = ("api_key",)

    def __init__(self, _config: object) -> None:
        pass

    def application(self, world: World, desk: SimulatorDesk) -> web.Application:
        return Service(world, desk).application()


class Service:
    """One key, one fixed window."""

    def __init__(self, world: World, desk: SimulatorDesk) -> None:
        self.world = world
        self.desk = desk
        self.length = desk.window or LENGTH
        self.ends = 0.0
        self.used = 0

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self.handle)
        return application

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.refuses(request):
            return web.json_response({"error": "wrong key"}, status=401)
        if self.spend():
            after = f"{max(1, round(self.ends - self.desk.monotonic()))}"
            return web.json_response({"error": "too many"}, status=429, headers={"Retry-After": after})
        return self.answer(request)

    def refuses(self, request: web.Request) -> bool:
        return request.headers.get("X-Key") != self.desk.credentials["api_key"]

    def spend(self) -> bool:
        """Count a call; True for one too many."""
        if self.desk.monotonic() >= self.ends:
            self.ends, self.used = self.desk.monotonic() + self.length, 0
        self.used += 1
        return self.used > LIMIT

    def answer(self, request: web.Request) -> web.StreamResponse:
        match request.path.strip("/").split("/"):
            case ["companies"]:
                return self.listing(request.query)
            case ["companies", number]:
                company = self.world.company(number)
                return self.nothing() if company is None else self.json({"name": company.name})
            case ["companies", number, "officers"] if (company := self.world.company(number)) is not None:
                return self.officers(company, request.query)
        return self.nothing()

    def json(self, body: Any) -> web.Response:
        return web.json_response(body)

    def nothing(self) -> web.Response:
        return web.json_response({"error": "no such company"}, status=404)

    def officers(self, company: WorldCompany, query: Mapping[str, str]) -> web.Response:
        rows = [self.officer(post) for post in company.appointments]
        return self.json(self.page("officers", rows, query, PAGE))

    def officer(self, post: Appointment) -> dict[str, Any]:
        who = post.who
        known = {
            "id": post.id,
            "name": who.name if not isinstance(who, Human) else f"{who.forename} {who.surname}",
            "role": post.role,
            "since": post.appointed_on and post.appointed_on.isoformat(),
            "born": None,
        }
        if not isinstance(who, Human):
            return known
        born = who.born and "{:04}-{:02}".format(*who.born)
        home = who.address and [who.address.premises, who.address.address_line_1, who.address.postal_code]
        return {**known, "born": born, "nationality": who.nationality, "residence": who.residence, "home": home}

    def listing(self, query: Mapping[str, str]) -> web.Response:
        statuses = query.get("status", "").split(",")
        rows = [
            {"number": each.number, "name": each.name}
            for each in self.world.companies()
            if each.status in statuses or statuses == [""]
        ]
        return self.json(self.page("companies", rows, query, LISTED))

    def page(self, name: str, rows: list[dict[str, Any]], query: Mapping[str, str], size: int) -> dict[str, Any]:
        number = int(query["page"]) if query.get("page", "").isdecimal() else 1
        end = number * size
        return {name: rows[end - size : end], "next": number + 1 if end < len(rows) else None}
