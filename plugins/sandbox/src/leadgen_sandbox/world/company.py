"""One generated company, whole: from its seed and its place in the world alone."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

from leadgen_core.contracts.world import AccountsState, Body, Place, Presence, WorldCompany
from leadgen_sandbox.world.board import Cast, board
from leadgen_sandbox.world.draft import Draft, Stake
from leadgen_sandbox.world.draw import Draw, Table
from leadgen_sandbox.world.entries import write_lists
from leadgen_sandbox.world.names import SURNAMES
from leadgen_sandbox.world.outline import BLOCK, Outline, Outlines
from leadgen_sandbox.world.places import TOWNS, office
from leadgen_sandbox.world.rates import RATES
from leadgen_sandbox.world.stakes import stakes
from leadgen_sandbox.world.web import presences, strangers
from leadgen_sandbox.world.words import TRADES

__all__ = ["generate", "lookalikes"]

_TROUBLE = Table((("liquidation", 78), ("administration", 10), ("voluntary-arrangement", 7), ("receivership", 5)))
_MORE_CODES = Table(((0, 82), (1, 12), (2, 4), (3, 2)))
_SIC_2003 = ("7487", "4521", "7011", "5263", "7222", "5530")
_ACCOUNTS = Table((
    ("micro-entity", 38), ("total-exemption-full", 27), ("unaudited-abridged", 5), ("small", 3), ("full", 3),
    ("total-exemption-small", 4), ("group", 0.8), ("audited-abridged", 0.2), ("medium", 0.2),
    ("audit-exemption-subsidiary", 0.8), ("no-accounts-type-available", 0.4), ("filing-exemption-subsidiary", 0.1),
    ("partial-exemption", 0.1), ("interim", 0.05), ("initial", 0.05), ("null", 2),
))  # fmt: skip


def generate(outlines: Outlines, place: int, *, realistic: bool) -> Draft:
    """The company at this place."""
    outline, today, seed = outlines.at(place), outlines.today, outlines.seed
    draw = Draw(seed, place, "company")
    ended, since = outline.dissolved, outline.born
    last = since + timedelta(days=int((today - since).days * sqrt(draw.unit()))) if ended else today
    address = None if outline.kind.stub else _office(draw, outline, seed)
    cast = Cast(seed, outline, draw, today)
    seats = board(cast, outlines, last)
    held, statements = stakes(cast, seats, outlines, last)
    lists = write_lists(outline, address, seats, held, seed, today, realistic=realistic)
    status, detail = _status(draw, outline)
    accounts = _accounts(draw, outline, last, today)
    company = WorldCompany(
        number=outline.number,
        name=outline.name,
        status=status,
        status_detail=detail,
        type=outline.kind.type,
        subtype=outline.kind.subtype,
        jurisdiction=outline.jurisdiction,
        incorporated_on=None if outline.kind.stub else since,
        ceased_on=None if not ended or (outline.kind.stub and draw.chance(0.5)) else last,
        sic_codes=_codes(draw, outline, last),
        address=address,
        previous_names=_previous(draw, outline, last),
        appointments=lists.appointments,
        controls=lists.controls,
        statements=statements,
        accounts=accounts,
        confirmation_overdue=not ended and draw.chance(0.6 if detail else 0.06),
        presences=presences(outline, seats, address, _parent(outlines, held), seed, today, realistic=realistic),
    )
    return Draft(company=company, holdings=lists.holdings)


def lookalikes(outlines: Outlines, place: int, *, realistic: bool) -> tuple[Presence, ...]:
    """Strangers' sites and accounts that could be taken for this company's."""
    return strangers(outlines.at(place), outlines.seed, outlines.today, realistic=realistic)


def _office(draw: Draw, outline: Outline, seed: int) -> Place:
    """Its own, or one of the addresses at which an agent or accountant keeps many companies of the block."""
    if draw.chance(0.14):
        desk = Draw(seed, "desk", outline.place // BLOCK, draw.below(6), outline.nation)
        return office(desk, desk.of(TOWNS[outline.nation]), f"{desk.pick(SURNAMES)}")
    return office(draw, outline.town, outline.coined)


def _status(draw: Draw, outline: Outline) -> tuple[str, str | None]:
    """Status and its detail; empty for stubs of which the register says none (companies-house.md §1.6)."""
    kind = outline.kind.type
    if outline.kind.stub:
        return ("removed" if outline.dissolved else draw.pick(("", "registered"))), None
    if kind in ("uk-establishment", "oversea-company"):
        return ("closed" if outline.dissolved else "open" if kind == "uk-establishment" else "active"), None
    if kind == "registered-overseas-entity":
        return ("removed" if outline.dissolved else "registered"), None
    if outline.dissolved:
        return "dissolved", None
    unit = draw.unit()
    if unit < RATES["insolvent"]:
        return draw.of(_TROUBLE), None
    if unit < RATES["insolvent"] + RATES["closed"]:
        return "converted-closed", None
    return "active", "active-proposal-to-strike-off" if draw.chance(RATES["strike_off"]) else None


def _codes(draw: Draw, outline: Outline, last: date) -> tuple[str, ...]:
    """Up to four codes; none for forms that have none, four digits where the company ended before 2008."""
    if outline.kind.stub or outline.kind.board in ("none", "partners", "managers"):
        return ()
    if last.year < 2008:
        return (draw.pick(_SIC_2003),)
    codes = [outline.trade.sic] + [draw.of(TRADES).sic for _ in range(draw.of(_MORE_CODES))]
    return tuple(dict.fromkeys(codes))


def _previous(draw: Draw, outline: Outline, last: date) -> tuple[tuple[str, date, date], ...]:
    days = (last - outline.born).days
    if outline.kind.stub or days < 30 or not draw.chance(RATES["previous_name"]):
        return ()
    until = last - timedelta(days=draw.below(days))
    ends = [until]
    if (until - outline.born).days > 400 and draw.chance(0.15):
        ends.append(outline.born + (until - outline.born) // 2)
    begins = [*ends[1:], outline.born]
    return tuple((_other_name(draw, outline), begin, end) for begin, end in zip(begins, ends, strict=True))


def _other_name(draw: Draw, outline: Outline) -> str:
    return f"{draw.pick(SURNAMES)} {draw.pick(outline.trade.words)} {draw.pick(('LTD', 'LIMITED'))}".upper()


def _accounts(draw: Draw, outline: Outline, last: date, today: date) -> AccountsState:
    if outline.kind.stub or outline.kind.board in ("none", "partners", "managers"):
        return AccountsState()
    age = (last - outline.born).days
    if age < 640:
        due = None if outline.dissolved else outline.born + timedelta(days=640)
        return AccountsState(type="null", next_due=due, overdue=due is not None and due < today)
    made_up = date(last.year - (1 if draw.chance(0.6) else 2), draw.between(1, 12), 28)
    made_up = max(made_up, outline.born + timedelta(days=300))
    kind = "dormant" if outline.dormant else draw.of(_ACCOUNTS)
    due = None if outline.dissolved else made_up + timedelta(days=639)
    return AccountsState(
        type=kind,
        made_up_to=None if kind == "null" else made_up,
        next_due=due,
        overdue=due is not None and due < today,
    )


def _parent(outlines: Outlines, held: list[Stake]) -> Outline | None:
    """The company of this world that owns it."""
    for stake in held:
        number = stake.who.registration if isinstance(stake.who, Body) else None
        if number is not None and len(number) == 8 and number[2:].isdigit():
            place = outlines.numbering.place(int(number[2:]))
            if place is not None and (other := outlines.at(place)).number == number:
                return other
    return None
