"""Which request meets which fault, and the file that says so."""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadgen_sandbox.serving.faults import PARAMETERS, ApiFaults, Fault, Kind, Script, Scripted
from leadgen_sandbox.serving.faults_file import read_faults, realistic

from leadgen_core import UsageError

APIS = ["companies-house", "tiny"]
TARGETS = [f"/company/{number:08d}/officers" for number in range(2000)]


def scripted(seed: int = 1, api: str = "tiny", **faults: object) -> Scripted:
    return Scripted(seed, api, ApiFaults(**faults))  # type: ignore[arg-type]


def rates(**each: float) -> list[tuple[Fault, float]]:
    return [(Fault(Kind[name]), rate) for name, rate in each.items()]


def test_rates_are_kept_and_every_kind_is_met() -> None:
    drawn = scripted(rates=rates(RESET=0.1, SLOW=0.05))
    kinds = [fault.kind for target in TARGETS if (fault := drawn.take("GET", target)) is not None]
    assert 160 <= kinds.count(Kind.RESET) <= 240
    assert 70 <= kinds.count(Kind.SLOW) <= 130
    assert len(kinds) == kinds.count(Kind.RESET) + kinds.count(Kind.SLOW)


def test_the_same_request_meets_the_same_fault_in_whatever_order() -> None:
    def met(targets: list[str], seed: int = 1, api: str = "tiny") -> dict[str, Fault | None]:
        drawn = scripted(seed, api, rates=rates(RESET=0.3))
        return {target: drawn.take("GET", target) for target in targets}

    shuffled = random.Random(7).sample(TARGETS, len(TARGETS))
    assert met(TARGETS) == met(shuffled)
    assert met(TARGETS) != met(TARGETS, seed=2)
    assert met(TARGETS) != met(TARGETS, api="other")


def test_a_repetition_is_drawn_anew() -> None:
    drawn = scripted(rates=rates(RESET=0.5))
    met = [drawn.take("GET", "/company/1") for _ in range(64)]
    assert None in met
    assert any(met)


def test_a_rate_of_one_meets_every_request_and_of_none_no_request() -> None:
    assert all(scripted(rates=rates(RESET=1.0)).take("GET", target) for target in TARGETS[:50])
    assert not any(scripted(rates=rates(RESET=0.0)).take("GET", target) for target in TARGETS[:50])
    assert scripted().take("GET", "/") is None


def test_a_script_hits_the_nth_matching_request() -> None:
    script = Script(fault=Fault(Kind.RESET), path=r"/officers\?", nth=2, count=2)
    drawn = scripted(scripts=[script])
    met = [drawn.take("GET", "/company/1/officers?start_index=0") is not None for _ in range(5)]
    assert met == [False, True, True, False, False]
    assert [drawn.take("GET", "/company/1") for _ in range(5)] == [None] * 5


def test_scripts_count_side_by_side_and_go_before_rates() -> None:
    drawn = scripted(
        scripts=[Script(fault=Fault(Kind.RESET)), Script(fault=Fault(Kind.STALL), nth=1, count=2)],
        rates=rates(SLOW=1.0),
    )
    assert [fault.kind for _ in range(3) if (fault := drawn.take("GET", "/"))] == [Kind.RESET, Kind.STALL, Kind.SLOW]


# --- the file ---------------------------------------------------------------------------------------------


def write(folder: Path, text: str, name: str = "faults.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


TOML = """
["*".rates]
reset = 0.5

[companies-house]
window_phase = 120

[companies-house.rates]
429 = { rate = 0.01, retry_after = 3 }
500 = 0.02
502-html = 0.03
slow = { rate = 0.04, seconds = 2.5 }
stall = { rate = 0.05, seconds = 60 }
reset = 0.06
truncated = { rate = 0.07, share = 0.9 }
wrong-type = { rate = 0.08, of = "content-type" }
schema-drift = { rate = 0.09, how = "wrap" }
wrong-key = 0.1

[[companies-house.script]]
path = "/officers"
nth = 3
count = 2
fault = "slow"
seconds = 0.5
"""


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    faults = read_faults(write(tmp_path, TOML), APIS)
    assert faults["tiny"].rates == [(Fault(Kind.RESET), 0.5)]
    house = faults["companies-house"]
    assert [fault.kind for fault, _ in house.rates] == list(Kind)
    assert [round(rate * 100) for _, rate in house.rates] == list(range(1, 11))
    given = {fault.kind: fault for fault, _ in house.rates}
    assert given[Kind.THROTTLED].number("retry_after") == 3
    assert given[Kind.TRUNCATED].number("share") == 0.9
    assert given[Kind.WRONG_TYPE].word("of") == "content-type"
    assert given[Kind.SCHEMA_DRIFT].word("how") == "wrap"
    assert given[Kind.SLOW].number("seconds") == 2.5
    assert house.window_phase == 120
    assert house.scripts == [Script(fault=Fault(Kind.SLOW, {"seconds": 0.5}), path="/officers", nth=3, count=2)]


def test_json_says_the_same(tmp_path: Path) -> None:
    as_json = write(tmp_path, json.dumps(tomllib.loads(TOML)), "faults.json")
    assert read_faults(as_json, APIS) == read_faults(write(tmp_path, TOML), APIS)


def test_defaults_are_there_where_nothing_is_said() -> None:
    assert Fault(Kind.SLOW).number("seconds") == 1.0
    assert Fault(Kind.STALL).number("seconds") is None
    assert Fault(Kind.SCHEMA_DRIFT).word("how") == "rename"
    assert set(PARAMETERS) == set(Kind)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[tyny.rates]\nreset = 0.1\n", "[tyny]: no API of this name is simulated; the nearest is tiny"),
        ("tiny = 3\n", "[tiny]: must be a table"),
        ("[tiny]\nrate = 1\n", "[tiny]: there is no key rate; the nearest is rates"),
        ("[tiny.rates]\nresett = 0.1\n", "[tiny] rates: there is no key resett; the nearest is reset"),
        ("[tiny.rates]\nreset = 1.5\n", "[tiny] rates.reset: the rate must be a number from 0 to 1"),
        ("[tiny.rates]\nreset = -0.1\n", "[tiny] rates.reset: the rate must be a number from 0 to 1"),
        ("[tiny.rates]\nreset = nan\n", "[tiny] rates.reset: the rate must be a number from 0 to 1"),
        ("[tiny.rates]\nreset = true\n", "[tiny] rates.reset: the rate must be a number from 0 to 1"),
        ('[tiny.rates]\nreset = "often"\n', "[tiny] rates.reset: the rate must be a number from 0 to 1"),
        ("[tiny.rates]\nreset = 0.6\nslow = 0.6\n", "[tiny] rates: the rates are more than 1 together"),
        ("[tiny.rates]\nslow = { seconds = 1 }\n", "[tiny] rates.slow: the rate must be a number from 0 to 1"),
        (
            "[tiny.rates]\nslow = { rate = 1, second = 1 }\n",
            "rates.slow: there is no key second; the nearest is seconds",
        ),
        ("[tiny.rates]\nslow = { rate = 1, seconds = -1 }\n", "rates.slow seconds: must be a number from 0 to 3600"),
        ('[tiny.rates]\nwrong-type = { rate = 1, of = "it" }\n', "of: must be one of values, content-type"),
        ("[tiny.rates]\nwrong-type = { rate = 1, of = [] }\n", "of: must be one of values, content-type"),
        ("[tiny]\nrates = 3\n", "[tiny] rates: must be a table"),
        ("[tiny]\nscript = 3\n", "[tiny] script: must be a list of tables"),
        ("[tiny]\nscript = [3]\n", "[tiny] script 1: must be a table"),
        ("[tiny]\nwindow_phase = -1\n", "[tiny] window_phase: must be a number of seconds"),
        ("[[tiny.script]]\npath = 'x'\n", "[tiny] script 1: needs a fault: one of 429, 500"),
        ("[[tiny.script]]\nfault = 'rset'\n", "[tiny] script 1 fault: there is no fault rset; the nearest is reset"),
        ("[[tiny.script]]\nfault = 'reset'\npath = '('\n", "[tiny] script 1 path: must be a regular expression"),
        ("[[tiny.script]]\nfault = 'reset'\npath = 3\n", "[tiny] script 1 path: must be a regular expression"),
        ("[[tiny.script]]\nfault = 'reset'\nnth = 0\n", "[tiny] script 1 nth: must be a whole number of at least 1"),
        ("[[tiny.script]]\nfault = 'reset'\nnth = true\n", "[tiny] script 1 nth: must be a whole number"),
        ("[[tiny.script]]\nfault = 'reset'\ncount = 1.5\n", "[tiny] script 1 count: must be a whole number"),
        ("[[tiny.script]]\nfault = 'reset'\nseconds = 1\n", "[tiny] script 1: there is no key seconds"),
        ("[tiny\n", "line 1, column 6: is not valid TOML"),
        ("x = " + "[" * 5000, "is not valid TOML"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UsageError) as refused:
        read_faults(path, APIS)
    message = str(refused.value)
    assert message.startswith(f"--faults {path}: ")
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"tiny": ', "line 1, column 10: is not valid JSON"),
        (b"[]", "is no object of APIs"),
        (b"[" * 100_000, "is not valid JSON"),
        (b'{"tiny":\n"\xff"}', "line 2: is not UTF-8"),
        (b" " * (4 * 1024 * 1024 + 1), "is longer than"),
    ],
)
def test_wrong_json(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "faults.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"faults\.json") as refused:
        read_faults(path, APIS)
    assert says in str(refused.value)


@pytest.mark.parametrize("name", ["missing.toml", ".", "\0"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_faults(tmp_path / name, APIS)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(list(Kind)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tiny", "rates", "script", "fault", "path", "nth", "rate", "seconds", *Kind]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(VALUES)
def test_whatever_stands_in_it_is_faults_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(value))
    try:
        sentence = ",".join(read_faults(path, APIS))
    except UsageError as refused:
        sentence = str(refused)
    assert sentence
    assert "\n" not in sentence


def test_the_faults_of_the_realistic_world_are_for_every_api() -> None:
    faults = realistic(APIS)
    assert faults["tiny"] == faults["companies-house"]
    failing = sum(rate for fault, rate in faults["tiny"].rates if fault.kind is not Kind.SLOW)
    assert failing == pytest.approx(0.02)
