"""The hostile guest, installed as its author would have it, and a run with it inside this process."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from leadgen_core import logs
from leadgen_core.app import Options, RunRequest, Summary, open_workspace
from leadgen_core.events import PluginBroke
from tests.e2e.kit import PLUGINS, Home, lines

__all__ = ["SECRET", "WHO", "Outcome", "install_hostile", "leaves_no_trace", "run_here"]

SOURCE = Path(__file__).resolve().parents[2] / "contrib" / "hostile"
SECRET = "hunter2-hunter2"
"""What every hostile exception has in its text."""
WHO = "leadgen-hostile 6.6.6"


def install_hostile(home: Home) -> Home:
    """The same home with leadgen-hostile in it: its own folder of metadata, and its source."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = home.path / "hostile" / f"leadgen_hostile-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    text = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items()) for group, entries in groups
    )
    (info / "entry_points.txt").write_text(text)
    path = os.pathsep.join([str(info.parent), str(SOURCE / "src")])
    return Home(home.path, {**home.env, "PYTHONPATH": path})


@frozen
class Outcome:
    """What became of a run inside this process."""

    summary: Summary
    broke: list[PluginBroke]
    leads: list[Any]
    rejects: list[Any]
    log: str = ""


async def run_here(home: Home, plugin: str, *outputs: str, sets: tuple[str, ...] = (), **env: str) -> Outcome:
    """``leadgen run in.csv`` with the usual plugins and this one, without a process; ``sys.path`` is the caller's."""
    names = [str(home.path / name) for name in outputs or ("leads.jsonl",)]
    said = StringIO()
    with closing(logs.configure(format="text", stream=said)) as logging:
        outcome = await _run(logging, home, plugin, names, sets, env)
    return evolve(outcome, log=said.getvalue())


async def _run(
    logging: logs.Logs, home: Home, plugin: str, names: list[str], sets: tuple[str, ...], env: Mapping[str, str]
) -> Outcome:
    workspace = open_workspace(
        Options(plugins=f"{plugin},{PLUGINS}", sets=sets, environ={**home.environ(), **env}, cwd=home.path)
    )
    logging.add(*workspace.secrets)
    broke: list[PluginBroke] = []
    workspace.events.on(PluginBroke, broke.append)
    try:
        request = RunRequest(input_path=str(home.path / "in.csv"), outputs=tuple(names))
        summary = await workspace.run(request)
    finally:
        await workspace.aclose()
    first = Path(names[0])
    return Outcome(summary, broke, lines(first), lines(first.with_name(f"{first.name}.rejects.jsonl")))


def leaves_no_trace(home: Home, text: str = SECRET) -> bool:
    """Whether no file of the run has this text; the guest's own source is not looked at."""
    files = (file for file in home.path.rglob("*") if file.is_file() and "hostile" not in file.parts)
    return not any(text.encode() in file.read_bytes() for file in files)
