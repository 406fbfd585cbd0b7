"""The assembly: the objects that plugins make, put together once and shared by all runs of a workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from leadgen_core.app.bindings import bind
from leadgen_core.app.tame import TameCache, TameLease, TameLimiter
from leadgen_core.clock import Clock
from leadgen_core.engine import guard
from leadgen_core.engine.collect import Asked, Collector, aims_of
from leadgen_core.engine.guard import cause_name, is_ours
from leadgen_core.engine.parts import Owner, Part, report
from leadgen_core.engine.pipeline import Pipeline
from leadgen_core.engine.screening import Screening
from leadgen_core.engine.veil import Veil
from leadgen_core.errors import UsageError, error_name
from leadgen_core.events import Events, PluginBroke
from leadgen_core.gateway import Gateway, Tier
from leadgen_core.model.lead import RunStamp
from leadgen_core.registry import Installed, Offer, PluginFailed, Plugins
from leadgen_core.secrets import Secret, data_dir, installation_key, keyed
from leadgen_core.settings import RunSettings

__all__ = ["Assembly", "close_all", "make_part"]


_CLOSING = 5.0
"""Seconds that a plugin's object gets to close."""


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
        secrets: Sequence[Secret] = (),
    ) -> None:
        """``within``: the only base URLs that may be reached; None: any. ``secrets`` leave in no lead."""
        self._plugins = plugins
        self._settings = settings
        self._clock = clock
        self._events = events
        self._made: list[Part[Any, Any]] = []
        self._left: list[tuple[Installed, UsageError]] = []
        key, key_id = installation_key(settings, data_dir(environ))
        limiter = plugins.limiter(settings.limiter)
        lease = next(iter(plugins.leases), None)
        resolver = plugins.resolver(settings.resolver)
        self.bindings = bind((*plugins.sources, *plugins.discoverers), within)
        self.gateway = Gateway(
            self.bindings,
            caches=[
                Tier(offer.plugin.name, TameCache(part), offer.spec.persistent)
                for offer, part in self._parts(plugins.caches)
            ],
            limiter=None if limiter is None else TameLimiter(self._part(limiter), events),
            clock=clock,
            events=events,
            keyed=keyed(key),
            key_id=key_id,
            concurrency=settings.concurrency,
            lease=None if lease is None else TameLease(self._part(lease)),
        )
        self._sources = [
            Asked(offer.question, offer.spec, part.made, offer.spec.tier)
            for offer, part in self._parts(plugins.sources)
        ]
        apis = {asked.spec.api.name if asked.spec.api else None for asked in self._sources}
        self._apis = None if None in apis else sorted(name for name in apis if name)
        """Those that the sources ask; None when one needs none."""
        self._resolver = None if resolver is None else self._part(resolver)
        self._scorers = [part for _, part in self._parts(plugins.scorers)]
        screens = [self._part(offer) for offer in plugins.screens]
        self.screening = Screening(screens, events, seconds=settings.answer_timeout)
        self._veil = Veil(secrets)

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
            veil=self._veil,
        )

    def stuck(self) -> str | None:
        """Why no source can go on, None while one can; a source without an API always can."""
        reason = None if self._apis is None else self.gateway.stuck(self._apis)
        return None if reason is None else f"{reason}; then run again with --resume --retry unknown"

    async def aclose(self) -> None:
        """Close connections and every object that a plugin made."""
        await self.gateway.aclose()
        await close_all(self._made, self._events)

    def _parts(self, offers: Sequence[Offer[Any]]) -> Iterator[tuple[Offer[Any], Part[Any, Any]]]:
        """The parts of these offers. Of plugins that were found automatically, those that cannot be made are left out.

        Sources, caches and scorers only: a run must not lose a screen, a limiter or its resolver without a word.
        """
        for offer in offers:
            try:
                part = self._part(offer)
            except UsageError as failure:
                if self._plugins.by_name:
                    raise
                self._left.append((offer.plugin, failure))
            else:
                yield offer, part

    def tell_left_out(self) -> None:
        """Say which plugins could not be made; to be called when somebody listens."""
        from loguru import logger

        for plugin, failure in self._left:
            logger.warning(f"{failure}; left out")
            error = failure.__cause__.error if isinstance(failure.__cause__, PluginFailed) else error_name(failure)
            self._events.emit(PluginBroke(plugin.name, plugin.distribution, plugin.version, "factory", error))
        self._left.clear()

    def _part(self, offer: Offer[Any]) -> Part[Any, Any]:
        part = make_part(offer)
        self._made.append(part)
        return part

    def _broke(self, question: str, error: BaseException) -> None:
        plugin = next(offer.plugin for offer in self._plugins.sources if offer.question == question)
        self._events.emit(PluginBroke(plugin.name, plugin.distribution, plugin.version, question, cause_name(error)))


def make_part(offer: Offer[Any]) -> Part[Any, Any]:
    """What an offer makes, with its owner. A factory that fails is wrong usage: nothing has begun yet."""
    try:
        made = offer.make()
    except PluginFailed as failure:
        raise UsageError(str(failure)) from failure
    return Part(offer.spec, Owner(offer.plugin.name, offer.plugin.distribution, offer.plugin.version), made)


async def close_all(parts: Sequence[Part[Any, Any]], events: Events) -> None:
    """``aclose`` of those that have one, the last made first. One that raises or hangs hinders no other."""
    closed: set[int] = set()
    for part in reversed(parts):
        if id(part.made) in closed:
            continue
        closed.add(id(part.made))
        try:
            close = getattr(part.made, "aclose", None)
            if close is not None:
                await guard.within(_CLOSING, close())
        except BaseException as error:
            if is_ours(error):
                raise
            report(events, part, "aclose", error)
