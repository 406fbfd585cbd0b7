"""Legal forms and numbers: partnerships, charities, societies, overseas; letters and zeros in the number."""

from __future__ import annotations

from leadgen_sandbox.world.draw import Draw
from leadgen_sandbox.world.hand.crowd import crowd
from leadgen_sandbox.world.hand.dsl import (
    Hand,
    body,
    company,
    corporate,
    designated,
    director,
    human,
    owner,
    seat,
    secretary,
)

RUFINA, HALE = human("Rufina/Castlemere", "1973-02", title="Ms"), human("Hale/Dunnockshaw", "1968-07")
PARTNER = human("Jessamy/Fallowbridge", "1980-12", title="Mrs")
LEWELLA = human("Lewella/Bryncastell", "1964-04", title="Mrs")
MURDO = human("Murdo/Kilbrannock", "1958-03")
EIMEAR = human("Eimear/Glenmullan", "1976-11", title="Ms", nationality="Irish")
TRUSTEES = crowd(Draw("hand", "trustees"), 8, "trustees")
MANY = crowd(Draw("hand", "crowd of officers"), 230, "officers")
ORLA = human("Orla/Tannahay", "1985-06", title="Ms", nationality="Irish")
PASCAL = human("Pascal/Delacourtine", "1961-10", nationality="French", residence="France")
BEAUMONT = human("Beaumont/Sheringdale", "1955-05", title="Sir")
LLP_CONTROL = ("voting-rights-50-to-75-percent-limited-liability-partnership",)
PART = ("part-right-to-share-surplus-assets-75-to-100-percent",)

COMPANIES: tuple[Hand, ...] = (
    company(
        "LLP: designated members decide, the ordinary member does not",
        "OC361907", "CASTLEMERE DUNNOCKSHAW LLP", type="llp", at="5 Chancery Court, Norwich", since="2011-02-04",
        officers=[designated(RUFINA, "2011-02-04"), designated(HALE, "2011-02-04"),
                  seat("llp-member", PARTNER, "2016-01-01")],
        owners=[owner(RUFINA, holds=LLP_CONTROL)],
        decides=["Rufina Castlemere", "Hale Dunnockshaw"],
    ),
    company(
        "LLP of Scotland: an ordinary member has control, so decides; a company is designated",
        "SO304415", "KILBRANNOCK FORESTRY LLP", type="llp", at="Sawmill, Stirling", since="2013-06-20",
        officers=[designated(MURDO, "2013-06-20"), seat("llp-member", PARTNER, "2013-06-20"),
                  corporate("llp-designated-member", body("Kilbrannock Timber Limited", "SC301177"), "2013-06-20")],
        owners=[owner(PARTNER, holds=LLP_CONTROL)],
        decides=["Murdo Kilbrannock", "Jessamy Fallowbridge"],
    ),
    company(
        "LLP of Northern Ireland, its number begins with NC",
        "NC001447", "GLENMULLAN & TANNAHAY LLP", type="llp", at="14 Law Street, Belfast", since="2016-09-30",
        officers=[designated(EIMEAR, "2016-09-30"), designated(ORLA, "2016-09-30")],
        owners=[owner(EIMEAR, "2016-09-30", holds=LLP_CONTROL)],
        decides=["Eimear Glenmullan", "Orla Tannahay"],
    ),
    company(
        "community interest company with a board of volunteers",
        "08771466", "STREAMSIDE COMMUNITY KITCHEN CIC", type="private-limited-guarant-nsc",
        subtype="community-interest-company", sic="56290 88990", at="Church Hall, Middlesbrough", since="2013-11-12",
        officers=[*(director(one, "2018-01-01") for one in TRUSTEES[:3]), secretary(TRUSTEES[3], "2018-01-01")],
        statements=("no-individual-or-entity-with-signficant-control",),
        decides=[f"{one.forename} {one.surname}" for one in TRUSTEES[:3]],
    ),
    company(
        "charitable incorporated organisation: a stub, everything of it is held elsewhere",
        "CE014471", "TANNAHAY MEMORIAL FUND", type="charitable-incorporated-organisation", status="",
        decides=[],
    ),
    company(
        "Scottish charity: a stub that does not even say a status or a date",
        "CS002914", "KILBRANNOCK LIFEBOAT FUND", type="scottish-charitable-incorporated-organisation", status="",
        jurisdiction="scotland",
        decides=[],
    ),
    company(
        "charity limited by guarantee without the word limited; eight trustees are its directors",
        "03094410", "THE SHERINGDALE LIBRARY TRUST", type="private-limited-guarant-nsc-limited-exemption",
        sic="91011", at="Library, Colchester", since="1995-08-22",
        officers=[director(one, "2012-04-01") for one in TRUSTEES]
        + [director(BEAUMONT, "1995-08-22", "2012-04-01")],
        statements=("no-individual-or-entity-with-signficant-control",),
        decides=[f"{one.forename} {one.surname}" for one in TRUSTEES],
    ),
    company(
        "Scottish limited partnership: a company is general partner, a human controls it",
        "SL031177", "GLEN ARDOCH PROPERTY LP", type="limited-partnership", subtype="slp",
        at="9 Exchange Row, Edinburgh", since="2017-10-02",
        officers=[corporate("general-partner-in-a-limited-partnership",
                            body("Glen Ardoch GP Limited", "SC577140"), "2017-10-02"),
                  seat("limited-partner-in-a-limited-partnership", HALE, "2017-10-02")],
        owners=[owner(MURDO, "2017-10-02", holds=PART)],
        decides=["Murdo Kilbrannock"],
    ),
    company(
        "Scottish qualifying partnership: PSCs and nothing else",
        "SG000714", "ARDOCH FERRY PARTNERSHIP", type="scottish-partnership", at="Pier Road, Kirkwall",
        since="2018-01-15", owners=[owner(LEWELLA, "2018-01-15", holds=PART)],
        decides=["Lewella Bryncastell"],
    ),
    company(
        "society: its number ends with a letter (IP27914R), the register has no officers of it",
        "IP27914R", "SHERINGDALE ALLOTMENT SOCIETY LIMITED", type="industrial-and-provident-society", status="",
        decides=[],
    ),
    company(
        "registered society: its number ends with two letters (RS0047EN)",
        "RS0047EN", "FALLOWBRIDGE COOPERATIVE LIMITED", type="registered-society-non-jurisdictional",
        status="registered",
        decides=[],
    ),
    company(
        "overseas entity: a human is beneficial owner, the managing officer decides nothing",
        "OE009914", "DELACOURTINE IMMOBILIER S.À R.L.", type="registered-overseas-entity", status="registered",
        jurisdiction="noneu", at="12 Park Lane, London", since="2022-12-19",
        officers=[seat("managing-officer", HALE, "2022-12-19")],
        owners=[owner(PASCAL, "2022-12-19", kind="individual-beneficial-owner",
                      holds=("ownership-of-shares-more-than-25-percent-registered-overseas-entity",)),
                owner(None, None, holds=(), kind="super-secure-beneficial-owner")],
        decides=["Pascal Delacourtine"],
    ),
    company(
        "overseas company with directors, no register of control",
        "FC031776", "DELACOURTINE VINS S.A.", type="oversea-company", jurisdiction="united-kingdom",
        at="3 Vintners Court, London", since="2013-05-01",
        officers=[director(PASCAL, "2013-05-01"), seat("person-authorised-to-represent", RUFINA, "2013-05-01")],
        decides=["Pascal Delacourtine"],
    ),
    company(
        "UK establishment of the overseas company: nobody listed, the officers stand with FC031776",
        "BR016914", "DELACOURTINE VINS S.A.", type="uk-establishment", status="open", jurisdiction="united-kingdom",
        at="3 Vintners Court, London", since="2013-05-01",
        decides=[],
    ),
    company(
        "company of Northern Ireland from before 1921: R0",
        "R0000741", "GLENMULLAN LINEN LIMITED", sic="13200", at="Linen Works, Lisburn", since="1919-04-10",
        officers=[director(EIMEAR, "2008-04-10")], owners=[owner(EIMEAR)],
        decides=["Eimear Glenmullan"],
    ),
    company(
        "Scottish number with three zeros that spreadsheets keep and people leave out",
        "SC000914", "KILBRANNOCK SHIPPING COMPANY LIMITED", sic="50200", at="Harbour Office, Aberdeen",
        since="1884-02-11",
        officers=[director(MURDO, "1999-06-01")], owners=[owner(MURDO)],
        decides=["Murdo Kilbrannock"],
    ),
    company(
        "number that is all zeros but four, which spreadsheets lose",
        "00004417", "SHERINGDALE WATERWORKS COMPANY LIMITED", sic="36000", at="Pump House, Chester",
        since="1869-03-04",
        officers=[director(BEAUMONT, "2004-03-01")], owners=[owner(BEAUMONT)],
        decides=["Beaumont Sheringdale"],
    ),
    company(
        "Welsh name and Welsh suffix",
        "08114402", "CWMNI ADEILADU BRYNCASTELL CYFYNGEDIG", sic="41202", jurisdiction="wales",
        at="2 Stryd y Bont, Caernarfon", since="2012-06-20",
        officers=[director(LEWELLA, "2012-06-20")], owners=[owner(LEWELLA)],
        decides=["Lewella Bryncastell"],
    ),
    company(
        "public company without PSCs: its shares are traded, the secretary is a human",
        "02104413", "SHERINGDALE INSURANCE GROUP PLC", type="plc", sic="65120", at="1 Threadneedle Court, London",
        since="1987-02-27", accounts={"type": "group", "made_up_to": -200, "next_due": 160},
        officers=[*(director(one, "2015-05-01") for one in MANY[200:206]), secretary(PARTNER, "2015-05-01")],
        decides=[f"{one.forename} {one.surname}" for one in MANY[200:206]],
    ),
    company(
        "230 officers over pages: 140 directors in office, 60 resigned, 30 secretaries of old",
        "01640093", "TWO HUNDRED GARDENS RESIDENTS LIMITED", type="private-limited-guarant-nsc", sic="98000",
        at="Estate Hall, Croydon", since="1982-06-04",
        officers=[*(director(one, "2005-01-01") for one in MANY[:140]),
                  *(director(one, "1995-01-01", "2009-12-31") for one in MANY[140:200]),
                  *(secretary(one, "1995-01-01", "1999-12-31") for one in MANY[200:])],
        statements=("no-individual-or-entity-with-signficant-control",),
        decides=[f"{one.forename} {one.surname}" for one in MANY[:140]],
    ),
    company(
        "unlimited company: no suffix at all, a name like a firm of people",
        "06633120", "CASTLEMERE AND FALLOWBRIDGE", type="private-unlimited", sic="70100",
        at="21 Mount Street, London", since="2008-06-30",
        officers=[director(RUFINA, "2008-06-30")], owners=[owner(RUFINA)],
        decides=["Rufina Castlemere"],
    ),
    company(
        "LLP of two companies: no human designated, no human owner",
        "OC402214", "ARDOCH LANE INVESTMENTS LLP", type="llp", at="9 Exchange Row, London", since="2015-10-13",
        officers=[corporate("llp-designated-member", body("Ardoch Lane One Limited", "9820017"), "2015-10-13"),
                  corporate("llp-designated-member", body("Ardoch Lane Two Limited", "09820018"), "2015-10-13")],
        owners=[],
        statements=("no-individual-or-entity-with-signficant-control",),
        decides=[],
    ),
)  # fmt: skip
