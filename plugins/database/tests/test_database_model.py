"""The database tier against a dict: whatever is called, flushed, purged and reopened in whatever order."""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from leadgen_database import Config
from leadgen_database.cache import DatabaseTier

from plugins.database.tests.database_kit import ManualClock, dropped, missing, postgres, reachable, sqlite

NAMES = (None, "", "a", "ab", "%")
KEYS = ("b", "bc", ":b", "x" * 600)
NAMESPACES = st.sampled_from(NAMES)
KEY = st.sampled_from(KEYS)
TTLS = st.sampled_from([None, 0.25, 1, 2.5, 10])
VALUES = st.one_of(st.integers(-5, 5), st.text(max_size=2), st.dictionaries(st.text(max_size=1), st.booleans()))
Where = tuple[str | None, str]


class Model(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = ManualClock()
        self.now = 0.0
        self.config = self.make_config()
        self.cache = self.run(self.make())
        self.model: dict[Where, tuple[Any, float]] = {}

    def make_config(self) -> Config:
        self.folder = tempfile.TemporaryDirectory()
        return sqlite(Path(self.folder.name))

    def remove(self) -> None:
        self.folder.cleanup()

    async def make(self) -> DatabaseTier:
        return DatabaseTier(self.config, clock=self.clock)

    def run(self, call: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(call)

    def teardown(self) -> None:
        self.run(self.cache.aclose())
        self.remove()
        self.runner.close()

    def live(self, where: Where) -> Any:
        value, ends = self.model.get(where, (None, math.inf))
        return value if self.now < ends else None

    def put(self, where: Where, value: Any, ttl: float | None) -> None:
        self.model[where] = (value, math.inf if ttl is None else self.now + ttl)

    @rule(seconds=st.sampled_from([0.25, 1, 2.25, 10]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.clock.move(seconds)

    @rule()
    def flush(self) -> None:
        self.run(self.cache.flush())

    @rule()
    def purge(self) -> None:
        self.run(self.cache.purge())

    @rule()
    def reopen(self) -> None:
        self.run(self.cache.aclose())
        self.cache = self.run(self.make())

    @rule(namespace=NAMESPACES, key=KEY, value=VALUES, ttl=TTLS)
    def set(self, namespace: str | None, key: str, value: Any, ttl: float | None) -> None:
        assert self.run(self.cache.set(key, value, ttl=ttl, namespace=namespace))
        self.put((namespace, key), value, ttl)

    @rule(namespace=NAMESPACES, key=KEY, value=VALUES, ttl=TTLS)
    def add(self, namespace: str | None, key: str, value: Any, ttl: float | None) -> None:
        if self.live((namespace, key)) is None:
            assert self.run(self.cache.add(key, value, ttl=ttl, namespace=namespace))
            self.put((namespace, key), value, ttl)
        else:
            with pytest.raises(ValueError, match="exists"):
                self.run(self.cache.add(key, value, ttl=ttl, namespace=namespace))

    @rule(namespace=NAMESPACES, pairs=st.dictionaries(KEY, VALUES), ttl=TTLS)
    def multi_set(self, namespace: str | None, pairs: dict[str, Any], ttl: float | None) -> None:
        assert self.run(self.cache.multi_set(pairs.items(), ttl=ttl, namespace=namespace))
        for key, value in pairs.items():
            self.put((namespace, key), value, ttl)

    @rule(namespace=NAMESPACES, key=KEY, delta=st.integers(-2, 2))
    def increment(self, namespace: str | None, key: str, delta: int) -> None:
        old = self.live((namespace, key))
        if old is not None and type(old) is not int:
            with pytest.raises(TypeError):
                self.run(self.cache.increment(key, delta, namespace=namespace))
            return
        assert self.run(self.cache.increment(key, delta, namespace=namespace)) == (old or 0) + delta
        ends = math.inf if old is None else self.model[namespace, key][1]
        self.model[namespace, key] = ((old or 0) + delta, ends)

    @rule(namespace=NAMESPACES, key=KEY, ttl=st.sampled_from([0, None, 1, 10]))
    def expire(self, namespace: str | None, key: str, ttl: float | None) -> None:
        value = self.live((namespace, key))
        assert self.run(self.cache.expire(key, ttl, namespace=namespace)) == (value is not None)
        if value is not None:
            self.put((namespace, key), value, ttl or None)

    @rule(namespace=NAMESPACES, key=KEY)
    def delete(self, namespace: str | None, key: str) -> None:
        expected = int(self.live((namespace, key)) is not None)
        assert self.run(self.cache.delete(key, namespace=namespace)) == expected
        self.model.pop((namespace, key), None)

    @rule(namespace=NAMESPACES)
    def clear(self, namespace: str | None) -> None:
        self.run(self.cache.clear(namespace=namespace))
        for where in list(self.model):
            if namespace is None or where[0] == namespace:
                del self.model[where]

    @invariant()
    def same(self) -> None:
        async def look() -> None:
            places = [(name, key) for name in NAMES for key in KEYS]
            found = await asyncio.gather(*(self.cache.get(key, namespace=name) for name, key in places))
            assert found == [self.live(where) for where in places]

        self.run(look())


class OnPostgres(Model):
    def make_config(self) -> Config:
        return postgres()

    def remove(self) -> None:
        self.run(dropped(self.config))


Model.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
OnPostgres.TestCase.settings = settings(max_examples=6, stateful_step_count=25, deadline=None)
TestSqliteModel = Model.TestCase
_Case: Any = OnPostgres.TestCase


class TestPostgresModel(_Case):  # type: ignore[misc]
    def setUp(self) -> None:
        if not reachable():
            missing("no PostgreSQL listens at TEST_POSTGRES_URL, nor at 127.0.0.1:5432")
        super().setUp()


del _Case  # pytest would take it for a test of its own
