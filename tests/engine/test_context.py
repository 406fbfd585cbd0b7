"""What a source is lent: each lookup once a company, and a clock that stands still while the gateway works."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from leadgen_core import (
    ApiSpec,
    Cause,
    Found,
    Lifetime,
    Lookup,
    Ok,
    Operation,
    Provenance,
    Reply,
    Subject,
    Unanswered,
)
from leadgen_core.engine.collect import Collector
from leadgen_core.testing import VirtualClock
from tests.engine.parts import NOW, NUMBER, profile, source

API = ApiSpec(
    name="test",
    controller="Test",
    base_url="https://example.test",
    operations={"get": Operation("data")},
    classify=lambda _operation, _reply: Ok(),
    redact=lambda _operation, body, _keyed: body,
    lifetimes={"data": Lifetime(timedelta(days=1), timedelta(days=2))},
)


class Gateway:
    """Counts and answers, or fails."""

    def __init__(self, fail: Cause | None = None, seconds: float = 0) -> None:
        self.asked: list[tuple[str, str]] = []
        self._fail = fail
        self._seconds = seconds

    async def ask(self, lookup: Lookup, question: str) -> Reply:
        self.asked.append((lookup.key, question))
        await asyncio.sleep(self._seconds)
        if self._fail is not None:
            raise Unanswered(self._fail, "so it is")
        return Reply({"key": lookup.key}, False, Provenance(question, "https://example.test", NOW))


def collector(gateway: Gateway, *scripts: Any, seconds: float = 30) -> Collector:
    async def admit(_subject: Subject) -> bool:
        return True

    sources = [source(f"s{place}", script, tier=place, api=API)[0] for place, script in enumerate(scripts)]
    return Collector(
        sources, gateway, VirtualClock(), want=["site"], admit=admit, broke=lambda *_: None, seconds=seconds
    )


async def asks_first(_subject: Any, ctx: Any) -> Found:
    reply = await ctx.ask(Lookup.get(API, "get", "/first"))
    assert reply.provenance.question == ctx.question
    return Found([profile()])


async def test_a_lookup_is_asked_once_for_a_company_whoever_asks() -> None:
    gateway = Gateway()
    got = await collector(gateway, asks_first, asks_first).collect([NUMBER])
    assert gateway.asked == [("/first", "test.s0")]
    assert len(got.claims) == 2


async def test_a_failure_is_remembered_too_so_that_retries_do_not_multiply() -> None:
    gateway = Gateway(Cause.FAILED)
    got = await collector(gateway, asks_first, asks_first).collect([NUMBER])
    assert len(gateway.asked) == 1
    assert [outcome.cause for outcome in got.outcomes.values()] == [Cause.FAILED, Cause.FAILED]


async def test_waiting_in_the_gateway_is_not_the_sources_own_time() -> None:
    gateway = Gateway(seconds=0.3)
    got = await collector(gateway, asks_first, seconds=0.1).collect([NUMBER])
    assert got.outcomes["test.s0"].cause is None


async def test_the_clock_goes_on_after_a_reply() -> None:
    async def then_hangs(_subject: Any, ctx: Any) -> Found:
        await asyncio.gather(*(ctx.ask(Lookup.get(API, "get", f"/{page}")) for page in range(3)))
        await asyncio.Event().wait()
        raise AssertionError

    got = await collector(Gateway(), then_hangs, seconds=0.05).collect([NUMBER])
    assert got.outcomes["test.s0"].cause is Cause.TIMEOUT


@pytest.mark.parametrize("last", [3, None])
async def test_paging_ends(last: int | None) -> None:
    pages: list[Reply] = []

    async def reads(_subject: Any, ctx: Any) -> Found:
        def following(reply: Reply) -> Lookup | None:
            place = int(reply.body["key"].removeprefix("/")) + 1
            return None if place == last else Lookup.get(API, "get", f"/{place}")

        async for reply in ctx.pages(Lookup.get(API, "get", "/0"), following, limit=10):
            pages.append(reply)
        return Found([profile()])

    got = await collector(Gateway(), reads).collect([NUMBER])
    assert len(pages) == (last or 10)
    assert got.outcomes["test.s0"].cause is (None if last else Cause.MALFORMED)
