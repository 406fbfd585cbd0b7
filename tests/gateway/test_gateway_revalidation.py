"""Old answers: asked about with their validators, served while they are refreshed, written behind the answer's back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_core.contracts.api import Lifetime, Request
from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.events import Attempt, CacheHit, CacheMiss
from leadgen_core.gateway.caching import Tier
from leadgen_core.gateway.entry import Entry, read_entry
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.testing import VirtualClock
from tests.gateway.cache_kit import Scene
from tests.gateway.gateway_kit import (
    ACME,
    HOUR,
    FakeLimiter,
    JsonStore,
    Recorder,
    answers,
    gateway,
    item,
    json_response,
    make_spec,
    until,
    upstream,
)

BACKGROUND = {
    "data": Lifetime(timedelta(hours=1), timedelta(hours=4), stale_while_revalidate=timedelta(hours=1)),
    "fleeting": Lifetime(timedelta(hours=1), timedelta(hours=2), persist=False),
}

# --- conditional requests ---------------------------------------------------------------------------------


async def asked_twice(first: Any, second: Any, lookup: Lookup | None = None) -> Any:
    """Ask, let the answer grow old, ask again: the two replies, the server's second request, the limiter."""
    clock, recorder, limiter = VirtualClock(), Recorder(), FakeLimiter()
    async with upstream() as server:
        server.answer = answers(lambda: json_response({"name": "Acme"}, **first), second)
        tiers = [Tier("disk", JsonStore(), True)]
        async with gateway(server.base_url, caches=tiers, clock=clock, recorder=recorder, limiter=limiter) as made:

            async def ask() -> Reply:
                asking = asyncio.create_task(made.ask(lookup or item(), "p.q"))
                await until(lambda: asking.done() or clock.sleeping > 0)
                await clock.advance(0.01 if clock.sleeping else 0)  # a batch lingers
                return await asking

            cold = await ask()
            await clock.advance(HOUR)
            warm = await ask()
            fresh = await ask()
        assert fresh == warm
        assert len(server.asked) == 2
        return cold, warm, server.asked[1], limiter, recorder


def not_modified() -> web.Response:
    return web.Response(status=304, headers={"ETag": '"v2"'})


async def test_an_answer_that_still_holds_is_not_sent_again() -> None:
    cold, warm, request, limiter, recorder = await asked_twice({"ETag": '"v1"'}, not_modified)
    assert request.headers["If-None-Match"] == '"v1"'
    assert "If-Modified-Since" not in request.headers
    assert warm.body == cold.body == {"name": "Acme"}
    assert warm.provenance.stale_since is None
    assert warm.provenance.retrieved_at == cold.provenance.retrieved_at + timedelta(hours=1)
    assert warm.provenance.good_until == cold.provenance.good_until + timedelta(hours=1)
    assert [[end for end in ends if end != "sent"] for ends in limiter.ends] == [["answered"], ["answered"]]
    assert [attempt.status for attempt in recorder.of(Attempt)] == [200, 304]


async def test_a_date_does_when_there_is_no_etag() -> None:
    date = "Wed, 21 Oct 2015 07:28:00 GMT"
    _, warm, request, _, _ = await asked_twice({"Last-Modified": date}, lambda: web.Response(status=304))
    assert request.headers["If-Modified-Since"] == date
    assert warm.body == {"name": "Acme"}


async def test_an_answer_that_has_changed_replaces_the_old_one() -> None:
    _, warm, request, _, _ = await asked_twice({"ETag": '"v1"'}, lambda: json_response({"name": "Acme 2"}))
    assert request.headers["If-None-Match"] == '"v1"'
    assert warm.body == {"name": "Acme 2"}


async def test_without_a_validator_nothing_is_asked_about_and_a_304_is_no_answer() -> None:
    with pytest.raises(Unanswered) as caught:
        await asked_twice({}, not_modified)
    assert caught.value.cause is Cause.MALFORMED


async def test_a_lookup_of_many_keys_is_never_conditional() -> None:
    many = Lookup(
        ACME, "item", "1", lambda keys: Request(f"/items?ids={','.join(keys)}"), 10, lambda body, keys: {"1": body}
    )
    _, _, request, _, _ = await asked_twice({"ETag": '"v1"'}, lambda: json_response({"name": "Acme"}), many)
    assert "If-None-Match" not in request.headers


async def test_a_part_of_an_answer_is_not_asked_about_with_the_validator_of_the_whole() -> None:
    part = Lookup(ACME, "item", "1", lambda _keys: Request("/items"), split=lambda body, _keys: {"1": body})
    store = JsonStore()
    clock = VirtualClock()
    async with upstream() as server, gateway(server.base_url, caches=[Tier("m", store)], clock=clock) as made:
        server.answer = answers(lambda: json_response({"name": "Acme"}, ETag='"v1"'))
        await made.ask(part, "p.q")
        (key,) = store.texts
        store.texts[key] = store.texts[key].replace('"v": 2', '"v": 2, "etag": "1"')  # as an earlier release kept it
        await clock.advance(HOUR)
        await made.ask(part, "p.q")
        assert "If-None-Match" not in server.asked[1].headers


@given(st.text() | st.integers() | st.none(), st.text() | st.binary())
def test_a_validator_that_no_header_can_carry_is_none(etag: Any, modified: Any) -> None:
    envelope = Entry({}, False, "u", 0.0, 10.0, 20.0).envelope() | {"etag": etag, "modified": modified}
    entry = read_entry(envelope, 1.0, 10.0, 20.0)
    assert entry is not None
    for header in entry.conditions().values():
        assert header.isascii()
        assert header.isprintable()
        assert len(header) <= 400


# --- nobody waits for a quota who has something old -------------------------------------------------------


async def test_a_used_up_quota_serves_the_old_answer_at_once_and_says_so() -> None:
    clock, limiter = VirtualClock(), FakeLimiter()
    async with (
        upstream() as server,
        gateway(server.base_url, caches=[Tier("m", JsonStore())], clock=clock, limiter=limiter) as made,
    ):
        await made.ask(item(), "p.q")
        await clock.advance(HOUR)
        limiter.permits.extend(limiter.permits * 599)  # 0 of 600 remain
        limiter.gate.clear()
        old = await made.ask(item(), "p.q")
        assert old.provenance.stale_since == clock.now()
        waiting = asyncio.create_task(made.ask(item("2"), "p.q"))  # nothing old: it waits for the window
        await clock.settle()
        assert not waiting.done()
        limiter.gate.set()
        assert not (await waiting).nothing
        assert server.paths == ["/items/1", "/items/2"]


async def test_a_429_serves_the_old_answer_without_another_attempt() -> None:
    clock = VirtualClock()
    async with (
        upstream() as server,
        gateway(server.base_url, caches=[Tier("m", JsonStore())], clock=clock, limiter=FakeLimiter()) as made,
    ):
        await made.ask(item(), "p.q")
        await clock.advance(HOUR)
        server.answer = answers(lambda: json_response({}, 429, x_retry_at="1769779000"))
        assert (await made.ask(item(), "p.q")).provenance.stale_since is not None
        assert len(server.asked) == 2


# --- stale while revalidate -------------------------------------------------------------------------------


def background() -> Scene:
    return Scene(lifetimes=BACKGROUND)


async def test_an_old_answer_is_served_at_once_and_refreshed_behind() -> None:
    scene = background()
    await scene.ask()
    await scene.clock.advance(HOUR)
    scene.below.gate, scene.below.body = asyncio.Event(), {"name": "Acme 2"}
    old = [(await scene.ask()).reply("q") for _ in range(3)]
    assert [reply.body for reply in old] == [{"name": "Acme"}] * 3
    assert all(reply.provenance.stale_since == scene.clock.now() for reply in old)
    assert scene.hits() == [CacheHit("acme", "memory", stale=True)] * 3
    await scene.clock.settle()
    assert scene.below.calls == 2
    scene.below.gate.set()
    await scene.clock.settle()
    new = await scene.ask()
    assert (new.body, new.stale) == ({"name": "Acme 2"}, False)
    assert scene.below.calls == 2


async def test_past_its_time_it_waits_for_the_refresh_that_is_under_way() -> None:
    scene = background()
    await scene.ask()
    await scene.clock.advance(HOUR)
    scene.below.gate, scene.below.body = asyncio.Event(), {"name": "Acme 2"}
    await scene.ask()
    await scene.clock.advance(1.5 * HOUR)
    waiting = asyncio.create_task(scene.ask())
    await scene.clock.settle()
    assert not waiting.done()
    scene.below.gate.set()
    assert (await waiting).body == {"name": "Acme 2"}
    assert scene.below.calls == 2


async def test_a_refresh_that_fails_is_nobodys_failure_and_tried_again() -> None:
    scene = background()
    await scene.ask()
    await scene.clock.advance(HOUR)
    scene.below.error = Unanswered(Cause.FORBIDDEN, "no")
    assert (await scene.ask()).stale
    await scene.clock.settle()
    assert (await scene.ask()).stale
    await scene.clock.settle()
    assert scene.below.calls == 3
    await scene.clock.advance(HOUR)
    with pytest.raises(Unanswered):
        await scene.ask()


async def test_a_refresh_is_cancelled_at_the_end() -> None:
    scene = background()
    await scene.ask()
    await scene.clock.advance(HOUR)
    scene.below.gate = asyncio.Event()
    assert (await scene.ask()).stale
    await scene.clock.settle()
    await scene.cache.aclose()
    assert not scene.cache._refreshing


async def test_so_many_are_refreshed_behind_and_no_more() -> None:
    scene = background()
    for number in range(102):
        await scene.ask(key=str(number))
    await scene.clock.advance(HOUR)
    scene.below.gate = asyncio.Event()
    asking = [asyncio.create_task(scene.ask(key=str(number))) for number in range(102)]
    await scene.clock.settle()
    assert sum(task.done() for task in asking) == 100
    scene.below.gate.set()
    assert sum([(await task).stale for task in asking]) == 100


# --- writing behind ---------------------------------------------------------------------------------------


async def test_no_answer_waits_for_a_persistent_tier_and_it_is_found_meanwhile() -> None:
    scene = Scene([Tier("disk", JsonStore(), True)])
    store, gate = scene.tiers[0].cache, asyncio.Event()
    put = store.set

    async def slow(key: str, value: Any, ttl: int) -> Any:
        await gate.wait()
        return await put(key, value, ttl)

    store.set = slow  # type: ignore[method-assign]
    first = await scene.cache.ask(item(), "k")
    second = await scene.cache.ask(item(), "k")
    assert (first.body, second.body, scene.below.calls) == ({"name": "Acme"}, {"name": "Acme"}, 1)
    gate.set()
    await scene.cache.aclose()
    assert set(store.texts) == {"k"}  # type: ignore[attr-defined]
    assert len(scene.recorder.of(CacheMiss)) == 1


async def test_a_younger_answer_takes_the_place_of_one_that_waits_to_be_written() -> None:
    scene = Scene([Tier("disk", JsonStore(), True)])
    shelf = scene.cache._terms["item"].shelves[0]
    writer, written = scene.cache._writer, []

    async def put(key: str, value: dict[str, Any], ttl: int) -> None:
        written.append(value["body"])

    shelf.put = put  # type: ignore[method-assign]
    for number in range(3):
        await writer.write("k", {"body": number}, 60, [shelf])
    await writer.flush()
    assert written == [2]


async def test_what_waits_to_be_written_is_bounded() -> None:
    scene = Scene([Tier("disk", JsonStore(), True)])
    scene.tiers[0].cache.hangs = True  # type: ignore[attr-defined]
    scene.cache._terms["item"].shelves[0]._health.patience = 0.3
    scene.cache._terms["item"].shelves[0].get = _nothing  # type: ignore
    asking = [asyncio.create_task(scene.cache.ask(item(), str(number))) for number in range(1005)]
    await scene.clock.settle()
    assert sum(task.done() for task in asking) == 1000
    await asyncio.gather(*asking)
    await scene.cache.flush()


async def _nothing(_key: str) -> None:
    return None


# --- against a model --------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.just("wait"), st.sampled_from([1.0, 1800.0, HOUR, 2 * HOUR]))
    | st.tuples(st.sampled_from(["ask", "down", "up", "change", "forget", "validators", "none"]), st.just(0.0)),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_against_a_model_of_one_value(steps: list[tuple[str, float]]) -> None:
    """Model: which version was confirmed last, and when. Fresh for 1 h, served and refreshed for 1 h, kept 4 h."""

    async def play() -> None:
        scene = background()
        version, down = 0, False
        held: tuple[int, float] | None = None  # the version, and when it was confirmed
        scene.below.body = 0
        for what, seconds in steps:
            now = scene.clock.monotonic()
            if what == "wait":
                await scene.clock.advance(seconds)
            elif what in ("down", "up"):
                down = what == "down"
                scene.below.error = Unanswered(Cause.FAILED, "down") if down else None
            elif what == "change":
                version += 1
                scene.below.body = version
            elif what == "forget":
                scene.memory.texts.clear()
                scene.disk.texts.clear()
                held = None
            elif what in ("validators", "none"):
                scene.below.headers = {"etag": f'"{version}"'} if what == "validators" else {}
            else:
                age = now - held[1] if held else float("inf")
                try:
                    entry: Entry | None = await scene.ask()
                except Unanswered:
                    entry = None
                await scene.clock.settle()
                await scene.cache.flush()
                if held and age < HOUR:
                    assert entry is not None
                    assert (entry.body, entry.stale) == (held[0], False)
                elif held and age < 2 * HOUR:
                    assert entry is not None
                    assert (entry.body, entry.stale) == (held[0], True)
                    held = held if down else (version, now)
                elif not down:
                    assert entry is not None
                    assert (entry.body, entry.stale) == (version, False)
                    held = version, now
                elif held and age < 4 * HOUR:
                    assert entry is not None
                    assert (entry.body, entry.stale) == (held[0], True)
                else:
                    assert entry is None
        await scene.cache.aclose()

    asyncio.run(play())


def test_the_spec_has_no_background_unless_it_says_so() -> None:
    assert make_spec().lifetimes["data"].stale_while_revalidate == timedelta(0)
