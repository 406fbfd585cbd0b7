"""``leadgen evaluate`` around the measuring: the shape of the JSON, the table, exit codes, what is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from leadgen_sandbox.evaluation import command as module
from leadgen_sandbox.evaluation.baselines import BASELINES, JOINS, SuffixRule
from leadgen_sandbox.evaluation.delivered import Delivered
from leadgen_sandbox.evaluation.known import OFFICERS
from leadgen_sandbox.evaluation.report import Report, table
from leadgen_sandbox.evaluation.running import Settings, environment
from leadgen_sandbox.evaluation.scoring import Figures, Found, score

from leadgen_core import UsageError
from plugins.sandbox.tests.sandbox_evaluation_kit import companies_of, company, human, officer

ONE, TWO, THREE = "00000001", "00000002", "00000003"
SENTENCE = "the world is too easy"


def report(*found: str, easy: bool = False, faults: str | None = None) -> Report:
    """Of three companies; Ann and Bob decide in the first, which holds a trap, Eve in the second, where a list is
    unknown; nothing was delivered of the third."""
    listed = [
        company(ONE, [officer(human("ann", "Ann Smith")), officer(human("bob", "Bob Hill"))]),
        company(TWO, [officer(human("eve", "Eve Jones"))]),
        company(THREE),
    ]
    truth = {ONE: [("ann", "Ann Smith"), ("bob", "Bob Hill")], TWO: [("eve", "Eve Jones")]}
    companies = companies_of(listed, truth, {ONE: "a couple"})
    delivered = Delivered(
        found={ONE: [Found(name) for name in found]},
        silent={ONE: frozenset(), TWO: frozenset({OFFICERS})},
        asked=Counter({OFFICERS: 2}),
        unknown=Counter({OFFICERS: 1}),
        rejects=Counter({"unknown": 1}),
    )
    well = Figures(n=3, true=3, found=3, correct=3 if easy else 1)
    return Report(
        world="clean",
        seed=1,
        faults=faults,
        companies=3,
        verdict=score(companies, delivered.found, delivered.silent),
        delivered=delivered,
        undelivered=1,
        baselines=dict.fromkeys(BASELINES, well),
        joins=dict.fromkeys(JOINS, Figures(n=3, true=5, found=4, correct=3)),
        rule=SuffixRule(officers=4, officers_wrong=2, controls=3, controls_wrong=1),
    )


Evaluate = Callable[..., Result]


@pytest.fixture
def evaluate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Evaluate:
    """The command, in an empty folder, with this outcome of the measuring."""
    monkeypatch.chdir(tmp_path)

    def run(outcome: Report, *arguments: str, stopped: str | None = None) -> Result:
        def measured(_settings: Settings) -> tuple[Report, str | None]:
            return outcome, stopped

        monkeypatch.setattr(module, "_measure", measured)
        return CliRunner().invoke(module.evaluate, ["--companies", "3", *arguments], standalone_mode=False)

    return run


# --- what it prints --------------------------------------------------------------------------------------------


def test_the_json_has_every_figure_with_its_denominator(evaluate: Evaluate) -> None:
    result = evaluate(report("Ann Smith", "Ann Smith"), "--json")
    assert result.return_value == 0
    printed = orjson.loads(result.stdout)
    assert list(printed) == [
        "world", "seed", "companies", "faults", "sets", "questions", "rejects", "undelivered", "baselines", "mistakes",
    ]  # fmt: skip
    trap = {
        "n": 1, "precision": 0.5, "recall": 0.5, "f1": 0.5, "true": 2, "found": 2, "correct": 1, "missed": 1,
        "missed_unknown": 0, "missed_unlisted": 0,
    }  # fmt: skip
    assert printed["sets"] == {
        "executives": {
            "n": 3, "precision": 0.5, "recall": 0.333333, "f1": 0.4, "true": 3, "found": 2, "correct": 1, "missed": 2,
            "missed_unknown": 1, "missed_unlisted": 0, "by_trap": {"a couple": trap},
        }
    }  # fmt: skip
    assert (printed["world"], printed["seed"], printed["companies"], printed["undelivered"]) == ("clean", 1, 3, 1)
    assert printed["questions"]["by_question"] == {OFFICERS: {"asked": 2, "unknown": 1}}
    assert printed["rejects"] == {"unknown": 1}
    third = {"n": 3, "precision": 0.333333, "recall": 0.333333, "f1": 0.333333, "true": 3, "found": 3, "correct": 1}
    rule = {
        "corporate_officers": 4, "corporate_officers_wrong": 2, "share_wrong": 0.5, "corporate_controllers": 3,
        "corporate_controllers_wrong": 1,
    }  # fmt: skip
    pairs = {"n": 3, "precision": 0.75, "recall": 0.6, "f1": 0.666667, "true": 5, "found": 4, "correct": 3}
    assert printed["baselines"] == {
        **dict.fromkeys(BASELINES, third),
        **dict.fromkeys(JOINS, third | {"join": pairs}),
        "legal_suffix": third | rule,
    }
    assert printed["mistakes"] == [
        {"number": ONE, "trap": "a couple", "wrong": ["Ann Smith"], "missed": ["Bob Hill"], "accounted": 0},
        {"number": TWO, "trap": "", "wrong": [], "missed": ["Eve Jones"], "accounted": 1},
    ]


def test_the_table_has_them_too(evaluate: Evaluate) -> None:
    result = evaluate(report("Ann Smith", "Ann Smith"))
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    for line in (
        "world clean, seed 1, 3 companies",
        "executives 3 0.5000 (1 of 2) 0.3333 (1 of 3) 0.4000",
        "baseline jaro_winkler 3 0.3333 (1 of 3) 0.3333 (1 of 3) 0.3333",
        "join jaro_winkler 3 0.7500 (3 of 4) 0.6000 (3 of 5) 0.6667",
        "missed: 2, of which accounted for by an unknown answer: 1, in no list: 0",
        "questions unknown after retries: 1 of 2 (50.00%)",
        "rejects: 1 unknown",
        "companies without a lead or a reject: 1",
        "legal-suffix rule wrong about corporate officers: 2 of 4 (50.00%), "
        "about corporate controllers: 1 of 3 (33.33%)",
        "traps: 1, without a mistake: 0",
        "1 0.5000 (1 of 2) 0.5000 (1 of 2) 0.5000 a couple",
        "companies with a mistake: 2",
        "00000001 wrong: Ann Smith; missed: Bob Hill [a couple]",
        "00000002 missed: Eve Jones (1 accounted for)",
    ):
        assert line in lines


def test_a_table_of_nothing_at_all() -> None:
    empty = Report(
        world="clean", seed=1, faults="down.toml", companies=0, verdict=score([], {}), delivered=Delivered(),
        undelivered=0, baselines={"legal_suffix": Figures()}, joins={}, rule=SuffixRule(),
    )  # fmt: skip
    assert "faults of down.toml" in table(empty)
    assert "0 of 0" in table(empty)


# --- what it is compared with ----------------------------------------------------------------------------------


def commit(folder: Path, outcome: Report, name: str = "evaluate-clean-seed1-3.json") -> Path:
    path = folder / "benchmarks" / "results" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(outcome.as_json()))
    return path


def test_without_committed_figures_it_says_so(evaluate: Evaluate) -> None:
    result = evaluate(report("Ann Smith"))
    assert result.return_value == 0
    assert "there is no benchmarks/results/evaluate-clean-seed1-3.json here or above" in result.stderr


def test_a_drop_is_exit_1(evaluate: Evaluate, tmp_path: Path) -> None:
    commit(tmp_path, report("Ann Smith", "Bob Hill"))
    result = evaluate(report("Ann Smith"), "--json")
    assert result.return_value == 1
    assert "leadgen: executives: recall has dropped from 0.6667 to 0.3333" in result.stderr
    assert orjson.loads(result.stdout)["sets"]  # the sentences are beside the figures, not in their place
    assert evaluate(report("Ann Smith", "Bob Hill")).return_value == 0


def test_the_option_names_other_figures(evaluate: Evaluate, tmp_path: Path) -> None:
    better = commit(tmp_path, report("Ann Smith", "Bob Hill"), "better.json")
    assert evaluate(report("Ann Smith")).return_value == 0
    assert evaluate(report("Ann Smith"), "--results", str(better)).return_value == 1


def test_figures_with_faults_are_compared_only_when_told(evaluate: Evaluate, tmp_path: Path) -> None:
    path = commit(tmp_path, report("Ann Smith", "Bob Hill"))
    result = evaluate(report("Ann Smith", faults="f.toml"), "--faults", "f.toml")
    assert result.return_value == 0
    assert "without --faults" in result.stderr
    assert evaluate(report("Ann Smith"), "--faults", "f.toml", "--results", str(path)).return_value == 1


def test_a_file_that_the_shell_has_just_made_is_no_committed_result(evaluate: Evaluate, tmp_path: Path) -> None:
    commit(tmp_path, report()).write_bytes(b"")
    result = evaluate(report("Ann Smith"))
    assert result.return_value == 0
    assert "is empty" in result.stderr


@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_a_world_that_is_too_easy_is_exit_1(evaluate: Evaluate, extra: list[str]) -> None:
    result = evaluate(report("Ann Smith", easy=True), "--companies", "1000", *extra)
    assert result.return_value == 1
    assert SENTENCE in result.stderr
    assert SENTENCE not in result.stdout


def test_a_world_that_is_too_small_is_not_judged(evaluate: Evaluate) -> None:
    result = evaluate(report("Ann Smith", easy=True))
    assert result.return_value == 0
    assert "not judged whether the world is hard" in result.stderr


def test_a_run_that_stopped_is_exit_1(evaluate: Evaluate) -> None:
    result = evaluate(report("Ann Smith"), stopped="the register refuses the key")
    assert result.return_value == 1
    assert "stopped before its end" in result.stderr
    assert "the register refuses the key" in result.stderr


# --- wrong usage -----------------------------------------------------------------------------------------------


def test_committed_figures_are_looked_at_before_anything_runs(evaluate: Evaluate, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    result = evaluate(report(), "--results", "broken.json")
    assert isinstance(result.exception, UsageError)
    assert "broken.json" in str(result.exception)


@pytest.mark.parametrize(
    "arguments", [["--seed", "one"], ["--world", "lenient"], ["--companies", "many"], ["--fit", "f"]]
)
def test_wrong_options(arguments: list[str]) -> None:
    assert CliRunner().invoke(module.evaluate, arguments).exit_code == 2


# --- how the run is pointed at the sandbox ---------------------------------------------------------------------

APIS = {"companies-house": {"base_url": "http://127.0.0.1:1", "api_key": "k", "other": "x"}, "acme": {"base_url": "u"}}


def test_no_key_of_a_real_api_reaches_the_run() -> None:
    ours = {"LEADGEN_COMPANIES_HOUSE__API_KEY": "real", "LEADGEN_RUN__CONCURRENCY": "1", "LEADGEN_X__TOKEN": "real"}
    plugins, environ = environment(APIS, {"PATH": "/bin", **ours})
    assert plugins == ["companies-house", "identity", "quota", "memory", "files"]
    assert environ["PATH"] == "/bin"
    assert {name: value for name, value in environ.items() if name.startswith("LEADGEN_")} == {
        "LEADGEN_COMPANIES_HOUSE__BASE_URL": "http://127.0.0.1:1",
        "LEADGEN_COMPANIES_HOUSE__API_KEY": "k",
        "LEADGEN_RUN__INSTALLATION_KEY": "installation-key-of-the-evaluation",
    }


def test_the_sandbox_gets_the_options_of_the_evaluation() -> None:
    today: Any = "2026-01-30"
    settings = Settings(seed=7, companies=100, profile="realistic", today=today, faults=Path("f.toml"))
    options = settings.options()
    for pair in (
        ("--seed", "7"),
        ("--companies", "100"),
        ("--world", "realistic"),
        ("--faults", "f.toml"),
        ("--clock", "2026-01-30T12:00:00Z"),
    ):
        assert options[options.index(pair[0]) + 1] == pair[1]
