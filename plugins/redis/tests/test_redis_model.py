"""The Redis tier against a dict: whatever is called in whatever order, both say the same."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from leadgen_redis import Config
from leadgen_redis.cache import RedisTier

from leadgen_core import Secret
from plugins.redis.tests.redis_kit import URL, missing, reachable, swept

NAMESPACES = st.sampled_from([None, "", "a", "ab", "a:", "*"])
KEYS = st.sampled_from(["b", "bc", "c", ":b", "é"])
TTLS = st.sampled_from([None, 1000, 1000.5])
VALUES = st.one_of(st.integers(-5, 5), st.text(max_size=2), st.dictionaries(st.text(max_size=1), st.booleans()))


class Model(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.config = Config(
            url=Secret(URL), prefix=f"leadgen-test-{secrets.token_hex(6)}", connect_timeout=10, timeout=10
        )
        self.cache = self.run(self.make())
        self.model: dict[tuple[str | None, str], Any] = {}

    async def make(self) -> RedisTier:
        return RedisTier(self.config)

    def run(self, call: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(call)

    def teardown(self) -> None:
        self.run(self.cache.aclose())
        self.run(swept(self.config))
        self.runner.close()

    @rule(namespace=NAMESPACES, key=KEYS, value=VALUES, ttl=TTLS)
    def set(self, namespace: str | None, key: str, value: Any, ttl: float | None) -> None:
        assert self.run(self.cache.set(key, value, ttl=ttl, namespace=namespace))
        self.model[namespace, key] = value

    @rule(namespace=NAMESPACES, key=KEYS, value=VALUES, ttl=TTLS)
    def add(self, namespace: str | None, key: str, value: Any, ttl: float | None) -> None:
        if (namespace, key) in self.model:
            with pytest.raises(ValueError, match="exists"):
                self.run(self.cache.add(key, value, ttl=ttl, namespace=namespace))
        else:
            self.run(self.cache.add(key, value, ttl=ttl, namespace=namespace))
            self.model[namespace, key] = value

    @rule(namespace=NAMESPACES, pairs=st.dictionaries(KEYS, VALUES), ttl=TTLS)
    def multi_set(self, namespace: str | None, pairs: dict[str, Any], ttl: float | None) -> None:
        assert self.run(self.cache.multi_set(pairs.items(), ttl=ttl, namespace=namespace))
        self.model |= {(namespace, key): value for key, value in pairs.items()}

    @rule(namespace=NAMESPACES, keys=st.lists(KEYS, max_size=4))
    def multi_get(self, namespace: str | None, keys: list[str]) -> None:
        expected = [self.model.get((namespace, key)) for key in keys]
        assert self.run(self.cache.multi_get(keys, namespace=namespace)) == expected

    @rule(namespace=NAMESPACES, key=KEYS, delta=st.integers(-2, 2))
    def increment(self, namespace: str | None, key: str, delta: int) -> None:
        old = self.model.get((namespace, key), 0)
        if type(old) is not int:
            with pytest.raises(TypeError):
                self.run(self.cache.increment(key, delta, namespace=namespace))
            return
        assert self.run(self.cache.increment(key, delta, namespace=namespace)) == old + delta
        self.model[namespace, key] = old + delta

    @rule(namespace=NAMESPACES, key=KEYS, ttl=st.sampled_from([0, None, 1000]))
    def expire(self, namespace: str | None, key: str, ttl: float | None) -> None:
        assert self.run(self.cache.expire(key, ttl, namespace=namespace)) == ((namespace, key) in self.model)

    @rule(namespace=NAMESPACES, key=KEYS)
    def delete(self, namespace: str | None, key: str) -> None:
        expected = int((namespace, key) in self.model)
        assert self.run(self.cache.delete(key, namespace=namespace)) == expected
        self.model.pop((namespace, key), None)

    @rule(namespace=NAMESPACES)
    def clear(self, namespace: str | None) -> None:
        self.run(self.cache.clear(namespace=namespace))
        for place in list(self.model):
            if namespace is None or place[0] == namespace:
                del self.model[place]

    @invariant()
    def same(self) -> None:
        async def look() -> None:
            places = [(name, key) for name in (None, "", "a", "ab", "a:", "*") for key in ("b", "bc", "c", ":b", "é")]
            found = await asyncio.gather(*(self.cache.get(key, namespace=name) for name, key in places))
            assert found == [self.model.get(place) for place in places]

        self.run(look())


Model.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)


_Case: Any = Model.TestCase


class TestModel(_Case):  # type: ignore[misc]
    def setUp(self) -> None:
        if not reachable():
            missing("no Redis listens at TEST_REDIS_URL, nor at 127.0.0.1:6379")
        super().setUp()


del _Case  # pytest would take it for a test of its own
