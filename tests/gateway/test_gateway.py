"""The gateway as a whole: the order of its stages, what it costs to import, and the questions that the app asks it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import pytest
from aiohttp import web

from leadgen_core.contracts.api import Request, Window
from leadgen_core.contracts.lookup import Lookup
from leadgen_core.errors import UsageError
from leadgen_core.events import Attempt, BreakerMoved, CacheHit, CacheMiss
from leadgen_core.gateway import Binding, Gateway, ProbeResult, Tier
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.secrets import Secret
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import (
    ACME,
    DATE,
    HOUR,
    SERVER_TIME,
    FakeLimiter,
    ImpatientClock,
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


def test_importing_it_imports_neither_aiohttp_nor_aiocache_nor_cattrs() -> None:
    code = (
        "import sys, leadgen_core.gateway; print(sorted({'aiohttp', 'aiocache', 'cattrs', 'yarl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_making_it_imports_no_aiohttp_either() -> None:
    code = (
        "import asyncio, sys\n"
        "from leadgen_core.clock import Clock\n"
        "from leadgen_core.events import Events\n"
        "from leadgen_core.gateway import Gateway\n"
        "async def main():\n"
        "    made = Gateway([], caches=[], limiter=None, clock=Clock(), events=Events(), keyed=str, key_id='k')\n"
        "    await made.aclose()\n"
        "asyncio.run(main())\n"
        "print('aiohttp' in sys.modules)\n"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


async def test_a_question_passes_the_stages_in_their_order() -> None:
    recorder, limiter, store = Recorder(), FakeLimiter(), JsonStore()
    async with (
        upstream() as server,
        gateway(
            server.base_url,
            recorder=recorder,
            limiter=limiter,
            caches=[Tier("memory", store)],
            clock=ImpatientClock(),
        ) as made,
    ):
        server.answer = answers(lambda: json_response({}, 500), lambda: json_response({"name": "Acme"}))
        together = await asyncio.gather(*(made.ask(item(), f"acme.{number}") for number in range(10)))
        later = await made.ask(item(), "acme.later")
    assert len(server.asked) == 2  # one failed, one repeated; ten who asked, one who came later
    assert limiter.ends == [["sent", "answered"]] * 2
    assert [reply.provenance.question for reply in together] == [f"acme.{number}" for number in range(10)]
    assert later.provenance.url == together[0].provenance.url
    assert recorder.of(CacheMiss) == [CacheMiss("acme")]
    assert recorder.of(CacheHit) == [CacheHit("acme", "flight")] * 9 + [CacheHit("acme", "memory")]
    assert [attempt.meaning for attempt in recorder.of(Attempt)] == ["failed", "ok"]


async def test_keys_are_apart_by_installation_key_and_credential() -> None:
    store = JsonStore()
    async with upstream() as server:
        for secret, key_id in ((Secret("a"), "k1"), (Secret("b"), "k1"), (Secret("a"), "k2"), (Secret("a"), "k1")):
            made = Gateway(
                [Binding(ACME, "acme", server.base_url, secret)],
                caches=[Tier("disk", store, True)],
                limiter=None,
                clock=ImpatientClock(),
                events=Recorder().events,
                keyed=str,
                key_id=key_id,
            )
            await made.ask(item(), "q")
            await made.aclose()
    assert len(server.asked) == 3
    assert len(store.texts) == 3
    assert all(key.endswith(":=/items/1") for key in store.texts)


async def test_a_batch_is_one_call_one_permit_and_an_entry_for_each_key() -> None:
    store, limiter = JsonStore(), FakeLimiter()

    def build(keys: Sequence[str]) -> Request:
        return Request("/users", {"ids": ",".join(keys)})

    def split(body: Any, keys: Sequence[str]) -> dict[str, Any]:
        return {key: body.get(key) for key in keys}

    def user(key: str) -> Lookup:
        return Lookup(ACME, "item", key, build, 2, split)

    async with upstream() as server, gateway(server.base_url, caches=[Tier("m", store)], limiter=limiter) as made:
        server.answer = answers(lambda: json_response({"a": {"name": "A"}}))
        found, missing = await asyncio.gather(made.ask(user("a"), "q"), made.ask(user("b"), "q"))
        again = await made.ask(user("a"), "q")
    assert (found.body, found.nothing, missing.nothing) == ({"name": "A"}, False, True)
    assert again == found
    assert server.paths == ["/users?ids=a%2Cb"]
    assert len(limiter.permits) == 1
    assert len(store.texts) == 2


async def test_an_api_that_is_down_opens_the_breaker_and_stale_values_are_served() -> None:
    clock, recorder = VirtualClock(), Recorder()
    async with (
        upstream() as server,
        gateway(server.base_url, clock=clock, recorder=recorder, caches=[Tier("m", JsonStore())]) as made,
    ):
        await made.ask(item("old"), "q")

        async def down(request: web.BaseRequest) -> web.StreamResponse:
            return json_response({}, 503, Retry_After="600")

        server.answer = down
        for number in range(12):
            with pytest.raises(Unanswered):
                await made.ask(item(str(number)), "q")
        assert [event.state for event in recorder.of(BreakerMoved)] == ["open"]
        asked = len(server.asked)
        with pytest.raises(Unanswered) as caught:
            await made.ask(item("new"), "q")
        assert caught.value.cause is Cause.BREAKER_OPEN
        await clock.advance(HOUR - 1)  # the probe fails, the value is past its soft life a second later
        with pytest.raises(Unanswered):
            await made.ask(item("probe"), "q")
        await clock.advance(1)
        stale = await made.ask(item("old"), "q")
        assert stale.provenance.stale_since is not None
        assert len(server.asked) == asked + 1


async def test_the_last_waiters_cancellation_reaches_the_wire_and_the_permit_comes_back() -> None:
    limiter = FakeLimiter()
    limiter.gate.clear()
    async with upstream() as server, gateway(server.base_url, limiter=limiter) as made:
        tasks = [asyncio.create_task(made.ask(item(), "q")) for _ in range(3)]
        await until(lambda: limiter.waiting == 1)
        tasks[0].cancel()
        tasks[1].cancel()
        await asyncio.wait(tasks[:2])
        assert limiter.waiting == 1
        tasks[2].cancel()
        await until(lambda: limiter.waiting == 0)
    assert server.asked == []


async def test_closing_ends_what_waits() -> None:
    limiter = FakeLimiter()
    limiter.gate.clear()
    async with upstream() as server:
        async with gateway(server.base_url, limiter=limiter) as made:
            task = asyncio.create_task(made.ask(item(), "q"))
            await until(lambda: limiter.waiting == 1)
        with pytest.raises(Unanswered, match="closed"):
            await task
        with pytest.raises(Unanswered, match="closed"):
            await made.ask(item(), "q")


async def test_what_cannot_be_asked() -> None:
    async with gateway("https://acme.example") as made:
        with pytest.raises(Unanswered) as caught:
            await made.ask(Lookup.get(make_spec(name="other"), "item", "/a"), "q")
        assert caught.value.cause is Cause.NOT_CONFIGURED
        with pytest.raises(ValueError, match="acme declares no operation nonsense"):
            await made.ask(Lookup.get(ACME, "nonsense", "/a"), "q")


def make(*bindings: Binding, caches: Sequence[Tier] = ()) -> Gateway:
    return Gateway(
        bindings, caches=caches, limiter=None, clock=VirtualClock(), events=Recorder().events, keyed=str, key_id="k"
    )


async def test_what_is_wrong_with_a_binding_is_said_before_anything_is_asked() -> None:
    with pytest.raises(UsageError, match="the API acme is declared by the plugins one and two"):
        make(Binding(ACME, "one", "https://a.example"), Binding(ACME, "two", "https://a.example"))
    with pytest.raises(UsageError, match="one: base_url"):
        make(Binding(ACME, "one", "acme.example"))
    with pytest.raises(UsageError, match=r"acme\.item: no lifetime"):
        make(Binding(make_spec(lifetimes={}), "one", "https://a.example"))
    with pytest.raises(UsageError, match="the probe names an operation"):
        make(Binding(make_spec(probe=("nonsense", Request("/"))), "one", "https://a.example"))


async def test_a_tier_that_pickles_is_refused() -> None:
    aiocache = import_module("aiocache")
    pickling = aiocache.SimpleMemoryCache(serializer=aiocache.serializers.PickleSerializer())
    with pytest.raises(UsageError, match="the cache tier disk uses pickle"):
        make(caches=[Tier("disk", pickling, True)])
    make(caches=[Tier("memory", aiocache.SimpleMemoryCache())])


async def test_the_quota_is_what_the_limiter_knows() -> None:
    limiter = FakeLimiter()
    async with upstream() as server, gateway(server.base_url, limiter=limiter) as made:
        assert made.quota() == {"acme": None}
        await made.ask(item(), "q")
        assert made.quota() == {"acme": Window(600, 300.0, 599)}
        assert (limiter.meters[0].api, limiter.meters[0].windows) == ("acme", (Window(600, 300.0),))
        assert limiter.meters[0].credential == Secret("k3y").id
    async with gateway("https://acme.example") as made:
        assert made.quota() == {"acme": None}


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (
            lambda: json_response({}, x_remaining="41"),
            ProbeResult("ok", 200, Window(600, 300.0, 41, SERVER_TIME + 300)),
        ),
        (lambda: json_response({}, 401), ProbeResult("refused", 401, None, "set the api_key")),
        (lambda: web.Response(status=404, headers={"Date": DATE}), ProbeResult("nothing", 404)),
        (lambda: json_response({}, 500), ProbeResult("failed", 500, None, "the server answered 500")),
        (
            lambda: json_response({}, 429, x_retry_at=str(SERVER_TIME + 38)),
            ProbeResult("retryat", 429, None, "the quota is used up until 2026-01-30T13:15:00Z"),
        ),
        (lambda: web.Response(text="hello", headers={"Date": DATE}), ProbeResult("malformed", 200, None, "no JSON")),
    ],
)
async def test_a_probe_is_one_request_without_cache_or_retry(response: Any, expected: ProbeResult) -> None:
    store, limiter = JsonStore(), FakeLimiter()
    async with upstream() as server, gateway(server.base_url, caches=[Tier("m", store)], limiter=limiter) as made:
        server.answer = answers(response)
        assert await made.probe("acme") == expected
        assert await made.probe("acme") == expected
    assert server.paths == ["/probe", "/probe"]
    assert "Authorization" in server.asked[0].headers
    assert store.calls == 0
    assert len(limiter.permits) == 2


async def test_a_probe_shows_the_tightest_window() -> None:
    windows = (Window(600, 300.0, 100, 1.0), Window(5000, 86400.0, 3, 2.0), Window(10, 1.0))
    spec = make_spec(read_windows=lambda _headers, _at: windows)
    async with upstream() as server, gateway(server.base_url, spec=spec) as made:
        assert (await made.probe("acme")).quota == windows[1]


async def test_a_probe_says_what_else_is_wrong() -> None:
    async with upstream() as server:
        base_url = server.base_url
    async with gateway(base_url) as made:
        assert await made.probe("acme") == ProbeResult("failed", because="no connection to the server")
        assert (await made.probe("other")).meaning == "not configured"
    async with gateway(base_url, secret=None) as made:
        assert await made.probe("acme") == ProbeResult("not configured", because="acme-plugin: api_key is not set")
    async with gateway(base_url, spec=make_spec(probe=None)) as made:
        assert (await made.probe("acme")).meaning == "no probe"


async def refusal(made: Gateway, key: str) -> None:
    with pytest.raises(Unanswered):
        await made.ask(item(key), "q")


async def test_a_wrong_key_leaves_nothing_to_ask() -> None:
    async with upstream() as server, gateway(server.base_url) as made:
        assert made.stuck(["acme"]) is None
        await made.ask(item("1"), "q")
        assert made.stuck(["acme"]) is None
        server.answer = answers(lambda: json_response({}, 401))
        await refusal(made, "2")
        assert made.stuck(["acme"]) == "set the api_key"
        assert made.stuck(["acme", "other"]) is None  # of which nothing bad is known
        assert made.stuck([]) is None


async def test_a_burst_of_403_is_no_wrong_key_until_it_does_not_end() -> None:
    async with upstream() as server, gateway(server.base_url) as made:
        for burst in range(2):
            server.answer = answers(lambda: json_response({}, 403))
            for number in range(9):
                await refusal(made, f"{burst}-{number}")
            assert made.stuck(["acme"]) is None
            server.answer = answers(lambda: json_response({}))
            await made.ask(item(f"good-{burst}"), "q")
        server.answer = answers(lambda: json_response({}, 403))
        for number in range(10):
            await refusal(made, str(number))
        assert made.stuck(["acme"]) == "set the api_key"


async def test_a_used_up_day_and_a_broken_limiter_leave_nothing_to_ask() -> None:
    limiter = FakeLimiter()
    async with upstream() as server:
        async with gateway(server.base_url) as made:
            server.answer = answers(lambda: json_response({}, 429, x_exhausted=str(SERVER_TIME + 86400)))
            await refusal(made, "1")
            assert made.stuck(["acme"]) == "the quota is used up for this run"
        limiter.fails_to_acquire = True
        async with gateway(server.base_url, limiter=limiter) as made:
            await refusal(made, "1")
            assert "RuntimeError" in (made.stuck(["acme"]) or "")


async def test_tiers_are_looked_up_in_the_given_order() -> None:
    recorder, upper, lower = Recorder(), JsonStore(), JsonStore()
    tiers = [Tier("upper", upper), Tier("lower", lower, True)]
    async with upstream() as server, gateway(server.base_url, caches=tiers, recorder=recorder) as made:
        await made.ask(item(), "q")
        upper.texts.clear()
        await made.ask(item(), "q")
        await made.ask(item(), "q")
    assert [event.tier for event in recorder.of(CacheHit)] == ["lower", "upper"]
