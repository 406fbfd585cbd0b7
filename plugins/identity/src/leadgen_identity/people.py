"""The people who decide in a company: each human once, with roles and the whole chain of evidence."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve

from leadgen_core import Case, Company, Evidence, Executive, PersonName, Role
from leadgen_identity.company import company_of
from leadgen_identity.join import join
from leadgen_identity.names import HumanName
from leadgen_identity.record import record
from leadgen_identity.statements import CONTROL_ROLE, Statement, read_statements, today
from leadgen_identity.text import fold

__all__ = ["article14_due", "best_name", "evidence_order", "executives"]

_DIRECTORS = frozenset({"director"})


# The register counts the officers of such a company as inactive, although no entry says so (companies-house.md §1.5).
_CLOSED = frozenset({"dissolved", "converted-closed", "closed", "removed"})


def executives(case: Case, company: Company | None = None) -> tuple[Executive, ...]:
    """The current decision makers: directors, the longest serving first, then other offices, then mere owners.

    Nobody decides in a company that is closed. ``company`` is :func:`company_of` this case, where it is known.
    """
    if (company or company_of(case)).status in _CLOSED:
        return ()
    due = article14_due(today(case.now))
    people = [_person(group, due) for group in join(read_statements(case.claims, case.number, case.now))]
    return tuple(person.executive for person in sorted(filter(None, people), key=lambda person: person.order))


def article14_due(day: date) -> date:
    """One calendar month later, the day by which the person must be told (UK GDPR, Article 14(3)).

    Where that month is shorter, its last day.
    """
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@record
class _Found:
    order: tuple[int, date, str, int]
    executive: Executive


def _person(group: Sequence[Statement], due: date) -> _Found | None:
    """The executive of one human's statements; None when no current one gives a role that decides."""
    held: dict[str, list[Statement]] = {}
    for statement in group:
        if statement.current and statement.decides:
            held.setdefault(statement.role, []).append(statement)
    if not held:
        return None
    roles = sorted([_role(role, statements) for role, statements in held.items()], key=_standing)
    rank, start, _ = _standing(roles[0])
    name = best_name(group)
    executive = Executive(
        name=PersonName(full=name.full, given=name.given[0] if name.given else None, family=name.family),
        roles=tuple(roles),
        article14_due=due,
        evidence=_chain(group),
    )
    return _Found((rank, start, name.key, group[0].order), executive)


def _standing(role: Role) -> tuple[int, date, str]:
    return _rank(role.role), role.since or role.before or date.max, role.role


def _rank(role: str) -> int:
    if role in _DIRECTORS:
        return 0
    return 2 if role == CONTROL_ROLE else 1


def _role(role: str, held: Iterable[Statement]) -> Role:
    """One role from all appointments to it that are current: since the earliest.

    An appointment of before 1992 has only the day before which it was made; it counts when no known start is
    earlier.
    """
    since = min([statement.since for statement in held if statement.since], default=None)
    before = min([statement.before for statement in held if statement.before], default=None)
    if before is not None and (since is None or before <= since):
        return Role(role=role, before=before)
    return Role(role=role, since=since)


def best_name(group: Sequence[Statement]) -> HumanName:
    """The fullest current form of the name; the surname in its owner's capitals and accents where one form has them."""
    if len(group) == 1:
        return group[0].name
    best = max(group, key=lambda statement: (statement.current and statement.decides, *_fullness(statement.name))).name
    families = [statement.name for statement in group if statement.name.family_key == best.family_key]
    family = max(families, key=lambda name: (name.own_capitals, _accents(name.family), name.family)).family
    return best if family == best.family else evolve(best, family=family)


def _fullness(name: HumanName) -> tuple[int, int, int, bool, str]:
    written_out = sum([len(fold(word)) > 1 for word in name.given])
    full = name.full
    return written_out, len(name.given), _accents(full), name.own_capitals, full


def _accents(text: str) -> int:
    return 0 if text.isascii() else sum(not sign.isascii() for sign in text)


def _chain(group: Sequence[Statement]) -> tuple[Evidence, ...]:
    """Every statement's link once: what is so now and decides comes first."""
    if len(group) == 1:
        return (group[0].evidence,)
    links: list[Evidence] = []
    for statement in sorted(group, key=lambda s: (not s.current, not s.decides, evidence_order(s.evidence))):
        if statement.evidence not in links:
            links.append(statement.evidence)
    return tuple(links)


def evidence_order(evidence: Evidence) -> tuple[str, ...]:
    """A stable order for links of equal standing."""
    until = evidence.good_until.isoformat() if evidence.good_until else ""
    return evidence.source, evidence.claim, evidence.url, evidence.retrieved_at.isoformat(), until
