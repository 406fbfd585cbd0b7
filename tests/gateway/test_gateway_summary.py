"""The summary of what the gateway did, by API, as a table and as JSON."""

from __future__ import annotations

import io
import json
from typing import Any

from leadgen_core.app.summary import Summary
from leadgen_core.cli.summary import render, render_json
from leadgen_core.contracts.api import Window
from leadgen_core.events import BreakerMoved, LeaseDown, LeaseWaited
from leadgen_core.gateway import Tier
from leadgen_core.testing import VirtualClock
from tests.gateway.gateway_kit import (
    HOUR,
    FakeLimiter,
    ImpatientClock,
    JsonStore,
    Recorder,
    answers,
    gateway,
    item,
    json_response,
    upstream,
)


async def a_run(summary: Summary) -> None:
    """A cold call with one failure, a hit, a revalidation, and the events of trouble."""
    recorder, clock, limiter = Recorder(), VirtualClock(), FakeLimiter()
    clock.sleep = ImpatientClock().sleep  # the back-off after the failure
    async with upstream() as server:
        server.answer = answers(
            lambda: json_response({}, 500),
            lambda: json_response({"name": "Acme"}, ETag='"1"'),
            lambda: json_response(None, 304),
        )
        with summary.listening(recorder.events):
            tiers = [Tier("memory", JsonStore())]
            async with gateway(server.base_url, caches=tiers, recorder=recorder, clock=clock, limiter=limiter) as made:
                await made.ask(item(), "p.q")
                await made.ask(item(), "p.q")
                await clock.advance(HOUR)
                await made.ask(item(), "p.q")
                recorder.events.emit(LeaseWaited("acme", 1.5))
                recorder.events.emit(LeaseWaited("acme", 0.5))
                recorder.events.emit(LeaseDown("ConnectionError"))
                recorder.events.emit(BreakerMoved("acme", "open"))
                summary.take_stock(made.calls(), made.quota())


async def test_what_was_done_is_counted_by_api() -> None:
    summary = Summary()
    await a_run(summary)
    stream = io.StringIO()
    render_json(summary, stream)
    said: dict[str, Any] = json.loads(stream.getvalue())
    assert said["message"] == "summary"
    assert said["summary"]["apis"]["acme"] == {
        "calls": 2,
        "attempts": 3,
        "answered": 2,
        "success": 2 / 3,
        "refused_by_quota": 0,
        "cache_hits": {"memory": 1},
        "stale_served": 0,
        "revalidated": 1,
        "cache_misses": 2,
        "throttled_seconds": 0.0,
        "lease_waits": 2,
        "lease_wait_seconds": 2.0,
        "breaker": {"open": 1},
        "quota": {"limit": 600, "used": 3, "window_seconds": 300.0, "resets_at": None},
    }
    assert said["summary"]["leases_down"] == {"ConnectionError": 1}


async def test_the_table_says_the_same_in_words() -> None:
    summary = Summary()
    await a_run(summary)
    stream = io.StringIO()
    render(summary, stream)
    lines = dict(line.split("  ", 1) for line in stream.getvalue().splitlines())
    said = {name: text.strip() for name, text in lines.items()}
    assert said["calls acme"] == "3, 66.7% answered"
    assert said["repeated acme"] == "1 requests more than its 2 calls"
    assert said["cache acme"] == "33.3% hits (memory 1), 1 not modified"
    assert said["quota acme"] == "3 of 600 used in this window of 300 s"
    assert said["waited acme"] == "2 times, 2.0 s for another process that asked the same"
    assert said["leases skipped"] == "ConnectionError (1 times)"


def test_a_quota_of_which_nothing_is_known_is_not_printed() -> None:
    summary = Summary()
    summary.apis["acme"].attempts = 1
    summary.take_stock({}, {"acme": Window(600, 300.0)})
    stream = io.StringIO()
    render(summary, stream)
    assert "quota" not in stream.getvalue()
    assert summary.as_json()["apis"]["acme"]["quota"]["used"] is None
