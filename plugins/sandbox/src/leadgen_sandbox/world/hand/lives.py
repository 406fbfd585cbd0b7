"""Companies at the moments of their lives: new, renamed, dormant, in trouble, ended; officers who come and go."""

from __future__ import annotations

from leadgen_core.contracts.world import Place
from leadgen_sandbox.world.hand.dsl import Hand, company, director, human, owner, seat, secretary

MERLE = human("Merle/Applegarth-Finn", "1986-02", title="Ms")
QUENTIN = human("Quentin/Dovewater", "1970-08")
SYBIL = human("Sybil Joan/Dovewater", "1972-01", title="Mrs")
NEVE = human("Neve/Cattermore", "1995-12", title="Miss")
ABEL = human("Abel/Cattermore", "1961-05")
RONAN = human("Ronan/Steepleton", "1978-10", nationality="Irish")
ETTA = human("Etta/Brockenhall", "1967-03", title="Mrs")
LYLE = human("Lyle/Marchbanker", "1983-09")
GRETA = human("Greta/Wolfendene", "1959-11", title="Mrs")
IVO = human("Ivo/Tapperley", "1974-05")
CASS = human("Cassandra/Umberslade", "1980-02", title="Ms")
NOAH = human("Noah/Yarborne", "1998-07")
HETTY = human("Hetty/Lowbridge", "1943-10", title="Mrs")
DORIAN = human("Dorian/Kettlewick", "1971-06")
DEFAULT_OFFICE = Place(
    po_box="4385",
    address_line_1="15004417 - Companies House Default Address",
    locality="Cardiff",
    postal_code="CF14 8LH",
)

COMPANIES: tuple[Hand, ...] = (
    company(
        "dormant shell: never traded, one director, no site",
        "13771240", "APPLEGARTH FINN DORMANT LTD", sic="99999", at="11 Elm Close, Romford", since="2021-11-30",
        accounts={"type": "dormant", "made_up_to": -425, "next_due": 90},
        officers=[director(MERLE, "2021-11-30")], owners=[owner(MERLE, "2021-11-30")],
        decides=["Merle Applegarth-Finn"],
    ),
    company(
        "one director resigned last month, his PSC entry has ceased with him",
        "04718833", "DOVEWATER AQUATICS LIMITED", sic="47760", at="Pond House, Norwich", since="2003-03-31",
        officers=[director(QUENTIN, "2003-03-31", -31), director(SYBIL, "2003-03-31")],
        owners=[owner(QUENTIN, "2016-04-06", -31, holds="25-to-50"), owner(SYBIL)],
        decides=["Sybil Joan Dovewater"],
    ),
    company(
        "a director appointed yesterday, whom no other list knows yet",
        "08507712", "CATTERMORE BREWING LTD", sic="11050", at="Maltings, Worcester", since="2013-04-26",
        officers=[director(ABEL, "2013-04-26"), director(NEVE, -1)], owners=[owner(ABEL)],
        decides=["Abel Cattermore", "Neve Cattermore"],
    ),
    company(
        "a resignation dated next month: still a director today",
        "NI648820", "STEEPLETON HARVESTERS LTD", sic="46610", at="3 Orchard Road, Armagh", since="2017-09-19",
        officers=[director(RONAN, "2017-09-19", 28), director(ETTA, "2017-09-19")],
        owners=[owner(ETTA, "2017-09-19")],
        decides=["Ronan Steepleton", "Etta Brockenhall"],
    ),
    company(
        "resigned today: no director any more",
        "11812075", "BROCKENHALL PODCASTS LTD", sic="59200", at="Studio 5 Lamb Lane, Brighton",
        since="2019-02-07",
        officers=[director(RONAN, "2019-02-07", 0), director(ETTA, "2019-02-07")],
        owners=[owner(ETTA, "2019-02-07")],
        decides=["Etta Brockenhall"],
    ),
    company(
        "renamed three times; the people stay",
        "03202277", "MARCHBANKER DIGITAL LIMITED", sic="62020 63110", at="Data House, Milton Keynes",
        since="1996-05-22",
        previous_names=(("MARCHBANKER DATA LIMITED", "2001-09-01", "2014-02-28"),
                        ("MARCHBANKER MICROFICHE LIMITED", "1996-07-01", "2001-09-01"),
                        ("SHELFCO (NO. 4471) LIMITED", "1996-05-22", "1996-07-01")),
        officers=[director(LYLE, "2010-05-22")], owners=[owner(LYLE)],
        decides=["Lyle Marchbanker"],
    ),
    company(
        "two companies of one name: this one was dissolved years ago",
        "05640093", "WOLFENDENE STUDIOS LIMITED", sic="74209", at="2 Gallery Row, Harrow", since="2005-11-30",
        status="dissolved", ceased_on="2011-06-14",
        officers=[director(GRETA, "2005-11-30")],
        decides=[],
    ),
    company(
        "two companies of one name: this one lives and took the name afterwards",
        "13104776", "WOLFENDENE STUDIOS LIMITED", sic="74209", at="80 Canal Walk, Leicester", since="2021-01-04",
        officers=[director(IVO, "2021-01-04")], owners=[owner(IVO, "2021-01-04")],
        decides=["Ivo Tapperley"],
    ),
    company(
        "proposal to strike off, accounts and confirmation overdue; still active",
        "12711904", "UMBERSLADE TAKEAWAY LTD", sic="56103", at="15 Broadway, Bradford", since="2020-07-03",
        status_detail="active-proposal-to-strike-off", confirmation_overdue=True,
        accounts={"type": "micro-entity", "made_up_to": -930, "next_due": -200, "overdue": True},
        officers=[director(CASS, "2020-07-03")], owners=[owner(CASS, "2020-07-03")],
        decides=["Cassandra Umberslade"],
    ),
    company(
        "in liquidation: the directors are still in office in the register",
        "06012839", "TAPPERLEY ROOFING LIMITED", sic="43910", at="c/o Winders Insolvency, Nottingham",
        since="2006-11-28", status="liquidation",
        accounts={"type": "total-exemption-full", "made_up_to": -700, "next_due": -60, "overdue": True},
        officers=[director(IVO, "2006-11-28")], owners=[owner(IVO)],
        decides=["Ivo Tapperley"],
    ),
    company(
        "in administration",
        "02675510", "LOWBRIDGE FOUNDRY LIMITED", sic="24520", at="Foundry Road, Wolverhampton",
        since="1991-12-31", status="administration",
        officers=[director(HETTY, "1993-04-01"), director(DORIAN, "2015-09-01")], owners=[owner(HETTY)],
        decides=["Hetty Lowbridge", "Dorian Kettlewick"],
    ),
    company(
        "under a voluntary arrangement",
        "09561130", "KETTLEWICK CAFES LTD", sic="56102", at="1 Arcade, Preston", since="2015-04-27",
        status="voluntary-arrangement",
        officers=[director(DORIAN, "2015-04-27")], owners=[owner(DORIAN)],
        decides=["Dorian Kettlewick"],
    ),
    company(
        "dissolved with directors who never resigned",
        "07219907", "YARBORNE TRADING LTD", sic="47910", at="9 Station Road, Luton", since="2010-04-12",
        status="dissolved", ceased_on="2021-09-21", accounts={"type": "micro-entity", "made_up_to": "2019-04-30"},
        officers=[director(GRETA, "2010-04-12"), director(ABEL, "2012-01-01")], owners=[owner(GRETA)],
        decides=[],
    ),
    company(
        "dissolved, and nobody knows when",
        "00388140", "LOWBRIDGE & CO (PICKLES) LIMITED", at="Vinegar Yard, Kingston upon Hull",
        since="1944-06-12", status="dissolved", accounts={"type": "null"},
        decides=[],
    ),
    company(
        "converted or closed: it went on as another company",
        "05289144", "DOVEWATER CONVERTED LIMITED", sic="47760", at="Pond House, Norwich", since="2004-11-17",
        status="converted-closed", ceased_on="2018-03-01",
        officers=[director(QUENTIN, "2004-11-17")], owners=[owner(QUENTIN)],
        decides=[],
    ),
    company(
        "a week old: no accounts, no confirmation, nothing but its people",
        "16970521", "NOAH YARBORNE TUTORING LTD", sic="85590", at="4 The Crescent, Cambridge", since=-7,
        accounts={"type": "null", "next_due": 633},
        officers=[director(NOAH, -7)], owners=[owner(NOAH, -7)],
        decides=["Noah Yarborne"],
    ),
    company(
        "all directors have resigned, the owner stays without a board",
        "10880341", "KETTLEWICK FESTIVALS LTD", sic="93290", at="Field 2 Park Lane, Hereford", since="2017-07-24",
        officers=[director(DORIAN, "2017-07-24", "2024-05-31"), director(CASS, "2019-01-01", "2024-05-31")],
        owners=[owner(CASS, "2019-01-01")],
        decides=["Cassandra Umberslade"],
    ),
    company(
        "moved by the registrar to the default address that many such companies share",
        "15004417", "ZENITH PAPER CROWN LTD", sic="82990", at="1 Nowhere Street, Cardiff", since="2023-07-14",
        address=DEFAULT_OFFICE,
        officers=[director(human("Perry/Lathom-Quist", "1999-01"), "2023-07-14")],
        owners=[owner(human("Perry/Lathom-Quist", "1999-01"), "2023-07-14")],
        decides=["Perry Lathom-Quist"],
    ),
    company(
        "an old company with a SIC code of 2003",
        "00517733", "BROCKENHALL WEAVING LIMITED", sic="1725", at="Mill Street, Huddersfield", since="1953-03-27",
        accounts={"type": "dormant", "made_up_to": -390, "next_due": 210},
        officers=[director(ETTA, "2001-01-01"), secretary(HETTY, "1993-01-01")], owners=[owner(ETTA)],
        decides=["Etta Brockenhall"],
    ),
    company(
        "receiver appointed; a second human is receiver and manager, which is no director",
        "07002288", "WOLFENDENE DEVELOPMENTS LIMITED", sic="41100", at="Plot 4 Dock Street, Liverpool",
        since="2009-08-26", status="receivership",
        officers=[director(GRETA, "2009-08-26"), seat("receiver-and-manager", LYLE, "2025-06-02")],
        owners=[owner(GRETA)],
        decides=["Greta Wolfendene"],
    ),
)  # fmt: skip
