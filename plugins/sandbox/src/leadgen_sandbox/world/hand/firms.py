"""Companies and firms among officers and owners: chains, nominees, parents abroad, names that read like people."""

from __future__ import annotations

from leadgen_sandbox.world.hand.dsl import (
    Hand,
    as_,
    body,
    company,
    corporate,
    director,
    firm_owner,
    human,
    misfiled,
    owner,
    seat,
    secretary,
)

AGENT = human("Clement Rufus/Hindlewick", "1958-08", occupation="Formation Agent")
FREYA = human("Freya Linnet/Oxmantle", "1987-07", title="Miss")
GODWIN = human("Godwin/Palfreyman-Tull", "1965-11")
SABLE = human("Sable Ann/Kirkhallow", "1976-06", title="Ms")
ANSELM = human("Anselm/Verderbrook", "1960-04")
THORA = human("Thora/Nightingale-Pugh", "1969-09", title="Mrs")
ISOLDE = human("Isolde/Merriwick", "1992-03", title="Ms")
LUCIAN = human("Lucian Guy/Harpswell", "1971-12")
TAMSIN = human("Tamsin/Rookholme", "1984-10", title="Mrs")
BASIL = human("Basil/Cornforthe", "1959-02")

NOMINEES = body("Hindlewick Secretaries Limited", "03918277", place_registered="England And Wales")
TOP = body("KIRKHALLOW GROUP LIMITED", "04417203", place_registered="England And Wales", country_registered="England")
MIDDLE = body("Kirkhallow Holdings Ltd", "5521904", place_registered="England & Wales")
OVERSEAS = body(
    "Norddeich Beteiligungs GmbH", "HRB 77120", identification_type="eea", legal_authority="German Law",
    place_registered="Amtsgericht Aurich", country_registered="Germany",
)  # fmt: skip
CAYMAN = body("Sandpiper Cay Ventures", None, identification_type="non-eea", legal_authority="Cayman Islands Law")
PERSONAL = {"identification_type": None, "legal_form": None, "legal_authority": None}
FIRM = {"identification_type": "other-corporate-body-or-firm", "legal_form": "Partnership"}

COMPANIES: tuple[Hand, ...] = (
    company(
        "a company is director beside one human",
        "07128845", "OXMANTLE LOGISTICS LIMITED", sic="53202", at="Gate 3 Ring Road, Coventry", since="2010-01-18",
        officers=[director(FREYA, "2015-01-18"), corporate("director", MIDDLE, "2010-01-18")],
        owners=[firm_owner(MIDDLE)],
        decides=["Freya Linnet Oxmantle"],
    ),
    company(
        "chain of corporate directors, top: the only human of three companies",
        "04417203", "KIRKHALLOW GROUP LIMITED", sic="64209", at="Kirkhallow House, Sheffield", since="2002-04-15",
        accounts={"type": "group", "made_up_to": -250, "next_due": 380},
        officers=[director(SABLE, "2002-04-15"), corporate("secretary", NOMINEES, "2002-04-15")],
        owners=[owner(SABLE)],
        decides=["Sable Ann Kirkhallow"],
    ),
    company(
        "chain of corporate directors, middle: run and owned by a company, no human listed",
        "05521904", "KIRKHALLOW HOLDINGS LIMITED", sic="64209", at="Kirkhallow House, Sheffield",
        since="2005-07-28",
        officers=[corporate("director", TOP, "2005-07-28")], owners=[firm_owner(TOP)],
        decides=[],
    ),
    company(
        "chain of corporate directors, bottom: its owner's number has lost a zero, no human listed",
        "06270018", "KIRKHALLOW TOOLS LIMITED", sic="46620", at="Kirkhallow House, Sheffield", since="2007-06-05",
        officers=[corporate("director", MIDDLE, "2007-06-05")], owners=[firm_owner(MIDDLE)],
        decides=[],
    ),
    company(
        "a company under the role of a human director, with its identification",
        "08455012", "PALFREYMAN WAREHOUSING LTD", sic="52103", at="Shed 6 Dock Road, Liverpool",
        since="2013-03-21",
        officers=[director(GODWIN, "2013-03-21"),
                  director(body("Tull Storage Partners", "OC371902", **FIRM), "2016-05-01")],
        owners=[owner(GODWIN)],
        decides=["Godwin Palfreyman-Tull"],
    ),
    company(
        "a firm without a legal suffix under the role of a human director, without identification",
        "03701994", "VERDERBROOK PROPERTIES LIMITED", sic="68100", at="17 Abbey Street, Chester",
        since="1999-01-26",
        officers=[director(ANSELM, "1999-01-26"), director(body("Thornbury & Partners", **PERSONAL), "2001-03-01")],
        owners=[owner(ANSELM)],
        decides=["Anselm Verderbrook"],
    ),
    company(
        "a firm whose name reads like two surnames of people, as secretary under a human's role",
        "02766120", "NIGHTINGALE-PUGH TRAVEL LIMITED", sic="79110", at="33 Parade, Worcester", since="1992-11-20",
        officers=[director(THORA, "1992-11-20"), secretary(body("Granthorpe Thistleton", **PERSONAL), "1992-11-20")],
        owners=[owner(THORA)],
        decides=["Thora Nightingale-Pugh"],
    ),
    company(
        "a firm named exactly like a human, under a human's role, told apart by its identification",
        "10708823", "MERRIWICK CLOTHING LTD", sic="47710", at="12 Arcade, Nottingham", since="2017-04-04",
        officers=[director(ISOLDE, "2017-04-04"),
                  director(body("John Lewthwaite", "07730114", **FIRM), "2019-10-01")],
        owners=[owner(ISOLDE, "2017-04-04")],
        decides=["Isolde Merriwick"],
    ),
    company(
        "formed by an agent who resigned the same day; the nominee secretary has gone too",
        "12870055", "HARPSWELL STAFFING LTD", sic="78200", at="Desk 40 Kiln Street, Birmingham",
        since="2020-09-10",
        officers=[director(AGENT, "2020-09-10", "2020-09-10"),
                  corporate("nominee-secretary", NOMINEES, "2020-09-10", "2020-09-10"),
                  director(LUCIAN, "2020-09-10")],
        owners=[owner(AGENT, "2020-09-10", "2020-09-10"), owner(LUCIAN, "2020-09-10")],
        decides=["Lucian Guy Harpswell"],
    ),
    company(
        "formation agent as nominee: human nominees still stand in the list, which decide nothing",
        "03118846", "ROOKHOLME NOMINEES LIMITED", sic="74990", at="Desk 40 Kiln Street, Birmingham",
        since="1995-10-25", accounts={"type": "dormant", "made_up_to": -330, "next_due": 300},
        officers=[seat("nominee-director", AGENT, "1995-10-25"), seat("nominee-secretary", AGENT, "1995-10-25"),
                  corporate("nominee-secretary", NOMINEES, "1995-10-25"), director(TAMSIN, "2009-02-02")],
        owners=[owner(TAMSIN)],
        decides=["Tamsin Rookholme"],
    ),
    company(
        "owned by a parent in Germany; its managing director is the only human",
        "11093400", "NORDDEICH UK LIMITED", sic="46690", at="Unit 2 Estuary Park, Southampton",
        since="2017-12-04", accounts={"type": "small", "made_up_to": -30 * 13, "next_due": 150},
        officers=[director(human("Heiko/Osterkamp-Lüders", "1970-05", nationality="German", residence="Germany"),
                           "2017-12-04")],
        owners=[firm_owner(OVERSEAS, "2017-12-04")],
        decides=["Heiko Osterkamp-Lüders"],
    ),
    company(
        "corporate director from the Caymans without number or suffix; no human at all",
        "06540173", "SANDPIPER CAY PROPERTIES LIMITED", sic="68209", at="PO Box Lane, London", since="2008-03-20",
        officers=[corporate("director", CAYMAN, "2008-03-20")], owners=[firm_owner(CAYMAN)],
        decides=[],
    ),
    company(
        "the owner's number is typed freely: a small letter, a blank",
        "SC482260", "CORNFORTHE DISTILLERS LIMITED", sic="11010", at="Stillhouse, Inverness", since="2014-07-15",
        officers=[director(BASIL, "2014-07-15")],
        owners=[firm_owner(body("Cornforthe Holdings Limited", "Sc 095731", place_registered="Companies House"))],
        decides=["Basil Cornforthe"],
    ),
    company(
        "a company filed as an individual PSC: its name stands as the surname",
        "13390218", "KESTRELMOOR TRADING LTD", sic="82990", at="6 Market Place, Ilford", since="2021-05-11",
        officers=[director(human("Omar/Haddaway-Singh", "1990-08"), "2021-05-11")],
        owners=[owner(misfiled("Kestrelmoor Holdings Limited"), "2021-05-11")],
        decides=["Omar Haddaway-Singh"],
    ),
    company(
        "a council owns it: a legal person",
        "09877651", "TARNSIDE LEISURE LIMITED", sic="93110", at="Civic Centre, Preston", since="2015-11-19",
        officers=[director(human("Philippa/Gathercole-Ames", "1963-10", title="Cllr"), "2019-05-20"),
                  director(human("Edmund/Brackley-Shore", "1957-02", title="Cllr"), "2015-11-19", "2023-05-18")],
        owners=[owner(body("Tarnside Borough Council", identification_type=None, legal_form="Local Authority",
                           legal_authority="Local Government Act 1972"),
                      kind="legal-person-person-with-significant-control")],
        decides=["Philippa Gathercole-Ames"],
    ),
    company(
        "trustees own: a trust corporation without a suffix, and one human as trustee",
        "05873309", "GATEHOUSE FIELD VETS LIMITED", sic="75000", at="Gatehouse Field, Dorchester",
        since="2006-07-12",
        officers=[director(human("Rupert/Chilvers-Bane", "1967-07", title="Dr"), "2006-07-12")],
        owners=[firm_owner(body("Gatehouse Trust Corporation", None)),
                owner(human("Maud Estelle/Tiverne", "1946-06", title="Mrs"),
                      holds=("ownership-of-shares-25-to-50-percent-as-trust",))],
        decides=["Rupert Chilvers-Bane", "Maud Estelle Tiverne"],
    ),
    company(
        "the parent is named after its owner, who also owns the child himself under a shorter name",
        "10066734", "ASHLAR BENNETHORPE ARCHITECTS LTD", sic="71111", at="4 Crescent, Bath", since="2016-03-16",
        officers=[director(human("Ashlar George/Bennethorpe", "1975-02"), "2016-03-16")],
        owners=[firm_owner(body("Ashlar Bennethorpe", "09921177", **FIRM)),
                owner(as_(human("Ashlar George/Bennethorpe", "1975-02"), "Ashlar/Bennethorpe"), holds="25-to-50")],
        decides=["Ashlar George Bennethorpe"],
    ),
)  # fmt: skip
