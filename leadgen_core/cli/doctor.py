"""``leadgen doctor``: one line for each thing that can be wrong, with its mend."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from leadgen_core.cli.options import configuring, environ, sandboxed

__all__ = ["command"]


@click.command("doctor")
@configuring
@sandboxed
@click.option("--offline", is_flag=True, help="Connect to nothing.")
def command(
    plugins: str | None,
    profile: str | None,
    config: Path | None,
    sets: tuple[str, ...],
    sandbox: bool,
    offline: bool,
) -> int:
    """Check plugins, configuration, credentials, reachability and quota; exit 1 when something needs mending.

    Each API is asked one harmless question with the configured credential, which costs one call of its quota.
    """
    from leadgen_core import app

    workspace = app.open_workspace(
        app.Options(plugins=plugins, config=config, profile=profile, sets=sets, sandbox=sandbox, environ=environ())
    )
    for note in workspace.plugins.notes:
        click.echo(f"{'ok  ' if note.taken else 'out '} plugin {note}")
    for sentence in workspace.notes:
        click.echo(f"note {sentence}")
    problems = workspace.problems()
    for problem in problems:
        click.echo(f"FAIL run: {problem}")

    async def check() -> bool:
        well = True
        try:
            if not offline:
                async for fine, line in workspace.check_apis():
                    click.echo(f"{'ok  ' if fine else 'FAIL'} API {line}")
                    well &= fine
        finally:
            await workspace.aclose()
        return well

    return 0 if asyncio.run(check()) and not problems else 1
