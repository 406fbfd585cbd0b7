"""The bench: a plugin's APIs served on localhost, the real gateway before them, and everything that passes recorded."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

from attrs import define, evolve, field

from leadgen_core import events as event_types
from leadgen_core.contracts.api import ApiSpec
from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.contracts.specs import SimulatorSpec
from leadgen_core.contracts.world import World
from leadgen_core.engine.context import SourceContext
from leadgen_core.events import Events
from leadgen_core.gateway import Binding, Gateway, Tier
from leadgen_core.secrets import Secret
from leadgen_core.testing.clock import QuickClock
from leadgen_core.testing.conformance.check import NotChecked
from leadgen_core.testing.conformance.specimen import SECRET, Specimen
from leadgen_core.testing.faults import Fault
from leadgen_core.testing.serving import Asked, Desk, Front, scripted_application, served
from leadgen_core.testing.stores import CountingLimiter, TextStore
from leadgen_core.testing.world import small_world

__all__ = ["Bench", "Endless", "TrialContext", "api_of", "bench", "keyed", "lasts", "simulator_of", "world_of"]

_ASKS = 2000
"""Questions in one answer beyond which it never ends; a list of 200 pages has a tenth of them."""


class Endless(BaseException):
    """It asks and asks. No ``Exception``, so that no plugin can catch it by accident."""


class TrialContext(SourceContext):
    """The engine's context. It remembers the replies, and whether they were changed; it ends what never ends."""

    def __init__(self, question: str, gateway: Gateway, clock: QuickClock) -> None:
        super().__init__(question, gateway, clock, {})
        self.lookups: list[Lookup] = []
        self.replies: list[tuple[Reply, str]] = []
        """Each with its body in words as it was."""

    async def ask(self, lookup: Lookup) -> Reply:
        self.lookups.append(lookup)
        if len(self.lookups) > _ASKS:
            raise Endless
        await asyncio.sleep(0)  # an answer out of memory awaits nothing, and nothing could stop it
        reply = await super().ask(lookup)
        self.replies.append((reply, repr(reply.body)))
        return reply


@define(eq=False)
class Bench:
    """Where something of a plugin is tried. ``api`` is the one that the specimen asks; the others are served too."""

    specimen: Specimen
    api: ApiSpec
    urls: tuple[str, ...]
    """Where the APIs are served."""
    gateway: Gateway
    clock: QuickClock
    front: Front
    limiter: CountingLimiter
    store: TextStore
    events: list[object]
    made: Any = field(repr=False)
    """What the specimen's factory made."""

    @property
    def asked(self) -> list[Asked]:
        return self.front.asked

    @property
    def ports(self) -> tuple[str, ...]:
        """The APIs' addresses as ``host:port``."""
        return tuple(url.removeprefix("http://") for url in self.urls)

    def context(self) -> TrialContext:
        """A context for one question."""
        return TrialContext(self.specimen.question, self.gateway, self.clock)


def keyed(text: str) -> str:
    """The installation's keyed digest."""
    return hashlib.blake2b(text.encode(), key=b"conformance", digest_size=16).hexdigest()


def api_of(specimen: Specimen) -> ApiSpec:
    """The API that a source or discoverer asks. Raises ``NotChecked`` when it has none."""
    api = getattr(specimen.spec, "api", None)
    if not isinstance(api, ApiSpec):
        raise NotChecked(f"{specimen.question} names no API, so there is nothing to answer it")
    return api


def simulator_of(specimen: Specimen, api: str) -> Specimen | None:
    """The plugin's own simulator of this API."""
    for record in specimen.opened.records:
        if isinstance(record.spec, SimulatorSpec) and record.spec.api == api:
            return evolve(specimen, hook=record.hook, spec=record.spec)
    return None


def world_of(specimen: Specimen) -> World:
    """The world that the samples give, or the small one."""
    given = specimen.samples.world
    return small_world() if given is None else given


@asynccontextmanager
async def bench(
    specimen: Specimen,
    *,
    fault: Callable[[int, Any], Fault | None] | None = None,
    store: TextStore | None = None,
    world: World | None = None,
    patience: float | None = None,
    max_bytes: int | None = None,
    concurrency: int = 20,
) -> AsyncIterator[Bench]:
    """Serve, open the gateway, make the specimen; afterwards close everything and end what it left running.

    ``patience`` (seconds) and ``max_bytes`` shorten what the API allows. Raises ``NotChecked`` when nothing answers
    for the API.
    """
    api = api_of(specimen)
    front, clock, limiter, heard = Front(), QuickClock(), CountingLimiter(), list[object]()
    if fault is not None:
        front.fault = fault
    before = asyncio.all_tasks()
    if world is None:  # an empty one counts
        world = world_of(specimen)
    async with AsyncExitStack() as stack:
        bindings: dict[str, Binding] = {}
        for each in (api, *_others(specimen, api)):
            application = _application(specimen, each, world, clock, front)
            if application is None:
                continue
            url = await stack.enter_async_context(served(application, front))
            secret = None if each.credential is None else Secret(SECRET)
            bindings[each.name] = Binding(_bounded(each, patience, max_bytes), "conformance", url, secret)
        if api.name not in bindings:
            raise NotChecked(
                f"nothing answers for the API {api.name}: add a simulator to the plugin (leadgen_simulators), or give "
                "Samples(script=...), a function from a Request to a RawReply"
            )
        tiers = [Tier("kit", store := store or TextStore())]
        gateway = Gateway(
            list(bindings.values()),
            caches=tiers,
            limiter=limiter,
            clock=clock,
            events=_listening(heard),
            keyed=keyed,
            key_id="conformance",
            concurrency=concurrency,
        )
        stack.push_async_callback(_end, before)
        stack.push_async_callback(gateway.aclose)
        made = specimen.make()
        if hasattr(made, "aclose"):
            stack.push_async_callback(made.aclose)
        urls = tuple(binding.base_url for binding in bindings.values())
        yield Bench(specimen, api, urls, gateway, clock, front, limiter, store, heard, made)


def _others(specimen: Specimen, api: ApiSpec) -> Sequence[ApiSpec]:
    found: dict[str, ApiSpec] = {}
    for record in specimen.opened.records:
        other = getattr(record.spec, "api", None)
        if isinstance(other, ApiSpec) and other.name != api.name:
            found[other.name] = other
    return tuple(found.values())


def _application(specimen: Specimen, api: ApiSpec, world: World, clock: QuickClock, front: Front) -> Any:
    simulator = simulator_of(specimen, api.name)
    if simulator is not None:
        made = simulator.make()
        desk = Desk(clock, dict.fromkeys(made.credentials, SECRET))
        _without_quota(front, desk, api)
        return made.application(world, desk)
    script = specimen.samples.script
    return None if script is None else scripted_application(script)


def _without_quota(front: Front, desk: Desk, api: ApiSpec) -> None:
    """Each request comes in a window of its own: the quota is the gateway's business, and other checks'."""
    rules = [window for quota in ("", *api.quotas) for window in api.rules(quota)]
    longest = max((window.length for window in rules), default=_WINDOW) + 1.0
    earlier = front.before

    def before() -> None:
        earlier()
        desk.ahead += longest

    front.before = before


_WINDOW = 60.0
"""Seconds of a quota's window where the API declares none."""


def _bounded(api: ApiSpec, patience: float | None, max_bytes: int | None) -> ApiSpec:
    operations = {
        name: evolve(
            operation,
            timeout=operation.timeout if patience is None else patience,
            max_bytes=operation.max_bytes if max_bytes is None else max_bytes,
        )
        for name, operation in api.operations.items()
    }
    return evolve(api, operations=operations)


def lasts(api: ApiSpec, lookups: Sequence[Lookup]) -> bool:
    """Whether every answer to these may be kept for a second at least."""
    return all(
        api.lifetimes[api.operations[lookup.operation].lifetime].soft >= timedelta(seconds=1) for lookup in lookups
    )


def _listening(heard: list[object]) -> Events:
    events = Events()
    for name in event_types.__all__:
        kind = getattr(event_types, name)
        if kind is not Events:
            events.on(kind, heard.append)
    return events


async def _end(before: set[asyncio.Task[Any]]) -> None:
    """End the tasks that were started since and left running."""
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    own = [task for task in left if task.get_coro().__qualname__.partition(".")[0] not in _SERVER]  # type: ignore[union-attr]
    for task in own:
        task.cancel()
    await asyncio.gather(*own, return_exceptions=True)


_SERVER = frozenset({"RequestHandler"})
"""aiohttp's own tasks end with their runner."""
