"""``leadgen plugins``: what is installed, what one plugin declares, whether it keeps the contract, and a new one."""

from __future__ import annotations

import click

from leadgen_core.cli.plugins.check import check
from leadgen_core.cli.plugins.listing import list_
from leadgen_core.cli.plugins.new import new
from leadgen_core.cli.plugins.show import show

__all__ = ["command"]


@click.group("plugins")
def command() -> None:
    """What is installed, what each plugin declares, and how to make one."""


for _each in (check, list_, new, show):
    command.add_command(_each)
