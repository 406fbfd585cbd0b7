"""Outputs: which sink writes ``[PRESET:]PATH``, and whether it may be written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from leadgen_core.contracts.specs import SinkSpec
from leadgen_core.errors import UsageError
from leadgen_core.model.records import frozen
from leadgen_core.registry import Offer

__all__ = ["Output", "choose_sink", "parse_output", "rejects_path"]

_PRESET = re.compile(r"([a-z][a-z0-9-]+):(.+)", re.DOTALL)


@frozen
class Output:
    """One ``-o``: a path and, where one was named, a preset."""

    path: Path
    preset: str | None = None

    def __str__(self) -> str:
        return f"{self.preset}:{self.path}" if self.preset else str(self.path)


def parse_output(text: str) -> Output:
    """Read ``[PRESET:]PATH``. Raises UsageError when it names no file."""
    match = _PRESET.fullmatch(text)
    preset, path = match.groups() if match is not None else (None, text)
    if not path.strip() or Path(path).name in {"", ".", ".."}:
        raise UsageError(f"-o {text}: names no file")
    return Output(Path(path), preset)


def rejects_path(first: Output) -> Path:
    """Where the rows go that give no lead."""
    return first.path.with_name(first.path.name + ".rejects.jsonl")


def choose_sink(output: Output, sinks: Sequence[Offer[SinkSpec]]) -> Offer[SinkSpec] | None:
    """The first loaded sink that takes this preset or, without one, this ending."""
    for sink in sinks:
        if output.preset is not None:
            if output.preset in sink.spec.presets:
                return sink
        elif any(output.path.name.lower().endswith(ending) for ending in sink.spec.endings):
            return sink
    return None
