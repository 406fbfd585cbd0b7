"""``leadgen run``: the main job."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from leadgen_core.cli import ahead, collector
from leadgen_core.cli.options import configuring, environ, moment, sandboxed

__all__ = ["command"]


@click.command("run")
@click.argument("input_path", metavar="INPUT")
@configuring
@click.option(
    "-o", "outputs", multiple=True, metavar="[PRESET:]PATH", help="Where leads go; the ending says how. leads.jsonl."
)
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Open requests at once.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The first N companies only.")
@click.option("--resume", is_flag=True, help="Go on with the run of this output.")
@click.option("--overwrite", is_flag=True, help="Begin anew; the output is replaced.")
@click.option("--retry", type=click.Choice(["unknown", "failed"]), help="With --resume: also do these companies again.")
@sandboxed
@click.option("--clock", metavar="T", help="Fix stamps, lifetimes and the run id to this time (RFC 3339).")
@click.option(
    "--encoding", type=click.Choice(["utf-8", "latin-1"]), default="utf-8", help="Of INPUT.", show_default=True
)
@click.option("--quiet", is_flag=True, help="No progress, no information lines, no summary.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    input_path: str,
    plugins: str | None,
    profile: str | None,
    config: Path | None,
    sets: tuple[str, ...],
    outputs: tuple[str, ...],
    concurrency: int | None,
    limit: int | None,
    resume: bool,
    overwrite: bool,
    retry: str | None,
    sandbox: bool,
    clock: str | None,
    encoding: str,
    quiet: bool,
    log_format: str,
) -> int:
    """Read companies from INPUT (CSV with a header, JSON Lines, or - for standard input) and deliver leads.

    The header has any of company_number, name, postcode and domain; other columns are carried through.
    Rows that give no lead go to <first output>.rejects.jsonl with the reason.
    """
    if resume and overwrite:
        raise click.UsageError("--resume and --overwrite exclude each other")
    if retry is not None and not resume:
        raise click.UsageError("--retry goes with --resume")
    collector.begin()
    ahead.begin()
    from leadgen_core import app, logs
    from leadgen_core.cli.ending import leave
    from leadgen_core.cli.progress import progress, terminal
    from leadgen_core.cli.summary import render, render_json

    console = terminal(quiet=quiet)
    stream = None if console is None else logs.console_writer(console)
    logging = logs.configure(format="json" if log_format == "json" else "text", quiet=quiet, stream=stream)
    request = app.RunRequest(
        input_path=input_path,
        outputs=outputs,
        limit=limit,
        resume=resume,
        overwrite=overwrite,
        retry=retry,
        encoding=encoding,
    )
    with logs.plugin_output(logging.scrubber):
        workspace = app.open_workspace(
            app.Options(
                plugins=plugins,
                config=config,
                profile=profile,
                sets=sets,
                concurrency=concurrency,
                clock=moment(clock),
                sandbox=sandbox,
                environ=environ(),
            )
        )
        logging.add(*workspace.secrets)

        collector.settle()

        async def job() -> int:
            try:
                with progress(workspace.events, console) as started:
                    summary = await workspace.run(request, started)
            finally:
                await workspace.aclose()
            if not quiet:
                render(summary, sys.stderr)
                if log_format == "json":
                    render_json(summary, sys.stderr)
            if summary.stopped is not None:
                click.echo(f"leadgen: {summary.stopped}", err=True)
            leave(summary.exit_code(), workspace.plugins.modules())
            return summary.exit_code()

        return asyncio.run(job())
