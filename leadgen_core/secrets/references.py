"""References: how a configuration names a secret without holding it (``env:``, ``file:``, ``keyring:``)."""

from __future__ import annotations

import importlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from leadgen_core.errors import UsageError
from leadgen_core.model.records import frozen
from leadgen_core.secrets.secret import Secret

__all__ = ["FORMS", "Resolved", "is_reference", "plain", "resolve"]

FORMS = "env:NAME, file:PATH or keyring:SERVICE/NAME"
_SCHEMES = ("env", "file", "keyring")
_MAX_BYTES = 64 * 1024
_KEYRING_MEND = "pip install 'leadgen-core[keyring]', or refer to it by env: or file:"


@frozen
class Resolved:
    """A secret and what the operator should know about where it was kept (None: nothing)."""

    secret: Secret
    note: str | None = None


def is_reference(text: str) -> bool:
    """Whether the text names a secret instead of being one."""
    return text.partition(":")[0] in _SCHEMES and ":" in text


def plain(value: str, where: str) -> Secret:
    """The value itself as a secret. ``where`` (file, section and key; variable) begins the sentence of an error.

    Raises :class:`~leadgen_core.UsageError` for a value that cannot stand in a request: empty, with a line
    break or another control character, or not UTF-8. The value is never echoed.
    """
    if not value:
        raise UsageError(f"{where} is empty")
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in value):
        raise UsageError(f"{where} has a line break or another control character in it")
    # What the environment holds as bytes outside UTF-8 arrives as lone surrogates.
    if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
        raise UsageError(f"{where} is not UTF-8 text")
    return Secret(value)


def resolve(reference: str, where: str, environ: Mapping[str, str], base: Path) -> Resolved:
    """The secret that a reference names; relative paths start at ``base``.

    Raises :class:`~leadgen_core.UsageError` naming the place and the reference, never a value.
    """
    if not reference.isprintable():
        raise UsageError(f"{where}: the reference has a control character in it")
    scheme, _, rest = reference.partition(":")
    where = f"{where} ({reference})"
    if not rest:
        raise UsageError(f"{where} names nothing: it must be {FORMS}")
    if scheme == "env":
        return Resolved(_variable(rest, where, environ))
    if scheme == "file":
        return _file(rest, where, base)
    return Resolved(_keyring(rest, where))


def _variable(name: str, where: str, environ: Mapping[str, str]) -> Secret:
    value = environ.get(name)
    if value is None:
        raise UsageError(f"{where}: this variable is not set")
    return plain(value, where)


def _file(text: str, where: str, base: Path) -> Resolved:
    try:
        path = base / Path(text).expanduser()
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            content = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"{where}: there is no such file") from None
    except (OSError, RuntimeError, ValueError) as exc:  # no home directory; a null character in the path
        reason = getattr(exc, "strerror", None) or type(exc).__name__
        raise UsageError(f"{where}: the file cannot be read ({reason})") from None
    if len(content) > _MAX_BYTES:
        raise UsageError(f"{where}: the file is too long for a secret")
    try:
        value = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{where} is not UTF-8 text") from None
    note = None
    if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
        note = f"{where}: other users of this machine may read or change this file; chmod 600 mends it"
    return Resolved(plain(value.removesuffix("\n").removesuffix("\r"), where), note)


def _keyring(text: str, where: str) -> Secret:
    service, slash, name = text.rpartition("/")
    if not (slash and service and name):
        raise UsageError(f"{where} must be keyring:SERVICE/NAME")
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        raise UsageError(f"{where}: the package keyring is not installed: {_KEYRING_MEND}") from None
    try:
        value = keyring.get_password(service, name)
    except Exception as exc:
        # Backends raise what they like; a machine without a desktop raises NoKeyringError.
        error = type(exc).__name__
        raise UsageError(f"{where}: the keyring of this machine cannot be read ({error}): {_KEYRING_MEND}") from None
    if value is None:
        raise UsageError(f"{where}: the keyring has no such entry")
    return plain(value, where)
