"""The small commands: plugins, schema, doctor, explain, help."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.e2e.kit import PLUGINS, Home
from tests.replay.faults import STATUS_ROWS
from tests.replay.running import RegisterThread


@pytest.fixture
def home(tmp_path: Path, register: RegisterThread) -> Home:
    return Home.at(tmp_path, register)


def test_help_names_every_command_and_every_option_of_run(home: Home) -> None:
    done = home.leadgen("--help")
    assert done.code == 0
    for command in ("doctor", "explain", "plugins", "run", "schema"):
        assert f"  {command} " in done.out
    options = home.leadgen("run", "--help").out
    for option in (
        "--plugins", "-o", "--profile", "--config", "--set", "--concurrency", "--limit", "--resume", "--overwrite",
        "--retry", "--sandbox", "--clock", "--quiet", "--log-format", "--encoding",
    ):  # fmt: skip
        assert option in options
    for later in ("--budget", "--record", "--replay"):
        assert later not in options


@pytest.mark.parametrize("command", ["plan", "runs", "diff", "audit", "nonsense"])
def test_a_command_that_is_not_built_does_not_exist(home: Home, command: str) -> None:
    done = home.leadgen(command)
    assert done.code == 2
    assert "No such command" in done.err


def test_plugins_list_and_show(home: Home) -> None:
    done = home.leadgen("plugins", "list")
    assert done.code == 0
    for name in PLUGINS.split(","):
        assert f"leadgen-{name} 0.1.0" in done.out
    found = json.loads(home.leadgen("plugins", "list", "--json").out)
    assert set(PLUGINS.split(",")) <= {each["name"] for each in found}
    shown = home.leadgen("plugins", "show", "companies-house")
    assert shown.code == 0
    for text in (
        "source officers",
        "asks: CompanyNumber",
        "yields: OfficerAppointment",
        "600 calls in 300 s",
        "api_key",
    ):
        assert text in shown.out
    wrong = home.leadgen("plugins", "show", "companies-hous")
    assert wrong.code == 2
    assert "the nearest is companies-house" in wrong.err


def test_the_schemas_are_schemas_and_a_lead_fits(home: Home) -> None:
    lead_schema = json.loads(home.leadgen("schema", "lead").out)
    config_schema = json.loads(home.leadgen("schema", "config").out)
    for schema in (lead_schema, config_schema):
        jsonschema.Draft202012Validator.check_schema(schema)
    home.write(["09370755", "84000001", "90000001", "91000001"])
    assert home.run().code == 0
    validator = jsonschema.Draft202012Validator(lead_schema, format_checker=jsonschema.FormatChecker())
    for lead in home.leads():
        assert list(validator.iter_errors(lead)) == []
    broken = home.leads()[0]
    broken["outcomes"]["companies-house.psc"]["state"] = "perhaps"
    del broken["site"]
    assert len(list(validator.iter_errors(broken))) == 2
    stamp = lead_schema["$defs"]["RunStamp"]["properties"]
    assert stamp["run"]["x-volatile"] is True
    assert "x-volatile" not in stamp["plugins"]
    assert "companies-house" in config_schema["properties"]


def test_explain_tells_the_chain_of_evidence(home: Home) -> None:
    home.write(["9370755"])
    assert home.run().code == 0
    done = home.leadgen("explain", "9370755")
    assert done.code == 0
    for text in (
        "NES ITALIA LTD (09370755): active, ltd, since 2014-12-31",
        "company number 9370755 read as 09370755",
        "Uriel Perugia: director since 2014-12-31",
        "is-current-director (authoritative): companies-house.officers",
        "is-person-with-significant-control (authoritative): companies-house.psc",
        "companies-house.profile: found",
    ):
        assert text in done.out
    missing = home.leadgen("explain", "00000001")
    assert missing.code == 2
    assert "leads.jsonl: holds no lead of 00000001" in missing.err
    assert home.leadgen("explain", "x").code == 2
    assert home.leadgen("explain", "00000001", "-i", "nowhere.jsonl").code == 2


def test_doctor_is_well_and_costs_one_call(home: Home, register: RegisterThread) -> None:
    done = home.leadgen("doctor", "--plugins", PLUGINS)
    assert done.code == 0, done.out + done.err
    assert "ok   API companies-house" in done.out
    assert "599 of 600 calls left" in done.out
    assert register.control.count() == 1


@pytest.mark.parametrize(("row", "says"), [("401-wrong-key", "api_key"), ("403", "companies-house"), ("502", "failed")])
def test_doctor_says_what_is_wrong(home: Home, register: RegisterThread, row: str, says: str) -> None:
    register.control.script(STATUS_ROWS[row].on("^/company/", count=100))
    done = home.leadgen("doctor", "--plugins", PLUGINS)
    assert done.code == 1
    line = next(line for line in done.out.splitlines() if line.startswith("FAIL API"))
    assert says in line


def test_doctor_without_a_register_or_a_key(home: Home) -> None:
    done = home.leadgen("doctor", "--plugins", PLUGINS, env={"LEADGEN_COMPANIES_HOUSE__BASE_URL": "http://127.0.0.1:9"})
    assert done.code == 1
    assert "FAIL API companies-house at http://127.0.0.1:9" in done.out
    keyless = Home(home.path, {k: v for k, v in home.env.items() if not k.endswith("API_KEY")})
    done = keyless.leadgen("doctor")
    assert done.code == 1
    assert "set LEADGEN_COMPANIES_HOUSE__API_KEY" in done.out
    assert "FAIL run: no source is loaded" in done.out


def test_the_summary_and_quiet(home: Home) -> None:
    home.write(["09370755", "99000001", "bad"])
    done = home.run()
    assert done.code == 1
    assert done.out == ""
    for text in (
        "companies ",
        "3 (1 absent, 1 bad, 1 lead)",
        "executives ",
        "goal not reached",
        "1 × bad",
        "calls companies-house",
        "100.0% answered",
        "cache companies-house",
        "throttled companies-house",
        "time per company",
        "p95",
        "peak memory",
    ):
        assert text in done.err
    first = done.err.splitlines()[0]
    for name in PLUGINS.split(","):
        assert f"{name} (leadgen-{name} 0.1.0) taken" in first
    quiet = home.run("-o", "quiet.jsonl", "--quiet")
    (line,) = quiet.err.splitlines()
    assert "WARNING" in line
    assert "in.csv: line 4: company_number: " in line
    as_json = home.run("-o", "json.jsonl", "--log-format", "json", "--set", "run.in_flight=1")
    logged = [json.loads(line) for line in as_json.err.splitlines() if line.startswith("{")]
    assert logged
    assert logged[0]["message"].startswith("plugins: ")
