"""Humans, relatives, and how two lists write them: what makes it hard must leave it possible."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from leadgen_sandbox.world import HAND_NUMBERS, TODAY, full_name
from leadgen_sandbox.world.bodies import untidy
from leadgen_sandbox.world.draft import Seat, Stake
from leadgen_sandbox.world.draw import Draw
from leadgen_sandbox.world.entries import Lists, write_lists
from leadgen_sandbox.world.numbers import Numbering
from leadgen_sandbox.world.outline import Outlines
from leadgen_sandbox.world.people import Person, make_person, relative
from leadgen_sandbox.world.spelling import plain, spelling

from leadgen_core.contracts.world import Body, Human
from plugins.sandbox.tests.sandbox_world_kit import humans, made

SINCE = date(2012, 5, 1)
PSC = "individual-person-with-significant-control"


def _person(seed: object) -> Person:
    return make_person(Draw(seed), f"p{seed}", "England", SINCE, TODAY)


@given(st.integers())
def test_a_relative_has_the_surname_and_can_be_told_apart(seed: int) -> None:
    of = _person(seed)
    kin = relative(Draw(seed, "kin"), "kin", of, "England", SINCE, TODAY)

    assert kin.surname == of.surname
    assert kin.id != of.id
    assert kin.forename != of.forename or kin.born != of.born
    if kin.forename == of.forename:  # father and son, mother and daughter
        assert kin.male == of.male
        assert abs(kin.born[0] - of.born[0]) >= 10


def test_relatives_are_spouses_children_and_siblings_and_some_sons_have_their_fathers_name() -> None:
    pairs = [(of := _person(n), relative(Draw(n, "kin"), "kin", of, "England", SINCE, TODAY)) for n in range(6_000)]
    for of, kin in pairs:
        assert kin.forename != of.forename or (kin.male == of.male and abs(kin.born[0] - of.born[0]) >= 10)
    gaps = [abs(kin.born[0] - of.born[0]) for of, kin in pairs]

    assert sum(kin.male != of.male for of, kin in pairs) > 3_000
    assert sum(gap >= 20 for gap in gaps) > 800
    assert 60 < sum(kin.forename == of.forename for of, kin in pairs) < 400


@given(st.integers())
def test_one_list_changes_one_telling_thing_at_most(seed: int) -> None:
    """Surname, forename and month of birth: two of the three can always be recognised."""
    person = _person(seed)
    truly = person.human(None)
    change = spelling(Draw(seed, "spelling"), person)
    if change is None:
        return
    written = change(truly)
    assert written != truly

    def first(text: str | None) -> str:
        bare = plain(text or "").casefold().replace("-", " ").split()
        return (bare or [""])[-1]

    birth = plain(person.birth_surname or "").casefold()
    same_forename = first((written.forename or "").split(" ")[-1]) == first((truly.forename or "").split(" ")[-1])
    same_surname = plain(truly.surname).casefold()[:2] == plain(written.surname).casefold()[:2] and birth not in (
        plain(written.surname).casefold(),
    )
    assert sum((same_forename, same_surname, written.born == truly.born)) >= 2


def test_namesakes_of_one_company_are_written_alike_in_all_lists() -> None:
    seen = 0
    clean, realistic = made(1, 3_000).world, made(1, 3_000, "realistic").world
    for company in clean.companies():
        if company.number in HAND_NUMBERS:
            continue
        # The register shows no secretary's birth, so an entry that has it goes first.
        truly = {human.person: human for human in sorted(humans(company), key=lambda one: one.born is not None)}
        names = Counter((human.forename, human.surname) for human in truly.values())
        other = realistic.company(company.number)
        assert other is not None
        for human in humans(other):
            true = truly[human.person]
            if names[true.forename, true.surname] > 1:
                seen += 1
                assert full_name(human).casefold() == full_name(true).casefold()
                assert human.born in (true.born, None)
    assert seen > 20


def _lists(place: int, who: Person, *, director: bool, days: int) -> Lists:
    """The lists of a company whose owner was notified so many days ago."""
    outline = Outlines(1, Numbering(1, []), TODAY).at(place)
    since = TODAY - timedelta(days=days)
    seats = [Seat(who=who, role="director", since=since)] if director else []
    held = [Stake(who=who, kind=PSC, natures=("significant-influence-or-control",), since=since)]
    return write_lists(outline, None, seats, held, 1, TODAY, realistic=True)


def test_only_a_new_owner_who_is_a_director_may_be_missing_from_the_psc_list() -> None:
    who = _person("owner")
    missing = [place for place in range(80) if not _lists(place, who, director=True, days=20).controls]

    assert 10 < len(missing) < 45
    assert all(_lists(place, who, director=False, days=20).controls for place in range(80))
    assert all(_lists(place, who, director=True, days=90).controls for place in range(80))
    holdings = _lists(missing[0], who, director=True, days=20).holdings
    assert {held.role for held in holdings} == {"director", PSC}  # true all the same


def test_a_person_is_served_at_one_address_in_both_lists() -> None:
    who = evolve(_person("at home"), office=False)
    lists = _lists(3, who, director=True, days=900)
    written = [entry.who for entry in (*lists.appointments,)] + [entry.who for entry in lists.controls]

    addresses = [one.address for one in written if isinstance(one, Human)]
    assert len(addresses) == 2
    assert addresses[0] == addresses[1] is not None


def test_accents_go_and_nothing_else() -> None:
    assert plain("Ioniță Ó Corra D’Alia O'Neill") == "Ionita O Corra D'Alia O'Neill"


def test_registrations_are_typed_in_many_ways_and_stay_the_same_number() -> None:
    typed = {untidy(Draw(n), Body(name="X", registration="SC095731")).registration or "" for n in range(60)}
    plain_ones = {untidy(Draw(n), Body(name="X", registration="00417203")).registration or "" for n in range(60)}

    assert {"SC095731", "Sc095731", "SC 095731", "SC95731"} <= typed
    assert {"00417203", "417203", "No. 00417203"} <= plain_ones
    assert all(one.upper().replace(" ", "").endswith("95731") for one in typed)
    assert untidy(Draw(1), Body(name="X")).registration is None
