"""The truth: follows from the world's entries, is the same under both profiles, and leaves as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadgen_sandbox.world import DECIDING_ROLES, ENDED, TODAY, Made, Truth, full_name, make_world
from leadgen_sandbox.world.draft import Holding

from leadgen_core.contracts.world import Human, World, WorldCompany
from plugins.sandbox.tests.sandbox_world_kit import both_lists, made

STRANGERS_SHARE = 0.01


def test_the_world_is_what_simulators_are_promised() -> None:
    world: World = made(1, 300).world

    assert len(world) == 300
    assert world.seed == 1
    assert world.profile == "clean"
    assert world.today == TODAY
    assert len(list(world.companies())) == 300
    assert not world.facet("anything")


def test_the_world_cannot_be_changed() -> None:
    world = made(1, 300).world
    company = next(world.companies())

    with pytest.raises(AttributeError):
        world.seed = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        company.name = "OTHER LIMITED"  # type: ignore[misc]


def test_a_facet_is_added_to_another_view_of_the_same_world() -> None:
    world = make_world(1, 200).world
    with_reviews = world.with_facet("reviews", {"09417203": 4.5})

    assert with_reviews.facet("reviews") == {"09417203": 4.5}
    assert not world.facet("reviews")
    assert with_reviews.company("09417203") is world.company("09417203")


def _current(company: WorldCompany, today: date) -> set[str]:
    """People in a deciding entry that has begun and has not ended, as the lists have it."""
    found = set()
    for seat in company.appointments:
        ended = seat.resigned_on is not None and seat.resigned_on <= today
        if isinstance(seat.who, Human) and seat.role in DECIDING_ROLES and not ended:
            found.add(seat.who.person)
    for control in company.controls:
        ended = control.ceased_on is not None and control.ceased_on <= today
        if isinstance(control.who, Human) and control.kind in DECIDING_ROLES and not ended:
            found.add(control.who.person)
    return found


@settings(max_examples=12)
@given(seed=st.integers(-(10**9), 10**12), profile=st.sampled_from(["clean", "realistic"]))
def test_who_decides_stands_in_a_current_entry(seed: int, profile: str) -> None:
    """Nobody is true whom no list has; the lists have few that are not true, and under clean none."""
    world_and_truth = make_world(seed, 300, profile)
    listed = true = 0
    for company in world_and_truth.world.companies():
        deciding = {one.person for one in world_and_truth.truth.executives[company.number]}
        current = set() if company.status in ENDED else _current(company, TODAY)
        current = {person for person in current if not person.startswith("no-human:")}
        assert deciding <= current
        if profile == "clean":
            assert deciding == current
        listed += len(current)
        true += len(deciding)
    assert listed - true <= listed * STRANGERS_SHARE


def _people(made: Made) -> Mapping[str, set[str]]:
    return {number: {one.person for one in found} for number, found in made.truth.executives.items()}


def test_both_profiles_tell_of_the_same_people() -> None:
    assert _people(made(profile="clean")) == _people(made(profile="realistic"))


def test_every_company_is_in_the_truth() -> None:
    world, truth = made().world, made().truth

    assert list(truth.executives) == [company.number for company in world.companies()]
    assert len(truth.executives) == len(world)


def test_nobody_decides_where_the_company_has_ended() -> None:
    ended = [company for company in made().world.companies() if company.status in ENDED]

    assert len(ended) > 300
    assert any(company.appointments for company in ended)
    assert not any(made().truth.executives[company.number] for company in ended)


def test_roles_days_and_spellings() -> None:
    truth = made(profile="realistic").truth
    owner = truth.executives["08809142"][0]
    old = truth.executives["00912377"][0]

    assert owner.roles == ("director", "individual-person-with-significant-control")
    assert owner.since == date(2013, 12, 10)
    assert set(owner.spellings) == {"Anne-Marie Castle-Thornby", "Anne Marie Castle Thornby"}
    assert old.since is None
    assert old.before == date(1991, 12, 31)


def test_a_role_holds_from_its_first_day_until_before_its_last() -> None:
    held = Holding(person="p", name="A B", role="director", since=date(2020, 1, 1), until=date(2021, 1, 1))

    assert not held.current(date(2019, 12, 31))
    assert held.current(date(2020, 1, 1))
    assert held.current(date(2020, 12, 31))
    assert not held.current(date(2021, 1, 1))


def test_people_are_who_they_are_in_both_lists_under_clean() -> None:
    pairs = list(both_lists(made().world.companies()))

    assert len(pairs) > 1_500
    for officers, owner in pairs:
        assert full_name(owner) in {full_name(one) for one in officers}
        assert {one.born for one in officers} <= {owner.born, None}


def test_the_truth_leaves_as_json() -> None:
    truth: Truth = made(1, 300, "realistic").truth
    told = json.loads(json.dumps(truth.as_json()))

    assert told["seed"] == 1
    assert told["profile"] == "realistic"
    assert told["today"] == "2026-01-30"
    assert len(told["executives"]) == 300
    assert told["traps"]["09417203"] == "one human is sole director and sole owner"
    assert told["executives"]["09417203"] == [
        {
            "person": "hand:Oonagh Mary/Tessimond",
            "name": "Oonagh Mary Tessimond",
            "roles": ["director", "individual-person-with-significant-control"],
            "since": "2015-02-03",
            "before": None,
            "spellings": ["Oonagh Mary Tessimond"],
        }
    ]
