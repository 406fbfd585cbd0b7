"""What is asked of a source that is cancelled: it ends, and gives back all that the gateway lent it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from leadgen_core.events import BreakerMoved
from leadgen_core.model.subjects import Subject
from leadgen_core.testing import faults
from leadgen_core.testing.conformance.bench import Bench, bench
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.trial import Trial, attempt, baseline
from leadgen_core.testing.faults import Fault, answering

_HOOK = "leadgen_sources"
_SOON = 3.0
"""Seconds within which what was cancelled must have ended."""
_UNTIL_OPEN = 30
"""Failing answers after which a breaker that does not open is taken for none."""
_PAUSE = 400.0
"""Seconds after which an open breaker lets a probe through, with room to spare."""


@check(
    _HOOK,
    "source.cancel",
    says="cancelled while it waits for its API, it ends at once as cancelled",
    mend="catch no CancelledError, and no BaseException; use try/finally to tidy up",
)
async def cancel(specimen: Specimen) -> None:
    """At each request, while the API keeps it waiting, and while it waits for its permit."""
    whole = (await baseline(specimen)).longest
    for place in _requests(whole):
        async with bench(specimen, fault=_hanging(place)) as stand:
            task = await _waiting(stand, whole.subject, place)
            await _cancelled(task, f"{whole.about} and cancelled at request {place + 1}")
    async with bench(specimen) as stand:
        task = await _before_its_permit(stand, whole.subject)
        await _cancelled(task, f"{whole.about} and cancelled before its permit came")


@check(
    _HOOK,
    "source.cancel-gives-back",
    says="cancelled, it leaves no permit, no place at the gateway and no probe of the breaker occupied",
    mend="start no task that outlives answer(): use asyncio.TaskGroup, and no asyncio.shield",
)
async def cancel_gives_back(specimen: Specimen) -> None:
    """With one place at the gateway: who comes next gets it, or waits for ever."""
    whole = (await baseline(specimen)).longest
    for place in _requests(whole):
        async with bench(specimen, fault=_hanging(place), concurrency=1) as stand:
            task = await _waiting(stand, whole.subject, place)
            await _given_up(stand, task, f"{whole.about} and cancelled at request {place + 1}")
            await _goes_on(stand, whole, f"cancelled at request {place + 1}")
    async with bench(specimen, concurrency=1) as stand:
        task = await _before_its_permit(stand, whole.subject)
        await _given_up(stand, task, f"{whole.about} and cancelled before its permit came")
        stand.limiter.open()
        await _goes_on(stand, whole, "cancelled before its permit came")
    await _probe(specimen, whole)


async def _probe(specimen: Specimen, whole: Trial) -> None:
    """The breaker is opened by failures; the source is cancelled while its request is the probe."""
    async with bench(specimen, fault=lambda _place, _request: answering("500", 500)) as stand:
        for _ in range(_UNTIL_OPEN):
            if any(isinstance(event, BreakerMoved) and event.state == "open" for event in stand.events):
                break
            await attempt(stand, whole.subject)
        else:
            raise NotChecked("the gateway's breaker does not open, so there is no probe to give back")
        await stand.clock.sleep(_PAUSE)
        stand.asked.clear()
        stand.front.fault = _hanging(0)
        task = await _waiting(stand, whole.subject, 0)
        await _given_up(stand, task, f"{whole.about} and cancelled as the breaker's probe")
        await _goes_on(stand, whole, "cancelled as the breaker's probe")


def _requests(whole: Trial) -> list[int]:
    """The first, the second and the last."""
    return sorted({0, min(1, whole.requests - 1), whole.requests - 1})


def _hanging(place: int) -> Callable[[int, web.Request], Fault | None]:
    return lambda here, _request: faults.HANG if here == place else None


async def _waiting(stand: Bench, subject: Subject, place: int) -> asyncio.Task[Any]:
    """The question, when its request ``place`` has reached the API that does not answer it."""
    task: asyncio.Task[Any] = asyncio.ensure_future(stand.made.answer(subject, stand.context()))
    await _until(lambda: len(stand.asked) > place or task.done())
    require(not task.done() or len(stand.asked) > place, f"it ended before its request {place + 1}")
    return task


async def _before_its_permit(stand: Bench, subject: Subject) -> asyncio.Task[Any]:
    stand.limiter.closed = True
    task: asyncio.Task[Any] = asyncio.ensure_future(stand.made.answer(subject, stand.context()))
    await _until(lambda: stand.limiter.waiting > 0 or task.done())
    return task


async def _cancelled(task: asyncio.Task[Any], when: str) -> None:
    task.cancel()
    await asyncio.wait({task}, timeout=_SOON)
    require(task.done(), f"{when}, it did not end within {_SOON:g} s")
    require(task.cancelled(), f"{when}, it went on and gave an answer or raised")


async def _given_up(stand: Bench, task: asyncio.Task[Any], when: str) -> None:
    """However it ends (that is another check's business), nothing may be left."""
    task.cancel()
    await asyncio.wait({task}, timeout=_SOON)
    if task.done() and not task.cancelled():
        task.exception()
    limiter = stand.limiter
    if not await _until(lambda: limiter.outstanding == 0 and limiter.waiting == 0):
        require(limiter.waiting == 0, f"{when}, something of it still waits for a permit")
        require(False, f"{when}, {limiter.outstanding} permit was neither given back nor used")


async def _goes_on(stand: Bench, whole: Trial, when: str) -> None:
    """The next one gets the place, the probe and the answer."""
    stand.front.fault = lambda _place, _request: None
    stand.store.texts.clear()
    after = await attempt(stand, whole.subject)
    require(after.found, f"after one that was {when} the next one was not answered: {after.ended}")


async def _until(condition: Callable[[], bool]) -> bool:
    """Wait until it is so; False when it is not within ``_SOON``."""
    try:
        async with asyncio.timeout(_SOON):
            while not condition():  # noqa: ASYNC110 - it watches a server, which sets no event of ours
                await asyncio.sleep(0.001)
    except TimeoutError:
        return False
    return True
