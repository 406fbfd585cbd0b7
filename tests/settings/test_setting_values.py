from __future__ import annotations

import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_core import Secret, UsageError
from leadgen_core.settings import read_layers
from tests.settings.configs import AcmeConfig, Auth, Paging, read

MARK = "zx9-hidden-value"


def test_every_type_from_the_file(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        [acme]
        base_url = "http://127.0.0.1:8080/"
        api_key = "k-123"
        auth = "bearer"
        quota = 7
        mode = "slow"
        verbose = true
        ratio = 1
        tags = ["a,b", "c"]
        counts = [1, 2]
        folder = "data"
        lifetime = "5m"
        headers = { Accept = "x" }
        paging.size = 3
        region = "fr"
        """,
    ).config("acme", AcmeConfig)
    assert config == AcmeConfig(
        base_url="http://127.0.0.1:8080",
        api_key=Secret("k-123"),
        auth=Auth.BEARER,
        quota=7,
        mode="slow",
        verbose=True,
        ratio=1.0,
        tags=("a,b", "c"),
        counts=[1, 2],
        folder=tmp_path / "data",
        lifetime=timedelta(minutes=5),
        headers={"Accept": "x"},
        paging=Paging(size=3),
        region="fr",
    )
    assert isinstance(config.auth, Auth)
    assert isinstance(config.ratio, float)


def test_every_type_from_the_environment(tmp_path: Path) -> None:
    values = {
        "BASE_URL": "http://x/", "API_KEY": "k-123", "AUTH": "bearer", "QUOTA": " 7 ", "MODE": "slow", "VERBOSE": "Yes",
        "RATIO": "0.25", "TAGS": "a, b,,c", "COUNTS": "1,2", "FOLDER": "data", "LIFETIME": "1d", "PAGING__SIZE": "3",
    }  # fmt: skip
    layers = read(tmp_path, environ={f"LEADGEN_ACME__{key}": value for key, value in values.items()})
    assert layers.config("acme", AcmeConfig) == AcmeConfig(
        base_url="http://x", api_key=Secret("k-123"), auth=Auth.BEARER, quota=7, mode="slow", verbose=True, ratio=0.25,
        tags=("a", "b", "c"), counts=[1, 2], folder=tmp_path / "data", lifetime=timedelta(days=1),
        paging=Paging(size=3),
    )  # fmt: skip


def test_relative_paths_start_at_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "a.toml").write_text("[acme]\nfolder = 'x'\n")
    layers = read_layers(config=Path("conf/a.toml"), environ={}, cwd=tmp_path)
    assert layers.config("acme", AcmeConfig).folder == tmp_path / "conf" / "x"


BAD_IN_FILE = [
    ("run", f"concurrency = '{MARK}'", "leadgen.toml [run] concurrency must be a whole number from 1 to 1000"),
    ("run", "concurrency = '5'", "leadgen.toml [run] concurrency must be a whole number from 1 to 1000"),
    ("run", "concurrency = 0", "leadgen.toml [run] concurrency must be a whole number from 1 to 1000"),
    ("run", "concurrency = 1001", "leadgen.toml [run] concurrency must be a whole number from 1 to 1000"),
    ("run", "concurrency = 2.5", "leadgen.toml [run] concurrency must be a whole number from 1 to 1000"),
    ("run", "concurrency = true", "leadgen.toml [run] concurrency must be a whole number from 1 to 1000"),
    ("run", "in_flight = 10001", "leadgen.toml [run] in_flight must be a whole number from 1 to 10000"),
    ("run", "answer_timeout = 0", "leadgen.toml [run] answer_timeout must be a number above 0"),
    ("run", "answer_timeout = nan", "leadgen.toml [run] answer_timeout must be a number above 0"),
    ("run", "drain_seconds = inf", "leadgen.toml [run] drain_seconds must be a number of at least 0"),
    ("run", "drain_seconds = -1", "leadgen.toml [run] drain_seconds must be a number of at least 0"),
    ("run", f"goal = '{MARK}'", "leadgen.toml [run] goal must be one of executives, site, audit, accounts"),
    ("run", f"runner = '{MARK}'", "leadgen.toml [run] runner must be one of local"),
    ("run", f"outbox = '{MARK}'", "leadgen.toml [run] outbox must be one of sqlite"),
    ("run", "output = ''", "leadgen.toml [run] output must be text that is not empty"),
    (
        "run",
        f"want = ['site', '{MARK}']",
        "leadgen.toml [run] want must be a list of executives, site, audit, accounts that is not empty",
    ),
    (
        "run",
        "want = []",
        "leadgen.toml [run] want must be a list of executives, site, audit, accounts that is not empty",
    ),
    (
        "run",
        "want = 'site'",
        "leadgen.toml [run] want must be a list of executives, site, audit, accounts that is not empty",
    ),
    ("plugins", f"use = '{MARK}'", "leadgen.toml [plugins] use must be a list of texts"),
    ("plugins", "use = [1]", "leadgen.toml [plugins] use must be a list of texts"),
    ("acme", "base_url = 5", "leadgen.toml [acme] base_url must be text"),
    (
        "acme",
        "api_key = 12345678",
        "leadgen.toml [acme] api_key must be text or a reference (env:NAME, file:PATH, keyring:SERVICE/NAME)",
    ),
    ("acme", "api_key = ''", "leadgen.toml [acme] api_key is empty"),
    ("acme", f"auth = '{MARK}'", "leadgen.toml [acme] auth must be one of basic, bearer"),
    ("acme", "quota = 0", "leadgen.toml [acme] quota must be a whole number of at least 1"),
    ("acme", f"mode = '{MARK}'", "leadgen.toml [acme] mode must be one of fast, slow"),
    ("acme", f"verbose = '{MARK}'", "leadgen.toml [acme] verbose must be true or false"),
    ("acme", "verbose = 1", "leadgen.toml [acme] verbose must be true or false"),
    ("acme", "tags = [['x']]", "leadgen.toml [acme] tags must be a list of texts"),
    ("acme", f"tags.x = '{MARK}'", "leadgen.toml [acme] tags must be a list of texts"),
    ("acme", f"counts = ['{MARK}']", "leadgen.toml [acme] counts must be a list of whole numbers"),
    ("acme", "folder = 1", "leadgen.toml [acme] folder must be a path"),
    (
        "acme",
        f"lifetime = '{MARK}'",
        "leadgen.toml [acme] lifetime must be a duration (seconds, or text like 5m)",
    ),
    ("acme", f"headers = '{MARK}'", "leadgen.toml [acme] headers must be a table"),
    ("acme", "headers.x = 1", "leadgen.toml [acme] headers must be a table"),
    ("acme", "paging.size = 0", "leadgen.toml [acme] paging.size must be a whole number of at least 1"),
    ("acme", f"region = '{MARK}'", "leadgen.toml [acme] region must be text that matches [a-z]{2}"),
    ("acme", "colour = 'blue'", "leadgen.toml [acme] colour: it is red or green"),
    ("acme", "colour = 'clashing-with-everything'", "leadgen.toml [acme] colour: this value is not allowed"),
    ("acme", "floor = 11", "the values of [acme] do not go together: the floor is above the top"),
    ("acme", "floor = 10", "acme: floor and ceiling are the same"),
]


def refusal(read_it: Any) -> str:
    with pytest.raises(UsageError) as caught:
        read_it()
    shown = "".join(traceback.format_exception(caught.value))
    assert MARK not in shown.replace(repr(MARK), ""), "the value can be read in the traceback"
    return str(caught.value)


@pytest.mark.parametrize(("section", "line", "expected"), BAD_IN_FILE)
def test_a_value_that_does_not_fit(tmp_path: Path, section: str, line: str, expected: str) -> None:
    layers = read(tmp_path, f"[{section}]\n{line}\n")

    def fill() -> None:
        assert layers.use is not None or section != "plugins"
        layers.run()
        layers.config("acme", AcmeConfig)

    assert refusal(fill) == expected


def test_places_of_the_other_layers(tmp_path: Path) -> None:
    environ = {"LEADGEN_RUN__IN_FLIGHT": MARK}
    expected = "must be a whole number from 1 to 10000"
    assert refusal(read(tmp_path, environ=environ).run) == f"LEADGEN_RUN__IN_FLIGHT {expected}"
    assert refusal(read(tmp_path, sets=(f"run.in_flight={MARK}",)).run) == f"--set run.in_flight {expected}"
    toml = "[profiles.staging.run]\nin_flight = 0\n"
    layers = read(tmp_path, toml, profile="staging")
    assert refusal(layers.run) == f"leadgen.toml [profiles.staging.run] in_flight {expected}"


def test_a_value_that_is_overridden_is_not_looked_at(tmp_path: Path) -> None:
    toml = "[run]\nconcurrency = 'x'\n[acme]\napi_key = 'env:NOT_SET'\n"
    layers = read(tmp_path, toml, sets=("run.concurrency=3",), environ={"LEADGEN_ACME__API_KEY": "k-123"})
    assert layers.run().concurrency == 3
    assert layers.config("acme", AcmeConfig).api_key == Secret("k-123")


@pytest.mark.parametrize("number", ["1_0", "0x1", "١", "1.0", "", "9" * 5000, "--1"])
def test_numbers_in_text_are_plain_digits(tmp_path: Path, number: str) -> None:
    layers = read(tmp_path, sets=(f"run.concurrency={number}",))
    assert refusal(layers.run) == "--set run.concurrency must be a whole number from 1 to 1000"


_FIELDS = [each.name for each in attrs.fields(AcmeConfig)]


@settings(deadline=None, max_examples=150)
@given(key=st.sampled_from(_FIELDS), value=st.text(min_size=1), where=st.sampled_from(["set", "environment"]))
def test_no_value_is_ever_echoed(key: str, value: str, where: str) -> None:
    value = f"{MARK}{value}"
    environ = {f"LEADGEN_ACME__{key.upper()}": value} if where == "environment" else {}
    sets = (f"acme.{key}={value}",) if where == "set" else ()
    layers = read_layers(environ=environ, sets=sets, cwd=Path("nowhere"))
    try:
        config = layers.config("acme", AcmeConfig)
    except UsageError as exc:
        shown = "".join(traceback.format_exception(exc))
        assert MARK not in shown
    else:
        # What fits any text: it is the value itself, and a secret prints as stars.
        if key == "api_key":
            assert MARK not in repr(config)
    assert MARK not in repr(layers)


# --- classes that are at fault themselves -----------------------------------------------------------------


@frozen
class Needs:
    key: str


@frozen
class HasTier:
    tier: int = 0


@frozen
class BadDefault:
    number: int = field(default=0, validator=attrs.validators.ge(1))


@frozen
class Unknown:
    what: object = field(factory=object)
    size: "Missing" = 1  # type: ignore[name-defined]  # noqa: F821, UP037


def test_a_required_key(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^needs-one needs key: set LEADGEN_NEEDS_ONE__KEY or it in \[needs-one\]$"):
        read(tmp_path).config("needs-one", Needs)
    assert read(tmp_path, sets=("needs-one.key=x",)).config("needs-one", Needs) == Needs("x")


@pytest.mark.parametrize("broken", [HasTier, BadDefault, Unknown])
def test_a_class_that_cannot_be_filled_is_no_fault_of_the_operator(tmp_path: Path, broken: type) -> None:
    with pytest.raises((TypeError, NameError)):
        read(tmp_path).config("acme", broken)
