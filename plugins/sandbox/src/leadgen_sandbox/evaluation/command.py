"""``leadgen evaluate``. What is heavy is imported when the command runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from leadgen_core import UsageError
from leadgen_sandbox.commands import COMPANIES

if TYPE_CHECKING:
    from leadgen_sandbox.evaluation.report import Report
    from leadgen_sandbox.evaluation.running import Settings

__all__ = ["evaluate"]


@click.command("evaluate")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the table.")
@click.option("--world", "profile", type=click.Choice(["clean", "realistic"]), default="clean", show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Another world for each.")
@click.option("--companies", type=int, default=COMPANIES, show_default=True, metavar="N", help="Companies in all.")
@click.option("--faults", type=click.Path(path_type=Path), metavar="FILE", help="What goes wrong, as for the sandbox.")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Committed figures to compare with; benchmarks/results here or above unless told.",
)
def evaluate(as_json: bool, profile: str, seed: int, companies: int, faults: Path | None, results: Path | None) -> int:
    """Run every company of an invented world, by number, and compare the leads with what is true in it.

    Exit codes: 0; 1 when a figure is lower than the committed one, when a naive baseline does so well that the world
    proves nothing, or when the run stopped; 2 for wrong usage.
    """
    from leadgen_sandbox.evaluation.report import table
    from leadgen_sandbox.evaluation.results import drops
    from leadgen_sandbox.evaluation.running import Settings
    from leadgen_sandbox.evaluation.thresholds import limits, too_easy
    from leadgen_sandbox.world import TODAY

    frozen = limits(profile)
    before = _before(profile, seed, companies, faults, results)
    settings = Settings(seed=seed, companies=companies, profile=profile, today=TODAY, faults=faults)
    with _terminable():
        report, stopped = _measure(settings)
    figures = report.as_json()
    if as_json:
        from orjson import OPT_INDENT_2, dumps

        sys.stdout.buffer.write(dumps(figures, option=OPT_INDENT_2) + b"\n")
        sys.stdout.buffer.flush()
    else:
        click.echo(table(report), nl=False)
    wrong = []
    if companies < frozen.judged_from:
        _say(f"not judged whether the world is hard: it has fewer than {frozen.judged_from} companies")
    else:
        wrong += too_easy(frozen, report.baselines, report.joins, report.rule)
    if before is not None:
        wrong += drops(before, figures)
    if stopped is not None:
        wrong.append(f"the run stopped before its end, so whoever is not delivered counts as missed: {stopped}")
    for sentence in wrong:
        _say(sentence)
    return 1 if wrong else 0


def _measure(settings: Settings) -> tuple[Report, str | None]:
    """Make the world, run it, and compare. With the report, why the run stopped; None: it did not."""
    from leadgen_sandbox.evaluation.baselines import measure, measure_joins, suffix_rule
    from leadgen_sandbox.evaluation.known import known
    from leadgen_sandbox.evaluation.report import Report
    from leadgen_sandbox.evaluation.running import deliver
    from leadgen_sandbox.evaluation.scoring import score
    from leadgen_sandbox.world import make_world

    _progress(f"making {settings.companies} companies")
    try:
        made = make_world(settings.seed, settings.companies, settings.profile, settings.today)
    except ValueError as error:
        raise UsageError(f"--companies {settings.companies}: {error}") from None
    companies = list(known(made.world, made.truth))
    _progress("running them")
    delivered, stopped = deliver(settings, (company.number for company in companies))
    _progress("comparing")
    report = Report(
        world=settings.profile,
        seed=settings.seed,
        faults=None if settings.faults is None else settings.faults.name,
        companies=len(companies),
        verdict=score(companies, delivered.found, delivered.silent),
        delivered=delivered,
        undelivered=sum(company.number not in delivered for company in companies),
        baselines=measure(made.world, companies),
        joins=measure_joins(made.world),
        rule=suffix_rule(made.world.companies()),
    )
    return report, stopped


def _before(
    profile: str, seed: int, companies: int, faults: Path | None, results: Path | None
) -> Mapping[str, Any] | None:
    """The figures to compare with; None, and a word why, when there are none."""
    from leadgen_sandbox.evaluation.results import committed, file_name, read_results

    name = file_name(profile, seed, companies)
    if results is None and faults is not None:
        _say("not compared with committed figures: those are of a run without --faults")
        return None
    path = results or committed(name, Path.cwd())
    if path is None:
        _say(f"not compared with committed figures: there is no benchmarks/results/{name} here or above")
        return None
    before = read_results(path)
    if before is None:
        _say(f"not compared with committed figures: {path.name} is empty")
    return before


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the command as Ctrl-C does: run, sandbox and their folder go with it."""

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(sentence: str) -> None:
    click.echo(f"leadgen: {sentence}", err=True)


def _progress(words: str) -> None:
    """Only when a person is looking."""
    if sys.stderr.isatty():
        click.echo(f"evaluate: {words}", err=True)
