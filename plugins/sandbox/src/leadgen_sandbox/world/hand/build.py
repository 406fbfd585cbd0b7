"""From what was designed to what the register says, for a day and a profile."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve

from leadgen_core.contracts.world import AccountsState, Appointment, Body, Control, Human, Place, WorldCompany
from leadgen_sandbox.world.draft import DECIDING_ROLES, Draft, Holding
from leadgen_sandbox.world.draw import Draw, stamp
from leadgen_sandbox.world.hand.dsl import NO_HUMAN, Hand, Said, Seat, Stake, Who, day
from leadgen_sandbox.world.people import full_name
from leadgen_sandbox.world.places import postcode, street_address, town_of

__all__ = ["build"]

_JURISDICTIONS = {"Scotland": "scotland", "Northern Ireland": "northern-ireland"}


def build(hand: Hand, today: date, *, realistic: bool) -> Draft:
    """The company. Where its lists only disagree under ``realistic``, its trap says so under ``clean``."""
    address = _address(hand)
    more = dict(hand.more)
    nation = town_of(hand.at.rpartition(", ")[2]).nation if hand.at else "England"
    written = [*(one.who for one in hand.officers), *(one.who for one in hand.owners)]
    disagrees = any(isinstance(who, Said) for who in written) or any(one.truly for one in hand.owners)
    trap = hand.trap if realistic or not disagrees else f"{hand.trap} (here the lists agree)"
    names = tuple((name, day(begin, today), day(end, today)) for name, begin, end in more.pop("previous_names", ()))
    accounts: dict[str, Any] = {"type": "micro-entity"} | more.pop("accounts", {})
    for member in ("made_up_to", "next_due"):
        accounts[member] = day(accounts.get(member), today)
    company = WorldCompany(
        number=hand.number,
        name=hand.name,
        status=more.pop("status", "active"),
        type=more.pop("type", "ltd"),
        jurisdiction=more.pop("jurisdiction", _JURISDICTIONS.get(nation, "england-wales")),
        incorporated_on=day(hand.since, today),
        ceased_on=day(more.pop("ceased_on", None), today),
        sic_codes=hand.sic,
        address=more.pop("address", address),
        previous_names=tuple((name, begin, end) for name, begin, end in names if begin and end),
        appointments=tuple(
            _appointment(hand, at, one, today, address, realistic=realistic) for at, one in enumerate(hand.officers)
        ),
        controls=tuple(
            _control(hand, at, one, today, address, realistic=realistic) for at, one in enumerate(hand.owners)
        ),
        accounts=AccountsState(**accounts),
        presences=tuple(make(hand.number) for make in hand.web),
        trap=trap,
        **more,
    )
    holdings = [_held(one, today) for one in hand.officers] + [_controls(one, today) for one in hand.owners]
    return Draft(company=company, holdings=tuple(one for one in holdings if one is not None))


def _address(hand: Hand) -> Place | None:
    if hand.at is None:
        return None
    street, _, name = hand.at.rpartition(", ")
    town = town_of(name)
    premises, _, line = street.partition(" ")
    whole = not premises[0].isdigit()
    return Place(
        premises=None if whole else premises,
        address_line_1=street if whole else line,
        locality=town.name,
        region=town.county,
        country=town.nation,
        postal_code=postcode(Draw("hand", hand.number), town),
    )


def _entry(who: Who, address: Place | None, *, home: bool, realistic: bool, key: str) -> Human | Body:
    if isinstance(who, Said):
        who = who.written if realistic else who.truly
    if isinstance(who, Body):
        return who if who.address else evolve(who, address=street_address(Draw("hand", who.name), town_of("London")))
    if home:
        draw = Draw("home", key)
        return evolve(who, address=street_address(draw, town_of("Bristol")))
    return evolve(who, address=address)


def _human(who: Who | None) -> Human | None:
    truly = who.truly if isinstance(who, Said) else who
    return truly if isinstance(truly, Human) and not truly.person.startswith(NO_HUMAN) else None


def _appointment(hand: Hand, at: int, one: Seat, today: date, address: Place | None, *, realistic: bool) -> Appointment:
    human = _human(one.who)
    who = _entry(one.who, address, home=one.home, realistic=realistic, key=human.person if human else "")
    if isinstance(who, Human) and one.role == "secretary":
        who = evolve(who, born=None, residence=None, nationality=None)
    officer = human.person if human else who.name if isinstance(who, Body) else who.surname
    return Appointment(
        id=stamp("appointment", hand.number, at),
        officer=stamp("officer", officer, one.officer) if one.officer else stamp("officer", officer),
        role=one.role,
        who=who,
        appointed_on=day(one.since, today),
        appointed_before=day(one.before, today),
        resigned_on=day(one.until, today),
    )


def _control(hand: Hand, at: int, one: Stake, today: date, address: Place | None, *, realistic: bool) -> Control:
    human = _human(one.who)
    who: Human | Body | None = None
    if one.who is not None:
        who = _entry(one.who, address, home=one.home, realistic=realistic, key=human.person if human else "")
    since, until = (one.since, one.until) if realistic or one.truly is None else one.truly
    return Control(
        id=stamp("control", hand.number, at),
        kind=one.kind,
        who=evolve(who, occupation=None) if isinstance(who, Human) else who,
        natures=one.natures,
        notified_on=day(since, today),
        ceased_on=day(until, today),
    )


def _held(one: Seat, today: date) -> Holding | None:
    human = _human(one.who)
    if human is None or one.role not in DECIDING_ROLES:
        return None
    return _holding(human, one.role, day(one.since, today), day(one.before, today), day(one.until, today))


def _controls(one: Stake, today: date) -> Holding | None:
    human = _human(one.who)
    if human is None or one.kind not in DECIDING_ROLES:
        return None
    since, until = one.truly or (one.since, one.until)
    return _holding(human, one.kind, day(since, today), None, day(until, today))


def _holding(human: Human, role: str, since: date | None, before: date | None, until: date | None) -> Holding:
    return Holding(person=human.person, name=full_name(human), role=role, since=since, before=before, until=until)
