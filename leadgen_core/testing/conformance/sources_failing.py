"""What is asked of a source when its API fails: an Unknown, soon, and never something that looks like an answer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from aiohttp import web

from leadgen_core.model.answers import Absent, Found, Unknown
from leadgen_core.testing import faults
from leadgen_core.testing.conformance.bench import bench
from leadgen_core.testing.conformance.check import check, require
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.trial import OWN_TIME, Trial, attempt, baseline
from leadgen_core.testing.faults import Fault, answering
from leadgen_core.testing.serving import first_pages

_HOOK = "leadgen_sources"
_ENVELOPES = (b"{}", b"[]", b"null", b'"text"', b"[null]", b"7")
_FAILURES = (
    answering("429 with Retry-After", 429, b"{}", retry_after="7", content_type="application/json"),
    answering("a bare 429", 429),
    answering("500", 500),
    answering("503 with JSON", 503, b'{"error": "down"}', content_type="application/json"),
    answering("401", 401, b"{}", content_type="application/json"),
    answering("403", 403),
    faults.HTML,
    faults.RESET,
    faults.CUT,
    faults.HUGE,
    *(answering(f"200 with {body.decode()}", 200, body, content_type="application/json") for body in _ENVELOPES),
)
_BOUND = 512 * 1024
"""Bytes of a body while failures are tried: none of a dozen companies is longer."""
_SPOILT = 150
"""Bodies with one member changed that are tried."""


def _places(trial: Trial) -> Sequence[int]:
    """Which requests fail: all, and the last alone."""
    return sorted({0, trial.requests - 1})


async def _failing(specimen: Specimen, fault: Fault, place: int, whole: Trial, patience: float | None = None) -> Trial:
    def rule(here: int, _request: web.Request) -> Fault | None:
        return fault if here >= place else None

    async with bench(specimen, fault=rule, max_bytes=_BOUND, patience=patience) as stand:
        return await attempt(stand, whole.subject)


async def _failures(specimen: Specimen) -> Sequence[tuple[str, Trial, Trial]]:
    """In words, the trial without a failure, the trial with it; remembered, since three checks look at them."""
    known = specimen.memo.get("failures")
    if known is None:
        known, whole = [], (await baseline(specimen)).longest
        for place in _places(whole):
            for fault in _FAILURES:
                trial = await _failing(specimen, fault, place, whole)
                known.append((f"{whole.about}, with {fault.name} from request {place + 1} on", whole, trial))
        specimen.memo["failures"] = known
    return known


@check(
    _HOOK,
    "source.failure-no-exception",
    says="no failure of its API makes it raise anything but Unanswered",
    mend="let Unanswered out as it is; read a reply's body as something that anybody may have written",
)
async def failure_no_exception(specimen: Specimen) -> None:
    """429, 500, 401, 403, broken and cut connections, HTML, huge and foreign bodies."""
    for when, _whole, trial in await _failures(specimen):
        require(trial.raised is None and not trial.endless, f"{when}, {trial.ended}")


@check(
    _HOOK,
    "source.failure-is-unknown",
    says="when its API fails it answers Unknown, never Absent and never a Found that looks whole",
    mend="let Unanswered out of answer(); where you catch it, answer Unknown or Found(..., complete=False)",
)
async def failure_is_unknown(specimen: Specimen) -> None:
    """An answer that is the same as without the failure did not need what failed."""
    for when, whole, trial in await _failures(specimen):
        require(not isinstance(trial.answer, Absent), f"{when}, {trial.ended}")
        if isinstance(trial.answer, Found) and trial.answer.complete:
            require(trial.alike() == whole.alike(), f"{when}, {trial.ended}")


@check(
    _HOOK,
    "source.foreign-404",
    says="a 404 that is not its API's own is no proof that there is nothing",
    mend="classify a 404 as Nothing only with the body that the API documents: a wrong base_url answers 404 to all",
)
async def foreign_404(specimen: Specimen) -> None:
    """A web server's page, as behind a wrong ``base_url``."""
    whole = (await baseline(specimen)).longest
    trial = await _failing(specimen, faults.FOREIGN, 0, whole)
    require(not isinstance(trial.answer, Absent | Found), f"{whole.about}, with {faults.FOREIGN.name}, {trial.ended}")


@check(
    _HOOK,
    "source.hang",
    says=f"when its API does not answer, it answers Unknown within {OWN_TIME:g} s of its own time",
    mend="do not sleep and do not ask again: the gateway has bounds and repeats of its own",
)
async def hang(specimen: Specimen) -> None:
    """The API's time-outs are shortened to a few hundredths of a second."""
    whole = (await baseline(specimen)).longest
    for place in _places(whole):
        trial = await _failing(specimen, faults.HANG, place, whole, patience=0.015)
        require(
            isinstance(trial.answer, Unknown) or (isinstance(trial.answer, Found) and not trial.answer.complete),
            f"{whole.about}, with no answer from request {place + 1} on, {trial.ended}",
        )


@check(
    _HOOK,
    "source.odd-bodies",
    says="a body with one member missing or of another type makes it raise nothing",
    mend="check in redact whatever answer() relies on: an exception there makes the answer malformed, as it should be",
)
async def odd_bodies(specimen: Specimen) -> None:
    """Real answers of the API, each spoilt in one place."""
    whole = (await baseline(specimen)).known
    rng = random.Random(7)  # noqa: S311 - the same every time
    async with bench(specimen) as stand:
        await attempt(stand, whole.subject)
        recorded = [(place, asked.body) for place, asked in enumerate(stand.asked) if asked.status == 200]
        spoilt = [(place, body, how) for place, real in recorded for body, how in _spoilings(real)]
        for place, body, how in rng.sample(spoilt, min(_SPOILT, len(spoilt))):
            stand.store.texts.clear()
            stand.asked.clear()
            fault = answering("a spoilt body", 200, body, content_type="application/json")
            stand.front.fault = _only(place, fault)
            trial = await attempt(stand, whole.subject)
            require(
                trial.raised is None and not trial.endless and not trial.late,
                f"{whole.about}, with {how} in answer {place + 1}, {trial.ended}",
            )


def _only(place: int, fault: Fault) -> Any:
    return lambda here, _request: fault if here == place else None


_OTHERS: tuple[Any, ...] = (None, [], {}, "", "xq", -1, True)


def _spoilings(body: bytes) -> Iterator[tuple[bytes, str]]:
    """The body with one member changed, and in words how; long lists are spoilt in their first and last row."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    for path in _paths(value):
        yield orjson.dumps(_without(value, path)), f"{'.'.join(map(str, path))} missing"
        for other in _OTHERS:
            yield orjson.dumps(_with(value, path, other)), f"{'.'.join(map(str, path))} = {other!r}"


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list) and value:
        items = [(0, value[0])] if len(value) == 1 else [(0, value[0]), (len(value) - 1, value[-1])]
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _with(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    changed = value.copy()
    changed[path[0]] = _with(value[path[0]], path[1:], other)
    return changed


def _without(value: Any, path: tuple[Any, ...]) -> Any:
    changed = value.copy()
    if len(path) == 1:
        del changed[path[0]]
    else:
        changed[path[0]] = _without(value[path[0]], path[1:])
    return changed


@check(
    _HOOK,
    "source.ends",
    says="a list whose pages repeat without end comes to an end",
    mend="go over pages with ctx.pages(), which ends after 200; a loop of your own needs a bound of its own",
)
async def ends(specimen: Specimen) -> None:
    """Every further page of a list is answered with its first page; by its address without the query."""
    whole, trial = await _repeating(specimen)
    require(not trial.endless and not trial.late, f"{whole.about}, with a first page for every page, {trial.ended}")


@check(
    _HOOK,
    "source.whole",
    says="a list of which pages are missing is not called whole",
    mend="answer Found(..., complete=False) when you stop before the end, or let ctx.pages() raise",
)
async def not_whole(specimen: Specimen) -> None:
    """The same: pages repeat, so that the rest of the list never comes."""
    whole, trial = await _repeating(specimen)
    if isinstance(trial.answer, Found) and trial.answer.complete:
        missing = set(whole.alike()) - set(trial.alike())
        require(not missing, f"{whole.about}, with a first page for every page, {trial.ended}, complete=True")


async def _repeating(specimen: Specimen) -> tuple[Trial, Trial]:
    """The trial with well pages and with a first page for every page; remembered, since two checks look at it."""
    known: tuple[Trial, Trial] | None = specimen.memo.get("repeating")
    if known is None:
        whole = (await baseline(specimen)).longest
        async with bench(specimen) as stand:
            await attempt(stand, whole.subject)
            firsts = first_pages(stand.asked)
        async with bench(specimen, fault=lambda _place, request: firsts.get(request.path)) as stand:
            known = specimen.memo["repeating"] = (whole, await attempt(stand, whole.subject))
    return known
