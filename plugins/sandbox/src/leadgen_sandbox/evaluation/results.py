"""Figures that were committed, and whether new ones fall short of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from leadgen_core import UsageError

__all__ = ["DROP", "committed", "drops", "file_name", "read_results"]

DROP = 0.005
"""By how much a figure may be lower than the committed one."""
_FIGURES = ("precision", "recall", "f1")
_FOLDER = Path("benchmarks", "results")


def file_name(world: str, seed: int, companies: int) -> str:
    """Of the committed results of such a world."""
    return f"evaluate-{world}-seed{seed}-{companies}.json"


def committed(name: str, cwd: Path) -> Path | None:
    """``benchmarks/results/NAME`` in the working directory or the nearest folder above that has it."""
    return next((path for folder in (cwd, *cwd.parents) if (path := folder / _FOLDER / name).is_file()), None)


def read_results(path: Path) -> Mapping[str, Any] | None:
    """The results in a file, None for an empty one: a shell makes it before ``evaluate --json > FILE`` begins.

    Raises UsageError.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--results {path.name}: cannot be read: {error.strerror}") from None
    if not content.strip():
        return None
    try:
        results = orjson.loads(content)
        for figures in results["sets"].values():
            for name in _FIGURES:
                if not isinstance(figures[name], float | int | None):
                    raise TypeError(name)
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        raise UsageError(f"--results {path.name}: is not what leadgen evaluate --json prints") from None
    checked: Mapping[str, Any] = results
    return checked


def drops(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """A sentence for each figure of a set that is lower by more than :data:`DROP`, or is there no longer."""
    said = []
    for name, before in old["sets"].items():
        now = new["sets"].get(name, {})
        for figure in _FIGURES:
            was, value = before[figure], now.get(figure)
            if was is None or (value is not None and value >= was - DROP - 1e-9):
                continue
            shown = "nothing" if value is None else f"{value:.4f}"
            said.append(
                f"{name}: {figure} has dropped from {was:.4f} to {shown} "
                f"({before.get('true')} true then, {now.get('true')} now)"
            )
    return said
