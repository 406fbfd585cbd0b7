"""Who owns and who runs: families, namesakes, owners outside the board."""

from __future__ import annotations

from leadgen_sandbox.world.hand.dsl import (
    Hand,
    company,
    director,
    facebook,
    human,
    owner,
    secretary,
    site,
)

OONAGH = human("Oonagh Mary/Tessimond", "1971-04", title="Mrs")
BRAM, INES = human("Bramwell Piers/Hallowdene", "1964-09"), human("Ines Clarice/Hallowdene", "1966-02", title="Mrs")
ELDER = human("Josiah Amos/Quillfeather", "1948-11", key=" the elder")
YOUNGER = human("Josiah Amos/Quillfeather", "1979-03", key=" the younger")
JON, JOAN = human("Jon/Marrowby", "1983-06"), human("Joan/Marrowby", "1983-06", title="Miss")
PRU, PETRA = human("Prudence/Pellowick", "1955-01", title="Mrs"), human("Petra/Pellowick", "1985-08", title="Ms")
FOUR = [
    human("Alaric/Stonegrave", "1970-02"),
    human("Benedict/Stonegrave", "1972-05"),
    human("Cressida/Stonegrave", "1975-12", title="Ms"),
    human("Dunstan/Stonegrave", "1979-07"),
]
LEOFRIC = human("Leofric/Amberley-Voss", "1974-10")
SILENT = human("Wilhelmina Rose/Tarnbeck", "1950-05", title="Mrs")
HIRED = human("Casimir/Oldershaw", "1981-01")
ABSENT = human("Evander/Brightwell-Moss", "1962-03", residence="Spain")
SERIAL = human("Marguerite Odile/Fennimore", "1968-12", title="Ms")
SPOUSE, WIFE = human("Hector/Lambspring", "1959-07"), human("Delphine/Lambspring", "1961-11", title="Mrs")
BOTH = human("Ambrose/Withycombe-Hale", "1977-02")
BACK = human("Tobias Finn/Garroway", "1973-08")
STAYS, NEXT = human("Rowland/Escritt-Dale", "1951-04"), human("Imogen/Varley-Stokes", "1980-10", title="Ms")
OLD = human("Humphrey Miles/Dunchester", "1939-06")
MARCH, APRIL = human("Owen/Blackthorne", "1976-03", key=" a"), human("Owen/Blackthorne", "1991-10", key=" b")
EX, NEW_WIFE = human("Lucinda/Farrowmere", "1969-05", title="Mrs"), human("Lucy/Farrowmere", "1988-05", title="Mrs")
FARROW = human("Gideon/Farrowmere", "1967-01")

COMPANIES: tuple[Hand, ...] = (
    company(
        "one human is sole director and sole owner",
        "09417203", "BRACKENFOLD JOINERY LTD", sic="43320", at="14 Tanners Row, Ludlow", since="2015-02-03",
        officers=[director(OONAGH, "2015-02-03")], owners=[owner(OONAGH)],
        web=[site("www.brackenfold.example", name="Brackenfold Joinery", number="09417203",
                  people=[{"name": "Oonagh Tessimond", "role": "Founder"}], links={"facebook": "brackenfold"}),
             facebook("brackenfold", name="Brackenfold Joinery", site="www.brackenfold.example")],
        decides=["Oonagh Mary Tessimond"],
    ),
    company(
        "family firm: husband and wife, one surname, both directors and owners",
        "05183366", "HALLOWDENE & HALLOWDENE BAKERS LIMITED", sic="10710 47240", at="3 Corn Street, Hereford",
        since="2004-07-20", accounts={"type": "total-exemption-full", "made_up_to": -300, "next_due": 330},
        officers=[director(BRAM, "2004-07-20"), director(INES, "2009-01-05"), secretary(INES, "2004-07-20")],
        owners=[owner(BRAM, holds="25-to-50"), owner(INES, holds="25-to-50")],
        decides=["Bramwell Piers Hallowdene", "Ines Clarice Hallowdene"],
    ),
    company(
        "father and son of one name: two humans, told apart by their births only",
        "02914450", "QUILLFEATHER & SON FURNITURE LIMITED", sic="31090", at="Unit 4 Sawpit Lane, Shrewsbury",
        since="1994-03-29",
        officers=[director(ELDER, "1994-03-29"), director(YOUNGER, "2003-04-01")],
        owners=[owner(ELDER, holds="50-to-75"), owner(YOUNGER, holds="25-to-50")],
        decides=["Josiah Amos Quillfeather", "Josiah Amos Quillfeather"],
    ),
    company(
        "father and son of one name: the father has resigned, the son has not",
        "04660218", "QUILLFEATHER HAULAGE LIMITED", sic="49410", at="Depot Road, Telford Way, Shrewsbury",
        since="2003-02-10",
        officers=[director(ELDER, "2003-02-10", "2019-06-30"), director(YOUNGER, "2012-02-10")],
        owners=[owner(ELDER, until="2019-06-30"), owner(YOUNGER, "2019-06-30")],
        decides=["Josiah Amos Quillfeather"],
    ),
    company(
        "twins: one surname, one month of birth, forenames one letter apart",
        "10482771", "MARROWBY FILMS LTD", sic="59112", at="88 Old Mill Lane, Bristol", since="2016-11-15",
        officers=[director(JON, "2016-11-15"), director(JOAN, "2016-11-15")],
        owners=[owner(JON, "2016-11-15", holds="25-to-50"), owner(JOAN, "2016-11-15", holds="25-to-50")],
        decides=["Jon Marrowby", "Joan Marrowby"],
    ),
    company(
        "mother owns, daughter directs: one surname, one initial, two humans",
        "08240917", "PELLOWICK HAIR & BEAUTY LTD", sic="96020", at="7 Fore Street, Truro", since="2012-10-04",
        officers=[director(PETRA, "2012-10-04")], owners=[owner(PRU)],
        decides=["Petra Pellowick", "Prudence Pellowick"],
    ),
    company(
        "four siblings and one in-law on the board; only two of them own",
        "01877204", "STONEGRAVE QUARRIES LIMITED", sic="08110", at="The Quarry House, Harrogate", since="1985-01-15",
        officers=[*(director(one, "1998-05-01") for one in FOUR), director(LEOFRIC, "2011-09-01")],
        owners=[owner(FOUR[0], holds="25-to-50"), owner(FOUR[1], holds="25-to-50")],
        decides=["Alaric Stonegrave", "Benedict Stonegrave", "Cressida Stonegrave", "Dunstan Stonegrave",
                 "Leofric Amberley-Voss"],
    ),
    company(
        "the owner is no director and the director no owner: both decide",
        "11720394", "TARNBECK NURSERIES LTD", sic="01300", at="Low Field, Carlisle", since="2018-12-12",
        officers=[director(HIRED, "2018-12-12")], owners=[owner(SILENT, "2018-12-12", home=True)],
        decides=["Casimir Oldershaw", "Wilhelmina Rose Tarnbeck"],
    ),
    company(
        "the owner lives abroad and was never an officer",
        "12099486", "BRIGHTWELL-MOSS LETTINGS LTD", sic="68209", at="210 Harbour Road, Southampton",
        since="2019-07-11",
        officers=[director(human("Nadia/Coppergate", "1984-04", title="Ms"), "2019-07-11")],
        owners=[owner(ABSENT, "2019-07-11", holds=("significant-influence-or-control",), home=True)],
        decides=["Nadia Coppergate", "Evander Brightwell-Moss"],
    ),
    company(
        "one human directs several companies under one officer id: the first of two",
        "09960812", "FENNIMORE CARE HOMES LTD", sic="87300", at="1 Cedar Grove, Bournemouth", since="2016-01-20",
        officers=[director(SERIAL, "2016-01-20")], owners=[owner(SERIAL)],
        decides=["Marguerite Odile Fennimore"],
    ),
    company(
        "one human directs several companies under one officer id: the second of two, where others own",
        "13055127", "CEDAR GROVE CHILDCARE LTD", sic="88910", at="1 Cedar Grove, Bournemouth", since="2020-12-01",
        officers=[director(SERIAL, "2021-02-01"), director(HIRED, "2020-12-01", "2021-02-01")],
        owners=[owner(WIFE, "2020-12-01")],
        decides=["Marguerite Odile Fennimore", "Delphine Lambspring"],
    ),
    company(
        "the wife is secretary, which does not decide, and owner, which does",
        "03344561", "LAMBSPRING MOTORS LIMITED", sic="45200", at="55 Station Road, Taunton", since="1997-04-03",
        officers=[director(SPOUSE, "1997-04-03"), secretary(WIFE, "1997-04-03")],
        owners=[owner(SPOUSE, holds="50-to-75"), owner(WIFE, holds="25-to-50")],
        decides=["Hector Lambspring", "Delphine Lambspring"],
    ),
    company(
        "one human twice among the officers: director and secretary",
        "06118240", "WITHYCOMBE-HALE SURVEYORS LIMITED", sic="74902", at="9 Guildhall Yard, Exeter",
        since="2007-02-19",
        officers=[director(BOTH, "2007-02-19"), secretary(BOTH, "2007-02-19")], owners=[owner(BOTH)],
        decides=["Ambrose Withycombe-Hale"],
    ),
    company(
        "resigned years ago and appointed again since: the older line does not count",
        "07355909", "GARROWAY OUTDOOR LTD", sic="47640", at="31 Bank Street, Lancaster", since="2010-08-24",
        officers=[director(BACK, "2010-08-24", "2017-03-31"), director(BACK, "2021-05-04")],
        owners=[owner(BACK, until="2017-03-31"), owner(BACK, "2021-05-04")],
        decides=["Tobias Finn Garroway"],
    ),
    company(
        "resigned as director but remains the owner, so still decides",
        "02209914", "ESCRITT-DALE PRINTERS LIMITED", sic="18129", at="Press House, Bradford", since="1987-12-29",
        officers=[director(STAYS, "1996-01-02", "2022-12-31"), director(NEXT, "2022-12-31")], owners=[owner(STAYS)],
        decides=["Imogen Varley-Stokes", "Rowland Escritt-Dale"],
    ),
    company(
        "appointed before 1992: the day is not known, only that it was before",
        "00912377", "DUNCHESTER BOATYARD LIMITED", sic="30120", at="The Hard, Portsmouth", since="1967-08-02",
        accounts={"type": "total-exemption-full", "made_up_to": -400, "next_due": 200},
        officers=[director(OLD, before="1991-12-31"), secretary(OLD, before="1991-12-31")], owners=[owner(OLD)],
        decides=["Humphrey Miles Dunchester"],
    ),
    company(
        "two unrelated directors of one name and different births; one owns",
        "14207715", "BLACKTHORNE & BLACKTHORNE SECURITY LTD", sic="80100", at="Suite 12 Arc Way, Manchester",
        since="2022-07-01",
        officers=[director(MARCH, "2022-07-01"), director(APRIL, "2023-01-09")],
        owners=[owner(MARCH, "2022-07-01")],
        decides=["Owen Blackthorne", "Owen Blackthorne"],
    ),
    company(
        "the former wife has gone, the present one has nearly her name and birthday month",
        "04913020", "FARROWMERE HOTELS LIMITED", sic="55100", at="2 Promenade, Brighton", since="2003-09-26",
        officers=[director(FARROW, "2003-09-26"), director(EX, "2003-09-26", "2015-02-01"),
                  director(NEW_WIFE, "2018-06-01")],
        owners=[owner(FARROW)],
        decides=["Gideon Farrowmere", "Lucy Farrowmere"],
    ),
)  # fmt: skip
