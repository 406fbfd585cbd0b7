"""Screens that are wrong in one way."""

from __future__ import annotations

from typing import Any, cast

from attrs import evolve

from leadgen_core import Company, Executive, Lead, PersonName, ScreenSpec, Subject
from leadgen_core.testing import Samples
from tests.kit.mutants import Mutants, SoundPlugins, plugin

GONE = Executive(name=PersonName(full="Olaf Objects"), roles=())


class Sound:
    """Takes one person out, and holds nothing back."""

    def __init__(self, _config: object) -> None:
        pass

    async def admit(self, subject: Subject) -> bool:
        return subject.kind != "account"

    async def people(self, lead: Lead) -> Lead:
        left = tuple(person for person in lead.executives if not self.must_go(person))
        return self.counted(lead, left, len(lead.executives) - len(left))

    def must_go(self, person: Executive) -> bool:
        return person.name.full == GONE.name.full

    def counted(self, lead: Lead, left: tuple[Executive, ...], gone: int) -> Lead:
        count = lead.compliance.suppressed_people + gone
        return evolve(lead, executives=left, compliance=evolve(lead.compliance, suppressed_people=count))

    async def release(self, lead: Lead, sink: str) -> Lead | None:
        return lead if sink.startswith("files.") else None


class Vague(Sound):
    """Says something, and not whether."""

    async def admit(self, subject: Subject) -> bool:
        return cast(bool, subject.kind or "")


class Tidy(Sound):
    """Tidies the company up while it is at it."""

    async def people(self, lead: Lead) -> Lead:
        return evolve(await super().people(lead), company=Company(number=lead.company.number))


class Uncounted(Sound):
    """Counts nobody."""

    def counted(self, lead: Lead, left: tuple[Executive, ...], gone: int) -> Lead:
        return super().counted(lead, left, 0)


class Lazy(Sound):
    """Takes the first one out, and looks no further."""

    async def people(self, lead: Lead) -> Lead:
        people = lead.executives
        if not people or not self.must_go(people[0]):
            return lead
        return self.counted(lead, people[1:], 1)


class Adding(Sound):
    """Adds somebody at the last moment."""

    async def release(self, lead: Lead, sink: str) -> Lead | None:
        return evolve(lead, executives=(*lead.executives, GONE))


class Writing(Sound):
    """Writes into the lead."""

    async def release(self, lead: Lead, sink: str) -> Lead | None:
        cast("dict[str, Any]", lead.scores)["screened"] = None
        return lead


def _made(kind: type[Sound]) -> tuple[object, Samples]:
    spec = ScreenSpec(name="screen", factory=f"{__name__}:{kind.__name__}")
    return plugin(screens=[spec]), Samples(suppressed=(GONE,))


MUTANTS: Mutants = {
    "screen.admit": _made(Vague),
    "screen.counts": _made(Uncounted),
    "screen.people-only": _made(Tidy),
    "screen.release": _made(Adding),
    "screen.takes-out": _made(Lazy),
    "screen.unchanged": _made(Writing),
}
SOUND_PLUGINS: SoundPlugins = {"screen": _made(Sound)}
