"""Cache: tiers, lifetimes, stale values, and tiers that are ill."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_core.contracts.lookup import Lookup
from leadgen_core.contracts.protocols import Wish
from leadgen_core.events import CacheHit, CacheMiss, TierDown
from leadgen_core.gateway.caching import Shelf, Tier
from leadgen_core.gateway.entry import Entry
from leadgen_core.gateway.exchange import NOTHING, Result
from leadgen_core.model.answers import Cause, Unanswered
from tests.gateway.cache_kit import Scene
from tests.gateway.gateway_kit import ACME, HOUR, JsonStore

SimpleMemoryCache = import_module("aiocache").SimpleMemoryCache  # aiocache has no types


async def test_what_was_asked_is_not_asked_again() -> None:
    scene = Scene()
    cold = await scene.ask()
    warm = await scene.ask()
    assert scene.below.calls == 1
    assert cold == warm
    assert cold.reply("q") == warm.reply("q")
    assert scene.recorder.of(CacheMiss) == [CacheMiss("acme")]
    assert scene.hits() == [CacheHit("acme", "memory")]


async def test_an_aiocache_memory_tier_does() -> None:
    scene = Scene([Tier("memory", SimpleMemoryCache(timeout=0))])
    assert (await scene.ask()).body is (await scene.ask()).body
    assert scene.below.calls == 1


async def test_a_lower_tier_refills_the_upper_one_with_the_remaining_lifetime() -> None:
    scene = Scene()
    await scene.ask()
    assert (scene.memory.ttls, scene.disk.ttls) == ({"k": 7200}, {"k": 7200})
    scene.memory.texts.clear()
    await scene.clock.advance(1000)
    found = await scene.ask()
    assert scene.hits() == [CacheHit("acme", "disk")]
    assert scene.memory.ttls == {"k": 6200}
    assert scene.memory.texts == scene.disk.texts
    assert found.at + 1000 == scene.clock.now().timestamp()
    assert scene.disk.calls == 3  # the disk, which had it, is not written again


async def test_bytes_survive_a_tier_of_text() -> None:
    scene = Scene()
    scene.below.body = b"\x00\xff page"
    await scene.ask()
    assert (await scene.ask()).body == b"\x00\xff page"
    assert scene.below.calls == 1


async def test_nothing_is_kept_too() -> None:
    scene = Scene()
    scene.below.meaning, scene.below.body, scene.below.status = NOTHING, None, 404
    assert [(await scene.ask()).nothing for _ in range(2)] == [True, True]
    assert scene.below.calls == 1


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_refusals_and_failures_are_never_kept_whatever_a_spec_makes_of_them(status: int) -> None:
    scene = Scene()
    scene.below.status = status
    await scene.ask()
    await scene.ask()
    assert scene.below.calls == 2
    assert scene.memory.texts == {}


async def test_a_failure_is_not_kept() -> None:
    scene = Scene()
    scene.below.error = Unanswered(Cause.FORBIDDEN, "set the key")
    for _ in range(2):
        with pytest.raises(Unanswered, match="set the key"):
            await scene.ask()
    assert scene.below.calls == 2
    assert scene.memory.texts == {}


async def test_what_may_not_persist_is_neither_written_to_a_persistent_tier_nor_looked_for_there() -> None:
    scene = Scene()
    await scene.ask("secret")
    assert scene.memory.texts
    assert scene.disk.calls == 0
    scene.memory.texts.clear()
    await scene.ask("secret")
    assert scene.below.calls == 2
    assert scene.disk.calls == 0


@pytest.mark.parametrize("cause", [Cause.FAILED, Cause.TIMEOUT, Cause.BREAKER_OPEN, Cause.THROTTLED])
async def test_past_its_soft_life_it_is_asked_again_and_served_marked_while_the_api_cannot_answer(cause: Cause) -> None:
    scene = Scene()
    await scene.ask()
    await scene.clock.advance(HOUR)
    scene.below.error = Unanswered(cause, "down")
    reply = (await scene.ask()).reply("q")
    assert scene.below.calls == 2
    assert reply.provenance.stale_since == reply.provenance.good_until == scene.clock.now()
    assert scene.hits() == [CacheHit("acme", "memory", stale=True)]
    scene.below.error = None
    scene.below.body = {"name": "Acme 2"}
    fresh = (await scene.ask()).reply("q")
    assert (fresh.body, fresh.provenance.stale_since) == ({"name": "Acme 2"}, None)
    assert (await scene.ask()).body == {"name": "Acme 2"}
    assert scene.below.calls == 3


@pytest.mark.parametrize("cause", [Cause.FORBIDDEN, Cause.MALFORMED, Cause.PLUGIN_ERROR])
async def test_a_refusal_for_good_is_not_covered_up_by_a_stale_value(cause: Cause) -> None:
    scene = Scene()
    await scene.ask()
    await scene.clock.advance(HOUR)
    scene.below.error = Unanswered(cause, "no")
    with pytest.raises(Unanswered):
        await scene.ask()


async def test_past_its_hard_life_nothing_is_served() -> None:
    scene = Scene()
    await scene.ask()
    await scene.clock.advance(2 * HOUR)
    scene.below.error = Unanswered(Cause.FAILED, "down")
    with pytest.raises(Unanswered, match="down"):
        await scene.ask()


async def test_a_value_whose_hard_life_ended_while_the_api_was_asked_is_not_served() -> None:
    scene = Scene()
    await scene.ask()
    await scene.clock.advance(2 * HOUR - 1)

    async def slow(lookup: Lookup, wish: Wish, old: Entry | None) -> Result:
        await scene.clock.sleep(2)
        raise Unanswered(Cause.TIMEOUT, "late")

    scene.below.ask = slow  # type: ignore[method-assign]
    asking = asyncio.create_task(scene.ask())
    await scene.clock.advance(3)
    with pytest.raises(Unanswered, match="late"):
        await asking


async def test_the_younger_of_two_stale_values_is_served() -> None:
    scene = Scene()
    await scene.ask()
    older = dict(scene.memory.texts)
    await scene.clock.advance(600)
    scene.memory.texts.clear()
    scene.disk.texts.clear()
    await scene.ask()
    scene.memory.texts.update(older)
    await scene.clock.advance(HOUR)
    scene.below.error = Unanswered(Cause.FAILED, "down")
    found = await scene.ask()
    assert found.at == scene.clock.now().timestamp() - HOUR
    assert scene.hits() == [CacheHit("acme", "disk", stale=True)]


async def test_a_life_of_less_than_a_second_is_not_kept_at_all() -> None:
    scene = Scene()
    await scene.ask()
    scene.memory.texts.clear()
    await scene.clock.advance(HOUR - 0.5)
    entry = Entry({}, False, "u", 0, HOUR, scene.clock.now().timestamp() + 0.9)
    await scene.cache._keep(
        "k", entry, [Shelf(scene.tiers[0], scene.clock, scene.recorder.events)], scene.clock.now().timestamp()
    )
    assert scene.memory.texts == {}


async def test_a_tier_that_fails_is_skipped_reported_once_and_tried_again_after_a_pause() -> None:
    scene = Scene()
    scene.disk.error = ConnectionError("redis://user:password@host")
    for key in ("a", "b", "c"):
        await scene.ask(key=key)
    assert scene.recorder.of(TierDown) == [TierDown("disk", "ConnectionError")]
    assert scene.disk.calls == 1
    await scene.clock.advance(31)
    await scene.ask(key="d")  # tried, still ill: not news
    assert scene.disk.calls == 2
    assert len(scene.recorder.of(TierDown)) == 1
    await scene.clock.advance(31)
    scene.disk.error = None
    await scene.ask(key="e")
    await scene.ask(key="f")
    assert set(scene.disk.texts) == {"e", "f"}
    scene.disk.error = ConnectionError()
    await scene.ask(key="g")
    assert len(scene.recorder.of(TierDown)) == 2


async def test_only_one_caller_tries_a_tier_that_was_ill() -> None:
    scene = Scene()
    scene.disk.error = ConnectionError()
    await scene.ask(key="a")
    await scene.clock.advance(31)
    scene.disk.error, scene.disk.hangs = None, True
    scene.disk.calls = 0
    await asyncio.gather(*(scene.ask(key=str(number)) for number in range(20)))
    assert scene.disk.calls == 1


async def test_a_slow_tier_is_skipped_within_its_patience() -> None:
    scene = Scene()
    scene.disk.hangs = True
    async with asyncio.timeout(2):
        assert (await scene.ask()).body == {"name": "Acme"}
    assert scene.recorder.of(TierDown) == [TierDown("disk", "no answer within 0.02 s")]
    assert (await scene.ask()).body == {"name": "Acme"}
    assert scene.disk.calls == 1


async def test_a_tier_that_fails_to_write_is_skipped() -> None:
    scene = Scene([Tier("memory", JsonStore())])

    async def full(key: str, value: Any, ttl: int) -> None:
        raise OSError("disk full")

    scene.tiers[0].cache.set = full  # type: ignore[method-assign]
    assert (await scene.ask()).body == {"name": "Acme"}
    assert scene.recorder.of(TierDown) == [TierDown("memory", "OSError")]


async def test_an_unreadable_or_unwritable_entry_does_not_make_a_tier_ill() -> None:
    scene = Scene()
    scene.disk.texts["k"] = "{no json"
    scene.below.body = {"a": {1, 2}}  # a body that is no JSON
    assert (await scene.ask()).body == {"a": {1, 2}}
    assert scene.recorder.of(TierDown) == []


async def test_an_entry_of_another_version_is_a_miss() -> None:
    scene = Scene()
    await scene.ask()
    for store in (scene.memory, scene.disk):
        store.texts["k"] = store.texts["k"].replace('"v": 2', '"v": 3')
    await scene.ask()
    assert scene.below.calls == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["v", "body", "at", "hard"]), inner),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(JSON)
def test_arbitrary_json_in_a_tier_never_raises(value: Any) -> None:
    async def play() -> None:
        store = SimpleMemoryCache(timeout=0)
        await store.set("k", value)
        scene = Scene([Tier("memory", store)])
        assert (await scene.ask()).body == {"name": "Acme"}

    asyncio.run(play())


STEPS = st.lists(
    st.tuples(st.just("wait"), st.sampled_from([1.0, 600.0, HOUR, 2 * HOUR]))
    | st.tuples(
        st.sampled_from(["ask", "down", "up", "forget memory", "forget disk", "memory ill", "memory well"]),
        st.just(0.0),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_against_a_model_of_two_tiers(steps: list[tuple[str, float]]) -> None:
    """Model: when the value that each tier holds was retrieved."""

    async def play() -> None:
        scene = Scene()
        held: dict[str, float | None] = {"memory": None, "disk": None}
        down = False
        last_failure = -1e9
        for what, seconds in steps:
            now = scene.clock.monotonic()
            if what == "wait":
                await scene.clock.advance(seconds)
            elif what in ("down", "up"):
                down = what == "down"
                scene.below.error = Unanswered(Cause.FAILED, "down") if down else None
            elif what == "forget memory":
                scene.memory.texts.clear()
                held["memory"] = None
            elif what == "forget disk":
                scene.disk.texts.clear()
                held["disk"] = None
            elif what == "memory ill":
                scene.memory.error = ConnectionError()
            elif what == "memory well":
                scene.memory.error = None
            else:
                resting = now < last_failure + 30
                ill = scene.memory.error is not None
                if ill and not resting:
                    last_failure = now
                visible = [] if ill or resting else ["memory"]
                visible.append("disk")
                ages = [held[name] for name in visible]
                alive = [at for at in ages if at is not None and now < at + 2 * HOUR]
                fresh = [at for at in alive if now < at + HOUR]
                calls = scene.below.calls
                try:
                    entry: Entry | None = await scene.ask()
                except Unanswered:
                    entry = None
                if fresh:
                    assert entry is not None
                    assert scene.below.calls == calls
                    assert not entry.stale
                    assert _since_start(entry) in fresh
                    for name in visible:
                        at = held[name]
                        if at is not None and now < at + HOUR:
                            break
                        held[name] = _since_start(entry)
                elif not down:
                    assert entry is not None
                    assert scene.below.calls == calls + 1
                    assert _since_start(entry) == now
                    held.update(dict.fromkeys(visible, now))
                elif alive:
                    assert entry is not None
                    assert entry.stale
                    assert _since_start(entry) == max(alive)
                else:
                    assert entry is None

    asyncio.run(play())


def _since_start(entry: Entry) -> float:
    return entry.at - datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC).timestamp()


def test_a_class_without_a_lifetime_is_noticed_when_the_stage_is_made() -> None:
    with pytest.raises(KeyError):
        Scene(lifetimes={})
    assert ACME.lifetimes
