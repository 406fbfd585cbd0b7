"""A context with scripted answers: a source is tested against what its API says, without a gateway."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from leadgen_core.contracts.api import Exhausted, Failed, Malformed, Nothing, Ok, RawReply, Refused, Request, RetryAt
from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.claims import Claim, Provenance

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


class ScriptedContext:
    """Asks ``script(request)`` instead of an API, then classifies and redacts as the ApiSpec of the lookup says.

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
        self.question = question
        self.asked: list[Request] = []
        self.kept: list[Claim] = []
        self._script = script
        self._now = now
        self._memory: dict[tuple[str, str, str], Reply] = {}

    def now(self) -> datetime:
        return self._now

    async def ask(self, lookup: Lookup) -> Reply:
        place = (lookup.api.name, lookup.operation, lookup.key)
        if place not in self._memory:
            self._memory[place] = self._answer(lookup)
        return self._memory[place]

    def _answer(self, lookup: Lookup) -> Reply:
        request = lookup.build([lookup.key])
        self.asked.append(request)
        raw = self._script(request)
        try:
            meaning = lookup.api.classify(lookup.operation, raw)
            kept = lookup.api.redact(lookup.operation, raw.body, _keyed) if isinstance(meaning, Ok) else None
        except Exception as error:
            raise Unanswered(Cause.MALFORMED, f"the answer cannot be read: {type(error).__name__}") from error
        if not isinstance(meaning, Ok | Nothing):
            raise Unanswered(_CAUSES[type(meaning)], getattr(meaning, "because", getattr(meaning, "mend", "")))
        lifetime = lookup.api.lifetimes[lookup.api.operations[lookup.operation].lifetime]
        body: Any = None
        if isinstance(meaning, Ok):
            body = kept
            if lookup.split is not None:
                body = lookup.split(body, [lookup.key])[lookup.key]
        provenance = Provenance(
            question=self.question,
            url=lookup.api.base_url + request.path,
            retrieved_at=self._now,
            good_until=self._now + min(lifetime.soft, timedelta(days=3650)),
        )
        return Reply(body, body is None, provenance)

    async def pages(
        self, first: Lookup, following: Callable[[Reply], Lookup | None], *, limit: int = 200
    ) -> AsyncIterator[Reply]:
        lookup: Lookup | None = first
        for _ in range(limit):
            if lookup is None:
                return
            reply = await self.ask(lookup)
            yield reply
            lookup = following(reply)
        if lookup is not None:
            raise Unanswered(Cause.MALFORMED, f"the list goes on after {limit} pages")

    def keep(self, claims: Iterable[Claim]) -> None:
        self.kept.extend(claims)
