"""The world itself: companies by hand first, then as many generated ones as wanted, each made when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from attrs import evolve, field, frozen

from leadgen_core.contracts.world import Presence, WorldCompany
from leadgen_sandbox.world.company import generate, lookalikes
from leadgen_sandbox.world.draft import Draft
from leadgen_sandbox.world.hand import NUMBERS, drafts, strangers
from leadgen_sandbox.world.numbers import MAX_COMPANIES, Numbering
from leadgen_sandbox.world.outline import Outlines
from leadgen_sandbox.world.truth import Truth, make_truth

__all__ = ["EARLIEST", "PROFILES", "TODAY", "Made", "SandboxWorld", "make_world"]

PROFILES = ("clean", "realistic")
TODAY = date(2026, 1, 30)
"""The world's day unless told otherwise: that of the register's recordings."""
EARLIEST = date(2026, 1, 1)
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@frozen(kw_only=True, eq=False)
class SandboxWorld:
    """A :class:`leadgen_core.contracts.world.World`. The same object stands for a company each time it is asked for."""

    seed: int
    profile: str
    today: date
    _count: int
    _outlines: Outlines
    _hand: Mapping[str, Draft]
    _strangers: tuple[Presence, ...]
    _facets: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    _made: dict[int, Draft] = field(factory=dict)

    def __len__(self) -> int:
        return self._count

    def company(self, number: str) -> WorldCompany | None:
        """The company of this canonical number, or None."""
        draft = self.draft(number)
        return None if draft is None else draft.company

    def companies(self) -> Iterator[WorldCompany]:
        """All, those designed by hand first."""
        for draft in self._hand.values():
            yield draft.company
        for place in range(self._generated):
            yield self._at(place).company

    def numbers(self) -> Iterator[str]:
        """The numbers of all, in the order of :meth:`companies`, without making the companies."""
        yield from self._hand
        for place in range(self._generated):
            yield self._outlines.number(place)

    def presences(self, provider: str) -> Iterator[tuple[WorldCompany | None, Presence]]:
        """Each with the company that points to it, so a group's site comes once for each of the group."""
        for company in self.companies():
            for presence in company.presences:
                if presence.provider == provider:
                    yield company, presence
        realistic = self.profile == "realistic"
        for presence in self._strangers:
            if presence.provider == provider:
                yield None, presence
        for place in range(self._generated):
            for presence in lookalikes(self._outlines, place, realistic=realistic):
                if presence.provider == provider:
                    yield None, presence

    def facet(self, name: str) -> Mapping[str, Any]:
        """What was added with :meth:`with_facet` under this name; else empty."""
        return self._facets.get(name, _NOTHING)

    def with_facet(self, name: str, facet: Mapping[str, Any]) -> SandboxWorld:
        """The same world with something of a plugin's own added; the companies made so far are shared."""
        return evolve(self, facets={**self._facets, name: MappingProxyType(dict(facet))})

    def draft(self, number: str) -> Draft | None:
        """A company with what is true of it, which is not for simulators."""
        if (draft := self._hand.get(number)) is not None:
            return draft
        if len(number) != 8 or not (number[2:].isascii() and number[2:].isdigit()):
            return None
        place = self._outlines.numbering.place(int(number[2:]))
        if place is None or place >= self._generated or self._outlines.number(place) != number:
            return None
        return self._at(place)

    @property
    def _generated(self) -> int:
        return self._count - len(self._hand)

    def _at(self, place: int) -> Draft:
        draft = self._made.get(place)
        if draft is None:
            draft = self._made[place] = generate(self._outlines, place, realistic=self.profile == "realistic")
        return draft


@frozen(kw_only=True)
class Made:
    """A world, and apart from it what is true of it."""

    world: SandboxWorld
    truth: Truth


def make_world(seed: int = 1, companies: int = 1_000, profile: str = "clean", today: date = TODAY) -> Made:
    """The world of a seed.

    ``companies`` counts all, those designed by hand included: company i is the same however many there are.
    ``today`` moves all dates with it. Raises ValueError, in one sentence, for a count, a profile or a day that
    there is no world of.
    """
    if profile not in PROFILES:
        raise ValueError(f"a world is clean or realistic, not {profile!r}")
    if not len(NUMBERS) <= companies <= MAX_COMPANIES:
        raise ValueError(
            f"a world has {len(NUMBERS)} to {MAX_COMPANIES:,} companies, the first {len(NUMBERS)} designed by hand"
        )
    if today < EARLIEST:
        raise ValueError(f"the world's day is {EARLIEST} or later: the register's facts are of that year")
    realistic = profile == "realistic"
    hand = {draft.company.number: draft for draft in drafts(today, realistic=realistic)}
    world = SandboxWorld(
        seed=seed,
        profile=profile,
        today=today,
        count=companies,
        outlines=Outlines(seed, Numbering(seed, NUMBERS), today),
        hand=MappingProxyType(hand),
        strangers=strangers(),
    )
    traps = {number: draft.company.trap for number, draft in hand.items()}
    truth = make_truth(seed, profile, today, world.numbers, companies, world.draft, MappingProxyType(traps))
    return Made(world=world, truth=truth)
