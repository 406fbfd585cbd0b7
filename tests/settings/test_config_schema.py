from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attrs import frozen

from leadgen_core import NoConfig, Secret
from leadgen_core.settings import RunSettings, config_schema
from tests.settings.configs import AcmeConfig
from tests.settings.test_setting_values import BAD_IN_FILE


@frozen
class WithSecret:
    key: Secret = Secret("hidden-default")  # noqa: RUF009
    maybe: Secret | None = Secret("hidden-default")  # noqa: RUF009
    needed: str = ""


@frozen
class Needs:
    key: str


SCHEMA = config_schema(RunSettings, {"needs": Needs, "acme": AcmeConfig, "quiet": NoConfig, "with-secret": WithSecret})


def errors(document: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [str(error.message) for error in validator.iter_errors(document)]


def test_it_is_a_schema_and_plain_json() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA
    assert list(SCHEMA["$defs"]) == ["run", "plugins", "acme", "needs", "quiet", "with-secret"]


def test_it_accepts_what_can_be_read() -> None:
    document = tomllib.loads(
        """
        [run]
        concurrency = 3
        want = ["site"]
        installation_key = "env:KEY"
        [plugins]
        use = ["acme"]
        [acme]
        api_key = "env:KEY"
        auth = "bearer"
        paging.size = 3
        headers.x = "y"
        lifetime = "5m"
        tier.officers = 2
        [needs]
        key = "x"
        [quiet]
        [profiles.production.run]
        goal = "site"
        [profiles.production.acme]
        region = "fr"
        """
    )
    assert errors(document) == []


_BEYOND_A_SCHEMA = ("nan", "inf", "colour", "floor", f"lifetime = '{'zx9-hidden-value'}'", "api_key = ''")


@pytest.mark.parametrize(
    ("section", "line"),
    [(section, line) for section, line, _ in BAD_IN_FILE if not any(part in line for part in _BEYOND_A_SCHEMA)],
)
def test_it_refuses_what_is_refused(section: str, line: str) -> None:
    document = tomllib.loads(f"[{section}]\n{line}\n")
    assert errors(document)
    assert errors({"profiles": {"staging": document}})


@pytest.mark.parametrize(
    "document",
    [
        {"rum": {}},
        {"run": {"concurency": 3}},
        {"acme": {"tier": {"officers": -1}}},
        {"run": {"tier": {"officers": 1}}},
        {"profiles": {"x": {"rum": {}}}},
        {"needs": {}},
        {"quiet": {"x": 1}},
        {"plugins": {"used": []}},
    ],
)
def test_unknown_names_and_missing_ones(document: Any) -> None:
    assert errors(document)


def test_defaults_descriptions_and_nulls() -> None:
    run = SCHEMA["$defs"]["run"]
    assert run["description"] == "What a run does, whichever plugins it loads."
    assert run["properties"]["concurrency"] == {
        "type": "integer", "minimum": 1, "maximum": 1000, "default": 20, "description": "Open requests at a time.",
    }  # fmt: skip
    assert run["properties"]["limiter"]["type"] == ["string", "null"]
    assert run["properties"]["limiter"]["default"] is None
    acme = SCHEMA["$defs"]["acme"]["properties"]
    assert acme["base_url"]["description"] == "Where the API is."
    assert acme["auth"] == {"enum": ["basic", "bearer"], "default": "basic"}
    assert acme["lifetime"]["default"] == 86400.0
    assert acme["headers"] == {"type": "object", "additionalProperties": {"type": "string"}, "default": {}}
    assert acme["paging"]["properties"]["size"]["default"] == 35
    assert "description" not in SCHEMA["$defs"]["needs"]


def test_every_key_can_be_written_with_its_default(tmp_path: Path) -> None:
    for name in ("run", "acme"):
        defaults = {
            key: value["default"] for key, value in SCHEMA["$defs"][name]["properties"].items() if "default" in value
        }
        assert errors({name: defaults}) == []


def test_secrets_show_no_default() -> None:
    assert "hidden-default" not in json.dumps(SCHEMA)
    secrets = SCHEMA["$defs"]["with-secret"]["properties"]
    assert secrets["key"]["type"] == "string"
    assert secrets["maybe"]["type"] == ["string", "null"]
    assert all(secrets[key]["writeOnly"] and "default" not in secrets[key] for key in ("key", "maybe"))
    assert SCHEMA["$defs"]["run"]["properties"]["installation_key"]["description"].endswith(
        "or a reference env:NAME, file:PATH or keyring:SERVICE/NAME."
    )
