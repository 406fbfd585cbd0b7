"""Sources that are wrong in one way: variations of the sound one."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import socket
from datetime import date
from typing import Any

from attrs import evolve

import leadgen_core as lg
from leadgen_core.testing import Samples
from tests.kit import sound
from tests.kit.mutants import Mutants, SoundPlugins, plugin

NOBODY = lg.Absent(because="no such company")


class Finding(sound.Members):
    """Finds nothing, whatever there is."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        await super().answer(subject, ctx)
        return NOBODY


class Empty(sound.Members):
    """Of a company that is not there it finds nothing, and calls that found."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        answer = await super().answer(subject, ctx)
        return lg.Found(()) if isinstance(answer, lg.Absent) else answer


class Changed(sound.Members):
    """Changes what was found."""

    def change(self, claims: list[Any]) -> list[Any]:
        return claims

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        answer = await super().answer(subject, ctx)
        return lg.Found(self.change(list(answer.claims))) if isinstance(answer, lg.Found) else answer


class OtherType(Changed):
    def change(self, claims: list[Any]) -> list[Any]:
        first = claims[0]
        match = lg.NameMatch(provenance=first.provenance, query="x", number=first.number, name=first.name)
        return [*claims, match]


class MadeUp(Changed):
    def change(self, claims: list[Any]) -> list[Any]:
        return [
            evolve(claim, provenance=evolve(claim.provenance, url="https://api.sound.example/")) for claim in claims
        ]


class Elsewhere(Changed):
    def change(self, claims: list[Any]) -> list[Any]:
        return [*claims, evolve(claims[0], number=lg.CompanyNumber("00000001"))]


class Shuffled(Changed):
    _turn = itertools.count()

    def change(self, claims: list[Any]) -> list[Any]:
        """Another order in every object."""
        turn = self.turn % len(claims)
        return claims[turn:] + claims[:turn]

    def __init__(self, config: sound.Config) -> None:
        super().__init__(config)
        self.turn = next(self._turn)


class Remembering(sound.Members):
    """Keeps in itself whom it was asked about last."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        self.subject = subject
        answer = await super().answer(subject, ctx)
        return answer if self.subject == subject else lg.Unknown(lg.Cause.AMBIGUOUS)


class Scribbling(sound.Members):
    """Writes into the body of a reply."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        reply = await ctx.ask(lg.Lookup.get(sound.API, "company", f"/companies/{subject.value}"))
        if not reply.nothing:
            reply.body["seen"] = True
        return await super().answer(subject, ctx)


class NumberedKeys(sound.Members):
    """Looks for a number as a key, which JSON does not have."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        reply = await ctx.ask(lg.Lookup.get(sound.API, "company", f"/companies/{subject.value}"))
        if not reply.nothing and 1 not in reply.body:
            return lg.Unknown(lg.Cause.MALFORMED)
        return await super().answer(subject, ctx)


class Impatient(sound.Members):
    """Does something of its own when there is no reply."""

    async def instead(self, unanswered: lg.Unanswered) -> lg.Answer:
        raise NotImplementedError

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        try:
            return await super().answer(subject, ctx)
        except lg.Unanswered as unanswered:
            return await self.instead(unanswered)


class Raising(Impatient):
    async def instead(self, unanswered: lg.Unanswered) -> lg.Answer:
        if unanswered.cause is lg.Cause.FORBIDDEN:
            raise RuntimeError("the key is wrong")
        raise unanswered


class Denying(Impatient):
    """What is throttled is not there."""

    async def instead(self, unanswered: lg.Unanswered) -> lg.Answer:
        if unanswered.cause is lg.Cause.THROTTLED:
            return NOBODY
        raise unanswered


class Sleeping(Impatient):
    async def instead(self, unanswered: lg.Unanswered) -> lg.Answer:
        if unanswered.cause is lg.Cause.TIMEOUT:
            await asyncio.sleep(3600)
        raise unanswered


class Trusting(sound.Members):
    """Takes for granted what redact lets through."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        answer = await super().answer(subject, ctx)
        for claim in answer.claims:
            if isinstance(claim, lg.OfficerAppointment):
                {"director": 1, "secretary": 2, "corporate-director": 3, "llp-designated-member": 4}[claim.role]
        return answer


class Looping(sound.Members):
    """Goes over pages by itself, to no end."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        path = f"/companies/{subject.value}"
        number: int | None = 1
        company = await ctx.ask(lg.Lookup.get(sound.API, "company", path))
        if company.nothing:
            return NOBODY
        claims: list[lg.Claim] = []
        while number:
            page = await ctx.ask(sound.officers(path, number))
            claims += [sound.appointment(row, subject, page.provenance) for row in page.body["officers"]]
            number = page.body["next"]
        profile = lg.CompanyProfile(provenance=company.provenance, number=subject, name=company.body["name"])
        return lg.Found([profile, *claims])


class Content(sound.Members):
    """Stops where pages repeat, and calls that all."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        path, number, turned = f"/companies/{subject.value}", 1, 0
        company = await ctx.ask(lg.Lookup.get(sound.API, "company", path))
        if company.nothing:
            return NOBODY
        profile = lg.CompanyProfile(provenance=company.provenance, number=subject, name=company.body["name"])
        claims: list[lg.Claim] = [profile]
        while number > turned:
            page = await ctx.ask(sound.officers(path, number))
            claims += [sound.appointment(row, subject, page.provenance) for row in page.body["officers"]]
            number, turned = page.body["next"] or 0, number
        return lg.Found(list(dict.fromkeys(claims)))


class Stubborn(sound.Members):
    """Takes its cancellation for a failure."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        try:
            return await super().answer(subject, ctx)
        except asyncio.CancelledError:
            return lg.Unknown(lg.Cause.FAILED)


class Shielding(sound.Members):
    """Its questions outlive it."""

    _tasks: set[asyncio.Task[lg.Answer]] = set()  # noqa: RUF012 - on purpose

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        task = asyncio.create_task(super().answer(subject, ctx))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)


class Talkative(sound.Members):
    """Logs its key."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        key = self.config.api_key
        logging.getLogger("sound").debug("asking with %s", key and key.reveal())
        return await super().answer(subject, ctx)


class Roaming(sound.Members):
    """Asks somebody else, by itself."""

    async def answer(self, subject: lg.CompanyNumber, ctx: lg.Context) -> lg.Answer:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", 9), timeout=0.1).close()
        return await super().answer(subject, ctx)


# --- APIs that are declared wrongly ---------------------------------------------------------------------------


def numbered(operation: str, body: Any, keyed: lg.Keyed) -> Any:
    kept = sound.redact(operation, body, keyed)
    return {**kept, 1: "a number as a key"} if operation == "company" else kept


def dated(operation: str, body: Any, keyed: lg.Keyed) -> Any:
    """Something that JSON cannot hold: the cache keeps nothing of it."""
    return {**sound.redact(operation, body, keyed), "on": date(2026, 1, 30)}


def loose(operation: str, body: Any, keyed: lg.Keyed) -> Any:
    """Keeps a nationality."""
    kept = sound.redact(operation, body, keyed)
    for row, real in zip(kept.get("officers", ()), body.get("officers", ()), strict=True):
        row["nationality"] = real.get("nationality")
    return kept


def any_404(operation: str, reply: lg.RawReply) -> lg.Meaning:
    return lg.Nothing() if reply.status == 404 else sound.classify(operation, reply)


def mutant(factory: type | None = None, *, api: dict[str, Any] | None = None, **changes: Any) -> tuple[object, Samples]:
    """The sound plugin with another source, another ApiSpec or another SourceSpec."""
    if factory is not None:
        changes["factory"] = f"{__name__}:{factory.__name__}"
    source = evolve(sound.SOURCE, api=evolve(sound.API, **(api or {})), **changes)
    return plugin(config=sound.Config, sources=[source], simulators=[sound.SIMULATOR]), sound.SAMPLES


MUTANTS: Mutants = {
    "source.cancel": mutant(Stubborn),
    "source.cancel-gives-back": mutant(Shielding),
    "source.categories": mutant(categories=("role", "birth")),
    "source.claim-types": mutant(OtherType),
    "source.concurrent": mutant(Remembering),
    "source.deterministic": mutant(Shuffled),
    "source.ends": mutant(Looping),
    "source.failure-is-unknown": mutant(Denying),
    "source.failure-no-exception": mutant(Raising),
    "source.finds": mutant(Finding),
    "source.foreign-404": mutant(api={"classify": any_404}),
    "source.hang": mutant(Sleeping),
    "source.hosts": mutant(Roaming),
    "source.kept": mutant(api={"redact": dated}),
    "source.no-secret": mutant(Talkative),
    "source.odd-bodies": mutant(Trusting),
    "source.other-companies": mutant(Elsewhere),
    "source.provenance": mutant(MadeUp),
    "source.read-only": mutant(Scribbling),
    "source.redaction": mutant(api={"redact": loose}),
    "source.three-ways": mutant(Empty),
    "source.whole": mutant(Content),
    "source.warm": mutant(NumberedKeys, api={"redact": numbered}),
}
SOUND_PLUGINS: SoundPlugins = {"source": mutant()}
