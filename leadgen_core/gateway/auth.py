"""Auth: signs what goes to the API's own origin, nothing else, and tells the audit.

Basic, bearer and a key in a named header. A signature never leaves this file but to the wire, which is handed it
for one request at a time.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Protocol

from leadgen_core.contracts.api import AuthKind, Credential, Ok, Refused
from leadgen_core.errors import UsageError
from leadgen_core.events import CredentialEvent, Events
from leadgen_core.gateway.exchange import Call, Result, Ticket
from leadgen_core.secrets import Secret

__all__ = ["Auth", "signature"]

_NONE: Mapping[str, str] = {}
_FORBIDDEN = 10
"""Refusals without one answer between them that are taken for final."""


class _Next(Protocol):
    async def send(self, call: Call, url: str, signed: Mapping[str, str], ticket: Ticket) -> Result: ...


class Auth:
    """Signs with one credential (or none) and counts the requests that left with it."""

    def __init__(
        self, plugin: str, api: str, credential: str, headers: Mapping[str, str], events: Events, following: _Next
    ) -> None:
        self.signed = 0
        """Requests that were sent with the credential."""
        self._headers = headers
        self._events = events
        self._next = following
        self._used = CredentialEvent("first used", credential, plugin, api)
        self._refusal: CredentialEvent | None = CredentialEvent("refused", credential, plugin, api)
        self._forbidden = 0
        self.dead: str | None = None
        """Why asking on with this credential helps nobody: how to mend it, None while it may be used."""

    async def send(self, call: Call, url: str, at_home: bool, ticket: Ticket) -> Result:
        """Send one request, signed when it goes home."""
        if not at_home or not self._headers:
            return await self._next.send(call, url, _NONE, ticket)
        try:
            result = await self._next.send(call, url, self._headers, ticket)
        finally:
            if ticket.was_sent:  # also when we were cancelled afterwards: the server has seen the credential
                self.signed += 1
                if self.signed == 1:
                    self._events.emit(self._used)
        self._judge(result)
        return result

    def _judge(self, result: Result) -> None:
        """A wrong key stays wrong; 403 also comes in bursts under heavy use (companies-house.md §1.3)."""
        if not isinstance(result.meaning, Refused):
            if isinstance(result.meaning, Ok):
                self._forbidden = 0
            return
        if self._refusal is not None:
            self._events.emit(self._refusal)
            self._refusal = None
        self._forbidden += 1
        if result.status == 401 or self._forbidden >= _FORBIDDEN:
            self.dead = result.meaning.mend


def signature(
    credential: Credential | None, secret: Secret | None, kind: AuthKind | None, owner: str
) -> dict[str, str]:
    """The headers that sign a request, empty without a credential.

    Raises ``UsageError`` for a key that no header can carry, and for a header key whose header is not declared.
    """
    if credential is None or secret is None:
        return {}
    key = secret.reveal()
    kind = kind or credential.kind
    if kind is AuthKind.BASIC:
        # The colon ends the user (companies-house.md §1.1: the password is empty).
        return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode("ascii")}
    if not key or not key.isascii() or not key.isprintable() or key != key.strip():
        raise UsageError(f"{owner}: the credential {credential.field} has a character that no header can carry")
    if kind is AuthKind.BEARER:
        return {"Authorization": f"Bearer {key}"}
    if credential.header is None:
        raise UsageError(f"{owner}: the credential {credential.field} needs the name of its header")
    return {credential.header: key}
