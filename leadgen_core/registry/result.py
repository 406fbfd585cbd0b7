"""What loading gives: offers in the order in which a run asks them, and why each plugin is in or out."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from attrs import field

from leadgen_core.contracts.specs import (
    CacheSpec,
    DiscovererSpec,
    LeaseSpec,
    RateLimiterSpec,
    ResolverSpec,
    ScorerSpec,
    ScreenSpec,
    SimulatorSpec,
    SinkSpec,
    SourceSpec,
    Spec,
)
from leadgen_core.errors import UsageError
from leadgen_core.model.records import frozen
from leadgen_core.registry.failures import PluginFailed, failed
from leadgen_core.registry.installed import Installed
from leadgen_core.registry.making import make
from leadgen_core.registry.patience import patience

__all__ = ["Note", "Offer", "Plugins"]

S = TypeVar("S", bound=Spec)


@frozen
class Offer(Generic[S]):
    """A spec with the plugin that offers it and that plugin's configuration."""

    plugin: Installed
    spec: S
    config: Any = field(repr=False)

    @property
    def question(self) -> str:
        """``<plugin>.<spec>``."""
        return f"{self.plugin.name}.{self.spec.name}"

    def make(self) -> Any:
        """Import the factory and make the object of it.

        Raises :class:`PluginFailed`; a :class:`~leadgen_core.UsageError` of the factory is let through, since
        it is meant for the operator.
        """
        doing = f"making {self.question}"
        try:
            with patience(self.plugin, doing):
                made = make(self.spec, self.config)
        except (UsageError, KeyboardInterrupt):
            raise
        except BaseException as exc:
            raise failed(self.plugin, "factory", doing, exc) from exc
        if inspect.iscoroutine(made):
            made.close()
            raise PluginFailed(
                self.plugin, "factory", "coroutine", f"{doing} gave a coroutine: a factory is no async def"
            )
        return made


@frozen
class Note:
    """Why a plugin was taken or left out. ``str()`` is the sentence for the log."""

    plugin: Installed
    taken: bool
    because: str

    def __str__(self) -> str:
        return f"{self.plugin} {'taken' if self.taken else 'left out'}: {self.because}"


@frozen(kw_only=True)
class Plugins:
    """The offers of the plugins that were taken, by kind, each in the order in which a run asks them.

    ``versions`` has the plugins that take part in a run (a simulator alone is no part of it).
    """

    sources: tuple[Offer[SourceSpec], ...] = ()
    caches: tuple[Offer[CacheSpec], ...] = ()
    rate_limiters: tuple[Offer[RateLimiterSpec], ...] = ()
    leases: tuple[Offer[LeaseSpec], ...] = ()
    resolvers: tuple[Offer[ResolverSpec], ...] = ()
    screens: tuple[Offer[ScreenSpec], ...] = ()
    scorers: tuple[Offer[ScorerSpec], ...] = ()
    sinks: tuple[Offer[SinkSpec], ...] = ()
    discoverers: tuple[Offer[DiscovererSpec], ...] = ()
    simulators: tuple[Offer[SimulatorSpec], ...] = ()
    notes: tuple[Note, ...] = ()
    versions: dict[str, str] = field(factory=dict)
    by_name: bool = True
    """Whether the plugins were named (else: found automatically)."""

    def modules(self) -> dict[str, str]:
        """By the module of each plugin its name, distribution and version, for saying whose code it is that runs."""
        return {note.plugin.value.partition(":")[0]: str(note.plugin) for note in self.notes}

    def limiter(self, name: str | None) -> Offer[RateLimiterSpec] | None:
        """The limiter of this name (``[run] limiter``), or the first that is shared between processes, or the first;
        None when there is none.

        A name is a plugin's, a spec's, or ``plugin.spec``. Raises :class:`~leadgen_core.UsageError` when no
        offer has it.
        """
        shared_first = sorted(self.rate_limiters, key=lambda offer: not offer.spec.shared)
        return _choose(shared_first, name, "limiter")

    def resolver(self, name: str | None) -> Offer[ResolverSpec] | None:
        """The resolver of this name (``[run] resolver``), or the first; as :meth:`limiter`."""
        return _choose(self.resolvers, name, "resolver")


def _choose(offers: Sequence[Offer[S]], name: str | None, what: str) -> Offer[S] | None:
    if name is None:
        return next(iter(offers), None)
    for offer in offers:
        if name in (offer.question, offer.plugin.name, offer.spec.name):
            return offer
    from difflib import get_close_matches

    close = get_close_matches(name, [offer.question for offer in offers], n=1, cutoff=0.0)
    nearest = f"the nearest is {close[0]}" if close else "no loaded plugin has one"
    raise UsageError(f"[run] {what}: there is no {what} {name}; {nearest}")
