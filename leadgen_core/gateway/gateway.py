"""The gateway: the stages put together, one chain for each API and its credential."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import ApiSpec, AuthKind, Exhausted, Failed, Keyed, Malformed, Refused, RetryAt, Window
from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.contracts.protocols import Lease, Meter, Priority, RateLimiter, Wish
from leadgen_core.contracts.quotas import quota_flaw
from leadgen_core.errors import UsageError
from leadgen_core.events import Events
from leadgen_core.gateway.adaptive import Door, OutageError
from leadgen_core.gateway.address import Home
from leadgen_core.gateway.auth import Auth, signature
from leadgen_core.gateway.batching import Batch
from leadgen_core.gateway.breaker import Breaker, Circuit
from leadgen_core.gateway.caching import Cache, Shelf, Tier
from leadgen_core.gateway.exchange import Call, moment
from leadgen_core.gateway.flight import Flight
from leadgen_core.gateway.keys import Keys
from leadgen_core.gateway.lease import Leases
from leadgen_core.gateway.quota import Quota
from leadgen_core.gateway.quotas import Quotas, meters, speaking, tightest
from leadgen_core.gateway.retry import Budget, Retry
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.records import frozen
from leadgen_core.secrets import Secret

if TYPE_CHECKING:
    from leadgen_core.gateway.wire import Wire

__all__ = ["Binding", "Gateway", "ProbeResult"]


@frozen
class Binding:
    """An API as this run uses it: the plugin that declares it, where it is, its credential, the operator's cap.

    ``kind`` None: as the spec says. ``cap``: calls a window that no answer of the server's raises. ``closed``: no
    redirect to another origin is followed, whatever the spec's ``hosts`` are. ``timeout`` (seconds) bounds each
    attempt, whatever its operation allows.
    """

    spec: ApiSpec
    plugin: str
    base_url: str
    secret: Secret | None = None
    kind: AuthKind | None = None
    cap: int | None = None
    closed: bool = False
    timeout: float | None = None

    @property
    def credential(self) -> str:
        """The id of the credential, ``none`` without one."""
        return "none" if self.secret is None else self.secret.id

    @property
    def missing(self) -> str | None:
        """The config field of a credential that the API needs and this run does not have."""
        needed = self.spec.credential
        return needed.field if needed is not None and self.secret is None else None


@frozen
class ProbeResult:
    """What ``leadgen doctor`` learns of an API.

    ``meaning`` is the lower-case name of the answer's Meaning, or ``timeout``, ``not configured``, ``no probe``.
    ``quota`` is what the answer says of the tightest window, and ``counted`` the name of that quota, empty for the
    API's common one. ``because`` says in one sentence what is wrong, or how to mend it; it is empty when all is well.
    """

    meaning: str
    status: int | None = None
    quota: Window | None = None
    because: str = ""
    counted: str = ""


@frozen
class _Chain:
    """The stages of one API that somebody needs by name."""

    operations: Container[str]
    keys: Keys
    flight: Flight
    cache: Cache
    batch: Batch
    retry: Retry
    quota: Quota | Quotas
    auth: Auth
    wire: Wire


class Gateway:
    """Asks APIs. One instance a run, made in a running event loop; ``aclose`` ends it.

    The caches and the limiter belong to who made them and are not closed here. Raises ``UsageError`` when a base
    URL or a credential cannot be used, or two plugins declare one API.
    """

    def __init__(
        self,
        bindings: Sequence[Binding],
        *,
        caches: Sequence[Tier],
        limiter: RateLimiter | None,
        clock: Clock,
        events: Events,
        keyed: Keyed,
        key_id: str,
        concurrency: int = 20,
        lease: Lease | None = None,
    ) -> None:
        self._clock = clock
        self._events = events
        self._keyed = keyed
        self._key_id = key_id
        self._limiter = limiter
        self._concurrency = concurrency
        self._slots = Door(concurrency)
        self._budget = Budget()
        self._leases = None if lease is None else Leases(lease, clock, events)
        self._wishes: dict[str, Wish] = {}
        self._shelves = [Shelf(_without_pickle(tier), clock, events) for tier in caches]
        self._bindings: dict[str, Binding] = {}
        self._homes: dict[str, Home] = {}
        self._chains: dict[str, _Chain] = {}
        self._closed = False
        for binding in bindings:
            self._bind(binding)

    def _chain(self, binding: Binding) -> _Chain:
        """flight > cache > batch > retry > breaker > quota > auth > wire, from the inside out."""
        from leadgen_core.gateway.wire import Wire  # aiohttp waits until something is asked

        spec, credential, clock, events = _hurried(binding), binding.credential, self._clock, self._events
        headers = signature(spec.credential, binding.secret, binding.kind, binding.plugin)

        wire = Wire(spec, clock, events, self._keyed, self._concurrency)
        auth = Auth(binding.plugin, spec.name, credential, headers, events, wire)
        home, limiter = self._homes[spec.name], self._limiter
        doors: list[Door] = []
        stages: dict[str, Quota] = {}
        for name, meter in _meters(binding).items():
            door = Door(self._concurrency, adapts=not meter.windows and meter.cap is None)
            doors.append(door)
            stages[name] = Quota(speaking(spec, name), home, meter, limiter, self._slots, door, clock, events, auth)
        quota = Quotas(stages) if len(stages) > 1 else next(iter(stages.values()))

        def outage(now: float) -> None:
            for door in doors:
                door.outage(now)

        breaker = Breaker(spec.name, clock, Circuit(spec.name, clock, events, opened=outage), quota)
        retry = Retry(spec.name, clock, events, self._budget, breaker, limited=limiter is not None)
        batch = Batch(spec, clock, retry)
        cache = Cache(spec, self._shelves, clock, events, batch, self._leases)
        flight = Flight(spec.name, events, cache)
        keys = Keys(spec.name, credential, self._key_id)
        return _Chain(spec.operations, keys, flight, cache, batch, retry, quota, auth, wire)

    async def ask(self, lookup: Lookup, question: str) -> Reply:
        """The reply to one lookup, stamped with the question (``<plugin>.<source>``) of who asks.

        Raises ``Unanswered`` with its cause when there is none, ``ValueError`` for an operation that the API does
        not declare. The reply's body is shared with others: read-only.
        """
        chain = self._chains.get(lookup.api.name)
        if chain is None or self._closed:
            chain = self._open(lookup.api.name)
        if lookup.operation not in chain.operations:
            raise ValueError(f"{lookup.api.name} declares no operation {lookup.operation}")
        wish = self._wishes.get(question)
        if wish is None:
            wish = self._wishes[question] = Wish(question.partition(".")[0])
        entry = await chain.flight.ask(lookup, chain.keys.of(lookup.operation, lookup.key), wish)
        return entry.reply(question)

    async def probe(self, api_name: str) -> ProbeResult:
        """Send the API's harmless request once: under its quota, but past cache, retry and breaker."""
        try:
            chain = self._open(api_name)
            spec = self._bindings[api_name].spec
            if spec.probe is None:
                return ProbeResult("no probe", because=f"{api_name} declares no request to test it with")
            wish = Wish(self._bindings[api_name].plugin, Priority.INTERACTIVE)
            result = await chain.quota.attempt(Call.of(_hurried(self._bindings[api_name]), *spec.probe, wish))
        except Unanswered as error:
            return ProbeResult(str(error.cause), because=error.because)
        except OutageError:
            return ProbeResult(str(Cause.BREAKER_OPEN), because=f"{api_name} failed too often and is left alone")
        meaning = result.meaning
        because = ""
        if isinstance(meaning, Refused):
            because = meaning.mend
        elif isinstance(meaning, Failed | Malformed):
            because = meaning.because or f"the server answered {result.status}"
        elif isinstance(meaning, RetryAt | Exhausted):
            until = moment(meaning.at if isinstance(meaning, RetryAt) else meaning.until)
            because = "the quota is used up" + (f" until {until:%Y-%m-%dT%H:%M:%SZ}" if until else "")
        name = "timeout" if result.timed_out else type(meaning).__name__.lower()
        counted = spec.operations[spec.probe[0]].quota
        return ProbeResult(name, result.status, tightest(result.windows), because, counted)

    def quota(self) -> Mapping[str, Window | None]:
        """Of each API what the limiter knows of its current window; None before the first answer or without one.

        Of an API with several quotas it is the window with the fewest calls left.
        """
        known = self.quotas()
        return {api: tightest([window for window in known[api].values() if window is not None]) for api in known}

    def quotas(self) -> Mapping[str, Mapping[str, Window | None]]:
        """The same of each quota of each API, by its name; the common one's is empty."""
        return {
            api: {name: _window(self._limiter, meter) for name, meter in _meters(binding).items()}
            for api, binding in self._bindings.items()
        }

    def calls(self) -> Mapping[str, int]:
        """Of each API how many calls were made of it, however many attempts each took."""
        return {name: self._chains[name].retry.calls if name in self._chains else 0 for name in self._bindings}

    def signed(self) -> Mapping[tuple[str, str, str], int]:
        """How many requests each credential signed: by (plugin, API, credential id)."""
        return {
            (binding.plugin, name, binding.credential): self._chains[name].auth.signed if name in self._chains else 0
            for name, binding in self._bindings.items()
            if binding.spec.credential is not None and binding.secret is not None
        }

    def stuck(self, apis: Iterable[str]) -> str | None:
        """Why none of these APIs can be asked any more in this run; None while one can."""
        reasons = []
        for api in apis:
            chain = self._chains.get(api)
            dead = None if chain is None else chain.auth.dead or chain.quota.dead
            if dead is None:
                return None
            reasons.append(dead)
        return "; ".join(reasons) or None

    async def aclose(self) -> None:
        """Cancel what is being asked and close all connections. Who still waits gets ``Unanswered(failed)``.

        What was answered is written to every tier before, and every lease is given up.
        """
        self._closed = True
        for chain in self._chains.values():
            await chain.flight.aclose()
            await chain.cache.aclose()
            await chain.batch.aclose()
            await chain.wire.aclose()
        if self._leases is not None:
            await self._leases.aclose()

    def _bind(self, binding: Binding) -> None:
        """Check what can be wrong with a binding before anything is asked."""
        spec = binding.spec
        if spec.name in self._bindings:
            other = self._bindings[spec.name].plugin
            raise UsageError(f"the API {spec.name} is declared by the plugins {other} and {binding.plugin}")
        for name, operation in spec.operations.items():
            if operation.lifetime not in spec.lifetimes:
                raise UsageError(f"{spec.name}.{name}: no lifetime is declared for the class {operation.lifetime}")
        if (because := quota_flaw(spec)) is not None:
            raise UsageError(f"{spec.name} {because}")
        if spec.probe is not None and spec.probe[0] not in spec.operations:
            raise UsageError(f"{spec.name}: the probe names an operation that is not declared: {spec.probe[0]}")
        self._homes[spec.name] = Home(binding.base_url, () if binding.closed else spec.hosts, binding.plugin)
        signature(spec.credential, binding.secret, binding.kind, binding.plugin)
        self._bindings[spec.name] = binding

    def _open(self, api: str) -> _Chain:
        """The chain of an API, made at its first use. Raises ``Unanswered`` for one that cannot be asked."""
        binding = self._bindings.get(api)
        if binding is None:
            raise Unanswered(Cause.NOT_CONFIGURED, f"the API {api} belongs to no loaded plugin")
        if binding.missing is not None:
            raise Unanswered(Cause.NOT_CONFIGURED, f"{binding.plugin}: {binding.missing} is not set")
        if self._closed:
            raise Unanswered(Cause.FAILED, "the gateway was closed")
        if api not in self._chains:
            self._chains[api] = self._chain(binding)
        return self._chains[api]


def _window(limiter: RateLimiter | None, meter: Meter) -> Window | None:
    """What the limiter says; a limiter that cannot say it says nothing."""
    try:
        window: object = None if limiter is None else limiter.status(meter)
    except Exception:
        return None
    return window if isinstance(window, Window) else None


def _meters(binding: Binding) -> dict[str, Meter]:
    return meters(binding.spec, binding.credential, binding.cap)


def _hurried(binding: Binding) -> ApiSpec:
    """The spec with the operator's bound on each attempt."""
    spec, most = binding.spec, binding.timeout
    if most is None:
        return spec
    operations = {name: evolve(each, timeout=min(each.timeout, most)) for name, each in spec.operations.items()}
    return evolve(spec, operations=operations)


def _without_pickle(tier: Tier) -> Tier:
    """Refuse a tier that would run code which anybody wrote into it (architecture: no pickle of anything stored)."""
    serializer = type(getattr(tier.cache, "serializer", None))
    if any("pickle" in base.__name__.lower() for base in serializer.__mro__):
        raise UsageError(f"the cache tier {tier.name} uses pickle; use a JSON serializer")
    return tier
