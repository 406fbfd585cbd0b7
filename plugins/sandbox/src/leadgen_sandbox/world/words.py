"""Words for company names: coined ones, and trades with their SIC codes (SIC 2007, as in the enumerations)."""

from __future__ import annotations

from attrs import frozen

from leadgen_sandbox.world.draw import Table

__all__ = ["TRADES", "Trade", "coined", "section_of"]


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _list("""
    Amber Ancient Argent Ashen Autumn Azure Bold Brazen Bright Broad Bronze Cardinal Chalk Cinder Clear Cobalt
    Copper Coral Crimson Crystal Curlew Dapple Dawn Deep Distant Dusky Eastern Ebony Echo Elder Ember Emerald Fair
    Fallow Fern Fleet Flint Forest Gentle Gilded Glass Golden Granite Grey Hallow Harvest Hazel Hidden High Hollow
    Indigo Iron Ivory Jasper Keen Lantern Linen Little Lofty Lunar Maple Marble Meadow Merry Midland Misty Moss
    Noble Northern Ochre Olive Open Opal Orchard Pearl Pewter Quiet Rapid Raven Red River Russet Saffron Scarlet
    Silver Slate Solar Southern Spring Steady Sterling Stone Summer Swift Tawny Teal Topaz Tranquil Velvet Western
""")
_SECOND = _list("""
    Alder Aske Babb Barn Birk Black Bracken Bram Brock Cald Carr Chat Clay Cleve Comb Cran Crow Dag Darn Den Dow
    Drake Dun Eld Ever Falk Fen Finch Fos Gar Gled Gorse Grim Ham Harr Hath Haw Hel Hern Hex Holm Horn Hurl Ing Kel
    Kes Kirk Knap Lam Lang Lark Leck Lith Lym Mal Mar Mas Mel Mor Mus Nether Nor Oak Ock Orm Otter Pad Pell Pend
    Pick Quarr Rad Ram Rav Reed Ros Rud Rush Sax Scar Shel Skel Snell Sorr Stav Stok Tam Tarn Teas Thorn Thrup Til
    Tor Ulver Wal War Wel Whel Wick Yarr
""")
_THIRD = _list("""
    acre bank barrow beck bourne bridge brook burn bury by cliff combe cote cott croft cross dale dean den dene don
    down edge end fall fell field firth fleet fold ford garth gate gill glade grave green grove hall ham hamlet
    haven hay head heath hill hithe holm holt hope house how hurst ington keld knoll lake land leigh ley low lyn
    march marsh mead mere mill minster moor mount ness park pool port reach ridge rigg shaw shore side stead stock
    stoke stone stow stream thorpe thwaite ton tree vale wald water well wharf wick wold wood worth yard
""")


def coined(tail: int) -> str:
    """An invented proper name that no other company of the world has, from the last six digits of its number."""
    return f"{_FIRST[tail // 10_000]} {_SECOND[tail // 100 % 100]}{_THIRD[tail % 100]}"


@frozen
class Trade:
    """A SIC code with words that a company of that trade has in its name."""

    sic: str
    words: tuple[str, ...]


# Section and weight | sic: words / words; ... Blanks begin a continued line. Weights: chosen, roughly as in the
# live register.
_SECTIONS = """
A 1.6 | 01500: Farms/Farming; 01300: Nurseries; 01450: Livestock; 02400: Forestry; 03220: Trout Farm
B 0.2 | 08110: Quarries/Stone; 08120: Aggregates; 09900: Drilling Support
C 5.5 | 10710: Bakery/Bakers; 11050: Brewery/Brewing; 25620: Engineering/Precision; 18129: Print/Printers;
    31090: Furniture
D 0.6 | 35110: Energy/Solar; 35140: Power Trading
E 0.5 | 38110: Waste/Recycling; 38320: Reclamation; 37000: Drainage
F 14 | 41202: Homes/Builders/Construction; 43320: Joinery; 43220: Plumbing/Heating; 43210: Electrical;
    43910: Roofing; 43341: Decorators
G 15 | 47910: Online/Direct; 46390: Foods/Wholesale; 45200: Motors/Garage; 47710: Clothing/Fashion;
    47599: Interiors; 46690: Supplies
H 6 | 49410: Haulage/Transport; 49320: Cars/Taxis; 53202: Couriers/Logistics; 52103: Storage
I 6 | 56101: Restaurant/Kitchen; 56102: Cafe/Coffee; 55100: Hotel/Hotels; 56302: Inn/Taverns; 56103: Takeaway
J 7 | 62012: Software/Systems; 62020: IT/Consulting/Technology; 59112: Films/Media; 63110: Hosting/Data;
    58110: Press/Books
K 2.5 | 64209: Holdings/Group; 66220: Insurance Brokers; 64999: Capital/Finance; 66300: Asset Management
L 9 | 68209: Properties/Estates; 68310: Lettings/Estate Agents; 68100: Investments; 68320: Property Management
M 13 | 70229: Consulting/Associates/Consultancy; 69201: Accountants/Accountancy; 71111: Architects;
    73110: Marketing/Advertising; 71122: Technical Services; 75000: Vets
N 8.5 | 81210: Cleaning/Facilities; 78200: Recruitment/Staffing; 81300: Landscapes/Gardens; 79110: Travel/Tours;
    82990: Services/Solutions; 80100: Security
O 0.1 | 84120: Partnership Services
P 2 | 85590: Training/Academy; 85100: Nursery/Day Nursery; 85530: Driving School; 85600: Tutors
Q 4.5 | 86230: Dental; 86900: Physiotherapy/Therapies; 87300: Care/Care Homes; 88910: Childcare; 86210: Medical
R 2.5 | 90010: Productions/Theatre; 93130: Fitness/Gym; 93120: Sports Club; 91020: Museum Services
S 5 | 96020: Hair/Beauty; 96090: Services; 94990: Association; 95110: Repairs; 96030: Funerals
T 2.5 | 98000: Residents/Management/Freehold
X 3 | 99999: Trading/Enterprises/Ventures; 74990: Holdings/Nominees
"""


def _trades() -> list[tuple[Trade, float]]:
    table = []
    for line in _SECTIONS.strip().replace("\n    ", " ").splitlines():
        head, _, cells = line.partition("|")
        trades = [cell.partition(":") for cell in cells.split(";")]
        for sic, _, words in trades:
            trade = Trade(sic.strip(), tuple(word.strip() for word in words.split("/")))
            table.append((trade, float(head.split()[1]) / len(trades)))
    return table


TRADES: Table[Trade] = Table(_trades())

_STARTS = (
    (1, "A"), (5, "B"), (10, "C"), (35, "D"), (36, "E"), (41, "F"), (45, "G"), (49, "H"), (55, "I"), (58, "J"),
    (64, "K"), (68, "L"), (69, "M"), (77, "N"), (84, "O"), (85, "P"), (86, "Q"), (90, "R"), (94, "S"), (97, "T"),
    (99, "U"),
)  # fmt: skip


def section_of(sic: str) -> str:
    """The section A to U of a five-digit code of SIC 2007."""
    return next(letter for start, letter in reversed(_STARTS) if int(sic[:2]) >= start)
