"""Comparing with committed figures: where they are found, what counts as a drop, what cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from leadgen_sandbox.evaluation.results import committed, drops, file_name, read_results

from leadgen_core import UsageError

NAME = "evaluate-clean-seed1-200.json"


def results(precision: float | None = 0.99, recall: float | None = 0.98, f1: float | None = 0.985) -> dict[str, Any]:
    return {"sets": {"executives": {"precision": precision, "recall": recall, "f1": f1, "true": 300}}}


def test_the_name_says_which_world() -> None:
    assert file_name("clean", 1, 200) == NAME


def test_committed_results_are_found_upwards(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks" / "results" / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{}")
    below = tmp_path / "docs" / "here"
    below.mkdir(parents=True)
    assert committed(NAME, tmp_path) == committed(NAME, below) == path
    assert committed("evaluate-clean-seed2-200.json", below) is None


@pytest.mark.parametrize("figure", ["precision", "recall", "f1"])
def test_a_drop_beyond_the_tolerance_is_told(figure: str) -> None:
    old = results()
    (said,) = drops(old, results(**{figure: old["sets"]["executives"][figure] - 0.0051}))
    assert said.startswith(f"executives: {figure} has dropped from ")
    assert "300 true then, 300 now" in said


def test_within_the_tolerance_is_no_drop() -> None:
    assert drops(results(), results(0.985, 0.975, 0.98)) == []
    assert drops(results(), results(1.0, 1.0, 1.0)) == []


def test_a_figure_or_a_set_that_has_gone_is_a_drop() -> None:
    assert "from 0.9900 to nothing" in drops(results(), results(precision=None))[0]
    assert len(drops(results(), {"sets": {}})) == 3


def test_a_figure_that_was_not_there_cannot_drop() -> None:
    assert drops(results(precision=None), results(precision=0.1)) == []


def test_what_evaluate_printed_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(orjson.dumps(results()))
    assert read_results(path) == results()
    path.write_bytes(b"\n")
    assert read_results(path) is None


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b"{}", b'{"sets": []}', b'{"sets": {"executives": {}}}', orjson.dumps(results(recall="high"))],  # type: ignore[arg-type]
)
def test_what_it_did_not_print_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    with pytest.raises(UsageError, match=f"--results {NAME}: is not what leadgen evaluate --json prints"):
        read_results(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_results(tmp_path / NAME)
