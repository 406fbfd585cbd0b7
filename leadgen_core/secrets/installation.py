"""The installation's key: what makes hashes of personal data useless to everybody else."""

from __future__ import annotations

import hashlib
import os
import secrets as random
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from leadgen_core.errors import UsageError
from leadgen_core.secrets.secret import Secret

__all__ = ["data_dir", "installation_key", "keyed"]

_FILE = "installation.key"
_LENGTH = 32
_REMEMBERED = 4096
"""Texts whose hash is kept at hand: months of birth and postcodes come again and again."""
_SHORT = 64
"""Characters of such a text."""


class _Run(Protocol):
    @property
    def installation_key(self) -> Secret | None: ...


def data_dir(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The directory of what leadgen keeps for this user: ``XDG_DATA_HOME``, ``%LOCALAPPDATA%`` or the system's own."""
    if platform == "win32":
        local = environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "leadgen"
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "leadgen"
    xdg = environ.get("XDG_DATA_HOME", "")
    # The XDG specification: a relative path is invalid and is ignored.
    return (Path(xdg) if xdg.startswith("/") else Path.home() / ".local" / "share") / "leadgen"


def keyed(key: bytes) -> Callable[[str], str]:
    """The HMAC of a text under this key, 32 hex digits: equal for equal texts, useless without the key."""
    begun = hashlib.blake2b(key=key, digest_size=16, person=b"leadgen-keyed")  # half of the time goes into this

    def digest(text: str) -> str:
        one = begun.copy()
        # JSON may hold lone surrogates; they must not stop a redaction.
        one.update(text.encode("utf-8", "surrogatepass"))
        return one.hexdigest()

    remembered = lru_cache(maxsize=_REMEMBERED)(digest)
    return lambda text: remembered(text) if len(text) <= _SHORT else digest(text)


def installation_key(run: _Run, data_dir: Path) -> tuple[bytes, str]:
    """The key (32 bytes) and its id (8 hex digits of a one-way digest).

    It is made of ``[run] installation_key`` where that is set; else it is ``installation.key`` in ``data_dir``,
    which is made once: processes that start together end with the same key. Raises
    :class:`~leadgen_core.UsageError` when the file cannot be used.
    """
    given = run.installation_key
    if given is not None:
        key = hashlib.blake2b(given.reveal().encode(), digest_size=_LENGTH, person=b"leadgen-inst-key").digest()
    else:
        path = data_dir / _FILE
        try:
            key = _read(path) or _create(path)
        except OSError as exc:
            raise UsageError(
                f"{path}: the installation's key cannot be read or made ({exc.strerror or type(exc).__name__}); "
                "mend the rights of this file or set installation_key in [run]"
            ) from None
    return key, hashlib.blake2b(key, digest_size=4, person=b"leadgen-key-id").hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            key = stream.read(_LENGTH + 1)
            mode = os.fstat(stream.fileno()).st_mode
    except FileNotFoundError:
        return None
    if len(key) != _LENGTH:
        raise UsageError(
            f"{path}: the installation's key is damaged; restore it from a backup, or delete it: "
            "a new one is made, and what was stored under the old one is fetched anew"
        )
    if os.name == "posix" and mode & 0o077:
        with suppress(OSError):
            path.chmod(0o600)
    return key


def _create(path: Path) -> bytes:
    """Make the key under another name and link it into place: the file is there whole or not at all."""
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{_FILE}.{random.token_hex(8)}")
    try:
        _write(temporary, random.token_bytes(_LENGTH))
        try:
            # rename refuses an existing name on Windows only, link everywhere.
            if os.name == "nt":
                temporary.rename(path)
            else:
                path.hardlink_to(temporary)
        except FileExistsError:
            pass  # another process was first: its key is the one
        except OSError:
            # A file system without hard links: the name itself is the lock, and 32 bytes are written at once.
            with suppress(FileExistsError):
                _write(path, temporary.read_bytes())
    finally:
        temporary.unlink(missing_ok=True)
    key = _read(path)
    if key is None:
        raise FileNotFoundError(path)
    return key


def _write(path: Path, key: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(key)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
