"""The file under the sinks: exact after every accident, and untouched when somebody else has changed it."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from leadgen_files.appending import AppendFile

from leadgen_core import UsageError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "leads.jsonl"


def resumed(path: Path, checkpoint: str) -> AppendFile:
    file = AppendFile(path)
    file.resume(checkpoint)
    return file


def content(path: Path) -> bytes:
    return path.read_bytes()


def append(file: AppendFile, piece: bytes) -> str:
    return asyncio.run(file.append(piece))


def replace(file: AppendFile, pieces: AsyncIterator[bytes]) -> str:
    return asyncio.run(file.replace(pieces))


def begun(path: Path, *pieces: bytes) -> AppendFile:
    file = AppendFile(path)
    file.begin()
    for piece in pieces:
        append(file, piece)
    return file


async def stream(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def test_going_back_cuts_off_what_came_later(path: Path) -> None:
    file = begun(path, b"one\n")
    checkpoint = append(file, b"two\n")
    append(file, b"three\n")
    file.close()
    path.write_bytes(path.read_bytes() + b'{"torn": ')
    file = resumed(path, checkpoint)
    assert path.read_bytes() == b"one\ntwo\n"
    assert file.checkpoint == checkpoint
    append(file, b"3\n")
    file.close()
    assert path.read_bytes() == b"one\ntwo\n3\n"


def test_beginning_empties_what_was_there(path: Path) -> None:
    path.write_bytes(b"older")
    file = begun(path, b"new")
    file.close()
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "has 7 of the 8 bytes"),
        (lambda path: path.write_bytes(b"ONE\ntwo\n"), "first 8 bytes are not those"),
        (lambda path: path.write_bytes(b"one\r\ntwo\r\n"), "first 8 bytes are not those"),
        (lambda path: path.unlink(), "was removed"),
    ],
)
def test_a_file_that_was_changed_is_refused_and_left_alone(
    path: Path, change: Callable[[Path], object], sentence: str
) -> None:
    file = begun(path, b"one\n", b"two\n")
    checkpoint = file.checkpoint
    file.close()
    change(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(UsageError, match=f"leads.jsonl: .*{sentence}"):
        resumed(path, checkpoint)
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.parametrize("checkpoint", ["", "7", "x:y", "-1:ab", ":"])
def test_a_checkpoint_that_is_none_is_refused(path: Path, checkpoint: str) -> None:
    begun(path, b"one\n").close()
    with pytest.raises(UsageError, match="checkpoint"):
        resumed(path, checkpoint)
    assert path.read_bytes() == b"one\n"


@pytest.mark.parametrize("written", [0, 1, 5])
def test_a_disk_that_fills_leaves_no_half_piece(path: Path, written: int, monkeypatch: pytest.MonkeyPatch) -> None:
    file = begun(path, b"one\n")
    write, room = os.write, written

    def full(fd: int, data: memoryview) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done = write(fd, data[:room])
        room -= done
        return done

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space left") as caught:
            append(file, b"two lines\nof it\n")
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"one\n"
    checkpoint = append(file, b"two\n")
    assert resumed(path, checkpoint).checkpoint == checkpoint
    assert path.read_bytes() == b"one\ntwo\n"


def test_what_is_not_on_the_disk_is_not_reported(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = begun(path, b"one\n")
    before = file.checkpoint

    def broken(_fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="Input/output"):
            append(file, b"two\n")
    assert path.read_bytes() == b"one\n"
    assert file.checkpoint == before


def test_a_cancelled_write_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = begun(path, b"one\n")
    before = file.checkpoint

    async def hang(*_arguments: object) -> None:
        assert content(path) == b"one\ntwo\n"
        await asyncio.Event().wait()

    async def cancelled() -> None:
        task = asyncio.create_task(file.append(b"two\n"))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "to_thread", hang)
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(cancelled())
    assert path.read_bytes() == b"one\n"
    assert file.checkpoint == before


LIMITED = """
import asyncio, errno, resource, sys
from pathlib import Path
from leadgen_files.appending import AppendFile

async def main():
    file = AppendFile(Path(sys.argv[1]))
    file.begin()
    checkpoint = await file.append(b"x" * 900)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        await file.append(b"y" * 900)
    except OSError as error:
        print(errno.errorcode[error.errno], checkpoint == file.checkpoint)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of file sizes")
def test_a_limit_of_the_system_leaves_no_half_piece(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "EFBIG True\n"
    assert path.read_bytes() == b"x" * 900


def test_replacing_is_all_or_nothing(path: Path) -> None:
    file = begun(path, b"old\n")
    path.chmod(0o640)
    seen: list[bytes] = []

    async def pieces() -> AsyncIterator[bytes]:
        yield b"new\n"
        seen.append(content(path))
        yield b"newer\n"

    checkpoint = replace(file, pieces())
    assert seen == [b"old\n"]
    assert path.read_bytes() == b"new\nnewer\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    append(file, b"more\n")
    assert path.read_bytes() == b"new\nnewer\nmore\n"
    resumed(path, checkpoint)
    assert path.read_bytes() == b"new\nnewer\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["leads.jsonl"]


def test_a_replacement_that_fails_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = begun(path, b"old\n")
    before = file.checkpoint

    async def fails() -> AsyncIterator[bytes]:
        yield b"new\n"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        replace(file, fails())

    def full(_fd: int, _data: memoryview) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space left"):
            replace(file, stream(b"new\n"))
    assert path.read_bytes() == b"old\n"
    assert file.checkpoint == before
    assert [entry.name for entry in path.parent.iterdir()] == ["leads.jsonl"]


def test_what_a_killed_replacement_left_goes_with_the_next_opening(path: Path) -> None:
    file = begun(path, b"old\n")
    beside = path.with_name(".leads.jsonl.replacing")
    beside.write_bytes(b"half")
    resumed(path, file.checkpoint).close()
    assert not beside.exists()
    beside.write_bytes(b"half of it, longer than the new one")
    assert replace(file, stream(b"n\n"))
    assert path.read_bytes() == b"n\n"


def test_a_link_stays_a_link(path: Path) -> None:
    real = path.with_name("real.jsonl")
    real.write_bytes(b"")
    path.symlink_to(real)
    file = begun(path, b"old\n")
    replace(file, stream(b"new\n"))
    assert path.is_symlink()
    assert real.read_bytes() == b"new\n"


def test_a_folder_that_is_missing_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        AppendFile(tmp_path / "nowhere" / "leads.jsonl").begin()
    with pytest.raises(IsADirectoryError):
        AppendFile(tmp_path).begin()
    with pytest.raises(RuntimeError, match="not open"):
        append(AppendFile(tmp_path / "leads.jsonl"), b"x")
