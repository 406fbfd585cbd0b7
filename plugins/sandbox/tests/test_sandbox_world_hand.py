"""The companies designed by hand: enough of them, each with its trap, and the people worked out by hand."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from leadgen_sandbox.world import HAND_NUMBERS, TODAY
from leadgen_sandbox.world.hand import COMPANIES
from leadgen_sandbox.world.hand.dsl import Hand, Said
from leadgen_sandbox.world.words import section_of

from leadgen_core import CompanyNumber
from leadgen_core.contracts.world import Body, Control, Human, WorldCompany
from plugins.sandbox.tests.sandbox_world_kit import entries, humans, made

PROFILES = ("clean", "realistic")


def _company(number: str, profile: str = "realistic") -> WorldCompany:
    company = made(profile=profile).world.company(number)
    assert company is not None
    return company


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("hand", COMPANIES, ids=lambda hand: hand.number)
def test_the_people_worked_out_by_hand_are_those_who_decide(hand: Hand, profile: str) -> None:
    executives = made(profile=profile).truth.executives[hand.number]

    assert Counter(one.name for one in executives) == Counter(hand.decides)


def test_there_are_sixty_and_more_in_twelve_sections_and_more() -> None:
    sections = {section_of(code) for hand in COMPANIES for code in hand.sic if len(code) == 5}

    assert len(COMPANIES) >= 60
    assert len(sections) >= 12


@pytest.mark.parametrize("profile", PROFILES)
def test_each_has_a_trap_of_its_own_in_one_line(profile: str) -> None:
    traps = made(profile=profile).truth.traps

    assert tuple(traps) == HAND_NUMBERS
    assert len(set(traps.values())) == len(traps)
    assert all(trap and "\n" not in trap and len(trap) < 130 for trap in traps.values())
    for number, trap in traps.items():
        assert _company(number, profile).trap == trap


def test_numbers_are_canonical_and_only_theirs() -> None:
    assert len(set(HAND_NUMBERS)) == len(HAND_NUMBERS)
    assert all(str(CompanyNumber.parse(number)) == number for number in HAND_NUMBERS)
    assert not [c.number for c in made().world.companies() if c.number in HAND_NUMBERS and not c.trap]
    shapes = {number[:2] for number in HAND_NUMBERS if number[:2].isalpha()}
    assert shapes >= {"OC", "SO", "NC", "SC", "NI", "SL", "SG", "CE", "CS", "IP", "RS", "OE", "FC", "BR"}
    assert "R0000741" in HAND_NUMBERS
    assert sum(number.startswith("000") for number in HAND_NUMBERS) >= 1


def test_a_company_is_named_as_the_register_names_it() -> None:
    for hand in COMPANIES:
        assert hand.name == hand.name.upper()


def test_where_the_lists_disagree_they_agree_under_clean_and_the_trap_says_so() -> None:
    disagreeing = [hand for hand in COMPANIES if any(isinstance(one.who, Said) for one in (*hand.officers,))
                   or any(isinstance(one.who, Said) for one in hand.owners)]  # fmt: skip
    assert len(disagreeing) >= 18
    for hand in disagreeing:
        clean, realistic = _company(hand.number, "clean"), _company(hand.number)
        assert clean.trap == f"{realistic.trap} (here the lists agree)"
        forms = [{(one.forename, one.middle, one.surname, one.born) for one in humans(c) if one.born or c is realistic}
                 for c in (clean, realistic)]  # fmt: skip
        assert len(forms[0]) == len({one.person for one in humans(clean)})
        assert len(forms[1]) > len(forms[0])


def test_what_the_traps_promise() -> None:
    """One look at each that is easily broken without anybody noticing."""
    assert len(_company("01640093").appointments) == 230
    assert len(_company("10330462").controls) == 131
    assert len({one.officer for one in _company("09102836").appointments}) == 3
    assert _company("11588102").controls[0].who is None
    assert _company("00912377").appointments[0].appointed_on is None
    assert _company("00912377").appointments[0].appointed_before is not None
    assert _company("04718833").appointments[0].resigned_on == TODAY - timedelta(days=31)
    assert _company("08507712").appointments[1].appointed_on == TODAY - timedelta(days=1)
    resigns = _company("NI648820").appointments[0].resigned_on
    assert resigns is not None
    assert resigns > TODAY
    assert len(_company("03202277").previous_names) == 3
    assert _company("05640093").name == _company("13104776").name
    assert _company("CE014471").address is None
    assert _company("08890341").controls == ()
    assert _company("08890341").statements == ()
    assert _company("00388140").ceased_on is None
    assert not _company("14566120").appointments


def test_companies_stand_under_the_roles_of_humans_with_and_without_identification() -> None:
    bodies = [
        entry.who
        for number in HAND_NUMBERS
        for entry in _company(number).appointments
        if isinstance(entry.who, Body) and not entry.role.startswith("corporate-")
    ]

    assert {body.identification_type is None for body in bodies} == {True, False}


def test_the_absurd_and_the_forgotten_are_right_under_clean() -> None:
    def notified(profile: str) -> Control:
        return _company("05011789", profile).controls[0]

    assert str(notified("realistic").notified_on) == "1016-04-06"
    assert str(notified("clean").notified_on) == "2016-04-06"
    assert _company("06905530").controls[0].ceased_on is None
    assert _company("06905530", "clean").controls[0].ceased_on is not None


def test_one_human_is_one_person_across_companies() -> None:
    """The serial director: one officer id in both companies."""
    first, second = _company("09960812"), _company("13055127")

    assert first.appointments[0].officer == second.appointments[0].officer
    people = {one.person for one in humans(first)}
    assert people & {one.person for one in humans(second)}


def test_a_company_filed_as_a_human_is_nobody() -> None:
    company = _company("13390218")
    control = next(entry for entry in entries(company) if isinstance(entry, Control))

    assert control.kind == "individual-person-with-significant-control"
    assert isinstance(control.who, Human)
    assert control.who.surname == "Kestrelmoor Holdings Limited"
    assert control.who.forename is None
    deciding = {one.person for one in made(profile="realistic").truth.executives[company.number]}
    assert control.who.person not in deciding
