"""The parts of what counts endpoints apart: meters, what is told of windows, and why nothing may be asked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from attrs import evolve

from leadgen_core.contracts.api import Window
from leadgen_core.contracts.protocols import Meter
from leadgen_core.gateway.quotas import Quotas, meters, speaking, tightest
from tests.gateway.endpoints_kit import ENDPOINTS


def quotas(*reasons: str | None) -> Quotas:
    stages: dict[str, Any] = {str(place): SimpleNamespace(dead=reason) for place, reason in enumerate(reasons)}
    return Quotas(stages)


def test_an_api_may_not_be_asked_when_no_quota_may_and_each_reason_is_said_once() -> None:
    assert quotas("used up", None).dead is None
    assert quotas(None).dead is None
    assert quotas("used up", "the rate limiter failed", "used up").dead == "used up; the rate limiter failed"


def test_each_quota_has_a_meter_of_the_key_it_counts() -> None:
    made = meters(ENDPOINTS, "key1", 7)
    assert {(name, meter.quota, meter.api, meter.credential, meter.cap) for name, meter in made.items()} == {
        (name, name, ENDPOINTS.name, "key1", 7) for name in {each.quota for each in ENDPOINTS.operations.values()}
    }
    assert meters(evolve(ENDPOINTS, operations={}), "key1", None) == {
        "": Meter(ENDPOINTS.name, "key1", tuple(ENDPOINTS.windows), None)
    }


def test_where_no_window_is_on_the_clock_the_spec_itself_will_do() -> None:
    assert speaking(ENDPOINTS, "search") is ENDPOINTS


def test_the_tightest_has_the_fewest_calls_left_and_what_is_not_known_counts_whole() -> None:
    few, full, unknown = Window(600, 60.0, 5), Window(10, 1.0, 10), Window(7, 3600.0)
    assert tightest([full, few, unknown]) == few
    assert tightest([full, unknown]) == unknown
    assert tightest([]) is None
