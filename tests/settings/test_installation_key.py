from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import Secret, UsageError
from leadgen_core.secrets import data_dir, installation_key, keyed
from leadgen_core.settings import RunSettings

MAKE = """
import sys
from pathlib import Path
from leadgen_core.secrets import installation_key
from leadgen_core.settings import RunSettings
print("ready", flush=True)
sys.stdin.readline()
key, name = installation_key(RunSettings(), Path(sys.argv[1]))
print(key.hex(), name)
"""


def test_it_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "leadgen"
    first = installation_key(RunSettings(), folder)
    assert installation_key(RunSettings(), folder) == first
    key, name = first
    assert len(key) == 32
    assert len(name) == 8
    assert name not in key.hex()
    assert installation_key(RunSettings(), tmp_path / "b")[0] != key
    assert [path.name for path in folder.iterdir()] == ["installation.key"]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_nobody_else_can_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "leadgen"
    modes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: modes.append(stat.S_IMODE(os.fstat(handle).st_mode)))
    before = os.umask(0)
    try:
        installation_key(RunSettings(), folder)
    finally:
        os.umask(before)
    path = folder / "installation.key"
    assert modes == [0o600]  # from its first moment
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)  # as a careless copy has it
    installation_key(RunSettings(), folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE, str(tmp_path / "leadgen")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        answers = {child.communicate()[0] for child in children}
    finally:
        for child in children:
            child.kill()
            child.wait()
    assert len(answers) == 1
    assert len(next(iter(answers))) == 64 + 1 + 8 + 1


@pytest.mark.parametrize("links", [True, False])
def test_threads_that_start_together_end_with_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:  # a file system that has none

        def refuse(*_paths: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
        keys = [installation_key(RunSettings(), tmp_path) for _ in range(8)]
    else:
        with ThreadPoolExecutor(8) as pool:
            keys = list(pool.map(lambda _: installation_key(RunSettings(), tmp_path), range(8)))
    assert len(set(keys)) == 1
    assert len(keys[0][0]) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["installation.key"]


def test_the_loser_of_the_race_takes_the_winners_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    winner = b"w" * 32
    link = Path.hardlink_to

    def late(self: Path, target: Path) -> None:
        self.write_bytes(winner)  # between our look and our link another process was there
        link(self, target)

    monkeypatch.setattr(Path, "hardlink_to", late)
    assert installation_key(RunSettings(), tmp_path)[0] == winner


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_never_used(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "installation.key"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        installation_key(RunSettings(), tmp_path)
    assert str(caught.value).startswith(f"{path}: the installation's key is damaged; restore it from a backup")
    assert path.read_bytes() == content


def test_a_directory_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot be read or made \(Not a directory\); mend the rights"):
        installation_key(RunSettings(), tmp_path / "file")
    (tmp_path / "installation.key").mkdir()
    with pytest.raises(UsageError, match=r"cannot be read or made \(Is a directory\)"):
        installation_key(RunSettings(), tmp_path)


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left on device"):
        installation_key(RunSettings(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_configured_key_touches_no_disk(tmp_path: Path) -> None:
    settings = [RunSettings(installation_key=Secret(text)) for text in ("00ff" * 16, "any text at all", "ünïcode")]
    keys = [installation_key(run, tmp_path / "none") for run in settings]
    assert all(len(key) == 32 for key, _ in keys)
    assert len(set(keys)) == 3
    assert installation_key(settings[0], tmp_path / "other") == keys[0]
    assert not (tmp_path / "none").exists()


@given(first=st.text(), second=st.text())
def test_keyed_is_a_keyed_one_way_function(first: str, second: str) -> None:
    one, other = keyed(b"a" * 32), keyed(b"b" * 32)
    assert len(one(first)) == 32
    assert set(one(first)) <= set("0123456789abcdef")
    assert one(first) == keyed(b"a" * 32)(first)
    assert (one(first) == one(second)) is (first == second)
    assert one(first) != other(first)


def test_keyed_takes_what_json_can_hold() -> None:
    assert keyed(b"a" * 32)("\ud800") != keyed(b"a" * 32)("?")


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"XDG_DATA_HOME": "/srv/data"}, "/srv/data/leadgen"),
        ("linux", {"XDG_DATA_HOME": "relative"}, "~/.local/share/leadgen"),
        ("linux", {}, "~/.local/share/leadgen"),
        ("darwin", {"XDG_DATA_HOME": "/srv/data"}, "~/Library/Application Support/leadgen"),
        ("win32", {"LOCALAPPDATA": "/users/me/local"}, "/users/me/local/leadgen"),
        ("win32", {}, "~/AppData/Local/leadgen"),
    ],
)
def test_the_users_data_directory(
    platform: str, environ: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert data_dir(environ, platform) == Path(expected.replace("~", str(tmp_path)))
