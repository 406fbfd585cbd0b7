"""One human, two ways of writing: names that the two lists spell otherwise, and names that are hard to read."""

from __future__ import annotations

from leadgen_sandbox.world.hand.dsl import Hand, as_, company, director, human, owner, secretary

CHLOE = human("Chloë Hélène/Vautrinel", "1982-07", title="Ms", nationality="French")
ANNE = human("Anne-Marie/Castle-Thornby", "1970-01", title="Mrs")
ROSALIND = human("Rosalind/Whitbeck-Orr", "1978-05", title="Mrs")
HARRIET = human("Harriet Jane/Ollerenby", "1986-11", title="Mrs")
INITIALS = human("Jocelyn Percival/Strathearly", "1954-02")
OTTOLINE = human("Ottoline/Wrexmoor", "1949-09", title="Professor", honours="OBE")
WILLIAM = human("William Henry/Cobblestead", "1961-03")
PETER = human("John Peter Aldous/Thackerby", "1966-06")
THREE = human("Svetlana/Korrigan-Mayne", "1975-10", title="Ms")
UNDATED = human("Cuthbert/Ravenglassen", "1947-05")
SINGLE = human("/Thandolwethu", "1990-01", title="Ms", nationality="South African")
SWAPPED = human("Minh Quan/Trangdao", "1988-08", nationality="Vietnamese")
SPANISH = human("Iñigo/Arozarena Villamor", "1979-12", nationality="Spanish")
MACKENZIE = human("Fergus/MacAuchterlony", "1968-04")
OMARA = human("Sinéad/O'Mullarkin", "1972-02", title="Ms", nationality="Irish")
DUTCH = human("Willem/van der Elzenbroek", "1963-07", nationality="Dutch")
SLIP = human("Thaddeus/Harbourwright", "1981-09")
MONTH = human("Beatrix Anne/Summersgill-Foy", "1974-04", title="Mrs")
PEER = human("/Aldermoor", "1944-12", title="Lord")
LONG = human("Maximilian Augustus Ferdinand Leopold/Fitzwarren-Delacroix", "1957-01")
BANKS = human("Young/Banks", "1985-05")
CHURCH = human("Grace/Church", "1971-09", title="Mrs")
TRUST = human("Constance/Trust", "1952-03", title="Mrs")
HOLDING = human("Penny Field/Holdings", "1980-12", title="Ms")
LAW = human("Law/Partners", "1969-11")
RHYS = human("Rhys/ap Gruffydd-Wyn", "1977-03")
AMARA = human("Amara Ngozi/Okwuchukwu", "1989-02", title="Dr", nationality="Nigerian")
LOWER = human("Dominic/Staveleigh", "1983-01")

COMPANIES: tuple[Hand, ...] = (
    company(
        "accents: the PSC list writes the name without them",
        "10995513", "VAUTRINEL PATISSERIE LTD", sic="56102 10710", at="19 Regent Row, Bath", since="2017-10-04",
        officers=[director(CHLOE, "2017-10-04")],
        owners=[owner(as_(CHLOE, "Chloe Helene/Vautrinel"), "2017-10-04")],
        decides=["Chloë Hélène Vautrinel"],
    ),
    company(
        "hyphens: the PSC list has blanks instead, in forename and surname",
        "08809142", "CASTLE-THORNBY INTERIORS LIMITED", sic="47599", at="4 Minster Yard, York", since="2013-12-10",
        officers=[director(ANNE, "2013-12-10")],
        owners=[owner(as_(ANNE, "Anne Marie/Castle Thornby"))],
        decides=["Anne-Marie Castle-Thornby"],
    ),
    company(
        "the maiden name is half of a double surname in one list and a middle name in the other",
        "07640288", "WHITBECK PHYSIOTHERAPY LTD", sic="86900", at="61 Priory Street, Lincoln", since="2011-05-19",
        officers=[director(as_(ROSALIND, "Rosalind Orr/Whitbeck"), "2011-05-19")], owners=[owner(ROSALIND)],
        decides=["Rosalind Whitbeck-Orr"],
    ),
    company(
        "married since: the PSC list still has her surname at birth",
        "11340675", "OLLERENBY TUTORS LTD", sic="85600", at="20 Chapel Lane, Stockport", since="2018-05-02",
        officers=[director(HARRIET, "2018-05-02")],
        owners=[owner(as_(HARRIET, "Harriet Jane/Pickersdale", title="Miss"), "2018-05-02")],
        decides=["Harriet Jane Ollerenby"],
    ),
    company(
        "initials only in the PSC list",
        "02550031", "STRATHEARLY WINES LIMITED", sic="46342", at="8 Quayside, Ipswich", since="1990-10-19",
        officers=[director(INITIALS, "1992-10-19")],
        owners=[owner(as_(INITIALS, "J P/Strathearly"))],
        decides=["Jocelyn Percival Strathearly"],
    ),
    company(
        "a title and honours, typed into the name fields of the PSC list",
        "06781450", "WREXMOOR RESEARCH LIMITED", sic="72190", at="Innovation House, Cambridge", since="2009-01-02",
        officers=[director(OTTOLINE, "2009-01-02")],
        owners=[owner(as_(OTTOLINE, "Professor~Ottoline/Wrexmoor Obe", title=None, honours=None))],
        decides=["Ottoline Wrexmoor"],
    ),
    company(
        "Bill in one list, William Henry in the other",
        "03980124", "COBBLESTEAD BUILDERS LIMITED", sic="41202", at="Yard 2 Canal Street, Stoke-on-Trent",
        since="2000-04-26",
        officers=[director(WILLIAM, "2000-04-26")],
        owners=[owner(as_(WILLIAM, "Bill/Cobblestead"))],
        decides=["William Henry Cobblestead"],
    ),
    company(
        "goes by his middle name: Peter in the PSC list",
        "05507781", "THACKERBY ENGINEERING LIMITED", sic="25620", at="Unit 9 Foundry Way, Huddersfield",
        since="2005-07-13",
        officers=[director(PETER, "2005-07-13")],
        owners=[owner(as_(PETER, "Peter/Thackerby"))],
        decides=["John Peter Aldous Thackerby"],
    ),
    company(
        "one human under three officer ids: two former appointments, one present",
        "09102836", "KORRIGAN-MAYNE TRANSLATIONS LTD", sic="74300", at="118 Goldsmith Row, London",
        since="2014-06-26",
        officers=[director(as_(THREE, "Svetlana/Korrigan"), "2014-06-26", "2015-01-31", officer="2"),
                  director(as_(THREE, "Svetlana V/Mayne"), "2016-03-01", "2018-08-31", officer="3"),
                  director(THREE, "2019-02-01")],
        owners=[owner(THREE)],
        decides=["Svetlana Korrigan-Mayne"],
    ),
    company(
        "a director without a date of birth, who owns with one",
        "01340892", "RAVENGLASSEN FARMS LIMITED", sic="01500", at="Fell End, Lancaster", since="1977-11-23",
        officers=[director(as_(UNDATED, born=None), "1993-01-01")], owners=[owner(UNDATED)],
        decides=["Cuthbert Ravenglassen"],
    ),
    company(
        "a human with one name only, so no comma in the list of officers",
        "15430077", "THANDOLWETHU TEXTILES LTD", sic="13923", at="40 Weavers Court, Leicester", since="2024-01-22",
        officers=[director(SINGLE, "2024-01-22")], owners=[owner(SINGLE, "2024-01-22")],
        decides=["Thandolwethu"],
    ),
    company(
        "forename and surname change places between the lists",
        "13877021", "TRANGDAO NAILS LTD", sic="96020", at="5 Bridge Street, Warrington", since="2022-01-27",
        officers=[director(SWAPPED, "2022-01-27")],
        owners=[owner(as_(SWAPPED, "Trangdao Minh/Quan"), "2022-01-27")],
        decides=["Minh Quan Trangdao"],
    ),
    company(
        "two Spanish surnames, of which the PSC list keeps the first",
        "12640090", "AROZARENA IMPORTS LTD", sic="46390", at="77 Dock Street, Kingston upon Hull", since="2020-06-04",
        officers=[director(SPANISH, "2020-06-04")],
        owners=[owner(as_(SPANISH, "Inigo/Arozarena"), "2020-06-04")],
        decides=["Iñigo Arozarena Villamor"],
    ),
    company(
        "Mac with a capital, a blank or neither",
        "SC404417", "MACAUCHTERLONY DRAINAGE LIMITED", sic="37000", at="12 Brae Road, Perth", since="2011-07-29",
        officers=[director(MACKENZIE, "2011-07-29")],
        owners=[owner(as_(MACKENZIE, "Fergus/Mac Auchterlony"))],
        decides=["Fergus MacAuchterlony"],
    ),
    company(
        "O' with a blank, the accent lost, the surname in capitals",
        "NI611508", "O'MULLARKIN CARPETS LTD", sic="43330", at="6 Linen Row, Newry", since="2012-03-07",
        officers=[director(OMARA, "2012-03-07")],
        owners=[owner(as_(OMARA, "Sinead/O MULLARKIN"))],
        decides=["Sinéad O'Mullarkin"],
    ),
    company(
        "a particle that wanders: van der stands among the middle names in the PSC list",
        "10231184", "ELZENBROEK FLOWERS LTD", sic="46220", at="Glasshouse 3, Peterborough", since="2016-06-14",
        officers=[director(DUTCH, "2016-06-14")],
        owners=[owner(as_(DUTCH, "Willem Van Der/Elzenbroek"), "2016-06-14")],
        decides=["Willem van der Elzenbroek"],
    ),
    company(
        "one letter wrong in the PSC list, the month of birth right",
        "09724410", "HARBOURWRIGHT MARINE LTD", sic="33150", at="Slipway, Plymouth", since="2015-08-10",
        officers=[director(SLIP, "2015-08-10")],
        owners=[owner(as_(SLIP, "Thaddeus/Harbourwrigth"))],
        decides=["Thaddeus Harbourwright"],
    ),
    company(
        "the name is the same, the month of birth is not",
        "08016623", "SUMMERSGILL-FOY EVENTS LTD", sic="82301", at="22 Castle Street, Guildford", since="2012-03-30",
        officers=[director(MONTH, "2012-03-30")],
        owners=[owner(as_(MONTH, born="1974-05"))],
        decides=["Beatrix Anne Summersgill-Foy"],
    ),
    company(
        "a peer: a title and one name",
        "04330915", "ALDERMOOR ESTATES LIMITED", sic="68209", at="Estate Office, Salisbury", since="2001-11-29",
        officers=[director(PEER, "2001-11-29")],
        owners=[owner(PEER, holds=("ownership-of-shares-75-to-100-percent-as-trust",))],
        decides=["Aldermoor"],
    ),
    company(
        "five names, of which the PSC list has two",
        "07021186", "FITZWARREN CAPITAL LIMITED", sic="64999", at="1 Poultry Court, London", since="2009-09-17",
        accounts={"type": "full", "made_up_to": -200, "next_due": 400},
        officers=[director(LONG, "2009-09-17")],
        owners=[owner(as_(LONG, "Max/Fitzwarren-Delacroix"))],
        decides=["Maximilian Augustus Ferdinand Leopold Fitzwarren-Delacroix"],
    ),
    company(
        "people whose names read like firms: Young Banks, Grace Church",
        "11918034", "YOUNG BANKS & GRACE CHURCH LTD", sic="73110", at="Floor 2 Wharf Street, Leeds",
        since="2019-03-28",
        officers=[director(BANKS, "2019-03-28"), director(CHURCH, "2019-03-28")],
        owners=[owner(BANKS, "2019-03-28", holds="25-to-50"), owner(CHURCH, "2019-03-28", holds="25-to-50")],
        decides=["Young Banks", "Grace Church"],
    ),
    company(
        "people whose surnames are legal words: Trust, Holdings, Partners",
        "06394557", "LANTERN ROW MUSEUM SERVICES LIMITED", sic="91020", at="Lantern Row, Durham",
        since="2007-10-10",
        officers=[director(TRUST, "2007-10-10"), director(HOLDING, "2014-01-01"), secretary(LAW, "2007-10-10")],
        owners=[owner(LAW, holds="25-to-50"), owner(TRUST, holds="25-to-50")],
        decides=["Constance Trust", "Penny Field Holdings", "Law Partners"],
    ),
    company(
        "a Welsh patronymic with a small word inside",
        "08620445", "GRUFFYDD-WYN SCAFFOLDING LTD", sic="43991", at="3 Heol Fawr, Llanelli", since="2013-07-23",
        officers=[director(RHYS, "2013-07-23")],
        owners=[owner(as_(RHYS, "Rhys Ap/Gruffydd Wyn"))],
        decides=["Rhys ap Gruffydd-Wyn"],
    ),
    company(
        "a doctor: the title is appended to the name in one list and stands first in the other",
        "12155670", "OKWUCHUKWU DENTAL LTD", sic="86230", at="90 High Street, Croydon", since="2019-08-14",
        officers=[director(AMARA, "2019-08-14")],
        owners=[owner(as_(AMARA, "Amara N/Okwuchukwu"), "2019-08-14")],
        decides=["Amara Ngozi Okwuchukwu"],
    ),
    company(
        "typed in small letters in the PSC list",
        "14918226", "STAVELEIGH SOFTWARE LTD", sic="62012", at="Unit 1 Kiln Lane, Reading", since="2023-06-06",
        officers=[director(LOWER, "2023-06-06")],
        owners=[owner(as_(LOWER, "dominic/staveleigh"), "2023-06-06")],
        decides=["Dominic Staveleigh"],
    ),
)  # fmt: skip
