"""The watchdog names whoever blocks the event loop, and leaves everybody else alone."""

from __future__ import annotations

import asyncio
import sys
import threading
import types

from leadgen_core.engine.watchdog import Watchdog, culprit


def test_the_innermost_plugin_on_the_stack_is_the_culprit() -> None:
    module = types.ModuleType("leadgen_guest.client")
    exec("import sys\ndef frame(call=None):\n    return call() if call else sys._getframe()", module.__dict__)
    frame = module.frame()
    assert culprit(frame, {"leadgen_guest": "guest"}) == "guest"
    assert culprit(frame, {"leadgen_other": "other"}) == "the core"
    assert culprit(sys._getframe(), {"leadgen_guest": "guest"}) == "the core"
    assert culprit(module.frame(sys._getframe), {"leadgen_guest": "guest"}) == "guest"
    assert culprit(None, {}) == "the core"


def test_a_blocked_loop_is_told() -> None:
    told: list[str] = []
    seen = threading.Event()

    def blocked(who: str, stack: str) -> None:
        told.append(who)
        seen.set()

    async def run() -> None:
        with Watchdog(0.1, {"tests": "the test"}, blocked):
            # Blocks the loop on purpose, until the watchdog has seen it.
            assert seen.wait(20)

    asyncio.run(run())
    assert told == ["the test"]


def test_a_loop_that_turns_is_left_alone() -> None:
    told: list[str] = []

    async def run() -> None:
        turns = 0
        with Watchdog(0.5, {}, lambda who, _stack: told.append(who)) as watchdog:
            first = watchdog._beat
            while watchdog._beat <= first + 0.6:
                turns += 1
                await asyncio.sleep(0.005)

    asyncio.run(run())
    assert told == []
