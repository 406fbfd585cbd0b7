"""The workspace: everything a run needs, opened once. Several runs of one workspace share its caches and quota."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import Factory, evolve, field, frozen

from leadgen_core import logs
from leadgen_core.app.bindings import bind
from leadgen_core.app.outputs import Output, choose_sink, parse_output, rejects_path
from leadgen_core.app.refusals import problems, refuse
from leadgen_core.app.rundir import RunDir
from leadgen_core.app.summary import Summary
from leadgen_core.clock import Clock
from leadgen_core.contracts.protocols import Target
from leadgen_core.engine.collect import Asked, Collector, aims_of
from leadgen_core.engine.deliver import Courier
from leadgen_core.engine.inputs import open_input
from leadgen_core.engine.parts import Owner, Part
from leadgen_core.engine.pipeline import Pipeline
from leadgen_core.engine.runner import Ending, Runner
from leadgen_core.engine.screening import Screening
from leadgen_core.engine.watchdog import Watchdog
from leadgen_core.errors import Stopped, UsageError
from leadgen_core.events import CredentialEvent, Events, PluginBroke
from leadgen_core.gateway import Gateway, Tier
from leadgen_core.model.lead import RunStamp
from leadgen_core.registry import Offer, Plugins, Registry, split_names
from leadgen_core.secrets import Secret, data_dir, installation_key, keyed
from leadgen_core.settings import Layers, RunSettings, read_layers

__all__ = ["Options", "RunRequest", "Workspace", "open_workspace"]


@frozen(kw_only=True)
class Options:
    """How a workspace is opened: what the command line's options of the same names say.

    ``clock`` fixes stamps, lifetimes and the run id. Nothing is read from the process but what stands here.
    """

    plugins: str | None = None
    config: Path | None = None
    profile: str | None = None
    sets: tuple[str, ...] = ()
    concurrency: int | None = None
    clock: datetime | None = None
    environ: Mapping[str, str] = field(factory=lambda: dict(os.environ), repr=False)
    cwd: Path = Factory(Path.cwd)


@frozen(kw_only=True)
class RunRequest:
    """One run. ``outputs`` as ``[PRESET:]PATH``; none means the configured one."""

    input_path: str
    outputs: tuple[str, ...] = ()
    limit: int | None = None
    resume: bool = False
    overwrite: bool = False
    retry: str | None = None
    encoding: str = "utf-8"


def open_workspace(options: Options) -> Workspace:
    """Read the configuration and load the plugins; nothing is connected yet. Raises UsageError."""
    layers = read_layers(
        config=options.config,
        profile=options.profile,
        environ=options.environ,
        sets=options.sets,
        cwd=options.cwd,
    )
    events = Events()
    asked = None if options.plugins is None else split_names(options.plugins)
    registry = Registry.discover(options.environ)
    plugins = registry.load(asked, layers, events=events)
    layers.notes.extend(registry.notes)
    settings = layers.run()
    if options.concurrency is not None:
        settings = evolve(settings, concurrency=options.concurrency)
    return Workspace(options, layers, settings, plugins, events)


class Workspace:
    """Plugins, settings, gateway and clock of one process. Close it with :meth:`aclose`."""

    def __init__(
        self, options: Options, layers: Layers, settings: RunSettings, plugins: Plugins, events: Events
    ) -> None:
        self.options = options
        self.settings = settings
        self.plugins = plugins
        self.events = events
        self.clock = Clock(fixed=options.clock)
        self.profile = layers.profile
        self._layers = layers
        self._gateway: Gateway | None = None
        self._sources: list[Asked] = []
        self._made: list[Any] = []

    @property
    def secrets(self) -> list[Secret]:
        """Every secret of the configuration, for whoever writes logs."""
        return [resolved.secret for resolved in self._layers.resolved]

    async def aclose(self) -> None:
        """Close connections and every object that a plugin made."""
        if self._gateway is not None:
            await self._gateway.aclose()
        await self._close(self._made)
        self._made.clear()

    # --- a look -------------------------------------------------------------------------------------------

    def problems(self) -> list[str]:
        """Why a run with these plugins and the configured output would be refused."""
        outputs = [parse_output(self.settings.output)]
        return [f"{what}; add {plugin}" for what, plugin in problems(self.plugins, outputs, profile=self.profile)]

    async def check_apis(self) -> AsyncIterator[tuple[bool, str]]:
        """Ask each API one harmless question; a line for each, and whether all is well."""
        gateway = self._open_gateway()
        for binding in bind(self.plugins.sources):
            result = await gateway.probe(binding.spec.name)
            fine = result.meaning in {"ok", "nothing"}
            words = f"{binding.spec.name} at {binding.base_url}: {result.meaning}"
            if result.quota is not None and result.quota.remaining is not None:
                words += f", {result.quota.remaining} of {result.quota.limit} calls left in this window"
            yield fine, f"{words}: {result.because}" if result.because else words

    # --- a run --------------------------------------------------------------------------------------------

    async def run(self, request: RunRequest, started: Callable[[int, int], None] | None = None) -> Summary:
        """The main job. ``started(total, done)`` is called when the input is known.

        Raises UsageError before anything is written; what stops a begun run is in the summary.
        """
        began = time.monotonic()
        outputs = [parse_output(text) for text in request.outputs or (self.settings.output,)]
        refuse(self.plugins, outputs, profile=self.profile, input_path=request.input_path)
        summary = Summary()
        rundir = self._open_run(request, outputs)
        try:
            with logs.run_scope(rundir.run_id), summary.listening(self.events), self._auditing(rundir):
                self._say_plugins()
                await self._go(request, outputs, rundir, summary, started)
            _fill(summary, rundir)
        finally:
            rundir.close()
        summary.wall = time.monotonic() - began
        return summary

    @contextmanager
    def _auditing(self, rundir: RunDir) -> Iterator[None]:
        """Credential events of this run go to its audit file; at the end, how many requests each signed."""
        before = {} if self._gateway is None else dict(self._gateway.signed())
        listener = logs.audit_writer(rundir.path / "audit.jsonl", self.events, self.clock, run=rundir.run_id)
        try:
            yield
            signed = {} if self._gateway is None else self._gateway.signed()
            for place, requests in sorted(signed.items()):
                plugin, api, credential = place
                self.events.emit(CredentialEvent("signed", credential, plugin, api, requests - before.get(place, 0)))
        finally:
            self.events.off(CredentialEvent, listener)

    def _open_run(self, request: RunRequest, outputs: list[Output]) -> RunDir:
        run_id = f"{self.clock.now():%Y%m%dT%H%M%SZ}"
        if self.options.clock is None:
            run_id += f"-{os.urandom(3).hex()}"
        reread = not (request.resume and request.input_path == "-")
        stream, _ = open_input(request.input_path, sys.stdin.buffer) if reread else (None, "")
        try:
            return RunDir.open(
                outputs,
                resume=request.resume,
                overwrite=request.overwrite,
                input_path=request.input_path,
                stream=stream,
                encoding=request.encoding,
                run_id=run_id,
            )
        finally:
            if stream is not None and request.input_path != "-":
                stream.close()

    async def _go(
        self,
        request: RunRequest,
        outputs: list[Output],
        rundir: RunDir,
        summary: Summary,
        started: Callable[[int, int], None] | None,
    ) -> None:
        sinks: list[Any] = []
        try:
            gateway = self._open_gateway()
            screening = Screening([self._part(offer) for offer in self.plugins.screens], self.events)
            couriers = self._couriers(outputs, rundir, screening, sinks)
            pipeline = self._pipeline(gateway, screening, rundir.run_id)
            if request.retry is not None:
                rundir.outbox.rewrite()
            total, done = rundir.outbox.count(), sum(rundir.outbox.totals().values())
            if started is not None:
                started(total, done)
            runner = Runner(
                pipeline,
                rundir.outbox,
                couriers,
                clock=self.clock,
                events=self.events,
                in_flight=min(self.settings.in_flight, max(1, total)),
                drain_seconds=self.settings.drain_seconds,
                stuck=lambda: self._stuck(gateway),
            )
            with Watchdog(self.settings.block_seconds, self.plugins.packages()):
                ending = await runner.run(retry=request.retry, limit=request.limit)
            summary.interrupted = ending is Ending.INTERRUPTED
            summary.sinks_broken = any(courier.broken for courier in couriers)
        except Stopped as stopped:
            summary.stopped = str(stopped)
        finally:
            await self._close(sinks)

    def _stuck(self, gateway: Gateway) -> str | None:
        """Why no source can go on; a source without an API always can."""
        apis = {asked.spec.api.name if asked.spec.api else None for asked in self._sources}
        reason = None if None in apis else gateway.stuck(sorted(name for name in apis if name))
        return None if reason is None else f"{reason}; then run again with --resume --retry unknown"

    def _pipeline(self, gateway: Gateway, screening: Screening, run_id: str) -> Pipeline:
        resolver = self.plugins.resolver(self.settings.resolver)
        by_question = {offer.question: offer for offer in self.plugins.sources}

        def broke(question: str, error: BaseException) -> None:
            plugin = by_question[question].plugin
            self.events.emit(
                PluginBroke(plugin.name, plugin.distribution, plugin.version, question, type(error).__name__)
            )

        collector = Collector(
            self._sources,
            gateway,
            self.clock,
            want=self.settings.want if self.settings.want is not None else aims_of(self._sources),
            admit=screening.admit,
            broke=broke,
            seconds=self.settings.answer_timeout,
        )
        return Pipeline(
            self._sources,
            collector,
            resolver=None if resolver is None else self._part(resolver),
            screening=screening,
            scorers=[self._part(offer) for offer in self.plugins.scorers],
            clock=self.clock,
            events=self.events,
            stamp=RunStamp(run=run_id, generated_at=self.clock.now(), plugins=self.plugins.versions),
            goal=self.settings.goal,
        )

    def _couriers(self, outputs: list[Output], rundir: RunDir, screening: Screening, sinks: list[Any]) -> list[Courier]:
        couriers = []
        for output in (*outputs, Output(rejects_path(outputs[0]))):
            offer = choose_sink(output, self.plugins.sinks)
            if offer is None:
                raise UsageError(f"-o {output}: no loaded sink writes it")
            part = Part(offer.spec, _owner(offer), offer.make())
            sinks.append(part.made)
            target = Target(path=output.path, preset=output.preset, columns=rundir.columns, run=rundir.run_id)
            couriers.append(
                Courier(
                    part,
                    target,
                    rundir.outbox,
                    screening=screening,
                    events=self.events,
                    rejects=output.path == rejects_path(outputs[0]),
                )
            )
        return couriers

    # --- what all runs share ------------------------------------------------------------------------------

    def _open_gateway(self) -> Gateway:
        """Made at the first run, then kept: caches stay warm and the quota known."""
        if self._gateway is not None:
            return self._gateway
        key, key_id = installation_key(self.settings, data_dir(self.options.environ))
        bindings = bind(self.plugins.sources)
        limiter = self.plugins.limiter(self.settings.limiter)
        self._gateway = Gateway(
            bindings,
            caches=[Tier(offer.plugin.name, self._make(offer), offer.spec.persistent) for offer in self.plugins.caches],
            limiter=None if limiter is None else self._make(limiter),
            clock=self.clock,
            events=self.events,
            keyed=keyed(key),
            key_id=key_id,
            concurrency=self.settings.concurrency,
        )
        self._sources = [
            Asked(offer.question, offer.spec, self._make(offer), offer.spec.tier) for offer in self.plugins.sources
        ]
        return self._gateway

    def _make(self, offer: Offer[Any]) -> Any:
        made = offer.make()
        self._made.append(made)
        return made

    def _part(self, offer: Offer[Any]) -> Part[Any, Any]:
        return Part(offer.spec, _owner(offer), self._make(offer))

    @staticmethod
    async def _close(objects: list[Any]) -> None:
        for made in reversed(objects):
            close = getattr(made, "aclose", None)
            if close is not None:
                await close()

    def _say_plugins(self) -> None:
        from loguru import logger

        for note in (*self.plugins.notes, *self._layers.notes):
            logger.info(str(note))
        for binding in bind(self.plugins.sources):
            if binding.secret is not None:
                self.events.emit(CredentialEvent("resolved", binding.secret.id, binding.plugin, binding.spec.name))


def _owner(offer: Offer[Any]) -> Owner:
    return Owner(offer.plugin.name, offer.plugin.distribution, offer.plugin.version)


def _fill(summary: Summary, rundir: RunDir) -> None:
    summary.states = {str(state): count for state, count in sorted(rundir.outbox.totals().items())}
    summary.executives = rundir.outbox.executives()
    summary.unreached = rundir.outbox.unreached()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    summary.peak_mb = peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@asynccontextmanager
async def workspace(options: Options) -> AsyncIterator[Workspace]:
    """``async with workspace(options) as ws``: opened, and closed whatever happens."""
    opened = open_workspace(options)
    try:
        yield opened
    finally:
        await opened.aclose()
