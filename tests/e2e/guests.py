"""Plugins that tests install: a module and its metadata in a folder that commands find."""

from __future__ import annotations

import os
from textwrap import dedent

from tests.e2e.kit import Home

__all__ = ["install"]


def install(
    home: Home,
    name: str,
    code: str,
    *,
    distribution: str | None = None,
    version: str = "1.0",
    module: str | None = None,
    command: str | None = None,
) -> Home:
    """The same home with one more plugin; ``code`` is its module. ``command`` names a function of it that is one."""
    module = module or f"guest_{name.replace('-', '_')}"
    distribution = distribution or f"guest-{name}"
    site = home.path / "site" / distribution
    site.mkdir(parents=True, exist_ok=True)
    (site / f"{module}.py").write_text(dedent(code), encoding="utf-8")
    info = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\nSummary: a guest\nRequires-Python: >=3.11\n"
        "Requires-Dist: leadgen-core<1\n\nA plugin of a test.\n"
    )
    commands = "" if command is None else f"[leadgen.commands]\n{command} = {module}:{command}\n"
    (info / "entry_points.txt").write_text(f"[leadgen.plugins]\n{name} = {module}\n{commands}")
    paths = [str(site), *filter(None, [home.env.get("PYTHONPATH")])]
    return Home(home.path, {**home.env, "PYTHONPATH": os.pathsep.join(paths)})
