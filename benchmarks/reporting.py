"""Results as Markdown and JSON, each with the date, the machine, the versions and the command."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import distributions

from measuring import HERE

__all__ = ["report", "table"]

_TOLD = ("aiohttp", "orjson", "uvloop", "attrs", "cattrs", "aiocache", "pluggy", "loguru", "click")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def report(name: str, title: str, what: str, text: str, data: Mapping[str, object]) -> None:
    """Write ``results/<name>.md`` and ``.json``."""
    now = datetime.now(UTC)
    found = {each.name.lower(): each.version for each in distributions()}
    versions = {each: found[each] for each in found if each in _TOLD or each.startswith("leadgen-")}
    machine = f"{os.cpu_count()} cores, {_memory_gb()} GB, {platform.system()} {platform.machine()}"
    python = platform.python_version()
    command = f"python benchmarks/{' '.join([name + '.py', *sys.argv[1:]])}"
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    told = ", ".join(f"{each} {version}" for each, version in sorted(versions.items()))
    (folder / f"{name}.md").write_text(
        f"# {title}\n\n{now:%Y-%m-%d}; {machine}; Python {python}; `{command}`\n\n{what.strip()}\n\n{text}\n{told}\n",
        encoding="utf-8",
    )
    (folder / f"{name}.json").write_text(
        json.dumps(
            {
                "date": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                "machine": machine,
                "python": python,
                "command": command,
                "versions": dict(sorted(versions.items())),
                **data,
            },
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30))
