"""A context with scripted answers: a source is tested against what its API says, without a gateway."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from leadgen_core.clock import Clock
from leadgen_core.contracts.api import Exhausted, Failed, Malformed, Nothing, Ok, RawReply, Refused, Request, RetryAt
from leadgen_core.contracts.keeping import Unreadable
from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.engine.context import SourceContext
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.claims import Provenance

__all__ = ["ScriptedContext", "scripted_reply"]

_CAUSES: dict[type, Cause] = {
    RetryAt: Cause.THROTTLED,
    Exhausted: Cause.THROTTLED,
    Failed: Cause.FAILED,
    Refused: Cause.FORBIDDEN,
    Malformed: Cause.MALFORMED,
}


def _keyed(text: str) -> str:
    return hashlib.blake2b(text.encode(), key=b"test", digest_size=16).hexdigest()


def scripted_reply(
    status: int = 200, body: object = None, headers: Mapping[str, str] | None = None, received_at: float = 0.0
) -> RawReply:
    """A reply as the wire would read it: bytes that are JSON are parsed, other objects are taken as parsed."""
    if isinstance(body, bytes):
        try:
            return RawReply(status, dict(headers or {}), orjson.loads(body), True, received_at)
        except orjson.JSONDecodeError:
            return RawReply(status, dict(headers or {}), body, False, received_at)
    return RawReply(status, dict(headers or {}), body, True, received_at)


class ScriptedContext(SourceContext):
    """The engine's own context, over ``script(request)`` instead of an API; the ApiSpec of a lookup reads the answer.

    ``asked`` lists the requests in order, ``kept`` what the source handed to :meth:`keep`. A lookup that was
    asked before is answered from memory, as in a run.
    """

    def __init__(
        self,
        script: Callable[[Request], RawReply],
        *,
        question: str = "test.source",
        now: datetime = datetime(2026, 1, 30, 13, 14, 22, tzinfo=UTC),
    ) -> None:
        self.asked: list[Request] = []
        super().__init__(question, _Script(script, self.asked, now), Clock(fixed=now), {})


class _Script:
    """Asks the script, then classifies and redacts as the wire does."""

    def __init__(self, script: Callable[[Request], RawReply], asked: list[Request], now: datetime) -> None:
        self._script = script
        self._asked = asked
        self._now = now

    async def ask(self, lookup: Lookup, question: str) -> Reply:
        request = lookup.build([lookup.key])
        self._asked.append(request)
        raw = self._script(request)
        try:
            meaning = lookup.api.classify(lookup.operation, raw)
            body: Any = lookup.api.redact(lookup.operation, raw.body, _keyed) if isinstance(meaning, Ok) else None
        except Unreadable as error:
            raise Unanswered(Cause.MALFORMED, f"{lookup.operation}: {error}") from error
        except Exception as error:
            raise Unanswered(Cause.MALFORMED, f"the answer cannot be read: {type(error).__name__}") from error
        if not isinstance(meaning, Ok | Nothing):
            raise Unanswered(_CAUSES[type(meaning)], getattr(meaning, "because", getattr(meaning, "mend", "")))
        if isinstance(meaning, Ok) and lookup.split is not None:
            body = lookup.split(body, [lookup.key])[lookup.key]
        lifetime = lookup.api.lifetimes[lookup.api.operations[lookup.operation].lifetime]
        url = lookup.api.base_url + request.path
        return Reply(body, body is None, Provenance(question, url, self._now, self._now + lifetime.soft))
