"""Words that tell a body from a human, in folded form (see :func:`leadgen_identity.text.fold`)."""

from __future__ import annotations

from leadgen_identity.text import word_set

__all__ = [
    "BODY_WORDS",
    "ENDINGS",
    "FIRST_WORDS",
    "FUNCTION_WORDS",
    "LEGAL_FORMS",
    "NEVER_SURNAMES",
    "SHORT_LEGAL_FORMS",
    "SURNAMES_TOO",
]

LEGAL_FORMS = word_set(
    """
    limited limted limitied ltd plc llp lllp unlimited cyf cyfyngedig cyhoeddus ccc cbc clg teoranta gmbh
    ggmbh mbh kgaa ohg inc incorporated corp corporation llc pllc pty pte bhd sdn pvt srl eurl bvba sprl oyj spzoo sro
    oao pjsc ojsc kft zrt eood gesellschaft aktiengesellschaft societe anonyme sociedad limitada societas
    """
)
"""No human has one of these for a name, so they decide even against a date of birth."""

SHORT_LEGAL_FORMS = word_set(
    """
    sa ag kg ab as se sl lp nv bv cv oy kk ug sca sas spa snc aps asa doo ooo ead dac pac cic cio scio raic zao
    sarl ltda pc
    """
)
"""Legal forms that are names or initials too (Sá, Asa, Čić): they count as the last word, and in capitals."""

NEVER_SURNAMES = word_set(
    """
    nominees nominee trustees trusteeship secretaries secretarial registrars holdings investments ventures
    enterprises services solutions systems technologies partnership partnerships consultants consultancy
    consulting associates developments properties estates management ymddiriedolaeth cwmni directorships directors
    administrators fiduciary fiduciaries custodians company companies group trust trusts council partners association
    society foundation charity
    """
)
"""Words of bodies that are no surname either, so they decide in ``NOMINEES, Acme`` too."""

_KINDS = word_set(
    """
    abbey academy adventist afc africa agencies agency agent agents alliance allotment allotments america animal
    animals appeal army asia assembly assn assoc association associations athletic australia authority autism band
    baptist basilica battalion blind board branch branches britain britannia brotherhood bureau cadets campaign
    campaigns cancer cathedral catholic caucus center centers centre centres chamber chapel chapter charitable
    charity children choir church citizens clinic clinics club clubs co coalition college commission commissioners
    committee communities community confederation congregation congress conservative conservatives
    conservativesunionist consortium constituencies constituency consulate convent coop cooperative cos council
    councils court courts cricketers cu cymdeithas cymru cyngor deaf delegation dem democracy democrat democratic
    democrats dems department dept diabetes diocese disabled disease division eglwys elderly elementary embassy
    ensemble episcopal europe evangelical exchange exterminators fam fc federation federations fellowship force
    forces forum foundation fraternity freedom freemasons friends fund funds future government grammar guides
    guild habitat headquarters heart high holding hospice hospital hounds hq implement implements independents
    index initiative initiatives inquiry inspectorate institute institutes institution intelligence investment
    kidney kindergarten labour lancashire league legion lib liberal liberals liberty lodge lodges london lutheran
    magistrates market marketplace markets masonic mayoral meeting meetings memorial men methodist metropolitan
    midlands ministries ministry mission momentum monastery mosque movement municipal mutual navy network networks
    nhs office offices ombudsman operations operators orchestra order orthodox oversea pac packers parish
    parliament parliamentary partners party pentecostal plaid players policy politics practice practices
    presbyterian primary prison probation progress progressive provident realties referendum reform regiment
    registry regulator republican republicans rescue residents rfc rotary rovers scheme schemes school schools
    scotland scouts secondary secretariat seniors shelter sisterhood socialist societies society solidarity squad
    standards surgery synagogue syndicate syndicates system tank taskforce temple tenants think thinktank tories
    tory tote tracker treasury tribunal troupe trust trustee trusts ukip undeb union unionist unionists unions
    university users veterans victory vision volunteers vote wanderers wildlife women yorkshire youth ysgol
    """
)

_TRADES = word_set(
    """
    accountancy accountants accounting action advertising advisers advisors advisory aerospace affiliates
    agricultural agriculture aid airlines airport airports airways alarm alarms american amusements analytics
    apartments apparel arcade architects architecture archive archives arena arts asphalt asset assets assurance
    assurances attorneys auctioneers auctions auto automotive autos aviation awards bakeries bakers bakery
    ballroom bancorp bank banking bar bars bathrooms beauty bedding beds benefit benefits betting bicycles bikes
    bingo biotech bloodstock bmw boats bookmakers books borough bottles bowl brand brands breweries brewery
    brewing brick bricks british broadband broadcast broadcasters broadcasting broker brokerage brokers bros
    brother brothers build builders building buildings buses butchers cable cafe capital cardiology cards care
    carpets cars casino casting castings caterers catering cement central ceramics chambers cheese chemical
    chemicals chevrolet chocolate cinema cinemas city cleaners cleaning clothing coaches coatings coffee collision
    communications components computer computers computing concepts concrete condominium condominiums conference
    connect conservation construction constructions contracting contractors contracts cosmetics country
    countryside county couriers creations creative credit cricket cruises curtains dairies dairy data daughters
    dealers dealership deli dental dentistry dentists depot design designs digital diner direct distillery
    distribution distributors district docks dockyard doors drinks drywall earth eastern education educational
    electric electrical electricity electronics employees employment energy engineer engineering engineers english
    entertainment environment environmental equipment equities equity escrow estate european events executors
    exhibition exhibitions export exports express fabrication fabrics family farm farmers farming farms fashion
    fashions federal feed fencing festival fibre film films finance financial finishes fire firefighters fisheries
    fitness fixings flooring florist flowers food foods football footwear ford foundry freight freightways fuel
    fuels fundraising furniture gallery games gaming garage garages gardening gardens gas gb general gifts glass
    glassworks glazing global golf grain granite greengrocers greenhouse greenhouses grill groceries grocery
    groups gym hair harbor harbour hardware haulage health healthcare heating heirs heritage hire holiday holidays
    home homes honda hotel hotels house houses housing  hyundai ideas import imports industrial industries
    industry inn innovation innovations inns installations instruments insurance interiors international internet
    intl irish ironmongers jaguar jewellers jewelry joinery kennels kingdom kitchens kitchenware knitwear lab
    label labels laboratories laboratory labs land landscapes landscaping lanes lasers laundry law lawyers
    learning lease leasing legal leisure lettings libraries library lighting limousine limousines liquidators
    liquors llcs local logistics lotteries lottery lounge lumber machine machinery machines magazine magnets
    maintenance mall manufacturer manufacturers manufacturing marble marina marketing  mazda meat meats
    media medical medicine mercedes merchants metal metals milling mills minerals mining mirrors mobile mortgage
    mortgages motor motorcycles motors mufflers museum music nation national nations news newspapers nightclub
    nissan northern notaries nurseries nursery nurses nursing oil online operatives optical opticians orchards
    orthopaedic orthopedic outlet overseas packaging paint paints panels paper papers parcels parts paving payroll
    pediatric pediatrics pension pensioners pensions personnel petfoods petroleum pets peugeot pharma
    pharmaceutical pharmaceuticals pharmacy photographers photographic photography physicians pictures pizza
    pizzas plant plants plastics plating plaza plumbing plus police policing political pool pools port poultry
    power premier press print printers printing produce product production productions products program programme
    programmes project projects promotions property provisions pub publications publishing pubs quarries
    racecourse racing radio radiology rail railway railways ranch realtor realtors realty records recruiting
    recruitment recycling region regional rehearsal relief removals renault rental rentals repair repairs
    reproductions republic research residential resources restaurant restaurants retail retirement rights roofing
    royal rugby sales salon saloon sandwiches satellite scaffolders scaffolding science sciences scientific
    scottish seafood seating securities security seeds sensors sheraton shipbuilders shipping shipyard shoes shop
    shops signs sisters software solicitors son sons southern souvenirs spirits sponsorship sport sporting sports
    stables stadium staffing state stationery steel stone stoneworks storage store stores strategic strategies
    strategy stud studio studios subsidiaries suites supermarket supermarkets suppliers supplies supply supporters
    surgeons surveyors tavern tax taxi taxis teachers tech technology telecom telecommunications telecoms
    television tennis terminal textile textiles theater theatre theatres therapeutics therapy tile tiles timber
    tooling tools tourism tours tower towers towing town townhomes toyota toys trade traders trading trailers
    training trains transmission transmissions transport transportation travel truck trucking trucks tutors tv
    tyre tyres uk uniforms united universal upholstery usa utilities utility vacations valley valuers vauxhall
    vehicles vending ventilation veterinary vets village vineyard vineyards volkswagen volvo waste water wealth
    web websites welding welfare wellness welsh western wharf wholesale windows wines wire wireless workers
    workshop workshops world worldwide yachts yarns
    """
)

# From the descriptions of the register's activity codes (SIC), where they are no names.
_ACTIVITIES = word_set(
    """
    accessories accommodation activities administration administrative aggregates agrochemicals aids aircraft
    aluminium ammunition antiques apparatus appliances aquaculture architectural attractions audio automobiles
    barristers bathroom batteries bearings beverage beverages biotechnology boilers bookbinding bookkeeping boots
    breakfast business businesses cabling cakes camping canteens caravan caravans cargo carpentry carpet cartons
    cereals chairs chemist chemists childcare cider clothes coal commercial commodities commodity communication
    conditioning confectionery consumer containers copper corrugated cosmetic cotton courier crops cutlery cycles
    demolition detergents development devices diamonds dispensing distillers domestic drainage drilling
    earthmoving eggs electronic employers engines entertainments excavation explosives extraction fabricated
    fabricators facilities factoring factory fasteners fertilisers fittings fixtures floors footcare forestry
    formwork fruit fruits funeral funerals furnishings generators glazed groundworks hairdressers hairdressing
    handbags handling haulier hauliers hosiery hostel hygiene industrials inspection installation insulation
    ironmongery jewels juice juices kitchen knitting laminates landscape laundrette learners leather lifts linen
    locksmiths logging machining mailing mattresses mechanical metallurgy metalwork military milk motels motoring
    natural nuclear nutrition oils operating organics organisation organisations organisers outfitters painting
    paperboard parking pastry patents payments performance perfumes pest pesticides pipelines plaster plastering
    platforms plywood polymers pottery powders precision preservation pressings professional professionals
    programming propagation provision public pumps racehorses recordings recovery recreation refining
    refrigeration rehabilitation reinsurance remediation renewables renovation renovations reproduction reserves
    restoration rubber safety sanitary sausages sawmill sawmills seafoods sewerage shopfitters shopfitting signage
    skincare social solar specialist specialists station stationers structural structures support surfaces survey
    surveying switchgear tanning taverns telegraph telephone telephones therapies tobacco toiletries topsoil
    tourist tractors translation translations treatment tunnels turbines underwriting unlimited upholsterers used
    valuation valves vegetables vehicle venues video visitor vocational volunteer warehouse warehousing weapons
    woodwork workwear zoo zoological
    """
)

BODY_WORDS = NEVER_SURNAMES | _KINDS | _TRADES | _ACTIVITIES
"""Words of bodies. Some are surnames too: see :data:`SURNAMES_TOO`."""

SURNAMES_TOO = word_set(
    """
    abbey agent alliance ambassador army band bank banker bar bond books building burns cable cathedral chambers
    chapel church city cotton country court credit cross dairy diamond doors england english farm farmer
    fellowship fire fisher flowers force ford forge forth frost fund garden gardens gates glass gold
    green guild hair hall hardware heart heritage high holiday home homes house houses hunt inn ireland irish
    justice king kingdom kitchen land lands law leather lodge london mall marine market markets mason mills
    mission moon motor music new noble north order page paint palmer parish park parliament partner party pastures
    peace pool pope port power press price prince print radio rail records rich rights rose royal sales scotland
    scouts security seed server sharp shield shop shops singer son south speed sport spring star state steel stone
    store street studio temple tiller tower towers town trade travel tree union village wall water waters way
    welsh wire wood wool world
    """
)
"""Words of bodies that humans bear as surnames: behind a common given name they do not speak of a body."""

FIRST_WORDS = word_set(
    """
    north south east west northeast northwest southeast southwest near new old great greater upper lower saint st
    one first second third next best kids all advance advanced modern national
    """
)
"""Words that begin the names of places and bodies, and no human's."""

FUNCTION_WORDS = word_set(
    """
    the of for to in on at by with from your our my all about into against between over under through within
    without is are be not you we us it its this that no dba etal
    """
)
"""Words of phrases, which names of humans do not hold."""

ENDINGS = (
    "tech", "tek", "soft", "software", "ware", "media", "works", "corp", "group", "pharm", "pharma", "chem",
    "tronics", "tronic", "nomics", "ology", "ologies", "graphics", "metrics", "dynamics", "tions", "ments", "ities",
    "istics", "ational", "power", "care", "gear", "fone", "services", "inc",
)  # fmt: skip
"""How made-up names of firms end and names of humans hardly do (words of six letters and more)."""
