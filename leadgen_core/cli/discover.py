"""``leadgen discover``: companies that a source lists, in the form that ``leadgen run`` reads."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadgen_core.cli.options import configuring, environ, moment, sandboxed

if TYPE_CHECKING:
    from rich.console import Console

    from leadgen_core import app

__all__ = ["command"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STEP = 1000


@click.command("discover")
@configuring
@click.option("--sic", "sic", multiple=True, metavar="CODE,...", help="Any of these SIC codes.")
@click.option("--location", metavar="WORDS", help="All of these words in the registered office's address.")
@click.option("--incorporated-from", metavar="DATE", help="Incorporated on this day (YYYY-MM-DD) or later.")
@click.option("--incorporated-to", metavar="DATE", help="Incorporated on this day or earlier.")
@click.option("--status", "statuses", multiple=True, metavar="STATUS,...", help="Any of these, such as active.")
@click.option("--type", "types", multiple=True, metavar="TYPE,...", help="Any of these, such as ltd,llp.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The first N companies only.")
@click.option("-o", "output", metavar="PATH", help="A .csv or .jsonl file; standard output (CSV) unless told.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
@sandboxed
@click.option("--clock", metavar="T", help="Fix the time (RFC 3339), and so the last day that is looked at.")
@click.option("--quiet", is_flag=True, help="No progress, no information lines, no summary.")
def command(
    plugins: str | None,
    profile: str | None,
    config: Path | None,
    sets: tuple[str, ...],
    sic: tuple[str, ...],
    location: str | None,
    incorporated_from: str | None,
    incorporated_to: str | None,
    statuses: tuple[str, ...],
    types: tuple[str, ...],
    limit: int | None,
    output: str | None,
    overwrite: bool,
    sandbox: bool,
    clock: str | None,
    quiet: bool,
) -> int:
    """List the companies that fit all options that are given, in the form that leadgen run reads.

    An option may be given more than once, and may hold several values with commas between. The list is written when
    it is whole; one that cannot be read to its end is not written, and the exit code is 3.
    """
    from leadgen_core import DiscoveryQuery, app, logs
    from leadgen_core.cli.progress import terminal
    from leadgen_core.cli.summary import render_discovery

    try:
        query = DiscoveryQuery(
            sic_codes=_values(sic),
            location=location,
            incorporated_from=_day(incorporated_from, "--incorporated-from"),
            incorporated_to=_day(incorporated_to, "--incorporated-to"),
            statuses=_values(statuses),
            types=_values(types),
            limit=limit,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    console = terminal(quiet=quiet)
    stream = None if console is None else logs.console_writer(console)
    logging = logs.configure(format="text", quiet=quiet, stream=stream)
    workspace = app.open_workspace(
        app.Options(
            plugins=plugins,
            config=config,
            profile=profile,
            sets=sets,
            clock=moment(clock),
            sandbox=sandbox,
            environ=environ(),
        )
    )
    logging.add(*workspace.secrets)
    request = app.DiscoverRequest(query=query, output=output, overwrite=overwrite)

    async def job() -> app.Discovered:
        with _terminable(), _counting(console) as listed:
            try:
                return await workspace.discover(request, listed)
            finally:
                await workspace.aclose()

    try:
        discovered = asyncio.run(job())
    except asyncio.CancelledError:
        click.echo("leadgen: interrupted; nothing was written", err=True)
        return 130
    if not quiet:
        render_discovery(discovered, sys.stderr)
    if discovered.summary.stopped is not None:
        click.echo(f"leadgen: {discovered.summary.stopped}", err=True)
        return 3
    return 0


def _values(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(value.strip() for text in given for value in text.split(","))


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise click.BadParameter("a day such as 2026-01-30 is expected", param_hint=option)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the command as Ctrl-C does: nothing is left behind."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is None or sys.platform == "win32":
        yield
        return
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


@contextmanager
def _counting(console: Console | None) -> Iterator[Callable[[int], None] | None]:
    """How many so far, only when a person is looking."""
    if console is None:
        yield None
        return
    with console.status("companies: asking") as status:

        def listed(count: int) -> None:
            if count % _STEP == 0:
                status.update(f"companies: {count}")

        yield listed
