"""Simulators that are wrong in one way: variations of the sound one."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from aiohttp import web
from attrs import evolve

from leadgen_core.contracts.world import SimulatorDesk, World
from leadgen_core.testing import Samples
from tests.kit import sound
from tests.kit.mutants import Mutants, SoundPlugins, plugin
from tests.kit.sound_simulator import LENGTH, Service
from tests.kit.sound_simulator import Simulator as Sound


class _Other(Sound):
    """The sound one with another service."""

    service: type[Service] = Service

    def application(self, world: World, desk: SimulatorDesk) -> web.Application:
        return self.service(world, desk).application()


class OpenService(Service):
    def refuses(self, request: web.Request) -> bool:
        return False


class Open(_Other):
    """Takes any key."""

    service = OpenService


class FixedService(Service):
    def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/companies/09370001":
            return self.json({"name": "BRAMBLE TEXTILES LTD"})
        if request.path == "/companies/09370001/officers":
            return self.json({"officers": [], "next": None})
        return super().answer(request)


class Fixed(_Other):
    """Knows one company by itself."""

    service = FixedService


class CountingService(Service):
    _turn = itertools.count()

    def json(self, body: Any) -> web.Response:
        return super().json({**body, "request": next(self._turn)})


class Counting(_Other):
    """Numbers its answers across all servers."""

    service = CountingService


class FragileService(Service):
    def answer(self, request: web.Request) -> web.StreamResponse:
        if not request.path.startswith("/companies"):
            raise RuntimeError(request.path)
        return super().answer(request)


class Fragile(_Other):
    """Breaks at a path that it does not know."""

    service = FragileService


class EndlessService(Service):
    def spend(self) -> bool:
        return False


class Endless(_Other):
    """Has no quota."""

    service = EndlessService


class LongService(Service):
    def __init__(self, world: World, desk: SimulatorDesk) -> None:
        super().__init__(world, desk)
        self.length = LENGTH


class Long(_Other):
    """Takes no notice of the desk's window."""

    service = LongService


class Lingering(Sound):
    """Leaves a task behind."""

    _tasks: set[asyncio.Task[None]] = set()  # noqa: RUF012 - on purpose

    def application(self, world: World, desk: SimulatorDesk) -> web.Application:
        application = super().application(world, desk)

        async def start(_application: web.Application) -> None:
            self._tasks.add(asyncio.create_task(asyncio.sleep(3600)))

        application.on_startup.append(start)
        return application


def mutant(factory: type | None = None) -> tuple[object, Samples]:
    """The sound plugin with another simulator."""
    spec = sound.SIMULATOR if factory is None else evolve(sound.SIMULATOR, factory=f"{__name__}:{factory.__name__}")
    return plugin(config=sound.Config, sources=[sound.SOURCE], simulators=[spec]), sound.SAMPLES


MUTANTS: Mutants = {
    "simulator.closes": mutant(Lingering),
    "simulator.credential": mutant(Open),
    "simulator.deterministic": mutant(Counting),
    "simulator.quota": mutant(Endless),
    "simulator.unknown-path": mutant(Fragile),
    "simulator.window": mutant(Long),
    "simulator.world": mutant(Fixed),
}
SOUND_PLUGINS: SoundPlugins = {
    "whole": (
        plugin(
            config=sound.Config,
            sources=[sound.SOURCE],
            discoverers=[sound.DISCOVERER],
            simulators=[sound.SIMULATOR],
        ),
        None,  # over the whole dozen
    )
}
