"""The audit file: when which credential was used for what. Ids and counts, never values."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from leadgen_core.clock import Clock
from leadgen_core.errors import Stopped
from leadgen_core.events import CredentialEvent, Events

__all__ = ["audit_writer"]


def audit_writer(path: Path, events: Events, clock: Clock, *, run: str = "") -> Callable[[CredentialEvent], None]:
    """Append every :class:`CredentialEvent` from now on to ``path`` as one JSON line, whole or not at all.

    ``{"when", "run", "what", "credential", "plugin", "api", "requests"}``; ``when`` is RFC 3339 in UTC. The file
    is made with mode 0600. Returns the listener. A line that cannot be written raises
    :class:`~leadgen_core.Stopped`: what cannot be audited is not done.
    """

    def listener(event: CredentialEvent) -> None:
        import orjson

        line = {
            "when": clock.now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "run": run,
            "what": event.what,
            "credential": event.credential,
            "plugin": event.plugin,
            "api": event.api,
            "requests": event.requests,
        }
        try:
            _append(path, orjson.dumps(line) + b"\n")
        except OSError as exc:
            reason = exc.strerror or type(exc).__name__
            raise Stopped(f"{path}: the audit of credentials cannot be written ({reason})") from exc

    events.on(CredentialEvent, listener)
    return listener


def _append(path: Path, line: bytes) -> None:
    # Opened for each of the few lines of a run, so there is nothing to close and nothing is lost by a kill.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        size = os.fstat(handle).st_size
        try:
            if os.write(handle, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
