"""Naive ways to find executives in the same register answers: an evaluation in which they do well proves nothing.

Each gets for nothing what is easy: who has resigned or ceased, which offices decide (quality.md: directors, designated
members of an LLP, persons with significant control), that nobody decides in a closed company, and how the two lists
order the parts of a name. What it has to do itself is to tell who is the same human and who is a company; but for the
suffix rule none does the latter.

========================  ===================================================================================
``exact_full_name``       every different text in a list is an executive, as it stands there
``ordered_full_name``     the same with titles dropped and given names first, without case and accents: the
                          strongest join by name alone
``surname_company``       one executive for each surname of the company
``legal_suffix``          ``ordered_full_name`` without what ends like a company
``jaro_winkler``          names of a Jaro-Winkler similarity of 0.9 or more are one
========================  ===================================================================================

A company with one director who owns it is easy whatever the join, and there are many of these. So the joins are
measured for themselves too: of all pairs of a human in the officers and a human in control of the same company, past
ones included, which are the same human?
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import product

from attrs import define, frozen

from leadgen_core.contracts.world import Appointment, Body, Control, Human, World, WorldCompany
from leadgen_sandbox.evaluation.jaro import jaro_winkler
from leadgen_sandbox.evaluation.known import KnownCompany
from leadgen_sandbox.evaluation.names import key, letters
from leadgen_sandbox.evaluation.scoring import Figures, Found, score
from leadgen_sandbox.world import DECIDING_ROLES, ENDED, full_name

__all__ = [
    "BASELINES",
    "JOINS",
    "Entry",
    "SuffixRule",
    "ends_like_a_company",
    "entries",
    "measure",
    "measure_joins",
    "suffix_rule",
]

_LIKE = 0.9
_PLAIN_TITLES = frozenset({"mr", "mrs", "miss", "ms", "master"})
_SUFFIXES = frozenset({
    "limited", "ltd", "plc", "llp", "lp", "cic", "cio", "cyf", "cyfyngedig", "ccc", "unlimited", "company", "co",
    "inc", "incorporated", "corp", "corporation", "llc", "gmbh", "ag", "sa", "sarl", "srl", "spa", "bv", "nv", "ab",
    "as", "oy", "pty",
})  # fmt: skip
_SIGNS = re.compile(r"[.,'()]")


@frozen(kw_only=True)
class Entry:
    """A current entry of one of the two lists that makes its holder an executive, if it is a human."""

    text: str
    """The name as the list writes it (companies-house.md §1.10, §1.11)."""
    name: str
    """The same, given names first, without a title."""
    surname: str


def entries(company: WorldCompany, today: date) -> list[Entry]:
    """What the register shows of a company, to somebody who can read it."""
    if company.status in ENDED:
        return []
    serving = [each for each in company.appointments if _serves(each, today)]
    return [
        *(_entry(each.who, _in_officers) for each in serving),
        *(_entry(each.who, _in_controls) for each in company.controls if each.who is not None and _stands(each, today)),
    ]


def _serves(appointment: Appointment, today: date) -> bool:
    office = appointment.role.removeprefix("corporate-")
    return office in DECIDING_ROLES and (appointment.resigned_on is None or appointment.resigned_on > today)


def _stands(control: Control, today: date) -> bool:
    return control.ceased_on is None or control.ceased_on > today


def _entry(who: Human | Body, text: Callable[[Human], str]) -> Entry:
    if isinstance(who, Body):
        return Entry(text=who.name, name=who.name, surname=who.name.rsplit(None, 1)[-1])
    return Entry(text=text(who), name=full_name(who), surname=who.surname)


def _in_officers(who: Human) -> str:
    given = " ".join(filter(None, (who.forename, who.middle)))
    title = None if letters(who.title or "") in _PLAIN_TITLES else who.title
    return ", ".join(filter(None, (who.surname.upper(), given, title)))


def _in_controls(who: Human) -> str:
    return " ".join(filter(None, (who.title, full_name(who))))


# --- the baselines --------------------------------------------------------------------------------------------


def _exact(listed: Sequence[Entry]) -> list[Found]:
    return _one_each(listed, lambda entry: entry.text)


def _ordered(listed: Sequence[Entry]) -> list[Found]:
    return _one_each(listed, _name_key)


def _name_key(entry: Entry) -> str:
    return key(entry.name)


def _surname(listed: Sequence[Entry]) -> list[Found]:
    return _one_each(listed, _surname_key)


def _surname_key(entry: Entry) -> str:
    return letters(entry.surname)


def _suffix(listed: Sequence[Entry]) -> list[Found]:
    return _ordered([entry for entry in listed if not ends_like_a_company(entry.name)])


def _jaro(listed: Sequence[Entry]) -> list[Found]:
    """Like ones are one, and so are two that are like a third."""
    groups: list[list[Entry]] = []
    for entry in listed:
        near = [group for group in groups if any(_alike(entry, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(other for group in near for other in group), entry])
    return [Found(group[0].name) for group in groups]


def _alike(one: Entry, other: Entry) -> bool:
    return jaro_winkler(one.name.casefold(), other.name.casefold()) >= _LIKE


def _one_each(listed: Sequence[Entry], by: Callable[[Entry], str]) -> list[Found]:
    return [Found(entry.name) for entry in {by(entry): entry for entry in reversed(listed)}.values()]


BASELINES: dict[str, Callable[[Sequence[Entry]], list[Found]]] = {
    "exact_full_name": _exact,
    "ordered_full_name": _ordered,
    "surname_company": _surname,
    "legal_suffix": _suffix,
    "jaro_winkler": _jaro,
}


def measure(world: World, companies: Sequence[KnownCompany]) -> dict[str, Figures]:
    """The figures of each baseline over all companies, in the units of ours."""
    listed = {company.number: entries(company, world.today) for company in world.companies()}
    return {
        name: score(companies, {number: find(each) for number, each in listed.items()}).all
        for name, find in BASELINES.items()
    }


JOINS: dict[str, Callable[[Entry, Entry], bool]] = {
    "ordered_full_name": lambda one, other: _name_key(one) == _name_key(other),
    "surname_company": lambda one, other: _surname_key(one) == _surname_key(other),
    "jaro_winkler": _alike,
}
"""When two entries of one company are the same human, by those baselines that join at all."""


def measure_joins(world: World) -> dict[str, Figures]:
    """Of pairs across the two lists of a company: how many are one human, are said to be, and are so rightly."""
    joins = {name: Figures() for name in JOINS}
    for company in world.companies():
        officers = [each.who for each in company.appointments if isinstance(each.who, Human)]
        controls = [each.who for each in company.controls if isinstance(each.who, Human)]
        for name, same in JOINS.items():
            figures = joins[name]
            figures.n += 1
            for one, other in product(officers, controls):
                true = one.person == other.person
                said = same(_entry(one, _in_officers), _entry(other, _in_controls))
                figures.true += true
                figures.found += said
                figures.correct += true and said
    return joins


# --- person or company? ---------------------------------------------------------------------------------------


@define
class SuffixRule:
    """How often the rule is wrong about companies: among the officers, and among those in control."""

    officers: int = 0
    officers_wrong: int = 0
    controls: int = 0
    controls_wrong: int = 0

    @property
    def share_wrong(self) -> float | None:
        """Of corporate officers; None where there is none."""
        return self.officers_wrong / self.officers if self.officers else None


def ends_like_a_company(name: str) -> bool:
    """The legal-suffix rule: the last word is a legal form, of whatever country, or the last two are (S.à r.l.)."""
    words = _SIGNS.sub("", name).split()
    return any(letters("".join(words[-count:])) in _SUFFIXES for count in (1, 2) if count <= len(words))


def suffix_rule(companies: Iterable[WorldCompany]) -> SuffixRule:
    """The rule on all bodies of the two lists, past ones too; the same text counts once in a company."""
    rule = SuffixRule()
    for company in companies:
        for name in sorted(set(_bodies(company.appointments))):
            rule.officers += 1
            rule.officers_wrong += not ends_like_a_company(name)
        for name in sorted(set(_bodies(company.controls))):
            rule.controls += 1
            rule.controls_wrong += not ends_like_a_company(name)
    return rule


def _bodies(listed: Iterable[Appointment | Control]) -> Iterator[str]:
    return (each.who.name for each in listed if isinstance(each.who, Body))
