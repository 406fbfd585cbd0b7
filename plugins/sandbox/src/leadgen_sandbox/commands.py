"""``leadgen sandbox``. What is heavy is imported when the command runs."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadgen_core import UsageError

if TYPE_CHECKING:
    from leadgen_sandbox.world import Made

__all__ = ["sandbox"]

COMPANIES = 1000
"""In all, unless told otherwise. Each is made when it is first asked for."""


@click.command("sandbox")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, metavar="N",
    help="Port of the first API by name; the others have those after it. 0, the default: free ports.",
)  # fmt: skip
@click.option("--companies", type=int, default=COMPANIES, show_default=True, metavar="N", help="Companies in all.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Another world for each.")
@click.option("--world", "profile", type=click.Choice(["clean", "realistic"]), default="clean", show_default=True)
@click.option(
    "--faults", type=click.Path(path_type=Path), metavar="FILE", help="What goes wrong, as TOML or JSON (FAULTS.md)."
)
@click.option(
    "--window",
    type=click.FloatRange(0, 86_400, min_open=True),
    metavar="SECONDS",
    help="Shorten quota windows to this.",
)
@click.option(
    "--clock", metavar="T", help="What the servers' clocks say at the start, and the world's today (RFC 3339)."
)
@click.option("--truth", type=click.Path(path_type=Path), metavar="PATH", help="Write what is true in this world.")
@click.option("--until-stdin-ends", is_flag=True, hidden=True)
def sandbox(
    port: int,
    companies: int,
    seed: int,
    profile: str,
    faults: Path | None,
    window: float | None,
    clock: str | None,
    truth: Path | None,
    until_stdin_ends: bool,
) -> None:
    """Serve every simulated API on localhost over one invented world, until it is told to end.

    The first line on standard output is a JSON object: for each API its base_url and its credentials. A simulator
    that breaks is named on standard error and left out.
    """
    start = _moment(clock)
    if window is not None and not window > 0:  # NaN is in no range and outside of none
        raise UsageError("--window: must be a number of seconds above 0")
    from leadgen_core import installed_simulators
    from leadgen_sandbox.serving.faults_file import read_faults, realistic
    from leadgen_sandbox.serving.process import ending, serve, write_truth
    from leadgen_sandbox.serving.server import Settings

    with ending(with_stdin=until_stdin_ends):
        offers, left_out = installed_simulators(dict(os.environ))
        for sentence in left_out:
            _say(sentence)
        apis = [offer.spec.api for offer in offers]
        spoilt = realistic(apis) if profile == "realistic" else {}
        if faults is not None:
            spoilt = read_faults(faults, apis)
        made = _made(seed, companies, profile, start)
        if truth is not None:
            write_truth(truth, made.truth.as_json())
        settings = Settings(seed=seed, port=port, window=window, clock=start, faults=spoilt)
        serve(settings, offers, made.world, _say)


def _made(seed: int, companies: int, profile: str, start: datetime | None) -> Made:
    """The world. Raises UsageError where there is none."""
    from leadgen_sandbox.world import EARLIEST, TODAY, make_world

    today = TODAY if start is None else start.date()
    if today < EARLIEST:
        raise UsageError(f"--clock {today}: the world's day is {EARLIEST} or later")
    try:
        return make_world(seed=seed, companies=companies, profile=profile, today=today)
    except ValueError as error:
        raise UsageError(f"--companies {companies}: {error}") from None


def _say(sentence: str) -> None:
    sys.stderr.write(f"leadgen: {sentence}\n")
    sys.stderr.flush()


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError("--clock: a time such as 2026-01-30T13:14:22Z is expected") from None
