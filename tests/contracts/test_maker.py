"""A maker's records are those of the constructor, in all that can be told of them."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from attrs import Factory, field, frozen

from leadgen_core import (
    CompanyNumber,
    Lookup,
    OfficerAppointment,
    PersonalAddress,
    Provenance,
    RawReply,
    Reply,
    Request,
    SignificantControl,
    Window,
    maker,
)

STAMP = Provenance("a.b", "https://register.example/1", datetime(2026, 1, 30, tzinfo=UTC))


@frozen
class Awkward:
    """Members of the names that a maker's code could be tempted to use itself."""

    kind: str
    new: str
    record: str = "r"
    twin: object = None
    make: tuple[str, ...] = ()
    _hidden: list[int] = Factory(list)
    last: int = field(default=0, kw_only=True)


MADE: list[tuple[type, tuple[Any, ...], dict[str, Any]]] = [
    (Provenance, ("a.b", "https://register.example/1", datetime(2026, 1, 30, tzinfo=UTC)), {}),
    (PersonalAddress, ("Neasden",), {}),
    (PersonalAddress, (), {}),
    (Window, (600, 300.0, 488, 1.0), {}),
    (Request, ("/company/1",), {}),
    (Request, ("/company/1", {"a": "b"}), {"method": "POST", "json": [1]}),
    (Reply, ({}, False), {"provenance": STAMP}),
    (RawReply, (200, {}, None, False), {"received_at": 1.0}),
    (
        OfficerAppointment,
        (),
        {"role": "director", "name": "BRAMBLE, Ada", "company": CompanyNumber("01234567"), "provenance": STAMP},
    ),
    (
        SignificantControl,
        (),
        {"company": CompanyNumber("01234567"), "control_kind": "x", "provenance": STAMP, "ceased_on": date(2026, 1, 1)},
    ),
    (Awkward, ("k", "n"), {}),
    (Awkward, ("k",), {"new": "n", "twin": 1, "hidden": [1], "last": 3}),
]


@pytest.mark.parametrize(("kind", "arguments", "named"), MADE)
def test_a_made_record_is_as_one_of_the_constructor(
    kind: type, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    make = maker(kind)
    assert make is not kind
    one: Any = kind(*arguments, **named)
    other: Any = make(*arguments, **named)

    assert [each.__class__ for each in (one, other)] == [kind, kind]
    assert (other, repr(other)) == (one, repr(one))
    assert {each.name: getattr(other, each.name) for each in attrs.fields(kind)} == {
        each.name: getattr(one, each.name) for each in attrs.fields(kind)
    }
    assert attrs.evolve(other) == one
    assert copy.deepcopy(other) == one
    assert pickle.loads(pickle.dumps(other)) == one
    for each in attrs.fields(kind):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(other, each.name, None)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            delattr(other, each.name)


def test_equal_records_have_equal_hashes() -> None:
    assert hash(maker(Provenance)(*MADE[0][1])) == hash(STAMP)
    assert len({maker(Provenance)(*MADE[0][1]), STAMP}) == 1


def test_a_default_that_is_made_is_made_for_each() -> None:
    make = maker(Awkward)

    assert make("k", "n")._hidden is not make("k", "n")._hidden
    assert maker(Request)("/").params is not maker(Request)("/").params


@pytest.mark.parametrize(
    ("kind", "arguments", "named"),
    [
        (Provenance, ("a.b",), {}),
        (Provenance, ("a.b", "u", None, None, None, None), {}),
        (Provenance, ("a.b", "u", None), {"colour": "red"}),
        (OfficerAppointment, (STAMP,), {"company": None, "name": "", "role": ""}),
    ],
)
def test_arguments_that_the_constructor_refuses_are_refused(
    kind: type, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    for make in (kind, maker(kind)):
        with pytest.raises(TypeError):
            make(*arguments, **named)


# --- classes whose constructor does more ------------------------------------------------------------------


@frozen
class Converted:
    value: str = field(converter=str)


@frozen
class After:
    value: str

    def __attrs_post_init__(self) -> None:
        if not self.value:
            raise ValueError


@frozen
class OfItself:
    value: str
    double: str = Factory(lambda self: self.value * 2, takes_self=True)


@frozen
class NotAsked:
    value: str
    count: int = field(default=3, init=False)


@frozen(slots=False)
class WithDict:
    value: str


@frozen(cache_hash=True)
class Hashed:
    value: str


@frozen(init=False)
class ByHand:
    value: str

    def __init__(self, value: str) -> None:
        self.__attrs_init__(value.upper())


class Plain:
    def __init__(self, value: str) -> None:
        self.value = value


class Counts:
    """Knows who extends it."""

    __slots__ = ()
    known: list[type] = []  # noqa: RUF012 - the test's

    def __init_subclass__(cls) -> None:
        Counts.known.append(cls)


@frozen
class Counted(Counts):
    value: str


@frozen
class Error(Exception):
    value: str


@pytest.mark.parametrize(
    "kind",
    [CompanyNumber, Converted, After, OfItself, NotAsked, WithDict, Hashed, ByHand, Plain, Counted, Error, Lookup.get],
)
def test_a_constructor_that_does_more_is_left_alone(kind: Any) -> None:
    before = list(Counts.known)

    assert maker(kind) == kind
    assert Counts.known == before
