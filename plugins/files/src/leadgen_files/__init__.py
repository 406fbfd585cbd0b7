"""files: leads as JSON Lines and as CSV, in files that always end with a whole lead."""

from __future__ import annotations

from collections.abc import Iterable

from leadgen_core import NoConfig, Plugin, SinkSpec, hookimpl

__all__ = ["PLUGIN", "leadgen_sinks"]

PLUGIN = Plugin(api_version=1, config=NoConfig)

_GUARANTEE = (
    "each lead exactly once, in input order, whatever kills the process or the machine, "
    "once the run has been resumed; a file that was changed in between is refused, not repaired"
)


@hookimpl
def leadgen_sinks() -> Iterable[SinkSpec]:
    """One sink for each format."""
    return (
        SinkSpec(name="jsonl", factory="leadgen_files.sinks:JsonlSink", endings=(".jsonl",), guarantee=_GUARANTEE),
        SinkSpec(name="csv", factory="leadgen_files.sinks:CsvSink", endings=(".csv",), guarantee=_GUARANTEE),
    )
