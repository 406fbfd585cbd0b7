"""Who controls, and who controlled, a generated company, as it truly is."""

from __future__ import annotations

from datetime import date, timedelta

from leadgen_sandbox.world.board import Cast
from leadgen_sandbox.world.bodies import council, foreign, of_outline
from leadgen_sandbox.world.draft import Seat, Stake
from leadgen_sandbox.world.draw import Draw, Table
from leadgen_sandbox.world.outline import Outlines
from leadgen_sandbox.world.people import Person
from leadgen_sandbox.world.rates import RATES

__all__ = ["CORPORATE", "INDIVIDUAL", "REGIME", "kind_name", "natures", "stakes"]

REGIME = {"company": date(2016, 4, 6), "llp": date(2016, 4, 6), "partnership": date(2017, 6, 26),
          "overseas": date(2022, 8, 1)}  # fmt: skip
"""Since when there is a register of control, by whose it is."""

INDIVIDUAL, CORPORATE, LEGAL, SECURE = "individual", "corporate-entity", "legal-person", "super-secure"
_KIND = {
    False: "{}-person-with-significant-control",
    True: "{}-beneficial-owner",
}
_STATEMENTS = Table((
    ("no-individual-or-entity-with-signficant-control", 76), ("psc-exists-but-not-identified", 6),
    ("steps-to-find-psc-not-yet-completed", 6), ("psc-details-not-confirmed", 8), ("psc-contacted-but-no-response", 4),
))  # fmt: skip
_BANDS = ("25-to-50", "50-to-75", "75-to-100")


def kind_name(kind: str, control: str) -> str:
    """The register's word for an entry of this kind."""
    return _KIND[control == "overseas"].format(kind)


def natures(draw: Draw, control: str, band: str) -> tuple[str, ...]:
    """What gives control, in the register's codes (companies-house.md §1.11)."""
    trust = "-as-trust" if draw.chance(0.03) else ""
    if control == "overseas":
        held = [f"ownership-of-shares-more-than-25-percent{trust}", f"voting-rights-more-than-25-percent{trust}"]
        return tuple(f"{code}-registered-overseas-entity" for code in held[: draw.between(1, 2)])
    if control == "llp":
        held = [f"voting-rights-{band}-percent{trust}", f"right-to-share-surplus-assets-{band}-percent{trust}"]
        return tuple(f"{code}-limited-liability-partnership" for code in held[: draw.between(1, 2)])
    if control == "partnership":
        return (f"part-right-to-share-surplus-assets-{band}-percent{trust}",)
    held = [f"ownership-of-shares-{band}-percent{trust}"]
    if draw.chance(0.55):
        held.append(f"voting-rights-{band}-percent{trust}")
    if band != "25-to-50" and draw.chance(0.5):
        held.append("right-to-appoint-and-remove-directors")
    return tuple(held) if draw.chance(0.97) else ("significant-influence-or-control",)


_RATED = ("psc_statement", "psc_none", "psc_corporate", "psc_legal", "psc_super_secure")
_PATTERNS: Table[str] = Table(
    [(name, RATES[name]) for name in _RATED] + [("owners", 1 - sum(RATES[name] for name in _RATED))]
)
_CLUBS: Table[str] = Table((("psc_statement", 60), ("psc_corporate", 9), ("psc_legal", 3), ("owners", 28)))
"""Companies run by trustees mostly have nobody who controls them (chosen)."""


def stakes(cast: Cast, seats: list[Seat], outlines: Outlines, last: date) -> tuple[list[Stake], tuple[str, ...]]:
    """The stakes, and the codes of statements in force."""
    outline, draw = cast.outline, cast.draw
    control = outline.kind.control
    regime = REGIME.get(control)
    if regime is None or last <= regime:
        return [], ()
    begin = max(regime, outline.born)
    held = _former(cast, seats, begin)
    pattern = draw.of(_CLUBS if outline.kind.board == "trustees" else _PATTERNS)
    if pattern == "owners":
        held += _owners(cast, seats, begin, last)
    elif pattern == "psc_corporate":
        held.append(_corporate(cast, outlines, begin, last))
    elif pattern == "psc_legal":
        held.append(_legal(cast, begin, last))
    elif pattern == "psc_super_secure":
        held.append(Stake(who=None, kind=kind_name(SECURE, control), since=begin))
    elif pattern == "psc_statement":
        return held, (_statement(draw.of(_STATEMENTS), control),)
    return held, ()


def _statement(code: str, control: str) -> str:
    if control == "partnership":
        return f"{code}-partnership"
    return "no-beneficial-owner-identified" if control == "overseas" else code


def _since(draw: Draw, begin: date, since: date, last: date) -> date:
    """From the first day of the regime, or when it was first told in a confirmation statement."""
    day = max(begin, since)
    return day if draw.chance(0.75) else min(day + timedelta(days=draw.below(360)), last)


def _former(cast: Cast, seats: list[Seat], begin: date) -> list[Stake]:
    draw, control, made = cast.draw, cast.outline.kind.control, []
    for seat in seats:
        if not isinstance(seat.who, Person) or seat.until is None or seat.until <= begin or seat.since == seat.until:
            continue
        if seat.role == "secretary" or any(other.who is seat.who and other.until is None for other in seats):
            continue
        if draw.chance(RATES["psc_ceased"]):
            made.append(
                Stake(
                    who=seat.who,
                    kind=kind_name(INDIVIDUAL, control),
                    natures=natures(draw, control, draw.pick(_BANDS)),
                    since=min(max(begin, seat.since), seat.until),
                    until=seat.until,
                )
            )
        elif draw.chance(RATES["owner_stays"] / (1 - RATES["psc_ceased"])):
            band = _BANDS[0]
            made.append(
                Stake(
                    who=seat.who,
                    kind=kind_name(INDIVIDUAL, control),
                    natures=natures(draw, control, band),
                    since=max(begin, seat.since),
                )
            )
    return made


_OWNS = (0.95, 0.7)
"""How many first and further directors own (chosen; rows for each company: §3, 1.46)."""


def _owners(cast: Cast, seats: list[Seat], begin: date, last: date) -> list[Stake]:
    draw, control = cast.draw, cast.outline.kind.control
    people = list({seat.who.id: seat for seat in seats if isinstance(seat.who, Person) and seat.until is None}.values())
    directors = [seat for seat in people if seat.role != "secretary"]
    owners = [seat for at, seat in enumerate(directors[:4]) if draw.chance(_OWNS[at > 0])] or directors[:1]
    owners += [seat for seat in people if seat.role == "secretary" and draw.chance(0.35)]
    band = _BANDS[2] if len(owners) == 1 else _BANDS[1] if len(owners) == 2 and draw.chance(0.3) else _BANDS[0]
    made = [
        Stake(
            who=seat.who,
            kind=kind_name(INDIVIDUAL, control),
            natures=natures(draw, control, band),
            since=_since(draw, begin, seat.since, last),
        )
        for seat in owners
    ]
    if draw.chance(RATES["psc_outsider"]) or not made:
        since = _since(draw, begin, cast.outline.born, last)
        first = directors[0].who if directors else None
        kin = isinstance(first, Person) and draw.chance(0.6)
        who = cast.kin(first, since) if kin and isinstance(first, Person) else cast.stranger(since)
        made.append(
            Stake(who=who, kind=kind_name(INDIVIDUAL, control), natures=natures(draw, control, _BANDS[0]), since=since)
        )
    return made


def _corporate(cast: Cast, outlines: Outlines, begin: date, last: date) -> Stake:
    draw, outline = cast.draw, cast.outline
    other = outlines.earlier(draw, outline.place)
    parent = outlines.at(other) if other is not None else None
    inside = parent is not None and parent.born <= last and not (parent.dissolved or parent.kind.stub)
    if parent is not None and inside and draw.chance(0.75):
        body, since = of_outline(parent), _since(draw, max(begin, parent.born), outline.born, last)
    else:
        body, since = foreign(draw), _since(draw, begin, outline.born, last)
    control = outline.kind.control
    return Stake(who=body, kind=kind_name(CORPORATE, control), natures=natures(draw, control, _BANDS[2]), since=since)


def _legal(cast: Cast, begin: date, last: date) -> Stake:
    draw, control = cast.draw, cast.outline.kind.control
    kind = f"{LEGAL}-beneficial-owner" if control == "overseas" else "legal-person-person-with-significant-control"
    since = _since(draw, begin, cast.outline.born, last)
    return Stake(
        who=council(draw, cast.outline.nation), kind=kind, natures=natures(draw, control, _BANDS[2]), since=since
    )
