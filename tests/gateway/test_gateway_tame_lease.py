"""A lease of a plugin that breaks its contract costs nothing but the lease."""

from __future__ import annotations

from typing import Any

import pytest

from leadgen_core.app.tame import TameLease
from leadgen_core.contracts.specs import LeaseSpec
from leadgen_core.engine.parts import Owner, Part
from leadgen_core.events import LeaseDown
from leadgen_core.gateway import Tier
from tests.gateway.gateway_kit import JsonStore, Recorder, gateway, item, upstream


class Wild:
    """Each method does what it is told: raise it, or give it."""

    def __init__(self, does: Any) -> None:
        self.does = does

    async def take(self, key: str, seconds: float) -> Any:
        if isinstance(self.does, BaseException):
            raise self.does
        return self.does

    extend = release = wait = take


@pytest.mark.parametrize(
    ("does", "said"), [(SystemExit(3), "EscapedError"), (7, "TypeError"), (RuntimeError(), "RuntimeError")]
)
async def test_it_is_told_once_and_the_question_is_answered(does: Any, said: str) -> None:
    part: Part[LeaseSpec, Any] = Part(
        LeaseSpec(name="wild", factory="x:y"), Owner("wild", "leadgen-wild", "1"), Wild(does)
    )
    recorder = Recorder()
    async with (
        upstream() as server,
        gateway(
            server.base_url, caches=[Tier("t", JsonStore(), True)], recorder=recorder, lease=TameLease(part)
        ) as made,
    ):
        for number in range(3):
            assert (await made.ask(item(str(number)), "p.q")).body
    assert recorder.of(LeaseDown) == [LeaseDown(said)]
