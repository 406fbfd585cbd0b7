"""``leadgen schema``: JSON Schema of a lead or of the configuration."""

from __future__ import annotations

import click
import orjson

from leadgen_core.cli.options import environ

__all__ = ["command"]


@click.command("schema")
@click.argument("what", type=click.Choice(["lead", "config"]))
def command(what: str) -> None:
    """Print the JSON Schema of a lead, or of the configuration with all installed plugins."""
    if what == "lead":
        from leadgen_core.app.lead_schema import lead_schema

        schema = lead_schema()
    else:
        from leadgen_core.registry import Registry
        from leadgen_core.settings import RunSettings, config_schema

        schema = config_schema(RunSettings, Registry.discover(environ()).configs())
    click.echo(orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode())
