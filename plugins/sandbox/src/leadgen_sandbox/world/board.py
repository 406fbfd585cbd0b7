"""Who sits, and who sat, in the offices of a generated company, as it truly is."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import define

from leadgen_core.contracts.world import Body
from leadgen_sandbox.world.bodies import firm, foreign, nominee, of_outline
from leadgen_sandbox.world.draft import Seat
from leadgen_sandbox.world.draw import Draw, Table
from leadgen_sandbox.world.outline import BLOCK, Outline, Outlines
from leadgen_sandbox.world.people import Person, make_person, relative
from leadgen_sandbox.world.rates import RATES

__all__ = ["Cast", "board"]

# How many there are: chosen.
_DIRECTORS = Table(((1, 57), (2, 29), (3, 8), (4, 3), (5, 1.4), (6, 0.8), (8, 0.4), (0, 0.4)))
_TRUSTEES = Table(((3, 30), (4, 24), (5, 16), (6, 12), (7, 8), (9, 6), (12, 3), (2, 6)))
_MEMBERS = Table(((2, 55), (3, 18), (4, 10), (5, 7), (8, 5), (14, 2)))
_FORMER = Table(((0, 52), (1, 23), (2, 12), (3, 6), (4, 3), (6, 2.5), (9, 1.5)))
_FORMER_YOUNG = Table(((0, 88), (1, 10), (2, 2)))
_AGENTS, _SERIAL = 5, 18
_MODERN = date(1992, 1, 1)


@define
class Cast:
    """Draws the humans of one company, each with a key of their own."""

    seed: int
    outline: Outline
    draw: Draw
    today: date
    count: int = 0

    def _key(self) -> str:
        self.count += 1
        return f"{self.seed}-{self.outline.place}-{self.count}"

    def stranger(self, since: date) -> Person:
        """Somebody who has nothing to do with the others."""
        return make_person(self.draw, self._key(), self.outline.nation, since, self.today)

    def kin(self, of: Person, since: date) -> Person:
        """A relative of the same surname."""
        return relative(self.draw, self._key(), of, self.outline.nation, since, self.today)

    def serial(self) -> Person:
        """One of the block's people who sit on several boards."""
        block, which = self.outline.place // BLOCK, self.draw.below(_SERIAL)
        own = Draw(self.seed, "serial", block, which)
        return make_person(own, f"{self.seed}-s{block}-{which}", "England", date(2001, 1, 1), self.today)

    def agent(self) -> Person:
        """One of the few humans who form companies for others and leave the same day."""
        which = self.draw.below(_AGENTS)
        own = Draw(self.seed, "agent", which)
        return make_person(own, f"{self.seed}-a{which}", "England", date(1999, 1, 1), self.today)


def board(cast: Cast, outlines: Outlines, last: date) -> list[Seat]:
    """The seats. ``last``: today, or the day on which the company ended."""
    outline, draw = cast.outline, cast.draw
    make = {
        "directors": _directors,
        "trustees": _directors,
        "members": _members,
        "partners": _partners,
        "managers": _managers,
    }.get(outline.kind.board)
    if make is None:
        return []
    first = max(outline.born, cast.today - timedelta(days=365 * 40))
    if outline.born < first:
        first += timedelta(days=draw.below(365 * 12))
    return make(cast, outlines, min(first, last), last)


def _seat(draw: Draw, who: Person | Body, role: str, since: date, until: date | None = None) -> Seat:
    before = None
    if since < _MODERN and draw.chance(RATES["pre_1992"]):
        before = date(1991, 1, 1) + timedelta(days=draw.below(700))
        until = None if until is None else max(until, before)
    return Seat(who=who, role=role, since=since, until=until, before=before)


def _day(draw: Draw, first: date, last: date) -> date:
    return first + timedelta(days=draw.below((last - first).days + 1))


def _people(cast: Cast, count: int, first: date, last: date) -> list[tuple[Person, date]]:
    """The present ones with their first days; the founder leads."""
    draw, outline = cast.draw, cast.outline
    found: list[tuple[Person, date]] = []
    for at in range(count):
        since = first if draw.chance(0.9 if at == 0 else 0.55) else _day(draw, first, last)
        if at == 0:
            who = outline.founder
        elif draw.chance(RATES["family"] if outline.kind.board == "directors" else 0.05):
            who = cast.kin(found[0][0], since)
        elif since.year > 2001 and draw.chance(RATES["serial"]):
            who = cast.serial()
        else:
            who = cast.stranger(since)
        if all(who.id != other.id and not _alike(who, other) for other, _ in found):
            found.append((who, since))
    return found


def _alike(one: Person, other: Person) -> bool:
    """Whether nobody could tell them apart: one name and one month of birth."""
    return (one.forename, one.surname, one.born) == (other.forename, other.surname, other.born)


def _directors(cast: Cast, outlines: Outlines, first: date, last: date) -> list[Seat]:
    draw, outline = cast.draw, cast.outline
    seats: list[Seat] = []
    if outline.born.year >= 2000 and draw.chance(RATES["agent"]):
        seats.append(_seat(draw, cast.agent(), "director", outline.born, outline.born))
        if draw.chance(0.6):
            which = draw.below(_AGENTS)
            seats.append(
                _seat(draw, nominee(cast.seed, which), "corporate-nominee-secretary", outline.born, outline.born)
            )
    table = _TRUSTEES if outline.kind.board == "trustees" else _DIRECTORS
    present = _people(cast, draw.of(table), first, last)
    seats += [_seat(draw, who, "director", since) for who, since in present]
    seats += _former(cast, present, "director", first, last)
    _secretary(cast, seats, present, first, last)
    _companies(cast, seats, outlines, first, last)
    return seats


def _former(cast: Cast, present: list[tuple[Person, date]], role: str, first: date, last: date) -> list[Seat]:
    """Those who have gone; now and then a present one had gone and come back."""
    draw, seats = cast.draw, []
    days = (last - first).days
    for _ in range(0 if days < 120 else draw.of(_FORMER if days > 1500 else _FORMER_YOUNG)):
        since = first if draw.chance(0.4) else _day(draw, first, last)
        until = _day(draw, min(since + timedelta(days=20), last), last)
        back = next(
            ((who, day) for who, day in present if day > since + timedelta(days=400) and _adult(who, since)), None
        )
        if back and draw.chance(0.25):
            seats.append(_seat(draw, back[0], role, since, since + timedelta(days=draw.between(60, 300))))
            continue
        who = cast.kin(present[0][0], since) if present and draw.chance(0.25) else cast.stranger(since)
        if not any(_alike(who, other) for other, _ in present):
            seats.append(_seat(draw, who, role, since, until))
    return seats


def _adult(person: Person, on: date) -> bool:
    return on.year - person.born[0] >= 18


def _secretary(cast: Cast, seats: list[Seat], present: list[tuple[Person, date]], first: date, last: date) -> None:
    draw, outline = cast.draw, cast.outline
    rate = 0.42 if outline.kind.board == "trustees" or first.year < 2008 else 0.1
    if not present or not draw.chance(rate):
        return
    since = first if draw.chance(0.7) else _day(draw, first, last)
    kind = draw.unit()
    if kind < 0.3:
        who: Person = draw.pick(present)[0]
    else:
        who = cast.kin(present[0][0], since) if kind < 0.7 else cast.stranger(since)
    seats.append(_seat(draw, who, "secretary", since, None if draw.chance(0.7) else _day(draw, since, last)))


def _company(cast: Cast, outlines: Outlines, first: date, last: date) -> tuple[Body, date]:
    """A company of this world that was there by then, or one abroad; and from when it can sit."""
    draw = cast.draw
    other = outlines.earlier(draw, cast.outline.place)
    if other is not None and draw.chance(0.7) and (outline := outlines.at(other)).born <= last:
        return of_outline(outline), max(first, outline.born)
    return foreign(draw), first


def _companies(cast: Cast, seats: list[Seat], outlines: Outlines, first: date, last: date) -> None:
    """Firms among the officers, and those whose entry has a human's role (companies-house.md §1.10)."""
    draw, nation = cast.draw, cast.outline.nation
    if draw.chance(RATES["corporate_secretary"]):
        seats.append(_seat(draw, firm(draw, nation), "corporate-secretary", _day(draw, first, last)))
    if draw.chance(RATES["corporate_director"]):
        body, begun = _company(cast, outlines, first, last)
        seats.append(_seat(draw, body, "corporate-director", _day(draw, begun, last)))
    if draw.chance(RATES["body_in_personal_role"]):
        body = firm(draw, nation)
        if draw.chance(0.5):
            body = Body(name=body.name, identification_type=None, address=body.address)
        role = "director" if draw.chance(0.55) else "secretary"
        until = _day(draw, first, last) if draw.chance(0.25) else None
        seats.append(_seat(draw, body, role, first, until))


def _members(cast: Cast, outlines: Outlines, first: date, last: date) -> list[Seat]:
    draw = cast.draw
    present = _people(cast, draw.of(_MEMBERS), first, last)
    seats = []
    for at, (who, since) in enumerate(present):
        designated = at < 2 or draw.chance(0.3)
        seats.append(_seat(draw, who, "llp-designated-member" if designated else "llp-member", since))
    seats += _former(cast, present, "llp-designated-member" if draw.chance(0.6) else "llp-member", first, last)
    if draw.chance(0.25):
        body, begun = _company(cast, outlines, first, last)
        seats.append(_seat(draw, body, draw.pick(("corporate-llp-designated-member", "corporate-llp-member")), begun))
    return seats


def _partners(cast: Cast, _outlines: Outlines, first: date, last: date) -> list[Seat]:
    """Partners are listed since 2026 only, so of few (companies-house.md §4)."""
    draw = cast.draw
    if not draw.chance(0.4):
        return []
    seats = [_seat(draw, firm(draw, cast.outline.nation), "corporate-general-partner-in-a-limited-partnership", first)]
    for who, since in _people(cast, draw.between(1, 3), first, last):
        seats.append(_seat(draw, who, "limited-partner-in-a-limited-partnership", since))
    return seats


def _managers(cast: Cast, _outlines: Outlines, first: date, last: date) -> list[Seat]:
    draw = cast.draw
    people = _people(cast, draw.between(0, 2), first, last)
    return [_seat(draw, who, "managing-officer", since) for who, since in people]
