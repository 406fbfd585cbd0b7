"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

__all__ = ["configuring", "environ", "moment", "sandboxed"]

F = TypeVar("F", bound=Callable[..., Any])


def configuring(function: F) -> F:
    """The options that choose plugins and configuration."""
    for option in (
        click.option(
            "--set", "sets", multiple=True, metavar="PLUGIN.KEY=VALUE", help="A setting; secrets as references only."
        ),
        click.option(
            "--config", type=click.Path(path_type=Path), metavar="FILE", help="Configuration, default leadgen.toml."
        ),
        click.option("--profile", metavar="NAME", help="A profile of the configuration (LEADGEN_PROFILE)."),
        click.option(
            "--plugins", metavar="a,b,no:c", help="Exactly these plugins, in this order; no:c leaves one out."
        ),
    ):
        function = option(function)
    return function


def sandboxed(function: F) -> F:
    """The option that asks simulated APIs instead of real ones."""
    words = "Ask simulated APIs of invented companies; no key is read and no other host reached."
    return click.option("--sandbox", is_flag=True, help=words)(function)


def moment(text: str | None) -> datetime | None:
    """A time of RFC 3339; a date alone is its midnight, no zone is UTC."""
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("a time such as 2026-01-30T13:14:22Z is expected", param_hint="--clock") from None
    return (parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def environ() -> dict[str, str]:
    """The environment, read in one place."""
    return dict(os.environ)
