"""``leadgen plugins list``: what is installed, from metadata alone."""

from __future__ import annotations

import click

from leadgen_core.cli.options import environ

__all__ = ["list_"]


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(as_json: bool) -> None:
    """List the installed plugins. Nothing of them is imported."""
    from leadgen_core.registry import Registry

    registry = Registry.discover(environ())
    for note in registry.notes:
        click.echo(note, err=True)
    if as_json:
        import json

        found = [
            {"name": each.name, "distribution": each.distribution, "version": each.version, "module": each.value}
            for each in registry.installed
        ]
        click.echo(json.dumps(found, indent=2))
        return
    if not registry.installed:
        click.echo("no plugin is installed; try: pip install leadgen-companies-house", err=True)
        return
    twice = [name for name in registry.names if sum(each.name == name for each in registry.installed) > 1]
    width = max(len(each.name) for each in registry.installed)
    for each in registry.installed:
        trouble = "  offered twice: uninstall one" if each.name in twice else _missing(each.value)
        click.echo(f"{each.name:<{width}}  {each.distribution} {each.version}{trouble}")


def _missing(module: str) -> str:
    """A word about a module that is not there, as far as that can be seen without importing anything."""
    from importlib.util import find_spec

    top = module.partition(":")[0].partition(".")[0]
    try:
        found = find_spec(top) is not None
    except (ImportError, ValueError):
        found = False
    return "" if found else f"  its module {top} is not there: install it again, or uninstall it"
