"""The memory tier against a dict: whatever is called in whatever order, both say the same."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from leadgen_memory import Config
from leadgen_memory.cache import MemoryCache

MAX_ITEMS = 5
NAMESPACES = st.sampled_from([None, "", "a", "ab", "a:"])
KEYS = st.sampled_from(["b", "bc", "c", ":b"])
TTLS = st.one_of(st.none(), st.sampled_from([0.25, 1, 2.5, 10]))
VALUES = st.one_of(st.integers(-5, 5), st.text(max_size=2))


def run(call: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never waits; it fails when it does."""
    try:
        call.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("the cache waited for something")


class Model(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.cache = MemoryCache(Config(max_items=MAX_ITEMS), timer=lambda: self.now)
        self.model: OrderedDict[tuple[str | None, str], tuple[Any, float]] = OrderedDict()

    def live(self, place: tuple[str | None, str]) -> Any:
        value, ends = self.model.get(place, (None, math.inf))
        return value if self.now < ends else None

    def put(self, place: tuple[str | None, str], value: Any, ends: float) -> None:
        for other in [other for other, (_, end) in self.model.items() if end <= self.now]:
            del self.model[other]
        if place not in self.model and len(self.model) == MAX_ITEMS:
            self.model.popitem(last=False)
        self.model[place] = (value, ends)
        self.model.move_to_end(place)

    def ends(self, ttl: float | None) -> float:
        return math.inf if ttl is None else self.now + ttl

    @rule(seconds=st.sampled_from([0.25, 1, 2.25, 10]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(namespace=NAMESPACES, key=KEYS, value=VALUES, ttl=TTLS)
    def set(self, namespace: str | None, key: str, value: Any, ttl: float | None) -> None:
        assert run(self.cache.set(key, value, ttl=ttl, namespace=namespace))
        self.put((namespace, key), value, self.ends(ttl))

    @rule(namespace=NAMESPACES, key=KEYS, value=VALUES, ttl=TTLS)
    def add(self, namespace: str | None, key: str, value: Any, ttl: float | None) -> None:
        if self.live((namespace, key)) is None:
            assert run(self.cache.add(key, value, ttl=ttl, namespace=namespace))
            self.put((namespace, key), value, self.ends(ttl))
        else:
            with pytest.raises(ValueError, match="exists"):
                run(self.cache.add(key, value, ttl=ttl, namespace=namespace))

    @rule(namespace=NAMESPACES, pairs=st.dictionaries(KEYS, VALUES), ttl=TTLS)
    def multi_set(self, namespace: str | None, pairs: dict[str, Any], ttl: float | None) -> None:
        assert run(self.cache.multi_set(pairs.items(), ttl=ttl, namespace=namespace))
        for key, value in pairs.items():
            self.put((namespace, key), value, self.ends(ttl))

    @rule(namespace=NAMESPACES, key=KEYS)
    def get(self, namespace: str | None, key: str) -> None:
        expected = self.live((namespace, key))
        assert run(self.cache.get(key, namespace=namespace)) == expected
        if expected is not None:
            self.model.move_to_end((namespace, key))

    @rule(namespace=NAMESPACES, keys=st.lists(KEYS, max_size=3))
    def multi_get(self, namespace: str | None, keys: list[str]) -> None:
        assert run(self.cache.multi_get(keys, namespace=namespace)) == [self.live((namespace, key)) for key in keys]
        for key in keys:
            if self.live((namespace, key)) is not None:
                self.model.move_to_end((namespace, key))

    @rule(namespace=NAMESPACES, key=KEYS, delta=st.integers(-2, 2))
    def increment(self, namespace: str | None, key: str, delta: int) -> None:
        place = (namespace, key)
        value = self.live(place)
        if isinstance(value, str):
            with pytest.raises(TypeError):
                run(self.cache.increment(key, delta, namespace=namespace))
            self.model.move_to_end(place)
            return
        ends = math.inf if value is None else self.model[place][1]
        assert run(self.cache.increment(key, delta, namespace=namespace)) == (value or 0) + delta
        self.put(place, (value or 0) + delta, ends)

    @rule(namespace=NAMESPACES, key=KEYS, ttl=st.sampled_from([None, 0, 1, 10]))
    def expire(self, namespace: str | None, key: str, ttl: float | None) -> None:
        value = self.live((namespace, key))
        assert run(self.cache.expire(key, ttl, namespace=namespace)) == (value is not None)
        if value is not None:
            self.put((namespace, key), value, self.ends(ttl or None))

    @rule(namespace=NAMESPACES, key=KEYS)
    def delete(self, namespace: str | None, key: str) -> None:
        expected = 0 if self.live((namespace, key)) is None else 1
        assert run(self.cache.delete(key, namespace=namespace)) == expected
        self.model.pop((namespace, key), None)

    @rule(namespace=NAMESPACES)
    def clear(self, namespace: str | None) -> None:
        run(self.cache.clear(namespace=namespace))
        for place in list(self.model):
            if namespace is None or place[0] == namespace:
                del self.model[place]

    @invariant()
    def same(self) -> None:
        alive = [place for place in self.model if self.live(place) is not None]
        assert len(self.cache) == len(alive) <= MAX_ITEMS
        for namespace in (None, "", "a", "ab", "a:"):
            for key in ("b", "bc", "c", ":b"):
                assert run(self.cache.exists(key, namespace=namespace)) == ((namespace, key) in alive)


Model.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestModel = Model.TestCase
