"""The figures of an evaluation, as JSON for machines and as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict, frozen

from leadgen_sandbox.evaluation.baselines import SuffixRule
from leadgen_sandbox.evaluation.delivered import Delivered
from leadgen_sandbox.evaluation.scoring import Figures, Mistake, Verdict

__all__ = ["Report", "table"]

_SHOWN = 30
"""Traps and companies with a mistake that the table shows; the JSON has all."""
_NAMED = 5
"""Names that it shows of one company."""


@frozen(kw_only=True)
class Report:
    """All that an evaluation found out."""

    world: str
    seed: int
    faults: str | None
    companies: int
    verdict: Verdict
    delivered: Delivered
    undelivered: int
    """Companies of which the run left no line."""
    baselines: Mapping[str, Figures]
    joins: Mapping[str, Figures]
    rule: SuffixRule

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints and ``benchmarks/results`` keeps."""
        executives = self.verdict.all.as_json()
        executives["by_trap"] = {trap: figures.as_json() for trap, figures in self.verdict.by_trap.items()}
        baselines: dict[str, Any] = {name: _plain(figures) for name, figures in self.baselines.items()}
        for name, join in self.joins.items():
            baselines[name]["join"] = _plain(join)
        share = self.rule.share_wrong
        baselines["legal_suffix"] |= {
            "corporate_officers": self.rule.officers,
            "corporate_officers_wrong": self.rule.officers_wrong,
            "share_wrong": None if share is None else round(share, 6),
            "corporate_controllers": self.rule.controls,
            "corporate_controllers_wrong": self.rule.controls_wrong,
        }
        return {
            "world": self.world,
            "seed": self.seed,
            "companies": self.companies,
            "faults": self.faults,
            "sets": {"executives": executives},
            "questions": self.delivered.questions_as_json(),
            "rejects": dict(sorted(self.delivered.rejects.items())),
            "undelivered": self.undelivered,
            "baselines": baselines,
            "mistakes": [asdict(mistake) for mistake in self.verdict.mistakes],
        }


def _plain(figures: Figures) -> dict[str, Any]:
    """A baseline misses whom it misses: nothing is unknown to it."""
    return {name: value for name, value in figures.as_json().items() if not name.startswith("missed")}


# --- the table ------------------------------------------------------------------------------------------------


def table(report: Report) -> str:
    """Plain text, one figure with its denominator a cell."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    ours = report.verdict.all
    faults = "" if report.faults is None else f", faults of {report.faults}"
    yield f"world {report.world}, seed {report.seed}, {report.companies} companies{faults}"
    yield ""
    yield from _columns(
        [
            ("", "companies", "precision", "recall", "F1"),
            ("executives", str(ours.n), *_cells(ours)),
            *((f"baseline {name}", str(each.n), *_cells(each)) for name, each in report.baselines.items()),
            *((f"join {name}", str(each.n), *_cells(each)) for name, each in report.joins.items()),
        ]
    )
    yield ""
    yield (
        f"missed: {ours.missed}, of which accounted for by an unknown answer: {ours.missed_unknown}, "
        f"in no list: {ours.missed_unlisted}"
    )
    asked, unknown = report.delivered.asked.total(), report.delivered.unknown.total()
    yield f"questions unknown after retries: {_share(unknown, asked)}"
    if report.delivered.rejects:
        states = sorted(report.delivered.rejects.items())
        yield f"rejects: {', '.join(f'{count} {state}' for state, count in states)}"
    if report.undelivered:
        yield f"companies without a lead or a reject: {report.undelivered}"
    rule = report.rule
    yield (
        f"legal-suffix rule wrong about corporate officers: {_share(rule.officers_wrong, rule.officers)}, "
        f"about corporate controllers: {_share(rule.controls_wrong, rule.controls)}"
    )
    yield ""
    yield from _traps(report.verdict.by_trap)
    yield from _mistakes(report.verdict.mistakes)


def _cells(figures: Figures) -> tuple[str, str, str]:
    return (
        _of(figures.precision, figures.correct, figures.found),
        _of(figures.recall, figures.correct, figures.true),
        "-" if figures.f1 is None else f"{figures.f1:.4f}",
    )


def _of(figure: float | None, part: int, whole: int) -> str:
    return "-" if figure is None else f"{figure:.4f} ({part} of {whole})"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part / whole:.2%})" if whole else "")


def _traps(by_trap: Mapping[str, Figures]) -> Iterator[str]:
    sprung = [(trap, figures) for trap, figures in by_trap.items() if not figures.flawless]
    yield f"traps: {len(by_trap)}, without a mistake: {len(by_trap) - len(sprung)}"
    if sprung:
        yield from _columns(
            [
                ("companies", "precision", "recall", "F1", "trap"),
                *((str(figures.n), *_cells(figures), trap) for trap, figures in sprung[:_SHOWN]),
            ]
        )
        yield from _more(len(sprung) - _SHOWN)


def _mistakes(mistakes: Sequence[Mistake]) -> Iterator[str]:
    if not mistakes:
        return
    yield ""
    yield f"companies with a mistake: {len(mistakes)}"
    for mistake in mistakes[:_SHOWN]:
        parts = [f"wrong: {_names(mistake.wrong)}"] if mistake.wrong else []
        if mistake.missed:
            accounted = f" ({mistake.accounted} accounted for)" if mistake.accounted else ""
            parts.append(f"missed: {_names(mistake.missed)}{accounted}")
        yield f"  {mistake.number}  {'; '.join(parts)}{f'  [{mistake.trap}]' if mistake.trap else ''}"
    yield from _more(len(mistakes) - _SHOWN)


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"  and {count} more, which --json shows"


def _columns(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    listed = list(rows)
    widths = [max(len(row[at]) for row in listed) for at in range(len(listed[0]))]
    for row in listed:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
