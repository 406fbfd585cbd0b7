"""What a source is lent while it answers. Its questions go through the gateway; waiting there is not its own time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Protocol

from attrs import evolve

from leadgen_core.clock import Clock
from leadgen_core.contracts.lookup import Lookup, Reply
from leadgen_core.errors import Stopped
from leadgen_core.model.answers import Cause, Unanswered
from leadgen_core.model.claims import Claim, Provenance

__all__ = ["MAX_ASKS", "Asker", "Memory", "NotItsApiError", "SourceContext"]


class Asker(Protocol):
    """The gateway, as far as the engine needs it."""

    async def ask(self, lookup: Lookup, question: str) -> Reply:
        """The reply, or Unanswered."""
        ...


MAX_ASKS = 1000
"""Questions that a source may ask about one subject: paging by hand ends too."""
_MAX_KEPT = 10_001


class NotItsApiError(TypeError):
    """A source asked an API that its spec does not name."""


Memory = dict[tuple[str, str, str], Reply | Unanswered]
"""What was already asked for this company: asked once, answered once, also when the answer was none."""


class SourceContext:
    """One question about one subject; the contract is :class:`leadgen_core.Context`."""

    def __init__(
        self,
        question: str,
        asker: Asker,
        clock: Clock,
        memory: Memory,
        *,
        api: str | None = None,
        most: int | None = None,
    ) -> None:
        """``api`` is the only one that may be asked (empty: none; None: any); ``most``: so many questions."""
        self.question = question
        self.kept: list[Claim] = []
        self.timer: asyncio.Timeout | None = None
        self.stopped: Stopped | None = None
        self._api = api
        self._most = most
        self._asks = 0
        self._stamps: dict[int, Provenance] = {}
        self._asker = asker
        self._clock = clock
        self._memory = memory
        self._asking = 0
        self._left = 0.0

    def now(self) -> datetime:
        return self._clock.now()

    async def ask(self, lookup: Lookup) -> Reply:
        if self._api is not None and lookup.api.name != self._api:
            raise NotItsApiError(f"{self.question} asked an API that its spec does not name")
        self._asks += 1
        if self._most is not None and self._asks > self._most:
            raise Unanswered(Cause.MALFORMED, f"more than {self._most} questions about one subject")
        place = (lookup.api.name, lookup.operation, lookup.key)
        known = self._memory.get(place)
        if known is None:
            self._pause()
            try:
                known = await self._asker.ask(lookup, self.question)
            except Unanswered as unanswered:
                known = unanswered
            except Stopped as stopped:
                self.stopped = stopped  # the run's, to be told from one that the source makes up
                raise
            finally:
                self._resume()
            self._memory[place] = known
        if isinstance(known, Unanswered):
            raise Unanswered(known.cause, known.because, known.until)
        if known.provenance.question != self.question:
            known = evolve(known, provenance=evolve(known.provenance, question=self.question))
        if self._api is not None:
            self._stamps[id(known.provenance)] = known.provenance
        return known

    def stamped(self, provenance: Provenance) -> bool:
        """Whether a reply of this context carried it."""
        return id(provenance) in self._stamps or provenance in self._stamps.values()

    def overdue(self, grace: float) -> bool:
        """Whether the source was told that its time is over, so many seconds ago, and has not heeded it."""
        timer = self.timer
        if timer is None or not timer.expired() or (when := timer.when()) is None:
            return False
        return asyncio.get_running_loop().time() - when >= grace

    async def pages(
        self, first: Lookup, following: Callable[[Reply], Lookup | None] | None = None, *, limit: int = 200
    ) -> AsyncIterator[Reply]:
        lookup: Lookup | None = first
        for _ in range(limit):
            if lookup is None:
                return
            reply = await self.ask(lookup)
            yield reply
            lookup = lookup.following(reply) if following is None else following(reply)
        if lookup is not None:
            raise Unanswered(Cause.MALFORMED, f"the list goes on after {limit} pages")

    def keep(self, claims: Claim | Iterable[Claim]) -> None:
        if isinstance(claims, Claim):
            claims = (claims,)
        self.kept.extend(islice(claims, max(0, _MAX_KEPT - len(self.kept))))  # there may be no end of them

    def _pause(self) -> None:
        """Waiting for a quota can take minutes and is bounded by the gateway, so the source's clock stops."""
        self._asking += 1
        if self._asking == 1 and self.timer is not None and (when := self.timer.when()) is not None:
            self._left = when - asyncio.get_running_loop().time()
            self.timer.reschedule(None)

    def _resume(self) -> None:
        self._asking -= 1
        if self._asking == 0 and self.timer is not None and not self.timer.expired():
            self.timer.reschedule(asyncio.get_running_loop().time() + self._left)
