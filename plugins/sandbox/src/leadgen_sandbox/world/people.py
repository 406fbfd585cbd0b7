"""Humans as they truly are. How a source writes them is :mod:`leadgen_sandbox.world.spelling`'s business."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import evolve, frozen

from leadgen_core.contracts.world import Human, Place
from leadgen_sandbox.world.draw import Draw, Table
from leadgen_sandbox.world.names import TONGUES, Tongue, forenames
from leadgen_sandbox.world.rates import RATES

__all__ = ["VERIFICATION", "Person", "full_name", "make_person", "relative"]

VERIFICATION = (date(2025, 4, 8), date(2025, 11, 18))
"""Identity verification: since when one may, since when new directors and PSCs must (companies-house.md §4)."""


@frozen(kw_only=True)
class Person:
    """A human. ``birth_surname`` is set when she had another surname before; ``office``: served at the office."""

    id: str
    male: bool
    forename: str
    middle: tuple[str, ...]
    surname: str
    birth_surname: str | None
    title: str
    honours: str | None
    born: tuple[int, int]
    nationality: str
    residence: str
    occupation: str | None
    verified_on: date | None
    office: bool
    tongue: Tongue

    def human(self, address: Place | None) -> Human:
        """The entry that a careful clerk would write."""
        return Human(
            person=self.id,
            surname=self.surname,
            forename=self.forename,
            middle=" ".join(self.middle) or None,
            title=self.title,
            honours=self.honours,
            born=self.born,
            nationality=self.nationality,
            residence=self.residence,
            occupation=self.occupation,
            address=address,
            verified_on=self.verified_on,
        )


def full_name(human: Human) -> str:
    """``Forename Middle Surname``."""
    return " ".join(part for part in (human.forename, human.middle, human.surname) if part)


_AGES = Table((((18, 25), 5), ((26, 35), 24), ((36, 45), 34), ((46, 55), 25), ((56, 65), 10), ((66, 74), 2)))
_TITLES = {
    True: Table((("Mr", 95), ("Dr", 4), ("Sir", 0.3), ("Professor", 0.7))),
    False: Table((("Mrs", 52), ("Ms", 24), ("Miss", 18), ("Dr", 4), ("Dame", 0.3), ("Professor", 0.7))),
}
_HONOURS = Table((("OBE", 3), ("MBE", 6), ("CBE", 2), ("FCA", 4), ("KC", 1)))
_OCCUPATIONS = Table((
    ("Director", 30), ("Company Director", 28), ("Consultant", 6), ("Manager", 5), ("Engineer", 5), ("Accountant", 4),
    ("Builder", 3), ("Businessman", 3), ("Managing Director", 3), ("Teacher", 2), ("Chef", 1.5), ("Retired", 2),
    ("Software Developer", 2), ("Hairdresser", 1), ("Electrician", 1.5), ("Doctor", 1), ("None", 1),
))  # fmt: skip
_ABROAD = ("Spain", "Ireland", "United Arab Emirates", "France", "United States", "India", "Germany", "Romania")
_MARRIED_PAIRS = 0.35
"""Of women: how many had another surname before (chosen)."""


def make_person(
    draw: Draw,
    key: str,
    nation: str,
    since: date,
    today: date,
    *,
    surname: str | None = None,
    male: bool | None = None,
    born: tuple[int, int] | None = None,
    tongue: Tongue | None = None,
) -> Person:
    """A human who could be appointed on ``since``. What is given is kept, all else is drawn."""
    tongue = tongue or draw.of(TONGUES)
    male = draw.chance(0.69) if male is None else male
    own_surname = _surname(draw, tongue)
    names = forenames(tongue, male=male)
    forename = draw.pick(names)
    count = 0
    if draw.chance(tongue.middle[0]):
        count = 2 if draw.chance(tongue.middle[1]) else 1
    middle = tuple(name for name in (draw.pick(names) for _ in range(count)) if name != forename)
    if male is False and surname is None and draw.chance(_MARRIED_PAIRS):
        birth: str | None = _surname(draw, tongue)
    else:
        birth = own_surname if surname is not None and male is False and own_surname != surname else None
    youngest, oldest = draw.of(_AGES)
    return Person(
        id=key,
        male=male,
        forename=forename,
        middle=middle,
        surname=surname or own_surname,
        birth_surname=birth,
        title=draw.of(_TITLES[male]),
        honours=draw.of(_HONOURS) if draw.chance(RATES["honours"]) else None,
        born=born or _born(draw.between(youngest, oldest), draw.between(1, 12), since, today),
        nationality=draw.of(tongue.nationalities),
        residence=draw.pick(_ABROAD) if draw.chance(0.04) else nation if draw.chance(0.7) else "United Kingdom",
        occupation=draw.of(_OCCUPATIONS) if draw.chance(0.82) else None,
        verified_on=_verified(draw, since, today),
        office=draw.chance(RATES["address_is_office"]),
        tongue=tongue,
    )


def _born(age: int, month: int, since: date, today: date) -> tuple[int, int]:
    """Old enough to be appointed then and not beyond 95 today."""
    return max(since.year - age, today.year - 95), month


def _surname(draw: Draw, tongue: Tongue) -> str:
    name = draw.of(tongue.surnames)
    if tongue.two_surnames and draw.chance(0.6):
        return f"{name} {draw.of(tongue.surnames)}"
    if draw.chance(RATES["double_barrelled"]) and " " not in name and "-" not in name:
        return f"{name}-{draw.of(tongue.surnames)}"
    return name


def _verified(draw: Draw, since: date, today: date) -> date | None:
    allowed, must = VERIFICATION
    if not draw.chance(RATES["verified"]) and since < must:
        return None
    first = max(since, allowed)
    return first + timedelta(days=draw.below((today - first).days + 1)) if first <= today else None


_KIN = Table((("spouse", 62), ("child", 24), ("sibling", 14)))


def relative(draw: Draw, key: str, of: Person, nation: str, since: date, today: date) -> Person:
    """Somebody of the same surname: a spouse, a child (a son now and then of his father's name) or a sibling."""
    kin = draw.of(_KIN)
    year, month = of.born
    if kin == "spouse":
        male, born = not of.male, (year + draw.between(-8, 8), draw.between(1, 12))
    elif kin == "sibling":
        twin = draw.chance(0.06)
        male, born = draw.chance(0.6), (year, month) if twin else (year + draw.between(-9, 9), draw.between(1, 12))
    else:
        gap, older = draw.between(22, 36), draw.chance(0.5)
        fits = year + gap <= since.year - 18  # a child must be of age, else it is a parent
        male, born = draw.chance(0.65), (year + (gap if fits and not older else -gap), draw.between(1, 12))
    latest = since.year - 18
    born = (max(min(born[0], latest), today.year - 95), born[1])
    made = make_person(draw, key, nation, since, today, surname=of.surname, male=male, born=born, tongue=of.tongue)
    named_after = (
        kin == "child" and made.male == of.male and abs(made.born[0] - year) >= 16 and draw.chance(RATES["namesake"])
    )
    if named_after:
        return _evolve(made, of.forename, of.middle if draw.chance(0.5) else made.middle)
    if made.forename == of.forename:  # two siblings or spouses of one forename there are not
        return _evolve(made, next(name for name in forenames(of.tongue, male=made.male) if name != of.forename), ())
    return made


def _evolve(person: Person, forename: str, middle: tuple[str, ...]) -> Person:
    return evolve(person, forename=forename, middle=tuple(name for name in middle if name != forename))
