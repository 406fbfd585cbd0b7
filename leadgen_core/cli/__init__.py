"""The command line: thin. It parses, calls the app and prints; each command's module is imported when used.

``--help`` lists commands from a table and plugins' commands from their metadata, so it imports neither.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from leadgen_core.cli.options import environ
from leadgen_core.errors import Stopped, UsageError, error_name

if TYPE_CHECKING:
    from leadgen_core.registry import Command

__all__ = ["main"]

_COMMANDS = {
    "discover": ("leadgen_core.cli.discover", "Companies from a source that can list them, for run to read."),
    "doctor": ("leadgen_core.cli.doctor", "Plugins, configuration, credentials, reachability, quota left."),
    "explain": ("leadgen_core.cli.explain", "The evidence and the reasons of one lead."),
    "plugins": ("leadgen_core.cli.plugins", "What is installed, what each plugin declares, how to make one."),
    "run": ("leadgen_core.cli.run", "Find, prove, score and deliver leads: the main job."),
    "schema": ("leadgen_core.cli.schema", "JSON Schema of a lead or of the configuration."),
}


class _Lazy(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted({*_COMMANDS, *_plugin_commands()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in _COMMANDS:
            command = import_module(_COMMANDS[cmd_name][0]).command
            return command if isinstance(command, click.Command) else None
        offered = _plugin_commands().get(cmd_name)
        if offered is None:
            return None
        return _load(cmd_name, offered)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        plugins = _plugin_commands()
        rows = [
            (name, _COMMANDS[name][1] if name in _COMMANDS else f"(command of {_whose(plugins[name])})")
            for name in self.list_commands(ctx)
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _plugin_commands() -> dict[str, list[Command]]:
    """Commands of plugins by name. Ours cannot be replaced; what two distributions offer is neither's."""
    from leadgen_core.registry import commands

    found: dict[str, list[Command]] = {}
    for each in commands(environ()):
        if each.name not in _COMMANDS:
            found.setdefault(each.name, []).append(each)
    return found


def _whose(offered: Sequence[Command]) -> str:
    return " and ".join(each.distribution for each in offered)


def _load(name: str, offered: Sequence[Command]) -> click.Command:
    if len(offered) > 1:
        both = " and ".join(f"{each.distribution} {each.version}" for each in offered)
        raise UsageError(f"the command {name} is offered by two distributions, {both}: uninstall one")
    (only,) = offered
    whose = f"the command {name} of {only.distribution} {only.version}"
    module, _, attribute = only.value.partition(":")
    try:
        command = getattr(import_module(module), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise UsageError(f"{whose} cannot be loaded: {error_name(error)}") from error
    if not isinstance(command, click.Command):
        raise UsageError(f"{whose} is no click command: {only.value}")
    return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="leadgen-core", prog_name="leadgen")
def cli() -> None:
    """Find UK companies that need SEO work, name who decides there, and prove both from official sources."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Exit codes: 0, 1, 2, 3 and 130 as docs/exit-codes say."""
    try:
        code = cli.main(args=None if arguments is None else list(arguments), prog_name="leadgen", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except UsageError as error:
        click.echo(f"leadgen: {error}", err=True)
        sys.exit(2)
    except Stopped as stopped:
        click.echo(f"leadgen: {stopped}", err=True)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has gone, which is no failure of ours (`leadgen schema lead | head`).
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
