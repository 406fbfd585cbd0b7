"""The workspace: everything a run needs, opened once. Several runs of one workspace share its caches and quota."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import Factory, evolve, field

from leadgen_core import logs
from leadgen_core.app.assembly import Assembly, close_all, make_part
from leadgen_core.app.eventlog import telling
from leadgen_core.app.outputs import Output, choose_sink, parse_output, rejects_path
from leadgen_core.app.refusals import problems, refuse
from leadgen_core.app.rundir import RunDir
from leadgen_core.app.summary import Summary
from leadgen_core.clock import Clock
from leadgen_core.contracts.protocols import Sink, Target
from leadgen_core.contracts.specs import SinkSpec
from leadgen_core.engine.deliver import Courier
from leadgen_core.engine.inputs import open_input
from leadgen_core.engine.parts import Part
from leadgen_core.engine.runner import Ending, Runner
from leadgen_core.engine.watchdog import Watchdog
from leadgen_core.errors import Stopped, UsageError
from leadgen_core.events import CredentialEvent, Events
from leadgen_core.model.records import frozen
from leadgen_core.registry import Plugins, Registry, split_names
from leadgen_core.secrets import Secret
from leadgen_core.settings import Layers, RunSettings, read_layers

if TYPE_CHECKING:
    from leadgen_core.app.discovery import Discovered, DiscoverRequest
    from leadgen_core.app.sandbox import Sandbox

__all__ = ["Options", "RunRequest", "Workspace", "open_workspace"]


@frozen(kw_only=True)
class Options:
    """How a workspace is opened: what the command line's options of the same names say.

    ``clock`` fixes stamps, lifetimes and the run id. ``sandbox``: a process of simulated APIs is started, asked in
    the place of the real ones, and ended with the workspace. Nothing is read from the process but what stands here.
    """

    plugins: str | None = None
    config: Path | None = None
    profile: str | None = None
    sets: tuple[str, ...] = ()
    concurrency: int | None = None
    clock: datetime | None = None
    sandbox: bool = False
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
    registry = Registry.discover(options.environ)
    with ExitStack() as stack:
        sandbox = None
        if options.sandbox:
            from leadgen_core.app.sandbox import Sandbox

            sandbox = stack.enter_context(Sandbox(registry, options.environ, options.cwd))
        layers = read_layers(
            config=options.config,
            profile=options.profile,
            environ=options.environ,
            sets=options.sets,
            cwd=options.cwd,
        )
        events = Events()
        asked = None if options.plugins is None else split_names(options.plugins)
        if sandbox is not None:
            asked = sandbox.stand_in(registry, asked, layers)
        plugins = registry.load(asked, layers, events=events)
        layers.notes.extend(registry.notes)
        settings = layers.run()
        if options.concurrency is not None:
            settings = evolve(settings, concurrency=options.concurrency)
        workspace = Workspace(options, layers, settings, plugins, events, sandbox)
        stack.pop_all()
    return workspace


class Workspace:
    """Plugins, settings, clock and, from the first run on, connections and caches. Close it with :meth:`aclose`."""

    def __init__(
        self,
        options: Options,
        layers: Layers,
        settings: RunSettings,
        plugins: Plugins,
        events: Events,
        sandbox: Sandbox | None = None,
    ) -> None:
        self.options = options
        self.settings = settings
        self.plugins = plugins
        self.events = events
        self.clock = Clock(fixed=options.clock)
        self.profile = layers.profile
        self._layers = layers
        self._sandbox = sandbox
        self._assembly: Assembly | None = None

    @property
    def secrets(self) -> list[Secret]:
        """Every secret of the configuration, for whoever writes logs."""
        return [resolved.secret for resolved in self._layers.resolved]

    @property
    def notes(self) -> list[str]:
        """What was wrong with metadata or the environment and hinders nothing, in sentences."""
        return list(self._layers.notes)

    async def aclose(self) -> None:
        """Close connections and every object that a plugin made; end the sandbox."""
        try:
            if self._assembly is not None:
                with telling(self.events, self.clock):
                    await self._assembly.aclose()
        finally:
            if self._sandbox is not None:
                await asyncio.to_thread(self._sandbox.close)

    # --- a look -------------------------------------------------------------------------------------------

    def problems(self) -> list[str]:
        """Why a run with these plugins and the configured output would be refused."""
        outputs = [parse_output(self.settings.output)]
        return [f"{what}; add {plugin}" for what, plugin in problems(self.plugins, outputs, profile=self.profile)]

    async def check_apis(self) -> AsyncIterator[tuple[bool, str]]:
        """Ask each API one harmless question; a line for each, and whether all is well."""
        assembly = self._assembled()
        for binding in assembly.bindings:
            result = await assembly.gateway.probe(binding.spec.name)
            fine = result.meaning in {"ok", "nothing"}
            words = f"{binding.spec.name} at {binding.base_url}: {result.meaning}"
            if result.quota is not None and result.quota.remaining is not None:
                words += f", {result.quota.remaining} of {result.quota.limit} calls left in this window"
                if result.counted:
                    words += f" of the quota {result.counted}"
            yield fine, f"{words}: {result.because}" if result.because else words

    # --- a run --------------------------------------------------------------------------------------------

    async def run(self, request: RunRequest, started: Callable[[int, int], None] | None = None) -> Summary:
        """The main job. ``started(total, done)`` is called when the input is known.

        Raises UsageError before anything is written; what stops a begun run is in the summary.
        """
        began = time.monotonic()
        outputs = [parse_output(text) for text in request.outputs or (self.settings.output,)]
        command = f"leadgen run {request.input_path}{' --sandbox' if self._sandbox is not None else ''}"
        refuse(self.plugins, outputs, profile=self.profile, command=command)
        assembly = self._assembled()
        sinks = self._sinks(outputs)
        summary = Summary()
        self._say_plugins()
        rundir = self._open_run(request, outputs)
        before = assembly.gateway.calls()
        try:
            with (
                logs.run_scope(rundir.run_id),
                summary.listening(self.events),
                telling(self.events, self.clock),
                self._auditing(rundir, assembly),
            ):
                try:
                    assembly.tell_left_out()
                    self._audit_resolved(assembly)
                    await self._go(request, assembly, sinks, rundir, summary, started)
                finally:
                    await close_all([part for _, part, _ in sinks], self.events)
            calls = {name: count - before[name] for name, count in assembly.gateway.calls().items()}
            summary.take_stock(calls, assembly.gateway.quota(), assembly.gateway.quotas())
            _fill(summary, rundir)
        finally:
            rundir.close()
        _measure(summary, began)
        return summary

    async def _go(
        self,
        request: RunRequest,
        assembly: Assembly,
        sinks: list[tuple[Output, Part[SinkSpec, Sink], bool]],
        rundir: RunDir,
        summary: Summary,
        started: Callable[[int, int], None] | None,
    ) -> None:
        couriers = [
            Courier(
                part,
                Target(path=output.path, preset=output.preset, columns=rundir.columns, run=rundir.run_id),
                rundir.outbox,
                screening=assembly.screening,
                events=self.events,
                rejects=rejects,
                seconds=self.settings.sink_timeout,
            )
            for output, part, rejects in sinks
        ]
        if request.retry is not None:
            rundir.outbox.rewrite()
        total = rundir.outbox.count()
        if started is not None:
            started(total, sum(rundir.outbox.totals().values()))
        runner = Runner(
            assembly.pipeline(rundir.run_id),
            rundir.outbox,
            couriers,
            clock=self.clock,
            events=self.events,
            in_flight=min(self.settings.in_flight, max(1, total)),
            drain_seconds=self.settings.drain_seconds,
            stuck=assembly.stuck,
        )
        try:
            with Watchdog(self.settings.block_seconds, self.plugins.modules()):
                ending = await runner.run(retry=request.retry, limit=request.limit)
            summary.interrupted = ending is Ending.INTERRUPTED
        except Stopped as stopped:
            summary.stopped = str(stopped)
        summary.sinks_broken = any(courier.broken for courier in couriers)

    # --- a list -------------------------------------------------------------------------------------------

    async def discover(self, request: DiscoverRequest, listed: Callable[[int], None] | None = None) -> Discovered:
        """Companies from the first discoverer, all of them or none. ``listed(count)`` is called with each.

        Raises UsageError before anything is asked; what stops a begun listing is in the summary.
        """
        from leadgen_core.app.discovery import choose_discoverer, discover
        from leadgen_core.app.listing import Listing

        began = time.monotonic()
        offer = choose_discoverer(self.plugins)
        with Listing(request.output, overwrite=request.overwrite, stdout=sys.stdout.buffer) as listing:
            assembly = self._assembled()
            self._say_plugins()
            discovered = await discover(
                offer, request.query, listing, assembly.gateway, self.plugins, self.settings, self.clock, self.events,
                listed,
            )  # fmt: skip
        _measure(discovered.summary, began)
        return discovered

    def _assembled(self) -> Assembly:
        """Made at the first use, then kept: caches stay warm and the quota known."""
        if self._assembly is None:
            within = None if self._sandbox is None else self._sandbox.base_urls
            self._assembly = Assembly(
                self.plugins, self.settings, self.clock, self.events, self.options.environ,
                within=within, secrets=self.secrets,
            )  # fmt: skip
        return self._assembly

    def _sinks(self, outputs: list[Output]) -> list[tuple[Output, Part[SinkSpec, Sink], bool]]:
        """A sink for each output, and one for the rejects."""
        made = []
        for output, rejects in [*((each, False) for each in outputs), (Output(rejects_path(outputs[0])), True)]:
            offer = choose_sink(output, self.plugins.sinks)
            if offer is None:
                raise UsageError(f"-o {output}: no loaded sink writes it")
            made.append((output, make_part(offer), rejects))
        return made

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

    @contextmanager
    def _auditing(self, rundir: RunDir, assembly: Assembly) -> Iterator[None]:
        """Credential events of this run go to its audit file; at the end, how many requests each signed."""
        before = dict(assembly.gateway.signed())
        listener = logs.audit_writer(rundir.path / "audit.jsonl", self.events, self.clock, run=rundir.run_id)
        try:
            yield
        finally:
            for place, requests in sorted(assembly.gateway.signed().items()):
                plugin, api, credential = place
                self.events.emit(CredentialEvent("signed", credential, plugin, api, requests - before.get(place, 0)))
            self.events.off(CredentialEvent, listener)

    def _audit_resolved(self, assembly: Assembly) -> None:
        for binding in assembly.bindings:
            if binding.secret is not None:
                self.events.emit(CredentialEvent("resolved", binding.secret.id, binding.plugin, binding.spec.name))

    def _say_plugins(self) -> None:
        """The first line of the log: which plugins were taken, which left out, and why."""
        from loguru import logger

        logger.info(f"plugins: {'; '.join(str(note) for note in self.plugins.notes)}")
        if self._sandbox is not None:
            logger.info(f"sandbox: every company and person is invented; simulated: {', '.join(self._sandbox.apis)}")
        for note in self._layers.notes:
            logger.warning(note)


def _fill(summary: Summary, rundir: RunDir) -> None:
    summary.states = {str(state): count for state, count in sorted(rundir.outbox.totals().items())}
    summary.executives = rundir.outbox.executives()
    summary.unreached = rundir.outbox.unreached()


def _measure(summary: Summary, began: float) -> None:
    summary.wall = time.monotonic() - began
    summary.peak_mb = _peak_mb()


def _peak_mb() -> float:
    """The most memory that this process has had. Linux's ``ru_maxrss`` survives exec, so it may be the parent's."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / (1 << 10)
    except (OSError, StopIteration, ValueError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
