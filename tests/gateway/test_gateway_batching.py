"""Batch: keys of one operation share a call."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from leadgen_core.contracts.api import Nothing, Request
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.gateway.batching import Batch
from leadgen_core.gateway.exchange import OK, Call, Result
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import ACME


def build(keys: Sequence[str]) -> Request:
    return Request("/users", {"ids": ",".join(keys)})


def split(body: Any, keys: Sequence[str]) -> Mapping[str, Any]:
    return {key: body.get(key) for key in keys}


def many(key: str, most: int = 3, operation: str = "item", **changes: Any) -> Lookup:
    return Lookup(ACME, operation, key, build, most, changes.get("split", split))


class Below:
    def __init__(self) -> None:
        self.calls: list[str] = []
        self.result: Result | Exception = Result(OK, {"a": 1, "b": 2, "c": 3, "d": 4}, "https://acme.example/users")
        self.gate = asyncio.Event()
        self.gate.set()
        self.cancelled = 0

    async def call(self, call: Call) -> Result:
        self.calls.append(call.request.params.get("ids", call.request.path))
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


class Scene:
    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.below = Below()
        self.batch = Batch(ACME, self.clock, self.below)

    def ask(self, lookup: Lookup) -> asyncio.Task[Result]:
        return asyncio.get_running_loop().create_task(self.batch.ask(lookup))


async def test_a_single_key_passes_through_at_once() -> None:
    scene = Scene()
    result = await scene.batch.ask(Lookup.get(ACME, "item", "/items/1"))
    assert scene.below.calls == ["/items/1"]
    assert result is scene.below.result


async def test_a_single_key_is_split_where_there_is_a_split() -> None:
    scene = Scene()
    assert (await scene.batch.ask(many("b", most=1))).body == 2
    assert isinstance((await scene.batch.ask(many("zz", most=1))).meaning, Nothing)


async def test_it_leaves_after_a_short_linger_with_all_who_came() -> None:
    scene = Scene()
    one, two = scene.ask(many("a")), scene.ask(many("b"))
    await scene.clock.advance(0.009)
    assert scene.below.calls == []
    await scene.clock.advance(0.002)
    assert scene.below.calls == ["a,b"]
    assert (one.result().body, two.result().body) == (1, 2)
    assert one.result().url == "https://acme.example/users"
    later = scene.ask(many("c"))
    await scene.clock.advance(0.011)
    assert (scene.below.calls, later.result().body) == (["a,b", "c"], 3)


async def test_it_leaves_at_once_when_it_is_full() -> None:
    scene = Scene()
    tasks = [scene.ask(many(key)) for key in "abcd"]
    await scene.clock.settle()
    assert scene.below.calls == ["a,b,c"]
    assert [task.done() for task in tasks] == [True, True, True, False]
    assert scene.clock.sleeping == 1  # only the second batch lingers
    await scene.clock.advance(0.011)
    assert scene.below.calls == ["a,b,c", "d"]
    assert scene.clock.sleeping == 0


async def test_operations_do_not_share_a_call() -> None:
    scene = Scene()
    tasks = [scene.ask(many("a")), scene.ask(many("b", operation="page"))]
    await scene.clock.advance(0.011)
    assert scene.below.calls == ["a", "b"]
    assert [task.result().body for task in tasks] == [1, 2]


async def test_none_is_nothing_and_a_key_that_is_passed_over_has_no_answer() -> None:
    scene = Scene()

    def forgetful(body: Any, keys: Sequence[str]) -> Mapping[str, Any]:
        return {key: body.get(key) for key in keys if key != "b"}

    tasks = [scene.ask(many(key, split=forgetful)) for key in ("a", "b", "zz")]
    await scene.clock.settle()
    assert tasks[0].result().body == 1
    assert isinstance(tasks[2].result().meaning, Nothing)
    with pytest.raises(Unanswered) as caught:
        await tasks[1]
    assert caught.value.cause is Cause.MALFORMED


async def test_nothing_for_the_call_is_nothing_for_each_key() -> None:
    scene = Scene()
    scene.below.result = Result(Nothing(), None, "u", 404)
    tasks = [scene.ask(many(key)) for key in "abc"]
    await scene.clock.settle()
    assert all(isinstance(task.result().meaning, Nothing) for task in tasks)


async def test_the_calls_failure_is_each_keys_failure() -> None:
    scene = Scene()
    scene.below.result = Unanswered(Cause.THROTTLED, "used up")
    tasks = [scene.ask(many(key)) for key in "abc"]
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(error) for error in errors] == ["throttled: used up"] * 3
    assert len({id(error) for error in errors}) == 3


async def test_a_split_that_raises_is_malformed_and_its_text_is_not_repeated() -> None:
    scene = Scene()

    def breaks(body: Any, keys: Sequence[str]) -> Mapping[str, Any]:
        raise KeyError("Jane Smith")

    tasks = [scene.ask(many(key, split=breaks)) for key in "abc"]
    for error in await asyncio.gather(*tasks, return_exceptions=True):
        assert isinstance(error, Unanswered)
        assert (error.cause, "KeyError" in error.because, "Jane" in error.because) == (Cause.MALFORMED, True, False)


async def test_a_build_that_raises_reaches_everybody_and_nobody_waits_for_ever() -> None:
    scene = Scene()

    def breaks(keys: Sequence[str]) -> Request:
        raise ZeroDivisionError

    tasks = [scene.ask(Lookup(ACME, "item", key, breaks, 2, split)) for key in "ab"]
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(error) for error in errors] == [ZeroDivisionError] * 2


async def test_who_leaves_before_departure_is_not_asked_about() -> None:
    scene = Scene()
    one, two = scene.ask(many("a")), scene.ask(many("b"))
    await scene.clock.settle()
    one.cancel()
    await scene.clock.advance(0.011)
    assert (scene.below.calls, two.result().body) == (["b"], 2)


async def test_when_all_have_left_nothing_departs() -> None:
    scene = Scene()
    one = scene.ask(many("a"))
    await scene.clock.settle()
    one.cancel()
    await scene.clock.advance(1)
    assert scene.below.calls == []
    two = scene.ask(many("b"))
    await scene.clock.advance(0.011)
    assert two.result().body == 2


async def test_when_all_have_left_after_departure_the_call_is_cancelled_but_not_before() -> None:
    scene = Scene()
    scene.below.gate.clear()
    tasks = [scene.ask(many(key)) for key in "abc"]
    await scene.clock.settle()
    for task in tasks[:2]:
        task.cancel()
    await scene.clock.settle()
    assert scene.below.cancelled == 0
    tasks[2].cancel()
    await scene.clock.settle()
    assert scene.below.cancelled == 1
    await scene.batch.aclose()


async def test_a_key_that_is_asked_again_meanwhile_waits_for_a_call_of_its_own() -> None:
    scene = Scene()
    one, two = scene.ask(many("a")), scene.ask(many("a"))
    await scene.clock.advance(0.011)
    assert scene.below.calls == ["a", "a"]
    assert (one.result().body, two.result().body) == (1, 1)
