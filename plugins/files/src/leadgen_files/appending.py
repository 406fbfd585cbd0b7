"""A file that grows in whole pieces and goes back to any of the points that it has reported."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

from leadgen_core import UsageError

__all__ = ["AppendFile"]

_CHUNK = 1 << 20
_FLAGS = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class AppendFile:
    """Appends, and says after each piece where it stands.

    A checkpoint is ``<length in bytes>:<digest of these bytes>``: the digest tells a file that somebody has edited
    from one that merely has something unfinished at its end. A piece is on the disk (``fsync``) before its
    checkpoint is reported, so no checkpoint is ever ahead of its file, not even after a power cut.
    """

    def __init__(self, path: Path) -> None:
        # Links are followed, so that replacing the file keeps the link.
        self._path = path.resolve()
        self._name = path.name
        self._beside = self._path.with_name(f".{self._path.name}.replacing")
        self._fd: int | None = None
        self._length = 0
        self._digest = _digest()

    @property
    def checkpoint(self) -> str:
        """Where the file stands."""
        return f"{self._length}:{self._digest.hexdigest()}"

    def begin(self) -> None:
        """An empty file. Raises OSError when it cannot be made."""
        self._take(os.open(self._path, _FLAGS | os.O_CREAT | os.O_TRUNC, 0o666), 0, _digest())
        self._beside.unlink(missing_ok=True)
        _sync_folder(self._path.parent)

    def resume(self, checkpoint: str) -> None:
        """Go back to a checkpoint: whatever was written after it goes.

        Raises UsageError, and changes nothing, when the file is not what it was at the checkpoint.
        """
        length, digest = _parse(checkpoint)
        try:
            fd = os.open(self._path, _FLAGS)
        except FileNotFoundError:
            raise UsageError(
                f"{self._name}: it was removed since this run wrote it; put it back or start anew"
            ) from None
        try:
            size = os.fstat(fd).st_size
            if size < length:
                raise UsageError(
                    f"{self._name}: it has {size} of the {length} bytes that this run wrote, so it was changed since; "
                    "put it back or start anew"
                )
            found = _digest()
            for piece in iter(lambda: os.read(fd, min(_CHUNK, length - os.lseek(fd, 0, os.SEEK_CUR))), b""):
                found.update(piece)
            if found.hexdigest() != digest:
                raise UsageError(
                    f"{self._name}: its first {length} bytes are not those that this run wrote, so it was changed "
                    "since; put it back or start anew"
                )
            os.ftruncate(fd, length)
        except BaseException:
            os.close(fd)
            raise
        self._take(fd, length, found)
        self._beside.unlink(missing_ok=True)  # left by a process that was killed while it replaced the file

    async def append(self, piece: bytes) -> str:
        """The checkpoint after this piece. Whatever goes wrong, the file is as long as it was before."""
        fd = self._opened()
        try:
            _write(fd, piece, self._length)
            await asyncio.to_thread(os.fsync, fd)
        except BaseException:
            # The error is the caller's; if not even this works, the next open() cuts the rest off.
            with contextlib.suppress(OSError):
                os.ftruncate(fd, self._length)
            raise
        self._digest.update(piece)
        self._length += len(piece)
        return self.checkpoint

    async def replace(self, pieces: AsyncIterator[bytes]) -> str:
        """Another content at one stroke: who opens the file sees all of the old one or all of the new one."""
        beside = self._beside
        fd = os.open(beside, _FLAGS | os.O_CREAT | os.O_TRUNC, 0o666)
        length, digest = 0, _digest()
        try:
            with contextlib.suppress(FileNotFoundError):
                beside.chmod(stat.S_IMODE(self._path.stat().st_mode))
            async for piece in pieces:
                _write(fd, piece, length)
                digest.update(piece)
                length += len(piece)
            await asyncio.to_thread(os.fsync, fd)
            beside.replace(self._path)
        except BaseException:
            os.close(fd)
            beside.unlink(missing_ok=True)
            raise
        self._take(fd, length, digest)
        _sync_folder(self._path.parent)
        return self.checkpoint

    def close(self) -> None:
        """Close the file; everything that was reported is on the disk already."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def _take(self, fd: int, length: int, digest: hashlib.blake2b) -> None:
        self.close()
        self._fd, self._length, self._digest = fd, length, digest

    def _opened(self) -> int:
        if self._fd is None:
            raise RuntimeError("the file is not open")
        return self._fd


def _digest() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)


def _parse(checkpoint: str) -> tuple[int, str]:
    length, colon, digest = checkpoint.partition(":")
    if not colon or not length.isdecimal():
        raise UsageError("the run state holds a checkpoint that is not of a file; start anew")
    return int(length), digest


def _write(fd: int, piece: bytes, at: int) -> None:
    """All of it, from that offset on: one call writes less when the disk is nearly full, and the next says why."""
    os.lseek(fd, at, os.SEEK_SET)
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(fd, rest) :]


def _sync_folder(folder: Path) -> None:
    """Make a new name in the folder last, as far as the system can do that."""
    with contextlib.suppress(OSError):
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
