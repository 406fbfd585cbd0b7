"""Precision and recall of (company, current decision maker).

A found executive is right when its name is that of a true one (:mod:`leadgen_sandbox.evaluation.names`), each true
one at most once: the second who bears the name of one human is wrong. A name that fits several humans of the
company (father and son) is the one's with whom it shares a day on which a role began.

A missed human is accounted for when every list that names them as one who decides was ``unknown``: then the lead says
itself that it may lack somebody. A list that answered and named them is no excuse. Whom no list names as one who
decides cannot be found by anybody and is counted apart too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import define, field, frozen

from leadgen_sandbox.evaluation.known import KnownCompany, KnownHuman
from leadgen_sandbox.evaluation.names import key

__all__ = ["Figures", "Found", "Mistake", "Verdict", "match", "score"]


@frozen
class Found:
    """An executive that somebody found, by name (given names first) and the first days of the roles, if known."""

    name: str
    days: frozenset[date] = frozenset()


@define(kw_only=True)
class Figures:
    """Counts, and the figures that follow from them. A figure whose denominator is 0 is None."""

    n: int = 0
    """Companies."""
    true: int = 0
    found: int = 0
    correct: int = 0
    missed_unknown: int = 0
    missed_unlisted: int = 0

    @property
    def precision(self) -> float | None:
        return self.correct / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.correct / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        return 2 * self.correct / (self.found + self.true) if self.found + self.true else None

    @property
    def missed(self) -> int:
        return self.true - self.correct

    @property
    def flawless(self) -> bool:
        """Everybody found, and nobody else."""
        return self.found == self.correct == self.true

    def as_json(self) -> dict[str, Any]:
        """Figures with their denominators."""
        return {
            "n": self.n,
            "precision": _rounded(self.precision),
            "recall": _rounded(self.recall),
            "f1": _rounded(self.f1),
            "true": self.true,
            "found": self.found,
            "correct": self.correct,
            "missed": self.missed,
            "missed_unknown": self.missed_unknown,
            "missed_unlisted": self.missed_unlisted,
        }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 6)


@frozen(kw_only=True)
class Mistake:
    """What is wrong with one company."""

    number: str
    trap: str
    wrong: tuple[str, ...]
    """Names that are no true executive's, or a second time."""
    missed: tuple[str, ...]
    accounted: int
    """How many of the missed are accounted for."""


@define
class Verdict:
    """The figures over all companies, by trap (of those that hold one), and the companies that are not flawless."""

    all: Figures = field(factory=Figures)
    by_trap: dict[str, Figures] = field(factory=dict)
    mistakes: list[Mistake] = field(factory=list)


def score(
    companies: Iterable[KnownCompany],
    found: Mapping[str, Sequence[Found]],
    unknown: Mapping[str, frozenset[str]] | None = None,
) -> Verdict:
    """Compare. ``found`` and ``unknown`` (the questions without an answer) are by number.

    Whoever is found in a company that is not among ``companies`` is wrong.
    """
    verdict, silent = Verdict(), unknown or {}
    rest = dict(found)
    for company in companies:
        _count(verdict, company, rest.pop(company.number, ()), silent.get(company.number, frozenset()))
    for number, people in rest.items():
        if people:
            _count(verdict, KnownCompany(number=number), people, frozenset())
            verdict.all.n -= 1
    return verdict


def _count(verdict: Verdict, company: KnownCompany, found: Sequence[Found], silent: frozenset[str]) -> None:
    pairs = match(company.humans, found)
    right = {at for at, _ in pairs}
    missed = [human for human in company.deciding if human.person not in {human.person for _, human in pairs}]
    accounted = sum(bool(human.lists) and human.lists <= silent for human in missed)
    counts = Counter(
        n=1,
        true=len(company.deciding),
        found=len(found),
        correct=len(pairs),
        missed_unknown=accounted,
        missed_unlisted=sum(not human.lists for human in missed),
    )
    figures = [verdict.all]
    if company.trap:
        figures.append(verdict.by_trap.setdefault(company.trap, Figures()))
    for each in figures:
        for name, count in counts.items():
            setattr(each, name, getattr(each, name) + count)
    wrong = tuple(one.name for at, one in enumerate(found) if at not in right)
    if wrong or missed:
        verdict.mistakes.append(
            Mistake(
                number=company.number,
                trap=company.trap,
                wrong=wrong,
                missed=tuple(human.name for human in missed),
                accounted=accounted,
            )
        )


def match(humans: Sequence[KnownHuman], found: Sequence[Found]) -> list[tuple[int, KnownHuman]]:
    """Which of the found is which human who decides, as many as can be; each stands in one pair at most."""
    fits = [[human for human in _meant(humans, one) if human.decides] for one in found]
    taken: dict[str, tuple[int, KnownHuman]] = {}

    def place(at: int, seen: set[str]) -> bool:
        """Give ``found[at]`` a human, moving others to another one of theirs where that makes room."""
        for human in fits[at]:
            if human.person in seen:
                continue
            seen.add(human.person)
            holder = taken.get(human.person)
            if holder is None or place(holder[0], seen):
                taken[human.person] = (at, human)
                return True
        return False

    for at in range(len(found)):
        place(at, set())
    return sorted(taken.values(), key=lambda pair: pair[0])


def _meant(humans: Sequence[KnownHuman], one: Found) -> list[KnownHuman]:
    """The humans of this name; of several those who share a day with it, where both sides have days."""
    wanted = key(one.name)
    named = [human for human in humans if wanted and wanted in human.keys]
    if len(named) < 2 or not one.days:
        return named
    return [human for human in named if not human.days or human.days & one.days]
