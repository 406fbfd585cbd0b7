"""What is asked of a simulator: it stands in for the API, with its key, its quota and the world's data."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import orjson
from attrs import define, evolve
from yarl import URL

from leadgen_core.contracts.api import ApiSpec, Exhausted, RawReply, Request, RetryAt, Window
from leadgen_core.contracts.specs import SourceSpec
from leadgen_core.contracts.world import World
from leadgen_core.gateway.auth import signature
from leadgen_core.secrets import Secret
from leadgen_core.testing.clock import QuickClock
from leadgen_core.testing.conformance.bench import bench, world_of
from leadgen_core.testing.conformance.check import NotChecked, check, require
from leadgen_core.testing.conformance.specimen import SECRET, Specimen
from leadgen_core.testing.conformance.trial import attempt, baseline
from leadgen_core.testing.serving import Desk, served
from leadgen_core.testing.world import small_world

_HOOK = "leadgen_simulators"
_SOON = 3.0
"""Seconds within which a server must have closed."""
_WINDOW = 30.0
"""Seconds that the quota's window is shortened to."""
_MOST_CALLS = 2000
"""A larger quota is not tried to its end."""
_AT_ONCE = 50


_Answer = tuple[int, bytes, Mapping[str, str]]
"""Status, body, headers with lower-case names."""


@define
class _Stand:
    """A simulator on its port, and a client that is not the gateway."""

    base_url: str
    desk: Desk
    session: aiohttp.ClientSession

    async def get(
        self, target: str, signed: Mapping[str, str], method: str = "GET"
    ) -> tuple[int, bytes, Mapping[str, str]]:
        url = URL(self.base_url + target, encoded=True)
        async with self.session.request(method, url, headers=signed, allow_redirects=False) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, await answer.read(), headers


@asynccontextmanager
async def _stand(
    specimen: Specimen, *, world: World | None = None, window: float | None = None
) -> AsyncIterator[_Stand]:
    made = specimen.make()
    desk = Desk(QuickClock(), dict.fromkeys(made.credentials, SECRET), window)
    async with (
        served(made.application(world_of(specimen) if world is None else world, desk)) as url,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        yield _Stand(url, desk, session)


def _api(specimen: Specimen) -> ApiSpec:
    """The API that it simulates, as the plugin's sources declare it."""
    spec: Any = specimen.spec
    for record in specimen.opened.records:
        api = getattr(record.spec, "api", None)
        if isinstance(api, ApiSpec) and api.name == spec.api:
            return api
    raise NotChecked(f"no source and no discoverer of this plugin asks the API {spec.api}")


def _probe(specimen: Specimen) -> tuple[ApiSpec, str, str]:
    """The API, the probe's operation and its address. Raises ``NotChecked`` without one."""
    api = _api(specimen)
    if api.probe is None:
        raise NotChecked(f"the API {api.name} declares no probe, so no request is known that it should answer")
    operation, request = api.probe
    return api, operation, _target(request)


def _target(request: Request) -> str:
    query = URL.build(query=dict(request.params)).raw_query_string
    return f"{request.path}?{query}" if query else request.path


def _signed(api: ApiSpec, key: str | None) -> Mapping[str, str]:
    return signature(api.credential, None if key is None else Secret(key), None, "conformance")


def _sources(specimen: Specimen) -> Sequence[Specimen]:
    """The plugin's sources that ask this API."""
    spec: Any = specimen.spec
    return [
        evolve(specimen, hook=record.hook, spec=record.spec)
        for record in specimen.opened.records
        if isinstance(record.spec, SourceSpec) and record.spec.api is not None and record.spec.api.name == spec.api
    ]


@check(
    _HOOK,
    "simulator.credential",
    says="it refuses a wrong key and none, and takes the right one",
    mend="compare with desk.credentials, and answer as the API does (401 or 403)",
)
async def credential(specimen: Specimen) -> None:
    """By the API's probe."""
    api, _operation, target = _probe(specimen)
    if api.credential is None:
        raise NotChecked(f"the API {api.name} needs no credential")
    async with _stand(specimen) as stand:
        for what, key in (("no key", None), ("a wrong key", "not-the-key")):
            status, _, _ = await stand.get(target, _signed(api, key))
            require(status in (401, 403), f"with {what} it answered {status}")
        status, _, _ = await stand.get(target, _signed(api, SECRET))
        require(status not in (401, 403), f"with the right key it answered {status}")


@check(
    _HOOK,
    "simulator.world",
    says="what it answers comes from the world",
    mend="answer from world.company(...) and its like; nothing may stand in the simulator's own code",
)
async def of_the_world(specimen: Specimen) -> None:
    """What sources find over one world they do not find over an empty one."""
    for source in _sources(specimen):
        found = [trial for trial in (await baseline(source)).trials if trial.found]
        async with bench(source, world=small_world(())) as stand:
            for trial in found:
                empty = await attempt(stand, trial.subject)
                require(not empty.found, f"over an empty world, {trial.about}, {source.question} found something")


@check(
    _HOOK,
    "simulator.deterministic",
    says="over one world at one time it gives the same answers, byte for byte",
    mend="draw from a generator seeded with world.seed; take the time from the desk; go over no set",
)
async def deterministic(specimen: Specimen) -> None:
    """Two of them are asked the requests of the plugin's sources and discoverers, in the same order."""
    api = _api(specimen)
    targets = await _targets(specimen)
    runs = []
    for _ in range(2):
        async with _stand(specimen) as stand:
            runs.append([(await stand.get(target, _signed(api, SECRET)))[:2] for target in targets])
    for target, first, second in zip(targets, *runs, strict=True):
        require(first == second, f"asked for {target.partition('?')[0]}, two of them gave different answers")


async def _targets(specimen: Specimen) -> Sequence[str]:
    """What the plugin's sources ask, at most a hundred addresses."""
    asked: dict[str, None] = {}
    for source in _sources(specimen):
        subjects = [trial.subject for trial in (await baseline(source)).trials]
        async with bench(source) as stand:
            for subject in subjects:
                await attempt(stand, subject)
            asked.update(dict.fromkeys(each.target for each in stand.asked if each.method == "GET"))
    if not asked:
        _, _, target = _probe(specimen)
        asked[target] = None
    return tuple(asked)[:100]


@check(
    _HOOK,
    "simulator.unknown-path",
    says="a path that the API does not have is answered, and breaks nothing",
    mend="answer unknown paths as the API does, with 404",
)
async def unknown_path(specimen: Specimen) -> None:
    """Paths, queries and methods that nobody documents."""
    api = _api(specimen)
    odd = (
        ("GET", "/no/such/path/xq"),
        ("GET", "/%00%ff/..%2f"),
        ("GET", "/?page=xq&page=-1&start_index=xq"),
        ("POST", "/no/such/path/xq"),
        ("GET", "/" + "x" * 2000),
    )
    async with _stand(specimen) as stand:
        for method, target in odd:
            status, _, _ = await stand.get(target, _signed(api, SECRET), method)
            require(status < 500, f"{method} {target[:40]} was answered with {status}")


@check(
    _HOOK,
    "simulator.quota",
    says="after as many calls as the quota has it refuses, in words that classify reads as a refusal by quota",
    mend="count calls by desk.monotonic(), and answer the one too many as the API does (429 with its headers)",
)
async def quota(specimen: Specimen) -> None:
    """By the API's probe; within one window, since the desk's time stands still."""
    api, operation, target = _probe(specimen)
    limit = _limit(api)
    async with _stand(specimen, window=_WINDOW) as stand:
        statuses, last = await _spend(stand, target, _signed(api, SECRET), limit)
        allowed = sum(status != 429 for status in statuses)
        require(allowed == limit, f"of {limit} calls that the quota has, it answered {allowed}")
        meaning = api.classify(operation, _reply(last))
        require(
            isinstance(meaning, RetryAt | Exhausted),
            f"call {limit + 1} was answered with {last[0]}, which classify takes for {type(meaning).__name__}",
        )


@check(
    _HOOK,
    "simulator.window",
    says="desk.window shortens the window of its quota, and after it calls are answered again",
    mend="take the window's length from desk.window where it is not None, and measure it by desk.monotonic()",
)
async def window(specimen: Specimen) -> None:
    """The quota is used up and the desk's time moved on by a little more than the shortened window."""
    api, operation, target = _probe(specimen)
    limit = _limit(api)
    if min(each.length for each in _rules(api)) <= _WINDOW:
        raise NotChecked(f"the quota's own window is no longer than {_WINDOW:g} s")
    async with _stand(specimen, window=_WINDOW) as stand:
        await _spend(stand, target, _signed(api, SECRET), limit)
        stand.desk.ahead += _WINDOW + 1.0
        answer = await stand.get(target, _signed(api, SECRET))
        meaning = api.classify(operation, _reply(answer))
        require(
            not isinstance(meaning, RetryAt | Exhausted),
            f"{_WINDOW + 1:g} s after the quota was used up it still refused, with {answer[0]}",
        )


def _rules(api: ApiSpec) -> Sequence[Window]:
    """Of the quota that the probe counts against."""
    return api.rules(api.operations[api.probe[0]].quota if api.probe is not None else "")


def _limit(api: ApiSpec) -> int:
    """The calls of the smallest window. Raises ``NotChecked`` without one, or for one too large to be tried."""
    limits = [each.limit for each in _rules(api)]
    if not limits:
        raise NotChecked(f"the API {api.name} declares no windows")
    if min(limits) > _MOST_CALLS:
        raise NotChecked(f"the API {api.name} has a quota of {min(limits)} calls, too many to be tried here")
    return min(limits)


async def _spend(stand: _Stand, target: str, signed: Mapping[str, str], limit: int) -> tuple[list[int], _Answer]:
    """The statuses of as many calls as the quota has, and the answer to one more."""
    statuses: list[int] = []
    while len(statuses) < limit:
        more = min(_AT_ONCE, limit - len(statuses))
        statuses += [answer[0] for answer in await asyncio.gather(*(stand.get(target, signed) for _ in range(more)))]
    return statuses, await stand.get(target, signed)


def _reply(answer: _Answer) -> RawReply:
    """The answer as the gateway would hand it to ``classify``."""
    status, content, headers = answer
    date = headers.get("date")
    received_at = parsedate_to_datetime(date).timestamp() if date else 0.0
    try:
        return RawReply(status, headers, orjson.loads(content), True, received_at)
    except orjson.JSONDecodeError:
        return RawReply(status, headers, content, False, received_at)


@check(
    _HOOK,
    "simulator.closes",
    says="it closes within seconds and leaves neither task nor thread",
    mend="end in application.on_cleanup what application.on_startup began",
)
async def closes(specimen: Specimen) -> None:
    """Served, asked once, closed."""
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    try:
        async with asyncio.timeout(_SOON):
            async with _stand(specimen) as stand:
                await stand.get("/", {})
    except TimeoutError:
        require(False, f"it did not close within {_SOON:g} s")
    for _ in range(10):
        await asyncio.sleep(0)  # connections that were closed end their tasks
    left = [task for task in asyncio.all_tasks() - tasks if not task.done()]
    for task in left:
        task.cancel()
    require(not left, f"{len(left)} of its tasks still run after it was closed")
    alive = [thread.name for thread in set(threading.enumerate()) - threads if not thread.daemon]
    require(not alive, f"a thread still runs after it was closed: {', '.join(alive)}")
