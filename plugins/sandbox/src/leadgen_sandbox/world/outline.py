"""What one company is before anybody sits in it: number, form, name, trade, place, founder.

An outline costs little, so companies can point to each other (parents, namesakes) without being made whole.
Company i points to lower places of its own block only and depends on nothing but the seed and i.
"""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen

from leadgen_sandbox.world.draw import Draw, Table
from leadgen_sandbox.world.forms import FORMS, Form, Kind
from leadgen_sandbox.world.names import SURNAMES
from leadgen_sandbox.world.numbers import MILLIONS, Numbering, day_of_number, day_since
from leadgen_sandbox.world.people import Person, make_person
from leadgen_sandbox.world.places import TOWNS, Town
from leadgen_sandbox.world.rates import RATES
from leadgen_sandbox.world.spelling import plain
from leadgen_sandbox.world.words import TRADES, Trade, coined

__all__ = ["BLOCK", "Outline", "Outlines"]

BLOCK = 400
"""Companies that can have to do with each other: shared directors, parents, namesakes."""


@frozen(kw_only=True)
class Outline:
    """A company in outline. ``twin`` is the place of the company whose name it bears."""

    place: int
    number: str
    form: Form
    kind: Kind
    name: str
    base: str
    """The name without its suffix, in usual capitals."""
    coined: str
    """An invented word pair that is this company's alone."""
    trade: Trade
    town: Town
    nation: str
    jurisdiction: str
    born: date
    founder: Person
    dissolved: bool
    twin: int | None
    dormant: bool
    site: str | None
    """Host of its web site."""


class Outlines:
    """The outlines of a seed, made when asked for."""

    def __init__(self, seed: int, numbering: Numbering, today: date) -> None:
        self.seed = seed
        self.numbering = numbering
        self.today = today
        self._made: dict[int, Outline] = {}

    def at(self, place: int) -> Outline:
        """The company at this place."""
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = self._make(place)
        return made

    def earlier(self, draw: Draw, place: int) -> int | None:
        """A place before this one in its block; None for the first."""
        first = place // BLOCK * BLOCK
        return first + draw.below(place - first) if place > first else None

    def number(self, place: int) -> str:
        """The number alone."""
        return self.at(place).number

    def _make(self, place: int) -> Outline:
        draw = Draw(self.seed, place, "outline")
        tail = self.numbering.tail(place)
        form = draw.of(FORMS)
        kind = draw.of(form.kinds)
        if form.prefix:
            number, born = f"{form.prefix}{tail:06d}", day_since(form.since, tail, self.today)
        else:
            value = draw.of(MILLIONS) * 1_000_000 + tail
            number, born = f"{value:08d}", day_of_number(value, self.today)
        nation = form.nation or ("Wales" if draw.chance(0.06) else "England")
        welsh = nation == "Wales" and not form.prefix
        town = draw.of(TOWNS[nation])
        trade = draw.of(TRADES)
        since = max(born, self.today - timedelta(days=365 * 40))
        founder = make_person(draw, f"{self.seed}-{place}-0", nation, since, self.today)
        base = _base(draw, trade, town, founder, coined(tail))
        suffix = draw.of(_WELSH) if welsh and kind.type == "ltd" and draw.chance(0.08) else draw.of(kind.suffixes)
        dissolved, twin = draw.chance(RATES["dissolved"]), None
        if draw.chance(RATES["namesake_company"]) and (other := self.earlier(draw, place)) is not None:
            first = self.at(other)
            if first.kind.type == kind.type == "ltd" and first.twin is None:
                twin, base, dissolved = other, first.base, not first.dissolved
        dormant = trade.sic in ("99999", "74990") or draw.chance(0.12)
        trading = not (dormant or dissolved or kind.stub)
        return Outline(
            place=place,
            number=number,
            form=form,
            kind=kind,
            name=f"{base} {suffix}".strip().upper(),
            base=base,
            coined=coined(tail),
            trade=trade,
            town=town,
            nation=nation,
            jurisdiction="wales" if welsh and draw.chance(0.6) else form.jurisdiction,
            born=born,
            founder=founder,
            dissolved=dissolved,
            twin=twin,
            dormant=dormant,
            site=_host(draw, base, coined(tail), first_name(town)) if draw.chance(0.66 if trading else 0.08) else None,
        )


_WELSH = Table((("CYF", 3), ("CYFYNGEDIG", 1)))
_AND = ("&", "AND", "&")


def first_name(town: Town) -> str:
    """The town's first word, for hosts and handles."""
    return town.name.split()[0].strip(".")


def _base(draw: Draw, trade: Trade, town: Town, founder: Person, own: str) -> str:
    """A name, as directors choose them: coined, after themselves, after the town, initials."""
    word = draw.pick(trade.words)
    kind = draw.unit()
    if kind < 0.42:
        return f"{own} {word}" if kind < 0.3 else f"{own} {word} ({town.name.upper()})" if kind < 0.33 else own
    if kind < 0.56:
        return f"{founder.surname} {word}"
    if kind < 0.64:
        return f"{founder.forename} {founder.surname} {word}"
    if kind < 0.70:
        return f"{founder.surname} & {'Sons' if founder.male else 'Daughters'} {word}"
    if kind < 0.80:
        return f"{founder.surname} {draw.pick(_AND)} {draw.pick(SURNAMES)} {word}"
    if kind < 0.86:
        return f"{founder.forename[0]}{draw.pick(SURNAMES)[0]}{founder.surname[0]} {word}"
    if kind < 0.93:
        return f"{own.split()[1]} {word}"
    return f"{town.name} {own.split()[0]} {word}"


def slug(text: str) -> str:
    """Letters and digits only, small: a part of a host or a handle."""
    return "".join(c for c in plain(text).lower().replace("&", "and") if c.isascii() and c.isalnum())


def _host(draw: Draw, base: str, own: str, town: str) -> str:
    """A host below ``.example`` (RFC 2606), so that nobody's real site can be meant; no other company has it."""
    own = slug(own)
    name = slug(base)
    if own in name:
        label = name if draw.chance(0.6) else own
    else:
        label = f"{name}-{own}" if draw.chance(0.5) else f"{own}-{slug(town)}"
    return f"{'www.' if draw.chance(0.55) else ''}{label[:60]}.example"
