"""How one list writes a human otherwise than another: the disagreements of the profile ``realistic``.

Of the changes that could make two entries look like two humans (another surname, another forename, another or no
date of birth), one human suffers one at most, and nobody who shares a name with a relative suffers any: whoever
reads both lists with care can still tell.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from attrs import evolve

from leadgen_core.contracts.world import Human
from leadgen_sandbox.world.draw import Draw
from leadgen_sandbox.world.people import Person
from leadgen_sandbox.world.rates import RATES

__all__ = ["SHORT_FORMS", "Spelling", "plain", "spelling"]

Spelling = Callable[[Human], Human]

SHORT_FORMS: dict[str, str] = {
    "Abigail": "Abbie", "Alexander": "Alex", "Alexandra": "Sandra", "Andrew": "Andy", "Anthony": "Tony",
    "Antony": "Tony", "Benjamin": "Ben", "Catherine": "Cathy", "Charles": "Charlie", "Charlotte": "Lottie",
    "Christine": "Chris", "Christopher": "Chris", "Daniel": "Dan", "David": "Dave", "Deborah": "Debbie",
    "Edward": "Ted", "Eleanor": "Nell", "Elizabeth": "Liz", "Frederick": "Fred", "Geoffrey": "Geoff",
    "Gerald": "Gerry", "Gregory": "Greg", "Henry": "Harry", "Jacqueline": "Jackie", "James": "Jim",
    "Jennifer": "Jenny", "Jonathan": "Jon", "Joseph": "Joe", "Joshua": "Josh", "Katherine": "Kate",
    "Kathleen": "Kath", "Kenneth": "Ken", "Lawrence": "Larry", "Leonard": "Len", "Margaret": "Maggie",
    "Matthew": "Matt", "Michael": "Mike", "Nicholas": "Nick", "Nicola": "Nicky", "Pamela": "Pam",
    "Patricia": "Trish", "Patrick": "Paddy", "Philip": "Phil", "Rachel": "Rach", "Raymond": "Ray",
    "Rebecca": "Becky", "Richard": "Dick", "Robert": "Bob", "Ronald": "Ron", "Samantha": "Sam", "Samuel": "Sam",
    "Stephen": "Steve", "Steven": "Steve", "Susan": "Sue", "Terence": "Terry", "Thomas": "Tom",
    "Timothy": "Tim", "Victoria": "Vicky", "William": "Bill",
}  # fmt: skip


def plain(text: str) -> str:
    """Without accents: ``Ioniță`` → ``Ionita``."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("’", "'")


def _every(human: Human, change: Callable[[str], str]) -> Human:
    return evolve(
        human,
        surname=change(human.surname),
        forename=change(human.forename) if human.forename else None,
        middle=change(human.middle) if human.middle else None,
    )


def _otherwise(name: str) -> str:
    """``O'Neill`` → ``O Neill``, ``McLean`` → ``Mc Lean``, ``Macdonald`` → ``MacDonald``."""
    if "'" in name:
        return name.replace("'", " ")
    for start in ("Mac", "Mc"):
        if name.startswith(start) and len(name) > len(start) + 2:
            rest = name[len(start) :]
            return f"{start} {rest}" if rest[0].isupper() else f"{start}{rest.capitalize()}"
    return name


def _misspelt(name: str, unit: float) -> str:
    """One letter doubled, lost or turned; never the first."""
    at = 1 + int(unit * (len(name) - 2))
    kind = int(unit * 997) % 3
    if kind == 0:
        return name[:at] + name[at] + name[at:]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    return name[:at] + (name[at + 1 : at + 2] or "e") + name[at] + name[at + 2 :]


def _strong(draw: Draw, person: Person) -> Spelling | None:
    """At most one of those after which another human may seem meant."""
    first = person.middle[0] if person.middle else None
    if draw.chance(RATES["forename_short"]) and person.forename in SHORT_FORMS:
        return lambda human: evolve(human, forename=SHORT_FORMS[person.forename])
    if first and draw.chance(RATES["known_by_middle"]):
        return lambda human: evolve(human, forename=first, middle=" ".join(person.middle[1:]) or None)
    if person.birth_surname and draw.chance(RATES["birth_surname"]):
        birth = person.birth_surname
        return lambda human: evolve(human, surname=birth)
    if draw.chance(RATES["misspelt"]) and len(person.surname) > 4:
        unit = draw.unit()
        return lambda human: evolve(human, surname=_misspelt(human.surname, unit))
    if draw.chance(RATES["born_differs"]):
        year, month = person.born
        born = (year + draw.pick((-1, 1, 10)), month) if draw.chance(0.4) else (year, month % 12 + 1)
        return lambda human: evolve(human, born=born)
    return None


def _weak(draw: Draw, person: Person) -> list[Spelling]:
    """Those after which the same human is still to be seen."""
    steps: list[Spelling] = []
    if person.middle:
        if draw.chance(RATES["middle_dropped"]):
            steps.append(lambda human: evolve(human, middle=None))
        elif draw.chance(RATES["middle_initial"]):
            steps.append(
                lambda human: evolve(human, middle=" ".join(n[0] for n in (human.middle or "").split()) or None)
            )
    if person.birth_surname and draw.chance(RATES["maiden_middle"]):
        birth = person.birth_surname
        steps.append(lambda human: evolve(human, middle=f"{human.middle} {birth}" if human.middle else birth))
    whole = f"{person.forename} {' '.join(person.middle)} {person.surname}"
    if plain(whole) != whole and draw.chance(RATES["accents_dropped"]):
        steps.append(lambda human: _every(human, plain))
    if "-" in whole and draw.chance(RATES["hyphen_lost"]):
        steps.append(lambda human: _every(human, lambda name: name.replace("-", " ")))
    if _otherwise(person.surname) != person.surname and draw.chance(RATES["apostrophe"]):
        steps.append(lambda human: evolve(human, surname=_otherwise(human.surname)))
    if " " in person.surname and person.tongue.two_surnames and draw.chance(RATES["two_surnames_cut"]):
        steps.append(lambda human: evolve(human, surname=human.surname.split(" ")[0]))
    if draw.chance(RATES["title_in_name"]):
        steps.append(_titled(person))
    return steps


def _titled(person: Person) -> Spelling:
    if person.honours:
        return lambda human: evolve(human, surname=f"{human.surname} {person.honours}", honours=None)
    return lambda human: evolve(human, forename=f"{human.title or 'Mr'} {human.forename}", title=None)


def spelling(draw: Draw, person: Person) -> Spelling | None:
    """What the less careful of two lists makes of this human; None when both agree."""
    strong = _strong(draw, person)
    steps = ([strong] if strong else []) + _weak(draw, person)
    if not steps:
        return None

    def apply(human: Human) -> Human:
        for step in steps:
            human = step(human)
        return human

    return apply
