"""Records of ours behave as attrs' own do, though what prints, compares and hashes them is written late."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest

from leadgen_core.model import records


def _classes(frozen: Any, define: Any) -> dict[str, Any]:
    class Plain:
        name: str
        size: int = 3
        hidden: str = attrs.field(default="h", repr=False, eq=False)
        shown: float = attrs.field(default=0.5, repr=lambda value: f"<{value:.2f}>")
        unhashed: list[int] = attrs.field(factory=list, hash=False)

    class Spelt:
        name: str
        __hash__ = None  # type: ignore[assignment] # as a class with an __eq__ of its own has it

        def __repr__(self) -> str:
            return "spelt"

        def __eq__(self, other: object) -> bool:
            return True

    class Empty:
        pass

    class Nested:
        inner: Any = None

    return {
        "frozen": frozen(Plain),
        "define": define(Plain),
        "ordered": frozen(order=True)(Nested),
        "identity": define(eq=False)(Nested),
        "quiet": frozen(repr=False)(Nested),
        "spelt": frozen(Spelt),
        "empty": frozen(Empty),
        "nested": define(Nested),
    }


OURS, THEIRS = (_classes(kind.frozen, kind.define) for kind in (records, attrs))


def _hashed(record: Any) -> bool:
    try:
        return hash(record) == hash(record)
    except TypeError:
        return False


@pytest.mark.parametrize("name", sorted(THEIRS))
def test_equality_hashes_and_text_are_those_of_attrs(name: str) -> None:
    def told(kind: Any) -> list[object]:
        first = [field.name for field in attrs.fields(kind)][:1]
        values = [{}, {}] if not first else [{first[0]: "a"}, {first[0]: "b"}]
        a, again, b = kind(**values[0]), kind(**values[0]), kind(**values[1])
        told: list[object] = [a == again, a != again, a == b, a != b, a == 1, a.__eq__(1), _hashed(a)]
        told += [a == again, a == b]  # the second time another function may answer
        if _hashed(a):
            told.append(len({a, again, b}))
        text = repr(a)
        told += [text if " object at " not in text else "object", repr(a) == text]
        return told

    assert told(OURS[name]) == told(THEIRS[name])


def test_a_record_that_holds_itself_can_be_printed() -> None:
    def told(kind: Any) -> str:
        record = kind()
        record.inner = [record]
        return repr(record) + repr(record)

    assert told(OURS["nested"]) == told(THEIRS["nested"])


def test_fields_that_are_compared_make_the_difference() -> None:
    for kinds in (OURS, THEIRS):
        made = kinds["frozen"]
        base = made("a")
        assert base == made("a", hidden="other")
        assert base != made("a", shown=0.25)
        assert base != made("a", unhashed=[1])
        assert hash(base) == hash(made("a", unhashed=[1]))


@records.frozen
class _Base:
    name: str


@records.frozen
class _More(_Base):
    size: int = 0


class _Bare(_Base):
    pass


def test_a_subclass_is_another_class_with_fields_of_its_own() -> None:
    assert _Base("a") != _More("a")
    assert _More("a") != _More("a", 1)
    assert _Bare("a") == _Bare("a")
    assert _Bare("a") != _Base("a")
    assert [repr(kind("a")) for kind in (_Base, _More, _Bare)] == [
        "_Base(name='a')",
        "_More(name='a', size=0)",
        "_Bare(name='a')",
    ]


def test_a_record_is_copied_pickled_and_matched_as_ever() -> None:
    record = _More("a", 1)
    assert pickle.loads(pickle.dumps(record)) == attrs.evolve(_More("b", 1), name="a") == record
    match record:
        case _More(name, size):
            assert (name, size) == ("a", 1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        record.name = "b"  # type: ignore[misc] # which is what must fail


def test_keys_of_comparison_are_refused_rather_than_forgotten() -> None:
    @records.frozen
    class Keyed:
        name: str = attrs.field(eq=str.lower)

    with pytest.raises(TypeError, match="Keyed"):
        assert Keyed("a") == Keyed("A")
