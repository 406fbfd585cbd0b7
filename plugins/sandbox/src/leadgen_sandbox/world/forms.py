"""Legal forms by the number's prefix: type, jurisdiction, who runs them, what the register holds of them."""

from __future__ import annotations

from attrs import frozen

from leadgen_sandbox.world.draw import Table

__all__ = ["FORMS", "Form", "Kind"]


@frozen(kw_only=True)
class Kind:
    """A type of company. ``board``: how it is run; ``control``: whose register of control it has."""

    type: str
    suffixes: Table[str]
    subtype: str | None = None
    board: str = "directors"
    """``directors``, ``trustees``, ``members`` (LLP), ``partners`` (LP), ``managers`` (overseas entity), ``none``."""
    control: str = "company"
    """``company``, ``llp``, ``partnership`` (Scottish), ``overseas``, ``none``."""
    stub: bool = False
    """Held elsewhere: the register has a name and little else (companies-house.md §1.4, §1.6)."""


@frozen(kw_only=True)
class Form:
    """A series of numbers. ``nation`` None: England or Wales; ``since``: first year of the series."""

    prefix: str
    nation: str | None
    jurisdiction: str
    since: int
    kinds: Table[Kind]


_LTD = Table((("LTD", 55), ("LIMITED", 45)))
_CIC = Table((("CIC", 6), ("COMMUNITY INTEREST COMPANY", 4)))
_INTEREST = "community-interest-company"
_NONE = Table((("", 1),))
_FOREIGN = Table((
    ("GMBH", 3), ("B.V.", 3), ("S.À R.L.", 3), ("INC.", 4), ("LLC", 3), ("PTY LTD", 2), ("S.P.A.", 1),
    ("LIMITED", 5), ("AB", 1),
))  # fmt: skip

# Types within a series: chosen; the dossier has the mix of prefixes only.
_COMPANY = Table((
    (Kind(type="ltd", suffixes=_LTD), 945),
    (Kind(type="private-limited-guarant-nsc", suffixes=_LTD, board="trustees"), 24),
    (Kind(type="private-limited-guarant-nsc-limited-exemption", suffixes=_NONE, board="trustees"), 9),
    (Kind(type="private-limited-guarant-nsc", suffixes=_CIC, subtype=_INTEREST, board="trustees"), 7),
    (Kind(type="ltd", suffixes=_CIC, subtype=_INTEREST), 3),
    (Kind(type="plc", suffixes=Table((("PLC", 1),)), board="trustees"), 3),
    (Kind(type="private-unlimited", suffixes=Table((("UNLIMITED", 1), ("", 3)))), 1),
))  # fmt: skip
_LLP = Table(((Kind(type="llp", suffixes=Table((("LLP", 1),)), board="members", control="llp"), 1),))
_LP_SUFFIX = Table((("LP", 3), ("LIMITED PARTNERSHIP", 2)))


def _partnership(control: str) -> Table[Kind]:
    return Table(((Kind(type="limited-partnership", suffixes=_LP_SUFFIX, board="partners", control=control), 1),))


def _held_elsewhere(type_: str, suffixes: Table[str] = _NONE) -> Table[Kind]:
    return Table(((Kind(type=type_, suffixes=suffixes, board="none", control="none", stub=True), 1),))


_SOCIETY = _held_elsewhere("registered-society-non-jurisdictional", Table((("LIMITED", 1),)))
_OLD_SOCIETY = _held_elsewhere("industrial-and-provident-society", Table((("LIMITED", 1),)))
_ESTABLISHMENT = Table(((Kind(type="uk-establishment", suffixes=_FOREIGN, board="none", control="none"), 1),))
_OVERSEA = Table(((Kind(type="oversea-company", suffixes=_FOREIGN, control="none"), 1),))
_ENTITY = Table((
    (Kind(type="registered-overseas-entity", suffixes=_FOREIGN, board="managers", control="overseas"), 1),
))  # fmt: skip
_QUALIFYING = Table((
    (Kind(type="scottish-partnership", suffixes=_NONE, board="none", control="partnership"), 1),
))  # fmt: skip

FORMS: Table[Form] = Table(
    (Form(prefix=prefix, nation=nation, jurisdiction=jurisdiction, since=since, kinds=kinds), seen)
    for prefix, nation, jurisdiction, since, kinds, seen in (
        ("", None, "england-wales", 1908, _COMPANY, 2044),
        ("SC", "Scotland", "scotland", 1956, _COMPANY, 70),
        ("NI", "Northern Ireland", "northern-ireland", 1962, _COMPANY, 39),
        ("OC", None, "england-wales", 2001, _LLP, 15),
        ("SL", "Scotland", "scotland", 1985, _partnership("partnership"), 5),
        ("CE", None, "england-wales", 2013, _held_elsewhere("charitable-incorporated-organisation"), 4),
        ("CS", "Scotland", "scotland", 2011, _held_elsewhere("scottish-charitable-incorporated-organisation"), 4),
        ("BR", None, "united-kingdom", 1993, _ESTABLISHMENT, 4),
        ("IP", None, "england-wales", 1930, _OLD_SOCIETY, 4),
        ("FC", None, "united-kingdom", 1985, _OVERSEA, 3),
        ("RS", None, "england-wales", 2014, _SOCIETY, 2),
        ("OE", None, "noneu", 2022, _ENTITY, 2),
        ("LP", None, "england-wales", 1980, _partnership("none"), 2),
        ("SO", "Scotland", "scotland", 2001, _LLP, 1),
        ("SG", "Scotland", "scotland", 2017, _QUALIFYING, 1),
    )
)
"""By the counts of 2,200 recorded hits (companies-house.md §1.4)."""
