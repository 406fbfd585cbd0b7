"""The PSC register's own oddities: protected, ceased, missing, too many, absurd dates."""

from __future__ import annotations

from leadgen_sandbox.world.draw import Draw
from leadgen_sandbox.world.hand.crowd import crowd
from leadgen_sandbox.world.hand.dsl import (
    Hand,
    company,
    director,
    human,
    owner,
    secretary,
    secure,
)

VERENA = human("Verena/Isherbrook", "1981-05", title="Ms")
MARLO = human("Marlo/Penhallurick-Gray", "1973-11")
OTTO, ELSPETH = human("Otto/Fairlamb-Reeve", "1949-12"), human("Elspeth/Fairlamb-Reeve", "1982-06", title="Ms")
CORIN = human("Corin/Daubeney-Locke", "1969-03")
WINIFRED = human("Winifred/Sallowfield", "1953-08", title="Mrs")
ALDOUS = human("Aldous/Pargeter-Stone", "1958-10")
MIRA = human("Mira/Thistlecroft", "1990-04", title="Miss")
SIMEON = human("Simeon/Oakenfull-Ray", "1965-01")
BRIDIE = human("Bridie/Larkmeadow", "1977-09", title="Mrs")
GONE, THERE = human("Ivor/Scaldwell", "1956-07"), human("Nell/Hathersedge", "1979-04", title="Ms")
HOLDERS = crowd(Draw("hand", "crowd of owners"), 131, "owners")

COMPANIES: tuple[Hand, ...] = (
    company(
        "the owner is protected (super-secure): nothing of them may be shown, the director is known",
        "11588102", "ISHERBROOK SHELTERS LTD", sic="88990", at="Suite 3 Park Row, Bristol", since="2018-09-25",
        officers=[director(VERENA, "2018-09-25")], owners=[secure()],
        decides=["Verena Isherbrook"],
    ),
    company(
        "a protected owner and an open one side by side",
        "09300177", "PENHALLURICK GRAY LAW LTD", sic="69102", at="Old Court, Exeter", since="2014-11-07",
        officers=[director(MARLO, "2014-11-07")], owners=[secure(), owner(MARLO, holds="25-to-50")],
        decides=["Marlo Penhallurick-Gray"],
    ),
    company(
        "the founder's control has ceased and his daughter's begun",
        "02340981", "FAIRLAMB-REEVE GLASS LIMITED", sic="43342", at="Glass Yard, Derby", since="1989-01-30",
        officers=[director(OTTO, "1992-01-30", "2020-03-31"), director(ELSPETH, "2010-06-01")],
        owners=[owner(OTTO, until="2020-03-31"), owner(ELSPETH, "2020-03-31")],
        decides=["Elspeth Fairlamb-Reeve"],
    ),
    company(
        "no PSC but a statement that there is none",
        "05960244", "DAUBENEY LOCKE & FIVE PARTNERS LIMITED", sic="69201", at="50 Corn Market, Derby",
        since="2006-10-09",
        officers=[director(CORIN, "2006-10-09"), director(BRIDIE, "2008-01-01")],
        statements=("no-individual-or-entity-with-signficant-control",),
        decides=["Corin Daubeney-Locke", "Bridie Larkmeadow"],
    ),
    company(
        "neither PSC nor statement: the register of control is empty and has no link",
        "08890341", "SALLOWFIELD LAUNDRY LTD", sic="96010", at="Wash House, Halifax", since="2014-02-12",
        officers=[director(WINIFRED, "2014-02-12")],
        decides=["Winifred Sallowfield"],
    ),
    company(
        "PSC only: the list of officers is empty",
        "14566120", "PARGETER STONE GYM LTD", sic="93130", at="Arch 9 Viaduct Street, Manchester",
        since="2023-01-03", owners=[owner(ALDOUS, "2023-01-03")],
        decides=["Aldous Pargeter-Stone"],
    ),
    company(
        "secretaries only: one human, who decides nothing",
        "03555098", "THISTLECROFT ALLOTMENTS LIMITED", sic="94990", at="The Sheds, Watford", since="1998-04-29",
        officers=[secretary(MIRA, "2019-04-29"), secretary(WINIFRED, "1998-04-29", "2019-04-29")],
        statements=("psc-details-not-confirmed",),
        decides=[],
    ),
    company(
        "131 people with significant control, over pages; one has ceased",
        "10330462", "HUNDRED OWNERS COMMUNITY ENERGY LIMITED", sic="35110", at="Mill House, Ludlow",
        since="2016-08-16",
        officers=[director(SIMEON, "2016-08-16")],
        owners=[*(owner(one, "2017-01-01", holds=("voting-rights-25-to-50-percent",)) for one in HOLDERS[:-1]),
                owner(HOLDERS[-1], "2017-01-01", "2021-01-01", holds=("voting-rights-25-to-50-percent",))],
        decides=["Simeon Oakenfull-Ray", *(f"{one.forename} {one.surname}" for one in HOLDERS[:-1])],
    ),
    company(
        "control that ceased before it was notified",
        "07884211", "LARKMEADOW CATERING LTD", sic="56210", at="2 Orchard Way, Maidstone", since="2011-12-15",
        officers=[director(BRIDIE, "2011-12-15")],
        owners=[owner(human("Ansel/Crabtree-Moone", "1970-10"), "2018-02-01", "2017-11-30"), owner(BRIDIE)],
        decides=["Bridie Larkmeadow"],
    ),
    company(
        "notified in the year 1016, by a slip of the keyboard",
        "05011789", "OAKENFULL RAY OPTICIANS LIMITED", sic="47782", at="71 High Street, Luton", since="2004-01-12",
        officers=[director(SIMEON, "2004-01-12")],
        owners=[owner(SIMEON, "1016-04-06", truly=("2016-04-06", None))],
        decides=["Simeon Oakenfull-Ray"],
    ),
    company(
        "one human notified twice: the band has changed, the first line has ceased",
        "11201567", "HATHERSEDGE CLIMBING LTD", sic="93199", at="Wall 1 Mill Street, Sheffield", since="2018-02-12",
        officers=[director(THERE, "2018-02-12")],
        owners=[owner(THERE, "2018-02-12", "2022-05-01", holds="50-to-75"),
                owner(THERE, "2022-05-01", holds="75-to-100")],
        decides=["Nell Hathersedge"],
    ),
    company(
        "sold two years ago: the former owner has resigned and never been ceased in the PSC list",
        "06905530", "SCALDWELL PLASTERING LIMITED", sic="43310", at="Works Lane, Blackburn", since="2009-05-14",
        officers=[director(GONE, "2009-05-14", "2024-01-31"), director(THERE, "2024-01-31")],
        owners=[owner(GONE, truly=("2016-04-06", "2024-01-31")), owner(THERE, "2024-01-31")],
        decides=["Nell Hathersedge"],
    ),
)  # fmt: skip
