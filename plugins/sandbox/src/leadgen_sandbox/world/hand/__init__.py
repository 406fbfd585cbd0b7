"""Companies designed by hand, by theme. They are the first of every world and the same under every seed."""

from __future__ import annotations

from datetime import date

from leadgen_core.contracts.world import Presence
from leadgen_sandbox.world.draft import Draft
from leadgen_sandbox.world.hand import controls, families, firms, legal, lives, sites, spellings
from leadgen_sandbox.world.hand.build import build
from leadgen_sandbox.world.hand.dsl import Hand

__all__ = ["COMPANIES", "NUMBERS", "drafts", "strangers"]

COMPANIES: tuple[Hand, ...] = (
    *families.COMPANIES,
    *spellings.COMPANIES,
    *firms.COMPANIES,
    *controls.COMPANIES,
    *lives.COMPANIES,
    *legal.COMPANIES,
    *sites.COMPANIES,
)
NUMBERS: tuple[str, ...] = tuple(hand.number for hand in COMPANIES)


def drafts(today: date, *, realistic: bool) -> tuple[Draft, ...]:
    """All of them as they are on this day."""
    return tuple(build(hand, today, realistic=realistic) for hand in COMPANIES)


def strangers() -> tuple[Presence, ...]:
    """Sites and accounts to which none of them points."""
    return tuple(make("") for make in sites.STRANGERS)
