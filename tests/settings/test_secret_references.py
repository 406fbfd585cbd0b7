from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

import pytest

from leadgen_core import Secret, UsageError
from leadgen_core.secrets.references import is_reference, resolve
from tests.settings.configs import AcmeConfig, read

VALUE = "sk-hidden-value-93"
WHERE = "leadgen.toml [acme] api_key"


def key_of(folder: Path, reference: str, **environ: str) -> Secret | None:
    layers = read(folder, f"[acme]\napi_key = {json.dumps(reference)}\n", environ=environ)
    return layers.config("acme", AcmeConfig).api_key


def refusal(folder: Path, reference: str, **environ: str) -> str:
    with pytest.raises(UsageError) as caught:
        key_of(folder, reference, **environ)
    assert VALUE not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def secret_file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "key.txt"
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [("env:A", True), ("file:", True), ("keyring:a/b", True), ("vault:a", False), ("env", False), ("sk:env:a", False)],
)
def test_what_is_a_reference(text: str, expected: bool) -> None:
    assert is_reference(text) is expected


# --- the value itself -------------------------------------------------------------------------------------


def test_plain_values_and_where_they_may_stand(tmp_path: Path) -> None:
    assert key_of(tmp_path, VALUE) == Secret(VALUE)
    environ = {"LEADGEN_ACME__API_KEY": VALUE}
    assert read(tmp_path, "", environ=environ).config("acme", AcmeConfig).api_key == Secret(VALUE)
    with pytest.raises(UsageError) as caught:
        read(tmp_path, "", sets=(f"acme.api_key={VALUE}",)).config("acme", AcmeConfig)
    assert str(caught.value) == (
        "--set acme.api_key takes a secret only as a reference: env:NAME, file:PATH or keyring:SERVICE/NAME"
    )


@pytest.mark.parametrize(
    ("value", "because"),
    [
        ("sk\nhidden", "has a line break or another control character in it"),
        ("sk\x7f", "has a line break or another control character in it"),
        ("sk\udcff", "is not UTF-8 text"),
    ],
)
def test_values_that_cannot_stand_in_a_request(tmp_path: Path, value: str, because: str) -> None:
    with pytest.raises(UsageError, match=f"^LEADGEN_ACME__API_KEY {because}$"):
        read(tmp_path, environ={"LEADGEN_ACME__API_KEY": value}).config("acme", AcmeConfig)


# --- env: -------------------------------------------------------------------------------------------------


def test_a_reference_to_a_variable(tmp_path: Path) -> None:
    assert key_of(tmp_path, "env:MY_KEY", MY_KEY=VALUE) == Secret(VALUE)
    layers = read(tmp_path, "", sets=("acme.api_key=env:MY_KEY",), environ={"MY_KEY": VALUE})
    assert layers.config("acme", AcmeConfig).api_key == Secret(VALUE)


def test_a_variable_that_is_not_set(tmp_path: Path) -> None:
    assert refusal(tmp_path, "env:MY_KEY") == f"{WHERE} (env:MY_KEY): this variable is not set"
    assert refusal(tmp_path, "env:MY_KEY", MY_KEY="") == f"{WHERE} (env:MY_KEY) is empty"
    assert refusal(tmp_path, "env:") == (
        f"{WHERE} (env:) names nothing: it must be env:NAME, file:PATH or keyring:SERVICE/NAME"
    )


# --- file: ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [VALUE, f"{VALUE}\n", f"{VALUE}\r\n", f"\ufeff{VALUE}\n"])
def test_a_reference_to_a_file(tmp_path: Path, content: str) -> None:
    secret_file(tmp_path, content.encode())
    assert key_of(tmp_path, "file:key.txt") == Secret(VALUE)
    assert key_of(tmp_path, f"file:{tmp_path / 'key.txt'}") == Secret(VALUE)


def test_a_file_in_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    secret_file(tmp_path / "home", VALUE.encode())
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert key_of(tmp_path, "file:~/key.txt") == Secret(VALUE)


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (VALUE.encode() + b"\nmore\n", "has a line break or another control character in it"),
        (b"\xff\xfe", "is not UTF-8 text"),
    ],
)
def test_a_file_that_holds_no_secret(tmp_path: Path, content: bytes, because: str) -> None:
    secret_file(tmp_path, content)
    assert refusal(tmp_path, "file:key.txt") == f"{WHERE} (file:key.txt) {because}"


def test_a_file_that_cannot_be_had(tmp_path: Path) -> None:
    assert refusal(tmp_path, "file:gone") == f"{WHERE} (file:gone): there is no such file"
    assert refusal(tmp_path, "file:.") == f"{WHERE} (file:.): the file cannot be read (Is a directory)"
    secret_file(tmp_path, b"x" * 100_000)
    assert refusal(tmp_path, "file:key.txt") == f"{WHERE} (file:key.txt): the file is too long for a secret"
    assert refusal(tmp_path, "file:a\tb") == f"{WHERE}: the reference has a control character in it"


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
@pytest.mark.parametrize(("mode", "noted"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_file_that_others_can_read_is_noted(tmp_path: Path, mode: int, noted: bool) -> None:
    secret_file(tmp_path, VALUE.encode(), mode)
    layers = read(tmp_path, "[acme]\napi_key = 'file:key.txt'\n")
    layers.config("acme", AcmeConfig)
    assert bool(layers.notes) is noted
    assert all(note.startswith(f"{WHERE} (file:key.txt): other users") for note in layers.notes)


# --- keyring: ---------------------------------------------------------------------------------------------


class NoKeyringError(Exception):
    """As keyring raises it on a machine without a desktop."""


def keyring(monkeypatch: pytest.MonkeyPatch, **entries: str) -> None:
    def get_password(service: str, name: str) -> str | None:
        if service == "locked":
            raise NoKeyringError(VALUE)
        return entries.get(f"{service}|{name}")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=get_password))


def test_a_reference_to_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring(monkeypatch, **{"https://x/y|me": VALUE})
    assert key_of(tmp_path, "keyring:https://x/y/me") == Secret(VALUE)
    assert refusal(tmp_path, "keyring:x/you") == f"{WHERE} (keyring:x/you): the keyring has no such entry"
    assert refusal(tmp_path, "keyring:x") == f"{WHERE} (keyring:x) must be keyring:SERVICE/NAME"


def test_no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mend = "pip install 'leadgen-core[keyring]', or refer to it by env: or file:"
    keyring(monkeypatch)
    assert refusal(tmp_path, "keyring:locked/me") == (
        f"{WHERE} (keyring:locked/me): the keyring of this machine cannot be read (NoKeyringError): {mend}"
    )
    monkeypatch.setitem(sys.modules, "keyring", None)  # as if it were not installed
    assert refusal(tmp_path, "keyring:x/me") == f"{WHERE} (keyring:x/me): the package keyring is not installed: {mend}"


# --- what the audit learns --------------------------------------------------------------------------------


def test_resolved_secrets_are_listed_once(tmp_path: Path) -> None:
    toml = "[run]\ninstallation_key = 'env:A'\n[acme]\napi_key = 'env:B'\n"
    layers = read(tmp_path, toml, environ={"A": "a-secret", "B": VALUE})
    assert not layers.resolved
    for _again in range(2):
        layers.run()
        layers.config("acme", AcmeConfig)
    assert [(each.section, each.key, each.secret) for each in layers.resolved] == [
        ("run", "installation_key", Secret("a-secret")),
        ("acme", "api_key", Secret(VALUE)),
    ]
    assert VALUE not in repr(layers.resolved) + repr(layers)


def test_relative_files_of_the_command_line_start_where_the_operator_stands(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    secret_file(tmp_path / "here", VALUE.encode())
    found = resolve("file:key.txt", WHERE, {}, tmp_path / "here")
    assert (found.secret, found.note) == (Secret(VALUE), None)
