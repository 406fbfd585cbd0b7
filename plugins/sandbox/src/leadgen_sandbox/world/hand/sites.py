"""Sites and accounts: of a group, of a namesake, of strangers, stale, parked, moved, none at all."""

from __future__ import annotations

from collections.abc import Callable

from leadgen_core.contracts.world import Presence
from leadgen_sandbox.world.hand.dsl import (
    Hand,
    body,
    company,
    director,
    facebook,
    firm_owner,
    human,
    linkedin,
    owner,
    site,
    x,
)

SEREN = human("Seren/Talgarrick", "1982-09", title="Ms")
GUY = human("Guy/Underbridge-Cole", "1963-12")
MAVIS = human("Mavis/Hollinshaw-Peck", "1957-06", title="Mrs")
TAL = human("Tal/Everdale", "1991-04")
UNA = human("Una/Skelmersby", "1979-08", title="Mrs")
BART = human("Bartholomew/Skelmersby", "1975-03")
WREN = human("Wren/Halloughton", "1988-11", title="Miss")
PARENT = body("TALGARRICK GROUP LIMITED", "07904417", place_registered="England And Wales")

COMPANIES: tuple[Hand, ...] = (
    company(
        "group site: the parent, whose site it is",
        "07904417", "TALGARRICK GROUP LIMITED", sic="70100", at="Talgarrick House, Cardiff", since="2012-01-11",
        officers=[director(SEREN, "2012-01-11")], owners=[owner(SEREN)],
        web=[site("www.talgarrick.example", name="Talgarrick Group", number="07904417",
                  people=[{"name": "Seren Talgarrick", "role": "Group Chief Executive"},
                          {"name": "Guy Underbridge-Cole", "role": "Managing Director, Windows"}],
                  links={"linkedin": "talgarrick-group"}),
             linkedin("talgarrick-group", name="Talgarrick Group", site="www.talgarrick.example")],
        decides=["Seren Talgarrick"],
    ),
    company(
        "group site: the child has none of its own and shares the parent's",
        "09117330", "TALGARRICK WINDOWS LTD", sic="43342", at="Unit 8 Docks Way, Newport", since="2014-07-04",
        officers=[director(GUY, "2014-07-04")], owners=[firm_owner(PARENT)],
        web=[site("www.talgarrick.example", owner="07904417")],
        decides=["Guy Underbridge-Cole"],
    ),
    company(
        "no site and no account at all, though it trades",
        "05440912", "HOLLINSHAW PECK TAXIS LTD", sic="49320", at="Rank Office, Blackburn", since="2005-05-03",
        officers=[director(MAVIS, "2005-05-03")], owners=[owner(MAVIS)],
        decides=["Mavis Hollinshaw-Peck"],
    ),
    company(
        "stale site: still names the director who left years ago, and the old office",
        "06704419", "UNDERBRIDGE RECLAMATION LIMITED", sic="38320", at="New Yard, Gloucester", since="2008-09-23",
        officers=[director(GUY, "2008-09-23", "2019-03-31"), director(TAL, "2019-03-31")],
        owners=[owner(GUY, until="2019-03-31"), owner(TAL, "2019-03-31")],
        web=[site("www.underbridge-reclamation.example", state="stale", name="Underbridge Reclamation",
                  number="06704419", updated_on="2016-02-11",
                  people=[{"name": "Guy Underbridge-Cole", "role": "Managing Director"}])],
        decides=["Tal Everdale"],
    ),
    company(
        "its site links to a stranger's page of the same name",
        "10120093", "EVERDALE DRIVING SCHOOL LTD", sic="85530", at="60 Ring Road, Bournemouth", since="2016-04-13",
        officers=[director(TAL, "2016-04-13")], owners=[owner(TAL, "2016-04-13")],
        web=[site("www.everdaledriving.example", name="Everdale Driving School", number="10120093",
                  links={"facebook": "everdale.driving", "x": "everdaledriving"}),
             facebook("everdale.driving", owner=None, name="Everdale Driving", location="Adelaide"),
             x("everdaledriving", name="Everdale Driving School", site="www.everdaledriving.example")],
        decides=["Tal Everdale"],
    ),
    company(
        "namesakes far apart, the one with the site: both are SKELMERSBY, both bake",
        "07441829", "SKELMERSBY BAKERY LTD", sic="10710", at="8 Butter Market, Ipswich", since="2010-11-17",
        officers=[director(UNA, "2010-11-17")], owners=[owner(UNA)],
        web=[site("www.skelmersby.example", name="Skelmersby Bakery", number="07441829",
                  people=[{"name": "Una Skelmersby", "role": "Owner"}])],
        decides=["Una Skelmersby"],
    ),
    company(
        "namesakes far apart, the one without: the other's site is not its own",
        "SC551829", "SKELMERSBY BAKERIES LIMITED", sic="10710", at="2 Shore Road, Ayr", since="2016-12-01",
        officers=[director(BART, "2016-12-01")], owners=[owner(BART, "2016-12-01")],
        decides=["Bartholomew Skelmersby"],
    ),
    company(
        "the footer has the number of the agency that made the site",
        "11440276", "HALLOUGHTON GARDENS LTD", sic="81300", at="Glebe Farm, Oxford", since="2018-06-29",
        officers=[director(WREN, "2018-06-29")], owners=[owner(WREN, "2018-06-29")],
        web=[site("www.halloughton-gardens.example", name="Halloughton Gardens", number="08220417",
                  number_of="Pixelbrook Web Design Ltd", people=[{"name": "Wren Halloughton", "role": "Gardener"}])],
        decides=["Wren Halloughton"],
    ),
    company(
        "the domain is parked and for sale",
        "09660218", "SKELMERSBY FITNESS LTD", sic="93130", at="14 Mill Lane, Preston", since="2015-06-29",
        officers=[director(BART, "2015-06-29"), director(UNA, "2015-06-29", "2017-01-01")], owners=[owner(BART)],
        web=[site("www.skelmersbyfitness.example", state="parked")],
        decides=["Bartholomew Skelmersby"],
    ),
    company(
        "trades under another name than its own, and the old domain redirects to the new",
        "08330918", "WREN HALLOUGHTON VENTURES LTD", sic="55209", at="Barn 2 Fell Road, Carlisle",
        since="2012-12-13",
        officers=[director(WREN, "2012-12-13")], owners=[owner(WREN)],
        web=[site("www.halloughton.example", state="redirect", redirect="www.starlingbarns.example"),
             site("www.starlingbarns.example", name="Starling Barns", number="08330918",
                  links={"facebook": "starlingbarns"}),
             facebook("starlingbarns", name="Starling Barns", site="www.starlingbarns.example")],
        decides=["Wren Halloughton"],
    ),
    company(
        "accounts without a site; the account's description has the company number",
        "12990184", "EVERDALE CERAMICS LTD", sic="23410", at="Kiln 1 Clay Lane, Stoke-on-Trent",
        since="2020-11-03",
        officers=[director(TAL, "2020-11-03"), director(UNA, "2020-11-03")],
        owners=[owner(TAL, "2020-11-03", holds="25-to-50"), owner(UNA, "2020-11-03", holds="25-to-50")],
        web=[x("everdaleclay", name="Everdale Ceramics", description="Stoneware. Company no. 12990184"),
             facebook("everdale.ceramics", name="Everdale Ceramics", location="Stoke-on-Trent")],
        decides=["Tal Everdale", "Una Skelmersby"],
    ),
)  # fmt: skip

STRANGERS: tuple[Callable[[str], Presence], ...] = (
    site("www.skelmersbybakeries.example", owner=None, name="Skelmersby Bakeries of Vermont"),
    site("www.pixelbrook.example", owner=None, name="Pixelbrook Web Design", number="08220417"),
    x("tessimond_joins", owner=None, name="Tessimond"),
    linkedin("everdale-group", owner=None, name="Everdale Group", location="Calgary"),
)
"""Nobody of this world points to these."""
