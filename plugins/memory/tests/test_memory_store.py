"""The store by weight: against a list that is looked through as a whole at each step."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadgen_memory.store import Key, Store

MOST = 10
STEP = st.tuples(
    st.sampled_from(["put", "put", "put", "get", "pop", "wait", "clear"]),
    st.sampled_from("abcdef"),
    st.integers(1, MOST),
    st.sampled_from([0.0, 1.0, 2.0, 5.0, math.inf]),
)


class Naive:
    """What is used least recently stands first."""

    def __init__(self) -> None:
        self.now = 0.0
        self.items: list[tuple[Key, Any, float, int]] = []

    def find(self, key: Key) -> tuple[Key, Any, float, int] | None:
        return next((item for item in self.items if item[0] == key and self.now < item[2]), None)

    def put(self, key: Key, value: Any, expires: float, weight: int) -> None:
        self.items = [item for item in self.items if item[0] != key and self.now < item[2]]
        if expires <= self.now:
            return
        while sum(item[3] for item in self.items) + weight > MOST:
            self.items.pop(0)
        self.items.append((key, value, expires, weight))

    def get(self, key: Key) -> tuple[Any, float] | None:
        item = self.find(key)
        if item is None:
            return None
        self.items.remove(item)
        self.items.append(item)
        return item[1], item[2]

    def pop(self, key: Key) -> bool:
        lived = self.find(key) is not None
        self.items = [item for item in self.items if item[0] != key]
        return lived


@given(st.lists(STEP, max_size=80))
def test_it_holds_what_a_list_would_hold(steps: list[tuple[str, str, int, float]]) -> None:
    naive = Naive()
    store = Store(MOST, lambda: naive.now)
    for number, (step, letter, weight, ttl) in enumerate(steps):
        key = (None, letter)
        if step == "put":
            store.put(key, number, naive.now + ttl, weight)
            naive.put(key, number, naive.now + ttl, weight)
        elif step == "get":
            assert store.get(key) == naive.get(key)
        elif step == "pop":
            assert store.pop(key) == naive.pop(key)
        elif step == "wait":
            naive.now += weight / 4
        else:
            store.clear()
            naive.items.clear()
        live = [item for item in naive.items if naive.now < item[2]]
        assert list(store) == [item[0] for item in live]
        assert len(store) == len(live)
        assert store.weight == sum(item[3] for item in live) <= MOST
        assert all((key in store) == (naive.find(key) is not None) for key in [(None, each) for each in "abcdef"])


@pytest.mark.parametrize("keys", [1, 100])
def test_ends_of_replaced_values_do_not_pile_up(keys: int) -> None:
    """Behind one that ends before them they are not at the top of the heap, where they would be seen."""
    store = Store(1_000, lambda: 0.0)
    store.put((None, "first"), 0, 1.0, 1)
    for number in range(10_000):
        store.put((None, number % keys), number, 3600.0 + number % 7, 1)
        assert len(store._ends) <= 2 * (keys + 1) + 3
    assert len(store) == keys + 1


def test_ends_that_were_replaced_end_nothing_and_those_that_stand_end_their_item() -> None:
    now = [0.0]
    store = Store(1_000, lambda: now[0])
    store.put((None, "first"), 0, 1.0, 1)
    store.put((None, "last"), 0, 8.0, 1)
    store.put((None, "a"), "old", 2.0, 1)
    for number in range(100):  # enough for the heap to be made anew
        store.put((None, "a"), number, 9.0, 1)
    now[0] = 3.0
    assert len(store) == 2
    assert store.get((None, "a")) == (99, 9.0)
    now[0] = 8.5
    assert list(store) == [(None, "a")]
    store.put((None, "b"), "old", 9.5, 1)
    store.put((None, "b"), "new", 20.0, 1)
    now[0] = 9.75
    assert list(store) == [(None, "b")]


def test_equal_ends_of_keys_without_an_order() -> None:
    store = Store(10, lambda: 0.0)
    for key in (1, "1", (1,), None):
        store.put((None, key), key, 5.0, 1)
    assert [store.get((None, key)) for key in (1, "1", (1,), None)] == [(1, 5.0), ("1", 5.0), ((1,), 5.0), (None, 5.0)]
