"""Addresses: real towns with their postcode areas, everything finer invented."""

from __future__ import annotations

from attrs import frozen

from leadgen_core.contracts.world import Place
from leadgen_sandbox.world.draw import Draw, Table
from leadgen_sandbox.world.names import SURNAMES

__all__ = ["TOWNS", "Town", "office", "postcode", "street_address", "town_of"]


@frozen
class Town:
    """A town: its name, county, nation, postcode area and how many districts that area has."""

    name: str
    county: str | None
    nation: str
    area: str
    districts: int


def _towns() -> tuple[tuple[Town, float], ...]:
    rows = []
    for nation, lines in _LINES.items():
        for line in lines.strip().splitlines():
            name, county, area, districts, weight = (cell.strip() for cell in line.split("|"))
            rows.append((Town(name, county or None, nation, area, int(districts)), float(weight)))
    return tuple(rows)


# name | county | postcode area | districts | weight (chosen, roughly by how many companies sit there)
_LINES = {
    "England": """
        London||EC|4|8
        London||W|14|7
        London||N|22|6
        London||SE|28|5
        Birmingham|West Midlands|B|46|5
        Manchester|Greater Manchester|M|46|5
        Leeds|West Yorkshire|LS|29|3
        Bristol||BS|49|3
        Sheffield|South Yorkshire|S|36|2
        Liverpool|Merseyside|L|40|3
        Nottingham|Nottinghamshire|NG|25|2
        Leicester|Leicestershire|LE|19|2
        Newcastle upon Tyne|Tyne and Wear|NE|49|2
        Brighton|East Sussex|BN|45|2
        Bath|Somerset|BA|16|1
        Exeter|Devon|EX|39|1
        Plymouth|Devon|PL|35|1
        Truro|Cornwall|TR|27|1
        Norwich|Norfolk|NR|35|1.2
        Ipswich|Suffolk|IP|33|1.2
        Colchester|Essex|CO|16|1.2
        Chelmsford|Essex|CM|24|1.2
        Cambridge|Cambridgeshire|CB|25|1.3
        Oxford|Oxfordshire|OX|49|1.3
        Reading|Berkshire|RG|45|1.5
        Guildford|Surrey|GU|47|1.4
        Croydon|Surrey|CR|9|1.4
        Harrow|Middlesex|HA|9|1.6
        Ilford|Essex|IG|11|1.6
        Romford|Essex|RM|20|1.4
        Watford|Hertfordshire|WD|25|1.2
        St. Albans|Hertfordshire|AL|10|0.8
        Luton|Bedfordshire|LU|7|1
        Milton Keynes|Buckinghamshire|MK|46|1.2
        Northampton|Northamptonshire|NN|18|1
        Peterborough||PE|38|1
        Lincoln|Lincolnshire|LN|13|0.8
        Kingston upon Hull||HU|20|0.8
        York|North Yorkshire|YO|62|1
        Harrogate|North Yorkshire|HG|5|0.5
        Bradford|West Yorkshire|BD|24|1.2
        Huddersfield|West Yorkshire|HD|9|0.8
        Halifax|West Yorkshire|HX|7|0.5
        Blackburn|Lancashire|BB|12|0.7
        Preston|Lancashire|PR|9|0.9
        Lancaster|Lancashire|LA|23|0.6
        Carlisle|Cumbria|CA|28|0.5
        Durham|County Durham|DH|9|0.5
        Middlesbrough|Cleveland|TS|29|0.7
        Stockport|Cheshire|SK|23|1
        Chester|Cheshire|CH|66|0.8
        Warrington|Cheshire|WA|16|0.9
        Stoke-on-Trent|Staffordshire|ST|21|0.8
        Derby|Derbyshire|DE|75|0.9
        Coventry|West Midlands|CV|47|1.1
        Wolverhampton|West Midlands|WV|16|0.8
        Worcester|Worcestershire|WR|15|0.6
        Hereford|Herefordshire|HR|9|0.4
        Shrewsbury|Shropshire|SY|25|0.5
        Ludlow|Shropshire|SY|8|0.2
        Gloucester|Gloucestershire|GL|56|0.8
        Swindon|Wiltshire|SN|26|0.8
        Salisbury|Wiltshire|SP|11|0.4
        Southampton|Hampshire|SO|53|1.1
        Portsmouth|Hampshire|PO|41|1
        Bournemouth|Dorset|BH|31|1
        Dorchester|Dorset|DT|11|0.3
        Taunton|Somerset|TA|24|0.5
        Canterbury|Kent|CT|21|0.8
        Maidstone|Kent|ME|20|0.9
        Tunbridge Wells|Kent|TN|40|0.9
        Berwick-upon-Tweed|Northumberland|TD|15|0.1
    """,
    "Wales": """
        Cardiff||CF|83|2
        Swansea||SA|73|1
        Newport|Gwent|NP|44|0.8
        Wrexham|Clwyd|LL|20|0.4
        Caernarfon|Gwynedd|LL|55|0.2
        Aberystwyth|Ceredigion|SY|23|0.2
        Llanelli|Dyfed|SA|15|0.3
        Brecon|Powys|LD|8|0.2
    """,
    "Scotland": """
        Edinburgh||EH|55|2.4
        Glasgow||G|84|2.6
        Aberdeen||AB|56|1.2
        Dundee||DD|11|0.8
        Inverness|Inverness-Shire|IV|63|0.6
        Perth||PH|50|0.5
        Stirling||FK|21|0.5
        Kirkcaldy|Fife|KY|16|0.5
        Ayr|Ayrshire|KA|30|0.5
        Galashiels|Selkirkshire|TD|15|0.2
        Stornoway|Isle of Lewis|HS|9|0.1
        Kirkwall|Orkney|KW|17|0.1
    """,
    "Northern Ireland": """
        Belfast|Antrim|BT|17|3
        Londonderry|Londonderry|BT|49|0.8
        Lisburn|Antrim|BT|28|0.7
        Newry|Down|BT|35|0.7
        Armagh|Armagh|BT|61|0.4
        Omagh|Tyrone|BT|79|0.4
        Enniskillen|Fermanagh|BT|74|0.3
    """,
}

_ROWS = _towns()
TOWNS: dict[str, Table[Town]] = {
    nation: Table((town, weight) for town, weight in _ROWS if town.nation == nation) for nation in _LINES
}
_BY_NAME = {town.name: town for town, _ in reversed(_ROWS)}

_STREETS = Table((
    ("Road", 26), ("Street", 22), ("Lane", 11), ("Avenue", 9), ("Close", 7), ("Drive", 6), ("Way", 5), ("Court", 3),
    ("Gardens", 3), ("Crescent", 2), ("Place", 2), ("Terrace", 2), ("Grove", 2), ("Hill", 1), ("Row", 1), ("Square", 1),
))  # fmt: skip
_COMMON = ("High Street", "Station Road", "Church Lane", "London Road", "Market Place", "Mill Lane", "Victoria Road")
_INNER = "ABDEFGHJLNPQRSTUWXYZ"
_CENTRAL = frozenset(("EC",))


def town_of(name: str) -> Town:
    """The town of this name."""
    return _BY_NAME[name]


def postcode(draw: Draw, town: Town) -> str:
    """A postcode of the town's area, in the right form."""
    district = f"{draw.between(1, town.districts)}{draw.pick('AMRVY') if town.area in _CENTRAL else ''}"
    return f"{town.area}{district} {draw.below(10)}{draw.pick(_INNER)}{draw.pick(_INNER)}"


def _street(draw: Draw) -> str:
    return draw.pick(_COMMON) if draw.chance(0.22) else f"{draw.pick(SURNAMES)} {draw.of(_STREETS)}"


def street_address(draw: Draw, town: Town) -> Place:
    """A house in a street."""
    flat = draw.chance(0.12)
    number = str(draw.between(1, 240))
    return Place(
        premises=f"Flat {draw.between(1, 48)}" if flat else number,
        address_line_1=f"{number} {_street(draw)}" if flat else _street(draw),
        locality=town.name,
        region=town.county if draw.chance(0.6) else None,
        country=town.nation if draw.chance(0.7) else "United Kingdom",
        postal_code=postcode(draw, town),
    )


def office(draw: Draw, town: Town, house: str) -> Place:
    """A registered office; ``house`` is a name that no other company has."""
    kind = draw.unit()
    if kind < 0.55:
        return street_address(draw, town)
    if kind < 0.75:
        premises, line, second = f"Unit {draw.between(1, 60)}", f"{house} {draw.pick(_PARKS)}", _street(draw)
    else:
        premises, line, second = f"{house} {draw.pick(_HOUSES)}", f"{draw.between(1, 200)} {_street(draw)}", None
    return Place(
        premises=premises,
        address_line_1=line,
        address_line_2=second,
        locality=town.name,
        region=town.county if draw.chance(0.5) else None,
        country=town.nation if draw.chance(0.6) else "United Kingdom",
        postal_code=postcode(draw, town),
    )


_PARKS = ("Business Park", "Industrial Estate", "Trading Estate", "Enterprise Centre", "Farm Buildings")
_HOUSES = ("House", "Court", "Chambers", "Works", "Mill", "Hall")
