"""Faker's lists of names, as tuples in Faker's order, grouped by the tongues found among UK directors."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen
from faker.providers.person.de_DE import Provider as German
from faker.providers.person.en_GB import Provider as British
from faker.providers.person.en_IE import Provider as Irish
from faker.providers.person.en_IN import Provider as Indian
from faker.providers.person.es_ES import Provider as Spanish
from faker.providers.person.fr_FR import Provider as French
from faker.providers.person.it_IT import Provider as Italian
from faker.providers.person.nl_NL import Provider as Dutch
from faker.providers.person.pt_PT import Provider as Portuguese
from faker.providers.person.ro_RO import Provider as Romanian
from faker.providers.person.yo_NG import Provider as Yoruba

from leadgen_sandbox.world.draw import Table

__all__ = ["SURNAMES", "TONGUES", "Tongue", "forenames"]


@frozen
class Tongue:
    """Where a name comes from. ``middle``: the share with a middle name, and of these with a second."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    surnames: Table[str]
    nationalities: Table[str]
    middle: tuple[float, float]
    two_surnames: bool = False


_PARTICLES = frozenset(
    ("da", "dal", "de", "del", "den", "der", "di", "do", "dos", "du", "la", "le", "lo", "mac", "ó", "van", "von")
)


def _well_formed(name: str) -> bool:
    """One word of letters, apostrophes and hyphens, with at most two particles before it."""
    *particles, last = name.split(" ")
    return (
        all(part.isalpha() for part in last.replace("’", "'").replace("'", "-").split("-"))
        and last[0].isupper()
        and len(particles) <= 2
        and all(particle.lower() in _PARTICLES for particle in particles)
    )


def _tidy(names: Iterable[str]) -> tuple[str, ...]:
    """The well-formed ones, each once, in their order."""
    return tuple(dict.fromkeys(name for name in names if _well_formed(name)))


def _tongue(
    provider: type[
        British | Irish | Indian | Spanish | French | Italian | German | Dutch | Portuguese | Romanian | Yoruba
    ],
    nationalities: str,
    middle: tuple[float, float],
    *,
    two_surnames: bool = False,
) -> Tongue:
    surnames = provider.last_names
    weighted = tuple(surnames.items()) if isinstance(surnames, dict) else tuple((name, 1.0) for name in _tidy(surnames))
    words = nationalities.split()
    return Tongue(
        male=tuple(name for name in _tidy(provider.first_names_male) if " " not in name),
        female=tuple(name for name in _tidy(provider.first_names_female) if " " not in name),
        surnames=Table((str(name), float(weight)) for name, weight in weighted),
        nationalities=Table((word.replace("_", " "), 3.0 if rank == 0 else 1.0) for rank, word in enumerate(words)),
        middle=middle,
        two_surnames=two_surnames,
    )


# Shares chosen: about four in five are British, the rest as in any list of directors of a British town.
TONGUES: Table[Tongue] = Table((
    (_tongue(British, "British British British English", (0.66, 0.14)), 79),
    (_tongue(Irish, "Irish British", (0.55, 0.1)), 3),
    (_tongue(Indian, "British Indian Pakistani", (0.25, 0.05)), 7),
    (_tongue(Romanian, "Romanian Romanian Moldovan", (0.35, 0.0)), 3.5),
    (_tongue(Italian, "Italian British", (0.2, 0.0)), 1.6),
    (_tongue(Spanish, "Spanish", (0.35, 0.0), two_surnames=True), 1.2),
    (_tongue(French, "French", (0.3, 0.05)), 1.2),
    (_tongue(German, "German Austrian", (0.3, 0.0)), 1.1),
    (_tongue(Portuguese, "Portuguese Brazilian", (0.4, 0.1)), 1.0),
    (_tongue(Dutch, "Dutch", (0.4, 0.1)), 0.7),
    (_tongue(Yoruba, "British Nigerian", (0.6, 0.1)), 1.7),
))  # fmt: skip

SURNAMES: tuple[str, ...] = TONGUES.items[0].surnames.items


def forenames(tongue: Tongue, *, male: bool) -> tuple[str, ...]:
    """The list to draw a forename from."""
    return tongue.male if male else tongue.female
