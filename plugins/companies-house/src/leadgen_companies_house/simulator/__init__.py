"""The register over a :class:`World`: the public data API as far as companies and their people go.

It answers what the real one answers, quirks included (companies-house.md §1.2-1.12, §5): which member is absent,
which status says what, where a page size is clamped and where only echoed. What no source tells is marked "[I]" where
it is decided. The same world and the same clock give the same answers.

Not simulated: document and streaming API, the other searches, exemptions, registers, charges, insolvency cases and
UK establishments; the last five answer in the form that the register has for a company without any.
"""

from __future__ import annotations

from typing import ClassVar

from aiohttp import web

from leadgen_companies_house import Config
from leadgen_companies_house.simulator.register import Register
from leadgen_companies_house.simulator.service import Service
from leadgen_core.contracts.world import SimulatorDesk, World

__all__ = ["Simulator"]


class Simulator:
    """A :class:`leadgen_core.contracts.world.Simulator` of ``companies-house``.

    The one key is accepted as the user of HTTP Basic and as a bearer token, and has one quota: 600 calls in 300 s, or
    in ``desk.window``.
    """

    credentials: ClassVar[tuple[str, ...]] = ("api_key",)

    def __init__(self, _config: Config) -> None:
        pass

    def application(self, world: World, desk: SimulatorDesk) -> web.Application:
        """Cheap to make: indexes are built with the first search. Raises ``KeyError`` when the desk has no key."""
        return Service(Register(world, desk.now), desk, str(world.seed)).application()
