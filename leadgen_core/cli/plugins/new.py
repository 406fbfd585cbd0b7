"""``leadgen plugins new``: a complete plugin from the template."""

from __future__ import annotations

from pathlib import Path

import click

from leadgen_core.cli.options import environ

__all__ = ["new"]


@click.command("new")
@click.argument("name")
@click.option(
    "--kind",
    required=True,
    metavar="KIND",
    help="What it offers: source, scorer, screen, resolver, sink, cache or rate-limiter.",
)
@click.option(
    "--directory", type=click.Path(path_type=Path), metavar="DIR", help="The folder to make, default leadgen-NAME."
)
def new(name: str, kind: str, directory: Path | None) -> None:
    """Make a plugin called NAME that works as it stands: code, tests, metadata, README.

    NAME is in lower case with dashes (acme-data). Nothing is asked, downloaded or installed. Needs
    leadgen-core[authoring].
    """
    from leadgen_core.app.authoring import new_plugin
    from leadgen_core.registry import Registry

    folder = directory or Path(f"leadgen-{name}")
    made = new_plugin(name, kind, folder, Registry.discover(environ()).known_names)
    click.echo(f"{folder} holds the plugin {name}. What now:")
    click.echo(f"  cd {folder}")
    click.echo("  uv venv && uv pip install -e . " + " ".join(f"--group {group}" for group in made.groups))
    click.echo("  uv run --no-sync pytest")
    click.echo(f"  uv run --no-sync leadgen plugins check {name}")
    click.echo("README.md says what to change to make it yours.")
