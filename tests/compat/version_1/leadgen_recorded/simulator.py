"""The API over a world."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from leadgen_core.contracts.world import Human, SimulatorDesk, World


class Simulator:
    """Two calls, a bearer token."""

    credentials: Sequence[str] = ("api_key",)

    def __init__(self, config: object) -> None: ...

    def application(self, world: World, desk: SimulatorDesk) -> web.Application:
        def company(request: web.Request):  # type: ignore[no-untyped-def]
            if request.headers.get("Authorization") != f"Bearer {desk.credentials['api_key']}":
                raise web.HTTPUnauthorized
            found = world.company(request.match_info["number"])
            if found is None:
                raise web.HTTPNotFound
            return found

        async def one(request: web.Request) -> web.Response:
            found = company(request)
            return web.json_response({"name": found.name, "status": found.status}, headers={"X-Limit": "1000"})

        async def people(request: web.Request) -> web.Response:
            serving = [each for each in company(request).appointments if isinstance(each.who, Human)]
            rows = [
                {
                    "name": f"{each.who.surname}, {each.who.forename or '-'}",
                    "role": each.role,
                    "born": str(each.who.born),
                }
                for each in serving
                if each.resigned_on is None
            ]
            page = int(request.query["page"])
            last = page * 2 >= len(rows)
            return web.json_response({"people": rows[page * 2 - 2 : page * 2], "next": None if last else page + 1})

        application = web.Application()
        application.router.add_get("/companies/{number}", one)
        application.router.add_get("/companies/{number}/people", people)
        return application
