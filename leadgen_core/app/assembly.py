"""The assembly: the objects that plugins make, put together once and shared by all runs of a workspace."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from leadgen_core.app.bindings import bind
from leadgen_core.clock import Clock
from leadgen_core.engine.collect import Asked, Collector, aims_of
from leadgen_core.engine.parts import Owner, Part
from leadgen_core.engine.pipeline import Pipeline
from leadgen_core.engine.screening import Screening
from leadgen_core.errors import UsageError
from leadgen_core.events import Events, PluginBroke
from leadgen_core.gateway import Gateway, Tier
from leadgen_core.model.lead import RunStamp
from leadgen_core.registry import Offer, PluginFailed, Plugins
from leadgen_core.secrets import data_dir, installation_key, keyed
from leadgen_core.settings import RunSettings

__all__ = ["Assembly", "close_all", "make_part"]


class Assembly:
    """Gateway, sources, resolver, screens and scorers. Made in a running event loop; raises UsageError."""

    def __init__(
        self,
        plugins: Plugins,
        settings: RunSettings,
        clock: Clock,
        events: Events,
        environ: Mapping[str, str],
        *,
        within: Collection[str] | None = None,
    ) -> None:
        """``within``: the only base URLs that may be reached; None: any."""
        self._plugins = plugins
        self._settings = settings
        self._clock = clock
        self._events = events
        self._made: list[Any] = []
        key, key_id = installation_key(settings, data_dir(environ))
        limiter = plugins.limiter(settings.limiter)
        resolver = plugins.resolver(settings.resolver)
        self.bindings = bind((*plugins.sources, *plugins.discoverers), within)
        self.gateway = Gateway(
            self.bindings,
            caches=[Tier(offer.plugin.name, self._part(offer).made, offer.spec.persistent) for offer in plugins.caches],
            limiter=None if limiter is None else self._part(limiter).made,
            clock=clock,
            events=events,
            keyed=keyed(key),
            key_id=key_id,
            concurrency=settings.concurrency,
        )
        self._sources = [
            Asked(offer.question, offer.spec, self._part(offer).made, offer.spec.tier) for offer in plugins.sources
        ]
        self._resolver = None if resolver is None else self._part(resolver)
        self._scorers = [self._part(offer) for offer in plugins.scorers]
        self.screening = Screening([self._part(offer) for offer in plugins.screens], events)

    def pipeline(self, run_id: str) -> Pipeline:
        """The pipeline of one run."""
        collector = Collector(
            self._sources,
            self.gateway,
            self._clock,
            want=self._settings.want if self._settings.want is not None else aims_of(self._sources),
            admit=self.screening.admit,
            broke=self._broke,
            seconds=self._settings.answer_timeout,
        )
        return Pipeline(
            self._sources,
            collector,
            resolver=self._resolver,
            screening=self.screening,
            scorers=self._scorers,
            clock=self._clock,
            events=self._events,
            stamp=RunStamp(run=run_id, generated_at=self._clock.now(), plugins=self._plugins.versions),
            goal=self._settings.goal,
        )

    def stuck(self) -> str | None:
        """Why no source can go on, None while one can; a source without an API always can."""
        apis = {asked.spec.api.name if asked.spec.api else None for asked in self._sources}
        reason = None if None in apis else self.gateway.stuck(sorted(name for name in apis if name))
        return None if reason is None else f"{reason}; then run again with --resume --retry unknown"

    async def aclose(self) -> None:
        """Close connections and every object that a plugin made."""
        await self.gateway.aclose()
        await close_all(self._made)

    def _part(self, offer: Offer[Any]) -> Part[Any, Any]:
        part = make_part(offer)
        self._made.append(part.made)
        return part

    def _broke(self, question: str, error: BaseException) -> None:
        plugin = next(offer.plugin for offer in self._plugins.sources if offer.question == question)
        self._events.emit(PluginBroke(plugin.name, plugin.distribution, plugin.version, question, type(error).__name__))


def make_part(offer: Offer[Any]) -> Part[Any, Any]:
    """What an offer makes, with its owner. A factory that fails is wrong usage: nothing has begun yet."""
    try:
        made = offer.make()
    except PluginFailed as failure:
        raise UsageError(str(failure)) from failure
    return Part(offer.spec, Owner(offer.plugin.name, offer.plugin.distribution, offer.plugin.version), made)


async def close_all(objects: Sequence[Any]) -> None:
    """``aclose`` of those that have one, the last made first."""
    for made in reversed(objects):
        close = getattr(made, "aclose", None)
        if close is not None:
            await close()
