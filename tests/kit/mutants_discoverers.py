"""Discoverers that are wrong in one way: variations of the sound one."""

from __future__ import annotations

import contextlib
import itertools
import logging
import socket
from collections.abc import AsyncIterator

from attrs import evolve

import leadgen_core as lg
from leadgen_core.testing import Samples
from tests.kit import sound
from tests.kit.mutants import Mutants, SoundPlugins, plugin


class Silent(sound.Listing):
    """Lists nobody."""

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        async for candidate in super().discover(query, ctx):
            if candidate.name == "":
                yield candidate


class Repeating(sound.Listing):
    """Gives the last company twice."""

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        given = 0
        async for last in super().discover(query, ctx):
            yield last
            given += 1
        if given and given != query.limit:
            yield last


class Turning(sound.Listing):
    """Another order in every object."""

    _turn = itertools.count()

    def __init__(self, config: sound.Config) -> None:
        super().__init__(config)
        self.turn = next(self._turn)

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        found = [candidate async for candidate in super().discover(evolve(query, limit=None), ctx)]
        turn = self.turn % len(found) if found else 0
        for candidate in (found[turn:] + found[:turn])[: query.limit]:
            yield candidate


class Generous(sound.Listing):
    """One more than the limit."""

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        more = query if query.limit is None else evolve(query, limit=query.limit + 1)
        async for candidate in super().discover(more, ctx):
            yield candidate


class Short(sound.Listing):
    """Content with the pages that came."""

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        try:
            async for candidate in super().discover(query, ctx):
                yield candidate
        except lg.Unanswered:
            return


class Looping(sound.Listing):
    """Goes over pages by itself, to no end."""

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        params, given, number = self.params(query), 0, 1
        while number:
            page = await ctx.ask(self.page(params, number))
            for row in page.body["companies"]:
                if given == query.limit:
                    return
                yield lg.Candidate(lg.CompanyNumber.parse(row["number"]), row["name"])
                given += 1
            number = page.body["next"]


class Unfiltered(sound.Listing):
    """Lists everybody, whatever the status."""

    def params(self, query: lg.DiscoveryQuery) -> dict[str, str | int]:
        return super().params(evolve(query, statuses=()))


class Late(sound.Listing):
    """Asks before it refuses."""

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        await ctx.ask(self.page({}, 1))
        async for candidate in super().discover(query, ctx):
            yield candidate


class Talkative(sound.Listing):
    """Logs its key."""

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        key = self.config.api_key
        logging.getLogger("sound").debug("asking with %s", key and key.reveal())
        async for candidate in super().discover(query, ctx):
            yield candidate


class Roaming(sound.Listing):
    """Asks somebody else, by itself."""

    async def discover(self, query: lg.DiscoveryQuery, ctx: lg.Context) -> AsyncIterator[lg.Candidate]:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", 9), timeout=0.1).close()
        async for candidate in super().discover(query, ctx):
            yield candidate


def mutant(factory: type | None = None) -> tuple[object, Samples]:
    """The sound plugin with another discoverer."""
    spec = sound.DISCOVERER if factory is None else evolve(sound.DISCOVERER, factory=f"{__name__}:{factory.__name__}")
    return plugin(config=sound.Config, discoverers=[spec], simulators=[sound.SIMULATOR]), sound.SAMPLES


MUTANTS: Mutants = {
    "discoverer.each-once": mutant(Repeating),
    "discoverer.ends": mutant(Looping),
    "discoverer.filters": mutant(Unfiltered),
    "discoverer.hosts": mutant(Roaming),
    "discoverer.limit": mutant(Generous),
    "discoverer.lists": mutant(Silent),
    "discoverer.no-secret": mutant(Talkative),
    "discoverer.no-short-list": mutant(Short),
    "discoverer.order": mutant(Turning),
    "discoverer.refuses-first": mutant(Late),
}
SOUND_PLUGINS: SoundPlugins = {"discoverer": mutant()}
