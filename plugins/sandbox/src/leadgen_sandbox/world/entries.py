"""What the register's two lists say of seats and stakes; under ``realistic`` they disagree, lag and omit."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from attrs import define, evolve, field, frozen

from leadgen_core.contracts.world import Appointment, Body, Control, Human, Place
from leadgen_sandbox.world.bodies import untidy
from leadgen_sandbox.world.draft import DECIDING_ROLES, Holding, Seat, Stake
from leadgen_sandbox.world.draw import Draw, stamp
from leadgen_sandbox.world.outline import Outline
from leadgen_sandbox.world.people import Person
from leadgen_sandbox.world.places import street_address
from leadgen_sandbox.world.rates import RATES
from leadgen_sandbox.world.spelling import Spelling, spelling

__all__ = ["Lists", "write_lists"]


@frozen(kw_only=True)
class Lists:
    """The two lists, and what is true beside them."""

    appointments: tuple[Appointment, ...]
    controls: tuple[Control, ...]
    holdings: tuple[Holding, ...]


@define
class _Habit:
    """How one human is written in this company: which list differs, and how."""

    officers: Spelling | None = None
    controls: Spelling | None = None
    born_missing: bool = False
    verified_in_one: bool = False


@define(kw_only=True)
class _Clerk:
    outline: Outline
    office: Place | None
    draw: Draw
    realistic: bool
    today: date
    habits: dict[str, _Habit] = field(factory=dict)
    homes: dict[str, Place] = field(factory=dict)

    def address(self, person: Person) -> Place | None:
        """Where they are served: the office or a house of their own, the same in both lists."""
        if person.office:
            return self.office
        if person.id not in self.homes:
            self.homes[person.id] = street_address(Draw(person.id, "home"), self.outline.town)
        return self.homes[person.id]

    def less(self, human: Human) -> Human:
        """Without what this entry happens to lack."""
        if not self.realistic or not self.draw.chance(RATES["members_missing"]):
            return human
        what = self.draw.below(4)
        if what == 0:
            return evolve(human, nationality=None)
        if what == 1:
            return evolve(human, residence=None)
        if what == 2 and human.address is not None:
            return evolve(human, address=evolve(human.address, region=None, country=None))
        return evolve(human, address=None)


def write_lists(
    outline: Outline,
    office: Place | None,
    seats: list[Seat],
    held: list[Stake],
    seed: int,
    today: date,
    *,
    realistic: bool,
) -> Lists:
    """Both lists of a generated company."""
    draw = Draw(seed, outline.place, "lists")
    clerk = _Clerk(outline=outline, office=office, draw=draw, realistic=realistic, today=today)
    holdings = tuple(_holdings(seats, held))
    if realistic:
        _disagree(clerk, seats, held)
        seats = seats + _again(clerk, seats)
    return Lists(
        appointments=tuple(_appointment(clerk, at, seat) for at, seat in enumerate(seats)),
        controls=tuple(
            entry for at, stake in enumerate(held) if (entry := _control(clerk, at, stake, seats)) is not None
        ),
        holdings=holdings,
    )


def _holdings(seats: list[Seat], held: list[Stake]) -> list[Holding]:
    found = []
    for seat in seats:
        if isinstance(seat.who, Person) and seat.role in DECIDING_ROLES:
            since = None if seat.before else seat.since
            found.append(_holding(seat.who, seat.role, since, seat.before, seat.until))
    for stake in held:
        if isinstance(stake.who, Person) and stake.kind in DECIDING_ROLES:
            found.append(_holding(stake.who, stake.kind, stake.since, None, stake.until))
    return found


def _holding(who: Person, role: str, since: date | None, before: date | None, until: date | None) -> Holding:
    name = " ".join((who.forename, *who.middle, who.surname))
    return Holding(person=who.id, name=name, role=role, since=since, before=before, until=until)


def _disagree(clerk: _Clerk, seats: list[Seat], held: list[Stake]) -> None:
    """Settle for each human how they are written, once."""
    draw = clerk.draw
    people = {seat.who.id: seat.who for seat in seats if isinstance(seat.who, Person)}
    in_seats = set(people)
    people |= {stake.who.id: stake.who for stake in held if isinstance(stake.who, Person)}
    in_both = {stake.who.id for stake in held if isinstance(stake.who, Person)} & in_seats
    names = Counter((person.forename, person.surname) for person in people.values())
    for key, person in people.items():
        habit = clerk.habits[key] = _Habit(verified_in_one=draw.chance(RATES["verified_differs"]))
        if names[person.forename, person.surname] > 1:
            continue
        written = spelling(draw, person) if key in in_both else None
        if written is None:
            habit.born_missing = draw.chance(RATES["born_missing"])
        elif draw.chance(0.65):
            habit.controls = written
        else:
            habit.officers = written


def _again(clerk: _Clerk, seats: list[Seat]) -> list[Seat]:
    """Earlier appointments of present directors, entered under a second officer id."""
    draw, more = clerk.draw, []
    for seat in seats:
        if seat.role != "director" or seat.until is not None or seat.before is not None:
            continue
        if not isinstance(seat.who, Person) or not draw.chance(RATES["several_ids"]):
            continue
        earliest = max(clerk.outline.born, date(seat.who.born[0] + 18, 1, 1), seat.since - timedelta(days=3000))
        room = (seat.since - earliest).days
        if room < 60:
            seat.alias = True  # no earlier time: the present entry itself is under the second id
            continue
        begin = seat.since - timedelta(days=draw.between(30, room))
        until = begin + timedelta(days=draw.between(20, (seat.since - begin).days))
        more.append(Seat(who=seat.who, role=seat.role, since=begin, until=until, alias=True))
    return more


def _appointment(clerk: _Clerk, at: int, seat: Seat) -> Appointment:
    who = seat.who
    if isinstance(who, Person):
        officer = stamp("officer", who.id, "again") if seat.alias else stamp("officer", who.id)
        entry: Human | Body = _officer(clerk, who, seat)
    else:
        officer = stamp("officer", who.registration or who.name, who.name)
        entry = untidy(clerk.draw, who) if clerk.realistic else who
    return Appointment(
        id=stamp("appointment", clerk.outline.number, at),
        officer=officer,
        role=seat.role,
        who=entry,
        appointed_on=None if seat.before else seat.since,
        appointed_before=seat.before,
        resigned_on=seat.until,
    )


def _officer(clerk: _Clerk, person: Person, seat: Seat) -> Human:
    human = clerk.less(person.human(clerk.address(person)))
    habit = clerk.habits.get(person.id)
    if habit is not None:
        if habit.officers is not None:
            human = habit.officers(human)
        if habit.born_missing:
            human = evolve(human, born=None)
    if seat.role == "secretary":  # the register shows neither (companies-house.md §1.10)
        return evolve(human, born=None, residence=None, nationality=None)
    return _verified_within(clerk, human, seat.until)


def _control(clerk: _Clerk, at: int, stake: Stake, seats: list[Seat]) -> Control | None:
    draw, who = clerk.draw, stake.who
    since, until = stake.since, stake.until
    entry: Human | Body | None = None
    if isinstance(who, Person):
        if clerk.realistic and until is None and _is_late(clerk, who, since, seats):
            return None
        entry = _controller(clerk, who, until)
    elif who is not None:
        entry = untidy(draw, who) if clerk.realistic else who
    shown, ceased = since, until
    if clerk.realistic and until is not None:
        if draw.chance(RATES["psc_not_ceased"]):
            ceased = None
        elif draw.chance(RATES["ceased_before_notified"]):
            ceased = since - timedelta(days=draw.between(1, 400))
    if clerk.realistic and draw.chance(RATES["notified_absurd"]):
        shown = since.replace(year=since.year - 1000, day=min(since.day, 28))
    return Control(
        id=stamp("control", clerk.outline.number, at),
        kind=stake.kind,
        who=entry,
        natures=stake.natures,
        notified_on=None if who is None else shown,
        ceased_on=ceased,
    )


def _is_late(clerk: _Clerk, who: Person, since: date, seats: list[Seat]) -> bool:
    """Whether an owner is not in the PSC list yet; the list of officers has them all the same."""
    director = any(seat.who is who and seat.role == "director" and seat.until is None for seat in seats)
    return director and (clerk.today - since).days < 60 and clerk.draw.chance(RATES["psc_late"])


def _controller(clerk: _Clerk, person: Person, until: date | None) -> Human:
    human = evolve(clerk.less(person.human(clerk.address(person))), occupation=None)
    habit = clerk.habits.get(person.id)
    if habit is not None:
        if habit.controls is not None:
            human = habit.controls(human)
        if habit.verified_in_one:
            human = evolve(human, verified_on=None)
        if clerk.draw.chance(RATES["capitals"]):
            human = _typed(human, capitals=clerk.draw.chance(0.8))
    return _verified_within(clerk, human, until)


def _verified_within(clerk: _Clerk, human: Human, until: date | None) -> Human:
    """Nobody is verified for an entry that has ended before, nor in a company that is gone."""
    if human.verified_on is None or ((until is None or human.verified_on < until) and not clerk.outline.dissolved):
        return human
    return evolve(human, verified_on=None)


def _typed(human: Human, *, capitals: bool) -> Human:
    def change(text: str | None) -> str | None:
        return text if text is None else text.upper() if capitals else text.lower()

    return evolve(
        human, surname=change(human.surname) or "", forename=change(human.forename), middle=change(human.middle)
    )
