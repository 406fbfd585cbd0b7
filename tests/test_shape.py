"""What is wrong with a record is found in the first of its class and in the thousandth, which functions differ for."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from leadgen_core.model import shape


@frozen
class Leaf:
    name: str = "a"
    size: float | None = None


@frozen
class Tree:
    leaf: Leaf = Leaf()
    leaves: tuple[Leaf, ...] = ()
    inner: Tree | None = None


WRONG: list[tuple[Any, str]] = [
    (Leaf(name=1), "Leaf.name"),  # type: ignore[arg-type] # wrong, as all of these
    (Leaf(size="1"), "Leaf.size"),  # type: ignore[arg-type]
    (Tree(leaf=Leaf(size=True)), "Tree.leaf"),
    (Tree(leaves=(Leaf(), Leaf(name=None))), "Tree.leaves"),  # type: ignore[arg-type]
    (Tree(inner=Tree(leaf=None)), "Tree.inner"),  # type: ignore[arg-type]
]
RIGHT = [Leaf(size=1), Tree(leaf=Leaf(size=0.5), leaves=(Leaf("b"),), inner=Tree(inner=Tree()))]


def test_every_record_is_looked_at_alike() -> None:
    for _ in range(100):
        assert [shape.flaw(record) for record, _ in WRONG] == [place for _, place in WRONG]
        assert [shape.flaw(record) for record in RIGHT] == [None, None]


def test_a_function_is_written_for_a_class_once() -> None:
    for _ in range(100):
        shape.flaw(RIGHT[1])
    written = dict(shape._WRITTEN)
    assert {Leaf, Tree} <= written.keys()
    for _ in range(100):
        shape.flaw(RIGHT[1])
    assert written == shape._WRITTEN
