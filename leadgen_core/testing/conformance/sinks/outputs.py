"""A folder for one check, deliveries, and what stands in an output."""

from __future__ import annotations

import inspect
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from attrs import evolve

from leadgen_core.contracts.protocols import Delivery, Target
from leadgen_core.contracts.specs import SinkSpec
from leadgen_core.testing.conformance.check import NotChecked
from leadgen_core.testing.conformance.leads import executive, full
from leadgen_core.testing.conformance.specimen import Specimen
from leadgen_core.testing.conformance.stage import Stage, staged

__all__ = ["FIRST", "NEXT", "REST", "Outputs", "deliveries", "outputs", "stream"]


def deliveries(numbers: Iterable[int], *, start: int = 0, revision: int = 1, name: str = "Jane") -> list[Delivery]:
    """One lead for each number, in this order, counted from ``start``."""
    from leadgen_core.engine.encode import encode_lead

    made = []
    for ordinal, number in enumerate(numbers, start):
        lead = full()
        people = (executive(f"{name} No{number}"), *lead.executives)
        lead = evolve(lead, company=evolve(lead.company, number=f"{number:08}"), executives=people)
        made.append(Delivery(ordinal=ordinal, revision=revision, key=f"run:{ordinal}", line=encode_lead(lead)))
    return made


FIRST = deliveries(range(10_000_001, 10_000_004))
NEXT = deliveries(range(10_000_004, 10_000_006), start=3)
REST = deliveries(range(10_000_006, 10_000_008), start=5)


async def stream(given: Sequence[Delivery]) -> AsyncIterator[Delivery]:
    """As the engine gives them to ``replace``."""
    for delivery in given:
        yield delivery


class Outputs:
    """The targets of one check. Each has a file of its own in a folder that goes when the check ends."""

    def __init__(self, stage: Stage, specimen: Specimen, folder: Path) -> None:
        self._stage = stage
        self._samples = specimen.samples
        spec = specimen.spec
        self._ending = next(iter(spec.endings), "") if isinstance(spec, SinkSpec) else ""
        self._preset = next(iter(spec.presets), None) if isinstance(spec, SinkSpec) and not spec.endings else None
        self._count = itertools.count()
        self.folder = folder

    def target(self) -> Target:
        """A place where nothing was written yet."""
        path = self.folder / f"leads-{next(self._count)}{self._ending}"
        return Target(path=path, preset=self._preset, columns=("our_ref",), run="run")

    async def sink(self, target: Target, checkpoint: str | None = None) -> Any:
        """A new one, open there."""
        sink = self._stage.make()
        await sink.open(target, checkpoint)
        return sink

    def make(self) -> Any:
        """A new one that is not open."""
        return self._stage.make()

    async def close(self, sink: Any) -> None:
        """As when its run ends."""
        await self._stage.close(sink)

    async def write(self, target: Target, *batches: Sequence[Delivery], checkpoint: str | None = None) -> str:
        """Open, write these one after the other, close; the last checkpoint."""
        sink = await self.sink(target, checkpoint)
        last = checkpoint or ""
        for batch in batches:
            last = await sink.write(batch)
        await self.close(sink)
        return last

    async def whole(self, *batches: Sequence[Delivery]) -> Any:
        """What stands in an output to which these were written, and nothing went wrong."""
        target = self.target()
        await self.write(target, *batches)
        return await self.state(target)

    async def state(self, target: Target) -> Any:
        """What stands in it now."""
        if self._samples.output is not None:
            state = self._samples.output(target)
            return await state if inspect.isawaitable(state) else state
        return self.file(target)

    def file(self, target: Target) -> bytes:
        """Its bytes. ``NotChecked`` when it is no file."""
        if self._samples.output is not None or not target.path.is_file():
            raise NotChecked("its output is no plain file at the target's path")
        return target.path.read_bytes()

    async def text(self, target: Target) -> str:
        """What a person who opens it can read."""
        state = await self.state(target)
        if not isinstance(state, bytes):
            return str(state)
        try:
            return state.decode()
        except UnicodeDecodeError:
            raise NotChecked("its output is no text in UTF-8; Samples.output would say what stands in it") from None


@asynccontextmanager
async def outputs(specimen: Specimen) -> AsyncIterator[Outputs]:
    """A folder, and sinks that are closed in the end."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        async with staged(specimen) as stage:
            yield Outputs(stage, specimen, Path(folder))
