"""How often what happens, each with its basis: a section of the register's dossier, or ``chosen``.

``BASE`` holds for every world; ``DISAGREEMENT`` is what the profile ``realistic`` adds. The README prints both as
tables, and a test compares. None of it comes from what any reader of the register can or cannot do.
"""

from __future__ import annotations

from attrs import frozen

__all__ = ["BASE", "DISAGREEMENT", "RATES", "Rate"]


@frozen
class Rate:
    """A share between 0 and 1, of what, and where it comes from."""

    value: float
    of: str
    basis: str = "chosen"


BASE: dict[str, Rate] = {
    "dissolved": Rate(0.218, "companies: have a date of cessation", "§1.6: 479 of 2,200"),
    "strike_off": Rate(0.04, "live companies: proposal to strike off"),
    "insolvent": Rate(0.022, "live companies: liquidation, administration, voluntary arrangement, receivership"),
    "closed": Rate(0.002, "companies: converted or closed"),
    "previous_name": Rate(0.11, "companies: have had another name"),
    "namesake_company": Rate(
        0.012, "companies: bear the name of another; one of the two is dissolved", "§1.6, searches"
    ),
    "family": Rate(0.34, "second and further directors: bear the surname of the first"),
    "namesake": Rate(0.25, "children of the first director's sex among them: bear the forename too"),
    "serial": Rate(0.05, "directors: sit on several boards of the world under one officer id"),
    "agent": Rate(0.14, "companies since 2000: formed by an agent who resigned the same day", "§2, Prod sample"),
    "corporate_secretary": Rate(0.03, "companies: a firm is secretary"),
    "corporate_director": Rate(0.014, "companies: a company is director"),
    "body_in_personal_role": Rate(0.02, "companies: a company stands under a human's role"),
    "pre_1992": Rate(0.75, "appointments before 1992: only `appointed_before` is known", "§1.10"),
    "honours": Rate(0.006, "people: letters after the name"),
    "double_barrelled": Rate(0.025, "people: a surname with a hyphen"),
    "verified": Rate(0.74, "people appointed before it became compulsory: identity verified", "§3: 50.6% of all"),
    "address_is_office": Rate(0.781, "people: served at the registered office", "§3"),
    "psc_statement": Rate(0.084, "companies with a PSC register: a statement instead of a PSC", "§3: 5.8% of rows"),
    "psc_corporate": Rate(0.112, "companies with a PSC register: controlled by a company", "§3: 6.7% of rows"),
    "psc_legal": Rate(
        0.004, "companies with a PSC register: controlled by a legal person (a council)", "§3: what is left"
    ),
    "psc_super_secure": Rate(
        0.0006, "companies with a PSC register; the register has 0.003% of rows", "§3, raised to be met"
    ),
    "psc_none": Rate(0.015, "companies with a PSC register: nothing in it"),
    "psc_ceased": Rate(0.45, "former directors since 2016: were PSCs and have ceased", "§3: 16.6% of rows"),
    "owner_stays": Rate(0.05, "former directors: remain PSCs, and so decide"),
    "psc_outsider": Rate(0.09, "companies owned by people: one owner is no director"),
}

DISAGREEMENT: dict[str, Rate] = {
    "middle_dropped": Rate(0.38, "people with a middle name: one list leaves it out"),
    "middle_initial": Rate(0.12, "people with a middle name: one list has initials"),
    "accents_dropped": Rate(0.6, "names with accents: one list has none"),
    "hyphen_lost": Rate(0.4, "names with a hyphen: one list has a blank"),
    "apostrophe": Rate(0.35, "names with O', Mc or Mac: one list writes them otherwise"),
    "title_in_name": Rate(0.012, "people: a title or honours typed into a name field of one list"),
    "capitals": Rate(0.05, "PSC entries: typed in capitals or in small letters"),
    "forename_short": Rate(0.06, "people: the usual short form in one list (where there is one)"),
    "known_by_middle": Rate(0.025, "people with a middle name: one list has that name only"),
    "birth_surname": Rate(0.03, "women who changed their surname: one list has the old one"),
    "maiden_middle": Rate(0.08, "women who changed their surname: the old one stands as a middle name"),
    "misspelt": Rate(0.018, "people: one letter wrong in one list"),
    "born_differs": Rate(0.007, "people: another month or year of birth in one list"),
    "born_missing": Rate(0.012, "people: no date of birth in the officers list"),
    "two_surnames_cut": Rate(0.35, "people with two surnames: one list has the first only"),
    "several_ids": Rate(0.035, "directors: appointed twice under two officer ids", "§1.10"),
    "psc_late": Rate(0.3, "PSCs of the last two months: not in the PSC list yet"),
    "psc_not_ceased": Rate(0.015, "former PSCs: gone in truth, never ceased in the list"),
    "ceased_before_notified": Rate(0.006, "ceased PSCs: ceased before they were notified", "§3: 14,554 of 2.6 million"),
    "notified_absurd": Rate(0.0004, "PSCs: notified in another century", "§3: dates from 1083"),
    "members_missing": Rate(0.06, "entries: nationality, country or parts of the address absent", "§1.6, §4"),
    "verified_differs": Rate(0.04, "verified people: only one of the two lists says so"),
    "registration_untidy": Rate(
        0.45, "bodies: number typed freely (lost zeros, blanks, small letters, words)", "§1.10"
    ),
    "site_stale": Rate(0.05, "sites: not touched for years, former people still named"),
    "site_parked": Rate(0.02, "sites: the domain is parked"),
    "site_number_hidden": Rate(0.45, "sites: the company's number is not printed"),
    "site_agency_number": Rate(0.01, "sites: the footer has the web agency's number"),
    "wrong_account": Rate(0.02, "accounts that a site links to: a stranger's"),
    "lookalike": Rate(0.05, "companies: a stranger has a site or an account of nearly their name"),
}

RATES: dict[str, float] = {name: rate.value for name, rate in (BASE | DISAGREEMENT).items()}
