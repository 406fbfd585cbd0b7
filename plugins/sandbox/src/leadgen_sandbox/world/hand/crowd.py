"""Many invented people at once, for lists that go over pages. The same in every world."""

from __future__ import annotations

from leadgen_core.contracts.world import Human
from leadgen_sandbox.world.draw import Draw
from leadgen_sandbox.world.names import TONGUES, forenames

__all__ = ["crowd"]


def crowd(draw: Draw, count: int, key: str) -> list[Human]:
    """So many humans, no two of one name."""
    found: dict[str, Human] = {}
    while len(found) < count:
        tongue, male = draw.of(TONGUES), draw.chance(0.5)
        forename, surname = draw.pick(forenames(tongue, male=male)), draw.of(tongue.surnames)
        found.setdefault(
            f"{forename} {surname}",
            Human(
                person=f"hand:{key}-{len(found)}",
                forename=forename,
                surname=surname,
                title="Mr" if male else "Ms",
                born=(draw.between(1945, 2000), draw.between(1, 12)),
                nationality="British",
                residence="England",
            ),
        )
    return list(found.values())
