"""Companies and firms as officers and owners: of this world, or invented and elsewhere."""

from __future__ import annotations

from attrs import evolve

from leadgen_core.contracts.world import Body, Place
from leadgen_sandbox.world.draw import Draw, Table
from leadgen_sandbox.world.names import SURNAMES, TONGUES
from leadgen_sandbox.world.outline import Outline
from leadgen_sandbox.world.places import TOWNS, street_address
from leadgen_sandbox.world.rates import RATES
from leadgen_sandbox.world.words import coined

__all__ = ["council", "firm", "foreign", "nominee", "of_outline", "untidy"]

_FORENAMES = TONGUES.items[0].male + TONGUES.items[0].female
_REGISTERS = {
    "England": "England And Wales", "Wales": "England And Wales", "Scotland": "Scotland",
    "Northern Ireland": "Northern Ireland",
}  # fmt: skip
_ABROAD = Table((
    (("GmbH", "Germany", "Hamburg", "Handelsregister", "German Law", "eea"), 3),
    (("B.V.", "Netherlands", "Rotterdam", "Kamer van Koophandel", "Dutch Law", "eea"), 3),
    (("S.à r.l.", "Luxembourg", "Luxembourg", "Registre de Commerce", "Luxembourg Law", "eea"), 3),
    (("Inc.", "United States", "Wilmington", "Delaware", "Delaware General Corporation Law", "non-eea"), 4),
    (("Limited", "Jersey", "St. Helier", "Jersey Registry", "Companies (Jersey) Law 1991", "non-eea"), 3),
    (("Holdings Corp", "Virgin Islands, British", "Road Town", "BVI Registry", "BVI Law", "non-eea"), 2),
    (("", "Cayman Islands", "George Town", "", "Cayman Islands", "non-eea"), 1),
))  # fmt: skip


def of_outline(outline: Outline) -> Body:
    """A company of this world as a careful clerk enters it elsewhere."""
    return Body(
        name=outline.name,
        registration=outline.number,
        legal_form="Limited Liability Partnership" if outline.kind.type == "llp" else "Private Limited Company",
        legal_authority="Companies Act 2006",
        place_registered=_REGISTERS[outline.nation],
        country_registered=outline.nation,
        address=street_address(Draw(outline.number, "body"), outline.town),
    )


def foreign(draw: Draw) -> Body:
    """An invented company abroad."""
    suffix, country, city, place, law, kind = draw.of(_ABROAD)
    own = coined(draw.below(1_000_000))
    name = f"{own} {suffix}" if draw.chance(0.5) else f"{own.split()[1]} {draw.pick(_LARGE)} {suffix}"
    return Body(
        name=name.strip(),
        registration=_abroad_number(draw) if draw.chance(0.7) else None,
        identification_type=kind,
        legal_form="Corporate",
        legal_authority=law,
        place_registered=place or None,
        country_registered=country,
        address=Place(address_line_1=f"{draw.pick(SURNAMES)} Building", locality=city, country=country),
    )


_LARGE = ("Holdings", "Group", "Europe", "International", "Investments")


def _abroad_number(draw: Draw) -> str:
    return f"{draw.pick(('HRB ', 'B', '', '', 'No. '))}{draw.between(10_000, 999_999)}"


def nominee(seed: int, which: int) -> Body:
    """One of the few firms that form companies and lend a secretary."""
    draw = Draw(seed, "nominee", which)
    name = f"{coined(draw.below(1_000_000)).split()[1]} {draw.pick(('Secretaries', 'Nominees', 'Company Services'))}"
    return Body(
        name=f"{name} Limited",
        registration=f"0{draw.between(2_000_000, 4_999_999)}",
        legal_form="Limited Company",
        place_registered="England And Wales",
        address=street_address(draw, draw.of(TOWNS["England"])),
    )


_SHAPES = Table((
    ("two", 27), ("person", 20), ("coined", 16), ("suffix", 21), ("llp", 6), ("trustees", 10),
))  # fmt: skip


def firm(draw: Draw, nation: str) -> Body:
    """A firm as officer. Nearly three in four of the names have no legal suffix, and some read like a human's."""
    shape = draw.of(_SHAPES)
    own = coined(draw.below(1_000_000)).split()[1]
    name = {
        "two": f"{draw.pick(SURNAMES)} {draw.pick(('&', 'And'))} {draw.pick((draw.pick(SURNAMES), 'Partners', 'Co'))}",
        "person": f"{draw.pick(_FORENAMES)} {draw.pick(SURNAMES)}",
        "coined": f"{own} {draw.pick(('Management', 'Registrars', 'Corporate Services', 'Estates', 'Nominees'))}",
        "suffix": f"{own} {draw.pick(('Services', 'Directors', 'Registrars'))} {draw.pick(('Limited', 'Ltd'))}",
        "llp": f"{draw.pick(SURNAMES)} {draw.pick(SURNAMES)} LLP",
        "trustees": f"{own} {draw.pick(('Trustees', 'Trust Corporation', 'Pension Trustees'))}",
    }[shape]
    limited = shape in ("suffix", "coined")
    return Body(
        name=name,
        registration=f"0{draw.between(2_000_000, 9_999_999)}" if limited or shape == "llp" else None,
        identification_type="uk-limited-company" if limited else "other-corporate-body-or-firm",
        legal_form="Limited Company" if limited else "Partnership",
        place_registered=_REGISTERS[nation] if limited else None,
        address=street_address(draw, draw.of(TOWNS[nation])),
    )


def council(draw: Draw, nation: str) -> Body:
    """A public body that owns a company."""
    own = coined(draw.below(1_000_000)).split()[1]
    return Body(
        name=draw.pick((f"{own} Borough Council", f"University Of {own}", f"{own} Diocesan Trust")),
        identification_type=None,
        legal_form="Body Corporate",
        legal_authority="Local Government Act 1972",
        address=street_address(draw, draw.of(TOWNS[nation])),
    )


def untidy(draw: Draw, body: Body) -> Body:
    """The number as people type it, in the profile ``realistic``."""
    number = body.registration
    if number is None or not draw.chance(RATES["registration_untidy"]):
        return body
    prefix, digits = ("", number) if number.isdigit() else (number[:2], number[2:])
    typed = (
        (prefix + digits.lstrip("0"), prefix.capitalize() + digits, f"{prefix} {digits}".strip(), f"No. {number}")
        if digits.isdigit()
        else (number.lower(), number)
    )
    return evolve(body, registration=draw.pick(typed))
