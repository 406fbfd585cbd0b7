"""An API that counts endpoints apart, over the limiter of one process: what one quota lacks no other misses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import define, evolve
from hypothesis import given
from hypothesis import strategies as st
from leadgen_quota.limiter import ProcessLimiter

from leadgen_core.contracts.api import ApiSpec, Operation, Window
from leadgen_core.contracts.lookup import Reply
from leadgen_core.errors import UsageError
from leadgen_core.events import Throttled
from leadgen_core.gateway import Gateway
from leadgen_core.gateway.quotas import meters, speaking
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.testing import VirtualClock
from tests.gateway.endpoints_kit import ENDPOINTS, LENGTH, Counter, Counting, endpoints, find
from tests.gateway.gateway_kit import (
    SERVER_TIME,
    FakeLimiter,
    Recorder,
    Upstream,
    gateway,
    json_response,
    make_spec,
    together,
    until,
    upstream,
)

MANY = 25
"""More than may be on the wire together."""


@define
class Scene:
    clock: VirtualClock
    recorder: Recorder
    server: Upstream
    counting: Counting
    made: Gateway
    tasks: list[asyncio.Task[Reply]]

    def ask(self, operation: str, *keys: int, spec: ApiSpec = ENDPOINTS) -> list[asyncio.Task[Reply]]:
        asked = [asyncio.create_task(self.made.ask(find(operation, str(key), spec), "q")) for key in keys]
        self.tasks += asked
        return asked

    async def waits(self, tasks: list[asyncio.Task[Reply]], count: int) -> None:
        """Until all but so many are answered; then the others go on waiting."""
        await until(lambda: sum(not task.done() for task in tasks) == count)
        await self.clock.settle()
        assert sum(not task.done() for task in tasks) == count


@asynccontextmanager
async def scene(spec: ApiSpec = ENDPOINTS, cap: int | None = None, **counters: Counter) -> AsyncIterator[Scene]:
    clock, recorder = VirtualClock(), Recorder()
    limiter, counting = ProcessLimiter(clock=clock), Counting(clock, **counters)
    async with upstream() as server:
        server.answer = counting.answer
        async with gateway(
            server.base_url, spec=spec, limiter=limiter, clock=clock, recorder=recorder, cap=cap
        ) as made:
            scene = Scene(clock, recorder, server, counting, made, [])
            yield scene
            for task in scene.tasks:
                task.cancel()
            await asyncio.gather(*scene.tasks, return_exceptions=True)
        await limiter.aclose()


# --- one lacks, the other does not ------------------------------------------------------------------------


async def test_a_refusal_of_one_endpoint_stops_that_one_alone() -> None:
    async with scene(search=Counter(refusals=1, back_in=600.0)) as at:
        searches = at.ask("search", *range(MANY))
        await until(lambda: at.counting.asked("search") == 1)
        others = at.ask("profile", *range(MANY)) + at.ask("page", *range(MANY))
        await together(others)  # no time passes
        await at.waits(searches, MANY)
        assert at.counting.asked("search") == 1
        await at.clock.advance(599)
        assert at.counting.asked("search") == 1
        await at.clock.advance(1)
        await together(searches)
        assert at.counting.asked("search") == MANY + 1


async def test_a_used_up_window_of_one_endpoint_stops_that_one_alone() -> None:
    async with scene(search=Counter(limit=5)) as at:
        searches = at.ask("search", *range(MANY))
        await at.waits(searches, MANY - 5)
        await together(at.ask("profile", *range(MANY)) + at.ask("page", *range(MANY)))
        await at.waits(searches, MANY - 5)
        assert at.counting.asked("search") == 5
        at.counting.counters["search"].limit = 60
        await at.clock.advance(LENGTH + 2)
        await together(searches)


async def test_operations_that_name_none_share_the_common_quota() -> None:
    async with scene(page=Counter(refusals=1, back_in=60.0)) as at:
        pages = at.ask("page", 1)
        await until(lambda: at.counting.asked("page") == 1)
        await at.waits(pages, 1)
        posts = at.ask("post", *range(3))
        await together(at.ask("profile", 1))
        await at.waits(posts, 3)
        assert at.counting.asked("post") == 0
        await at.clock.advance(60)
        await together([*pages, *posts])


async def test_operations_that_name_the_same_quota_share_it() -> None:
    spec = endpoints(
        operations={"search": Operation("data", quota="search"), "page": Operation("data", quota="search")},
        quotas={"search": (Window(60, LENGTH),)},
    )
    async with scene(spec, search=Counter(refusals=1, back_in=60.0)) as at:
        at.ask("search", 1, spec=spec)
        await until(lambda: at.counting.asked("search") == 1)
        await at.clock.settle()
        pages = at.ask("page", 1, spec=spec)
        await at.waits(pages, 1)
        await at.clock.advance(60)
        await together(pages)


async def test_the_operators_cap_holds_for_each() -> None:
    async with scene(cap=3) as at:
        searches, profiles = at.ask("search", *range(5)), at.ask("profile", *range(5))
        await at.waits(searches, 2)
        await at.waits(profiles, 2)
        assert (at.counting.asked("search"), at.counting.asked("profile")) == (3, 3)


# --- a quota that this run cannot outwait -----------------------------------------------------------------


async def test_a_used_up_day_of_one_endpoint_is_that_ones_alone() -> None:
    async with scene(search=Counter(refusals=1, back_in=86_400.0), profile=Counter(refusals=0)) as at:
        searches = at.ask("search", *range(MANY))
        for error in (await together([asyncio.gather(*searches, return_exceptions=True)]))[0]:
            assert isinstance(error, Unanswered)
            assert error.cause is Cause.THROTTLED
            assert error.until == datetime.fromtimestamp(SERVER_TIME + 86_400, UTC)
        assert at.counting.asked("search") == 1
        with pytest.raises(Unanswered, match="the quota search is used up for this run"):
            await at.made.ask(find("search", "again"), "q")
        await together(at.ask("profile", *range(MANY)))
        assert at.made.stuck(["acme"]) is None
        for name in ("profile", "page"):
            at.counting.counters.setdefault(name, Counter()).refusals = 1
            at.counting.counters[name].back_in = 86_400.0
            with pytest.raises(Unanswered):
                await at.made.ask(find(name, "last"), "q")
        assert at.made.stuck(["acme"]) == (
            "the quota search is used up for this run; the quota profile is used up for this run; "
            "the quota is used up for this run"
        )


@pytest.mark.parametrize("turns", range(4))
async def test_a_second_word_of_it_while_waiters_leave_harms_nobody(turns: int) -> None:
    async with scene(search=Counter(refusals=1, back_in=60.0)) as at:
        searches = at.ask("search", *range(3))
        await until(lambda: at.counting.asked("search") == 1)
        await at.waits(searches, 3)
        stages = at.made._open("acme").quota._stages  # type: ignore[union-attr]
        for day in (1, 2):
            stages["search"]._exhaust(SERVER_TIME + day * 86_400, SERVER_TIME)
            for _ in range(turns):
                await asyncio.sleep(0)
        (ended,) = await together([asyncio.gather(*searches, return_exceptions=True)])
        assert [type(each) for each in ended] == [Unanswered] * 3


# --- windows that lie on the clock ------------------------------------------------------------------------

DAY = 86_400.0
MIDNIGHT = SERVER_TIME + DAY - SERVER_TIME % DAY
DAILY = endpoints(
    operations={"search": Operation("data", quota="search")},
    quotas={"search": (Window(3, DAY, resets_at=0.0),)},
    read_windows=None,
)
"""As LinkedIn counts: by endpoint and day, which ends at 00:00 UTC, and no answer says a word of it."""


async def test_a_day_that_no_answer_mentions_ends_at_midnight() -> None:
    async with scene(DAILY, search=Counter(states=False)) as at:
        searches = at.ask("search", *range(2), spec=DAILY)
        await together(searches)
        await at.clock.advance(MIDNIGHT - SERVER_TIME - 1800)
        searches = at.ask("search", *range(2, 8), spec=DAILY)
        await at.waits(searches, 5)  # half an hour can be waited for
        await at.clock.advance(1799)
        await at.waits(searches, 5)
        await at.clock.advance(3)
        await until(lambda: at.counting.asked("search") == 6)


async def test_nobody_waits_for_the_end_of_a_day() -> None:
    async with scene(DAILY, search=Counter(states=False)) as at:
        searches = at.ask("search", *range(8), spec=DAILY)
        ended = await together([asyncio.gather(*searches, return_exceptions=True)])
        assert [type(each) for each in ended[0]] == [Reply] * 3 + [Unanswered] * 5
        with pytest.raises(Unanswered, match="the quota search is used up for this run") as caught:
            await at.made.ask(find("search", "late", DAILY), "q")
        assert caught.value.cause is Cause.THROTTLED
        assert caught.value.until == datetime.fromtimestamp(MIDNIGHT, UTC)
        assert at.made.stuck(["acme"]) == "the quota search is used up for this run"
        await at.clock.advance(MIDNIGHT - SERVER_TIME + 2)
        await together(at.ask("search", 8, 9, 10, spec=DAILY))
        assert at.counting.asked("search") == 6


async def test_who_asks_after_the_last_of_a_day_does_not_wait_either() -> None:
    async with scene(DAILY, search=Counter(states=False)) as at:
        await together(at.ask("search", *range(3), spec=DAILY))
        assert at.made.stuck(["acme"]) is None
        with pytest.raises(Unanswered, match="used up"):
            await together(at.ask("search", 3, spec=DAILY))
        assert at.counting.asked("search") == 3


async def test_without_an_answer_nobody_knows_how_long_a_day_still_is() -> None:
    """Another process has used it up, and the limiter that both share says so."""

    class Shared(FakeLimiter):
        def status(self, meter: Any) -> Window:
            return Window(3, meter.windows[0].length, 0, MIDNIGHT)

    limiter = Shared()
    limiter.gate.clear()
    async with upstream() as server, gateway(server.base_url, spec=DAILY, limiter=limiter) as made:
        asked = asyncio.create_task(made.ask(find("search", "1", DAILY), "q"))
        await until(lambda: limiter.waiting == 1)
        await VirtualClock().settle()
        assert not asked.done()
        limiter.gate.set()
        await together([asked])


async def test_what_the_server_says_of_that_length_is_believed_instead() -> None:
    said = Window(50, DAY, 49, SERVER_TIME + 60)
    other = Window(5, 60.0, 4, SERVER_TIME + 60)
    read = speaking(evolve(DAILY, read_windows=lambda _headers, _at: (said, other)), "search").read_windows
    assert read is not None
    assert read({}, SERVER_TIME) == [said, other]
    read = speaking(evolve(DAILY, read_windows=lambda _headers, _at: (other,)), "search").read_windows
    assert read is not None
    assert read({}, SERVER_TIME) == [other, Window(3, DAY, None, MIDNIGHT)]


@given(st.floats(0, 4e9), st.floats(0.5, 1e7), st.floats(-1e6, 4e9), st.booleans())
def test_a_window_on_the_clock_is_the_one_that_holds_now(now: float, length: float, moment: float, named: bool) -> None:
    rule = (Window(3, length, resets_at=moment),)
    spec = evolve(DAILY, quotas={"search": rule}) if named else evolve(DAILY, quotas={"search": ()}, windows=rule)
    read = speaking(spec, "search" if named else "").read_windows
    assert read is not None
    (window,) = read({}, now)
    assert window.resets_at is not None
    assert now - 1e-3 <= window.resets_at <= now + length + 1e-3
    periods = (window.resets_at - moment) / length
    assert periods == pytest.approx(round(periods), abs=1e-4)


def test_limiters_are_told_of_a_rule_what_they_always_were() -> None:
    assert meters(DAILY, "id", 7)["search"].windows == (Window(3, DAY),)


# --- what is said of them ---------------------------------------------------------------------------------


async def test_each_quota_is_known_by_name_and_the_tightest_is_the_apis() -> None:
    async with scene() as at:
        assert at.made.quota() == {"acme": None}
        await together(at.ask("search", 1, 2) + at.ask("profile", 1))
        at.counting.counters["search"].limit = 60
        await together(at.ask("search", 3))
        reset = SERVER_TIME + LENGTH
        known = {"search": Window(60, LENGTH, 57, reset), "profile": Window(600, LENGTH, 599, reset), "": None}
        assert at.made.quotas() == {"acme": known}
        assert at.made.quota() == {"acme": known["search"]}


async def test_waiting_names_the_quota() -> None:
    async with scene(search=Counter(refusals=1, back_in=60.0), page=Counter(refusals=1, back_in=60.0)) as at:
        asked = at.ask("search", 1) + at.ask("page", 1)
        await at.waits(asked, 2)
        await at.clock.advance(60)
        await together(asked)
        assert {(event.quota, event.seconds) for event in at.recorder.of(Throttled)} == {("search", 60.0), ("", 60.0)}


async def test_so_does_the_pause_after_a_refusal_that_names_no_time() -> None:
    async with scene(search=Counter(refusals=1, back_in=None)) as at:
        asked = at.ask("search", 1)
        await at.waits(asked, 1)
        await at.clock.advance(LENGTH)
        await together(asked)
        assert {event.quota for event in at.recorder.of(Throttled)} == {"search"}


async def test_the_limiter_is_asked_with_a_meter_of_each_quota() -> None:
    limiter = FakeLimiter()
    async with upstream() as server, gateway(server.base_url, spec=ENDPOINTS, limiter=limiter) as made:
        for operation in ("search", "profile", "page"):
            await made.ask(find(operation, "1"), "q")
    assert [(meter.quota, meter.windows) for meter in limiter.meters] == [
        ("search", (Window(60, LENGTH),)),
        ("profile", (Window(300, LENGTH),)),
        ("", (Window(600, LENGTH),)),
    ]
    assert len(set(limiter.meters)) == 3


async def test_a_limiter_that_fails_at_one_quota_ends_the_calls_under_that_one() -> None:
    class Forgetful(FakeLimiter):
        async def acquire(self, meter: Any, wish: object = None) -> Any:
            self.fails_to_acquire = meter.quota == "search"
            return await super().acquire(meter, wish)

    async with upstream() as server, gateway(server.base_url, spec=ENDPOINTS, limiter=Forgetful()) as made:
        for _ in range(2):
            with pytest.raises(Unanswered, match=r"acme \(search\) is asked nothing more"):
                await made.ask(find("search", "1"), "q")
        await made.ask(find("profile", "1"), "q")
        assert made.stuck(["acme"]) is None


async def test_after_an_outage_every_endpoint_is_approached_slowly() -> None:
    """Each quota has a door; the breaker is the API's."""
    async with scene() as at:
        stages = at.made._open("acme").quota
        doors = [stage._door for stage in stages._stages.values()]  # type: ignore[union-attr]
        at.server.answer = failing
        for number in range(3):
            tasks = at.ask("search", *range(number * 5, number * 5 + 5))
            while not all(task.done() for task in tasks):
                await at.clock.advance(1)
        assert [door.width for door in doors] == [1, 1, 1]


async def failing(_request: object) -> Any:
    return json_response({}, 500)


# --- what a gateway refuses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"quotas": {}}, "acme declares no quota search, which its operation search counts against"),
        (
            {"quotas": {**ENDPOINTS.quotas, "": (Window(1, 1.0),)}},
            "acme declares a quota without a name: the rules of its common one stand in windows",
        ),
        (
            {"quotas": {**ENDPOINTS.quotas, "search": (Window(500, DAY), Window(100, DAY))}},
            "acme declares two windows of one length in its quota search",
        ),
    ],
)
async def test_quotas_that_cannot_be_kept_are_refused(changes: dict[str, Any], because: str) -> None:
    with pytest.raises(UsageError, match=f"^{because}$"):
        async with gateway("https://acme.example", spec=endpoints(**changes)):
            pass


async def test_two_rules_of_one_length_in_the_common_quota_go_on_to_be_taken() -> None:
    """As they were before quotas had names."""
    async with gateway("https://acme.example", spec=make_spec(windows=(Window(9, DAY), Window(7, DAY)))) as made:
        assert made.quota() == {"acme": None}
